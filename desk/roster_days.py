"""A plan of guard duty day by day: who is planned, whether that is published, who was there, and the holes it leaves.

    for day in look(office, "P1", date(2026, 12, 1)):
        day.cells, day.holes

A plan that is not kept yet can be looked at before anybody decides on it. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlmodel import Session

from archive import posts, rosters
from archive.rosters import Roster
from archive.settings import zone_of
from custody.cover import DAY, Hole, Presence, days_between, holes, moment_at, moment_of
from custody.roster import NOBODY, Plan, Shift, Turn, turns
from custody.shifts import Planned
from desk import covering, rostering
from desk.office import Office

WEEKS = 4
# Who hands over and who takes over are there together for a while; that is nobody who was there unplanned.
TOGETHER = 30 * 60
# How a guard stands in a cell: the plan and what is published agree, or one of the two has them alone.
PUBLISHED, NEW, DROPPED = "published", "new", "dropped"


@dataclass(frozen=True)
class Named:
    """One guard of a cell; `was_there` is None until the shift has begun."""

    guard: str
    state: str
    was_there: bool | None


@dataclass(frozen=True)
class Cell:
    """One shift of one day; `others` were there without being planned; `differs` where that day is planned alone.

    `is_planned` is False where only what was published once has this shift.
    """

    shift: str
    start: datetime
    end: datetime
    guards: tuple[Named, ...]
    others: tuple[str, ...]
    differs: bool
    is_begun: bool
    is_planned: bool


@dataclass(frozen=True)
class Gap:
    """From `start` to `end` `short` of `needed` guards are missing: were, where it is over, or will be."""

    start: datetime
    end: datetime
    needed: int
    short: int
    is_ahead: bool


@dataclass(frozen=True)
class DayPlan:
    """One day of a plan, with the name of its holiday."""

    day: date
    holiday: str
    cells: tuple[Cell, ...]
    gaps: tuple[Gap, ...]
    is_today: bool


@dataclass(frozen=True)
class _Seen:
    """What all cells of a span are made from."""

    zone: tzinfo
    now: int
    plans: Sequence[Plan]
    planned: Sequence[Turn]
    told: Sequence[Planned]
    present: Sequence[Presence]
    differing: frozenset[tuple[date, str]]


def look(
    office: Office, post: str, first: date, days: int = 7 * WEEKS, draft: Roster | None = None
) -> tuple[DayPlan, ...]:
    """Return `days` days of the plan of a post from `first` on, with `draft` in the place of what begins on its day.

    Raises PostError "post-unknown".
    """
    zone, now = zone_of(office.settings), covering.now_of(office)
    last = first + timedelta(days=days - 1)
    start, end = moment_of(zone, first, 0), moment_of(zone, last + timedelta(days=1), 0)
    with office.database.reading() as session:
        code = posts.find(session, post).code
        kept = [each for each in rosters.rosters(session, code) if draft is None or each.begins != draft.begins]
        plans = [rostering.plan_of(each) for each in (*kept, *([draft] if draft else []))]
        before = first - timedelta(days=1)
        other = rosters.days(session, code, before, last)
        # A night that began the day before still covers the first morning.
        planned = turns(plans, other, zone, before, last)
        told = rostering.published(session, code, start, end)
        present, gaps = _until_now(office, session, code, start, end)
        gaps += _ahead(office, session, code, planned, max(start, now), end)
        off = {each.day: each.name for each in rosters.holidays(session, first, last)}
    seen = _Seen(zone, now, plans, planned, told, present, frozenset(other))
    today = moment_at(now, zone).date()
    return tuple(
        DayPlan(
            day,
            off.get(day, ""),
            tuple(_cells(seen, day)),
            tuple(_gap(each, zone, now) for each in gaps if moment_at(each.start, zone).date() == day),
            day == today,
        )
        for day in days_between(first, last)
    )


def _until_now(
    office: Office, session: Session, post: str, start: int, end: int
) -> tuple[Sequence[Presence], list[Hole]]:
    """Return who was there in [start, end) and the night after, and what was missing, as far as nobody answered."""
    now = covering.now_of(office)
    if start >= now:
        return (), []
    (cover,) = covering.covers(office, session, start, min(now, end + DAY), only=(post,))
    return cover.present, [each for each in cover.open_holes if each.start < end]


def _ahead(office: Office, session: Session, post: str, planned: Sequence[Turn], start: int, end: int) -> list[Hole]:
    """Return what will be missing in [start, end) by the plan as it is looked at."""
    if start >= end:
        return []
    off, zone = covering.holidays(session), zone_of(office.settings)
    steps = covering.steps_of(posts.needs(session).get(post, []), off, zone, start, end)
    there = [(each.guard, each.start, each.end) for each in planned]
    # A turn that has begun goes on as it was published, whatever the plan says now.
    now = covering.now_of(office)
    there += [each for each in covering.plans(session, start, start + 1, post).get(post, []) if each[1] < now]
    return holes(steps, there, start, end)


def _gap(hole: Hole, zone: tzinfo, now: int) -> Gap:
    return Gap(
        moment_at(hole.start, zone), moment_at(hole.end, zone), hole.needed, hole.short, is_ahead=hole.start >= now
    )


def _cells(seen: _Seen, day: date) -> Iterable[Cell]:
    """Yield the shifts of a day: those of the plan in force, then what was published under other names or times."""
    spans = [(each.name, each.start, each.end) for each in _shifts(seen.plans, day)]
    found: dict[tuple[int, int, str], bool] = {}
    for name, begin, end in spans:
        until = day if end > begin else day + timedelta(days=1)
        found[moment_of(seen.zone, day, begin), moment_of(seen.zone, until, end), name] = True
    for each in seen.told:
        if moment_at(each.start, seen.zone).date() == day:
            found.setdefault((each.start, each.until, each.shift), False)
    for (start, end, name), is_planned in found.items():
        yield _cell(seen, day, name, (start, end), is_planned=is_planned)


def _shifts(plans: Sequence[Plan], day: date) -> Sequence[Shift]:
    began = [each for each in plans if each.begins <= day]
    plan = max(began, key=lambda each: each.begins, default=None)
    return () if plan is None or (plan.ends is not None and day > plan.ends) else plan.shifts


def _cell(seen: _Seen, day: date, name: str, span: tuple[int, int], *, is_planned: bool) -> Cell:
    start, end = span
    wanted = [each.guard for each in seen.planned if (each.start, each.end, each.shift) == (start, end, name)]
    told = [each.guard for each in seen.told if (each.start, each.until, each.shift) == (start, end, name)]
    there = {guard for guard, begin, until in seen.present if begin < end and until > start}
    is_begun = start < seen.now
    # What has begun stays as it was published, whatever the plan says now.
    guards = told if is_begun and told else dict.fromkeys((*wanted, *told))
    named = tuple(
        Named(
            each,
            PUBLISHED if is_begun or (each in wanted and each in told) else NEW if each in wanted else DROPPED,
            each in there if is_begun else None,
        )
        for each in guards
    )
    longer = {guard for guard, begin, until in seen.present if min(until, end) - max(begin, start) > TOGETHER}
    others = tuple(sorted(longer - set(guards))) if is_begun else ()
    is_other = (day, name) in seen.differing
    return Cell(
        name, moment_at(start, seen.zone), moment_at(end, seen.zone), named, others, is_other, is_begun, is_planned
    )


def rotation(shifts: int, teams: Sequence[str]) -> list[str]:
    """Return a cycle in which the teams take turns, one line a day, "A B C".

    With more teams than shifts each team goes from the first shift to the last and then rests; with fewer or as many it
    goes backwards, because forwards it would leave the last shift and begin the first at the same minute.
    """
    step = 1 if len(teams) > shifts else -1
    return [
        " ".join(teams[(place - step * day) % len(teams)] if teams else NOBODY for place in range(shifts))
        for day in range(max(1, len(teams)))
    ]
