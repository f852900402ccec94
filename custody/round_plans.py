"""Plans of rounds: when they are due, and at what a guard must look.

Times, on the clock of the plan's zone; what crosses midnight belongs to the day it begins on:

    at 22:00                     a fixed time
    every 120 18:00-06:00        each 120 minutes from the first moment of the window, none at its end
    random 3 22:00-05:00         three times, drawn from the seed of that day (`custody.drawing`)

Targets, which become the points of a round in this order:

    place 7K3M9QXZ2              one place, by the code on its label
    box 7K3M9QXZ2                one package
    boxes Kho 1/03               every package in a place or inside it
    random 5 Kho 1               five of these, drawn; without a place, of all there are

Minutes are minutes that pass: where the clock is put forward in a window, it is an hour shorter. A time that the clock
leaves out falls an hour later; one that it shows twice is the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from custody.drawing import Urn
from custody.errors import CustodyError

ROUND, SPOT = "round", "spot"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CODE = re.compile(r"[A-Z0-9][A-Z0-9._]{0,23}")
MOST_A_DAY, MOST_MINUTES, MOST_BOXES = 96, 14 * 24 * 60, 10_000
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_AT = re.compile(rf"at {_CLOCK}")
_WINDOW = re.compile(rf"(every|random) ([1-9]\d{{0,3}}) {_CLOCK}-{_CLOCK}")
_TARGET = re.compile(r"(place|box|boxes|random)(?: ([1-9]\d{0,4}))?(?: (\S.*))?")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")

# The packages that can be looked at in a place and inside it, or everywhere for "".
Population = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class Times:
    """One way in which rounds fall due: `how` is "at", "every" or "random"."""

    how: str
    start: time
    end: time
    number: int = 1


@dataclass(frozen=True)
class Target:
    """One thing to look at: `what` is "place", "box", "boxes" or "random"; `name` a code or a place."""

    what: str
    name: str
    number: int = 0


@dataclass(frozen=True)
class Shape:
    """What a plan says, as it is asked when it is made and when its rounds are drawn."""

    code: str
    targets: tuple[str, ...]
    times: tuple[str, ...]
    days: tuple[str, ...]
    minutes: int
    grace: int
    zone: str

    @property
    def draws(self) -> bool:
        """Whether anything is left to chance."""
        return any(each.startswith("random ") for each in (*self.times, *self.targets))


def check_shape(shape: Shape, least: int) -> None:
    """Refuse a plan that cannot be carried out.

    Raises CustodyError "round-plan-code-unusable", "round-times-unusable", "round-target-unusable",
    "round-days-unusable", "round-minutes-unusable", "zone-unknown" or "round-plan-too-tight" (more rounds than fit
    into a window one after the other).
    """
    if not CODE.fullmatch(shape.code):
        raise CustodyError("round-plan-code-unusable", plan=shape.code)
    if not (0 < shape.minutes <= MOST_MINUTES and 0 < shape.grace <= MOST_MINUTES and 0 <= least < shape.minutes):
        raise CustodyError("round-minutes-unusable", minutes=shape.minutes, grace=shape.grace, least=least)
    if len(set(shape.days)) < len(shape.days) or not set(shape.days) <= set(DAYS):
        raise CustodyError("round-days-unusable", days=list(shape.days))
    read_zone(shape.zone)
    if not shape.targets or not shape.times:
        raise CustodyError("round-target-unusable" if shape.times else "round-times-unusable", value="")
    for text in (*shape.targets,):
        read_target(text)
    count = 0
    for text in shape.times:
        asked = read_times(text)
        length = (_minutes(asked.end) - _minutes(asked.start)) % 1440 or 1440
        if asked.how == "random" and (asked.number - 1) * shape.minutes >= length:
            raise CustodyError("round-plan-too-tight", value=text, minutes=shape.minutes)
        count += -(-length // asked.number) if asked.how == "every" else asked.number
    if count > MOST_A_DAY:
        raise CustodyError("round-plan-too-tight", value=", ".join(shape.times), minutes=shape.minutes)


def read_times(text: str) -> Times:
    """Return what a text says about times; raises CustodyError "round-times-unusable"."""
    if found := _AT.fullmatch(text):
        at = time(int(found[1]), int(found[2]))
        return Times("at", at, at)
    if found := _WINDOW.fullmatch(text):
        return Times(found[1], time(int(found[3]), int(found[4])), time(int(found[5]), int(found[6])), int(found[2]))
    raise CustodyError("round-times-unusable", value=text)


def read_target(text: str) -> Target:
    """Return what a text says about a target; raises CustodyError "round-target-unusable"."""
    found = _TARGET.fullmatch(text)
    if found is None or (found[1] == "random") != bool(found[2]) or not (found[3] or found[1] == "random"):
        raise CustodyError("round-target-unusable", value=text)
    number = int(found[2] or 0)
    if number > MOST_BOXES:
        raise CustodyError("round-target-unusable", value=text)
    return Target(found[1], found[3] or "", number)


def read_zone(text: str) -> tzinfo:
    """Return the zone "Asia/Ho_Chi_Minh" or "+07:00" names; raises CustodyError "zone-unknown"."""
    if found := _OFFSET.fullmatch(text):
        offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
        if offset < timedelta(days=1):
            return timezone(-offset if found[1] == "-" else offset)
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError) as unknown:
        raise CustodyError("zone-unknown", zone=text) from unknown


def moment_at(day: date, clock: time, zone: tzinfo) -> datetime:
    """Return when the clock of a zone shows a time on a day, with the offset it has then; in a gap, an hour later."""
    return in_zone(datetime.combine(day, clock, zone).astimezone(UTC), zone)


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """Return a moment with the offset a zone has then; such moments compare and subtract as they should."""
    local = moment.astimezone(zone)
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()))


def midnight_of(day: date, zone: tzinfo) -> datetime:
    """Return when a day begins."""
    return moment_at(day, time(), zone)


def due_on(shape: Shape, day: date, urn: Urn | None) -> list[datetime]:
    """Return when the rounds of a day fall due, in order; `urn` is what its lots are drawn from, if there are any."""
    if shape.days and DAYS[day.weekday()] not in shape.days:
        return []
    zone = read_zone(shape.zone)
    found: list[datetime] = []
    for number, text in enumerate(shape.times, 1):
        asked = read_times(text)
        start = moment_at(day, asked.start, zone)
        last = day if asked.start < asked.end else day + timedelta(days=1)
        length = int((moment_at(last, asked.end, zone) - start).total_seconds()) // 60
        if asked.how == "at":
            minutes = [0]
        elif asked.how == "every":
            minutes = list(range(0, length, asked.number))
        else:
            assert urn is not None, "what is left to chance needs a seed"
            minutes = urn.moments(asked.number, length, shape.minutes, f"time/{number}")
        found += [in_zone(start + timedelta(minutes=each), zone) for each in minutes]
    return sorted(found)


def points_of(shape: Shape, number: int, urn: Urn | None, population: Population) -> tuple[str, ...]:
    """Return the points of the round `number` (from 1) of a day, each once, in the order of the plan's targets."""
    found: list[str] = []
    for at, text in enumerate(shape.targets, 1):
        asked = read_target(text)
        if asked.what in {"place", "box"}:
            found.append(asked.name)
        elif asked.what == "boxes":
            found += sorted(population(asked.name))
        else:
            assert urn is not None, "what is left to chance needs a seed"
            found += urn.choose(asked.number, population(asked.name), f"box/{number}/{at}")
    return tuple(dict.fromkeys(found))


def fixed_points(shape: Shape) -> frozenset[str]:
    """Return the points that every round of a plan has."""
    read = [read_target(each) for each in shape.targets]
    return frozenset(each.name for each in read if each.what in {"place", "box"})


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
