"""Phones that keep notes while they have no network."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from archive.database import Moment

revision = "0016"
down_revision = "0010"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "device",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_device_person", "device", ["person"])
