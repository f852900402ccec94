"""What was done to people, places, posts and settings: who, when, what.

These are no entries of custody: nobody signs for them and no box depends on them. But whoever may give roles and PINs
is somebody others must be able to look at, so each such act is a row that no command changes or takes away. `by` is
the code of who was signed in, "" for the command line, whose users the machine knows and the station does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from archive.office_act_tables import OfficeActRow

LONGEST_ABOUT = 200


@dataclass(frozen=True)
class OfficeAct:
    """One act; `kind` is "person-added" and the like, `about` the code or key it was done to."""

    id: int
    at: datetime
    by: str
    kind: str
    about: str
    facts: dict[str, Any]


def note(session: Session, *, by: str, kind: str, about: str, now: datetime, **facts: object) -> None:
    """Write an act down, in the transaction that does it; PINs never stand among `facts`."""
    session.add(OfficeActRow(at=now, by=by, kind=kind, about=about[:LONGEST_ABOUT], facts=facts))
    session.flush()


def newest(session: Session, *, about: str = "", kind: str = "", before: int = 0, limit: int = 100) -> list[OfficeAct]:
    """Return acts, the newest first: all, those of a kind or to one thing, from below the number `before` if given."""
    query = select(OfficeActRow).order_by(col(OfficeActRow.id).desc()).limit(limit)
    if about:
        query = query.where(col(OfficeActRow.about) == about)
    if kind:
        query = query.where(col(OfficeActRow.kind) == kind)
    if before:
        query = query.where(col(OfficeActRow.id) < before)
    rows = session.execute(query).scalars()
    return [OfficeAct(row.id or 0, row.at, row.by, row.kind, row.about, dict(row.facts)) for row in rows]
