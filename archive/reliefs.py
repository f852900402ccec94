"""Counts in progress: what an incoming guard has scanned so far, kept scan by scan so that a dead phone loses none.

A draft is no record. It is counted, ended or void; the hand-over itself stands in the custody log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from archive.duty_tables import ReliefDraftRow, ReliefScanRow, ReliefSignatureRow
from archive.errors import ArchiveError
from archive.refs import new_public_id

OPEN, COUNTED, ENDED, VOID = "open", "counted", "ended", "void"
# Engines bound the number of values in one question.
AT_ONCE = 500


class ReliefError(ArchiveError):
    """A hand-over in progress that is not there, or is over."""


@dataclass(frozen=True)
class Draft:
    """One hand-over in progress."""

    code: str
    post: str
    giver: str
    receiver: str
    state: str
    begun_at: datetime
    changed_at: datetime
    closing: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Signature:
    """Who signed what, and when."""

    person: str
    role: str
    unit: str
    digest: str
    at: datetime


def begin(session: Session, post: str, giver: str, receiver: str, now: datetime) -> Draft:
    """Return the open draft of these two at a post, a new one where there is none."""
    for found in going_on(session, post):
        if (found.giver, found.receiver) == (giver, receiver):
            return found
    made = Draft(new_public_id(), post, giver, receiver, OPEN, now, now)
    session.add(ReliefDraftRow(**vars(made)))
    session.flush()
    return made


def find(session: Session, code: str) -> Draft:
    """Return a draft; ReliefError "relief-unknown"."""
    return _draft(_row(session, code))


def going_on(session: Session, post: str = "") -> list[Draft]:
    """Return the drafts that are open or counted, of one post where it is named, the newest first."""
    asked = select(ReliefDraftRow).where(col(ReliefDraftRow.state).in_((OPEN, COUNTED)))
    if post:
        asked = asked.where(col(ReliefDraftRow.post) == post)
    return [_draft(row) for row in session.execute(asked.order_by(col(ReliefDraftRow.code).desc())).scalars()]


def set_state(session: Session, code: str, state: str, now: datetime) -> Draft:
    """Bring a draft on; what was signed before counts no more. ReliefError "relief-unknown"."""
    row = _row(session, code)
    row.state, row.changed_at, row.closing = state, now, {}
    session.add(row)
    session.flush()
    drop_signatures(session, code)
    return _draft(row)


def set_closing(session: Session, code: str, closing: Mapping[str, Any]) -> None:
    """Keep what the first signer said, so that the second signs the same."""
    row = _row(session, code)
    row.closing = dict(closing)
    session.add(row)
    session.flush()


def drop_signatures(session: Session, code: str) -> None:
    """Forget who has signed so far."""
    session.execute(delete(ReliefSignatureRow).where(col(ReliefSignatureRow.draft) == code))


def scan(session: Session, code: str, found: Sequence[tuple[str, str, str]], now: datetime) -> None:
    """Keep scanned packages, (package, place, finding); ReliefError "relief-over" where the draft is ended or void."""
    row = _row(session, code)
    if row.state not in {OPEN, COUNTED}:
        raise ReliefError("relief-over", relief=code, state=row.state)
    rows = {
        package: {"draft": code, "package": package, "place": place, "finding": finding, "at": now}
        for package, place, finding in found
    }
    packages = sorted(rows)
    for start in range(0, len(packages), AT_ONCE):
        some = packages[start : start + AT_ONCE]
        wanted = (col(ReliefScanRow.draft) == code, col(ReliefScanRow.package).in_(some))
        session.execute(delete(ReliefScanRow).where(*wanted))
    if rows:
        session.execute(insert(ReliefScanRow), list(rows.values()))
    row.changed_at = now
    session.add(row)
    session.flush()


def unscan(session: Session, code: str, package: str) -> None:
    """Take one scanned package back."""
    wanted = (col(ReliefScanRow.draft) == code, col(ReliefScanRow.package) == package)
    session.execute(delete(ReliefScanRow).where(*wanted))


def scanned(session: Session, code: str) -> list[tuple[str, str, str]]:
    """Return what was scanned, (package, place, finding), by package."""
    asked = select(ReliefScanRow).where(col(ReliefScanRow.draft) == code).order_by(col(ReliefScanRow.package))
    return [(row.package, row.place, row.finding) for row in session.execute(asked).scalars()]


def sign(session: Session, code: str, signature: Signature) -> None:
    """Keep one of the two signatures, in the place of that person's earlier one."""
    session.merge(ReliefSignatureRow(draft=code, **vars(signature)))
    session.flush()


def signatures(session: Session, code: str) -> list[Signature]:
    """Return who has signed so far, the first first."""
    asked = select(ReliefSignatureRow).where(col(ReliefSignatureRow.draft) == code)
    rows = session.execute(asked.order_by(col(ReliefSignatureRow.at), col(ReliefSignatureRow.person))).scalars()
    return [Signature(row.person, row.role, row.unit, row.digest, row.at) for row in rows]


def _row(session: Session, code: str) -> ReliefDraftRow:
    row = session.get(ReliefDraftRow, code)
    if row is None:
        raise ReliefError("relief-unknown", relief=code)
    return row


def _draft(row: ReliefDraftRow) -> Draft:
    return Draft(row.code, row.post, row.giver, row.receiver, row.state, row.begun_at, row.changed_at, row.closing)
