"""A day of every post as bars: who was there, who was planned, where too few were, and who is there at a moment.

    for bar in day_bars(office, date(2026, 1, 5)):
        bar.post, bar.present, bar.planned, bar.holes, bar.now

Moments become parts of the day's width, 0 to WIDTH, so that a page only has to draw them. A day has 23, 24 or 25
hours where the clocks change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from archive import people, posts
from archive.settings import zone_of
from custody.cover import Hole, Presence, day_of, moment_at, moment_of, need_at
from desk import covering
from desk.covering import Cover
from desk.office import Office

WIDTH = 960.0
HOURS = (0, 3, 6, 9, 12, 15, 18, 21, 24)


@dataclass(frozen=True)
class Span:
    """A stretch of a bar: from `x`, `width` wide, in a row of its own where several are at once.

    `sheet` is the sheet of paper that alone attests it.
    """

    x: float
    width: float
    start: datetime
    end: datetime
    who: str = ""
    row: int = 0
    goes_on: bool = False
    sheet: str = ""


@dataclass(frozen=True)
class Gap:
    """A stretch with too few guards; `is_ahead` where only the plan says so. `who` answers for it.

    `answered` is the incident in which a leader did.
    """

    x: float
    width: float
    start: datetime
    end: datetime
    needed: int
    short: int
    who: tuple[str, ...]
    is_ahead: bool
    answered: str = ""


@dataclass(frozen=True)
class Bar:
    """One post on one day; `rows` is how many guards were or should be there at once, at most."""

    post: str
    name: str
    rows: int
    present: tuple[Span, ...]
    planned: tuple[Span, ...]
    gaps: tuple[Gap, ...]
    needed_now: int
    there_now: tuple[str, ...]


@dataclass(frozen=True)
class Day:
    """The bars of a day, the x of its hours, and of a moment inside it (-1 where it lies outside)."""

    day: date
    start: datetime
    end: datetime
    bars: tuple[Bar, ...]
    hours: tuple[tuple[int, float], ...]
    line: float
    line_at: datetime | None


def day_bars(office: Office, day: date | None = None, moment: datetime | None = None) -> Day:
    """Return the bars of a day, today by default, with a line at a moment, now by default."""
    zone, now = zone_of(office.settings), covering.now_of(office)
    at = int(moment.timestamp()) if moment else now
    day = day or day_of(zone, at)
    start, end = moment_of(zone, day, 0), moment_of(zone, day + timedelta(days=1), 0)
    ahead = max(0, end - now) if start <= now < end or start > now else 0
    with office.database.reading() as session:
        found = covering.covers(office, session, start, end, ahead=ahead)
        retired = {each.code for each in posts.every(session) if not each.active}
    scale = Scale(start, end, zone)
    shown = [each for each in found if each.post not in retired or each.present or each.planned]
    bars = tuple(_bar(each, scale, at, now) for each in shown)
    inside = start <= at < end
    hours = tuple((hour, scale.x(moment_of(zone, day, hour * 3600) if hour < 24 else end)) for hour in HOURS)
    line = scale.x(at) if inside else -1.0
    return Day(day, scale.moment(start), scale.moment(end), bars, hours, line, scale.moment(at) if inside else None)


@dataclass(frozen=True)
class Scale:
    """From seconds of a day to the width of its bar."""

    start: int
    end: int
    zone: tzinfo

    def x(self, second: int) -> float:
        """Return where a second lies, kept inside the day."""
        inside = min(max(second, self.start), self.end) - self.start
        return round(WIDTH * inside / (self.end - self.start), 2)

    def moment(self, second: int) -> datetime:
        """Return a second on the office's clocks."""
        return moment_at(second, self.zone)


def _bar(cover: Cover, scale: Scale, at: int, now: int) -> Bar:
    sheets = {(each.guard, each.start, each.end): each.sheet for each in cover.attested}
    present = _spans(cover.present, scale, now, sheets)
    planned = _spans(cover.planned, scale, -1)
    gaps = [*_gaps(cover.holes, scale, False), *_gaps(cover.ahead, scale, True)]
    there = tuple(guard for guard, start, end in cover.present if start <= at < end or (at == now == end))
    rows = max((each.row for each in (*present, *planned)), default=0) + 1
    needs = need_at(cover.needs, at) if cover.needs else 0
    return Bar(cover.post, cover.name, rows, present, planned, tuple(gaps), needs, tuple(dict.fromkeys(there)))


def _spans(
    found: Iterable[Presence], scale: Scale, now: int, sheets: Mapping[Presence, str] | None = None
) -> tuple[Span, ...]:
    """Return the presences inside the day, each in the first row that is free when it begins."""
    spans: list[Span] = []
    free: list[int] = []
    for guard, start, end in sorted(found, key=lambda each: (each[1], each[2])):
        if start >= scale.end or end <= scale.start:
            continue
        row = next((number for number, until in enumerate(free) if until <= start), len(free))
        free[row : row + 1] = [end]
        x = scale.x(start)
        width = max(scale.x(end) - x, 0.5)
        sheet = (sheets or {}).get((guard, start, end), "")
        spans.append(Span(x, width, scale.moment(start), scale.moment(end), guard, row, end == now, sheet))
    return tuple(spans)


def _gaps(found: Iterable[Hole], scale: Scale, is_ahead: bool) -> list[Gap]:
    gaps = []
    for each in found:
        if each.start >= scale.end or each.end <= scale.start:
            continue
        x = scale.x(each.start)
        # One second with too few must be seen as well.
        width = max(scale.x(each.end) - x, 2.0)
        moments = (scale.moment(each.start), scale.moment(each.end))
        gaps.append(Gap(x, width, *moments, each.needed, each.short, each.responsible, is_ahead, each.answered))
    return gaps


def names_of(office: Office) -> Mapping[str, str]:
    """Return the name of everybody by their code."""
    with office.database.reading() as session:
        return {each.code: each.name for each in people.everyone(session)}
