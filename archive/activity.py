"""What a station is doing and has done: the read-only questions that pages and commands ask of the rows.

Every question is bounded: it is answered from an index and returns at most as many rows as it was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from archive import scans
from archive.errors import ArchiveError
from archive.tables import Arrival, Page, Scan

WAITING, STORED, DUPLICATE, SET_ASIDE, VANISHED = "waiting", "stored", "duplicate", "set_aside", "vanished"
ARRIVAL_STATES = (WAITING, STORED, DUPLICATE, SET_ASIDE, VANISHED)
RECENT_PAGES = 40


@dataclass(frozen=True)
class Sheet:
    """A stretch of a long list, newest first; `older` and `newer` are the ids to go on from, None at an end."""

    rows: tuple[Arrival, ...]
    older: int | None
    newer: int | None


@dataclass(frozen=True)
class Filter:
    """Which arrivals are wanted; empty values want all."""

    states: tuple[str, ...] = ()
    station: str = ""
    name: str = ""


def fingerprint(session: Session) -> tuple[object, ...]:
    """Return values of which at least one differs after anything happened that a page shows.

    Cheap enough to ask every second: each part is the end of an index or counts the open rows alone.
    """
    open_scans = session.execute(
        select(func.count(), func.sum(col(Scan.pages_done)), func.sum(col(Scan.attempt))).where(
            col(Scan.state).in_((scans.RECEIVED, scans.READING))
        )
    ).one()
    aside = session.execute(select(func.count()).where(col(Arrival.state) == SET_ASIDE)).scalar()
    waiting = session.execute(select(func.count()).where(col(Arrival.state) == WAITING)).scalar()
    ends = session.execute(
        select(
            select(func.max(col(Arrival.id))).scalar_subquery(),
            select(func.max(col(Arrival.settled_at))).scalar_subquery(),
            select(func.max(col(Scan.id))).scalar_subquery(),
            select(func.max(col(Page.id))).scalar_subquery(),
        )
    ).one()
    return (*open_scans, aside, waiting, *ends)


def in_hand(session: Session, now: datetime, limit: int = 8) -> Sequence[Scan]:
    """Return the scans that a worker holds at this moment, oldest first."""
    held = and_(col(Scan.state) == scans.READING, col(Scan.lease_until) >= now)
    return session.execute(select(Scan).where(held).order_by(col(Scan.id)).limit(limit)).scalars().all()


def queue_length(session: Session, now: datetime) -> int:
    """Count the scans that wait for a worker, those whose worker fell silent among them."""
    waits = or_(col(Scan.state) == scans.RECEIVED, and_(col(Scan.state) == scans.READING, col(Scan.lease_until) < now))
    return int(session.execute(select(func.count()).select_from(Scan).where(waits)).scalar_one())


def seconds_a_page(session: Session) -> float | None:
    """Return the mean seconds that the last pages took to read; None before any was read."""
    last = select(col(Page.seconds)).where(col(Page.source) == "ocr").order_by(col(Page.id).desc()).limit(RECENT_PAGES)
    mean = session.execute(select(func.avg(last.subquery().c.seconds))).scalar()
    return float(mean) if mean else None


def arrivals(
    session: Session, wanted: Filter, *, limit: int, before: int | None = None, after: int | None = None
) -> Sheet:
    """Return up to `limit` arrivals, newest first: those before an id, those after an id, or the newest."""
    query = select(Arrival).where(*_arrival_terms(wanted))
    if after is not None:
        query = query.where(col(Arrival.id) > after).order_by(col(Arrival.id))
    else:
        query = query.where(col(Arrival.id) < before) if before is not None else query
        query = query.order_by(col(Arrival.id).desc())
    rows = list(session.execute(query.limit(limit + 1)).scalars().all())
    more, rows = len(rows) > limit, rows[:limit]
    if after is not None:
        rows.reverse()
    if not rows:
        return Sheet((), None, None)
    has_older = more if after is None else True
    has_newer = more if after is not None else before is not None
    return Sheet(tuple(rows), rows[-1].id if has_older else None, rows[0].id if has_newer else None)


def count_arrivals(session: Session, wanted: Filter) -> int:
    """Count the arrivals that are wanted."""
    query = select(func.count()).select_from(Arrival).where(*_arrival_terms(wanted))
    return int(session.execute(query).scalar_one())


def arrival(session: Session, public_id: str) -> Arrival:
    """Return one arrival; ArchiveError "arrival-unknown"."""
    row: Arrival | None = session.execute(
        select(Arrival).where(col(Arrival.public_id) == public_id)
    ).scalar_one_or_none()
    if row is None:
        raise ArchiveError("arrival-unknown", reference=public_id)
    return row


def scans_of(session: Session, rows: Sequence[Arrival]) -> dict[int, Scan]:
    """Return scan id → scan for the arrivals that became or repeat one."""
    wanted = {row.scan_id for row in rows if row.scan_id is not None}
    found = session.execute(select(Scan).where(col(Scan.id).in_(wanted))).scalars().all() if wanted else ()
    return {scan.id: scan for scan in found if scan.id is not None}


def unreadable(session: Session, limit: int) -> Sequence[Scan]:
    """Return the stored scans that could not be read, newest first."""
    query = select(Scan).where(col(Scan.state) == scans.UNREADABLE).order_by(col(Scan.id).desc()).limit(limit)
    return session.execute(query).scalars().all()


def count_unreadable(session: Session) -> int:
    """Count the stored scans that could not be read."""
    return int(session.execute(select(func.count()).where(col(Scan.state) == scans.UNREADABLE)).scalar_one())


def pages_for_eyes(session: Session, *, limit: int, before: int | None = None) -> Sequence[tuple[Page, Scan]]:
    """Return the pages that a person should look at with their scans, newest first."""
    query = select(Page, Scan).join(Scan, col(Scan.id) == col(Page.scan_id)).where(col(Page.wants_eyes))
    if before is not None:
        query = query.where(col(Page.id) < before)
    return [(page, scan) for page, scan in session.execute(query.order_by(col(Page.id).desc()).limit(limit))]


def count_pages_for_eyes(session: Session) -> int:
    """Count the pages that a person should look at."""
    return int(session.execute(select(func.count()).where(col(Page.wants_eyes))).scalar_one())


def stations(session: Session) -> list[str]:
    """Return the names of the stations that files came from, sorted."""
    return sorted(session.execute(select(col(Arrival.station)).distinct()).scalars().all())


def scan_stations(session: Session) -> list[str]:
    """Return the names of the stations that have stored scans, sorted."""
    return sorted(session.execute(select(col(Scan.station)).distinct()).scalars().all())


def page_count(session: Session) -> int:
    """Count the pages that were read."""
    return int(session.execute(select(func.count()).select_from(Page)).scalar_one())


def page_states(session: Session, scan_id: int) -> Sequence[tuple[int, str, bool]]:
    """Return (number, source, whether a person should look) for the pages of a scan, in order."""
    query = select(col(Page.number), col(Page.source), col(Page.wants_eyes)).where(col(Page.scan_id) == scan_id)
    return [(number, source, wants) for number, source, wants in session.execute(query.order_by(col(Page.number)))]


def page_of(session: Session, scan_id: int, number: int) -> Page | None:
    """Return one saved page, None where it is not read yet or does not exist."""
    query = select(Page).where(col(Page.scan_id) == scan_id, col(Page.number) == number)
    page: Page | None = session.execute(query).scalar_one_or_none()
    return page


def _arrival_terms(wanted: Filter) -> list[ColumnElement[bool]]:
    terms: list[Any] = []
    if wanted.states:
        terms.append(col(Arrival.state).in_(wanted.states))
    if wanted.station:
        terms.append(col(Arrival.station) == wanted.station)
    if wanted.name:
        terms.append(col(Arrival.name).icontains(wanted.name, autoescape=True))
    return terms


def arrivals_of(session: Session, scan_id: int, limit: int) -> Sequence[Arrival]:
    """Return the arrivals that became or repeat one scan, oldest first."""
    query = select(Arrival).where(col(Arrival.scan_id) == scan_id).order_by(col(Arrival.id)).limit(limit)
    return session.execute(query).scalars().all()
