"""Rounds: plans, rounds and announced heads as the entries leave them, and what was found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from archive.database import Moment

revision = "0012"
down_revision = "0008"


def upgrade() -> None:
    """Apply."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "custody_round_plan",
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("guarded", sa.String(length=100), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("minutes", big, nullable=False),
        sa.Column("grace", big, nullable=False),
        sa.Column("least", big, nullable=False),
        sa.Column("zone", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("since", sa.String(length=25), nullable=False),
        sa.Column("until", sa.String(length=25), nullable=False),
        sa.Column("planned", big, nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "custody_round",
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("plan", sa.String(length=100), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("guarded", sa.String(length=100), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("touched", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due", sa.String(length=25), nullable=False),
        sa.Column("closes", sa.String(length=25), nullable=False),
        sa.Column("deadline", sa.String(length=25), nullable=False),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("drawn", big, nullable=False),
        sa.Column("signers", sa.Text(), nullable=False),
        sa.Column("started", sa.String(length=25), nullable=False),
        sa.Column("ended", sa.String(length=25), nullable=False),
        sa.Column("scanned", big, nullable=False),
        sa.Column("unscanned", sa.Text(), nullable=False),
        sa.Column("results", big, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("missed_at", big, nullable=False),
        sa.Column("begun_at", big, nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "custody_head",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("announced", sa.String(length=25), nullable=False),
        sa.Column("size", big, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "round_result",
        sa.Column("round", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("point", sa.String(length=100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("round", "number"),
    )
    op.create_table(
        "round_settled",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_custody_round_plan_state", "custody_round_plan", ["state"], unique=False)
    for name in ("day", "touched", "state"):
        op.create_index(f"ix_custody_round_{name}", "custody_round", [name], unique=False)
