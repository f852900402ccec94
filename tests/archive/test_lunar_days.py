"""Tết and the day of the Hùng kings, computed from the moon and the sun by Vietnamese time, against the stored dates.

New moons after Meeus, Astronomical Algorithms, chapter 49 (right to about a minute), the sun's longitude after chapter
25. The calendar's rule: the month that holds the winter solstice is the eleventh; where thirteen months lie between two
of them, the first in which the sun enters no new sign is a leap month. Days are those of 7 hours east of Greenwich.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import floor, radians, sin

import pytest

from archive import rosters

J2000, CENTURY = 2_451_545.0, 36_525.0
EAST = timedelta(hours=7)
# Days of Tết that were kept in Viet Nam; in 1985 and 2007 China kept another day.
KNOWN = {
    1985: date(1985, 1, 21),
    2007: date(2007, 2, 17),
    2020: date(2020, 1, 25),
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
}
# The tenth of the third month; in 2023 a second month was doubled before it.
KNOWN_KINGS = {2020: date(2020, 4, 2), 2023: date(2023, 4, 29), 2024: date(2024, 4, 18), 2025: date(2025, 4, 7)}


def new_moon(number: int) -> datetime:
    """Return the moment of a new moon, counted from the first of the year 2000."""
    century = number / 1236.85
    less = 1 - 0.002516 * century
    sun, moon, node, rising = (
        radians(begin + each * number)
        for begin, each in (
            (2.5534, 29.1053567), (201.5643, 385.81693528), (160.7108, 390.67050284), (124.7746, -1.56375588),
        )
    )  # fmt: skip  # four angles, each with its beginning and its step
    days = 2_451_550.09766 + 29.530588861 * number + 0.00015437 * century**2
    days += (
        -0.40720 * sin(moon) + 0.17241 * less * sin(sun) + 0.01608 * sin(2 * moon) + 0.01039 * sin(2 * node)
        + 0.00739 * less * sin(moon - sun) - 0.00514 * less * sin(moon + sun) + 0.00208 * less**2 * sin(2 * sun)
        - 0.00111 * sin(moon - 2 * node) - 0.00057 * sin(moon + 2 * node) + 0.00056 * less * sin(2 * moon + sun)
        - 0.00042 * sin(3 * moon) + 0.00042 * less * sin(sun + 2 * node) + 0.00038 * less * sin(sun - 2 * node)
        - 0.00024 * less * sin(2 * moon - sun) - 0.00017 * sin(rising)
        + 0.00033 * sin(radians(299.77 + 0.107408 * number)) + 0.00017 * sin(radians(251.88 + 0.016321 * number))
    )  # fmt: skip  # one sum
    # From the time of the planets to that of clocks: about a minute and a quarter in these years.
    return datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=days - J2000, seconds=-70)


def sign_of(day: date) -> int:
    """Return which twelfth of its way the sun is in when a day begins in Viet Nam; the winter solstice begins 9."""
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC) - EAST
    century = ((begins - datetime(2000, 1, 1, 12, tzinfo=UTC)) / timedelta(days=1)) / CENTURY
    mean = radians(357.52911 + 35_999.05029 * century)
    true = 280.46646 + 36_000.76983 * century
    true += (1.914602 - 0.004817 * century) * sin(mean) + 0.019993 * sin(2 * mean) + 0.000289 * sin(3 * mean)
    seen = true - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * century))
    return floor(seen % 360 / 30)


def months_of(year: int) -> list[date]:
    """Return the first days of the lunar months from well before a year until well after its spring."""
    start = floor((year - 2000) * 12.3685) - 3
    return [(new_moon(number) + EAST).date() for number in range(start, start + 12)]


def holds(month: tuple[date, date], sign: int) -> bool:
    """Tell whether the sun enters a twelfth on a day of a month."""
    days = [month[0] + timedelta(days=step) for step in range((month[1] - month[0]).days + 1)]
    return any(sign_of(one) != sign == sign_of(two) for one, two in pairwise(days))


def first_days(year: int) -> dict[int, date]:
    """Return the first day of the first, second and third month of a lunar year."""
    months = list(pairwise(months_of(year)))
    winter = next(place for place, month in enumerate(months) if month[0].year == year - 1 and holds(month, 9))
    solstice = months[winter]
    following = next(
        month[0]
        for month in pairwise((new_moon(number) + EAST).date() for number in range(*_numbers(solstice[0], 11, 15)))
        if holds(month, 9)
    )
    is_leap_year = round((following - solstice[0]).days / 29.53) == 13
    found, number, doubled = dict[int, date](), 11, False
    for month in months[winter + 1 :]:
        is_leap = is_leap_year and not doubled and not any(holds(month, sign) for sign in range(12))
        doubled = doubled or is_leap
        if not is_leap:
            number = number % 12 + 1
            found.setdefault(number, month[0])
    return {number: found[number] for number in (1, 2, 3)}


def _numbers(first: date, least: int, most: int) -> tuple[int, int]:
    near = round((first - date(2000, 1, 6)).days / 29.530588861)
    return near + least, near + most


def test_the_computation_finds_the_days_that_were_kept() -> None:
    """It is right where it can be checked: years of both kinds, and those in which China kept another day."""
    assert {year: first_days(year)[1] for year in KNOWN} == KNOWN
    assert {year: first_days(year)[3] + timedelta(days=9) for year in KNOWN_KINGS} == KNOWN_KINGS


@pytest.mark.parametrize("year", sorted(rosters.NEW_YEAR))
def test_tet_of_every_stored_year_is_the_day_of_its_new_moon(year: int) -> None:
    """The stored first day of the lunar year is the computed one."""
    assert rosters.NEW_YEAR[year] == first_days(year)[1]


@pytest.mark.parametrize("year", sorted(rosters.NEW_YEAR))
def test_the_day_of_the_kings_is_the_tenth_of_the_third_month(year: int) -> None:
    """The stored tenth of the third lunar month is the computed one, for every year that Tết is known for."""
    assert rosters.KINGS[year] == first_days(year)[3] + timedelta(days=9)


@pytest.mark.parametrize("year", sorted(rosters.NEW_YEAR))
def test_no_stored_day_hangs_on_a_minute(year: int) -> None:
    """The new moons these dates follow from are farther from midnight than the computation can be wrong."""
    for day in (rosters.NEW_YEAR[year], rosters.KINGS[year] - timedelta(days=9)):
        number, _ = _numbers(day, 0, 0)
        moment = new_moon(number) + EAST
        minutes = (moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(minutes=1)
        assert moment.date() == day
        assert 3 < minutes < 24 * 60 - 3
