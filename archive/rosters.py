"""Repeating plans of guard posts, single days planned otherwise, and holidays, as rows a person edits.

What is published from them stands in the custody log; nothing here changes what was published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import Session, col

from archive import posts
from archive.duty_tables import HolidayRow, RosterDayRow, RosterRow
from archive.errors import ArchiveError

HOLIDAY, TET = "holiday", "tet"
# Days off by law whose date in the solar year is fixed; the second day of the National Day differs by year.
FIXED = {(1, 1): "Tết Dương lịch", (4, 30): "Ngày Chiến thắng", (5, 1): "Ngày Quốc tế lao động", (9, 2): "Quốc khánh"}
# The first day of the lunar year and the tenth of its third month, by Vietnamese time; a test computes them again.
NEW_YEAR = {
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
    2029: date(2029, 2, 13),
    2030: date(2030, 2, 2),
    2031: date(2031, 1, 23),
    2032: date(2032, 2, 11),
    2033: date(2033, 1, 31),
    2034: date(2034, 2, 19),
    2035: date(2035, 2, 8),
    2036: date(2036, 1, 28),
    2037: date(2037, 2, 15),
    2038: date(2038, 2, 4),
    2039: date(2039, 1, 24),
    2040: date(2040, 2, 12),
    2041: date(2041, 2, 1),
    2042: date(2042, 1, 22),
    2043: date(2043, 2, 10),
    2044: date(2044, 1, 30),
    2045: date(2045, 2, 17),
    2046: date(2046, 2, 6),
    2047: date(2047, 1, 26),
    2048: date(2048, 2, 14),
    2049: date(2049, 2, 2),
    2050: date(2050, 1, 23),
}
KINGS = {
    2026: date(2026, 4, 26),
    2027: date(2027, 4, 16),
    2028: date(2028, 4, 4),
    2029: date(2029, 4, 23),
    2030: date(2030, 4, 12),
    2031: date(2031, 4, 1),
    2032: date(2032, 4, 19),
    2033: date(2033, 4, 9),
    2034: date(2034, 4, 28),
    2035: date(2035, 4, 17),
    2036: date(2036, 4, 6),
    2037: date(2037, 4, 24),
    2038: date(2038, 4, 13),
    2039: date(2039, 4, 3),
    2040: date(2040, 4, 20),
    2041: date(2041, 4, 10),
    2042: date(2042, 4, 29),
    2043: date(2043, 4, 19),
    2044: date(2044, 4, 7),
    2045: date(2045, 4, 26),
    2046: date(2046, 4, 15),
    2047: date(2047, 4, 4),
    2048: date(2048, 4, 22),
    2049: date(2049, 4, 11),
    2050: date(2050, 4, 1),
}
# The days off around the new year differ by year and decision; the office takes out and adds what its own says.
TET_BEFORE, TET_AFTER = 1, 3


class RosterError(ArchiveError):
    """A plan or holiday that is not there, or cannot be."""


@dataclass(frozen=True)
class Roster:
    """A repeating plan as it is stored: shifts as (name, start, end) in seconds of the day."""

    post: str
    begins: date
    ends: date | None
    weekly: bool
    shifts: tuple[tuple[str, int, int], ...]
    teams: Mapping[str, tuple[str, ...]]
    cycle: tuple[str, ...]


@dataclass(frozen=True)
class Holiday:
    """One day on which other needs hold."""

    day: date
    name: str
    kind: str


def set_roster(session: Session, roster: Roster, now: datetime) -> None:
    """Keep a plan, in the place of one of that post that begins on the same day; PostError "post-unknown"."""
    post = posts.find(session, roster.post).code
    session.merge(
        RosterRow(
            post=post,
            begins=roster.begins,
            ends=roster.ends,
            weekly=roster.weekly,
            shifts=[list(each) for each in roster.shifts],
            teams={name: list(guards) for name, guards in roster.teams.items()},
            cycle=list(roster.cycle),
            made_at=now,
        )
    )
    session.flush()


def drop_roster(session: Session, post: str, begins: date) -> None:
    """Take a plan out; what was published from it stays. RosterError "roster-unknown"."""
    row = session.get(RosterRow, (post, begins))
    if row is None:
        raise RosterError("roster-unknown", post=post, day=begins)
    session.delete(row)


def rosters(session: Session, post: str) -> list[Roster]:
    """Return the plans of a post by the day they begin."""
    asked = select(RosterRow).where(col(RosterRow.post) == post).order_by(col(RosterRow.begins))
    return [_roster(row) for row in session.execute(asked).scalars()]


def set_day(session: Session, post: str, day: date, shift: str, guards: Sequence[str] | None, now: datetime) -> None:
    """Plan one shift of one day otherwise; None goes back to the repeating plan."""
    if guards is None:
        wanted = (col(RosterDayRow.post) == post, col(RosterDayRow.day) == day, col(RosterDayRow.shift) == shift)
        session.execute(delete(RosterDayRow).where(*wanted))
        return
    session.merge(RosterDayRow(post=post, day=day, shift=shift, guards=list(guards), made_at=now))
    session.flush()


def days(session: Session, post: str, first: date, last: date) -> dict[tuple[date, str], tuple[str, ...]]:
    """Return what is planned otherwise, by (day, shift)."""
    asked = select(RosterDayRow).where(
        col(RosterDayRow.post) == post, col(RosterDayRow.day) >= first, col(RosterDayRow.day) <= last
    )
    return {(row.day, row.shift): tuple(row.guards) for row in session.execute(asked).scalars()}


def holidays(session: Session, first: date | None = None, last: date | None = None) -> list[Holiday]:
    """Return the holidays by day."""
    asked = select(HolidayRow).order_by(col(HolidayRow.day))
    if first is not None:
        asked = asked.where(col(HolidayRow.day) >= first)
    if last is not None:
        asked = asked.where(col(HolidayRow.day) <= last)
    return [Holiday(row.day, row.name, row.kind) for row in session.execute(asked).scalars()]


def set_holiday(session: Session, holiday: Holiday) -> None:
    """Keep a holiday, in the place of the one of that day; RosterError "holiday-incomplete"."""
    if not holiday.name.strip() or holiday.kind not in {HOLIDAY, TET}:
        raise RosterError("holiday-incomplete", day=holiday.day)
    session.merge(HolidayRow(day=holiday.day, name=" ".join(holiday.name.split()), kind=holiday.kind))
    session.flush()


def drop_holiday(session: Session, day: date) -> None:
    """Make a holiday a day like others; RosterError "holiday-unknown"."""
    row = session.get(HolidayRow, day)
    if row is None:
        raise RosterError("holiday-unknown", day=day)
    session.delete(row)


def usual_holidays(year: int) -> list[Holiday]:
    """Return the days off of a year as far as they follow from law and moon; RosterError "lunar-year-unknown"."""
    if year not in NEW_YEAR:
        raise RosterError("lunar-year-unknown", year=year, first=min(NEW_YEAR), last=max(NEW_YEAR))
    found = [Holiday(date(year, *when), name, HOLIDAY) for when, name in FIXED.items()]
    steps = range(-TET_BEFORE, TET_AFTER + 1)
    found += [Holiday(NEW_YEAR[year] + timedelta(days=step), "Tết Nguyên đán", TET) for step in steps]
    found.append(Holiday(KINGS[year], "Giỗ Tổ Hùng Vương", HOLIDAY))
    return sorted(found, key=lambda each: each.day)


def _roster(row: RosterRow) -> Roster:
    return Roster(
        row.post,
        row.begins,
        row.ends,
        row.weekly,
        tuple((str(name), int(start), int(end)) for name, start, end in row.shifts),
        {name: tuple(guards) for name, guards in row.teams.items()},
        tuple(row.cycle),
    )
