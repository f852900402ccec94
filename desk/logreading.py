"""Reading the custody log by hand: entries that a person looks for, one entry with its neighbours, and its proof.

    found = search(office, Wanted(kind="package-sealed", person="NV01", text="7K3M9QXZ2", day=date(2026, 1, 5)))

What is looked for is compared with the exact bytes of the entries inside the database, so that a log of a million
entries is not carried out of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary, func, literal, select
from sqlmodel import Session, col

from custody import ledger
from custody.entries import Entry, Stamp, read_body
from custody.entries_duty import LogCorrected
from custody.errors import CustodyError
from custody.ledger import Stored
from custody.ledger_tables import CheckpointRow, EntryRow
from desk.office import Office

ROWS = 50
_ENTRIES = EntryRow.__table__  # type: ignore[attr-defined]  # given by SQLModel
# Members of every entry that say when, who and where; the others are the facts of its kind.
STAMP = frozenset({"v", "kind", "at", "by", "desk", "post", "device", "device_seq", "device_at"})


@dataclass(frozen=True)
class Wanted:
    """Which entries are wanted; empty values want all. `person` and `text` are codes the entry names."""

    kind: str = ""
    person: str = ""
    text: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Told:
    """One entry: its stamp and facts, None where it cannot be read, and entries that say that it was wrong."""

    seq: int
    kind: str
    body: bytes
    leaf: bytes
    entry: Entry | None
    stamp: Stamp | None
    corrected: tuple[int, ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """Return what stands in the body beside the stamp."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return {}
        return {name: value for name, value in told.items() if name not in STAMP} if isinstance(told, dict) else {}


@dataclass(frozen=True)
class Sheet:
    """A stretch of the log, newest first; `older` and `newer` are entries to go on from, None at an end."""

    rows: tuple[Told, ...]
    size: int
    older: int | None
    newer: int | None


def search(
    office: Office, wanted: Wanted, *, before: int | None = None, after: int | None = None, limit: int = ROWS
) -> Sheet:
    """Return wanted entries, newest first: those before an entry, those after one, or the newest."""
    asked = select(_ENTRIES.c.seq, _ENTRIES.c.kind, _ENTRIES.c.body, _ENTRIES.c.leaf)
    with office.database.reading() as session:
        for needle in _needles(wanted):
            asked = asked.where(_holds(session, needle))
        if wanted.kind:
            asked = asked.where(_ENTRIES.c.kind == wanted.kind)
        if after is not None:
            asked = asked.where(_ENTRIES.c.seq > after).order_by(_ENTRIES.c.seq)
        else:
            asked = asked.where(_ENTRIES.c.seq < before) if before is not None else asked
            asked = asked.order_by(_ENTRIES.c.seq.desc())
        rows = [
            Stored(seq, kind, bytes(body), bytes(leaf))
            for seq, kind, body, leaf in session.execute(asked.limit(limit + 1))
        ]
        count = ledger.size(session)
        more, rows = len(rows) > limit, rows[:limit]
        if after is not None:
            rows.reverse()
        told = [_told(each) for each in rows]
    if not told:
        return Sheet((), count, None, None)
    has_older = more if after is None else True
    has_newer = more if after is not None else before is not None
    return Sheet(tuple(told), count, told[-1].seq if has_older else None, told[0].seq if has_newer else None)


def look(office: Office, seq: int) -> Told:
    """Return one entry; CustodyError "entry-unknown"."""
    with office.database.reading() as session:
        stored = ledger.entry(session, seq)
        return _told(stored, tuple(_corrections(session, seq)))


def signed_size(office: Office) -> int:
    """Return how many entries the newest head covers, 0 where nothing was ever signed."""
    with office.database.reading() as session:
        return int(session.execute(select(func.max(col(CheckpointRow.size)))).scalar() or 0)


def size(office: Office) -> int:
    """Return how many entries the log holds."""
    with office.database.reading() as session:
        return ledger.size(session)


def kinds(office: Office) -> list[str]:
    """Return the kinds of entries that the log holds."""
    with office.database.reading() as session:
        return sorted(session.execute(select(_ENTRIES.c.kind).distinct()).scalars())


def naming(office: Office, code: str, until: datetime | None = None, most: int = 2000) -> list[Told]:
    """Return the entries that name a code, oldest first, up to a moment of the server's time."""
    with office.database.reading() as session:
        asked = select(_ENTRIES.c.seq, _ENTRIES.c.kind, _ENTRIES.c.body, _ENTRIES.c.leaf)
        asked = asked.where(_holds(session, _quoted(code))).order_by(_ENTRIES.c.seq.desc()).limit(most)
        told = [_told(Stored(seq, kind, bytes(body), bytes(leaf))) for seq, kind, body, leaf in session.execute(asked)]
    return [each for each in reversed(told) if until is None or each.stamp is None or each.stamp.at <= until]


def _needles(wanted: Wanted) -> Iterator[bytes]:
    """Yield the bytes that a wanted entry holds: canonical JSON has one way to write each value."""
    for text in (wanted.person, wanted.text):
        if text:
            yield _quoted(text)
    if wanted.day is not None:
        yield f'"at":"{wanted.day.isoformat()}T'.encode()


def _quoted(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False).encode()


def _holds(session: Session, needle: bytes) -> Any:
    """Return the condition that an entry's bytes hold others; each engine has its own word for it."""
    place = literal(needle, LargeBinary())
    if session.get_bind().dialect.name == "postgresql":
        return func.position(place.op("IN")(_ENTRIES.c.body)) > 0
    return func.instr(_ENTRIES.c.body, place) > 0


def _corrections(session: Session, seq: int) -> Iterator[int]:
    for stored in ledger.of_kind(session, LogCorrected.KIND):
        entry, _ = read_body(stored.body)
        if isinstance(entry, LogCorrected) and entry.corrects == seq:
            yield stored.seq


def _told(stored: Stored, corrected: Sequence[int] = ()) -> Told:
    try:
        entry, stamp = read_body(stored.body)
    except CustodyError:
        return Told(stored.seq, stored.kind, stored.body, stored.leaf, None, None, tuple(corrected))
    return Told(stored.seq, stored.kind, stored.body, stored.leaf, entry, stamp, tuple(corrected))
