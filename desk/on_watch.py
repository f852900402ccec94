"""What a guard has to know now: where they are on duty, what comes next, and what they answer for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive import reliefs as drafts
from archive.reliefs import Draft
from archive.settings import zone_of
from custody.cover import moment_at
from custody.errors import CustodyError
from custody.holdings import Package
from custody.incidents import OPEN, Incident
from custody.projections import Projections
from custody.shifts import duty_of, held_by
from desk import alarming, covering, rounds, shifts
from desk.office import Office
from desk.rounds import Owed
from desk.shifts import PostNow


@dataclass(frozen=True)
class Watch:
    """A guard's present: the post they are at since `since` (None: nowhere), and what is due there.

    `ends` is when their turn ends by the plan, None where no plan says so. `reliefs` are hand-overs in progress that
    the guard gives or takes; `alarms` counts those that want a person.
    """

    guard: str
    post: PostNow | None
    since: datetime | None
    ends: datetime | None
    rounds: tuple[Owed, ...]
    reliefs: tuple[Draft, ...]
    incidents: int
    alarms: int


def watch_of(office: Office, guard: str) -> Watch:
    """Return how things stand for a guard now."""
    duty, zone = shifts.where_is(office, guard), zone_of(office.settings)
    post = shifts.show(office, duty.post)[0] if duty else None
    turns = [until for who, _start, until in (post.planned if post else ()) if who == guard]
    with office.database.reading() as session:
        mine = [each for each in drafts.going_on(session) if guard in {each.giver, each.receiver}]
        waiting = len(Projections(session).those(Incident, state=OPEN))
    return Watch(
        guard,
        post,
        moment_at(duty.start, zone) if duty else None,
        moment_at(max(turns), zone) if turns else None,
        tuple(each for each in rounds.due(office) if duty is None or each.guarded == duty.post),
        tuple(mine),
        waiting,
        sum(each.wants_person for each in alarming.board(office).alarms),
    )


def posts_for(office: Office, guard: str) -> list[PostNow]:
    """Return the posts, those where the guard is planned now first, then those with too few guards."""
    now = covering.now_of(office)

    def order(each: PostNow) -> tuple[bool, bool, str]:
        planned = any(who == guard and start <= now < until for who, start, until in each.planned)
        return not planned, len(each.on_duty) >= each.needed, each.post

    return sorted(shifts.show(office), key=order)


def boxes_of(office: Office, guard: str) -> Sequence[Package]:
    """Return what a guard answers for; CustodyError "count-is-blind" while a count at their post is not in."""
    with office.database.reading() as session:
        holdings = Projections(session)
        duty = duty_of(holdings, guard)
        going = drafts.going_on(session, duty.post) if duty else drafts.going_on(session)
        if any(each.state == drafts.OPEN and (duty or guard in {each.giver, each.receiver}) for each in going):
            raise CustodyError("count-is-blind", post=duty.post if duty else "")
        return sorted(held_by(holdings, guard), key=lambda each: (each.place, each.code))
