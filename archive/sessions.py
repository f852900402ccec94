"""Who is signed in, in which browser: opaque secrets whose hashes stand in the database, revocable at any time.

A page session ends after `IDLE` without a request, and after `LONGEST` whatever happens; a token for programs ends on
the day that was set. Losing the database file gives nobody a way in, because only SHA-256 of each secret is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlmodel import Session, col

from archive.errors import ArchiveError
from archive.people import Person, Role, person_of
from archive.people_tables import PersonRow
from archive.refs import new_public_id
from archive.session_tables import OneTimeLinkRow, WebSessionRow

IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)
LINK_LASTS = timedelta(hours=24)
# When a session was last seen is written down at most this often: a page asks many times a minute.
SEEN_EVERY = timedelta(minutes=1)
PAGE, TOKEN = "page", "token"
FIRST_ADMINISTRATOR = "administrator"


class LinkError(ArchiveError):
    """A link that works once, and does not: "link-used", "link-over" or "link-unknown"."""


@dataclass(frozen=True)
class Known:
    """A person who is signed in, and the session they are in."""

    session: str
    person: Person
    kind: str


@dataclass(frozen=True)
class Opened:
    """One session of a person as they are shown it; `name` is the browser or what the token is for."""

    id: str
    kind: str
    name: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


def begin(session: Session, person: str, now: datetime, *, name: str = "") -> str:
    """Sign a person in and return the secret for the browser's cookie; it is nowhere else."""
    return _write(session, person, now, PAGE, name, now + LONGEST)


def give_token(session: Session, person: str, now: datetime, *, name: str, days: int) -> str:
    """Return a token with which a program acts for a person, for so many days."""
    return _write(session, person, now, TOKEN, name, now + timedelta(days=days))


def recognise(session: Session, secret: str, now: datetime) -> Known | None:
    """Return who is signed in with this secret, None where nobody is (any more)."""
    found = session.execute(
        select(WebSessionRow, PersonRow)
        .join(PersonRow, col(PersonRow.code) == col(WebSessionRow.person))
        .where(col(WebSessionRow.secret) == _hash(secret), col(PersonRow.active))
    ).first()
    if found is None:
        return None
    row, person = found
    if row.revoked_at is not None or now >= row.ends_at or (row.kind == PAGE and now - row.seen_at > IDLE):
        return None
    return Known(row.id, person_of(person), row.kind)


def note_seen(session: Session, known: Known, now: datetime) -> None:
    """Write down that a session was used, at most once a minute."""
    session.execute(
        update(WebSessionRow)
        .where(col(WebSessionRow.id) == known.session, col(WebSessionRow.seen_at) < now - SEEN_EVERY)
        .values(seen_at=now)
    )


def of_person(session: Session, person: str, now: datetime) -> list[Opened]:
    """Return the sessions and tokens of a person that still work, newest first."""
    rows = session.execute(
        select(WebSessionRow)
        .where(col(WebSessionRow.person) == person, col(WebSessionRow.revoked_at).is_(None))
        .order_by(col(WebSessionRow.made_at).desc())
    ).scalars()
    return [
        Opened(row.id, row.kind, row.name, row.made_at, row.seen_at, row.ends_at)
        for row in rows
        if now < row.ends_at and (row.kind == TOKEN or now - row.seen_at <= IDLE)
    ]


def revoke(session: Session, person: str, now: datetime, *, only: str = "", but: str = "") -> int:
    """End a person's sessions: all, `only` one, or all `but` one; return how many ended."""
    chosen = [col(WebSessionRow.person) == person, col(WebSessionRow.revoked_at).is_(None)]
    if only:
        chosen.append(col(WebSessionRow.id) == only)
    if but:
        chosen.append(col(WebSessionRow.id) != but)
    ended = session.execute(select(col(WebSessionRow.id)).where(*chosen)).scalars().all()
    session.execute(update(WebSessionRow).where(col(WebSessionRow.id).in_(ended)).values(revoked_at=now))
    return len(ended)


def has_administrator(session: Session) -> bool:
    """Tell whether somebody looks after the people already: then nobody comes in without signing in."""
    rows = session.execute(select(PersonRow).where(col(PersonRow.active), col(PersonRow.pin_hash).is_not(None)))
    return any(Role.ADMINISTRATOR.value in row.roles for row in rows.scalars())


def make_link(session: Session, now: datetime) -> str:
    """Return the secret of a link by which the first administrator is made; links before it stop working."""
    waiting = col(OneTimeLinkRow.used_at).is_(None)
    session.execute(update(OneTimeLinkRow).where(waiting).values(ends_at=now))
    secret = secrets.token_urlsafe(16)
    session.add(
        OneTimeLinkRow(secret=_hash(secret), purpose=FIRST_ADMINISTRATOR, made_at=now, ends_at=now + LINK_LASTS)
    )
    session.flush()
    return secret


def check_link(session: Session, secret: str, now: datetime) -> None:
    """Refuse a link that is unknown, used or over."""
    row = session.get(OneTimeLinkRow, _hash(secret))
    if row is None:
        raise LinkError("link-unknown")
    if row.used_at is not None:
        raise LinkError("link-used", moment=row.used_at)
    if now >= row.ends_at:
        raise LinkError("link-over", moment=row.ends_at)


def use_link(session: Session, secret: str, now: datetime) -> None:
    """Use a link up; of two at once, one is refused."""
    check_link(session, secret, now)
    unused = (col(OneTimeLinkRow.secret) == _hash(secret), col(OneTimeLinkRow.used_at).is_(None))
    if not session.execute(update(OneTimeLinkRow).where(*unused).values(used_at=now)).rowcount:  # type: ignore[attr-defined]
        raise LinkError("link-used", moment=now)


def _write(session: Session, person: str, now: datetime, kind: str, name: str, ends_at: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    row = WebSessionRow(
        id=new_public_id(), secret=_hash(secret), person=person, kind=kind, name=name[:200], made_at=now
    )
    row.seen_at, row.ends_at = now, ends_at
    session.add(row)
    session.flush()
    return secret


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
