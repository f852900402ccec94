"""The numbers of printed papers, and a guard that keeps every one of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from archive.database import Moment

revision = "0008"
down_revision = "0007"

SQLITE = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'numbers that were given stay given'); END
"""
POSTGRES = """
CREATE FUNCTION paper_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'numbers that were given stay given'; END $$
"""


def upgrade() -> None:
    """Apply."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "paper_number",
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("kind", sa.String(length=1), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.Column("prints", sa.Integer(), nullable=False),
        sa.Column("given_at", Moment(), nullable=False),
        sa.Column("given_by", sa.String(length=32), nullable=False),
        sa.Column("voided_at", Moment(), nullable=True),
        sa.Column("voided_by", sa.String(length=32), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("entry", big, nullable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_paper_number_kind", "paper_number", ["kind"], unique=False)
    op.create_table(
        "paper_print",
        sa.Column("id", big, nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["paper_number.code"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", "paper", "ordinal"),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(POSTGRES)
    for table in ("paper_number", "paper_print"):
        if sqlite:
            op.execute(SQLITE.format(table=table))
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION paper_refuse()"
            )
