"""Arrivals: one row for each file that was ever seen coming in, and the balance that proves none was lost.

`seen = stored + duplicate + set aside + waiting + vanished`, from the database and from the folders.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, text, update
from sqlmodel import Session, SQLModel, col

from archive.errors import ArchiveError
from archive.refs import new_public_id
from archive.tables import Arrival

WAITING, STORED, DUPLICATE, SET_ASIDE, VANISHED = "waiting", "stored", "duplicate", "set_aside", "vanished"
STATES = (STORED, DUPLICATE, SET_ASIDE, WAITING, VANISHED)
SHOWN = 20
_TABLE = SQLModel.metadata.tables["arrival"]


@dataclass(frozen=True)
class Difference:
    """One thing that does not add up: a code, an example, and how many there are of it."""

    code: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Folders:
    """What the folders hold: raw paths in the inbox, whether a kept path exists, and the stored size of a hash.

    `stored_size` may be None where asking for every file would take too long (a store across the network).
    """

    inbox: Collection[bytes]
    exists: Callable[[bytes], bool]
    stored_size: Callable[[str], int | None] | None = None


@dataclass(frozen=True)
class Balance:
    """How many files were seen and where they are; `balanced` when everything adds up, `differences` when not."""

    seen: int
    stored: int
    duplicate: int
    set_aside: int
    waiting: int
    vanished: int
    balanced: bool = True
    differences: tuple[Difference, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return plain values under the names of the fields."""
        return asdict(self)


def add(
    session: Session,
    *,
    path: bytes,
    station: str,
    name: str,
    stamp: tuple[int, int, int],
    device: int,
    now: datetime,
    origin: str = "inbox",
) -> Arrival:
    """Record a file seen for the first time; it waits. `stamp` is size, modification time (ns) and inode."""
    row = Arrival(
        public_id=new_public_id(),
        origin=origin,
        station=station,
        name=name,
        path=path,
        size=stamp[0],
        mtime_ns=_signed(stamp[1]),
        inode=_signed(stamp[2]),
        device=_signed(device),
        first_seen=now,
        changed_at=now,
    )
    session.add(row)
    return row


class Newcomer(NamedTuple):
    """A file seen for the first time: its values for `add`."""

    path: bytes
    station: str
    name: str
    stamp: tuple[int, int, int]
    device: int


def add_all(session: Session, seen: Sequence[Newcomer], now: datetime, origin: str = "inbox") -> dict[bytes, int]:
    """Record many files with one statement, as `add` does one; returns path → number."""
    if not seen:
        return {}
    same = {"origin": origin, "state": WAITING, "facts": {}, "cleared": False, "retries": 0}
    same |= {"first_seen": now, "changed_at": now}
    rows = []
    for path, station, name, stamp, device in seen:
        numbers = zip(("size", "mtime_ns", "inode", "device"), map(_signed, (*stamp, device)), strict=True)
        own = {"public_id": new_public_id(), "path": path, "station": station, "name": name}
        rows.append({**same, **own, **dict(numbers)})
    made = session.connection().execute(insert(_TABLE).returning(_TABLE.c.path, _TABLE.c.id), rows)
    return {row[0]: row[1] for row in made}


def stamp_of(row: Arrival) -> tuple[int, int, int]:
    """Return size, modification time and inode as last seen."""
    return (row.size, row.mtime_ns, row.inode)


def set_stamp(row: Arrival, stamp: tuple[int, int, int], now: datetime) -> None:
    """Note that the file changed."""
    row.size, row.mtime_ns, row.inode = stamp[0], _signed(stamp[1]), _signed(stamp[2])
    row.changed_at = now


def open_rows(session: Session, origins: Iterable[str] = ("inbox",)) -> Sequence[Arrival]:
    """Return the arrivals whose file is not cleared away yet."""
    query = select(Arrival).where(col(Arrival.cleared).is_(False), col(Arrival.origin).in_(list(origins)))
    return session.execute(query).scalars().all()


def open_at(session: Session, places: Collection[tuple[str, bytes]]) -> list[Arrival]:
    """Return those arrivals at these places (origin and path) whose file is not cleared away yet."""
    at = col(Arrival.path).in_([path for _, path in places])
    rows = session.execute(select(Arrival).where(col(Arrival.cleared).is_(False), at)).scalars()
    return [row for row in rows if (row.origin, row.path) in places]


class Copy(NamedTuple):
    """The copy in done of a stored file, as it was when it was moved there."""

    id: int
    path: bytes
    size: int
    mtime_ns: int


def copies_since(session: Session, moment: datetime) -> list[Copy]:
    """Return the copies in done of files settled since `moment`: they may yet grow. Plain values: there are many."""
    columns = (col(Arrival.id), col(Arrival.kept_path), col(Arrival.size), col(Arrival.mtime_ns))
    query = select(*columns).where(
        col(Arrival.settled_at) >= moment,
        col(Arrival.cleared).is_(True),
        col(Arrival.state).in_((STORED, DUPLICATE)),
        col(Arrival.origin) != "ingest",
        col(Arrival.kept_path).is_not(None),
    )
    return [Copy(*row) for row in session.execute(query)]


def kept_before(session: Session, moment: datetime, limit: int = 1000) -> Sequence[Arrival]:
    """Return stored arrivals settled before `moment` whose inbox file is still kept in done, oldest first."""
    query = (
        select(Arrival)
        .where(
            col(Arrival.settled_at) < moment,
            col(Arrival.cleared).is_(True),
            col(Arrival.state).in_((STORED, DUPLICATE)),
            col(Arrival.origin) != "ingest",
            col(Arrival.reason).is_(None),
            col(Arrival.kept_path).is_not(None),
        )
        .order_by(col(Arrival.id))
        .limit(limit)
    )
    return session.execute(query).scalars().all()


