"""What phones noted while they had no network: every note enters the log in the phone's own order, and none is dropped.

A note is recorded under its number. What is not allowed any more when it arrives, or cannot be read, becomes an
incident under the same number, with the bytes that were sent, and why they were refused, in the vault: the failure
stays visible and the phone's numbers have no gap. The same batch may be sent again, whole or in part, as often as
the network asks for.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from custody import ledger
from custody.canonical import encode
from custody.entries import VERSION, Entry, Stamp, read_body
from custody.entries_duty import IncidentOpened
from custody.errors import CustodyError
from custody.moments import format_moment
from custody.projections import Projections
from custody.recording import record
from custody.rules import MOST_SIGNERS, Signer
from desk import custodial
from desk.office import Office
from desk.placing import with_known_places
from desk.spelling import spelled
from desk.watching_log import hear

# The office's own acts: a phone that sends one has been tampered with, or is of another release.
NOT_FROM_PHONES = frozenset({"dossiers-registered", "roll-issued", "shift-planned"})
LOOK_BACK = 500


class Outcome(StrEnum):
    """What became of a note."""

    RECORDED = "recorded"
    INCIDENT = "incident"
    KNOWN = "known"
    OWED = "owed"


@dataclass(frozen=True)
class Note:
    """One note of a phone: its number there from 0, the phone's time, its facts, and who signed it on the phone.

    `facts` are the bytes the phone sent: JSON with "kind" and the facts of that kind. Whoever calls has proven the
    signers, at least one.
    """

    number: int
    at: datetime
    facts: bytes
    signers: tuple[Signer, ...]


@dataclass(frozen=True)
class Contact:
    """What a phone says of itself with a batch: its time now, its next note's number, and how many it will still hold.

    `holds` counts what it has not sent with this batch.
    """

    now: datetime
    next_number: int
    holds: int = 0


@dataclass(frozen=True)
class Accepted:
    """What became of one note: `entry` is its place in the log (-1 while an earlier note is owed).

    `refusal` is the code of why it could not be recorded as it was, "" where it was; `incident` the incident's number.
    """

    number: int
    outcome: Outcome
    entry: int = -1
    refusal: str = ""
    incident: str = ""


def accept(
    office: Office, device: str, post: str, notes: Sequence[Note], said: Contact | None = None
) -> list[Accepted]:
    """Take notes of one phone in the order of their numbers; each stands in the log before the next is looked at.

    A note whose number is recorded already is known; with other contents than recorded it becomes an incident beside
    it, once. From the first note that overtakes a missing one all are owed and nothing of them is written: the phone
    keeps them and sends again.

    What the phone `said` of itself is kept for the alarms about silent phones and wrong clocks; where it said nothing,
    what its notes tell: it has made them, and still holds those from the first that is owed on.
    """
    accepted = [_accept(office, device, post, note) for note in sorted(notes, key=lambda each: each.number)]
    if said is not None:
        hear(office, device, said.now, said.next_number, said.holds)
    elif accepted:
        made = max(each.number for each in accepted) + 1
        hear(office, device, None, made, max(0, made - due(office, device)))
    return accepted


def due(office: Office, device: str) -> int:
    """Return the number the next note of a phone must have."""
    with office.database.reading() as session:
        known = Projections(session).device(device)
        return known.due if known else 0


def _accept(office: Office, device: str, post: str, note: Note) -> Accepted:
    now = custodial.local_now(office)
    held = office.vault.hold(io.BytesIO(note.facts))
    try:
        with office.database.atomic() as session:
            known = Projections(session).device(device)
            wanted = known.due if known else 0
            if note.number > wanted or note.number < 0:
                return Accepted(note.number, Outcome.OWED, refusal="device-entry-owed")
            at = (note.at if note.at.tzinfo else note.at.replace(tzinfo=now.tzinfo)).replace(microsecond=0)
            stamp = Stamp(now, _names(note.signers), "", post or device, device, note.number, at)
            if note.number < wanted:
                made = _known(session, stamp, note, known.entry if known else -1)
            else:
                made = _record(session, stamp, note)
            if made.outcome is Outcome.INCIDENT:
                office.vault.keep(held)
                office.vault.keep(office.vault.hold(io.BytesIO(_why(device, note.number, made.refusal))))
            return made
    finally:
        office.vault.drop(held)


def _record(session: Session, stamp: Stamp, note: Note) -> Accepted:
    """Record a note whose turn it is, or the incident that stands for it."""
    try:
        # A refused entry leaves nothing behind: the savepoint keeps that true whatever a database error did.
        with session.begin_nested():
            entry = with_known_places(session, spelled(_entry_of(note.facts, stamp)))
            return Accepted(note.number, Outcome.RECORDED, record(session, entry, stamp, note.signers).seq)
    except CustodyError as refused:
        return _open_incident(session, stamp, note, refused.code)


def _known(session: Session, stamp: Stamp, note: Note, last: int) -> Accepted:
    """Compare a note with what stands under its number."""
    seq, entry, before = _recorded(session, stamp.device, note.number, last)
    if isinstance(entry, IncidentOpened) and _sha256(note.facts) in entry.attachments:
        return Accepted(note.number, Outcome.KNOWN, seq, incident=entry.incident)
    try:
        same = _entry_of(note.facts, stamp)
        if with_known_places(session, spelled(same)) == entry and before.device_at == stamp.device_at:
            return Accepted(note.number, Outcome.KNOWN, seq)
    except CustodyError:
        pass
    number = _incident_of(stamp.device, note)
    if (already := _opened(session, number)) >= 0:
        return Accepted(note.number, Outcome.KNOWN, already, "device-number-taken", number)
    # Beside the phone's own count: that number is taken.
    beside = replace(stamp, device="", device_seq=-1, device_at=None)
    return _open_incident(session, beside, note, "device-number-taken", stamp.device)


def _open_incident(session: Session, stamp: Stamp, note: Note, refusal: str, device: str = "") -> Accepted:
    number = _incident_of(device or stamp.device, note)
    why = _why(device or stamp.device, note.number, refusal)
    grave = "high" if device else "medium"
    entry = IncidentOpened(number, _about(note.facts), grave, (_sha256(note.facts), _sha256(why)))
    by_code = {each.code: each for each in note.signers}
    signers = [by_code[code] for code in stamp.by]
    added = record(session, entry, stamp, [replace(each, at=None) for each in signers])
    return Accepted(note.number, Outcome.INCIDENT, added.seq, refusal, number)


def _entry_of(facts: bytes, stamp: Stamp) -> Entry:
    """Return the entry the facts stand for; CustodyError "entry-malformed", "not-canonical", "kind-not-from-phones"."""
    told = _read(facts)
    kind = told.get("kind")
    if isinstance(kind, str) and (kind.startswith("log-") or kind in NOT_FROM_PHONES):
        raise CustodyError("kind-not-from-phones", kind=kind)
    whole = {**told, "v": VERSION, "at": format_moment(stamp.at), "by": stamp.by, "desk": "phone"}
    entry, _ = read_body(encode(whole))
    return entry


def _read(facts: bytes) -> dict[str, Any]:
    """Return the facts a phone sent, in whatever order and spacing; CustodyError "not-canonical" for no JSON object."""
    try:
        told = json.loads(facts)
    except (ValueError, RecursionError) as broken:
        raise CustodyError("not-canonical", why="not-json", place="", detail=type(broken).__name__) from broken
    if not isinstance(told, dict):
        raise CustodyError("not-canonical", why="not-an-object", place="")
    return told


def _about(facts: bytes) -> str:
    """Return what a refused note is about: its package, dossier or kind, as far as it can be read."""
    try:
        told = _read(facts)
    except CustodyError:
        return "unreadable"
    found = next(
        (told[name] for name in ("package", "dossier", "round", "kind") if isinstance(told.get(name), str)), ""
    )
    return str(found)[:100] or "unreadable"


def _recorded(session: Session, device: str, number: int, last: int) -> tuple[int, Entry, Stamp]:
    """Return what stands in the log under a phone's number, looking back from the phone's last entry."""
    end = last + 1
    while end > 0:
        start = max(0, end - LOOK_BACK)
        for stored in reversed(ledger.read_rows(session, start, end)):
            if device.encode() in stored[2]:
                entry, stamp = read_body(stored[2])
                if (stamp.device, stamp.device_seq) == (device, number):
                    return stored[0], entry, stamp
        end = start
    raise CustodyError("entry-unknown", entry=number, size=last + 1)


def _opened(session: Session, incident: str) -> int:
    """Return the entry that opened an incident, -1 where none did."""
    named = incident.encode()
    for stored in ledger.read(session):
        if stored.kind == IncidentOpened.KIND and named in stored.body:
            return stored.seq
    return -1


def _incident_of(device: str, note: Note) -> str:
    """Return the number of the incident a note becomes: the same for the same bytes under the same number."""
    told = f"{device}\0{note.number}\0".encode() + note.facts
    return f"SV-{hashlib.sha256(told).hexdigest()[:12].upper()}"


def _why(device: str, number: int, refusal: str) -> bytes:
    """Return the text beside a refused note: which note it was and the code of its refusal."""
    return encode({"device": device, "number": number, "refusal": refusal})


def _names(signers: Sequence[Signer]) -> tuple[str, ...]:
    """Return who signs: each once, so that a note signed wrongly can still become an incident."""
    return tuple(dict.fromkeys(each.code for each in signers))[:MOST_SIGNERS]


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
