"""Who looked at what was scanned of a dossier: checked by one person, approved by another.

Both acts hold for exactly the pages that were filed then; a scan filed or taken away later leaves the dossier "read".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from archive.errors import ArchiveError
from archive.part_tables import DossierReview
from archive.sheets import digests

CHECKED, APPROVED, WITHDRAWN = "checked", "approved", "withdrawn"
_AT_ONCE = 500


@dataclass(frozen=True)
class Review:
    """The acts that hold: who checked and, "" where nobody did, who approved; `reason` accepts a difference."""

    checked_by: str
    checked_at: datetime
    approved_by: str = ""
    approved_at: datetime | None = None
    reason: str = ""
    digest: str = ""


def reviews(session: Session, dossiers: Collection[str] | None = None) -> Mapping[str, Review]:
    """Return dossier → what holds, for those of `dossiers` (or all) that somebody checked as they are now."""
    rows = list(_acts(session, dossiers))
    now = digests(session, sorted({row.dossier for row in rows}))
    found: dict[str, Review] = {}
    for row in rows:
        before = found.pop(row.dossier, None)
        if row.act == WITHDRAWN or row.digest != now.get(row.dossier):
            continue
        if row.act == CHECKED:
            found[row.dossier] = Review(row.by, row.at, reason=row.reason, digest=row.digest)
        elif before is not None:
            found[row.dossier] = replace(before, approved_by=row.by, approved_at=row.at)
    return found


def check(session: Session, dossier: str, by: str, reason: str, now: datetime) -> str:
    """Note that a person compared scans and paper, and return the digest; `reason` accepts a difference."""
    return _add(session, dossier, CHECKED, by, reason, now)


def approve(session: Session, dossier: str, by: str, now: datetime) -> str:
    """Note that a second person approved; ArchiveError "dossier-not-checked" or "approval-by-checker"."""
    held = reviews(session, {dossier}).get(dossier)
    if held is None:
        raise ArchiveError("dossier-not-checked", dossier=dossier)
    if held.checked_by == by:
        raise ArchiveError("approval-by-checker", dossier=dossier, person=by)
    return _add(session, dossier, APPROVED, by, "", now)


def withdraw(session: Session, dossier: str, by: str, reason: str, now: datetime) -> str:
    """Take back what holds; ArchiveError "dossier-not-checked" where nothing does, "withdrawal-without-reason"."""
    if not reason.strip():
        raise ArchiveError("withdrawal-without-reason", dossier=dossier)
    if dossier not in reviews(session, {dossier}):
        raise ArchiveError("dossier-not-checked", dossier=dossier)
    return _add(session, dossier, WITHDRAWN, by, reason, now)


def _acts(session: Session, dossiers: Collection[str] | None) -> Iterator[DossierReview]:
    """Yield the acts about each dossier in their order."""
    query = select(DossierReview).order_by(col(DossierReview.id))
    if dossiers is None:
        yield from session.execute(query).scalars()
        return
    listed = sorted(dossiers)
    for start in range(0, len(listed), _AT_ONCE):
        chosen = col(DossierReview.dossier).in_(listed[start : start + _AT_ONCE])
        yield from session.execute(query.where(chosen)).scalars()


def _add(session: Session, dossier: str, act: str, by: str, reason: str, now: datetime) -> str:
    seen = digests(session, [dossier])[dossier]
    row = DossierReview(dossier=dossier, act=act, by=by, at=now, digest=seen, reason=reason)
    session.add(row)
    session.flush()
    return seen
