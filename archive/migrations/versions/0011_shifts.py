"""Guard shifts: needs of posts, repeating plans, holidays, hand-overs in progress, and the state of shifts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from archive.database import Moment

revision = "0011"
down_revision = "0013"


def upgrade() -> None:
    """Apply."""
    _duty_tables()
    _relief_tables()
    _state_tables()
    op.create_index("ix_custody_package_store", "custody_package", ["store"], unique=False)


def _duty_tables() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "post_needs",
        sa.Column("id", big, nullable=False),
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("watches", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_post_needs_post", "post_needs", ["post"], unique=False)
    op.create_table(
        "roster",
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("shifts", sa.JSON(), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.Column("cycle", sa.JSON(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.code"]),
        sa.PrimaryKeyConstraint("post", "begins"),
    )
    op.create_table(
        "roster_day",
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift", sa.String(length=40), nullable=False),
        sa.Column("guards", sa.JSON(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.code"]),
        sa.PrimaryKeyConstraint("post", "day", "shift"),
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )


def _relief_tables() -> None:
    op.create_table(
        "relief_draft",
        sa.Column("code", sa.String(length=36), nullable=False),
        sa.Column("post", sa.String(length=32), nullable=False),
        sa.Column("giver", sa.String(length=32), nullable=False),
        sa.Column("receiver", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("closing", sa.JSON(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.code"]),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_relief_draft_post", "relief_draft", ["post"], unique=False)
    op.create_index("ix_relief_draft_state", "relief_draft", ["state"], unique=False)
    op.create_table(
        "relief_scan",
        sa.Column("draft", sa.String(length=36), nullable=False),
        sa.Column("package", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("finding", sa.String(length=16), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["relief_draft.code"]),
        sa.PrimaryKeyConstraint("draft", "package"),
    )
    op.create_table(
        "relief_signature",
        sa.Column("draft", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["relief_draft.code"]),
        sa.PrimaryKeyConstraint("draft", "person"),
    )


def _state_tables() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

    def make(name: str, *columns: tuple[str, Any]) -> None:
        made: list[sa.Column[object]] = [sa.Column(each, kind, nullable=False) for each, kind in columns]
        op.create_table(name, *made, sa.PrimaryKeyConstraint(columns[0][0]))

    text = sa.String
    make(
        "custody_planned",
        *(("key", text(120)), ("period", text(60)), ("post", text(32)), ("guard", text(100)), ("shift", text(100))),
        *(("start", big), ("until", big), ("void", sa.Boolean()), ("entry", big)),
    )
    make(
        "custody_on_duty",
        *(("key", text(120)), ("post", text(32)), ("guard", text(100)), ("start", big), ("until", big)),
        *(("at_post", text(32)), ("is_guard", text(100)), ("instead", text(100)), ("ending", text(20)), ("entry", big)),
    )
    make(
        "custody_relief",
        *(("code", text(100)), ("post", text(32)), ("giver", text(100)), ("receiver", text(100)), ("state", text(20))),
        *(("areas", sa.Text()), ("counted_at", big), ("expected", big), ("digest", text(64)), ("present", sa.Text())),
        *(("differences", sa.Text()), ("incidents", sa.Text()), ("closed_at", big), ("open_at", text(32))),
        ("entry", big),
    )
    for table, names in {
        "custody_planned": ("period", "start"),
        "custody_on_duty": ("post", "start", "until", "at_post", "is_guard"),
        "custody_relief": ("open_at", "entry"),
    }.items():
        for name in names:
            op.create_index(f"ix_{table}_{name}", table, [name], unique=False)
