"""Shell: whether the guards in the database that refuse changes to the log are still there."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

from custody.ledger_tables import FOR_EVER

SQLITE = {
    "ledger_entry_in_order": "ledger_entry",
    **{f"{table}_no_{verb}": table for table in FOR_EVER for verb in ("update", "delete")},
}
POSTGRES = {
    "ledger_entry_in_order": "ledger_entry",
    **{f"{table}_no_{verb}": table for table in FOR_EVER for verb in ("change", "truncate")},
}


def missing(session: Session) -> list[str]:
    """Return the names of the log's triggers that are absent, disabled or do something else, sorted."""
    if session.get_bind().dialect.name == "sqlite":
        rows = session.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"))
        sound = {row.name for row in rows if SQLITE.get(row.name) == row.tbl_name and _refuses(row.sql)}
        return sorted(set(SQLITE) - sound)
    rows = session.execute(
        text(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'A'"
        )
    )
    return sorted(set(POSTGRES) - {row.tgname for row in rows if POSTGRES.get(row.tgname) == row.relname})


def _refuses(definition: str) -> bool:
    # A trigger of the right name that was emptied, or given a condition that never holds, is as good as none.
    lines = [" ".join(line.split()) for line in definition.strip().splitlines()]
    guarded = lines[0].startswith("CREATE TRIGGER ledger_entry_in_order ")
    wanted = 3 if guarded else 2
    return (
        len(lines) == wanted
        and lines[-1].startswith("BEGIN SELECT RAISE(ABORT, ")
        and lines[-1].endswith("); END")
        and (
            not guarded or lines[1].startswith("WHEN NEW.seq <> (SELECT coalesce(max(seq), -1) + 1 FROM ledger_entry)")
        )
    )
