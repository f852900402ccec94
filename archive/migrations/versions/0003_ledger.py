"""The custody log: entries, hashes of its tree and signed heads, which nobody can change or remove unnoticed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

FOR_EVER = ("ledger_entry", "ledger_node", "ledger_checkpoint")

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, 'the custody log is only added to'); END
"""
# Entries come in order, without a gap: the next is the one after the last.
SQLITE_ORDER = """
CREATE TRIGGER ledger_entry_in_order BEFORE INSERT ON ledger_entry
WHEN NEW.seq <> (SELECT coalesce(max(seq), -1) + 1 FROM ledger_entry)
BEGIN SELECT RAISE(ABORT, 'the custody log has no gaps'); END
"""
POSTGRES = (
    """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the custody log is only added to'; END $$
""",
    """
CREATE FUNCTION ledger_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT coalesce(max(seq), -1) + 1 FROM ledger_entry) THEN
    RAISE EXCEPTION 'the custody log has no gaps';
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER ledger_entry_in_order BEFORE INSERT ON ledger_entry"
    " FOR EACH ROW EXECUTE FUNCTION ledger_in_order()",
    "ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_in_order",
)


def upgrade() -> None:
    """Apply."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "ledger_entry",
        sa.Column("seq", big, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_ledger_entry_kind", "ledger_entry", ["kind"], unique=False)
    op.create_table(
        "ledger_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", big, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_checkpoint",
        sa.Column("size", big, autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in FOR_EVER:
            for verb in ("update", "delete"):
                op.execute(SQLITE.format(table=table, verb=verb, VERB=verb.upper()))
        op.execute(SQLITE_ORDER)
        return
    for statement in POSTGRES:
        op.execute(statement)
    for table in FOR_EVER:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
        )
        for name in ("no_change", "no_truncate"):
            op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")
