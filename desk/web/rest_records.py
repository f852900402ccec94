"""The custody log, its proofs, the invariants and the cover of the posts over REST."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field
from starlette.responses import PlainTextResponse

from custody.cover import Hole
from custody.errors import CustodyError
from desk import covering, head_copies, ledgering, logreading, verdicts
from desk.web.gate import InRoom, SignedIn
from desk.web.once import DoOnce
from desk.web.rest import Limit, Page, router_of
from desk.web.room import Room

router = router_of("records")
Seq = Annotated[int, Path(ge=0, le=2**53, description="Place of an entry in the log.")]
LONGEST_SPAN = 400 * 24 * 3600
TEXT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The proof (c2sp.org/tlog-proof).", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


class EntryOut(BaseModel):
    """One entry of the custody log: the certificate of something that happened."""

    seq: int = Field(description="Its place.")
    kind: str = Field(description="Its kind.")
    body: dict[str, Any] = Field(description="Its facts: who signed, when, what.")
    leaf: str = Field(description="Its RFC 6962 leaf hash, hex.")
    corrected: list[int] = Field(description="Entries that correct it.")


class HeadOut(BaseModel):
    """A signed head of the log."""

    size: int = Field(description="Entries it covers.")
    reason: str = Field(description="Why it was signed.")
    at: datetime | None = Field(description="When.")
    second: bool = Field(description="Whether a copy stands in the second place.")
    cosigned: list[str] = Field(description="Neighbours that cosigned it.")


class SignedHead(BaseModel):
    """A head that was just signed."""

    note: str = Field(description="The signed note (c2sp.org/tlog-checkpoint).")
    copies: int = Field(description="Copies in the second place.")


class VerdictOut(BaseModel):
    """One invariant, as it was judged."""

    number: int = Field(description="Its number, 1 to 20.")
    outcome: str = Field(description="holds, breached or not judged.")
    count: int = Field(description="How many findings there are.")


class JudgementOut(BaseModel):
    """How the invariants stood."""

    at: datetime
    by: str = Field(description="Who asked, empty for the station itself.")
    entries: int = Field(description="Entries looked at.")
    seconds: float = Field(description="How long it took.")
    breached: int = Field(description="How many do not hold.")
    verdicts: list[VerdictOut]


class CoverOut(BaseModel):
    """How one post was covered."""

    post: str
    name: str
    holes: list[Hole] = Field(description="Where too few were there: seconds since 1970.")


def entry_of(told: logreading.Told) -> EntryOut:
    """Return an entry as it is told."""
    return EntryOut(
        seq=told.seq,
        kind=told.kind,
        body=json.loads(told.body),
        leaf=told.leaf.hex(),
        corrected=list(told.corrected),
    )


def judgement_of(made: verdicts.Judgement) -> JudgementOut:
    """Return a judgement as it is told."""
    found = [VerdictOut(number=each.number, outcome=each.outcome, count=each.count) for each in made.verdicts]
    return JudgementOut(
        at=made.at, by=made.by, entries=made.entries, seconds=made.seconds, breached=made.breached, verdicts=found
    )


@router.get("/log")
def list_entries(
    room: InRoom,
    kind: Annotated[str, Query(max_length=40)] = "",
    person: Annotated[str, Query(max_length=40, description="Code of a signer.")] = "",
    text: Annotated[str, Query(max_length=200, description="A code that is named.")] = "",
    limit: Limit = 50,
    cursor: Annotated[str, Query(pattern=r"^[0-9]{0,15}$", description="The value of next from the part before.")] = "",
) -> Page[EntryOut]:
    """List entries, newest first; parts stay where they are while new entries come."""
    wanted = logreading.Wanted(kind, person.strip().upper(), text.strip())
    sheet = logreading.search(room.office, wanted, before=int(cursor) if cursor else None, limit=limit)
    older = None if sheet.older is None else str(sheet.older)
    return Page[EntryOut](items=[entry_of(each) for each in sheet.rows], next=older, total=sheet.size)


@router.get("/log/heads")
def list_heads(room: InRoom, limit: Limit = 50) -> list[HeadOut]:
    """List the signed heads, newest first, with where their copies are."""
    found = head_copies.heads(room.office, None, limit)
    return [
        HeadOut(size=each.size, reason=each.reason, at=each.at, second=each.second, cosigned=list(each.cosigned))
        for each in found
    ]


@router.post("/log/heads", status_code=201)
def sign_head(once: DoOnce) -> SignedHead:
    """Sign the log as it stands."""

    def act(room: Room) -> SignedHead:
        _head, note, copied = ledgering.sign_head(room.office)
        return SignedHead(note=note, copies=copied)

    return once.by_steps(act, 201)


@router.get("/log/{seq}")
def show_entry(room: InRoom, seq: Seq) -> EntryOut:
    """Return one entry."""
    return entry_of(logreading.look(room.office, seq))


@router.get("/log/{seq}/proof", responses=TEXT, response_class=PlainTextResponse)
def prove_entry(room: InRoom, seq: Seq) -> PlainTextResponse:
    """Return the proof that an entry is in the log, under the newest head that holds it."""
    return PlainTextResponse(ledgering.prove(room.office, seq))


@router.get("/verification")
def show_verification(room: InRoom) -> JudgementOut | None:
    """Return how the invariants stood when they were judged last, null where they never were."""
    made = verdicts.last(room.office)
    return judgement_of(made) if made else None


@router.post("/verification")
def verify(once: DoOnce, known: SignedIn) -> JudgementOut:
    """Judge the invariants over the whole log now."""
    return once.by_steps(lambda room: judgement_of(verdicts.judge(room.office, known.person.code)))


@router.get("/cover")
def show_cover(
    room: InRoom,
    since: Annotated[datetime, Query(description="From, with its zone.", examples=["2026-11-17T00:00:00+07:00"])],
    until: Annotated[datetime, Query(description="Until, with its zone.", examples=["2026-11-18T00:00:00+07:00"])],
) -> list[CoverOut]:
    """Return where posts had too few guards in a span of at most 400 days."""
    for each in (since, until):
        if each.tzinfo is None or not 1970 <= each.year < 9999:
            raise CustodyError("moment-unreadable", value=each.isoformat())
    start, end = int(since.timestamp()), int(until.timestamp())
    if not 0 < end - start <= LONGEST_SPAN:
        raise CustodyError("moment-unreadable", value=f"{since.isoformat()} – {until.isoformat()}")
    with room.office.database.reading() as session:
        found = covering.covers(room.office, session, start, end)
    return [CoverOut(post=each.post, name=each.name, holes=list(each.holes)) for each in found]
