"""Stocktakes on a phone: several people count at once, each at a place, and nobody is told how many there should be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from custody.errors import CustodyError
from custody.needs import FINDINGS
from custody.stocktake import Stocktake
from desk import stocktaking
from desk.stocktaking import Counted
from desk.web.gate import SignedIn
from desk.web.phone_forms import Typed, attempt, read_lines, said, show, where_of
from desk.web.room import InRoom, Room
from desk.web.showing import to_query
from desk.web.signing import first_signer

router = APIRouter(include_in_schema=False)
Number = Annotated[str, Path(max_length=64)]
LONGEST = 2000
Told = Annotated[str, Query(max_length=LONGEST)]


@router.get("/guard/stocktakes")
def show_stocktakes(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Show the stocktakes that are open."""
    found = [each for each in stocktaking.every(room.office) if each.state == "open"]
    return show(request, room, "phone_stocktakes.html", stocktakes=found)


@router.get("/guard/stocktakes/{number}")
def show_stocktake(
    request: Request,
    room: InRoom,
    known: SignedIn,
    number: Number,
    place: Told = "",
    counted: int = 0,
    again: Told = "",
    unknown: Told = "",
) -> Response:
    """Show what I counted so far, what became of the last count, and the scanner."""
    values = {"place": place, "counted": counted, "again": again.split(), "unknown": unknown.split()}
    return _show(request, room, known.person.code, stocktaking.look(room.office, number), values)


@router.post("/guard/stocktakes/{number}")
def count(request: Request, room: InRoom, known: SignedIn, number: Number, form: Typed) -> Response:
    """Record what was found at one place."""
    found = stocktaking.look(room.office, number)
    told: list[Counted] = []
    me = known.person.code

    def run() -> str:
        place = said(form, "place", 200)
        for where, counted in by_place(read_lines(form), place).items():
            answer = stocktaking.count(
                room.office, number, where, counted, [first_signer(known)], where_of(room, known)
            )
            told.append(answer)
        last = {
            "place": place,
            "counted": sum(len(each.fresh) + len(each.again) for each in told),
            "again": " ".join(code for each in told for code in each.again)[:LONGEST],
            "unknown": " ".join(code for each in told for code in each.unknown)[:LONGEST],
        }
        return f"/guard/stocktakes/{number}{to_query(last)}"

    kept = {"codes": said(form, "codes", 100_000), "place": said(form, "place", 200)}
    return attempt(request, room, run, lambda values: _show(request, room, me, found, {**kept, **values}))


def by_place(lines: list[str], place: str) -> dict[str, dict[str, str]]:
    """Return the codes of scanned lines by place, each with how its seals were found.

    A line "@K1/G2" says where what follows stands; a finding stands behind its code ("7K3M9QXZ2 damaged"). Raises
    CustodyError "finding-unknown" and "count-without-place".
    """
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        if line.startswith("@"):
            place = line[1:].strip()
            continue
        code, _, finding = line.rpartition(" ") if line.rpartition(" ")[2] in FINDINGS else (line, "", "intact")
        if not place:
            raise CustodyError("count-without-place", package=code)
        found.setdefault(place, {})[code] = finding
    if not found:
        raise CustodyError("count-empty")
    return found


def _show(request: Request, room: Room, me: str, found: Stocktake, values: Mapping[str, Any]) -> Response:
    lines = [each for each in stocktaking.lines_of(room.office, found.code) if each.times]
    mine: dict[str, int] = {}
    for each in lines:
        if each.by == me:
            mine[each.counted] = mine.get(each.counted, 0) + 1
    shown = {"counted": 0, "again": (), "unknown": (), "codes": "", "place": "", **values}
    others = sorted({each.by for each in lines} - {me})
    return show(request, room, "phone_stocktake.html", stocktake=found, mine=mine, others=others, **shown)
