"""A round on a phone: what is due, its points, scanning them, reporting what is wrong, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from desk import round_scans, rounds
from desk.round_words import FINDINGS
from desk.web.gate import SignedIn
from desk.web.phone_forms import Typed, attempt, photos_of, read_lines, said, show, where_of
from desk.web.room import InRoom, Room
from desk.web.showing import to_query
from desk.web.signing import first_signer

router = APIRouter(include_in_schema=False)
Code = Annotated[str, Path(max_length=100)]
LONGEST = 2000
Strange = Annotated[str, Query(max_length=LONGEST)]
# Marks of codes that are no point of any round and stand in no result.
STRANGE = frozenset({round_scans.UNKNOWN, round_scans.UNREADABLE})
DOUBTS = ("damaged", "broken", "missing")


@router.get("/guard/rounds")
def show_rounds(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Show the rounds that can be begun now and those under way."""
    return show(request, room, "phone_rounds.html", owed=_owed(room), today=_today(room))


@router.post("/guard/rounds/start")
def start(request: Request, room: InRoom, known: SignedIn, form: Typed) -> Response:
    """Begin a round."""

    def run() -> str:
        begun = rounds.start(room.office, said(form, "round"), [first_signer(known)], where_of(room, known))
        return f"/guard/rounds/{begun.code}"

    return attempt(
        request,
        room,
        run,
        lambda values: show(request, room, "phone_rounds.html", owed=_owed(room), today=_today(room), **values),
    )


@router.get("/guard/rounds/{code}")
def show_round(
    request: Request, room: InRoom, known: SignedIn, code: Code, done: str = "", strange: Strange = ""
) -> Response:
    """Show the points of a round, those that wait first."""
    return _show(request, room, code, {"done": done, "strange": strange.split("|") if strange else ()})


@router.post("/guard/rounds/{code}/scan")
def scan(request: Request, room: InRoom, known: SignedIn, code: Code, form: Typed) -> Response:
    """Scan points; what became of each is shown."""

    def run() -> str:
        lines = read_lines(form)
        finding = said(form, "finding") or "intact"
        with photos_of(form) as photos:
            scans = round_scans.scan(
                room.office,
                lines,
                [first_signer(known)],
                code=code,
                finding=finding,
                photos=photos,
                where=where_of(room, known),
            )
        strange = "|".join(each.code for each in scans if each.mark in STRANGE)[:LONGEST]
        return f"/guard/rounds/{code}{to_query({'done': 'scanned', 'strange': strange})}"

    return attempt(request, room, run, lambda values: _show(request, room, code, {**values, **_kept(form)}))


def _kept(form: FormData) -> dict[str, str]:
    return {"codes": said(form, "codes"), "finding": said(form, "finding")}


@router.post("/guard/rounds/{code}/end")
def end(request: Request, room: InRoom, known: SignedIn, code: Code, form: Typed) -> Response:
    """End a round; what was left out, late or too quick needs a reason."""
    reason = said(form, "reason")

    def run() -> str:
        rounds.end(room.office, code, [first_signer(known)], reason, where_of(room, known))
        return f"/guard/rounds/{code}?done=ended"

    return attempt(request, room, run, lambda values: _show(request, room, code, {**values, "reason": reason}))


def _show(request: Request, room: Room, code: str, values: Mapping[str, Any]) -> Response:
    found, results = rounds.look(room.office, code)
    names = rounds.names_of(room.office, found.points)
    seen = {each.point: each for each in results}
    shown = {"strange": (), "codes": "", "finding": "", "reason": "", **values}
    waiting = [each for each in found.points if each not in seen]
    return show(
        request,
        room,
        "phone_round.html",
        round=found,
        names=names,
        waiting=waiting,
        seen=[each for each in results if each.finding != "unscanned"],
        findings=FINDINGS,
        doubts=DOUBTS,
        **shown,
    )


def _owed(room: Room) -> list[rounds.Owed]:
    return rounds.due(room.office)


def _today(room: Room) -> list[Any]:
    return [each for each in rounds.every(room.office, days=2) if each.state != "under-way"][-12:]
