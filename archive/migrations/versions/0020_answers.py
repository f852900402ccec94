"""Spans that incidents answer for, presence attested by paper, and rounds walked by who was not on duty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0017"

ADDED: dict[str, dict[str, sa.types.TypeEngine[str]]] = {
    "custody_incident": {"span_start": sa.String(length=25), "span_end": sa.String(length=25)},
    "custody_paper": {"present": sa.Text(), "keyed_by": sa.Text(), "keyed_at": sa.String(length=25)},
    "custody_round": {"off_duty": sa.Text()},
}
# Tuples are kept as JSON lists.
EMPTY = {"present": "[]", "keyed_by": "[]"}


def upgrade() -> None:
    """Apply."""
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as altered:
            for name, kind in columns.items():
                altered.add_column(sa.Column(name, kind, nullable=False, server_default=EMPTY.get(name, "")))
