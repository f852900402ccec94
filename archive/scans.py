"""The life of one scan: received → reading → read or unreadable, held by leases that survive killed workers.

The row is the truth and a queue only a doorbell. A claim carries a token; whoever writes without the current token
is refused, so a worker that froze and woke late cannot overwrite the work of its successor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlmodel import Session, SQLModel, col

from archive.database import Database
from archive.errors import ArchiveError, LeaseLostError
from archive.refs import new_public_id
from archive.tables import PageAttempt, Scan

RECEIVED, READING, READ, UNREADABLE = "received", "reading", "read", "unreadable"


@dataclass(frozen=True)
class Claim:
    """A worker's hold on one scan until its lease runs out."""

    scan_id: int
    public_id: str
    sha256: str
    name: str
    token: str
    attempt: int


@dataclass(frozen=True)
class Received:
    """Newly stored bytes that shall become a scan; `size` in bytes."""

    sha256: str
    size: int
    kind: str
    name: str
    station: str


def receive(session: Session, *, sha256: str, size: int, kind: str, name: str, station: str, now: datetime) -> Scan:
    """Record newly stored bytes as a scan that waits to be read; the caller's transaction commits it."""
    scan = Scan(
        public_id=new_public_id(),
        sha256=sha256,
        size=size,
        kind=kind,
        name=name,
        station=station,
        arrived_at=now,
    )
    session.add(scan)
    session.flush()
    return scan


def receive_all(session: Session, received: Sequence[Received], now: datetime) -> dict[str, int]:
    """Record many new scans with one statement, as `receive` does one; returns SHA-256 → number."""
    if not received:
        return {}
    fresh = {"state": RECEIVED, "attempt": 0, "pages_done": 0, "signed": False, "facts": {}, "layered_why": []}
    rows = [{**asdict(each), **fresh, "public_id": new_public_id(), "arrived_at": now} for each in received]
    table = SQLModel.metadata.tables["scan"]
    made = session.connection().execute(insert(table).returning(table.c.sha256, table.c.id), rows)
    return {row[0]: row[1] for row in made}


def by_sha256(session: Session, sha256: str) -> Scan | None:
    """Return the scan that holds these bytes, if any."""
    return session.execute(select(Scan).where(col(Scan.sha256) == sha256)).scalar_one_or_none()


def ids_of(session: Session, hashes: Iterable[str]) -> dict[str, int]:
    """Return SHA-256 → number for those of `hashes` that are stored as a scan."""
    rows = session.execute(select(col(Scan.sha256), col(Scan.id)).where(col(Scan.sha256).in_(list(hashes))))
    return {row[0]: row[1] for row in rows}