def set_aside(session: Session) -> Sequence[Arrival]:
    """Return everything that stands in the set-aside folder, newest first."""
    query = select(Arrival).where(col(Arrival.state) == SET_ASIDE).order_by(col(Arrival.id).desc())
    return session.execute(query).scalars().all()


def find(session: Session, reference: str) -> Arrival:
    """Return an arrival by its public id or the first 8 or more characters of it.

    Raises ArchiveError "arrival-unknown" or "arrival-ambiguous".
    """
    wanted = reference.strip().lower()
    if len(wanted) < 8 or not set(wanted) <= set("0123456789abcdef-"):
        raise ArchiveError("arrival-unknown", reference=reference)
    rows = session.execute(select(Arrival).where(col(Arrival.public_id).startswith(wanted)).limit(2)).scalars().all()
    if not rows:
        raise ArchiveError("arrival-unknown", reference=reference)
    if len(rows) > 1:
        raise ArchiveError("arrival-ambiguous", reference=reference)
    row: Arrival = rows[0]
    return row


def write(session: Session, arrival_id: int, **values: Any) -> None:
    """Write columns of one arrival: in the session's transaction, past its objects, because intake does it often."""
    session.connection().execute(update(_TABLE).where(_TABLE.c.id == arrival_id).values(**values))


def write_all(session: Session, rows: Sequence[tuple[int, dict[str, Any]]]) -> None:
    """Write the same columns of many arrivals, each its own values, with one statement."""
    if rows:
        named: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0][1]}
        words = update(_TABLE).where(_TABLE.c.id == bindparam("this")).values(**named)
        values = [{"this": row_id, **{f"new_{name}": each[name] for name in named}} for row_id, each in rows]
        session.connection().execute(words, values)


def balance(session: Session, folders: Folders) -> Balance:
    """Count every file ever seen and compare the rows with the folders; reads only."""
    rows = session.execute(select(col(Arrival.state), func.count()).group_by(col(Arrival.state)))
    counts = dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in rows}
    total = sum(counts.values())
    given_out = _rows_given_out(session, total)
    differences = [Difference("rows-missing", given_out - total)] if given_out != total else []
    unknown = sorted({state for state in counts if state not in STATES})
    if unknown:
        differences.append(Difference("state-unknown", sum(counts[each] for each in unknown), tuple(unknown)))

    open_paths = {row.path: row.state for row in open_rows(session)}
    strangers = [path for path in folders.inbox if path not in open_paths]
    gone = sum(
        1 for path, state in open_paths.items() if state == WAITING and path not in folders.inbox
    ) - _moving_back(session, folders)
    differences += _kept_missing(session, folders)
    differences += _bytes_missing(session, folders)
    return Balance(
        seen=given_out + len(strangers),
        stored=counts[STORED],
        duplicate=counts[DUPLICATE],
        set_aside=counts[SET_ASIDE],
        waiting=counts[WAITING] + len(strangers) - gone,
        vanished=counts[VANISHED] + gone,
        balanced=not differences,
        differences=tuple(differences),
    )


def _rows_given_out(session: Session, total: int) -> int:
    """How many rows were ever made. SQLite keeps that number apart; PostgreSQL's trigger refuses to delete any."""
    if session.get_bind().dialect.name != "sqlite":
        return total
    counted = session.execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'arrival'")).scalar()
    return int(counted or 0)


def _moving_back(session: Session, folders: Folders) -> int:
    """Waiting rows whose file is on its way back from the set-aside folder: not in the inbox yet, and not gone."""
    rows = session.execute(
        select(col(Arrival.path), col(Arrival.kept_path)).where(
            col(Arrival.state) == WAITING, col(Arrival.kept_path).is_not(None)
        )
    )
    return sum(1 for path, kept in rows if path not in folders.inbox and folders.exists(kept))


def _kept_missing(session: Session, folders: Folders) -> list[Difference]:
    query = select(col(Arrival.kept_path), col(Arrival.name)).where(
        col(Arrival.state) == SET_ASIDE, col(Arrival.cleared).is_(True)
    )
    missing = [name for kept, name in session.execute(query) if kept is None or not folders.exists(kept)]
    return [Difference("set-aside-file-missing", len(missing), tuple(missing[:SHOWN]))] if missing else []


def _bytes_missing(session: Session, folders: Folders) -> list[Difference]:
    settled = col(Arrival.state).in_((STORED, DUPLICATE))
    nameless = session.execute(
        select(func.count()).where(settled, (col(Arrival.sha256).is_(None)) | (col(Arrival.scan_id).is_(None)))
    ).scalar_one()
    found = [Difference("stored-without-scan", nameless)] if nameless else []
    if folders.stored_size is None:
        return found
    query = select(col(Arrival.sha256), func.max(col(Arrival.size)), func.max(col(Arrival.name)))
    lost = [
        name
        for sha256, size, name in session.execute(query.where(settled).group_by(col(Arrival.sha256)))
        if sha256 is not None and folders.stored_size(sha256) != size
    ]
    return [*found, Difference("stored-bytes-missing", len(lost), tuple(lost[:SHOWN]))] if lost else found


def _signed(number: int) -> int:
    """Fold an unsigned 64-bit number (inodes of network shares) into what both engines can hold."""
    return number - (1 << 64) if number >= 1 << 63 else number
