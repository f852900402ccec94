"""Turns and presence are found by post and moment, and by guard, however many years there are."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0022"


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_custody_on_duty_post", table_name="custody_on_duty")
    op.create_index("ix_custody_on_duty_post_start", "custody_on_duty", ["post", "start"])
    op.create_index("ix_custody_on_duty_ending_guard", "custody_on_duty", ["ending", "guard"])
    op.create_index("ix_custody_planned_post_start", "custody_planned", ["post", "start"])
