"""Both engines for the suites of the floor: a fresh SQLite file, and a fresh PostgreSQL database where one runs."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from archive import schema
from archive.database import Database, open_database


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database of each engine; PostgreSQL needs LUUTRU_TEST_POSTGRES, a server's URL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite3'}"
        return
    server = os.environ.get("LUUTRU_TEST_POSTGRES")
    if not server:
        pytest.skip("no PostgreSQL: set LUUTRU_TEST_POSTGRES to the URL of a server where databases may be created")
    place = make_url(server).set(drivername="postgresql+psycopg")
    name = f"luutru_test_{uuid.uuid4().hex[:12]}"
    administrator = create_engine(place, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield place.set(database=name).render_as_string(hide_password=False)
    with administrator.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    administrator.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give an open database of each engine, brought up to this release."""
    opened = open_database(database_url)
    schema.upgrade(opened)
    yield opened
    opened.close()
