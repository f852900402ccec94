"""Midnight at the station: the stored scans are pinned in the custody log, and the log's head is signed.

Both happen once for each midnight that passed while there was something to pin; a station that slept through several
does it once when it wakes. The digest is SHA-256 over one line for each scan that arrived before that midnight, in the
order of their hashes:

    <sha256 of the scan> <size in bytes>\\n
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlmodel import Session, col

from archive.tables import Scan
from custody import ledger
from custody.entries import Stamp, read_body
from custody.entries_duty import HoldingsDigested
from custody.errors import CustodyError, Finding
from custody.ledger_tables import CheckpointRow, EntryRow
from custody.recording import record
from desk import ledgering
from desk.office import Office
from desk.signers import STATION

REASON, DESK = "midnight", "tick"
# An intake that began before midnight has committed by then: its scan must not come in after the digest was made.
SETTLED = timedelta(minutes=2)
_READ_AT_ONCE = 5000


@dataclass(frozen=True)
class Pinned:
    """The last time the scans were pinned: the entry, when, and what it says."""

    seq: int
    at: datetime
    digest: HoldingsDigested


def close_day(office: Office) -> None:
    """Pin the scans and sign the head for the last midnight, unless that is done or there was nothing before it."""
    now = office.clock.now().astimezone().replace(microsecond=0)
    midnight = midnight_before(now)
    if now - midnight < SETTLED:
        return
    with office.database.reading() as session:
        due = _is_due(session, midnight)
        entry = digest_of(session, midnight) if due else None
    if entry is not None:
        with office.database.atomic() as session:
            # Another tick may have been quicker while the scans were read.
            if _is_due(session, midnight):
                record(session, entry, Stamp(now, (STATION.code,), DESK), (STATION,))
    with office.database.reading() as session:
        pinned = last_pinned(session)
        signed = session.execute(select(func.max(CheckpointRow.size))).scalar() or 0
    # A crash may have come between the entry and its head.
    if pinned is not None and pinned.seq >= signed:
        ledgering.sign_head(office, REASON)


def judge_digest(office: Office) -> Mapping[int, Sequence[Finding]]:
    """Return whether the scans of the last pinned night are still the same (I18); no entry where none is pinned."""
    with office.database.reading() as session:
        if (pinned := last_pinned(session)) is None:
            return {}
        found = digest_of(session, midnight_before(pinned.at))
    if found == pinned.digest:
        return {18: []}
    facts = {"moment": pinned.at, "count": pinned.digest.scans, "found": found.scans}
    return {18: [Finding("scans-differ-from-digest", pinned.seq, facts=facts)]}


def midnight_before(moment: datetime) -> datetime:
    """Return the midnight a moment comes after, in the moment's own offset."""
    return datetime.combine(moment.date(), time(), moment.tzinfo)


def digest_of(session: Session, before: datetime) -> HoldingsDigested:
    """Return the digest of all scans that arrived before a moment; memory does not grow with their number."""
    running, count, size = sha256(), 0, 0
    query = select(col(Scan.sha256), col(Scan.size)).where(col(Scan.arrived_at) < before).order_by(col(Scan.sha256))
    for row in session.execute(query.execution_options(yield_per=_READ_AT_ONCE)):
        running.update(f"{row.sha256} {row.size}\n".encode())
        count, size = count + 1, size + row.size
    return HoldingsDigested(count, size, running.hexdigest())


def last_pinned(session: Session) -> Pinned | None:
    """Return the newest digest of the scans that can be read, None where there is none yet.

    One that was changed by hand is named by the check of the log; the nights after it are closed all the same.
    """
    kind = HoldingsDigested.KIND
    query = select(col(EntryRow.seq), col(EntryRow.body)).where(col(EntryRow.kind) == kind)
    for row in session.execute(query.order_by(col(EntryRow.seq).desc()).execution_options(yield_per=1)):
        with contextlib.suppress(CustodyError):
            entry, stamp = read_body(row.body)
            if isinstance(entry, HoldingsDigested):
                return Pinned(row.seq, stamp.at, entry)
    return None


def _is_due(session: Session, midnight: datetime) -> bool:
    if (pinned := last_pinned(session)) is not None:
        return pinned.at < midnight
    began = [session.execute(select(func.min(Scan.arrived_at))).scalar()]
    if ledger.size(session):
        began.append(read_body(ledger.entry(session, 0).body)[1].at)
    return any(each is not None and each < midnight for each in began)
