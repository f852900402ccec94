"""Shell: the append-only custody log in the database: add entries, read them, and prove what stands in it.

An append happens inside the caller's writing transaction, so that entries, their hashes and every projection of
current state commit together or not at all. Writers are serialised by the database: SQLite's one writer, and one
advisory lock on PostgreSQL. There is no other way in and no way out: triggers refuse UPDATE and DELETE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import LargeBinary, bindparam, text
from sqlmodel import Session

from archive.database import run, run_many
from custody import merkle
from custody.canonical import decode
from custody.entries import read_ordinary
from custody.errors import CustodyError

# An arbitrary number that stands for "appending to the log" among PostgreSQL's advisory locks.
LOCK = 0x6C75757472
LONGEST_BODY = 1 << 20
READ_AT_ONCE = 5000
# An entry as the tuple (seq, kind, body, leaf), in the order of `Stored`.
Row = tuple[int, str, bytes, bytes]
# By the driver alone: an append, a proof and a check ask these so often that building a statement costs more.
_LAST = "SELECT max(seq) FROM ledger_entry"
_LEAF = "SELECT leaf FROM ledger_entry WHERE seq = ?"
_NODE = "SELECT hash FROM ledger_node WHERE level = ? AND position = ?"
_ROWS = "SELECT seq, kind, body, leaf FROM ledger_entry WHERE seq >= ? AND seq < ? ORDER BY seq"
_OF_KIND = "SELECT seq, kind, body, leaf FROM ledger_entry WHERE kind = ? ORDER BY seq"
_ADD_ENTRY = "INSERT INTO ledger_entry (seq, kind, body, leaf) VALUES (?, ?, ?, ?)"
_ADD_NODE = "INSERT INTO ledger_node (level, position, hash) VALUES (?, ?, ?)"


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


def hold(session: Session) -> None:
    """Wait until nobody else appends, and keep others waiting until the transaction ends.

    SQLite has one writer as it is.
    """
    if session.get_bind().dialect.name == "postgresql":
        run(session, "SELECT pg_advisory_xact_lock(?)", (LOCK,))


def append(session: Session, bodies: Sequence[bytes]) -> list[Appended]:
    """Add entries at the end, in order, inside the caller's `Database.atomic()` transaction.

    Each body is canonical JSON with a text member `kind`. Raises CustodyError "not-canonical", "entry-without-kind"
    or "entry-too-large"; nothing is added then.
    """
    kinds = [_kind_of(body) for body in bodies]
    hold(session)
    start = size(session)
    fresh: dict[tuple[int, int], bytes] = {}

    def look(level: int, index: int) -> bytes:
        known = fresh.get((level, index))
        return known if known is not None else node(session, level, index)

    entries: list[Row] = []
    for offset, (kind, body) in enumerate(zip(kinds, bodies, strict=True)):
        seq, leaf = start + offset, merkle.leaf_hash(body)
        for level, index, hashed in merkle.grow(seq, leaf, look):
            fresh[level, index] = hashed
        entries.append((seq, kind, body, leaf))
    nodes = [(level, index, hashed) for (level, index), hashed in fresh.items() if level]
    if entries:
        run_many(session, _ADD_ENTRY, entries)
    if nodes:
        run_many(session, _ADD_NODE, nodes)
    return [Appended(seq, leaf) for seq, _, _, leaf in entries]


def size(session: Session) -> int:
    """Return how many entries there are."""
    last = run(session, _LAST).fetchone()[0]
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
    has_it = "instr(body, :sought) > 0" if is_sqlite else "position(:sought IN body) > 0"
    asked = text(f"SELECT seq, kind, body, leaf FROM ledger_entry WHERE {has_it} ORDER BY seq")  # noqa: S608  # one of two constants
    wanted = asked.bindparams(bindparam("sought", sought.encode(), type_=LargeBinary))
    for seq, kind, body, leaf in session.execute(wanted):
        yield Stored(seq, kind, bytes(body), bytes(leaf))


def of_kind(session: Session, kind: str) -> list[Stored]:
    """Return the entries of one kind in order."""
    return [Stored(*row) for row in run(session, _OF_KIND, (kind,))]


def read_rows(session: Session, start: int, end: int) -> list[Row]:
    """Return the entries [start, end) as plain rows, all at once: for who reads a million of them."""
    rows: list[Row] = run(session, _ROWS, (start, end)).fetchall()
    return rows


def entry(session: Session, seq: int) -> Stored:
    """Return one entry; raises CustodyError "entry-unknown"."""
    found = next(read(session, seq, seq + 1), None)
    if found is None:
        raise CustodyError("entry-unknown", entry=seq, size=size(session))
    return found


def node(session: Session, level: int, index: int) -> bytes:
    """Return a stored subtree hash; raises CustodyError "node-missing"."""
    found = (run(session, _NODE, (level, index)) if level else run(session, _LEAF, (index,))).fetchone()
    if found is None:
        raise CustodyError("node-missing", level=level, index=index)
    return bytes(found[0])


def prove_inclusion(session: Session, seq: int, at: int) -> tuple[bytes, ...]:
    """Return the audit path of entry `seq` in the log of `at` entries."""
    return merkle.prove_inclusion(seq, at, lambda level, index: node(session, level, index))


def prove_consistency(session: Session, old: int, new: int) -> tuple[bytes, ...]:
    """Return the proof that the log of `new` entries begins with the log of `old` entries."""
    return merkle.prove_consistency(old, new, lambda level, index: node(session, level, index))


def _kind_of(body: bytes) -> str:
    if len(body) > LONGEST_BODY:
        raise CustodyError("entry-too-large", size=len(body), limit=LONGEST_BODY)
    found = read_ordinary(body)
    kind = found[0].KIND if found is not None else decode(body).get("kind")
    if not isinstance(kind, str) or not 0 < len(kind) <= 40:
        raise CustodyError("entry-without-kind")
    return kind
