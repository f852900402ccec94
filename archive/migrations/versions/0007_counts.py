"""Counts that wait sealed until two people have counted, and places as long as the tree of places writes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from archive.database import Moment

revision = "0007"
down_revision = "0006"
WIDER = (("custody_package", ("place", "store", "destination")), ("custody_dossier", ("location",)))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sealed_count",
        sa.Column("package", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("package", "person"),
    )
    for table, columns in WIDER:
        with op.batch_alter_table(table) as altered:
            for column in columns:
                altered.alter_column(
                    column, existing_type=sa.String(length=100), type_=sa.String(length=500), existing_nullable=False
                )
