"""Shell: the append-only custody log in the database: add entries, read them, and prove what stands in it.

An append happens inside the caller's writing transaction, so that entries, their hashes and every projection of
current state commit together or not at all. Writers are serialised by the database: SQLite's one writer, and one
advisory lock on PostgreSQL. There is no other way in and no way out: triggers refuse UPDATE and DELETE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import LargeBinary, bindparam, func, insert, select, text
from sqlmodel import Session

from custody import merkle
from custody.canonical import decode
from custody.errors import CustodyError
from custody.ledger_tables import EntryRow, NodeRow

# An arbitrary number that stands for "appending to the log" among PostgreSQL's advisory locks.
LOCK = 0x6C75757472
LONGEST_BODY = 1 << 20
READ_AT_ONCE = 5000
# An entry as the tuple (seq, kind, body, leaf), in the order of `Stored`.
Row = tuple[int, str, bytes, bytes]
_ENTRIES, _NODES = EntryRow.__table__, NodeRow.__table__  # type: ignore[attr-defined]  # given by SQLModel
# Made once: an append and a proof ask these many times, and building a statement costs more than running it.
_LAST = select(func.max(_ENTRIES.c.seq))
_LEAF = select(_ENTRIES.c.leaf).where(_ENTRIES.c.seq == bindparam("at_position"))
_NODE = select(_NODES.c.hash).where(
    _NODES.c.level == bindparam("at_level"), _NODES.c.position == bindparam("at_position")
)


@dataclass(frozen=True)
class Appended:
    """Where an entry came to stand."""

    seq: int
    leaf: bytes


@dataclass(frozen=True)
class Stored:
    """An entry as it is stored."""

    seq: int
    kind: str
    body: bytes
    leaf: bytes


def append(session: Session, bodies: Sequence[bytes]) -> list[Appended]:
    """Add entries at the end, in order, inside the caller's `Database.atomic()` transaction.

    Each body is canonical JSON with a text member `kind`. Raises CustodyError "not-canonical", "entry-without-kind"
    or "entry-too-large"; nothing is added then.
    """
    kinds = [_kind_of(body) for body in bodies]
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    start = size(session)
    fresh: dict[tuple[int, int], bytes] = {}

    def look(level: int, index: int) -> bytes:
        known = fresh.get((level, index))
        return known if known is not None else node(session, level, index)

    entries, added = [], []
    for offset, (kind, body) in enumerate(zip(kinds, bodies, strict=True)):
        seq, leaf = start + offset, merkle.leaf_hash(body)
        for level, index, hashed in merkle.grow(seq, leaf, look):
            fresh[level, index] = hashed
        entries.append({"seq": seq, "kind": kind, "body": body, "leaf": leaf})
        added.append(Appended(seq, leaf))
    if entries:
        session.execute(insert(_ENTRIES), entries)
    rows = [{"level": at[0], "position": at[1], "hash": hashed} for at, hashed in fresh.items() if at[0]]
    if rows:
        session.execute(insert(_NODES), rows)
    return added


def size(session: Session) -> int:
    """Return how many entries there are."""
    last = session.execute(_LAST).scalar_one()
    return 0 if last is None else int(last) + 1


def root(session: Session, at: int | None = None) -> bytes:
    """Return the root over the first `at` entries, over all by default."""
    return merkle.root(size(session) if at is None else at, lambda level, index: node(session, level, index))


def read(session: Session, start: int = 0, end: int | None = None) -> Iterator[Stored]:
    """Yield the entries [start, end) in order; memory does not grow with their number."""
    while end is None or start < end:
        stop = start + READ_AT_ONCE if end is None else min(end, start + READ_AT_ONCE)
        rows = read_rows(session, start, stop)
        for row in rows:
            yield Stored(*row)
        if not rows and start >= size(session):
            return
        # Where rows were taken out of a damaged log, the ones behind the hole are read all the same.
        start = stop


def naming(session: Session, sought: str) -> Iterator[Stored]:
    """Yield the entries whose body has a text somewhere, in order; the database looks, which is faster than reading."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    condition = text("instr(body, :sought) > 0" if is_sqlite else "position(:sought IN body) > 0")
    wanted = condition.bindparams(bindparam("sought", sought.encode(), type_=LargeBinary))
    columns = select(_ENTRIES.c.seq, _ENTRIES.c.kind, _ENTRIES.c.body, _ENTRIES.c.leaf)
    for seq, kind, body, leaf in session.execute(columns.where(wanted).order_by(_ENTRIES.c.seq)):
        yield Stored(seq, kind, bytes(body), bytes(leaf))


def of_kind(session: Session, kind: str) -> list[Stored]:
    """Return the entries of one kind in order."""
    columns = select(_ENTRIES.c.seq, _ENTRIES.c.kind, _ENTRIES.c.body, _ENTRIES.c.leaf)
    found = session.execute(columns.where(_ENTRIES.c.kind == kind).order_by(_ENTRIES.c.seq))
    return [Stored(seq, kind, bytes(body), bytes(leaf)) for seq, kind, body, leaf in found]


def read_rows(session: Session, start: int, end: int) -> list[Row]:
    """Return the entries [start, end) as plain rows, all at once: for who reads a million of them."""
    columns = select(_ENTRIES.c.seq, _ENTRIES.c.kind, _ENTRIES.c.body, _ENTRIES.c.leaf)
    found = session.execute(columns.where(_ENTRIES.c.seq >= start, _ENTRIES.c.seq < end).order_by(_ENTRIES.c.seq))
    return [(seq, kind, bytes(body), bytes(leaf)) for seq, kind, body, leaf in found.all()]


def entry(session: Session, seq: int) -> Stored:
    """Return one entry; raises CustodyError "entry-unknown"."""
    found = next(read(session, seq, seq + 1), None)
    if found is None:
        raise CustodyError("entry-unknown", entry=seq, size=size(session))
    return found


def node(session: Session, level: int, index: int) -> bytes:
    """Return a stored subtree hash; raises CustodyError "node-missing"."""
    asked = {"at_level": level, "at_position": index} if level else {"at_position": index}
    found = session.execute(_NODE if level else _LEAF, asked).scalar_one_or_none()
    if found is None:
        raise CustodyError("node-missing", level=level, index=index)
    return bytes(found)


def prove_inclusion(session: Session, seq: int, at: int) -> tuple[bytes, ...]:
    """Return the audit path of entry `seq` in the log of `at` entries."""
    return merkle.prove_inclusion(seq, at, lambda level, index: node(session, level, index))


def prove_consistency(session: Session, old: int, new: int) -> tuple[bytes, ...]:
    """Return the proof that the log of `new` entries begins with the log of `old` entries."""
    return merkle.prove_consistency(old, new, lambda level, index: node(session, level, index))


def _kind_of(body: bytes) -> str:
    if len(body) > LONGEST_BODY:
        raise CustodyError("entry-too-large", size=len(body), limit=LONGEST_BODY)
    kind = decode(body).get("kind")
    if not isinstance(kind, str) or not 0 < len(kind) <= 40:
        raise CustodyError("entry-without-kind")
    return kind
