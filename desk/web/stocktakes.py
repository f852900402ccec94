"""Stocktakes on pages: open one, see what was counted and what differs, close it when everything is settled."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from archive import places
from archive.errors import ArchiveError
from custody.errors import CustodyError
from custody.moments import parse_moment
from custody.stocktake import OPEN, Difference
from desk import daybars, stocktaking
from desk.board_words import SETTLING
from desk.custodial import Where
from desk.stock_words import DIFFERENCES, SETTLED, SHORT, STATES
from desk.web.gate import SignedIn
from desk.web.permits import permit_of
from desk.web.room import InRoom, Room
from desk.web.signing import signing_of, signing_roles

router = APIRouter(include_in_schema=False)
Code = Annotated[str, Path(max_length=60)]
PAGE = Where("page")
MOST, MOST_PLACES, MOST_ROWS = 200, 500, 300


@router.get("/stocktakes")
def show_stocktakes(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Show all stocktakes, newest first, and the form on which one is opened."""
    return room.showing.page(request, "stocktakes.html", **listed(room, known), given=defaultdict(str), failed=None)


@router.post("/stocktakes")
async def open_stocktake(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Open a stocktake over places and all inside them."""
    form = await request.form()
    return await run_in_threadpool(_open, request, room, known, form)


def _open(request: Request, room: Room, known: Any, form: FormData) -> Response:
    text = str(form.get("places", ""))
    try:
        scope = [each.strip() for each in text.splitlines() if each.strip()]
        made = stocktaking.open_stocktake(room.office, scope, signing_of(room, known, form), PAGE)
    except (CustodyError, ArchiveError) as refused:
        values = listed(room, known)
        return room.showing.page(
            request, "stocktakes.html", status=422, **values, given=defaultdict(str, places=text), failed=refused
        )
    room.recent.forget()
    return RedirectResponse(f"/stocktakes/{made.code}", 303)


@router.get("/stocktakes/{code}")
def show_stocktake(request: Request, room: InRoom, known: SignedIn, code: Code, compare: str = "") -> Response:
    """Show what was counted; what was expected and differs only to who asks for it, so that counters count blind."""
    values = look(room, known, code, is_compared=bool(compare))
    return room.showing.page(request, "stocktake.html", **values, given=defaultdict(str), failed=None)


@router.post("/stocktakes/{code}/close")
async def close_stocktake(request: Request, room: InRoom, known: SignedIn, code: Code) -> Response:
    """Close a stocktake whose differences are settled, or abandon it for a reason."""
    form = await request.form()
    return await run_in_threadpool(_close, request, room, known, code, form)


def _close(request: Request, room: Room, known: Any, code: str, form: FormData) -> Response:
    given = {name: str(form.get(name, "")).strip() for name in ("abandon", "reason")}
    try:
        reason = given["reason"] if given["abandon"] else ""
        if given["abandon"] and not reason:
            raise CustodyError("reason-absent", about=code)
        stocktaking.close(room.office, code, signing_of(room, known, form), abandon=reason, where=PAGE)
    except (CustodyError, ArchiveError) as refused:
        values = look(room, known, code, is_compared=True)
        return room.showing.page(
            request, "stocktake.html", status=422, **values, given=defaultdict(str, given), failed=refused
        )
    room.recent.forget()
    return RedirectResponse(f"/stocktakes/{code}?compare=1", 303)


def listed(room: Room, known: Any) -> dict[str, Any]:
    """Return what the list of stocktakes shows."""
    found = sorted(stocktaking.every(room.office), key=lambda each: each.opened_at, reverse=True)
    with room.office.database.reading() as session:
        paths = [each.path for each in places.inside(session, None)[:MOST_PLACES]]
    return {
        "found": [(each, parse_moment(each.opened_at)) for each in found[:MOST]],
        "paths": paths,
        "states": STATES,
        "roles": signing_roles(known),
        "may_open": bool(known.person.roles & permit_of("POST", "/stocktakes")),
        "names": daybars.names_of(room.office),
    }


def look(room: Room, known: Any, code: str, *, is_compared: bool) -> dict[str, Any]:
    """Return what the page of one stocktake shows."""
    taken = stocktaking.look(room.office, code)
    counted: dict[tuple[str, str], int] = {}
    for line in stocktaking.lines_of(room.office, code):
        if line.times:
            counted[line.counted, line.by] = counted.get((line.counted, line.by), 0) + 1
    is_compared = is_compared or taken.state != OPEN
    found, differ = 0, list[Difference]()
    if is_compared:
        _, found, differ = stocktaking.compare(room.office, code)
    return {
        "taken": taken,
        "opened_at": parse_moment(taken.opened_at),
        "closed_at": parse_moment(taken.closed_at) if taken.closed_at else None,
        "counted": sorted((*key, count) for key, count in counted.items()),
        "is_compared": is_compared,
        "found": taken.found if taken.state == "complete" else found,
        "differ": differ[:MOST_ROWS],
        "differ_total": len(differ),
        "unsettled": sum(not each.settles for each in differ),
        "states": STATES,
        "said": DIFFERENCES,
        "short": SHORT,
        "settled": SETTLED,
        "next_steps": SETTLING,
        "roles": signing_roles(known),
        "may_close": taken.state == OPEN and bool(known.person.roles & permit_of("POST", "/stocktakes/{code}/close")),
        "names": daybars.names_of(room.office),
    }
