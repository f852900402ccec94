"""Visitors, keys, incidents and alarms over REST."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, Field

from custody.alarms import Alarm
from desk import alarming, gatekeeping, incidents
from desk.gatekeeping import Guest
from desk.web.alarms import answerer
from desk.web.entering import person_code
from desk.web.gate import InRoom, SignedIn
from desk.web.once import DoOnce
from desk.web.rest import Cursor, Limit, Page, router_of, sliced, where_of
from desk.web.rest_answers import IncidentOut, KeyOutside, VisitOut
from desk.web.rest_bodies import Conclusion, KeyTake, NewIncident, NewVisitor, Quiet, Why, photos_as_files
from desk.web.room import Room
from desk.web.signing import signing_with

router = router_of("gate")
Code = Annotated[str, Path(max_length=100)]
Number = Annotated[int, Path(ge=1, le=2**62)]


class AlarmOut(BaseModel):
    """An alarm."""

    number: int
    code: str = Field(description="What is wrong, as a code.")
    about: str = Field(description="What it is about.")
    level: str = Field(description="How grave.")
    since: datetime = Field(description="Since when it is wrong.")
    raised_at: datetime = Field(description="When it was raised.")
    cleared_at: datetime | None = Field(description="When it was over, null while it is open.")
    acked_by: str = Field(description="Who took charge, empty where nobody did.")
    quiet_until: datetime | None = Field(description="Until when it is silenced, null where it is not.")


class KeyState(BaseModel):
    """A key of the key box."""

    code: str
    name: str
    out: KeyOutside | None = Field(description="Who has it, null where it is in the box.")


def shown(alarm: Alarm) -> AlarmOut:
    """Return an alarm as it is told."""
    return AlarmOut(**{name: getattr(alarm, name) for name in AlarmOut.model_fields})


@router.get("/visits")
def list_visits(
    room: InRoom,
    inside: Annotated[bool, Query(description="Only those who are inside.")] = True,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[VisitOut]:
    """List visits by number; names are on the page, where they are forgotten in time."""
    found = [VisitOut.model_validate(visit) for visit, _ in gatekeeping.visits(room.office, inside=inside)]
    return Page[VisitOut](**sliced(found, cursor, limit))


@router.post("/visits", status_code=201)
def let_visitor_in(once: DoOnce, known: SignedIn, body: NewVisitor) -> VisitOut:
    """Let a visitor in."""

    def act(room: Room) -> VisitOut:
        guest, host = Guest(body.name, body.paper, body.body), person_code(room, body.host)
        signing = signing_with(room, known, body.role, body.pairs())
        return VisitOut.model_validate(
            gatekeeping.come_in(room.office, guest, host, body.purpose, body.place, signing, where_of(room, known))
        )

    return once.do(act, 201)


@router.post("/visits/{code}/leave")
def let_visitor_out(once: DoOnce, known: SignedIn, code: Code, body: Why) -> VisitOut:
    """Record that a visitor left."""

    def act(room: Room) -> VisitOut:
        signing = signing_with(room, known, body.role, body.pairs())
        return VisitOut.model_validate(gatekeeping.leave(room.office, code, signing, where_of(room, known)))

    return once.do(act)


@router.get("/keys")
def list_keys(room: InRoom) -> list[KeyState]:
    """Return every key of the key box, with who has it."""
    return [
        KeyState(code=key.code, name=key.name, out=KeyOutside.model_validate(out) if out else None)
        for key, out in gatekeeping.keys(room.office)
    ]


@router.post("/keys/{code}/take")
def take_key(once: DoOnce, known: SignedIn, code: Code, body: KeyTake) -> KeyOutside:
    """Give a key to the token's person, or to the one signer who takes it with their own PIN."""

    def act(room: Room) -> KeyOutside:
        signing = signing_with(room, known, body.role, body.pairs())
        holder = known.person.code
        if body.signers:
            holder = person_code(room, body.signers[0].code).partition(":")[0].upper()
            signing = signing[1:]
        return KeyOutside.model_validate(
            gatekeeping.take_key(room.office, code, holder, body.until, signing, where_of(room, known))
        )

    return once.do(act)


@router.post("/keys/{code}/return")
def return_key(once: DoOnce, known: SignedIn, code: Code, body: Why) -> KeyOutside:
    """Record that a key came back."""

    def act(room: Room) -> KeyOutside:
        signing = signing_with(room, known, body.role, body.pairs())
        return KeyOutside.model_validate(gatekeeping.return_key(room.office, code, signing, where_of(room, known)))

    return once.do(act)


@router.get("/incidents")
def list_incidents(
    room: InRoom,
    state: Annotated[str, Query(max_length=20, description="open, closed, or empty for all.")] = "open",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[IncidentOut]:
    """List incidents by number."""
    return Page[IncidentOut](
        **sliced([IncidentOut.model_validate(each) for each in incidents.every(room.office, state)], cursor, limit)
    )


@router.post("/incidents", status_code=201)
def report_incident(once: DoOnce, known: SignedIn, body: NewIncident) -> IncidentOut:
    """Open an incident; the finder alone is enough."""

    def act(room: Room) -> IncidentOut:
        signing = signing_with(room, known, body.role, body.pairs())
        with photos_as_files(body.photos) as photos:
            return IncidentOut.model_validate(
                incidents.report(
                    room.office,
                    body.about,
                    body.severity,
                    signing,
                    text=body.text or body.reason,
                    photos=photos,
                    where=where_of(room, known),
                )
            )

    return once.do(act, 201)


@router.get("/incidents/{code}")
def show_incident(room: InRoom, code: Code) -> IncidentOut:
    """Return an incident."""
    return IncidentOut.model_validate(incidents.look(room.office, code))


@router.post("/incidents/{code}/close")
def close_incident(once: DoOnce, known: SignedIn, code: Code, body: Conclusion) -> IncidentOut:
    """Close an incident with its outcome."""

    def act(room: Room) -> IncidentOut:
        signing = signing_with(room, known, body.role, body.pairs())
        with photos_as_files(body.photos) as photos:
            text, where = body.text or body.reason, where_of(room, known)
            return IncidentOut.model_validate(
                incidents.conclude(room.office, code, body.outcome, signing, text=text, photos=photos, where=where)
            )

    return once.do(act)


@router.get("/alarms")
def list_alarms(room: InRoom) -> list[AlarmOut]:
    """Return the alarms a person should see now."""
    return [shown(each) for each in alarming.board(room.office).alarms]


@router.post("/alarms/{number}/acknowledge")
def acknowledge_alarm(once: DoOnce, known: SignedIn, number: Number) -> AlarmOut:
    """Take charge of an alarm by one's own name."""
    return once.do(lambda room: shown(alarming.acknowledge(room.office, number, answerer(known))))


@router.post("/alarms/{number}/quiet")
def quiet_alarm(once: DoOnce, known: SignedIn, number: Number, body: Quiet) -> AlarmOut:
    """Silence an alarm for some hours, with a reason."""

    def act(room: Room) -> AlarmOut:
        until = room.office.clock.now() + timedelta(hours=body.hours)
        return shown(alarming.quiet(room.office, number, until, body.reason, answerer(known)))

    return once.do(act)
