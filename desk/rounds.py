"""Rounds at the desk: plan them, begin one that is due, scan its points as they come, end it.

Every act is one transaction; a phone, a page or a command that dies between two of them goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlmodel import Session

from archive import places, posts
from archive.errors import ArchiveError
from archive.places import PlaceError
from archive.refs import read_ref
from custody.cover import second_of
from custody.entries import Entry
from custody.entries_duty import LogCheckpointed
from custody.entries_rounds import RoundEnded, RoundPlanned, RoundPlanStopped, RoundStarted
from custody.errors import CustodyError
from custody.holdings import Holdings
from custody.moments import format_moment
from custody.projections import TABLES, Projections
from custody.recording import record
from custody.round_moves import deadline_of, under_way
from custody.round_plans import ROUND, points_of, read_target
from custody.round_results import UNSCANNED, Result, read_body, root_of
from custody.round_rows import Remembering, add_results, bodies_of, hold, present_in
from custody.rounds import ACTIVE, UNDER_WAY, Plan, Round, Slot, slot_of, slots_between
from custody.rules import Signer
from custody.shifts import OnDuty
from desk import custodial, ledgering
from desk.custodial import HERE, Where
from desk.enclosures import enclose
from desk.office import Office
from desk.signers import STATION

Signing = Sequence[tuple[str, str] | Signer]
SEED = "seed"


@dataclass(frozen=True)
class Owed:
    """A round whose window is open: nobody began it yet, or (`walked`) it is under way."""

    code: str
    plan: str
    sort: str
    guarded: str
    due: datetime
    closes: datetime
    walked: Round | None = None


def add_plan(office: Office, plan: RoundPlanned, signing: Signing, where: Where = HERE) -> Plan:
    """Publish a plan; one that leaves something to chance is in force from the next day on.

    Raises what `custody.round_moves.check` refuses, CustodyError "round-post-unknown" and "round-point-unknown".
    """

    def make(holdings: Projections, session: Session) -> list[Entry]:
        known = {each.code for each in posts.every(session) if each.active}
        if plan.guarded not in known:
            raise CustodyError("round-post-unknown", post=plan.guarded, known=sorted(known))
        return [replace(plan, targets=tuple(_known_target(holdings, session, each) for each in plan.targets))]

    custodial.perform(office, make, signing, where=where)
    with office.database.reading() as session:
        made = Projections(session).one(Plan, plan.plan)
    assert made is not None
    if made.shape.draws:
        announce(office)
    return made


def _known_target(holdings: Projections, session: Session, text: str) -> str:
    """Return a target with its place or package as it is known; CustodyError "round-point-unknown"."""
    asked = read_target(text)
    number = f"{asked.number} " if asked.number else ""
    if asked.what == "box":
        return f"box {custodial.known(holdings, code_of(asked.name)).code}"
    if not asked.name:
        return text
    try:
        place = places.find(session, asked.name)
        return f"{asked.what} {number}{place.code if asked.what == 'place' else place.path}"
    except PlaceError:
        # An office that has not written down its places names them as its packages do.
        if asked.what != "place" and present_in(session, asked.name):
            return text
        raise CustodyError("round-point-unknown", point=asked.name) from None


def code_of(text: str) -> str:
    """Return a package's code as it is stored, from what was typed or scanned."""
    read = read_ref(text)
    return read.code if read else text.strip().upper()


def stop_plan(office: Office, code: str, reason: str, signing: Signing, where: Where = HERE) -> None:
    """Stop a plan: no round of it is owed that would fall due from now on."""
    with enclose(office, reason=reason) as kept:
        custodial.perform(
            office,
            lambda _holdings, _session: [RoundPlanStopped(code, kept.reason)],
            signing,
            lambda _session: kept.keep(office.vault),
            where,
        )


def plans(office: Office, state: str = "") -> list[Plan]:
    """Return all plans, or those of one state, by code."""
    with office.database.reading() as session:
        holdings = Projections(session)
        return holdings.those(Plan, state=state) if state else list(holdings.every(Plan))


def announce(office: Office) -> None:
    """Sign a head and announce it in the log, as the seed of the days to come."""
    head, _note, _copied = ledgering.sign_head(office, SEED)
    with office.database.atomic() as session:
        stamp = Where("tick").stamp(custodial.local_now(office), (STATION.code,))
        record(session, LogCheckpointed(head.size, head.root.hex(), SEED), stamp, (STATION,))


def due(office: Office) -> list[Owed]:
    """Return the rounds whose window is open and those under way, by when they fell due; none is told in advance."""
    with office.database.reading() as session:
        return due_in(Remembering(session), office.clock.now())


def due_in(holdings: Holdings, now: datetime) -> list[Owed]:
    """Return what `due` returns."""
    found: list[Owed] = []
    for plan in holdings.those(Plan, state=ACTIVE):
        for slot in slots_between(holdings, plan, now, now):
            if holdings.one(Round, slot.code) is None:
                found.append(Owed(slot.code, plan.code, plan.sort, plan.guarded, slot.due, slot.closes))
    for each in holdings.those(Round, state=UNDER_WAY):
        moments = (datetime.fromisoformat(each.due), datetime.fromisoformat(each.closes))
        found.append(Owed(each.code, each.plan, each.sort, each.guarded, *moments, each))
    return sorted(found, key=lambda each: (each.due, each.code))


