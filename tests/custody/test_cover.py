"""Cover is exact to the second: compared with counting every second, across midnights, month ends and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.cover import (
    DAY,
    HOLIDAY,
    LEAST,
    TET,
    WEEK,
    Hole,
    Presence,
    Step,
    Watch,
    answered_for,
    holes,
    moment_of,
    need_at,
    needed,
)

HOUR = 3600
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
# A moment shortly before the clocks of each zone change, or nothing special happens.
CHANGES = {
    "Asia/Ho_Chi_Minh": datetime(2026, 1, 31, 16, 0, tzinfo=UTC),
    "Europe/Berlin": datetime(2026, 3, 29, 0, 0, tzinfo=UTC),
    "America/New_York": datetime(2026, 11, 1, 4, 0, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 4, 13, 0, tzinfo=UTC),
    "Africa/Casablanca": datetime(2026, 2, 15, 0, 0, tzinfo=UTC),
    "Pacific/Apia": datetime(2011, 12, 30, 8, 0, tzinfo=UTC),
}
# Fewer than a second's worth of everything would be the same by a thousand; the oracle walks each step of this size.
UNIT = 300


def at(*moment: int, zone: ZoneInfo = HANOI) -> int:
    """Return a moment on the office's clocks as seconds."""
    return int(datetime(*moment, tzinfo=zone).timestamp())  # type: ignore[misc,arg-type]


def shown(zone: ZoneInfo, second: int) -> datetime:
    """Return what the clocks of a zone show, without the zone."""
    return datetime.fromtimestamp(second, zone).replace(tzinfo=None)


def begins(zone: ZoneInfo, day: date, seconds: int, low: int, high: int) -> int:
    """Return the first second from `low` on at which the clocks show that time or a later one, by walking."""
    wall = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001  # a clock on a wall
    return next((second for second in range(low, high, UNIT) if shown(zone, second) >= wall), high)


