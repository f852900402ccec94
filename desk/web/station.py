"""The station page itself: the balance, what arrives and is read now, what needs a person, and whether all is well."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response, StreamingResponse

from archive import activity, beats
from archive.tables import Scan
from desk import faults
from desk.parts import is_loopback
from desk.web.room import InRoom, Room
from desk.web.showing import COOKIE, YEAR_SECONDS
from desk.words import LANGUAGES

router = APIRouter(include_in_schema=False)
RECENT_ARRIVALS, RECENT_ASIDE, RECENT_FAULTS = 12, 5, 3
# Below this many times the limit at which intake stops, the page warns.
LOW_DISK_FACTOR = 4


@dataclass(frozen=True)
class InHand:
    """A scan that is being read: `page` of its pages, and the seconds it will still take where that can be told."""

    scan: Scan
    page: int
    seconds_left: float | None


@dataclass(frozen=True)
class Disk:
    """The room on the vault's disk in bytes, and whether it is low."""

    free: int
    total: int
    is_low: bool


@router.get("/")
def show_station(request: Request, room: InRoom, retried: str = "") -> Response:
    """Show the station as it is now."""
    return room.showing.page(request, "station.html", **look(room, retried))


@router.get("/events")
async def send_news(room: InRoom) -> Response:
    """Send a line each time something changed, for pages that are open."""
    if room.news.is_full:
        return Response(status_code=204)  # tells the browser not to connect again
    return StreamingResponse(
        room.news.listen(),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post("/language")
def choose_language(
    request: Request, lang: Annotated[str, Form(max_length=8)], back: Annotated[str, Form(max_length=4000)] = "/"
) -> Response:
    """Remember the reader's language and go back to the page they were on."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc == request.headers.get("host"):
        back = came_from.path + (f"?{came_from.query}" if came_from.query else "")
    answer = RedirectResponse(local_path(back), 303)
    if lang in LANGUAGES:
        answer.set_cookie(COOKIE, lang, max_age=YEAR_SECONDS, samesite="lax", httponly=True)
    return answer


def local_path(wanted: str) -> str:
    """Return the path when it stays on this station, else the station page."""
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_local and wanted.isprintable() and "\\" not in wanted else "/"


def look(room: Room, retried: str = "") -> dict[str, Any]:
    """Return everything the station page shows."""
    office, now = room.office, room.office.clock.now()
    with office.database.reading() as session:
        mark = activity.fingerprint(session)
        newest = activity.arrivals(session, activity.Filter(), limit=RECENT_ARRIVALS)
        aside = activity.arrivals(session, activity.Filter((activity.SET_ASIDE,)), limit=RECENT_ASIDE)
        values = {
            "arrivals": newest.rows,
            "arrival_scans": activity.scans_of(session, newest.rows),
            "in_hand": in_hand(session, room),
            "queue": activity.queue_length(session, now),
            "aside": aside.rows,
            "aside_count": activity.count_arrivals(session, activity.Filter((activity.SET_ASIDE,))),
            "unreadable": activity.unreadable(session, RECENT_ASIDE),
            "unreadable_count": activity.count_unreadable(session),
            "eyes_count": activity.count_pages_for_eyes(session),
            "signs": beats.signs(session, now),
            "retried": activity.arrival(session, retried) if retried else None,
        }
    return {
        **values,
        "balance": room.sheet.of(mark),
        "disk": disk_of(room),
        "faults": faults.newest(office.settings.home, RECENT_FAULTS),
        "inbox": office.settings.inbox_folder,
        "is_loopback": is_loopback(office.settings.host),
    }


def in_hand(session: Session, room: Room) -> list[InHand]:
    """Return what the workers read now, with the time left told from the pages read last."""
    pace = activity.seconds_a_page(session)
    rows = []
    for scan in activity.in_hand(session, room.office.clock.now()):
        missing = None if scan.page_count is None else max(0, scan.page_count - scan.pages_done)
        left = None if missing is None or pace is None else missing * pace
        page = min(scan.pages_done + 1, scan.page_count or 1)
        rows.append(InHand(scan, page, left))
    return rows


def disk_of(room: Room) -> Disk | None:
    """Return the room on the vault's disk; None for a vault that is not a folder."""
    settings = room.office.settings
    if "://" in settings.vault_place:
        return None
    usage = shutil.disk_usage(Path(settings.vault_place))
    return Disk(usage.free, usage.total, usage.free < settings.keep_free_mb * 1_000_000 * LOW_DISK_FACTOR)
