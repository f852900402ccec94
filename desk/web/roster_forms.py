"""The form of a repeating plan of guard duty: rows of shifts and teams, and a grid of days, read and drawn again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.datastructures import FormData

from archive.rosters import Roster, RosterError
from custody.roster import MOST_CYCLE, MOST_SHIFTS, NOBODY
from desk import roster_days, rostering

MOST_TEAMS = 40
LEAST_SHIFTS, LEAST_TEAMS = 3, 3
USUAL = (("sáng", "06:00", "14:00"), ("chiều", "14:00", "22:00"), ("đêm", "22:00", "06:00"))


@dataclass(frozen=True)
class Drawn:
    """What stands in the form, as text: rows of (name, from, until), of (team, guards), and lines of the grid."""

    begins: str
    ends: str
    weekly: bool
    shifts: tuple[tuple[str, str, str], ...]
    teams: tuple[tuple[str, str], ...]
    cycle: tuple[tuple[str, ...], ...]

    @property
    def shift_rows(self) -> tuple[tuple[str, str, str], ...]:
        """The rows to draw: those filled in and one more."""
        return (*self.shifts, *[("", "", "")] * max(1, LEAST_SHIFTS - len(self.shifts)))

    @property
    def team_rows(self) -> tuple[tuple[str, str], ...]:
        """The rows to draw: those filled in and one more."""
        return (*self.teams, *[("", "")] * max(1, LEAST_TEAMS - len(self.teams)))

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the shifts, one for each column of the grid."""
        return tuple(name for name, _, _ in self.shifts)


def empty(begins: date) -> Drawn:
    """Return the form of a post without a plan: the three usual shifts, nobody in them."""
    return Drawn(str(begins), "", False, USUAL, (), (("",) * len(USUAL),))


def drawn_of(roster: Roster) -> Drawn:
    """Return a stored plan as it stands in the form."""
    return Drawn(
        str(roster.begins),
        str(roster.ends or ""),
        roster.weekly,
        tuple((name, _clock(start), _clock(end)) for name, start, end in roster.shifts),
        tuple((name, ", ".join(guards)) for name, guards in roster.teams.items()),
        tuple(tuple("" if word == NOBODY else word for word in line.split()) for line in roster.cycle),
    )


def read(form: FormData) -> Drawn:
    """Return what was typed; the grid has as many columns as shifts have names, and as many days as asked for."""
    given = [_words(form, name) for name in ("shift", "shift_from", "shift_until")]
    shifts = tuple((_name(name), start, end) for name, start, end in zip(*given, strict=False) if name)
    pairs = zip(_words(form, "team"), _words(form, "team_guards"), strict=False)
    teams = tuple((_name(name), guards) for name, guards in pairs if name or guards)
    weekly = bool(form.get("weekly"))
    days = 7 if weekly else _number(form, "days", MOST_CYCLE)
    cells, wide = _words(form, "turn"), _number(form, "columns", MOST_SHIFTS)
    lines = [cells[start : start + wide] for start in range(0, len(cells), wide)]
    sized = tuple(
        tuple(_cell(lines, day, column) for column in range(len(shifts[:MOST_SHIFTS]))) for day in range(days)
    )
    return Drawn(_text(form, "begins"), _text(form, "ends"), weekly, shifts[:MOST_SHIFTS], teams[:MOST_TEAMS], sized)


def turned(drawn: Drawn) -> Drawn:
    """Return a form whose grid has the teams take turns."""
    lines = roster_days.rotation(len(drawn.shifts), [name for name, _ in drawn.teams])
    if drawn.weekly:
        lines = [lines[day % len(lines)] for day in range(7)]
    cycle = tuple(tuple("" if word == NOBODY else word for word in line.split()) for line in lines)
    return Drawn(drawn.begins, drawn.ends, drawn.weekly, drawn.shifts, drawn.teams, cycle)


def roster_in(drawn: Drawn, post: str) -> Roster:
    """Return the plan a form describes; CustodyError or RosterError "day-unreadable" where it describes none."""
    begins = read_day(drawn.begins)
    ends = read_day(drawn.ends) if drawn.ends else None
    shifts = [f"{name}={start}-{end}" for name, start, end in drawn.shifts]
    teams = [f"{name}={guards or NOBODY}" for name, guards in drawn.teams]
    lines = [" ".join(_joined(word) for word in line) for line in drawn.cycle]
    return rostering.roster_of(post, shifts, teams, lines, begins, ends, weekly=drawn.weekly)


def read_day(text: str) -> date:
    """Return a day as a date field gives it; RosterError "day-unreadable"."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RosterError("day-unreadable", value=text) from None


def _joined(word: str) -> str:
    return "+".join(dict.fromkeys(each for each in re.split(r"[\s,+]+", word) if each)) or NOBODY


def _cell(lines: Sequence[Sequence[str]], day: int, column: int) -> str:
    return lines[day][column] if day < len(lines) and column < len(lines[day]) else ""


def _words(form: FormData, name: str) -> list[str]:
    return [str(each).strip()[:200] for each in form.getlist(name)]


def _text(form: FormData, name: str) -> str:
    return str(form.get(name, "")).strip()[:200]


def _name(text: str) -> str:
    # A name is one word of the grid, and "=" and "+" mean something there.
    return re.sub(r"[\s=+]+", "-", text).strip("-")


def _number(form: FormData, name: str, most: int) -> int:
    text = _text(form, name)
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"
