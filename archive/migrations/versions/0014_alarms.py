"""Alarms, what was told about them, and what the minute tick remembers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from archive.database import Moment

revision = "0014"
down_revision = "0009"


def upgrade() -> None:
    """Apply."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "alarm",
        sa.Column("number", big, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("gone_at", Moment(), nullable=True),
        sa.Column("cleared_at", Moment(), nullable=True),
        sa.Column("acked_by", sa.String(length=32), nullable=False),
        sa.Column("acked_at", Moment(), nullable=True),
        sa.Column("quiet_by", sa.String(length=32), nullable=False),
        sa.Column("quiet_until", Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("flaps", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alarm_raised_at", "alarm", ["raised_at"], unique=False)
    op.create_index("ix_alarm_cleared_at", "alarm", ["cleared_at"], unique=False)
    op.create_index(
        "alarm_open",
        "alarm",
        ["code", "about"],
        unique=True,
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_table(
        "alarm_event",
        sa.Column("id", big, nullable=False),
        sa.Column("alarm", big, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alarm_event_alarm", "alarm_event", ["alarm"], unique=False)
    op.create_table(
        "alarm_message",
        sa.Column("id", big, nullable=False),
        sa.Column("alarm", big, nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", Moment(), nullable=True),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("alarm", "level", "rung", "turn", "channel"),
    )
    op.create_index("ix_alarm_message_alarm", "alarm_message", ["alarm"], unique=False)
    op.create_index("ix_alarm_message_next_at", "alarm_message", ["next_at"], unique=False)
    op.create_table(
        "observation",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "refusal",
        sa.Column("id", big, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_refusal_at", "refusal", ["at"], unique=False)
    op.create_table(
        "sighting",
        sa.Column("package", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("recorded", sa.String(length=100), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("package"),
    )
    op.create_table(
        "device_contact",
        sa.Column("device", sa.String(length=100), nullable=False),
        sa.Column("heard_at", Moment(), nullable=False),
        sa.Column("skew_seconds", sa.Integer(), nullable=False),
        sa.Column("next_seq", big, nullable=False),
        sa.Column("owing", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("device"),
    )
    op.create_index(
        "scan_unsound",
        "scan",
        ["id"],
        unique=False,
        sqlite_where=sa.text("fixity <> 'sound'"),
        postgresql_where=sa.text("fixity <> 'sound'"),
    )
