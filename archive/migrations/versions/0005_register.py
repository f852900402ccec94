"""The register: people and their sign-ins, places, posts, fonds, dossiers, items and the imports they came by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from archive.database import Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "fonds",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "person",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("badge", sa.String(length=9), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("code"),
        sa.UniqueConstraint("badge"),
    )
    op.create_table(
        "place",
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("parent", sa.String(length=9), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["place.code"]),
        sa.PrimaryKeyConstraint("code"),
        sa.UniqueConstraint("path"),
    )
    op.create_index("ix_place_parent", "place", ["parent"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("tried_at", Moment(), nullable=False),
        sa.Column("wait_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "post",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=9), nullable=True),
        sa.Column("watches", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["place"], ["place.code"]),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_post_place", "post", ["place"], unique=False)
    op.create_table(
        "register_import",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("fonds", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("amended", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["fonds"], ["fonds.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_register_import_fonds", "register_import", ["fonds"], unique=False)
    op.create_table(
        "dossier",
        sa.Column("id", big, nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=9), nullable=False),
        sa.Column("fonds", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("retention", sa.String(length=100), nullable=False),
        sa.Column("box", sa.String(length=100), nullable=False),
        sa.Column("leaves", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("registered_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["fonds"], ["fonds.code"]),
        sa.ForeignKeyConstraint(["import_id"], ["register_import.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("fonds", "number"),
        sa.UniqueConstraint("label"),
    )
    op.create_index("ix_dossier_fonds", "dossier", ["fonds"], unique=False)
    op.create_index("ix_dossier_import_id", "dossier", ["import_id"], unique=False)
    op.create_table(
        "dossier_amendment",
        sa.Column("id", big, nullable=False),
        sa.Column("dossier", sa.String(length=100), nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["dossier"], ["dossier.code"]),
        sa.ForeignKeyConstraint(["import_id"], ["register_import.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_dossier_amendment_dossier", "dossier_amendment", ["dossier"], unique=False)
    op.create_index("ix_dossier_amendment_import_id", "dossier_amendment", ["import_id"], unique=False)
    op.create_table(
        "item",
        sa.Column("id", big, nullable=False),
        sa.Column("dossier_id", big, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("issued", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dossier_id", "ordinal"),
    )
