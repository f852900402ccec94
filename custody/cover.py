"""Guard cover, exactly: how many guards a post needs, how many were there, and every second with too few.

Moments are whole seconds since 1970 in UTC; spans are half open, [start, end). Nothing is sampled: needs and presence
are steps that change at single seconds, and one sweep over these seconds finds the holes in O(n log n).

A watch is a need at a time of day. It begins at the first second at which the office's clock shows that time or a
later one, so it is right across a change of clocks too: a time that is skipped begins when it is skipped, a time that
comes twice begins the first time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise

DAY = 86_400
# Kinds of days beside the weekdays, which are 0 (Monday) to 6.
HOLIDAY, TET = 7, 8
WEEK = frozenset(range(7))
# Guards a post needs where no watch says otherwise.
LEAST = 1

Span = tuple[int, int]
# From this second on so many, until the next step.
Step = tuple[int, int]
# A guard was, or should be, at the post in [start, end).
Presence = tuple[str, int, int]


@dataclass(frozen=True)
class Watch:
    """From `start` to `end` (seconds of the day, over midnight where end ≤ start) so many guards are needed.

    `days` are the kinds of days it begins on. On a holiday the watches for holidays hold, at Tết those for Tết; where a
    post has none of them, those of the weekday.
    """

    start: int
    end: int
    guards: int
    days: frozenset[int] = WEEK


@dataclass(frozen=True)
class Hole:
    """A span in which a post needed `needed` guards and had `short` too few.

    `absent` are those who were planned and not there, `last` is who left last before it; both empty where unknown.
    `answered` is the incident in which a leader answered for it.
    """

    start: int
    end: int
    needed: int
    short: int
    absent: tuple[str, ...] = ()
    last: str = ""
    answered: str = ""

    @property
    def responsible(self) -> tuple[str, ...]:
        """Return who has to answer for it: who should have been there, otherwise who left last."""
        return self.absent or ((self.last,) if self.last else ())


@lru_cache(maxsize=1 << 16)
def moment_of(zone: tzinfo, day: date, second: int) -> int:
    """Return the first second at which the clocks of a zone show this time of this day, or a later one."""
    wall = datetime.combine(day, time()) + timedelta(seconds=second)
    first, other = (int(wall.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1))
    if first <= other:
        return first
    # The clocks skip this time: somewhere after `other` they jump over it.
    low, high = other, first
    while low < high:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).replace(tzinfo=None) >= wall:
            high = middle
        else:
            low = middle + 1
    return low


def day_of(zone: tzinfo, moment: int) -> date:
    """Return the day that the clocks of a zone show."""
    return datetime.fromtimestamp(moment, zone).date()


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the days from `first` to `last`, both among them."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


@lru_cache(maxsize=32)
def needed(
    watches: tuple[Watch, ...], holidays: frozenset[tuple[date, int]], zone: tzinfo, start: int, end: int
) -> tuple[Step, ...]:
    """Return how many guards are needed in [start, end), as steps; the first begins at `start`.

    Where several watches run, the largest counts; outside all of them LEAST. `holidays` are (day, HOLIDAY or TET).
    """
    kinds = dict(holidays)
    begun: list[tuple[int, int]] = []
    # A day's watch may reach two days on, and a zone may skip a day.
    for day in days_between(day_of(zone, start) - timedelta(days=3), day_of(zone, end)):
        for watch in _watches_on(watches, day, kinds):
            until = day if watch.end > watch.start else day + timedelta(days=1)
            span = (moment_of(zone, day, watch.start), moment_of(zone, until, watch.end))
            if max(span[0], start) < min(span[1], end):
                begun += [(span[0], watch.guards + 1), (span[1], -watch.guards - 1)]
    return tuple(_largest(sorted(begun), start, end))


def _watches_on(watches: Sequence[Watch], day: date, kinds: Mapping[date, int]) -> list[Watch]:
    kind = kinds.get(day, day.weekday())
    order = {TET: (TET, HOLIDAY, day.weekday()), HOLIDAY: (HOLIDAY, day.weekday())}.get(kind, (kind,))
    chosen: list[Watch] = []
    for each in order:
        chosen = [watch for watch in watches if each in watch.days]
        if chosen:
            break
    return chosen


def _largest(edges: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[Step]:
    """Yield the largest need at each second; an edge is (second, guards + 1), negative where the watch ends."""
    running: list[int] = []
    last, place = -1, 0
    for at in sorted({start, *(at for at, _ in edges if start < at < end)}):
        while place < len(edges) and edges[place][0] <= at:
            change = edges[place][1]
            running.append(change) if change > 0 else running.remove(-change)
            place += 1
        need = max(running) - 1 if running else LEAST
        if need != last:
            yield at, need
        last = need


def without_doubles(presences: Iterable[Presence]) -> Iterator[Presence]:
    """Yield presences in order of their start so that nobody counts twice in one second."""
    reached: dict[str, int] = {}
    for guard, start, end in sorted(presences, key=lambda each: each[1]):
        begin = max(start, reached.get(guard, start))
        if begin < end:
            reached[guard] = end
            yield guard, begin, end


def holes(needs: Sequence[Step], presences: Iterable[Presence], start: int, end: int) -> list[Hole]:
    """Return every span of [start, end) with fewer guards than needed, in order; adjoining ones differ in size or need.

    `needs` are the steps of `needed` over at least [start, end).
    """
    balance: dict[int, int] = {start: 0}
    for _, begin, until in without_doubles(presences):
        if begin < end and until > start:
            begin, until = max(begin, start), min(until, end)
            balance[begin] = balance.get(begin, 0) + 1
            balance[until] = balance.get(until, 0) - 1
    before, turns = 0, {start}
    for at, need in needs:
        if at < end:
            # One more needed and one more there in the same second is another hole: 2 of 3 missing is not 2 of 2.
            turns |= {at} if at > start and need != before else set()
            balance[max(at, start)] = balance.get(max(at, start), 0) - need + before
            before = need
    found: list[Hole] = []
    spare, since = 0, start
    for at, change in sorted(balance.items()):
        if not change and at not in turns:
            continue
        if spare < 0 and at > since:
            found.append(Hole(since, at, need_at(needs, since), -spare))
        spare, since = spare + change, at
    if spare < 0 and since < end:
        found.append(Hole(since, end, need_at(needs, since), -spare))
    return found


def need_at(needs: Sequence[Step], moment: int) -> int:
    """Return how many guards are needed at a second."""
    place = bisect_right(needs, (moment, 1 << 30)) - 1
    return needs[place][1] if place >= 0 else 0


class _Found:
    """Presences by their start, so that those of a hole are found without walking all."""

    def __init__(self, presences: Iterable[Presence]) -> None:
        self._sorted = sorted(presences, key=lambda each: each[1])
        self._starts = [each[1] for each in self._sorted]
        self._longest = max((each[2] - each[1] for each in self._sorted), default=0)

    def during(self, hole: Hole) -> list[Presence]:
        """Return the presences that share a second with a hole."""
        first = bisect_right(self._starts, hole.start - self._longest)
        return [each for each in self._sorted[first : bisect_left(self._starts, hole.end)] if each[2] > hole.start]


def answered_for(
    found: Iterable[Hole], planned: Iterable[Presence], presences: Iterable[Presence], left: Iterable[Presence] = ()
) -> list[Hole]:
    """Return holes with who was planned and absent, and who left last; a hole is cut where the absent change.

    `left` are the presences that ended without relief: who was relieved answers for nothing that came after.
    """
    plan, there = _Found(planned), _Found(presences)
    ended = sorted((until, guard) for guard, _, until in left)
    named: list[Hole] = []
    for hole in found:
        near, here = plan.during(hole), there.during(hole)
        place = bisect_right(ended, (hole.start, "\U0010ffff"))
        last = ended[place - 1][1] if place else ""
        edges = {at for _, begin, until in (*near, *here) for at in (begin, until) if hole.start < at < hole.end}
        cuts = [hole.start, *sorted(edges), hole.end]
        for begin, until in pairwise(cuts):
            present = {guard for guard, one, two in here if one <= begin < two}
            absent = sorted({guard for guard, one, two in near if one <= begin < two} - present)
            piece = Hole(begin, until, hole.needed, hole.short, tuple(absent), last)
            if named and named[-1].end == begin and _is_alike(named[-1], piece):
                piece = replace(named.pop(), end=until)
            named.append(piece)
    return named


def _is_alike(one: Hole, other: Hole) -> bool:
    return (one.needed, one.short, one.absent, one.last) == (other.needed, other.short, other.absent, other.last)


def second_of(moment: datetime) -> int:
    """Return a moment with its zone as whole seconds since 1970; parts of a second are cut off."""
    return int(moment.timestamp() // 1)


def moment_at(second: int, zone: tzinfo = UTC) -> datetime:
    """Return a second as a moment on the clocks of a zone."""
    return datetime.fromtimestamp(second, zone)
