"""Migrations bring an empty database to exactly the tables of the code, once, and refuse one from the future."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

import archive.catalogue_tables
import archive.device_tables
import archive.duty_tables
import archive.gate_tables
import archive.index_tables
import archive.number_tables
import archive.office_act_tables
import archive.part_tables
import archive.people_tables
import archive.replay_tables
import archive.session_tables
import archive.tables  # noqa: F401  # each of these registers its rows
import custody.alarm_tables
import custody.counting
import custody.ledger_tables
import custody.projection_tables
import custody.rounds_tables
import custody.shift_tables
import custody.stock_tables
import custody.witness_tables  # noqa: F401  # the same
from archive import schema
from archive.database import Database
from archive.errors import DatabaseError


def test_migrations_give_exactly_the_tables_of_the_code(database: Database) -> None:
    """Alembic's own comparison finds no difference; what the engines keep for the index is theirs."""
    engines_own = ("code_part", "page_index", "sqlite_")

    def include(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return not (kind in {"table", "index"} and name is not None and name.startswith(engines_own))

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": include})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    """The second time there is nothing to do."""
    assert schema.upgrade(database) is False
    assert schema.current(database) == schema.newest()


def test_a_database_of_a_later_release_is_refused(database: Database) -> None:
    """An old program must not write to tables it does not know."""
    with database.atomic() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match="database-from-later-release"):
        schema.upgrade(database)