def kinds_of(session: Session, hashes: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Return SHA-256 → kind and number of pages for those of `hashes` that are stored as a scan."""
    columns = (col(Scan.sha256), col(Scan.kind), col(Scan.page_count))
    rows = session.execute(select(*columns).where(col(Scan.sha256).in_(list(hashes))))
    return {row[0]: (row[1], row[2] or 1) for row in rows}


def find(session: Session, reference: str) -> Scan:
    """Return the scan named by its public id, its SHA-256 or the first 8 or more characters of either.

    Raises ArchiveError "scan-unknown" or "scan-ambiguous".
    """
    wanted = reference.strip().lower()
    if len(wanted) < 8 or not set(wanted) <= set("0123456789abcdef-"):
        raise ArchiveError("scan-unknown", reference=reference)
    columns = (col(Scan.public_id), col(Scan.sha256))
    found = session.execute(select(Scan).where(or_(*(each.startswith(wanted) for each in columns))).limit(2))
    rows = found.scalars().all()
    if not rows:
        raise ArchiveError("scan-unknown", reference=reference)
    if len(rows) > 1:
        raise ArchiveError("scan-ambiguous", reference=reference)
    found_scan: Scan = rows[0]
    return found_scan


def claim(database: Database, worker: str, now: datetime, lease_seconds: float) -> Claim | None:
    """Take a scan that nobody holds, for `lease_seconds`; None when there is nothing to read.

    A scan whose worker fell silent comes before the waiting ones, or a busy station would never get back to it.
    """
    if database.is_sqlite:
        # Idle workers ask all day; looking first keeps them out of the one writer's way.
        with database.reading() as session:
            if _next_free(session, now, lock=False) is None:
                return None
    with database.atomic() as session:
        scan_id = _next_free(session, now, lock=not database.is_sqlite)
        if scan_id is None:
            return None
        scan = session.get_one(Scan, scan_id)
        scan.state, scan.worker, scan.token = READING, worker, new_public_id()
        scan.attempt += 1
        scan.lease_until = now + timedelta(seconds=lease_seconds)
        session.add(scan)
        session.flush()
        return Claim(scan_id, scan.public_id, scan.sha256, scan.name, scan.token, scan.attempt)


def waiting(session: Session, now: datetime, limit: int) -> list[str]:
    """Return the public ids of at most `limit` scans that a worker could claim now."""
    found: list[str] = []
    for condition in _free(now):
        query = select(col(Scan.public_id)).where(condition).order_by(*_IN_TURN).limit(limit - len(found))
        found += session.execute(query).scalars()
    return found


def renew(database: Database, held: Claim, now: datetime, lease_seconds: float) -> None:
    """Lengthen a lease; LeaseLostError when another worker holds the scan by now."""
    with database.atomic() as session:
        _write(session, held, lease_until=now + timedelta(seconds=lease_seconds))


def hold(session: Session, held: Claim) -> None:
    """Refuse to go on (LeaseLostError) unless this claim still holds its scan; locks the row until the commit."""
    _write(session, held, token=held.token)


def note_facts(session: Session, held: Claim, **values: Any) -> None:
    """Write columns of the scan under its claim: page_count, pages_done, kind, signed."""
    _write(session, held, **values)


def begin_pages(database: Database, held: Claim, numbers: Iterable[int]) -> None:
    """Record that these pages are about to be read, so that a page which kills its worker is known next time."""
    with database.atomic() as session:
        hold(session, held)
        for number in numbers:
            row = session.get(PageAttempt, (held.scan_id, number)) or PageAttempt(scan_id=held.scan_id, number=number)
            row.count += 1
            session.add(row)


def attempts(session: Session, scan_id: int) -> dict[int, int]:
    """Return page number → how often it was begun without an end."""
    rows = session.execute(
        select(col(PageAttempt.number), col(PageAttempt.count)).where(col(PageAttempt.scan_id) == scan_id)
    )
    return {key: count for key, count in rows}  # noqa: C416  # dict() of rows has no type


def end_page(session: Session, held: Claim, number: int) -> None:
    """Forget the attempts of a page whose result is being saved in the same transaction."""
    session.execute(
        delete(PageAttempt).where(col(PageAttempt.scan_id) == held.scan_id, col(PageAttempt.number) == number)
    )


def finish(session: Session, held: Claim, *, state: str, now: datetime, **values: Any) -> None:
    """End a claim: the scan is READ or UNREADABLE; LeaseLostError when another worker holds it."""
    _write(session, held, state=state, read_at=now, token=None, worker=None, lease_until=None, **values)


def release(database: Database, held: Claim) -> None:
    """Give an unfinished scan back at once, for a worker that is asked to stop; a lost lease is no matter then."""
    with database.atomic() as session:
        session.execute(
            update(Scan)
            .where(col(Scan.id) == held.scan_id, col(Scan.token) == held.token)
            .values(state=RECEIVED, token=None, worker=None, lease_until=None)
        )


def counts(session: Session) -> Mapping[str, int]:
    """Return how many scans stand in each state."""
    rows = session.execute(select(col(Scan.state), func.count()).group_by(col(Scan.state)))
    return {key: count for key, count in rows}  # noqa: C416  # dict() of rows has no type


# The order of the index scan_waiting. Any other, or one query with OR, makes both engines sort the whole queue or walk
# every scan ever read for each claim.
_IN_TURN = (col(Scan.lease_until), col(Scan.id))


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        and_(col(Scan.state) == READING, col(Scan.lease_until) < now),
        col(Scan.state) == RECEIVED,
    )


def _next_free(session: Session, now: datetime, *, lock: bool) -> int | None:
    for condition in _free(now):
        pick = select(col(Scan.id)).where(condition).order_by(*_IN_TURN).limit(1)
        if lock:
            pick = pick.with_for_update(skip_locked=True)
        scan_id: int | None = session.execute(pick).scalar()
        if scan_id is not None:
            return scan_id
    return None


def _write(session: Session, held: Claim, **values: Any) -> None:
    done = session.execute(
        update(Scan).where(col(Scan.id) == held.scan_id, col(Scan.token) == held.token).values(**values)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE always has a row count
        raise LeaseLostError("lease-lost", scan=held.public_id)
