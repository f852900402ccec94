"""Holdings: scans, arrivals, pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.database

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "beat",
        sa.Column("component", sa.String(length=64), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", archive.database.Moment(timezone=True), nullable=False),
        sa.Column("beat_at", archive.database.Moment(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("component"),
    )
    op.create_table(
        "scan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("station", sa.String(length=255), nullable=False),
        sa.Column("arrived_at", archive.database.Moment(timezone=True), nullable=False),
        sa.Column("dossier", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=36), nullable=True),
        sa.Column("worker", sa.String(length=255), nullable=True),
        sa.Column("lease_until", archive.database.Moment(timezone=True), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("pages_done", sa.Integer(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("read_at", archive.database.Moment(timezone=True), nullable=True),
        sa.Column("layered", sa.String(length=16), nullable=True),
        sa.Column("layered_why", sa.JSON(), nullable=False),
        sa.Column("fixity_at", archive.database.Moment(timezone=True), nullable=True),
        sa.Column("fixity", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("sha256"),
    )
    op.create_index(op.f("ix_scan_arrived_at"), "scan", ["arrived_at"], unique=False)
    op.create_index(op.f("ix_scan_dossier"), "scan", ["dossier"], unique=False)
    op.create_index(op.f("ix_scan_station"), "scan", ["station"], unique=False)
    op.create_index("scan_waiting", "scan", ["state", "lease_until", "id"], unique=False)
    op.create_table(
        "arrival",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=36), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("station", sa.String(length=255), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inode", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_seen", archive.database.Moment(timezone=True), nullable=False),
        sa.Column("changed_at", archive.database.Moment(timezone=True), nullable=False),
        sa.Column("settled_at", archive.database.Moment(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("scan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.Column("kept_path", sa.LargeBinary(), nullable=True),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scan_id"],
            ["scan.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "arrival_open",
        "arrival",
        ["origin", "path"],
        unique=True,
        sqlite_where=sa.text("cleared = 0"),
        postgresql_where=sa.text("NOT cleared"),
    )
    op.create_index("arrival_state", "arrival", ["state", "cleared", "id"], unique=False)
    op.create_index(op.f("ix_arrival_scan_id"), "arrival", ["scan_id"], unique=False)
    op.create_index(op.f("ix_arrival_settled_at"), "arrival", ["settled_at"], unique=False)
    op.create_index(op.f("ix_arrival_sha256"), "arrival", ["sha256"], unique=False)
    op.create_index(op.f("ix_arrival_station"), "arrival", ["station"], unique=False)
    op.create_table(
        "page",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("dpi", sa.Float(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("skew", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("wants_eyes", sa.Boolean(), nullable=False),
        sa.Column("engine", sa.String(length=64), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("read_at", archive.database.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["scan_id"],
            ["scan.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scan_id", "number"),
    )
    op.create_index("page_wants_eyes", "page", ["wants_eyes", "id"], unique=False)
    op.create_table(
        "page_attempt",
        sa.Column("scan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scan_id"],
            ["scan.id"],
        ),
        sa.PrimaryKeyConstraint("scan_id", "number"),
    )
    op.create_table(
        "page_words",
        sa.Column("page_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["page.id"],
        ),
        sa.PrimaryKeyConstraint("page_id"),
    )
