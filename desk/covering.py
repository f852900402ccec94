"""How every post is covered: what it needs, who was there by confirmed presence, who is planned, and the holes.

    for cover in covers(office, session, start, end):
        cover.post, cover.holes, cover.ahead

Everything is in seconds since 1970, half open; see custody/cover.py. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from sqlalchemy import func, select
from sqlmodel import Session

from archive import posts, rosters
from archive.settings import zone_of
from custody.cover import DAY, HOLIDAY, TET, WEEK, Hole, Presence, Step, Watch, answered_for, holes, needed, second_of
from custody.paper import FROM_PAPER
from custody.projections import TABLES
from custody.roster import read_times
from custody.shift_family import LEFT
from custody.shifts import OnDuty, Planned
from desk import answering
from desk.office import Office

# No turn lasts longer, so what began earlier is over.
LONGEST_TURN = 2 * DAY
KINDS = {rosters.HOLIDAY: HOLIDAY, rosters.TET: TET}


@dataclass(frozen=True)
class Cover:
    """One post over a span: needs as steps, presence, plan, holes until now, and holes of the plan from now on.

    `attested` are those of the presences that a sheet of paper alone attests.
    """

    post: str
    name: str
    guarded_from: int
    needs: tuple[Step, ...]
    present: tuple[Presence, ...]
    planned: tuple[Presence, ...]
    holes: tuple[Hole, ...]
    ahead: tuple[Hole, ...]
    attested: tuple[answering.Attested, ...] = ()

    @property
    def open_holes(self) -> tuple[Hole, ...]:
        """Return the holes for which nobody has answered."""
        return tuple(each for each in self.holes if not each.answered)


def now_of(office: Office) -> int:
    """Return the present second."""
    return second_of(office.clock.now())


def covers(
    office: Office, session: Session, start: int, end: int, only: Sequence[str] = (), ahead: int = 0
) -> list[Cover]:
    """Return the cover of the posts over [start, end), and the plan's over `ahead` seconds from now, by post."""
    now, zone = now_of(office), zone_of(office.settings)
    last = max(end, now + ahead)
    present = presences(session, start, last, now)
    planned = plans(session, start, last)
    begun, needs = beginnings(session), posts.needs(session)
    off, gone = holidays(session), presences(session, start - DAY, last, now, LEFT)
    answered, sheets = answering.answers(session), answering.attested(session, start, last)
    found = []
    for post in posts.every(session):
        if only and post.code not in only:
            continue
        since = begun.get(post.code, second_of(needs[post.code][0].since) if post.code in needs else now)
        steps = steps_of(needs.get(post.code, []), off, zone, min(max(start, since), last - 1), last)
        there, plan = present.get(post.code, []), planned.get(post.code, [])
        past = holes(steps, there, max(start, since), min(end, now)) if max(start, since) < min(end, now) else []
        coming = holes(steps, plan, now, now + ahead) if ahead else []
        found.append(
            Cover(
                post.code,
                post.name,
                since,
                steps,
                tuple(there),
                tuple(plan),
                tuple(
                    answering.cut(answered_for(past, plan, there, gone.get(post.code, ())), answered.get(post.code, ()))
                ),
                tuple(coming),
                tuple(sheets.get(post.code, ())),
            )
        )
    return found


def steps_of(
    needs: Sequence[posts.Needs], off: frozenset[tuple[date, int]], zone: tzinfo, start: int, end: int
) -> tuple[Step, ...]:
    """Return what a post needs over [start, end), by the needs that held at each second; none before the first."""
    steps: list[Step] = []
    for place, each in enumerate(needs):
        begin = max(start, second_of(each.since)) if place else start
        until = min(end, second_of(needs[place + 1].since)) if place + 1 < len(needs) else end
        if begin < until:
            steps += needed(watches_of(each.watches), off, zone, begin, until)
    return tuple(steps)


def watches_of(given: Sequence[posts.Watch]) -> tuple[Watch, ...]:
    """Return watches as custody counts them."""
    made = []
    for each in given:
        start, end = read_times(f"{each.start}-{each.end}")
        made.append(Watch(start, end, each.guards, frozenset(each.days) or WEEK))
    return tuple(made)


def holidays(session: Session) -> frozenset[tuple[date, int]]:
    """Return the days on which other needs hold."""
    return frozenset((each.day, KINDS[each.kind]) for each in rosters.holidays(session))


def presences(session: Session, start: int, end: int, now: int, ending: str = "") -> dict[str, list[Presence]]:
    """Return who was at which post in [start, end), by post; who is there now is there until now.

    With `ending` only the presences that ended so.
    """
    rows = TABLES[OnDuty].c
    wanted = (rows.start < end) & ((rows.until > start) | (rows.until < 0))
    if ending:
        wanted &= rows.ending == ending
    asked = select(rows.post, rows.guard, rows.start, rows.until).where(wanted).order_by(rows.start)
    found: dict[str, list[Presence]] = {}
    for post, guard, begin, until in session.execute(asked).all():
        found.setdefault(post, []).append((guard, begin, until if until >= 0 else max(now, begin + 1)))
    return found


def plans(session: Session, start: int, end: int) -> dict[str, list[Presence]]:
    """Return who is or was planned at which post in [start, end), by post."""
    rows = TABLES[Planned].c
    wanted = (rows.start < end) & (rows.start > start - LONGEST_TURN) & (rows.until > start) & ~rows.void
    asked = select(rows.post, rows.guard, rows.start, rows.until).where(wanted).order_by(rows.start)
    found: dict[str, list[Presence]] = {}
    for post, guard, begin, until in session.execute(asked).all():
        found.setdefault(post, []).append((guard, begin, until))
    return found


def beginnings(session: Session) -> Mapping[str, int]:
    """Return since when each post is guarded: its first planned turn or its first guard, whichever came first.

    A sheet keyed in later does not begin it: it fills, and never asks for more.
    """
    found: dict[str, int] = {}
    for kind in (Planned, OnDuty):
        rows = TABLES[kind].c
        asked = select(rows.post, func.min(rows.start)).group_by(rows.post)
        counted = rows.ending != FROM_PAPER if kind is OnDuty else ~rows.void
        for post, first in session.execute(asked.where(counted)):
            found[post] = min(first, found.get(post, first))
    return found
