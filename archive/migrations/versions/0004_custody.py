"""The state that custody entries lead to: packages, dossiers, rolls and seals as they are now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "custody_package",
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("custodian", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("seals", sa.Text(), nullable=False),
        sa.Column("sealers", sa.Text(), nullable=False),
        sa.Column("manifest", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("dossiers", big, nullable=False),
        sa.Column("leaves", big, nullable=False),
        sa.Column("deadline", sa.String(length=25), nullable=False),
        sa.Column("decision", sa.String(length=100), nullable=False),
        sa.Column("destination", sa.String(length=100), nullable=False),
        sa.Column("sender", sa.String(length=100), nullable=False),
        sa.Column("checked", sa.String(length=25), nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.Column("broken", big, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "custody_dossier",
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("leaves", big, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("location", sa.String(length=100), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("deadline", sa.String(length=25), nullable=False),
        sa.Column("permission", sa.String(length=100), nullable=False),
        sa.Column("decision", sa.String(length=100), nullable=False),
        sa.Column("home", sa.String(length=100), nullable=False),
        sa.Column("holds", sa.Text(), nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "custody_roll",
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("prefix", sa.String(length=40), nullable=False),
        sa.Column("first", big, nullable=False),
        sa.Column("size", big, nullable=False),
        sa.Column("width", big, nullable=False),
        sa.Column("unused", big, nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "custody_seal",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("roll", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("package", sa.String(length=100), nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "custody_device",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("due", big, nullable=False),
        sa.Column("entry", big, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "custody_totals",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("dossiers", big, nullable=False),
        sa.Column("leaves", big, nullable=False),
        sa.Column("reused", big, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_custody_package_state", "custody_package", ["state"], unique=False)
    op.create_index("ix_custody_package_custodian", "custody_package", ["custodian"], unique=False)
    op.create_index("ix_custody_package_place", "custody_package", ["place"], unique=False)
    op.create_index("ix_custody_dossier_state", "custody_dossier", ["state"], unique=False)
    op.create_index("ix_custody_dossier_location", "custody_dossier", ["location"], unique=False)
    op.create_index("ix_custody_dossier_home", "custody_dossier", ["home"], unique=False)
    op.create_index("ix_custody_roll_prefix", "custody_roll", ["prefix"], unique=False)
    op.create_index("ix_custody_seal_roll", "custody_seal", ["roll"], unique=False)
    op.create_index("ix_custody_seal_package", "custody_seal", ["package"], unique=False)
