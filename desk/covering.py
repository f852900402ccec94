"""How every post is covered: what it needs, who was there by confirmed presence, who is planned, and the holes.

    for cover in covers(office, session, start, end):
        cover.post, cover.holes, cover.ahead

Everything is in seconds since 1970, half open; see custody/cover.py. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from sqlmodel import Session

from archive import posts, rosters
from archive.database import run
from archive.settings import zone_of
from custody.cover import DAY, HOLIDAY, TET, WEEK, Hole, Presence, Step, Watch, answered_for, holes, needed, second_of
from custody.paper import FROM_PAPER
from custody.roster import read_times
from custody.shift_family import LEFT
from desk import answering
from desk.office import Office

# No turn lasts longer, so what began earlier is over.
LONGEST_TURN = 2 * DAY
# A span no longer than this is asked for all posts at once.
AT_ONCE = 7 * DAY
_NOBODY: tuple[list[Presence], list[Presence], list[Presence]] = ([], [], [])
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
    """Return what `each_cover` yields."""
    return list(each_cover(office, session, start, end, only, ahead))


def each_cover(
    office: Office, session: Session, start: int, end: int, only: Sequence[str] = (), ahead: int = 0
) -> Iterator[Cover]:
    """Yield the cover of the posts over [start, end), and the plan's over `ahead` seconds from now, by post.

    A long span is asked for post by post, so that only one post's years are in memory at once.
    """
    now, zone = now_of(office), zone_of(office.settings)
    last = max(end, now + ahead)
    begun, needs, off = beginnings(session), posts.needs(session), holidays(session)
    answered, sheets = answering.answers(session), answering.attested(session, start, last)
    wanted = [each for each in posts.every(session) if not only or each.code in only]
    together = last - start <= AT_ONCE and len(wanted) > 1
    told = _told(session, start, last, now) if together else {}
    for post in wanted:
        there, left, plan = (told if together else _told(session, start, last, now, post.code)).get(post.code, _NOBODY)
        since = begun.get(post.code, second_of(needs[post.code][0].since) if post.code in needs else now)
        first = max(start, since)
        steps = steps_of(needs.get(post.code, []), off, zone, min(first, last - 1), last)
        past = holes(steps, there, first, min(end, now)) if first < min(end, now) else []
        coming = holes(steps, plan, now, now + ahead) if ahead else []
        named = answered_for(past, plan, there, left) if past else []
        yield Cover(
            post.code,
            post.name,
            since,
            steps,
            tuple(there),
            tuple(plan),
            tuple(answering.cut(named, answered.get(post.code, ()))),
            tuple(coming),
            tuple(sheets.get(post.code, ())),
        )


def _told(
    session: Session, start: int, end: int, now: int, post: str = ""
) -> dict[str, tuple[list[Presence], list[Presence], list[Presence]]]:
    """Return who was there in [start, end), who of them or of the day before left unrelieved, and the plan, by post."""
    found: dict[str, tuple[list[Presence], list[Presence], list[Presence]]] = {}
    for code, guard, begin, until, ending in _duty_rows(session, start - DAY, end, post):
        there, left, _ = found.setdefault(code, ([], [], []))
        presence = (guard, begin, until if until >= 0 else max(now, begin + 1))
        if until < 0 or until > start:
            there.append(presence)
        if ending == LEFT:
            left.append(presence)
    for code, planned in plans(session, start, end, post).items():
        found.setdefault(code, ([], [], []))[2].extend(planned)
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


def presences(session: Session, start: int, end: int, now: int, post: str = "") -> dict[str, list[Presence]]:
    """Return who was at which post in [start, end), by post; who is there now is there until now."""
    found: dict[str, list[Presence]] = {}
    for code, guard, begin, until, _ in _duty_rows(session, start, end, post):
        found.setdefault(code, []).append((guard, begin, until if until >= 0 else max(now, begin + 1)))
    return found


def plans(session: Session, start: int, end: int, post: str = "") -> dict[str, list[Presence]]:
    """Return who is or was planned at which post in [start, end), by post; of one post where it is named."""
    found: dict[str, list[Presence]] = {}
    given = (end, start - LONGEST_TURN, start)
    asked = run(session, _PLANS_AT, (post, *given)) if post else run(session, _PLANS, given)
    for code, guard, begin, until in asked.fetchall():
        found.setdefault(code, []).append((guard, begin, until))
    return found


def beginnings(session: Session) -> Mapping[str, int]:
    """Return since when each post is guarded: its first planned turn or its first guard, whichever came first.

    A sheet keyed in later does not begin it: it fills, and never asks for more.
    """
    found: dict[str, int] = {}
    for post, planned, there in run(session, _BEGINNINGS, (FROM_PAPER,)).fetchall():
        first = [each for each in (planned, there) if each is not None]
        if first:
            found[post] = min(first)
    return found


def _duty_rows(session: Session, start: int, end: int, post: str) -> list[tuple[str, str, int, int, str]]:
    asked = run(session, _DUTY_AT, (post, end, start)) if post else run(session, _DUTY, (end, start))
    found: list[tuple[str, str, int, int, str]] = asked.fetchall()
    return found


# By the driver alone: a year of many posts is some hundred thousand rows. What goes on has no end yet: -1. The sign
# before "start" keeps the index of all beginnings out of it: near now, few turns end later and all began earlier.
_DUTY = (
    "SELECT post, guard, start, until, ending FROM custody_on_duty"
    " WHERE +start < ? AND (until > ? OR until < 0) ORDER BY +start"
)
_DUTY_AT = _DUTY.replace("WHERE +start", "WHERE post = ? AND start").replace("BY +start", "BY start")
_PLANS = (
    "SELECT post, guard, start, until FROM custody_planned"
    " WHERE start < ? AND start > ? AND until > ? AND NOT void ORDER BY start"
)
_PLANS_AT = _PLANS.replace("WHERE", "WHERE post = ? AND")
_BEGINNINGS = (
    "SELECT code,"
    " (SELECT start FROM custody_planned WHERE post = code AND NOT void ORDER BY start LIMIT 1),"
    " (SELECT start FROM custody_on_duty WHERE post = code AND ending <> ? ORDER BY start LIMIT 1) FROM post"
)
