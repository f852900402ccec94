"""Requests that are done once: the answer of each is kept beside its effect and given again to whoever repeats it.

A person chooses a key for a request. `claim` takes the key inside the transaction that does the work, so of two at
once the second waits for the first and finds its answer; `keep` puts the answer there. `RETAINED` after, a key is free
again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, text, update
from sqlmodel import Session, col

from archive.database import Moment
from archive.errors import ArchiveError
from archive.replay_tables import ReplayRow

RETAINED = timedelta(hours=48)
_CLAIM = text(
    "INSERT INTO replay (person, key, digest, at, status, media_type, headers, body)"
    " VALUES (:person, :key, :digest, :now, 0, '', '', :body) ON CONFLICT (person, key) DO NOTHING"
).bindparams(bindparam("now", type_=Moment()))


class ReplayError(ArchiveError):
    """A key that cannot be used: "idempotency-key-reused" for another request, "idempotency-outcome-unknown"."""


@dataclass(frozen=True)
class Ask:
    """A request as its sender names it: who, by which key, and the digest of everything it says."""

    person: str
    key: str
    digest: str


@dataclass(frozen=True)
class Answer:
    """What was answered."""

    status: int
    media_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def look(session: Session, ask: Ask, now: datetime) -> Answer | None:
    """Return the answer given to a request before, None where it was never done.

    Raises ReplayError "idempotency-key-reused" where the key named another request, and "idempotency-outcome-unknown"
    where the request is being done at this moment, or was when the station stopped.
    """
    row = session.get(ReplayRow, (ask.person, ask.key), populate_existing=True)
    if row is None or now - row.at >= RETAINED:
        return None
    if row.digest != ask.digest:
        raise ReplayError("idempotency-key-reused", key=ask.key, moment=row.at)
    if not row.status:
        raise ReplayError("idempotency-outcome-unknown", key=ask.key, moment=row.at)
    return Answer(row.status, row.media_type, row.body, json.loads(row.headers or "{}"))


def claim(session: Session, ask: Ask, now: datetime) -> bool:
    """Take a key for a request and forget the old ones; tell whether it was free.

    On PostgreSQL this waits for a transaction that has taken the same key; on SQLite all writers wait for each other.
    """
    session.execute(delete(ReplayRow).where(col(ReplayRow.at) <= now - RETAINED))
    taken = session.execute(
        _CLAIM, {"person": ask.person, "key": ask.key, "digest": ask.digest, "now": now, "body": b""}
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def keep(session: Session, ask: Ask, answer: Answer) -> None:
    """Keep the answer under a key that was claimed."""
    session.execute(
        update(ReplayRow)
        .where(col(ReplayRow.person) == ask.person, col(ReplayRow.key) == ask.key)
        .values(
            status=answer.status,
            media_type=answer.media_type,
            headers=json.dumps(dict(answer.headers)),
            body=answer.body,
        )
    )


def release(session: Session, ask: Ask) -> None:
    """Give a key free: its request was refused, so nothing was done."""
    session.execute(delete(ReplayRow).where(col(ReplayRow.person) == ask.person, col(ReplayRow.key) == ask.key))
