"""What people did to pages that were read, beside what the machine read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from archive.database import Moment

revision = "0021"
down_revision = "0019"

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "page_act",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("scan_id", _BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reading", Moment(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("wanted_eyes", sa.Boolean(), nullable=False),
        sa.Column("undone_by", sa.String(length=32), nullable=False),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("page_act_page", "page_act", ["scan_id", "number", "id"])
