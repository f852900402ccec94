"""Copies of the database: VACUUM INTO on SQLite, pg_dump and pg_restore on PostgreSQL.

Both give one consistent picture under live writers, and the names of the blobs that this very picture refers to.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import inspect, make_url, select, text
from sqlmodel import col

from archive import durable
from archive.database import Database, integrity_findings, open_database
from archive.errors import DatabaseError
from archive.tables import Scan

SQLITE, POSTGRES = "database.sqlite3", "database.pgdump"


def dump(database: Database, folder: Path) -> tuple[Path, list[str]]:
    """Copy the database into `folder`; return the file and the SHA-256 of every scan it names.

    Raises DatabaseError "database-broken", "program-missing" or "program-failed".
    """
    if database.is_sqlite:
        path = folder / SQLITE
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("VACUUM INTO ?", (str(path),))
        copy = open_database(f"sqlite:///{path}")
        try:
            if findings := integrity_findings(copy):
                raise DatabaseError("database-broken", path=str(path), findings=findings[:5])
            names = list(_names(copy))
            with copy.engine.connect() as connection:
                # One file, no companions: the copy travels alone.
                connection.rollback()
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()
        return path, names
    path = folder / POSTGRES
    with database.reading() as session:
        snapshot = session.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        names = list(session.execute(select(col(Scan.sha256))).scalars())
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}"]
        _run_postgres("pg_dump", database, [*options, "--exclude-schema=doorbell*"])
    return path, names


def load(path: Path, url: str) -> Database:
    """Put a copy made by `dump` at `url`, which must hold nothing yet, and return the opened database.

    Raises DatabaseError "restore-would-overwrite", "restore-other-engine" and whatever opening raises.
    """
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite != (path.name == SQLITE):
        raise DatabaseError("restore-other-engine", path=str(path), engine=parsed.get_backend_name())
    refuse_used(url)
    if sqlite:
        assert parsed.database
        target = Path(parsed.database)
        durable.make_folder(target.parent)
        with durable.whole_file(target) as temp:
            shutil.copyfile(path, temp)
        return open_database(url)
    database = open_database(url)
    _run_postgres("pg_restore", database, ["--exit-on-error", "--single-transaction", "--no-owner", str(path)])
    return database


def refuse_used(url: str) -> None:
    """Raise DatabaseError "restore-would-overwrite" where a database holds tables already."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and Path(parsed.database).exists():
            raise DatabaseError("restore-would-overwrite", path=parsed.database)
        return
    database = open_database(url)
    try:
        if inspect(database.engine).get_table_names():
            raise DatabaseError("restore-would-overwrite", path=parsed.render_as_string(hide_password=True))
    finally:
        database.close()


def _names(database: Database) -> Iterator[str]:
    with database.reading() as session:
        yield from session.execute(select(col(Scan.sha256))).scalars()


def _run_postgres(program: str, database: Database, options: list[str]) -> None:
    url = database.engine.url.set(drivername="postgresql")
    environment = dict(os.environ)
    if isinstance(url.password, str):
        # A password on the command line could be read by every user of the machine.
        environment["PGPASSWORD"] = url.password
        url = url.set(password=None)
    command = [program, f"--dbname={url.render_as_string(hide_password=False)}", *options]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        raise DatabaseError("program-missing", program=program) from None
    except subprocess.CalledProcessError as error:
        raise DatabaseError("program-failed", program=program, detail=error.stderr.strip()[-500:]) from error
