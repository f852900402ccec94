"""Plans that repeat: four teams in three shifts, weeks, single days, and what contradicts itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.cover import holes, needed
from custody.errors import CustodyError
from custody.roster import Plan, Shift, check_plan, guards_of, read_guards, read_named, read_times, turns

HOUR = 3600
HANOI, BERLIN = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 1, 5)
SHIFTS = (Shift("sáng", 6 * HOUR, 14 * HOUR), Shift("chiều", 14 * HOUR, 22 * HOUR), Shift("đêm", 22 * HOUR, 6 * HOUR))
TEAMS = {"A": ("BV01",), "B": ("BV02",), "C": ("BV03",), "D": ("BV04", "BV05")}
FOUR = Plan("P1", MONDAY, None, SHIFTS, TEAMS, ("A B C", "D A B", "C D A", "B C D"))


def told(plan: Plan, first: date, last: date, zone: ZoneInfo = HANOI) -> list[tuple[str, str, str]]:
    """Return (begin, guard, shift) of the turns, on the clocks of the zone."""
    found = turns([plan], {}, zone, first, last)
    return [(f"{datetime.fromtimestamp(each.start, zone):%d %H:%M}", each.guard, each.shift) for each in found]


def test_four_teams_in_three_shifts_begin_again_on_the_fifth_day() -> None:
    """The cycle counts from the day the plan begins, whatever days are asked for."""
    assert told(FOUR, MONDAY + timedelta(days=4), MONDAY + timedelta(days=5)) == [
        ("09 06:00", "BV01", "sáng"),
        ("09 14:00", "BV02", "chiều"),
        ("09 22:00", "BV03", "đêm"),
        ("10 06:00", "BV04", "sáng"),
        ("10 06:00", "BV05", "sáng"),
        ("10 14:00", "BV01", "chiều"),
        ("10 22:00", "BV02", "đêm"),
    ]


@given(st.integers(1, 800), st.sampled_from([HANOI, BERLIN]))
def test_three_shifts_round_the_clock_cover_every_second_in_every_zone(offset: int, zone: ZoneInfo) -> None:
    """No second is lost at midnight, at a month end or where the clocks change."""
    first = MONDAY + timedelta(days=offset)
    found = turns([FOUR], {}, zone, first - timedelta(days=1), first + timedelta(days=1))
    start = int(datetime(first.year, first.month, first.day, tzinfo=zone).timestamp())
    end = start + 24 * HOUR
    spans = [(each.guard, each.start, each.end) for each in found]
    assert holes(needed((), frozenset(), zone, start, end), spans, start, end) == []


def test_a_weekly_plan_counts_from_monday_whenever_it_begins() -> None:
    """Begun on a Thursday it plans the Thursday line."""
    weekly = replace(FOUR, begins=date(2026, 1, 8), cycle=("A A A",) * 3 + ("B B B",) + ("C C C",) * 3, weekly=True)
    assert {guard for _, guard, _ in told(weekly, date(2026, 1, 8), date(2026, 1, 8))} == {"BV02"}
    assert {guard for _, guard, _ in told(weekly, date(2026, 1, 12), date(2026, 1, 12))} == {"BV01"}
    assert told(weekly, date(2026, 1, 7), date(2026, 1, 7)) == [], "the plan has not begun"


def test_a_later_plan_ends_the_earlier_one_and_a_single_day_counts_before_both() -> None:
    """On each day the plan that began last counts; one shift of one day can be planned otherwise."""
    later = replace(FOUR, begins=date(2026, 1, 7), cycle=("D D D",), ends=date(2026, 1, 8))
    own = {(date(2026, 1, 7), "đêm"): ("BV09",), (date(2026, 1, 8), "sáng"): ()}
    found = turns([later, FOUR], own, HANOI, date(2026, 1, 6), date(2026, 1, 9))
    by_shift = [(datetime.fromtimestamp(each.start, HANOI).day, each.shift, each.guard) for each in found]
    assert [each for each in by_shift if each[0] == 6 and each[1] == "sáng"] == [
        (6, "sáng", "BV04"),
        (6, "sáng", "BV05"),
    ]
    assert [each for each in by_shift if each[1] == "đêm" and each[0] == 7] == [(7, "đêm", "BV09")]
    assert [each for each in by_shift if each[:2] == (8, "sáng")] == []
    assert [each for each in by_shift if each[0] == 9] == [], "the later plan ended, and does not give the day back"


def test_teams_guards_and_nobody_stand_in_a_line() -> None:
    """A team, two teams joined, a guard's own code, and a dash."""
    plan = replace(FOUR, cycle=("A+D bv07 -",))
    assert [(guard, shift) for _, guard, shift in told(plan, MONDAY, MONDAY)] == [
        ("BV01", "sáng"),
        ("BV04", "sáng"),
        ("BV05", "sáng"),
        ("BV07", "chiều"),
    ]
    assert guards_of([plan], {(MONDAY, "đêm"): ("BV08",)}) == {"BV01", "BV04", "BV05", "BV07", "BV08"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"cycle": ()}, "roster-empty"),
        ({"shifts": ()}, "roster-empty"),
        ({"weekly": True}, "roster-not-a-week"),
        ({"cycle": ("A B C", "A B")}, "roster-line-wrong"),
        ({"cycle": ("A B C",) * 401}, "roster-too-large"),
        ({"ends": MONDAY - timedelta(days=1)}, "roster-backwards"),
        ({"shifts": (SHIFTS[0], SHIFTS[0], SHIFTS[2])}, "shift-doubled"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(changed: dict[str, object], code: str) -> None:
    """Each fault has its own code."""
    check_plan(FOUR)
    with pytest.raises(CustodyError, match=code):
        check_plan(replace(FOUR, **changed))  # type: ignore[arg-type]


def test_words_of_a_plan_are_read_or_refused() -> None:
    """Times, names with values, and lists of guards."""
    assert read_times("22:00-06:00") == (22 * HOUR, 6 * HOUR)
    assert read_times("0:00–24:00") == (0, 0)
    assert read_named("ca sáng = 06:00-14:00") == ("ca sáng", "06:00-14:00")
    assert read_guards("bv01, BV02+bv01") == ("BV01", "BV02")
    assert read_guards("-") == ()
    for wrong in ("22-06", "25:00-06:00", "24:30-06:00", ""):
        with pytest.raises(CustodyError, match="times-unreadable"):
            read_times(wrong)
    for wrong in ("A", "=B", "A="):
        with pytest.raises(CustodyError, match="name-without-value"):
            read_named(wrong)


def test_the_zone_of_the_office_makes_the_moments() -> None:
    """06:00 in Ha Noi is 23:00 of the day before in UTC."""
    (first, *_) = turns([FOUR], {}, HANOI, MONDAY, MONDAY)
    assert datetime.fromtimestamp(first.start, UTC) == datetime(2026, 1, 4, 23, tzinfo=UTC)
