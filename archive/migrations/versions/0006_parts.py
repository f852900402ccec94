"""Scans filed under dossiers by ranges of pages, who checked and approved them, and leaves counted out and back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from archive.database import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("page", sa.Column("cover", sa.String(length=100), nullable=True))
    op.add_column("scan", sa.Column("sought", big, nullable=False, server_default="0"))
    op.create_index("scan_sought", "scan", ["sought"], unique=False)
    op.add_column("dossier", sa.Column("folded", sa.String(length=100), nullable=False, server_default=""))
    op.create_index("ix_dossier_folded", "dossier", ["folded"], unique=False)
    op.add_column("custody_dossier", sa.Column("went", big, nullable=False, server_default="-1"))
    op.add_column("custody_dossier", sa.Column("came", big, nullable=False, server_default="-1"))
    op.create_table(
        "scan_part",
        sa.Column("id", big, nullable=False),
        sa.Column("scan_id", big, nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=False),
        sa.Column("last_page", sa.Integer(), nullable=True),
        sa.Column("dossier", sa.String(length=100), nullable=True),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("cover_page", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("two_sided", sa.Boolean(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("blanks", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ended_by", sa.String(length=32), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["dossier"], ["dossier.code"]),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "scan_part_stands",
        "scan_part",
        ["scan_id", "first_page"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("scan_part_dossier", "scan_part", ["dossier", "ended_at"], unique=False)
    op.create_index("scan_part_scan", "scan_part", ["scan_id", "id"], unique=False)
    op.create_table(
        "dossier_review",
        sa.Column("id", big, nullable=False),
        sa.Column("dossier", sa.String(length=100), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dossier"], ["dossier.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_dossier_review_dossier", "dossier_review", ["dossier"], unique=False)
