"""Rounds on pages: what is due now, the plans, the rounds of the last days, and one with what was found."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from desk import daybars, rounds
from desk.enclosures import text_of
from desk.round_words import FINDINGS, STATES
from desk.web.room import InRoom

router = APIRouter(include_in_schema=False)
DAYS = (1, 7, 31, 92)
MOST = 300


@router.get("/rounds")
def show_rounds(
    request: Request,
    room: InRoom,
    days: Annotated[int, Query(ge=1, le=366)] = 7,
    state: Annotated[str, Query(max_length=12)] = "",
) -> Response:
    """Show the rounds that are due, those of the last days, and the plans."""
    chosen = state if state in STATES else ""
    found = rounds.every(room.office, days=days, state=chosen)
    return room.showing.page(
        request,
        "rounds.html",
        owed=rounds.due(room.office),
        found=[(each, datetime.fromisoformat(each.due)) for each in reversed(found)][:MOST],
        total=len(found),
        plans=rounds.plans(room.office),
        states=STATES,
        chosen={"state": chosen, "days": days},
        days=DAYS,
        names=daybars.names_of(room.office),
    )


@router.get("/rounds/{code}")
def show_round(request: Request, room: InRoom, code: Annotated[str, Path(max_length=80)]) -> Response:
    """Show one round: what was found at each point, and which points nobody scanned."""
    found, results = rounds.look(room.office, code)
    seen = {each.point for each in results}
    points = [*found.points, *(each.point for each in results)]
    values: dict[str, Any] = {
        "found": found,
        "due": datetime.fromisoformat(found.due),
        "started": _read(found.started),
        "ended": _read(found.ended),
        "results": [(each, _read(each.at)) for each in results],
        "waiting": [each for each in found.points if each not in seen and found.state == "under-way"],
        "places": rounds.names_of(room.office, points),
        "reason": text_of(room.office, found.reason) if found.reason else "",
        "states": STATES,
        "findings": FINDINGS,
        "names": daybars.names_of(room.office),
    }
    return room.showing.page(request, "round.html", **values)


def _read(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
