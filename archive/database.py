"""One database, two engines: embedded SQLite on one PC, PostgreSQL in a city.

Every write goes through `atomic()`: one transaction that commits whole or leaves no trace. On SQLite it begins
IMMEDIATE, because a transaction that reads first and writes later fails under contention (472 of 600 in the
measurement in docs/decisions.md; none when immediate).
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy import URL, DateTime, Engine, TypeDecorator, create_engine, event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from archive.errors import DatabaseError

# The WAL-reset bug, which can corrupt a database under concurrent checkpoints, was fixed in SQLite 3.51.3.
OLDEST_SQLITE = (3, 51, 3)
BUSY_SECONDS = 30
# Conditions of PostgreSQL that pass by themselves (appendix A of its manual): serialization failure, deadlock, lock not
# available, server shutting down or starting, too many connections, connection lost.
POSTGRES_PASSING = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300", "08000", "08003", "08006", "08001"}
NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "fuse.sshfs",
    "fuse.rclone",
    "ncpfs",
}


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; a time without a zone is refused, because SQLite would lose seven hours of it silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse naive times and turn the rest to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise DatabaseError("time-without-zone", value=value.isoformat())
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True)
class Database:
    """An open database: `atomic()` writes, `reading()` reads."""

    engine: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded engine."""
        return self.engine.dialect.name == "sqlite"

    @functools.cached_property
    def _writing(self) -> Engine:
        """The same engine, told once for all of its connections that they write."""
        return self.engine.execution_options(luutru_writes=True)

    @contextlib.contextmanager
    def atomic(self) -> Iterator[Session]:
        """Open one writing transaction; it commits when the block ends well and is rolled back otherwise."""
        with (
            self._writing.connect() as connection,
            connection.begin(),
            Session(bind=connection, expire_on_commit=False) as session,
        ):
            yield session
            session.flush()

    def outside(self) -> contextlib.AbstractContextManager[Session]:
        """Open a writing transaction that a caller's rollback cannot undo: wrong PINs are counted in one."""
        return self.atomic()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads: one consistent picture, never in a writer's way."""
        # SQLite's snapshot comes with WAL; PostgreSQL would show each statement another moment unless asked.
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with (
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
            Session(bind=connection, expire_on_commit=False) as session,
        ):
            yield session

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def run(session: Session, statement: str, values: Sequence[Any] = ()) -> Any:
    """Run one statement by the driver alone, inside the session's transaction, and return the driver's cursor.

    For the few statements that run a million times, where SQLAlchemy's way costs more than the database's. Values stand
    for "?" on both engines and come back as the driver gives them. Raises SQLAlchemy's errors.
    """
    return _by_driver(session, "execute", statement, values)


def run_many(session: Session, statement: str, rows: Sequence[Sequence[Any]]) -> Any:
    """Run one statement for each of several rows of values; otherwise as `run`."""
    return _by_driver(session, "executemany", statement, rows)


def _by_driver(session: Session, way: str, statement: str, values: Sequence[Any]) -> Any:
    connection = session.connection()
    if connection.dialect.paramstyle != "qmark":
        statement = statement.replace("?", "%s")
    cursor = connection.connection.cursor()
    _told(connection, getattr(cursor, way), statement, values)
    # Whoever listens to what is run hears of this too.
    if heard := connection.dispatch.after_cursor_execute:
        heard(connection, cursor, statement, values, None, way == "executemany")
    return cursor


def _told(connection: Connection, call: Callable[..., object], statement: str, *values: Any) -> None:
    """Call the driver; what it raises comes as SQLAlchemy's error, as from any other statement."""
    driver: Any = connection.dialect.loaded_dbapi
    try:
        call(statement, *values)
    except driver.Error as error:
        raise DBAPIError.instance(statement, values, error, driver.Error, dialect=connection.dialect) from error


def open_database(url: str) -> Database:
    """Open the database at `url` ("sqlite:///path" or "postgresql+psycopg://…") with the settings it needs to be safe.

    Raises DatabaseError: "sqlite-too-old", "database-on-network-share", "database-kind-unknown".
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return Database(_open_postgres(parsed))
    if parsed.get_backend_name() != "sqlite":
        raise DatabaseError("database-kind-unknown", url=parsed.render_as_string(hide_password=True))
    if pysqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise DatabaseError("sqlite-too-old", found=pysqlite3.sqlite_version, wanted=".".join(map(str, OLDEST_SQLITE)))
    if parsed.database and parsed.database != ":memory:":
        path = Path(parsed.database)
        if (kind := file_system_of(path.parent)) in NETWORK_FILE_SYSTEMS:
            raise DatabaseError("database-on-network-share", path=str(path), kind=kind)
    engine = create_engine(parsed, module=pysqlite3, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine)


def is_busy(error: BaseException) -> bool:
    """Tell whether a database error is worth another try later: somebody holds the lock, or the server is away."""
    cause: Any = getattr(error, "orig", error)
    if isinstance(cause, pysqlite3.OperationalError | sqlite3.OperationalError):
        return "locked" in str(cause)
    if not hasattr(cause, "sqlstate"):
        return False
    if cause.sqlstate == "23505":
        # Two stations took the same bytes in at one moment; the next try finds them and calls them a duplicate.
        return bool(cause.diag.constraint_name == "scan_sha256_key")
    # psycopg has no SQLSTATE where no server answered at all.
    return cause.sqlstate in POSTGRES_PASSING or (cause.sqlstate is None and isinstance(error, OperationalError))


def file_system_of(folder: Path) -> str:
    """Return the kind of file system `folder` stands on, as Linux names it ("ext4", "nfs4"), or "" where unknown."""
    best, kind = "", ""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    where = str(folder.resolve())
    for line in mounts.splitlines():
        _, mount, this_kind, *_ = line.split(" ")
        mount = mount.encode("latin-1", "backslashreplace").decode("unicode_escape", "replace")
        if len(mount) >= len(best) and (where == mount or where.startswith(mount.rstrip("/") + "/")):
            best, kind = mount, this_kind
    return kind


def _open_postgres(url: URL) -> Engine:
    try:
        import psycopg  # noqa: F401  # part of the city set-up; a bare PC has no use for it
    except ImportError:
        raise DatabaseError("city-part-missing", part="psycopg") from None
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, "application_name": "luutru"},
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Autocommit at the driver: only `_begin_sqlite` decides how a transaction begins.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "mmap_size = 0",
        "trusted_schema = OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("luutru_writes", False)
    _told(connection, connection.connection.cursor().execute, "BEGIN IMMEDIATE" if writes else "BEGIN")


def integrity_findings(database: Database) -> list[str]:
    """Return what SQLite's own quick check finds wrong, empty when sound; always empty on PostgreSQL."""
    if not database.is_sqlite:
        return []
    with database.reading() as session:
        rows = session.connection().execute(text("PRAGMA quick_check")).scalars().all()
    return [str(row) for row in rows if row != "ok"]
