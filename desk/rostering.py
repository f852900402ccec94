"""Plans of guard duty at the desk: from a repeating plan to the turns of real days, and their publication."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from archive import office_acts, people, posts, rosters
from archive.people import PersonError, Role
from archive.rosters import Holiday, Roster
from archive.settings import zone_of
from custody.cover import DAY, Hole, holes, moment_at, moment_of
from custody.entries import Entry
from custody.entries_shifts import ShiftPlanned
from custody.errors import CustodyError
from custody.moments import format_moment
from custody.projections import TABLES, Projections
from custody.roster import Plan, Shift, Turn, check_plan, guards_of, read_guards, read_named, read_times, turns
from custody.shifts import Planned, on_duty, planned_for
from desk import covering, custodial
from desk.custodial import HERE, Where
from desk.office import Office
from desk.shifts import Signing, at

KEYS = {"shifts", "teams", "cycle", "from", "until", "weekly"}


@dataclass(frozen=True)
class Published:
    """What publishing came to: how many turns, the entry (None where nothing changed), and holes the plan leaves."""

    post: str
    turns: int
    entry: int | None
    holes: tuple[Hole, ...]


def roster_of(
    post: str,
    shifts: Sequence[str],
    teams: Sequence[str],
    cycle: Sequence[str],
    begins: date,
    ends: date | None,
    *,
    weekly: bool,
) -> Roster:
    """Return a plan from the words of a command line: "sáng=06:00-14:00", "A=BV01,BV02", "A B C" for each day."""
    named = [read_named(each) for each in shifts]
    groups = {name: read_guards(told) for name, told in (read_named(each) for each in teams)}
    return Roster(
        post.upper(),
        begins,
        ends,
        weekly,
        tuple((name.replace(" ", "-"), *read_times(times)) for name, times in named),
        groups,
        tuple(" ".join(line.split()) for line in cycle),
    )


def read_roster(path: Path, post: str) -> Roster:
    """Return the plan in a TOML file: `from`, `until`, `weekly`, [shifts], [teams] and `cycle`.

    Raises CustodyError "roster-file-unusable" with what is wrong.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        if unknown := sorted(set(told) - KEYS):
            raise CustodyError("roster-file-unusable", path=str(path), detail=", ".join(unknown))
        shifts = [f"{name}={times}" for name, times in told["shifts"].items()]
        teams = [f"{name}={','.join(guards)}" for name, guards in told.get("teams", {}).items()]
        begins, ends = _day(told["from"]), _day(told["until"]) if "until" in told else None
        return roster_of(post, shifts, teams, told["cycle"], begins, ends, weekly=bool(told.get("weekly", False)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CustodyError("roster-file-unusable", path=str(path), detail=str(error)) from error


def _day(told: Any) -> date:
    if isinstance(told, datetime) or not isinstance(told, date | str):
        raise TypeError(str(told))
    return told if isinstance(told, date) else date.fromisoformat(told)


def set_roster(office: Office, roster: Roster, by: str = "") -> None:
    """Keep a plan whose people are guards; what is published already stays until it is published anew."""
    check(office, roster)
    with office.database.atomic() as session:
        now = office.clock.now()
        rosters.set_roster(session, roster, now)
        _note(session, by, "roster-kept", roster.post, now, day=str(roster.begins))


def check(office: Office, roster: Roster) -> None:
    """Refuse a plan that contradicts itself or names somebody who is no guard; CustodyError."""
    plan = plan_of(roster)
    check_plan(plan)
    with office.database.reading() as session:
        check_guards(session, guards_of([plan], {}))


def drop_roster(office: Office, post: str, begins: date, by: str = "") -> None:
    """Take a plan out; what was published from it stays. RosterError "roster-unknown"."""
    with office.database.atomic() as session:
        rosters.drop_roster(session, post.upper(), begins)
        _note(session, by, "roster-dropped", post.upper(), office.clock.now(), day=str(begins))


def set_day(office: Office, post: str, day: date, shift: str, guards: Sequence[str] | None, by: str = "") -> None:
    """Plan one shift of one day otherwise, or as the repeating plan says where `guards` is None."""
    with office.database.atomic() as session:
        code = posts.find(session, post).code
        check_guards(session, set(guards or ()))
        known = {name for each in rosters.rosters(session, code) for name, _, _ in each.shifts}
        if shift not in known:
            raise CustodyError("shift-unknown", post=code, shift=shift, known=sorted(known))
        now = office.clock.now()
        rosters.set_day(session, code, day, shift, guards, now)
        _note(session, by, "roster-day", code, now, day=str(day), shift=shift)


def set_holiday(office: Office, holiday: Holiday, by: str = "") -> None:
    """Keep a holiday, in the place of the one of that day; RosterError "holiday-incomplete"."""
    with office.database.atomic() as session:
        rosters.set_holiday(session, holiday)
        _note(session, by, "holiday-kept", str(holiday.day), office.clock.now(), name=holiday.name)


def drop_holiday(office: Office, day: date, by: str = "") -> None:
    """Make a holiday a day like others; RosterError "holiday-unknown"."""
    with office.database.atomic() as session:
        rosters.drop_holiday(session, day)
        _note(session, by, "holiday-dropped", str(day), office.clock.now())


def fill_holidays(office: Office, year: int, by: str = "") -> list[Holiday]:
    """Fill in the days off of a year; days kept already stay. Return those filled in; "lunar-year-unknown"."""
    with office.database.atomic() as session:
        kept = {each.day for each in rosters.holidays(session, date(year, 1, 1), date(year, 12, 31))}
        fresh = [each for each in rosters.usual_holidays(year) if each.day not in kept]
        for each in fresh:
            rosters.set_holiday(session, each)
        _note(session, by, "holidays-filled", str(year), office.clock.now(), days=len(fresh))
    return fresh


def _note(session: Session, by: str, kind: str, about: str, now: datetime, **facts: object) -> None:
    office_acts.note(session, by=by, kind=kind, about=about, now=now, **facts)


def check_guards(session: Session, codes: set[str]) -> None:
    """Refuse a plan with people who are unknown, have left, or are no guards; CustodyError "not-a-guard"."""
    for code in sorted(codes):
        try:
            person = people.find(session, code)
        except PersonError:
            raise CustodyError("not-a-guard", person=code) from None
        if not person.active or Role.GUARD not in person.roles:
            raise CustodyError("not-a-guard", person=code)


def plan_of(roster: Roster) -> Plan:
    """Return a stored plan as custody reckons with it."""
    shifts = tuple(Shift(*each) for each in roster.shifts)
    return Plan(roster.post, roster.begins, roster.ends, shifts, roster.teams, roster.cycle, roster.weekly)


def turns_of(office: Office, session: Session, post: str, first: date, last: date) -> list[Turn]:
    """Return the turns of a post that begin on a day from `first` to `last`, as its plans say."""
    plans = [plan_of(each) for each in rosters.rosters(session, post)]
    return turns(plans, rosters.days(session, post, first, last), zone_of(office.settings), first, last)


def published(session: Session, post: str, start: int, end: int) -> list[Planned]:
    """Return the published turns of a post that begin in [start, end), in order."""
    found = planned_for(Projections(session), post, start, end).values()
    return sorted((each for each in found if not each.void), key=lambda each: (each.start, each.guard))


def publish(office: Office, post: str, first: date, last: date, signing: Signing, where: Where = HERE) -> Published:
    """Publish the plan of a post for the days from `first` to `last`, signed by a leader.

    The same plan published again adds nothing; a changed one takes the place of what has not begun. What began before
    this moment stays as it was planned; of a turn that is going on and was never published, what is left is published
    too where its guard is there. Raises CustodyError "roster-absent" and "guard-planned-twice".
    """
    zone, made = zone_of(office.settings), list[Turn]()
    start, end = moment_of(zone, first, 0), moment_of(zone, last + timedelta(days=1), 0)

    def make(holdings: Projections, session: Session) -> Iterator[Entry]:
        code = posts.find(session, post).code
        if not rosters.rosters(session, code):
            raise CustodyError("roster-absent", post=code)
        now = covering.now_of(office)
        if start <= now < end:
            made.extend(_rest_of_turns(office, session, code, now))
        made.extend(each for each in turns_of(office, session, code, first, last) if each.start >= now)
        _check_doubles(session, code, made)
        known = {
            (each.start, each.until, each.guard, each.shift) for each in published(session, code, max(start, now), end)
        }
        if known != {(each.start, each.end, each.guard, each.shift) for each in made}:
            told = tuple((each.guard, _text(each.start, zone), _text(each.end, zone), each.shift) for each in made)
            yield ShiftPlanned(_text(start, zone), _text(end, zone), told)

    done = custodial.perform(office, make, signing, where=at(post.upper(), where))
    entry = done[0][0].seq if done else None
    with office.database.reading() as session:
        left = holes_of(office, session, post.upper(), max(start, covering.now_of(office)), end)
    return Published(post.upper(), len(made), entry, tuple(left))


def _rest_of_turns(office: Office, session: Session, post: str, now: int) -> list[Turn]:
    """Return what is left of the turns going on at a post that nobody published when they began.

    Only of guards who are there: publishing must not make somebody absent who was never told to come.
    """
    today = datetime.fromtimestamp(now, zone_of(office.settings)).date()
    begun = turns_of(office, session, post, today - timedelta(days=1), today)
    standing = {(each.shift, each.until) for each in published(session, post, now - 2 * DAY, now)}
    there = {each.guard for each in on_duty(Projections(session), post)}
    rest = [each for each in begun if each.start < now < each.end and (each.shift, each.end) not in standing]
    return [replace(each, start=now) for each in rest if each.guard in there]


def holes_of(office: Office, session: Session, post: str, start: int, end: int) -> list[Hole]:
    """Return where the published plan of a post leaves it short in [start, end)."""
    if start >= end:
        return []
    off, zone = covering.holidays(session), zone_of(office.settings)
    steps = covering.steps_of(posts.needs(session).get(post, []), off, zone, start, end)
    return holes(steps, covering.plans(session, start, end).get(post, []), start, end)


def _check_doubles(session: Session, post: str, made: Sequence[Turn]) -> None:
    """Refuse to plan a guard at two posts, or twice at one, at the same second."""
    if not made:
        return
    first, last = min(each.start for each in made), max(each.end for each in made)
    rows = TABLES[Planned].c
    guards = sorted({each.guard for each in made})
    spans = [(each.guard, each.start, each.end, post) for each in made]
    for begin in range(0, len(guards), 500):
        wanted = rows.guard.in_(guards[begin : begin + 500]) & (rows.post != post) & ~rows.void
        near = (rows.start < last) & (rows.start > first - covering.LONGEST_TURN)
        asked = select(rows.guard, rows.start, rows.until, rows.post).where(wanted, near)
        spans += [tuple(each) for each in session.execute(asked)]
    reached: dict[str, tuple[int, str]] = {}
    for guard, start, end, where in sorted(spans, key=lambda each: (each[0], each[1])):
        until, other = reached.get(guard, (start, ""))
        if start < until and post in {where, other}:
            raise CustodyError("guard-planned-twice", guard=guard, moment=moment_at(start), posts=[other, where])
        reached[guard] = max((end, where), (until, other))


def _text(second: int, zone: Any) -> str:
    return format_moment(moment_at(second, zone))
