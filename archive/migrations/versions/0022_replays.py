"""Answers of requests that are done once and may be sent again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from archive.database import Moment

revision = "0022"
down_revision = "0020"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "replay",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("headers", sa.String(length=2000), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person", "key"),
    )
    op.create_index("ix_replay_at", "replay", ["at"])