def start(office: Office, code: str, signing: Signing, where: Where = HERE, off_duty: str = "") -> Round:
    """Begin a round: one named by its code or by its plan, or the only one that is due.

    A guard of its post walks it; `off_duty` says why somebody else does, and is kept with the entry. A spot check is
    anybody's. Raises CustodyError "round-none-due", "round-several-due", "round-unknown", "round-walker-off-duty" and
    what the move refuses.
    """
    named = ""
    with enclose(office, reason=off_duty) as kept:

        def make(holdings: Projections, session: Session) -> list[Entry]:
            nonlocal named
            now = custodial.local_now(office)
            slot = _slot_asked(holdings, code.strip().upper(), now)
            points = points_of(slot.plan.shape, slot.number, slot.urn, partial(present_in, session))
            begun = where.device_at if where.device and where.device_at is not None else now
            if slot.plan.sort == ROUND and not kept.reason:
                must_be_on_duty(session, signing[0], slot.plan.guarded, second_of(begun))
            named = slot.code
            due_at, until = format_moment(slot.due), deadline_of(slot.plan, begun)
            return [RoundStarted(slot.code, slot.plan.code, due_at, until, points, slot.drawn, kept.reason, kept.names)]

        custodial.perform(office, make, signing, lambda _session: kept.keep(office.vault), where)
    return look(office, named)[0]


def must_be_on_duty(session: Session, walker: tuple[str, str] | Signer, post: str, moment: int) -> None:
    """Refuse a walker who was not at a post at a moment, seconds since 1970; CustodyError "round-walker-off-duty"."""
    guard = walker.code if isinstance(walker, Signer) else walker[0].partition(":")[0].strip().upper()
    rows = TABLES[OnDuty].c
    there = (rows.guard == guard) & (rows.post == post) & (rows.start <= moment)
    asked = select(rows.key).where(there, (rows.until > moment) | (rows.until < 0)).limit(1)
    if session.execute(asked).first() is None:
        raise CustodyError("round-walker-off-duty", guard=guard, post=post)


def _slot_asked(holdings: Holdings, code: str, now: datetime) -> Slot:
    if code and holdings.one(Plan, code) is None:
        return slot_of(holdings, code)
    open_now = [each for each in due_in(holdings, now) if each.walked is None and code in {"", each.plan}]
    if not open_now:
        raise CustodyError("round-none-due", plan=code)
    if len({each.plan for each in open_now}) > 1:
        raise CustodyError("round-several-due", rounds=[each.code for each in open_now])
    return slot_of(holdings, open_now[0].code)


def end(office: Office, code: str, signing: Signing, reason: str = "", where: Where = HERE) -> Round:
    """End a round: what was not scanned is a result too, and the root over all results goes into the log.

    Raises CustodyError "round-ends-incomplete", "round-ends-late" or "round-ends-early" where nobody says why.
    """
    named = ""
    with enclose(office, reason=reason) as kept:

        def make(holdings: Projections, session: Session) -> list[Entry]:
            nonlocal named
            hold(session)
            found = the_one_under_way(holdings, code)
            named = found.code
            bodies = bodies_of(session, found.code)
            read = [read_body(each) for each in bodies]
            seen = {each.point for each in read if each.listed}
            missed = tuple(each for each in found.points if each not in seen)
            rest = [Result(found.code, each, UNSCANNED) for each in missed]
            add_results(session, found.code, len(bodies), rest)
            bodies = bodies_of(session, found.code)
            photos = tuple(dict.fromkeys((*kept.names, *(name for each in read for name in each.photos))))
            root = root_of(bodies).hex()
            return [RoundEnded(found.code, len(seen), missed, len(bodies), root, kept.reason, photos)]

        custodial.perform(office, make, signing, lambda _session: kept.keep(office.vault), where)
    return look(office, named)[0]


def the_one_under_way(holdings: Holdings, code: str) -> Round:
    """Return the round named, or the only one under way; CustodyError "round-not-under-way", "round-several-due"."""
    if code:
        return under_way(holdings, code.strip().upper())
    found = holdings.those(Round, state=UNDER_WAY)
    if len(found) > 1:
        raise CustodyError("round-several-due", rounds=[each.code for each in found])
    return found[0] if found else under_way(holdings, "")


def look(office: Office, code: str) -> tuple[Round, list[Result]]:
    """Return a round and its results so far; CustodyError "round-unknown"."""
    with office.database.reading() as session:
        found = Projections(session).one(Round, code.strip().upper())
        if found is None:
            raise CustodyError("round-unknown", round=code)
        return found, [read_body(each) for each in bodies_of(session, found.code)]


def every(office: Office, *, days: int, state: str = "", sort: str = "", plan: str = "") -> list[Round]:
    """Return the rounds of the last `days` days, by when they fell due; only those of a state, a sort or a plan."""
    today = custodial.local_now(office).date()
    with office.database.reading() as session:
        holdings = Projections(session)
        asked = [today - timedelta(days=back) for back in range(days)]
        found = [each for day in asked for each in holdings.those(Round, day=day.isoformat())]
    wanted = {"state": state, "sort": sort, "plan": plan}
    kept = [each for each in found if all(getattr(each, name) == want for name, want in wanted.items() if want)]
    return sorted(kept, key=lambda each: (datetime.fromisoformat(each.due), each.code))


def names_of(office: Office, points: Sequence[str]) -> dict[str, str]:
    """Return how points are called where people see them: the path of a place; a package by its code."""
    told: dict[str, str] = {}
    with office.database.reading() as session:
        for each in points:
            try:
                told[each] = places.find(session, each).path
            except ArchiveError:
                told[each] = each
    return told
