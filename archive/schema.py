"""Bringing a database up to this release, and refusing one from a later release."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from archive.database import Database
from archive.errors import DatabaseError


def newest() -> str:
    """Return the revision this release works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current(database: Database) -> str | None:
    """Return the revision of a database, None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database) -> bool:
    """Bring the database to this release in one transaction; returns whether anything changed.

    Raises DatabaseError "database-from-later-release".
    """
    script = ScriptDirectory.from_config(_config())
    found = current(database)
    if found == script.get_current_head():
        return False
    if found is not None and found not in {each.revision for each in script.walk_revisions()}:
        raise DatabaseError("database-from-later-release", found=found, newest=newest())
    config = _config()
    with database.engine.connect().execution_options(luutru_writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
