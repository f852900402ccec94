"""Guarding over REST: posts and shifts, hand-overs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field

from archive import people
from archive import reliefs as drafts
from custody.errors import CustodyError
from custody.shifts import Relief
from desk import on_watch, relief_ends, reliefs, shifts
from desk.reliefs import Closing
from desk.web.entering import person_code
from desk.web.gate import InRoom, SignedIn
from desk.web.once import DoOnce
from desk.web.phone_reliefs import counted, mine
from desk.web.rest import Recorded, recorded, router_of, where_of
from desk.web.rest_bodies import (
    Codes,
    HandoverClose,
    NewHandover,
    OwnPin,
    Replacement,
)
from desk.web.room import Room
from desk.web.signing import signing_with

router = router_of("guarding")
Code = Annotated[str, Path(max_length=100)]


class PostOut(BaseModel):
    """How a post stands now."""

    post: str = Field(description="Its code.")
    name: str
    needed: int = Field(description="Guards it needs at this moment.")
    on_duty: list[str] = Field(description="Codes of the guards on duty.")
    planned: list[tuple[str, int, int]] = Field(description="(guard, from, until) as planned, seconds since 1970.")


class Handover(BaseModel):
    """A hand-over. What differs is null until the count is in: it is blind."""

    code: str = Field(description="Its code.")
    post: str
    giver: str
    receiver: str
    state: str = Field(description="open (counting), counted, ended or void.")
    scanned: int = Field(description="Packages scanned so far.")
    differences: list[tuple[str, str]] | None = Field(description="(package, what differs), once counted.")
    waits_for: list[str] = Field([], description="Who has not signed yet.")


def handover_of(room: Room, code: str, waits_for: tuple[str, ...] = ()) -> Handover:
    """Return a hand-over as it is told."""
    with room.office.database.reading() as session:
        draft = drafts.find(session, code)
        scanned = len(drafts.scanned(session, code))
    found: Relief | None = None if draft.state == drafts.OPEN else counted(room, code)
    return Handover(
        code=draft.code,
        post=draft.post,
        giver=draft.giver,
        receiver=draft.receiver,
        state=draft.state,
        scanned=scanned,
        differences=list(found.differences) if found else None,
        waits_for=list(waits_for),
    )


@router.get("/posts")
def list_posts(room: InRoom) -> list[PostOut]:
    """Return how the posts stand now: who is on duty, how many are needed, what is planned."""
    return [
        PostOut(
            post=each.post,
            name=each.name,
            needed=each.needed,
            on_duty=[duty.guard for duty in each.on_duty],
            planned=[(who, start, until) for who, start, until in each.planned],
        )
        for each in shifts.show(room.office)
    ]


@router.post("/posts/{code}/start")
def start_shift(once: DoOnce, known: SignedIn, code: Code, body: OwnPin) -> Recorded:
    """Begin a shift at a post; the guard's own PIN confirms it."""

    def act(room: Room) -> Recorded:
        me = known.person.code
        done = shifts.start(room.office, code, me, [(f"{me}:guard", body.pin)], where_of(room, known))
        return recorded([done], code)

    return once.do(act)


@router.post("/posts/{code}/leave")
def leave_post(once: DoOnce, known: SignedIn, code: Code, body: OwnPin) -> Recorded:
    """End a shift without a hand-over; what that leaves uncovered is recorded."""

    def act(room: Room) -> Recorded:
        me = known.person.code
        signing = [(f"{me}:guard", body.pin)]
        return recorded([shifts.leave(room.office, code, me, signing, body.reason, where_of(room, known))], code)

    return once.do(act)


