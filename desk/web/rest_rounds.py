"""Rounds and stocktakes over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from custody.rounds import Round
from custody.stocktake import Stocktake
from desk import round_scans, rounds, stocktaking
from desk.web.gate import InRoom, SignedIn
from desk.web.once import DoOnce
from desk.web.rest import Cursor, Limit, Page, router_of, sliced, where_of
from desk.web.rest_answers import StocktakeOut
from desk.web.rest_bodies import PlaceCount, RoundScan, Scope, Why, photos_as_files
from desk.web.room import Room
from desk.web.signing import signing_with

router = router_of("guarding")
Code = Annotated[str, Path(max_length=100)]


class RoundOut(BaseModel):
    """A round that was begun, or missed."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="Its code.")
    plan: str = Field(description="The plan it belongs to.")
    sort: str = Field(description="What kind of round it is.")
    guarded: str = Field(description="The post it is about.")
    state: str = Field(description="under-way, ended or missed.")
    due: str = Field(description="When it fell due.")
    closes: str = Field(description="When its window closes.")
    points: list[str] = Field(description="What is to be scanned.")
    by: list[str] = Field(description="Who walks it.")
    started: str = Field(description="When it was begun, empty where it was not.")
    ended: str = Field(description="When it ended, empty while it is under way.")
    scanned: int = Field(description="Points scanned by now.")
    unscanned: list[str] = Field(description="Points left out, once it ended.")
    root: str = Field(description="Merkle root over its results, once it ended.")
    reason: str = Field(description="Why something was left out, late or too quick.")
    entry: int = Field(description="The last entry about it.")


def shown(found: Round) -> RoundOut:
    """Return a round as it is told."""
    return RoundOut.model_validate(found)


def counted(found: Stocktake) -> StocktakeOut:
    """Return a stocktake as it is told."""
    return StocktakeOut.model_validate(found)


class RoundDue(BaseModel):
    """A round whose window is open."""

    code: str = Field(description="Its code.")
    plan: str = Field(description="The plan it belongs to.")
    guarded: str = Field(description="The post it is about.")
    due: datetime = Field(description="When it fell due.")
    closes: datetime = Field(description="When its window closes.")
    is_under_way: bool = Field(description="Whether somebody began it.")


@router.get("/rounds/due")
def list_due_rounds(room: InRoom) -> list[RoundDue]:
    """Return the rounds that can be begun now and those under way; none is told in advance."""
    return [
        RoundDue(
            code=each.code,
            plan=each.plan,
            guarded=each.guarded,
            due=each.due,
            closes=each.closes,
            is_under_way=each.walked is not None,
        )
        for each in rounds.due(room.office)
    ]


@router.get("/rounds")
def list_rounds(
    room: InRoom, days: Annotated[int, Query(ge=1, le=366)] = 7, limit: Limit = 50, cursor: Cursor = ""
) -> Page[RoundOut]:
    """Return the rounds of the last days, by when they fell due."""
    return Page[RoundOut](**sliced([shown(each) for each in rounds.every(room.office, days=days)], cursor, limit))


@router.get("/rounds/{code}")
def show_round(room: InRoom, code: Code) -> RoundOut:
    """Return a round."""
    return shown(rounds.look(room.office, code)[0])


@router.post("/rounds/{code}/start")
def start_round(once: DoOnce, known: SignedIn, code: Code, body: Why) -> RoundOut:
    """Begin a round, named by its code or its plan."""

    def act(room: Room) -> RoundOut:
        signing = signing_with(room, known, body.role, body.pairs())
        return shown(rounds.start(room.office, code, signing, where_of(room, known)))

    return once.do(act)


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

    return once.do(act)


@router.post("/rounds/{code}/end")
def end_round(once: DoOnce, known: SignedIn, code: Code, body: Why) -> RoundOut:
    """End a round; what was left out, late or too quick needs a reason."""

    def act(room: Room) -> RoundOut:
        signing = signing_with(room, known, body.role, body.pairs())
        return shown(rounds.end(room.office, code, signing, body.reason, where_of(room, known)))

    return once.do(act)


@router.get("/stocktakes")
def list_stocktakes(room: InRoom, limit: Limit = 50, cursor: Cursor = "") -> Page[StocktakeOut]:
    """List stocktakes by number."""
    return Page[StocktakeOut](**sliced([counted(each) for each in stocktaking.every(room.office)], cursor, limit))


@router.post("/stocktakes", status_code=201)
def open_stocktake(once: DoOnce, known: SignedIn, body: Scope) -> StocktakeOut:
    """Open a stocktake over places and all inside them."""

    def act(room: Room) -> StocktakeOut:
        signing = signing_with(room, known, body.role, body.pairs())
        return counted(stocktaking.open_stocktake(room.office, body.places, signing, where_of(room, known)))

    return once.do(act, 201)


@router.get("/stocktakes/{code}")
def show_stocktake(room: InRoom, code: Code) -> StocktakeOut:
    """Return a stocktake."""
    return counted(stocktaking.look(room.office, code))


@router.post("/stocktakes/{code}/count")
def count_stocktake(once: DoOnce, known: SignedIn, code: Code, body: PlaceCount) -> stocktaking.Counted:
    """Record what one person found at one place."""

    def act(room: Room) -> stocktaking.Counted:
        signing = signing_with(room, known, body.role, body.pairs())
        return stocktaking.count(room.office, code, body.place, dict(body.found), signing, where_of(room, known))

    return once.do(act)


@router.post("/stocktakes/{code}/close")
def close_stocktake(once: DoOnce, known: SignedIn, code: Code, body: Why) -> StocktakeOut:
    """Close a stocktake whose differences are all settled; a reason abandons it."""

    def act(room: Room) -> StocktakeOut:
        signing = signing_with(room, known, body.role, body.pairs())
        return counted(stocktaking.close(room.office, code, signing, abandon=body.reason, where=where_of(room, known)))

    return once.do(act)
