"""An empty database of this release for every history, made in milliseconds on either engine."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url, text

from archive import schema
from archive.database import open_database

NO_SERVER = "no PostgreSQL: set LUUTRU_TEST_POSTGRES to the URL of a server where databases may be created"


@dataclass(frozen=True)
class Room:
    """One database of its own and how it is given back."""

    url: str
    close: Callable[[], None]


def server() -> str:
    """Return the URL of the PostgreSQL server of the tests, "" where there is none."""
    return os.environ.get("LUUTRU_TEST_POSTGRES", "")


def fresh_room(engine: str) -> Room:
    """Return an empty database: a copied file, or a database made from a template."""
    if engine == "sqlite":
        folder = Path(tempfile.mkdtemp(prefix="luutru-history-"))
        shutil.copy(_empty_file(), folder / "office.sqlite3")
        return Room(f"sqlite:///{folder / 'office.sqlite3'}", lambda: shutil.rmtree(folder))
    template, name = _template(), f"luutru_history_{uuid.uuid4().hex[:12]}"
    _tell(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    url = _place().set(database=name).render_as_string(hide_password=False)
    return Room(url, lambda: _tell(f'DROP DATABASE "{name}" WITH (FORCE)'))


@cache
def _empty_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="luutru-history-"))
    atexit.register(shutil.rmtree, folder, True)
    _prepare(f"sqlite:///{folder / 'empty.sqlite3'}")
    return folder / "empty.sqlite3"


@cache
def _template() -> str:
    name = f"luutru_history_{uuid.uuid4().hex[:12]}"
    _tell(f'CREATE DATABASE "{name}"')
    atexit.register(_tell, f'DROP DATABASE "{name}" WITH (FORCE)')
    _prepare(_place().set(database=name).render_as_string(hide_password=False))
    return name


def _prepare(url: str) -> None:
    made = open_database(url)
    schema.upgrade(made)
    made.close()


def _place() -> URL:
    return make_url(server()).set(drivername="postgresql+psycopg")


@cache
def _administrator() -> Engine:
    return create_engine(_place(), isolation_level="AUTOCOMMIT")


def _tell(statement: str) -> None:
    with _administrator().connect() as connection:
        connection.execute(text(statement))
