"""Plans of guard duty that repeat: shifts of a day, teams, and a cycle of days that says which team takes which shift.

    Plan(shifts=(Shift("sáng", 6 h, 14 h), Shift("chiều", 14 h, 22 h), Shift("đêm", 22 h, 6 h)),
         teams={"A": ("BV01", "BV02"), …}, cycle=("A B C", "D A B", "C D A", "B C D"), begins=2026-01-05)

Day 1 of the cycle is the day the plan begins; a weekly plan has seven days and begins on Mondays. In a line of the
cycle stands one team (or a guard's own code) for each shift, several joined by "+", "-" for nobody. A single day may be
planned otherwise. A shift belongs to the day it begins on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from custody.cover import DAY, days_between, moment_of
from custody.errors import CustodyError

NOBODY = "-"
MOST_CYCLE, MOST_SHIFTS, LONGEST_NAME = 400, 24, 40
_TIMES = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True)
class Shift:
    """One shift of a day: `start` and `end` are seconds of the day, over midnight where end ≤ start."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Plan:
    """The repeating plan of one post from a day on, until another begins or `ends` (its last day, None: open)."""

    post: str
    begins: date
    ends: date | None
    shifts: tuple[Shift, ...]
    teams: Mapping[str, tuple[str, ...]]
    cycle: tuple[str, ...]
    weekly: bool = False


@dataclass(frozen=True, order=True)
class Turn:
    """One guard is to be at a post in [start, end), seconds since 1970."""

    start: int
    end: int
    guard: str
    shift: str


# Guards by (day, name of the shift), in the place of what the plan says.
Exceptions = Mapping[tuple[date, str], tuple[str, ...]]


def read_times(text: str) -> tuple[int, int]:
    """Return the seconds of the day of "22:00-06:00"; raises CustodyError "times-unreadable"."""
    found = _TIMES.fullmatch(text.strip())
    seconds = [int(found[each]) * 3600 + int(found[each + 1]) * 60 for each in (1, 3)] if found else [DAY + 1]
    if max(seconds) > DAY:
        raise CustodyError("times-unreadable", value=text)
    return seconds[0] % DAY, seconds[1] % DAY


def read_named(text: str) -> tuple[str, str]:
    """Return name and value of "NAME=VALUE"; raises CustodyError "name-without-value"."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip() or len(name.strip()) > LONGEST_NAME:
        raise CustodyError("name-without-value", value=text)
    return " ".join(name.split()), value.strip()


def read_guards(text: str) -> tuple[str, ...]:
    """Return the codes in "BV01, BV02+BV03", upper case, each once; none for "-"."""
    codes = [each.upper() for each in re.split(r"[\s,+]+", text.strip()) if each and each != NOBODY]
    return tuple(dict.fromkeys(codes))


def check_plan(plan: Plan) -> None:
    """Refuse a plan that says too little or contradicts itself.

    Raises CustodyError "roster-empty", "roster-not-a-week", "roster-too-large", "roster-line-wrong", "roster-backwards"
    or "shift-doubled".
    """
    if not plan.shifts or not plan.cycle:
        raise CustodyError("roster-empty", post=plan.post)
    if plan.weekly and len(plan.cycle) != 7:
        raise CustodyError("roster-not-a-week", post=plan.post, days=len(plan.cycle))
    if len(plan.cycle) > MOST_CYCLE or len(plan.shifts) > MOST_SHIFTS:
        raise CustodyError("roster-too-large", post=plan.post, days=MOST_CYCLE, shifts=MOST_SHIFTS)
    if plan.ends is not None and plan.ends < plan.begins:
        raise CustodyError("roster-backwards", post=plan.post, begins=plan.begins, ends=plan.ends)
    names = [each.name for each in plan.shifts]
    if len(set(names)) < len(names):
        raise CustodyError("shift-doubled", post=plan.post, shifts=names)
    for number, line in enumerate(plan.cycle, 1):
        if len(line.split()) != len(plan.shifts):
            raise CustodyError(
                "roster-line-wrong", post=plan.post, day=number, found=len(line.split()), wanted=len(plan.shifts)
            )


def guards_of(plans: Iterable[Plan], exceptions: Exceptions) -> set[str]:
    """Return everybody whom plans and single days name."""
    named = {guard for plan in plans for line in plan.cycle for word in line.split() for guard in _those(plan, word)}
    return named | {guard for guards in exceptions.values() for guard in guards}


def turns(plans: Sequence[Plan], exceptions: Exceptions, zone: tzinfo, first: date, last: date) -> list[Turn]:
    """Return who is to be there in every shift that begins on a day from `first` to `last`, in order.

    `plans` are those of one post; on a day the one that began last counts.
    """
    ordered = sorted(plans, key=lambda each: each.begins)
    found: list[Turn] = []
    for day in days_between(first, last):
        plan = next((each for each in reversed(ordered) if each.begins <= day), None)
        if plan is None or (plan.ends is not None and day > plan.ends):
            continue
        for shift, guards in _day(plan, exceptions, day):
            until = day if shift.end > shift.start else day + timedelta(days=1)
            start, end = moment_of(zone, day, shift.start), moment_of(zone, until, shift.end)
            found += [Turn(start, end, guard, shift.name) for guard in guards if start < end]
    return sorted(found)


def _day(plan: Plan, exceptions: Exceptions, day: date) -> Iterator[tuple[Shift, tuple[str, ...]]]:
    place = day.weekday() if plan.weekly else (day - plan.begins).days % len(plan.cycle)
    for shift, word in zip(plan.shifts, plan.cycle[place].split(), strict=True):
        other = exceptions.get((day, shift.name))
        yield shift, _those(plan, word) if other is None else other


def _those(plan: Plan, word: str) -> tuple[str, ...]:
    """Return the guards of "A+BV09": a team's, or the guard with that code."""
    named = [each for each in word.split("+") if each and each != NOBODY]
    return tuple(dict.fromkeys(guard for each in named for guard in plan.teams.get(each, (each.upper(),))))
