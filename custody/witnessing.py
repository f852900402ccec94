"""Shell: this station as a witness of other offices' logs (c2sp.org/tlog-witness), which signs that they only grew.

Of each log only its keys and the last head are kept. The comparison with that head and its replacement are one writing
transaction, so that two requests at once can never take a log back. Restarting a log whose office lost entries is a
person's act (`forget`), and what was cosigned before is handed out as evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, insert, select, text, update
from sqlmodel import Session, col

from archive import durable
from custody import checkpoint, cosignature, merkle, notes
from custody.errors import CustodyError
from custody.notes import SignerKey, VerifierKey
from custody.witness_request import Request, parse_request
from custody.witness_tables import WatchedRow

PRIVATE, PUBLIC = "witness.key", "witness.pub"
SIZE_KIND, PLAIN = "text/x.tlog.size", "text/plain; charset=utf-8"
MOST_ORIGIN = 200
# An arbitrary number that stands for "moving a watched log on" among PostgreSQL's advisory locks.
LOCK = 0x77617463


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status, its content type, its text."""

    status: int
    kind: str
    text: str


@dataclass(frozen=True)
class Watched:
    """Another office's log: its name, its keys, and the size of the head we cosigned last (0: none yet)."""

    origin: str
    keys: tuple[VerifierKey, ...]
    size: int
    cosigned_at: datetime | None


def open_key(folder: Path, name: str) -> SignerKey:
    """Read the key this station cosigns with, and make it the first time; it signs nothing else.

    Raises CustodyError "key-missing" where only its public half lies there: neighbours know that one.
    """
    path = folder / PRIVATE
    if path.exists():
        return notes.parse_signer(path.read_text(encoding="utf-8").strip(), notes.COSIGNATURE)
    if (folder / PUBLIC).exists():
        raise CustodyError("key-missing", path=str(path))
    key = notes.new_key(name, notes.COSIGNATURE)
    durable.make_folder(folder)
    durable.write_whole(path, f"{key.written()}\n".encode(), 0o600)
    durable.write_whole(folder / PUBLIC, f"{key.verifier}\n".encode())
    return key


def watch(session: Session, key: VerifierKey, origin: str = "") -> Watched:
    """Begin to cosign a log, or add another key to one; `origin` is the key's name unless told otherwise.

    Raises CustodyError "origin-too-long".
    """
    origin = origin or key.name
    if len(origin) > MOST_ORIGIN or not origin.strip() or "\n" in origin:
        raise CustodyError("origin-too-long", most=MOST_ORIGIN)
    _lock(session)
    row = session.get(WatchedRow, origin)
    if row is None:
        fresh = {"origin": origin, "keys": str(key), "size": 0, "root": merkle.EMPTY, "note": "", "cosigned_at": None}
        session.execute(insert(WatchedRow), [fresh])
    elif str(key) not in row.keys.split("\n"):
        session.execute(update(WatchedRow).where(col(WatchedRow.origin) == origin).values(keys=f"{key}\n{row.keys}"))
    session.expire_all()
    return next(each for each in watched(session) if each.origin == origin)


def watched(session: Session) -> list[Watched]:
    """Return the logs this station cosigns, by name."""
    columns = (col(WatchedRow.origin), col(WatchedRow.keys), col(WatchedRow.size), col(WatchedRow.cosigned_at))
    rows = session.execute(select(*columns).order_by(col(WatchedRow.origin)))
    return [
        Watched(origin, tuple(notes.parse_verifier(each) for each in keys.split("\n")), size, at)
        for origin, keys, size, at in rows.all()
    ]


def forget(session: Session, origin: str) -> str:
    """Cosign a log no longer; return the head that was cosigned last, "" for none: it is evidence, keep it.

    Raises CustodyError "log-not-watched".
    """
    _lock(session)
    note = session.execute(select(col(WatchedRow.note)).where(col(WatchedRow.origin) == origin)).scalar_one_or_none()
    if note is None:
        raise CustodyError("log-not-watched", origin=origin)
    session.execute(delete(WatchedRow).where(col(WatchedRow.origin) == origin))
    return str(note)


def add_checkpoint(session: Session, body: bytes, key: SignerKey, now: datetime) -> Answer:
    """Answer a request inside the caller's `Database.atomic()`; statuses are those of the specification.

    200 with our cosignature · 400 not a request · 403 signed by no key of that log · 404 a log nobody introduced ·
    409 with the size we know, where the request begins elsewhere or names another root · 422 no continuation.
    """
    try:
        asked = parse_request(body)
        signed, _ = notes.cut(asked.note)
    except CustodyError as broken:
        return _refuse(400, broken.code)
    _lock(session)
    row = session.get(WatchedRow, signed.partition("\n")[0])
    if row is None:
        return _refuse(404, "log-not-watched")
    known = [notes.parse_verifier(each) for each in row.keys.split("\n")]
    try:
        head = checkpoint.read(asked.note, known, row.origin)
    except CustodyError as refused:
        return _refuse(403 if refused.code in {"note-unsigned", "note-forged"} else 400, refused.code)
    if (refusal := _compare(asked, head, row)) is not None:
        return refusal
    row.size, row.root, row.note, row.cosigned_at = head.size, head.root, asked.note, now
    session.add(row)
    session.flush()
    return Answer(200, PLAIN, cosignature.cosign(signed, key, int(now.timestamp())))


def _compare(asked: Request, head: checkpoint.Checkpoint, row: WatchedRow) -> Answer | None:
    """Return the refusal of a head that does not continue the last one, None where it does."""
    if asked.old > head.size:
        return _refuse(400, "old-beyond-head")
    if asked.old != row.size or (head.size == row.size and head.root != row.root):
        return Answer(409, SIZE_KIND, f"{row.size}\n")
    if not merkle.check_consistency(row.size, head.size, row.root, head.root, asked.proof):
        return _refuse(422, "head-does-not-continue")
    return None


def _refuse(status: int, code: str) -> Answer:
    return Answer(status, PLAIN, f"{code}\n")


def _lock(session: Session) -> None:
    # SQLite has one writer; PostgreSQL is told to have one here.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
