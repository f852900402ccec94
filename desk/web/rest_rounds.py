"""Rounds and stocktakes over REST."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from custody.rounds import Round
from custody.stocktake import Stocktake
from desk import round_scans, rounds, stocktaking
from desk.web.gate import InRoom, SignedIn
from desk.web.once import DoOnce
from desk.web.rest import Cursor, Limit, Page, router_of, sliced, where_of
from desk.web.rest_bodies import PlaceCount, RoundScan, Scope, Why, photos_as_files
from desk.web.room import Room
from desk.web.signing import signing_with

router = router_of("guarding")
Code = Annotated[str, Path(max_length=100)]


@router.get("/rounds/due")
def list_due_rounds(room: InRoom) -> list[rounds.Owed]:
    """Return the rounds that can be begun now and those under way; none is told in advance."""
    return rounds.due(room.office)


@router.get("/rounds")
def list_rounds(
    room: InRoom, days: Annotated[int, Query(ge=1, le=366)] = 7, limit: Limit = 50, cursor: Cursor = ""
) -> Page[Round]:
    """Return the rounds of the last days, by when they fell due."""
    return Page[Round](**sliced(rounds.every(room.office, days=days), cursor, limit))


@router.get("/rounds/{code}")
def show_round(room: InRoom, code: Code) -> Round:
    """Return a round."""
    return rounds.look(room.office, code)[0]


@router.post("/rounds/{code}/start")
def start_round(once: DoOnce, known: SignedIn, code: Code, body: Why) -> Round:
    """Begin a round, named by its code or its plan."""

    def act(room: Room) -> Round:
        signing = signing_with(room, known, body.role, body.pairs())
        return rounds.start(room.office, code, signing, where_of(room, known))

    return once.do(act)  # type: ignore[return-value]


@router.post("/rounds/{code}/scan")
def scan_round(once: DoOnce, known: SignedIn, code: Code, body: RoundScan) -> list[round_scans.Scan]:
    """Scan points of a round; what became of each is returned."""

    def act(room: Room) -> list[round_scans.Scan]:
        signing = signing_with(room, known, body.role, body.pairs())
        with photos_as_files(body.photos) as photos:
            return round_scans.scan(
                room.office,
                body.codes,
                signing,
                code=code,
                finding=body.finding,
                photos=photos,
                where=where_of(room, known),
            )

    return once.do(act)  # type: ignore[return-value]


@router.post("/rounds/{code}/end")
def end_round(once: DoOnce, known: SignedIn, code: Code, body: Why) -> Round:
    """End a round; what was left out, late or too quick needs a reason."""

    def act(room: Room) -> Round:
        signing = signing_with(room, known, body.role, body.pairs())
        return rounds.end(room.office, code, signing, body.reason, where_of(room, known))

    return once.do(act)  # type: ignore[return-value]


@router.get("/stocktakes")
def list_stocktakes(room: InRoom, limit: Limit = 50, cursor: Cursor = "") -> Page[Stocktake]:
    """List stocktakes by number."""
    return Page[Stocktake](**sliced(stocktaking.every(room.office), cursor, limit))


@router.post("/stocktakes", status_code=201)
def open_stocktake(once: DoOnce, known: SignedIn, body: Scope) -> Stocktake:
    """Open a stocktake over places and all inside them."""

    def act(room: Room) -> Stocktake:
        signing = signing_with(room, known, body.role, body.pairs())
        return stocktaking.open_stocktake(room.office, body.places, signing, where_of(room, known))

    return once.do(act, 201)  # type: ignore[return-value]


@router.get("/stocktakes/{code}")
def show_stocktake(room: InRoom, code: Code) -> Stocktake:
    """Return a stocktake."""
    return stocktaking.look(room.office, code)


@router.post("/stocktakes/{code}/count")
def count_stocktake(once: DoOnce, known: SignedIn, code: Code, body: PlaceCount) -> stocktaking.Counted:
    """Record what one person found at one place."""

    def act(room: Room) -> stocktaking.Counted:
        signing = signing_with(room, known, body.role, body.pairs())
        return stocktaking.count(room.office, code, body.place, dict(body.found), signing, where_of(room, known))

    return once.do(act)  # type: ignore[return-value]


@router.post("/stocktakes/{code}/close")
def close_stocktake(once: DoOnce, known: SignedIn, code: Code, body: Why) -> Stocktake:
    """Close a stocktake whose differences are all settled; a reason abandons it."""

    def act(room: Room) -> Stocktake:
        signing = signing_with(room, known, body.role, body.pairs())
        return stocktaking.close(room.office, code, signing, abandon=body.reason, where=where_of(room, known))

    return once.do(act)  # type: ignore[return-value]
