"""Shifts at the desk: take up a post, leave it, send another guard, and see who is where.

Every act takes (code, PIN) signings; the post stands in the stamp. A hand-over with its count is in desk/reliefs.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from archive import places, posts, reliefs
from archive.settings import zone_of
from custody.cover import need_at
from custody.entries import Entry
from custody.entries_shifts import ShiftLeft, ShiftStarted
from custody.errors import CustodyError
from custody.ledger import Appended
from custody.projections import Projections
from custody.rules import Signer
from custody.shifts import OnDuty, duty_of, on_duty, owed_by
from desk import covering, custodial
from desk.custodial import HERE, Where
from desk.enclosures import enclose
from desk.office import Office

Signing = Sequence[tuple[str, str] | Signer]
Done = tuple[Appended, Entry]


@dataclass(frozen=True)
class PostNow:
    """One post at this moment: its guards, how many it needs, whose turn it is, and hand-overs in progress."""

    post: str
    name: str
    needed: int
    on_duty: tuple[OnDuty, ...]
    planned: tuple[tuple[str, int, int], ...]
    reliefs: tuple[reliefs.Draft, ...]


def at(post: str, where: Where = HERE) -> Where:
    """Return where an act about a post is done."""
    return replace(where, post=post)


def start(office: Office, post: str, guard: str, signing: Signing, where: Where = HERE) -> Done:
    """Let a guard take up a post, confirmed by the guard's own PIN."""
    code = known_post(office, post).code

    def make(_holdings: Projections, _session: Session) -> list[Entry]:
        return [ShiftStarted(guard.upper())]

    return custodial.perform(office, make, signing, where=at(code, where))[0]


def replace_guard(
    office: Office, post: str, absent: str, guard: str, reason: str, signing: Signing, where: Where = HERE
) -> Done:
    """Let a leader send a guard in the place of one who is ill or did not come; the guard and the leader sign.

    Who is on duty and replaced is no longer present from then on; the packages that guard answers for stay with them
    until a hand-over, which the leader signs in their stead.
    """
    code = known_post(office, post).code
    with enclose(office, reason=reason) as enclosed:

        def make(_holdings: Projections, _session: Session) -> list[Entry]:
            return [ShiftStarted(guard.upper(), absent.upper(), enclosed.reason, enclosed.names)]

        done = custodial.perform(
            office, make, signing, lambda _session: enclosed.keep(office.vault), where=at(code, where)
        )
    return done[0]


def leave(office: Office, post: str, guard: str, signing: Signing, reason: str = "", where: Where = HERE) -> Done:
    """Let a guard leave; whether that leaves the post with too few, or packages with an absent guard, is recorded.

    The guard signs, or a leader who notes that the guard is gone.
    """
    code, person = known_post(office, post).code, guard.upper()
    with enclose(office, reason=reason) as enclosed:

        def make(holdings: Projections, session: Session) -> Iterator[Entry]:
            stay = [each for each in on_duty(holdings, code) if each.guard != person]
            relieved = len(stay) >= needed_now(office, session, code) and not owed_by(holdings, person)
            yield ShiftLeft(person, relieved, enclosed.reason, enclosed.names)

        done = custodial.perform(
            office, make, signing, lambda _session: enclosed.keep(office.vault), where=at(code, where)
        )
    return done[0]


def known_post(office: Office, code: str) -> posts.Post:
    """Return a post; PostError "post-unknown"."""
    with office.database.reading() as session:
        return posts.find(session, code)


def needed_now(office: Office, session: Session, post: str) -> int:
    """Return how many guards a post needs at this second."""
    now = covering.now_of(office)
    needs = posts.needs(session).get(post, [])
    steps = covering.steps_of(needs, covering.holidays(session), zone_of(office.settings), now, now + 1)
    return need_at(steps, now)


def areas_of(session: Session, post: posts.Post) -> tuple[str, ...]:
    """Return the texts that name what a post guards: the path of its place and the code of its label."""
    if post.place is None:
        return ()
    place = places.find(session, post.place)
    return tuple(dict.fromkeys((place.path, place.code)))


def giver_at(holdings: Projections, post: str, receiver: str, named: str = "") -> str:
    """Return who hands over: who is named, or the one other guard on duty.

    Raises CustodyError "giver-unclear" where there are several, "giver-nobody" where there is none.
    """
    if named:
        return named.upper()
    others = [each.guard for each in on_duty(holdings, post) if each.guard != receiver]
    if not others:
        raise CustodyError("giver-nobody", post=post)
    if len(others) != 1:
        raise CustodyError("giver-unclear", post=post, guards=others)
    return others[0]


def show(office: Office, only: str = "") -> list[PostNow]:
    """Return how the posts stand now, one of them where it is named."""
    now = covering.now_of(office)
    with office.database.reading() as session:
        holdings, plans = Projections(session), covering.plans(session, now, now + 1)
        wanted = [posts.find(session, only)] if only else [each for each in posts.every(session) if each.active]
        return [
            PostNow(
                each.code,
                each.name,
                needed_now(office, session, each.code),
                tuple(on_duty(holdings, each.code)),
                tuple(plans.get(each.code, ())),
                tuple(reliefs.going_on(session, each.code)),
            )
            for each in wanted
        ]


def where_is(office: Office, guard: str) -> OnDuty | None:
    """Return where a guard is on duty now, None where nowhere."""
    with office.database.reading() as session:
        return duty_of(Projections(session), guard.upper())
