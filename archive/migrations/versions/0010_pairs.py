"""The index of page texts anew: one table on the embedded engine, with pairs of neighbouring syllables on both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0014"

SQLITE = (
    "DROP TABLE page_folded",
    "DROP TABLE page_exact",
    "CREATE VIRTUAL TABLE page_index USING fts5(words, content='', contentless_delete=1,"
    " tokenize=\"ascii tokenchars '=_'\")",
    # Pairs make many short lists, whose merging is most of the work of writing: merge eight at a time, not four.
    "INSERT INTO page_index(page_index, rank) VALUES ('automerge', 8)",
)


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    for statement in SQLITE if connection.dialect.name == "sqlite" else ():
        op.execute(statement)
    known = sa.text("seen > 64")
    op.create_index("word_known", "word", ["folded"], sqlite_where=known, postgresql_where=known)
    op.create_index("word_known_backward", "word", ["backward"], sqlite_where=known, postgresql_where=known)
    # Pages that are stored already stand in no index of this kind: without this row the archive asks to rebuild it.
    if connection.execute(sa.text("SELECT count(*) FROM page")).scalar_one():
        op.execute("DELETE FROM index_state")
