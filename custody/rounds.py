"""Rounds: what is known of plans and rounds, which rounds fall due when, and which seed they are drawn from.

The seed of a day is the newest head of the log that was announced, by an entry of the log, before that day began, and
that holds the plan: whoever makes a plan does not know the root yet, and whoever knows the root cannot change the plan.
A plan that leaves something to chance is in force from the first day that has such a seed.

A round's code tells plan, day, and its place among the rounds of that day: "DEM-20260105-03".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from custody.drawing import Urn
from custody.errors import CustodyError
from custody.holdings import Holdings, Value
from custody.moments import parse_moment
from custody.round_plans import Shape, due_on, in_zone, midnight_of, read_zone

ACTIVE, STOPPED = "active", "stopped"
UNDER_WAY, ENDED, MISSED = "under-way", "ended", "missed"
NEWEST = "newest"
_CODE = re.compile(r"(.+)-(\d{8})-(\d{2})")


class Plan(Value, frozen=True, gc=False):
    """A plan and since when, and until when ("" while it is in force), its rounds are owed; `planned` is its entry."""

    code: str
    sort: str
    guarded: str
    targets: tuple[str, ...]
    times: tuple[str, ...]
    days: tuple[str, ...]
    minutes: int
    grace: int
    least: int
    zone: str
    state: str
    since: str
    until: str
    planned: int
    entry: int = -1

    @property
    def shape(self) -> Shape:
        """What the plan says."""
        return Shape(self.code, self.targets, self.times, self.days, self.minutes, self.grace, self.zone)


class Round(Value, frozen=True, gc=False):
    """A round that was begun, or missed (`missed_at` is that entry, -1 where there is none).

    `day` is the plan's day, `touched` the day of the last entry about it; `unscanned` are the points that were missed.
    `off_duty` is why somebody walked it who was not on duty at the post.
    """

    code: str
    plan: str
    sort: str
    guarded: str
    day: str
    touched: str
    state: str
    due: str
    closes: str
    deadline: str
    points: tuple[str, ...]
    drawn: int
    by: tuple[str, ...] = ()
    started: str = ""
    ended: str = ""
    scanned: int = 0
    unscanned: tuple[str, ...] = ()
    results: int = 0
    root: str = ""
    reason: str = ""
    missed_at: int = -1
    begun_at: int = -1
    off_duty: str = ""
    entry: int = -1


class Head(Value, frozen=True, gc=False):
    """An announced head: its size is its key, `before` that of the one announced before; "newest" repeats the last.

    `at` never runs backwards, whatever the clock did.
    """

    key: str
    at: str
    size: int
    root: str
    before: str
    entry: int = -1


# Returns the last head announced before a moment.
HeadBefore = Callable[[Holdings, datetime], Head | None]


@dataclass(frozen=True)
class Slot:
    """A round that a plan owes: when it is due, and the moment by which it must have begun."""

    code: str
    plan: Plan
    day: date
    number: int
    due: datetime
    closes: datetime
    head: Head | None

    @property
    def urn(self) -> Urn | None:
        """What its lots are drawn from."""
        return urn_of(self.plan, self.day, self.head)

    @property
    def drawn(self) -> int:
        """The size of the head its lots are drawn from, -1 where there are none."""
        return self.head.size if self.head is not None and self.plan.shape.draws else -1


def urn_of(plan: Plan, day: date, head: Head | None) -> Urn | None:
    """Return what the lots of a plan's day are drawn from."""
    return None if head is None else Urn(bytes.fromhex(head.root), plan.code, day.isoformat())


def head_before(holdings: Holdings, moment: datetime) -> Head | None:
    """Return the last head announced before a moment."""
    head = holdings.one(Head, NEWEST)
    while head is not None and parse_moment(head.at) >= moment:
        head = holdings.one(Head, head.before) if head.before else None
    return head


def searching(heads: Iterable[Head]) -> HeadBefore:
    """Return what finds as `head_before` does among all announced heads, for who asks for each day of many years."""
    ordered = sorted((each for each in heads if each.key != NEWEST), key=lambda each: each.size)
    moments = [parse_moment(each.at) for each in ordered]

    def search(_holdings: Holdings, moment: datetime) -> Head | None:
        place = bisect_left(moments, moment)
        return ordered[place - 1] if place else None

    return search


def slots_on(holdings: Holdings, plan: Plan, day: date, before: HeadBefore = head_before) -> list[Slot]:
    """Return the rounds a plan owes on a day, in order; none where it is not in force."""
    shape, head = plan.shape, None
    if shape.draws:
        head = before(holdings, midnight_of(day, read_zone(plan.zone)))
        if head is None or head.size <= plan.planned:
            return []
    since, until = parse_moment(plan.since), parse_moment(plan.until) if plan.until else None
    grace = timedelta(minutes=plan.grace)
    return [
        Slot(f"{plan.code}-{day:%Y%m%d}-{number:02}", plan, day, number, due, due + grace, head)
        for number, due in enumerate(due_on(shape, day, urn_of(plan, day, head)), 1)
        if due >= since and (until is None or due <= until)
    ]


def slots_between(
    holdings: Holdings, plan: Plan, start: datetime, end: datetime, before: HeadBefore = head_before
) -> Iterator[Slot]:
    """Yield, day by day, the rounds of a plan that close after `start` and fall due no later than `end`."""
    zone = read_zone(plan.zone)
    start = max(start, parse_moment(plan.since))
    if plan.until:
        end = min(end, parse_moment(plan.until))
    # A window begins on its own day and may reach into the next; grace comes on top.
    day = (in_zone(start, zone) - timedelta(minutes=plan.grace)).date() - timedelta(days=1)
    last = in_zone(end, zone).date()
    while day <= last:
        owed = slots_on(holdings, plan, day, before)
        yield from (each for each in owed if each.closes > start and each.due <= end)
        day += timedelta(days=1)


def slot_of(holdings: Holdings, code: str) -> Slot:
    """Return the slot a round's code stands for; raises CustodyError "round-unknown" where no plan owes it."""
    if (found := _CODE.fullmatch(code)) and (plan := holdings.one(Plan, found[1])) is not None:
        try:
            day = date(int(found[2][:4]), int(found[2][4:6]), int(found[2][6:]))
        except ValueError:
            raise CustodyError("round-unknown", round=code) from None
        for slot in slots_on(holdings, plan, day):
            if slot.code == code:
                return slot
    raise CustodyError("round-unknown", round=code)