@st.composite
def watches(draw: st.DrawFn) -> tuple[Watch, ...]:
    """Draw up to three watches at full five minutes."""
    times = st.integers(0, DAY // UNIT - 1).map(lambda step: step * UNIT)
    days = st.sampled_from([WEEK, frozenset({5, 6}), frozenset({HOLIDAY}), frozenset({TET}), frozenset({0, HOLIDAY})])
    made = st.builds(Watch, times, times, st.integers(1, 3), days)
    return tuple(draw(st.lists(made, max_size=3)))


def kinds_of(day: date, off: dict[date, int], given_watches: tuple[Watch, ...]) -> int:
    """Return as what kind of day a day counts for a post."""
    order = [day.weekday()]
    if off.get(day) == TET:
        order = [TET, HOLIDAY, day.weekday()]
    elif off.get(day) == HOLIDAY:
        order = [HOLIDAY, day.weekday()]
    return next((kind for kind in order if any(kind in each.days for each in given_watches)), order[-1])


@settings(max_examples=60, deadline=None)
@given(watches(), st.sampled_from(sorted(CHANGES)), st.integers(0, 3), st.sampled_from([HOLIDAY, TET]))
def test_needs_are_what_the_clock_on_the_wall_says(
    given_watches: tuple[Watch, ...], name: str, off_day: int, kind: int
) -> None:
    """Each watch runs from the first to the first second its times are reached, in every zone and across its change."""
    zone, middle = ZoneInfo(name), int(CHANGES[name].timestamp())
    low, high = middle - 2 * DAY - middle % UNIT, middle + 2 * DAY - middle % UNIT
    start, end = middle - 6 * HOUR, middle + 12 * HOUR
    off = {shown(zone, middle).date() + timedelta(days=off_day - 1): kind}
    steps = needed(given_watches, frozenset(off.items()), zone, start, end)
    running: list[tuple[int, int, int]] = []
    for number in range(-3, 3):
        day = shown(zone, middle).date() + timedelta(days=number)
        for each in given_watches:
            if kinds_of(day, off, given_watches) in each.days:
                until = day if each.end > each.start else day + timedelta(days=1)
                span = begins(zone, day, each.start, low, high), begins(zone, until, each.end, low, high)
                running.append((*span, each.guards))
    for second in range(start, end, UNIT):
        wanted = max((guards for one, two, guards in running if one <= second < two), default=LEAST)
        assert need_at(steps, second) == wanted, shown(zone, second)


@st.composite
def duties(draw: st.DrawFn) -> tuple[list[Step], list[Presence], int, int]:
    """Draw needs and presences over a short span, sharing edges as often as not."""
    end = draw(st.integers(1, 60))
    second = st.integers(-5, end + 5)
    changes = draw(st.dictionaries(st.integers(1, 60), st.integers(0, 3), max_size=5))
    steps = [(0, draw(st.integers(0, 3))), *sorted(changes.items())]
    spans = draw(st.lists(st.tuples(st.sampled_from("ABCD"), second, second), max_size=12))
    return steps, spans, 0, end


@given(duties())
def test_holes_are_those_of_counting_every_second(drawn: tuple[list[Step], list[Presence], int, int]) -> None:
    """Every second with too few is in exactly one hole with the right number, and no other second is in any."""
    steps, spans, start, end = drawn
    found = holes(steps, spans, start, end)
    for second in range(start, end):
        there = {guard for guard, one, two in spans if one <= second < two}
        short = max(0, need_at(steps, second) - len(there))
        inside = [each for each in found if each.start <= second < each.end]
        assert [each.short for each in inside] == ([short] if short else []), second
        assert all(each.needed == need_at(steps, second) for each in inside)
    assert all(start <= each.start < each.end <= end for each in found)
    assert found == sorted(found, key=lambda each: each.start)


def test_holes_of_different_need_are_two_holes() -> None:
    """1 of 1 missing, then 1 of 2: a guard who came with the greater need leaves as many missing, not the same hole."""
    found = holes([(0, 1), (10, 2), (20, 2)], [("A", 10, 30)], 0, 30)
    assert [(each.start, each.end, each.needed, each.short) for each in found] == [(0, 10, 1, 1), (10, 30, 2, 1)]


@given(duties(), duties(), st.lists(st.tuples(st.sampled_from("XYZ"), st.just(-9), st.integers(-8, 60)), max_size=3))
def test_who_answers_for_a_hole_is_who_was_planned_and_absent_in_each_second(
    drawn: tuple[list[Step], list[Presence], int, int],
    planned: tuple[list[Step], list[Presence], int, int],
    left: list[Presence],
) -> None:
    """Cutting holes by names neither loses nor adds a second."""
    steps, there, start, end = drawn
    found = holes(steps, there, start, end)
    named = answered_for(found, planned[1], there, left)
    for second in range(start, end):
        whole = [each for each in found if each.start <= second < each.end]
        after = [each for each in named if each.start <= second < each.end]
        assert [each.short for each in after] == [each.short for each in whole]
        for each in after:
            due = {guard for guard, one, two in planned[1] if one <= second < two}
            here = {guard for guard, one, two in there if one <= second < two}
            assert set(each.absent) == due - here
            # Whoever left last before the hole began; cutting it by names changes nothing about that.
            gone = [until for _, _, until in left if until <= whole[0].start]
            assert (each.last == "") == (not gone)


@pytest.mark.parametrize(
    ("moment", "guards"),
    [
        ((2026, 1, 31, 17, 59, 59), 1),
        ((2026, 1, 31, 18, 0, 0), 2),
        ((2026, 1, 31, 23, 59, 59), 2),
        ((2026, 2, 1, 0, 0, 0), 2),
        ((2026, 2, 1, 5, 59, 59), 2),
        ((2026, 2, 1, 6, 0, 0), 1),
        ((2026, 2, 16, 18, 0, 0), 3),
        ((2026, 2, 17, 5, 59, 59), 3),
        ((2026, 4, 30, 18, 0, 0), 2),
    ],
)
def test_a_night_over_a_month_end_and_tet_needs_what_was_asked(moment: tuple[int, ...], guards: int) -> None:
    """A night belongs to the day it begins on; Tết has its own number, another holiday falls back on the weekday."""
    night = (Watch(18 * HOUR, 6 * HOUR, 2), Watch(18 * HOUR, 6 * HOUR, 3, frozenset({TET})))
    off = frozenset({(date(2026, 2, 16), TET), (date(2026, 4, 30), HOLIDAY)})
    second = at(*moment)
    assert need_at(needed(night, off, HANOI, second - DAY, second + DAY), second) == guards


def test_a_relief_in_the_same_second_leaves_no_hole_and_one_second_later_does() -> None:
    """Spans are half open: who goes at 06:00:00 and who comes at 06:00:00 cover the post."""
    start, change, end = at(2026, 1, 5, 22), at(2026, 1, 6, 6), at(2026, 1, 6, 14)
    steps = needed((), frozenset(), HANOI, start, end)
    assert holes(steps, [("A", start, change), ("B", change, end)], start, end) == []
    late = holes(steps, [("A", start, change), ("B", change + 1, end)], start, end)
    assert late == [Hole(change, change + 1, 1, 1)]


def test_nobody_counts_twice_in_one_second() -> None:
    """The same guard signed in twice is one guard."""
    found = holes([(0, 2)], [("A", 0, 10), ("A", 5, 20), ("B", 0, 20)], 0, 20)
    assert found == []
    assert holes([(0, 2)], [("A", 0, 10), ("A", 0, 10)], 0, 10) == [Hole(0, 10, 2, 1)]


def test_a_time_the_clocks_skip_begins_when_they_skip_it_and_one_that_comes_twice_the_first_time() -> None:
    """Berlin, spring and autumn 2026, and a zone without changes."""
    berlin = ZoneInfo("Europe/Berlin")
    skipped = moment_of(berlin, date(2026, 3, 29), 2 * HOUR + 1800)
    assert datetime.fromtimestamp(skipped, UTC) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    twice = moment_of(berlin, date(2026, 10, 25), 2 * HOUR + 1800)
    assert datetime.fromtimestamp(twice, UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    fixed = timezone(timedelta(hours=7))
    assert moment_of(fixed, date(2026, 1, 5), 8 * HOUR) == at(2026, 1, 5, 8)


def test_a_night_shift_is_an_hour_shorter_or_longer_when_the_clocks_change() -> None:
    """22:00-06:00 lasts seven, eight and nine hours in New York."""
    zone = ZoneInfo("America/New_York")
    lengths = [
        moment_of(zone, day + timedelta(days=1), 6 * HOUR) - moment_of(zone, day, 22 * HOUR)
        for day in (date(2026, 3, 7), date(2026, 6, 7), date(2026, 10, 31))
    ]
    assert lengths == [7 * HOUR, 8 * HOUR, 9 * HOUR]