@router.post("/posts/{code}/replace")
def replace_guard(once: DoOnce, known: SignedIn, code: Code, body: Replacement) -> Recorded:
    """Send a guard in the place of one who did not come; the guard and the leader sign."""

    def act(room: Room) -> Recorded:
        signing = signing_with(room, known, body.role or "leader", body.pairs())
        absent, guard = person_code(room, body.absent), person_code(room, body.guard)
        done = shifts.replace_guard(
            room.office, code, absent, guard, body.reason, signing, shifts.at(code, where_of(room, known))
        )
        return recorded([done], code)

    return once.do(act)


@router.post("/handovers", status_code=201)
def begin_handover(once: DoOnce, known: SignedIn, body: NewHandover) -> Handover:
    """Begin the blind count of a hand-over, or go on with the one that was interrupted."""

    def act(room: Room) -> Handover:
        me, watch = known.person.code, on_watch.watch_of(room.office, known.person.code)
        with room.office.database.reading() as session:
            other = people.find(session, person_code(room, body.other)).code
        giver, receiver = (me, other) if watch.post else (other, me)
        post = watch.post.post if watch.post else body.post
        return handover_of(room, reliefs.begin(room.office, post, giver, receiver).code)

    return once.do(act, 201)


@router.get("/handovers/{code}")
def show_handover(room: InRoom, known: SignedIn, code: Code) -> Handover:
    """Return a hand-over of the token's person."""
    mine(room, known, code)
    return handover_of(room, code)


@router.post("/handovers/{code}/scan")
def scan_handover(once: DoOnce, known: SignedIn, code: Code, body: Codes) -> Handover:
    """Keep what was scanned so far."""

    def act(room: Room) -> Handover:
        mine(room, known, code)
        reliefs.scan(room.office, code, body.codes)
        return handover_of(room, code)

    return once.do(act)


@router.post("/handovers/{code}/count")
def count_handover(once: DoOnce, known: SignedIn, code: Code, body: OwnPin) -> Handover:
    """Put the count in with the PIN of who takes over; from here on the differences are shown."""

    def act(room: Room) -> Handover:
        draft = mine(room, known, code)
        reliefs.count(room.office, code, [(f"{draft.receiver}:guard", body.pin)], where_of(room, known))
        return handover_of(room, code)

    return once.do(act)


@router.post("/handovers/{code}/close")
def close_handover(once: DoOnce, known: SignedIn, code: Code, body: HandoverClose) -> Handover:
    """Close a hand-over with two PINs, given together or one by one within ten minutes."""

    def act(room: Room) -> Handover:
        draft = mine(room, known, code)
        stead = person_code(room, body.stead) if body.stead else ""
        given = (
            (f"{stead}:leader" if stead else f"{draft.giver}:guard", body.giver_pin),
            (f"{draft.receiver}:guard", body.receiver_pin),
        )
        signing = [each for each in given if each[1]]
        if not signing:
            raise CustodyError("signer-incomplete", signer=draft.receiver)
        closing = Closing(dict(body.incidents), True, tuple(body.keys), body.situation, stead)
        closed = reliefs.hand_over(room.office, code, signing, closing, where_of(room, known))
        return handover_of(room, code, tuple(closed.waits_for))

    # A closed hand-over signs a head, which is copied to the second place at once.
    return once.by_steps(act)


@router.post("/handovers/{code}/refuse")
def refuse_handover(once: DoOnce, known: SignedIn, code: Code, body: OwnPin) -> Handover:
    """Let who should take over refuse, with a reason."""

    def act(room: Room) -> Handover:
        draft = mine(room, known, code)
        signing = [(f"{draft.receiver}:guard", body.pin)]
        relief_ends.refuse(room.office, code, body.reason, signing, where_of(room, known))
        return handover_of(room, code)

    return once.do(act)


@router.post("/handovers/{code}/void")
def void_handover(once: DoOnce, known: SignedIn, code: Code) -> Handover:
    """Give up a hand-over in progress; who gives stays responsible."""

    def act(room: Room) -> Handover:
        mine(room, known, code)
        relief_ends.give_up(room.office, code)
        return handover_of(room, code)

    return once.do(act)
