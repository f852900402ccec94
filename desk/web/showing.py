"""From values to pages: the template environment, the language of a request, and how names and times are shown."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from archive.clock import Clock
from archive.people import Person
from archive.settings import Settings
from desk import playground
from desk.beginning import Todo
from desk.messages import Explained, explain
from desk.web.permits import OPEN, permit_of
from desk.words import LANGUAGES, Words, translator, visible

HERE = Path(__file__).resolve().parent
COOKIE = "luutru_lang"
YEAR_SECONDS = 365 * 24 * 3600
MOMENT_SHORT, MOMENT_LONG = "%H:%M", "%H:%M %d/%m/%Y"


@dataclass(frozen=True)
class Asset:
    """A file of the page itself, addressed by its content, so that browsers may keep it for ever."""

    name: str
    data: bytes
    media_type: str
    address: str


def load_assets(folder: Path = HERE / "static") -> dict[str, Asset]:
    """Read the static files; their addresses carry the first digits of their SHA-256."""
    assets = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in {".css", ".js", ".svg"}:
            data = path.read_bytes()
            kind = {".js": "text/javascript"}.get(path.suffix) or mimetypes.guess_type(path.name)[0] or ""
            digest = hashlib.sha256(data).hexdigest()[:12]
            assets[path.name] = Asset(path.name, data, kind, f"/static/{digest}/{path.name}")
    return assets


class Showing:
    """Renders templates in the language of the request."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.assets = load_assets()
        self.playground = playground.is_one(settings.home)
        # What comes next in an office that begins; the application puts it in.
        self.todo: Callable[[Person | None], Todo | None] = lambda _who: None
        self.forget: Callable[[], None] = lambda: None
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(visible=visible, visible_text=visible_text, query=to_query)
        self._environment.globals.update(asset=lambda name: self.assets[name].address)

    def language(self, request: Request) -> str:
        """Return the language that the reader chose, else the one of the settings."""
        chosen = request.cookies.get(COOKIE, "")
        return chosen if chosen in LANGUAGES else self.settings.lang

    def words(self, request: Request) -> Words:
        """Return the words of the reader's language."""
        return translator(self.language(request))

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """Render a whole page."""
        lang = self.language(request)
        words = translator(lang)
        now = self.clock.now()
        who = getattr(getattr(request.state, "known", None), "person", None)
        markup = self._environment.get_template(template).render(
            {
                "_": words,
                "words": words,
                "lang": lang,
                "languages": LANGUAGES,
                "here": request.url.path,
                "address": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
                "now": now,
                "shortly": lambda when: shortly(when, now),
                "explain": lambda code, facts=None: explain(code, facts or {}, lang),
                "settings": self.settings,
                "playground": self.playground,
                "todo": self.todo(who) if status == 200 else None,
                "who": who,
                "may": lambda path: may_open(who, path),
                **values,
            }
        )
        answer = HTMLResponse(markup, status, dict(headers or {}))
        answer.headers["Content-Language"] = lang
        answer.headers["Vary"] = "Cookie"
        return answer

    def failure(self, request: Request, code: str, facts: Mapping[str, object], status: int | None = None) -> Response:
        """Render the page that explains an error, in the reader's language first and in the other below."""
        lang = self.language(request)
        order = (lang, *(each for each in LANGUAGES if each != lang))
        both = [(each, explain(code, facts, each)) for each in order]
        return self.page(request, "failure.html", status=status or both[0][1].status, both=both)


def may_open(who: Person | None, path: str) -> bool:
    """Tell whether a link to a page is worth showing; nobody signed in sees the links of an open station."""
    permit = permit_of("GET", path)
    return OPEN in permit if who is None else bool(who.roles & permit)


def shortly(when: datetime, now: datetime) -> str:
    """Return a moment in this machine's zone: the time alone when it is of today, else with its day."""
    here = when.astimezone()
    return here.strftime(MOMENT_SHORT if here.date() == now.astimezone().date() else MOMENT_LONG)


def visible_text(text: str) -> str:
    """Return text of several lines with all that could steer a reader's eye shown as escapes, lines kept."""
    return "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))


def to_query(values: Mapping[str, object]) -> str:
    """Return "?a=b&c=d" of the values that are not empty, "" when all are."""
    kept = {name: str(value) for name, value in values.items() if value not in (None, "", False)}
    return f"?{urlencode(kept)}" if kept else ""


def to_words(explained: Explained) -> dict[str, str]:
    """Return the sentences of an explanation for JSON."""
    return {"code": explained.code, "what": explained.what, "why": explained.why, "next": explained.next}
