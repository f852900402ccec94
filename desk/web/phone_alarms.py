"""Alarms on a phone: what is wrong now, and taking charge of it by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from desk import alarming
from desk.alarm_words import LEVEL_WORDS, explain_alarm
from desk.web.gate import SignedIn
from desk.web.phone_forms import attempt, show
from desk.web.room import InRoom, Room
from desk.web.signing import first_signer

router = APIRouter(include_in_schema=False)


@router.get("/guard/alarms")
def show_alarms(request: Request, room: InRoom, known: SignedIn, done: str = "") -> Response:
    """Show the alarms that are open, those nobody took charge of first."""
    return _show(request, room, {"done": done})


@router.post("/guard/alarms/{number}/acknowledge")
def acknowledge(request: Request, room: InRoom, known: SignedIn, number: Annotated[int, Path(ge=1)]) -> Response:
    """Take charge of an alarm: nobody further up is told."""

    def run() -> str:
        alarming.acknowledge(room.office, number, first_signer(known))
        return "/guard/alarms?done=mine"

    return attempt(request, room, run, lambda values: _show(request, room, values))


def _show(request: Request, room: Room, values: Mapping[str, Any]) -> Response:
    board, lang = alarming.board(room.office), room.showing.language(request)
    ordered = sorted(board.alarms, key=lambda each: (not each.wants_person, each.since))
    told = [(each, explain_alarm(each, lang)) for each in ordered]
    return show(request, room, "phone_alarms.html", alarms=told, board=board, levels=LEVEL_WORDS, **values)
