"""Guards of the log that are there by name and refuse nothing are named as missing, on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from archive.database import Database
from custody import triggers

REFUSE = "BEGIN SELECT RAISE(ABORT, 'the custody log is only added to'); END"
SQLITE = [
    f"CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE OF kind ON ledger_entry {REFUSE}",
    f"CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry WHEN 0 {REFUSE}",
    f"CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_node {REFUSE}",
    "CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT 1; END",
]
NAMED = "CREATE TRIGGER ledger_entry_no_change BEFORE"
CALLED = "FOR EACH ROW EXECUTE FUNCTION"
POSTGRES = [
    f"{NAMED} UPDATE OF kind OR DELETE ON ledger_entry {CALLED} ledger_refuse()",
    f"{NAMED} UPDATE OR DELETE ON ledger_entry FOR EACH ROW WHEN (false) EXECUTE FUNCTION ledger_refuse()",
    f"{NAMED} DELETE ON ledger_entry {CALLED} ledger_refuse()",
    f"{NAMED} UPDATE OR DELETE ON ledger_entry {CALLED} ledger_in_order()",
]


def run(database: Database, *statements: str) -> None:
    """Change the database as its owner can."""
    engine = create_engine(database.engine.url, isolation_level="AUTOCOMMIT", module=database.engine.dialect.dbapi)
    with engine.connect() as connection:
        for each in statements:
            connection.execute(text(each))
    engine.dispose()


def missing(database: Database) -> list[str]:
    """Ask for the guards that are not there."""
    with database.reading() as session:
        return triggers.missing(session)


def test_a_fresh_log_has_all_its_guards(database: Database) -> None:
    """What the migrations make is what is asked for."""
    assert missing(database) == []


@pytest.mark.parametrize("nth", range(4))
def test_a_guard_that_was_exchanged_for_one_that_lets_changes_pass_is_missing(database: Database, nth: int) -> None:
    """Bound to one column, to a false condition, to another table or deed, or emptied."""
    name = f"ledger_entry_no_{'update' if database.is_sqlite else 'change'}"
    if database.is_sqlite:
        run(database, f"DROP TRIGGER {name}", SQLITE[nth])
    else:
        always = f"ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER {name}"
        run(database, f"DROP TRIGGER {name} ON ledger_entry", POSTGRES[nth], always)
    assert missing(database) == [name]


def test_a_function_that_lets_everything_pass_guards_nothing(database: Database) -> None:
    """On PostgreSQL the triggers stay as they are while the function behind them is exchanged."""
    if database.is_sqlite:
        pytest.skip("SQLite's triggers have no function behind them")
    told = "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
    run(database, told)
    assert len(missing(database)) == 8
