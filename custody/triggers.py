"""Shell: whether the guards in the database that refuse changes to the log are still there, and still refuse.

A trigger of the right name that was emptied, bound to one column, given a condition that never holds, or whose
function lets everything pass, is as good as none: each is compared with its whole definition.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

from custody.ledger_tables import FOR_EVER

_ORDER = "ledger_entry_in_order"
_NEXT = "(SELECT coalesce(max(seq), -1) + 1 FROM ledger_entry)"
# By name: the statement that makes the trigger, in one line.
SQLITE = {
    _ORDER: (
        f"CREATE TRIGGER {_ORDER} BEFORE INSERT ON ledger_entry WHEN NEW.seq <> {_NEXT}"
        " BEGIN SELECT RAISE(ABORT, 'the custody log has no gaps'); END"
    ),
    **{
        f"{table}_no_{verb}": (
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'the custody log is only added to'); END"
        )
        for table in FOR_EVER
        for verb in ("update", "delete")
    },
}
_REFUSE = "BEGIN RAISE EXCEPTION 'the custody log is only added to'; END"
_IN_ORDER = f"BEGIN IF NEW.seq <> {_NEXT} THEN RAISE EXCEPTION 'the custody log has no gaps'; END IF; RETURN NEW; END"
# Bits of pg_trigger.tgtype: for each row 1, before 2, insert 4, delete 8, update 16, truncate 32.
POSTGRES = {
    _ORDER: ("ledger_entry", 1 + 2 + 4, _IN_ORDER),
    **{f"{table}_no_change": (table, 1 + 2 + 8 + 16, _REFUSE) for table in FOR_EVER},
    **{f"{table}_no_truncate": (table, 2 + 32, _REFUSE) for table in FOR_EVER},
}


def missing(session: Session) -> list[str]:
    """Return the names of the log's triggers that are absent, disabled or do something else, sorted."""
    if session.get_bind().dialect.name == "sqlite":
        made = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        return sorted(set(SQLITE) - {row.name for row in made if SQLITE.get(row.name) == _in_one_line(row.sql)})
    rows = session.execute(
        text(
            "SELECT t.tgname, c.relname, t.tgtype, p.prosrc FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            # Only what fires always, for every column and without a condition.
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND t.tgqual IS NULL AND t.tgattr::text = ''"
        )
    )
    sound = {name for name, *told, source in rows if POSTGRES.get(name) == (*told, _in_one_line(source))}
    return sorted(set(POSTGRES) - sound)


def _in_one_line(statement: str) -> str:
    return " ".join(statement.split())
