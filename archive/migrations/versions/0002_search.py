"""The index: words of pages, folded and exact, and the codes on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE = (
    "CREATE VIRTUAL TABLE page_folded USING fts5(words, content='', contentless_delete=1,"
    " tokenize='unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE page_exact USING fts5(words, content='', contentless_delete=1,"
    " tokenize='unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE code_part USING fts5(folded, content='', contentless_delete=1, detail=none,"
    " tokenize='trigram')",
)
POSTGRES = (
    "CREATE TABLE page_index (page_id bigint PRIMARY KEY, folded tsvector NOT NULL, exact tsvector NOT NULL)",
    "CREATE INDEX page_index_folded ON page_index USING gin (folded)",
    "CREATE INDEX page_index_exact ON page_index USING gin (exact)",
    "CREATE TABLE code_part (code_id bigint PRIMARY KEY, parts text[] NOT NULL)",
    "CREATE INDEX code_part_parts ON code_part USING gin (parts)",
)


def upgrade() -> None:
    """Apply."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    plain = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "code",
        sa.Column("id", big, nullable=False),
        sa.Column("folded", plain, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("folded"),
    )
    op.create_table(
        "page_code",
        sa.Column("code_id", big, nullable=False),
        sa.Column("page_id", big, nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"]),
        sa.PrimaryKeyConstraint("code_id", "page_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("page_code_page", "page_code", ["page_id"], unique=False)
    op.create_table(
        "word",
        sa.Column("term", plain, nullable=False),
        sa.Column("folded", plain, nullable=False),
        sa.Column("backward", plain, nullable=False),
        sa.Column("seen", big, nullable=False),
        sa.PrimaryKeyConstraint("term"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_word_folded", "word", ["folded"], unique=False)
    op.create_index("ix_word_backward", "word", ["backward"], unique=False)
    state = op.create_table(
        "index_state",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRES:
        op.execute(statement)
    # An archive that holds pages already has no index of them yet: without this row it asks to be rebuilt.
    if connection.execute(sa.text("SELECT count(*) FROM page")).scalar_one() == 0:
        op.bulk_insert(state, [{"key": "normalizer", "value": "1"}])
