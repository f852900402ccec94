"""The long lists: every file that arrived, and everything that needs a person, with the buttons to try again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from archive import activity, pages, scans
from archive.errors import ArchiveError
from desk.web import parts
from desk.web.room import InRoom

router = APIRouter(include_in_schema=False)
ROWS = 50
RowId = Annotated[int | None, Query(ge=1, le=2**62)]


@router.get("/arrivals")
def show_arrivals(
    request: Request,
    room: InRoom,
    state: Annotated[str, Query(max_length=16)] = "",
    station: Annotated[str, Query(max_length=255)] = "",
    name: Annotated[str, Query(max_length=255)] = "",
    before: RowId = None,
    after: RowId = None,
) -> Response:
    """Show every file that was seen, newest first."""
    known = (state,) if state in activity.ARRIVAL_STATES else ()
    wanted = activity.Filter(known, station, name)
    with room.office.database.reading() as session:
        sheet = activity.arrivals(session, wanted, limit=ROWS, before=before, after=after)
        return room.showing.page(
            request,
            "arrivals.html",
            sheet=sheet,
            arrival_scans=activity.scans_of(session, sheet.rows),
            total=activity.count_arrivals(session, wanted),
            stations=activity.stations(session),
            states=activity.ARRIVAL_STATES,
            chosen={"state": known[0] if known else "", "station": station, "name": name},
        )


@router.get("/aside")
def show_aside(
    request: Request,
    room: InRoom,
    station: Annotated[str, Query(max_length=255)] = "",
    before: RowId = None,
    after: RowId = None,
    pages_before: RowId = None,
    retried: str = "",
) -> Response:
    """Show the files that were set aside, the scans that cannot be read, and the pages a person should look at."""
    wanted = activity.Filter((activity.SET_ASIDE,), station)
    with room.office.database.reading() as session:
        sheet = activity.arrivals(session, wanted, limit=ROWS, before=before, after=after)
        eyes = activity.pages_for_eyes(session, limit=ROWS + 1, before=pages_before)
        return room.showing.page(
            request,
            "aside.html",
            sheet=sheet,
            total=activity.count_arrivals(session, wanted),
            stations=activity.stations(session),
            station=station,
            unreadable=activity.unreadable(session, ROWS),
            unreadable_count=activity.count_unreadable(session),
            eyes=eyes[:ROWS],
            eyes_older=eyes[ROWS - 1][0].id if len(eyes) > ROWS else None,
            eyes_count=activity.count_pages_for_eyes(session),
            retried=activity.arrival(session, retried) if retried else None,
        )


@router.post("/aside/{public_id}/retry")
def retry_arrival(room: InRoom, public_id: Annotated[str, Path(max_length=36)], back: str = "") -> Response:
    """Let a file that was set aside be taken up again, and show where it stands then."""
    parts.retry_aside(room.office, public_id)
    room.sheet.forget()
    return RedirectResponse(f"{'/' if back == 'station' else '/aside'}?retried={public_id}", 303)


@router.post("/scan/{public_id}/retry")
def retry_scan(room: InRoom, public_id: Annotated[str, Path(max_length=64)]) -> Response:
    """Let what failed of a stored scan be read again, and show the scan."""
    with room.office.database.atomic() as session:
        scan = scans.find(session, public_id)
        states = activity.page_states(session, scan.id or 0)
        if not may_read_again(scan.state, [source for _, source, _ in states]):
            raise ArchiveError("retry-needless", name=scan.name)
        pages.read_again(session, scan)
    return RedirectResponse(f"/scan/{scan.public_id}?again=1", 303)


def may_read_again(state: str, sources: list[str]) -> bool:
    """Tell whether something of a scan failed and nobody is reading it."""
    return state == scans.UNREADABLE or (state == scans.READ and "failed" in sources)
