"""Words for people: gettext catalogues, and numbers, sizes and times as each language writes them.

A msgid is an English sentence with {placeholders}. Both languages have a catalogue, desk/locale/<lang>/LC_MESSAGES/
*.po, read when a language is first asked for; English has one too, so that wording can be mended without touching
the code. `python -m desk.catalogues` brings them up to date.

    t = translator("vi")
    t("Waiting files: {count}", count=3)
    t.n("{number} page", "{number} pages", 12)

Facts come from outside (file names, error texts), so what could steer a terminal or turn the reading direction is
shown as an escape instead of being obeyed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path, PurePath

from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

LANGUAGES = ("vi", "en")
LOCALE = Path(__file__).parent / "locale"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Numbers that are names: "port 8.000" or "year 2.026" would be wrong.
UNGROUPED = frozenset({"port", "pid", "line", "status", "year", "exit", "alarm"})
DATE_PATTERNS = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
MOMENT_PATTERNS = {"vi": "HH:mm:ss dd/MM/yyyy", "en": "d MMM yyyy HH:mm:ss"}
UNITS = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")


@dataclass(frozen=True)
class Bytes:
    """A size in bytes, to be shown as one."""

    count: int


class Words:
    """Everything one language needs to speak; get it from `translator`."""

    def __init__(self, lang: str, singles: Mapping[str, str], plurals: Mapping[str, tuple[str, ...]]) -> None:
        self.lang = lang
        self._singles = singles
        self._plurals = plurals

    def __call__(self, msgid: str, /, **facts: object) -> str:
        """Return the sentence of `msgid` with its facts in their places; an unknown msgid speaks English."""
        return self._fill(self._singles.get(msgid) or msgid, facts)

    def n(self, singular: str, plural: str, number: int, /, **facts: object) -> str:
        """Return the form that fits `number`, which the sentence may name as {number}."""
        forms = self._plurals.get(singular) or (singular, plural)
        chosen = forms[0] if number == 1 else forms[-1]
        return self._fill(chosen, {"number": number, **facts})

    def number(self, value: float) -> str:
        """Return a number with the language's separators and at most one decimal."""
        return str(format_decimal(round(value, 1), locale=self.lang))

    def percent(self, share: float) -> str:
        """Return a share of 1 as a percentage."""
        return str(format_percent(share, locale=self.lang))

    def size(self, count: int) -> str:
        """Return a number of bytes in the unit that suits it; a kilobyte is 1 000 bytes."""
        amount, unit = float(count), 0
        while abs(amount) >= 1000 and unit < len(UNITS) - 1:
            amount, unit = amount / 1000, unit + 1
        shown = round(amount, 0 if unit == 0 else 1)
        return str(format_unit(shown, f"digital-{UNITS[unit]}", length="short", locale=self.lang))

    def moment(self, when: datetime) -> str:
        """Return a moment in the zone of this machine, to the second."""
        return str(format_datetime(when.astimezone(), MOMENT_PATTERNS[self.lang], locale=self.lang))

    def day(self, when: date) -> str:
        """Return a day."""
        return str(format_date(when, DATE_PATTERNS[self.lang], locale=self.lang))

    def duration(self, seconds: float) -> str:
        """Return a length of time in its largest fitting unit."""
        return str(format_timedelta(round(max(0.0, seconds)), granularity="second", threshold=1.5, locale=self.lang))

    def value(self, name: str, value: object) -> str:
        """Return one fact as text: by its type, and by its name where that tells the unit."""
        if value is None:
            return "–"
        if isinstance(value, Bytes):
            return self.size(value.count)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if name in UNGROUPED:
                return str(value)
            if name.endswith("bytes"):
                return self.size(int(value))
            return self.duration(value) if name.endswith("seconds") else self.number(value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, list | tuple | set | frozenset):
            return ", ".join(self.value(name, each) for each in value)
        return visible(str(value))

    def _fill(self, sentence: str, facts: Mapping[str, object]) -> str:
        def put(found: re.Match[str]) -> str:
            name = found[1]
            return self.value(name, facts[name]) if name in facts else "…"

        return PLACEHOLDER.sub(put, sentence)


def visible(text: str) -> str:
    """Return `text` with control, direction and broken characters written as escapes, and NFC otherwise."""
    shown = []
    for letter in unicodedata.normalize("NFC", text):
        steering = unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and letter not in "\u200c\u200d"
        shown.append(f"\\u{ord(letter):04x}" if steering else letter)
    return "".join(shown)


def plain(value: PurePath | bytes | str) -> str:
    """Return a path as text that can be printed, whatever bytes are in it."""
    return visible(value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value))


@lru_cache(maxsize=8)
def translator(lang: str) -> Words:
    """Return the words of a language, "vi" or "en"; anything else speaks Vietnamese."""
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    singles: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for path in sorted((LOCALE / lang / "LC_MESSAGES").glob("*.po")):
        for message in catalogue(path, lang):
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, str):
                singles[message.id] = str(message.string)
            else:
                plurals[message.id[0]] = tuple(message.string or ())
    return Words(lang, singles, plurals)


def catalogue(path: Path, lang: str) -> Catalog:
    """Read one catalogue file."""
    with path.open("rb") as source:
        return read_po(source, locale=lang)


def language_of(environment: Mapping[str, str], wanted: str | None = None, default: str = "vi") -> str:
    """Choose the language: what was asked for, else what LC_ALL, LC_MESSAGES or LANG name, else `default`.

    The locales C and POSIX name no language.
    """
    if wanted in LANGUAGES:
        return str(wanted)
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        named = environment.get(variable, "")
        if named:
            short = named.split(".")[0].split("_")[0].lower()
            return short if short in LANGUAGES else default
    return default
