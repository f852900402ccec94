"""What entries about stocktakes, incidents, visitors, keys and paper forms lead to, and the lists beside the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from archive.database import Moment

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Apply."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "custody_stocktake",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("expected", big, nullable=False),
        sa.Column("found", big, nullable=False),
        sa.Column("opened", big, nullable=False),
        sa.Column("opened_at", sa.String(length=25), nullable=False),
        sa.Column("opened_by", sa.String(length=100), nullable=False),
        sa.Column("closed_at", sa.String(length=25), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "custody_stocktake_line",
        sa.Column("line", sa.String(length=150), nullable=False),
        sa.Column("stocktake", sa.String(length=40), nullable=False),
        sa.Column("package", sa.String(length=100), nullable=False),
        sa.Column("expected", sa.String(length=500), nullable=False),
        sa.Column("counted", sa.String(length=500), nullable=False),
        sa.Column("finding", sa.String(length=20), nullable=False),
        sa.Column("signer", sa.String(length=100), nullable=False),
        sa.Column("moment", sa.String(length=25), nullable=False),
        sa.Column("times", big, nullable=False),
        sa.Column("settled", sa.Text(), nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("line"),
    )
    op.create_table(
        "custody_incident",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=100), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.String(length=25), nullable=False),
        sa.Column("opened_by", sa.String(length=100), nullable=False),
        sa.Column("closed_at", sa.String(length=25), nullable=False),
        sa.Column("closed_by", sa.String(length=100), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("attachments", sa.Text(), nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "custody_visit",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("visitor", sa.String(length=40), nullable=False),
        sa.Column("host", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("came_at", sa.String(length=25), nullable=False),
        sa.Column("left_at", sa.String(length=25), nullable=False),
        sa.Column("guard", sa.String(length=100), nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "custody_key",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("since", sa.String(length=25), nullable=False),
        sa.Column("deadline", sa.String(length=25), nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "custody_paper",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("written_at", sa.String(length=25), nullable=False),
        sa.Column("ended_at", sa.String(length=25), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("about", sa.String(length=100), nullable=False),
        sa.Column("attachments", sa.Text(), nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "visitor",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("paper", sa.String(length=40), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_visitor_paper", "visitor", ["paper"])
    op.create_table(
        "key_box",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_custody_stocktake_state", "custody_stocktake", ["state"])
    op.create_index("ix_custody_stocktake_line_stocktake", "custody_stocktake_line", ["stocktake"])
    op.create_index("ix_custody_incident_state", "custody_incident", ["state"])
    op.create_index("ix_custody_incident_about", "custody_incident", ["about"])
    op.create_index("ix_custody_visit_state", "custody_visit", ["state"])
    op.create_index("ix_custody_visit_visitor", "custody_visit", ["visitor"])
    op.create_index("ix_custody_key_state", "custody_key", ["state"])
    op.create_index("ix_custody_key_holder", "custody_key", ["holder"])
    op.create_index("ix_custody_paper_location", "custody_paper", ["location"])
