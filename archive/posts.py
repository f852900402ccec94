"""Guard posts: what a shift covers, and how many guards it needs at which time of day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from archive import places
from archive.errors import ArchiveError
from archive.people import CODE
from archive.people_tables import PostRow

_WATCH = re.compile(r"\s*([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)\s*=\s*([1-9]\d?)\s*")


class PostError(ArchiveError):
    """A post cannot be added or found as asked."""


@dataclass(frozen=True)
class Watch:
    """From `start` to `end` (office time "HH:MM", half open, over midnight where end ≤ start) `guards` are needed."""

    start: str
    end: str
    guards: int


@dataclass(frozen=True)
class Post:
    """One guard post; outside its watches it needs one guard. `place` is a place's code."""

    code: str
    name: str
    place: str | None
    watches: tuple[Watch, ...]
    active: bool


def read_watch(text: str) -> Watch:
    """Return the watch written "18:00-06:00=2"; PostError "watch-unusable"."""
    found = _WATCH.fullmatch(text)
    if found is None:
        raise PostError("watch-unusable", watch=text)
    return Watch(f"{found[1]}:{found[2]}", f"{found[3]}:{found[4]}", int(found[5]))


def add(session: Session, *, code: str, name: str, place: str | None, watches: Sequence[Watch], now: datetime) -> Post:
    """Add a post; PostError "post-code-unusable", "post-exists", "post-incomplete", or PlaceError "place-unknown"."""
    key = code.strip().upper()
    if not CODE.fullmatch(key):
        raise PostError("post-code-unusable", post=code)
    if session.get(PostRow, key) is not None:
        raise PostError("post-exists", post=key)
    if not name.strip():
        raise PostError("post-incomplete", post=key)
    row = PostRow(
        code=key,
        name=" ".join(name.split()),
        place=places.find(session, place).code if place else None,
        watches=[[each.start, each.end, each.guards] for each in watches],
        added_at=now,
    )
    session.add(row)
    session.flush()
    return _post(row)


def every(session: Session) -> list[Post]:
    """Return all posts by code."""
    return [_post(row) for row in session.execute(select(PostRow).order_by(col(PostRow.code))).scalars()]


def _post(row: PostRow) -> Post:
    watches = tuple(Watch(str(start), str(end), int(guards)) for start, end, guards in row.watches)
    return Post(row.code, row.name, row.place, watches, row.active)
