"""Guard posts: what a shift covers, and how many guards it needs at which time of which day.

Needs have a history: what a post needed last month does not change when it is given other watches today.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session, col

from archive import places
from archive.duty_tables import PostNeedsRow
from archive.errors import ArchiveError
from archive.people import CODE
from archive.people_tables import PostRow

_WATCH = re.compile(
    r"\s*([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)\s*=\s*([1-9]\d?)\s*(?:@\s*([\w, -]+))?"
)
# Weekdays are 0 (Monday) to 6; then the two kinds of days that come before the weekday.
HOLIDAY, TET = 7, 8
DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6, "holiday": HOLIDAY, "tet": TET}
_ALSO = {"t2": 0, "t3": 1, "t4": 2, "t5": 3, "t6": 4, "t7": 5, "cn": 6, "lễ": HOLIDAY, "le": HOLIDAY, "tết": TET}
_NAMES = {number: name for name, number in DAYS.items()}


class PostError(ArchiveError):
    """A post cannot be added or found as asked."""


@dataclass(frozen=True)
class Watch:
    """From `start` to `end` (office time "HH:MM", half open, over midnight where end ≤ start) `guards` are needed.

    `days` are the kinds of days it begins on (see DAYS); none: every weekday.
    """

    start: str
    end: str
    guards: int
    days: tuple[int, ...] = ()

    @property
    def on(self) -> str:
        """The days it begins on, "@mon,tue"; nothing where it begins on every weekday."""
        return "@" + ",".join(_NAMES[each] for each in self.days) if self.days else ""

    def __str__(self) -> str:
        return f"{self.start}-{self.end}={self.guards}{self.on}"


@dataclass(frozen=True)
class Post:
    """One guard post; outside its watches it needs one guard. `place` is a place's code."""

    code: str
    name: str
    place: str | None
    watches: tuple[Watch, ...]
    active: bool


@dataclass(frozen=True)
class Needs:
    """What a post needs from `since` on, until later needs."""

    since: datetime
    watches: tuple[Watch, ...]


def read_watch(text: str) -> Watch:
    """Return the watch written "18:00-06:00=2" or "18:00-06:00=2@mon-fri,holiday"; PostError "watch-unusable"."""
    found = _WATCH.fullmatch(text)
    if found is None:
        raise PostError("watch-unusable", watch=text)
    days = sorted({day for part in (found[6] or "").split(",") if part.strip() for day in _read_days(part, text)})
    return Watch(f"{found[1]}:{found[2]}", f"{found[3]}:{found[4]}", int(found[5]), tuple(days))


def _read_days(part: str, text: str) -> list[int]:
    """Return the kinds of days of "mon" or "mon-fri"; a range may go over the end of the week."""
    known = {**DAYS, **_ALSO}
    ends = [known.get(each.strip().lower(), -1) for each in part.split("-")]
    if min(ends) < 0 or len(ends) > 2 or (len(ends) == 2 and max(ends) > 6):
        raise PostError("watch-unusable", watch=text)
    return [(ends[0] + step) % 7 for step in range((ends[1] - ends[0]) % 7 + 1)] if len(ends) == 2 else ends


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
        watches=_told(watches),
        added_at=now,
    )
    session.add(row)
    session.flush()
    _note_needs(session, key, row.watches, now)
    return _post(row)


def find(session: Session, code: str) -> Post:
    """Return one post; PostError "post-unknown"."""
    return _post(_row(session, code))


def set_watches(session: Session, code: str, watches: Sequence[Watch], now: datetime) -> Post:
    """Give a post other watches from now on; PostError "post-unknown"."""
    row = _row(session, code)
    row.watches, row.active = _told(watches), True
    session.add(row)
    session.flush()
    _note_needs(session, row.code, row.watches, now)
    return _post(row)


def retire(session: Session, code: str, now: datetime) -> Post:
    """Give a post up: from now on it needs nobody; PostError "post-unknown"."""
    row = _row(session, code)
    row.active = False
    session.add(row)
    session.flush()
    _note_needs(session, row.code, _told([Watch("00:00", "00:00", 0)]), now)
    return _post(row)


def needs(session: Session) -> dict[str, list[Needs]]:
    """Return the history of what every post needs, by post, the oldest first."""
    found: dict[str, list[Needs]] = {}
    asked = select(PostNeedsRow).order_by(col(PostNeedsRow.post), col(PostNeedsRow.since), col(PostNeedsRow.id))
    for row in session.execute(asked).scalars():
        found.setdefault(row.post, []).append(Needs(row.since, _watches(row.watches)))
    return found


def every(session: Session) -> list[Post]:
    """Return all posts by code."""
    return [_post(row) for row in session.execute(select(PostRow).order_by(col(PostRow.code))).scalars()]


def _row(session: Session, code: str) -> PostRow:
    row = session.get(PostRow, code.strip().upper())
    if row is None:
        raise PostError("post-unknown", post=code)
    return row


def _note_needs(session: Session, post: str, watches: list[list[Any]], now: datetime) -> None:
    session.execute(insert(PostNeedsRow), [{"post": post, "since": now, "watches": watches}])


def _told(watches: Sequence[Watch]) -> list[list[Any]]:
    return [[each.start, each.end, each.guards, list(each.days)] for each in watches]


def _watches(told: list[list[Any]]) -> tuple[Watch, ...]:
    return tuple(Watch(str(start), str(end), int(guards), tuple(days)) for start, end, guards, days in told)


def _post(row: PostRow) -> Post:
    return Post(row.code, row.name, row.place, _watches(row.watches), row.active)
