"""Alarms on pages: the last ones, one with what was told of it, taking charge of it, and silencing it for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from archive.errors import ArchiveError
from archive.sessions import Known
from custody import alarming as kept
from custody.errors import CustodyError
from custody.rules import Signer
from desk import alarming, daybars
from desk.alarm_words import LADDER_WORDS, LEVEL_WORDS, VERB_WORDS, explain_alarm
from desk.web.gate import SignedIn
from desk.web.permits import permit_of
from desk.web.room import InRoom, Room
from desk.web.station import local_path

router = APIRouter(include_in_schema=False)
MOST = 200
# Hours for which an alarm may be silenced with one choice; three days are the most there is.
QUIET_HOURS = (1, 2, 4, 8, 24, 72)
Number = Annotated[int, Path(ge=1, le=2**62)]


@router.get("/alarms")
def show_alarms(request: Request, room: InRoom) -> Response:
    """Show the open alarms, and below them the last ones that are over."""
    lang = room.showing.language(request)
    seen = alarming.board(room.office)
    with room.office.database.reading() as session:
        past = kept.history(session, MOST)
    shown = {each.number for each in seen.alarms}
    return room.showing.page(
        request,
        "alarms.html",
        seen=seen,
        past=[each for each in past if each.number not in shown],
        say_alarm=lambda each: explain_alarm(each, lang),
        levels=LEVEL_WORDS,
    )


@router.get("/alarms/{number}")
def show_alarm(request: Request, room: InRoom, known: SignedIn, number: Number) -> Response:
    """Show one alarm with all that happened to it."""
    return room.showing.page(request, "alarm.html", **look(request, room, known, number))


@router.post("/alarms/{number}/acknowledge")
def acknowledge(
    request: Request,
    room: InRoom,
    known: SignedIn,
    number: Number,
    back: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Take charge of an alarm by one's own name."""
    try:
        alarming.acknowledge(room.office, number, answerer(known))
    except (CustodyError, ArchiveError) as refused:
        values = look(request, room, known, number, refused)
        return room.showing.page(request, "alarm.html", status=409, **values)
    return RedirectResponse(local_path(back) if back else f"/alarms/{number}", 303)


@router.post("/alarms/{number}/quiet")
def quiet(
    request: Request,
    room: InRoom,
    known: SignedIn,
    number: Number,
    hours: Annotated[int, Form(ge=1, le=72)] = 1,
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Silence an alarm for some hours, with a reason."""
    until = room.office.clock.now() + timedelta(hours=hours)
    try:
        alarming.quiet(room.office, number, until, reason, answerer(known))
    except (CustodyError, ArchiveError) as refused:
        values = look(request, room, known, number, refused) | {"hours": hours, "reason": reason}
        return room.showing.page(request, "alarm.html", status=422, **values)
    return RedirectResponse(f"/alarms/{number}", 303)


def answerer(known: Known) -> Signer:
    """Return who answers by their session, in the role that may do most about an alarm."""
    roles = {each.value for each in known.person.roles}
    role = next((each for each in sorted(alarming.MAY_QUIET) if each in roles), min(roles))
    return Signer(known.person.code, role, known.person.unit)


def look(
    request: Request, room: Room, known: Any, number: int, failed: CustodyError | ArchiveError | None = None
) -> dict[str, Any]:
    """Return what the page of one alarm shows."""
    lang = room.showing.language(request)
    with room.office.database.reading() as session:
        alarm = kept.one(session, number)
        events = kept.events(session, number)
        messages = kept.messages(session, number)
    roles = known.person.roles
    return {
        "alarm": alarm,
        "said": explain_alarm(alarm, lang),
        "events": events,
        "messages": messages,
        "told": alarming.roles_told(events),
        "levels": LEVEL_WORDS,
        "verbs": VERB_WORDS,
        "ladder": LADDER_WORDS,
        "names": daybars.names_of(room.office),
        "may_answer": bool(roles & permit_of("POST", "/alarms/{number}/acknowledge")),
        "may_quiet": bool(roles & permit_of("POST", "/alarms/{number}/quiet")),
        "choices": QUIET_HOURS,
        "hours": 1,
        "reason": "",
        "failed": failed,
    }
