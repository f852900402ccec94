"""The search page: as you type, with filters, highlighted snippets, and an address that can be kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from archive import activity
from desk.finding import end_of, start_of
from desk.web import parts
from desk.web.room import InRoom
from desk.web.showing import to_query

router = APIRouter(include_in_schema=False)
HITS = 20
DEEPEST = 5000


@dataclass(frozen=True)
class Asked:
    """What the form says, as it was typed."""

    q: str = ""
    station: str = ""
    since: str = ""
    until: str = ""
    dossier: str = ""
    start: int = 0

    def values(self, **changes: object) -> dict[str, object]:
        """Return the fields of the address, with changes."""
        return {
            "q": self.q,
            "station": self.station,
            "since": self.since,
            "until": self.until,
            "dossier": self.dossier,
            "start": self.start,
            **changes,
        }


@router.get("/search")
def show_search(
    request: Request,
    room: InRoom,
    q: Annotated[str, Query(max_length=10_000)] = "",
    station: Annotated[str, Query(max_length=255)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    dossier: Annotated[str, Query(max_length=100)] = "",
    start: Annotated[int, Query(ge=0, le=DEEPEST)] = 0,
    typing: bool = False,
) -> Response:
    """Show what was found."""
    asked = Asked(q, station, since, until, dossier, start)
    wrong_dates = [text for text in (since, until) if text and to_day(text) is None]
    with room.office.database.reading() as session:
        results = ask(session, asked, typing=typing) if q.strip() else None
        stations = activity.scan_stations(session)
        page_count = activity.page_count(session) if results is None else 0
    headers = {"HX-Replace-Url": f"/search{to_query(asked.values())}"} if typing else {}
    return room.showing.page(
        request,
        "search.html",
        headers=headers,
        asked=asked,
        results=results,
        stations=stations,
        page_count=page_count,
        wrong_dates=wrong_dates,
        step=HITS,
        deepest=DEEPEST,
    )


def ask(session: Session, asked: Asked, *, typing: bool = False, limit: int = HITS) -> parts.Results:
    """Search; the last word may be unfinished while somebody types, or when nothing is found otherwise."""
    since, until = to_day(asked.since), to_day(asked.until)
    query = parts.Query(
        text=asked.q,
        station=asked.station or None,
        since=start_of(since) if since else None,
        until=end_of(until) if until else None,
        dossier=asked.dossier or None,
        limit=limit,
        offset=asked.start,
        prefix=typing,
    )
    found = parts.search(session, query)
    if not typing and not found.total and asked.q[-1:].isalnum():
        unfinished = parts.search(session, replace(query, prefix=True))
        return unfinished if unfinished.total else found
    return found


def to_day(text: str) -> date | None:
    """Return the day of "2025-06-17", None when it is empty or no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
