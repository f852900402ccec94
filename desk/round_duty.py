"""Rounds and the passing of time: seeds announced, misses recorded, what is due or late, and how I13 stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlmodel import Session

from custody import ledger
from custody.due import URGENT, WARNING, Due
from custody.entries import read_body
from custody.entries_rounds import RoundMissed
from custody.errors import CustodyError, Finding
from custody.moments import format_moment, parse_moment
from custody.projections import Projections
from custody.recording import record
from custody.round_plans import in_zone, moment_at, read_zone
from custody.round_results import root_of
from custody.round_rows import Remembering, bodies_of, hold, loaded, settle, settled_until
from custody.rounds import ACTIVE, ENDED, MISSED, NEWEST, UNDER_WAY, Head, Plan, Round, Slot, searching, slots_between
from custody.state import State
from desk import custodial
from desk.custodial import Where
from desk.office import Office
from desk.rounds import announce, due_in
from desk.signers import STATION

# A seed is announced so shortly before midnight that little time is left to know it beforehand.
SEED_AT = time(23, 55)
AT_ONCE = 200
# How often the mark is moved where nothing was missed: looking a little further back costs less than writing.
SETTLE_EVERY = timedelta(minutes=10)
# Between the end of a window and the tick that records the miss.
TICK_SLACK = timedelta(minutes=2)
TOLD_FOR = timedelta(hours=24)


def catch_up(office: Office) -> None:
    """Announce the seed of the next day, and record every round that was missed since, in order, however late."""
    now = custodial.local_now(office)
    with office.database.reading() as session:
        wants_seed = _wants_seed(Projections(session), now)
        missed = _missed(session, now)
        settled = settled_until(session)
    if wants_seed:
        announce(office)
    for start in range(0, len(missed), AT_ONCE):
        with office.database.atomic() as session:
            hold(session)
            for slot in missed[start : start + AT_ONCE]:
                _record_miss(session, slot, now)
    if missed or settled is None or now - settled >= SETTLE_EVERY:
        with office.database.atomic() as session:
            hold(session)
            # Where a plan was made or a round begun meanwhile, it is later than this moment.
            settle(session, now)


def _wants_seed(holdings: Projections, now: datetime) -> bool:
    """Tell whether some plan has no seed that is newer than itself, or none since the last evening."""
    drawing = [each for each in holdings.those(Plan, state=ACTIVE) if each.shape.draws]
    newest = holdings.one(Head, NEWEST)
    for plan in drawing:
        if newest is None or newest.size <= plan.planned:
            return True
        zone = read_zone(plan.zone)
        today = in_zone(now, zone).date()
        evening = moment_at(today, SEED_AT, zone)
        last = evening if evening <= now else moment_at(today - timedelta(days=1), SEED_AT, zone)
        if parse_moment(newest.at) < last:
            return True
    return False


def _missed(session: Session, now: datetime) -> list[Slot]:
    """Return the rounds whose window is over and that nobody began, by when it closed."""
    holdings, settled = Remembering(session), settled_until(session)
    found: list[Slot] = []
    for plan in holdings.every(Plan):
        since = settled if settled is not None else parse_moment(plan.since)
        for slot in slots_between(holdings, plan, since, now):
            if slot.closes <= now and holdings.one(Round, slot.code) is None:
                found.append(slot)
    return sorted(found, key=lambda each: (each.closes, each.code))


def _record_miss(session: Session, slot: Slot, now: datetime) -> None:
    # Another tick, or a guard a second before, may have been quicker.
    if Projections(session).one(Round, slot.code) is not None:
        return
    entry = RoundMissed(slot.code, slot.plan.code, format_moment(slot.due), format_moment(slot.closes), slot.drawn)
    stamp = Where("tick", slot.plan.guarded).stamp(now, (STATION.code,))
    record(session, entry, stamp, (STATION,))


def watches(office: Office) -> Iterator[Due]:
    """Yield rounds that are due, late or under way for too long, and those missed or left short in the last day."""
    now = office.clock.now()
    with office.database.reading() as session:
        holdings = Remembering(session)
        owed = due_in(holdings, now)
        days = {custodial.local_now(office).date() - timedelta(days=back) for back in (0, 1)}
        touched = [each for day in sorted(days) for each in holdings.those(Round, touched=day.isoformat())]
        missed = [(each, _recorded(session, each)) for each in touched if each.state == MISSED]
    left_out = [each for each in touched if each.state == ENDED and each.unscanned]
    for each in owed:
        facts: dict[str, object] = {"plan": each.plan, "post": each.guarded, "sort": each.sort, "due": each.due}
        if each.walked is not None:
            deadline = parse_moment(each.walked.deadline)
            if now > deadline:
                told = {**facts, "by": list(each.walked.by), "deadline": deadline}
                yield Due("round-overdue", each.code, deadline, WARNING, told)
            continue
        half = each.due + (each.closes - each.due) / 2
        code, since = ("round-late", half) if now >= half else ("round-due", each.due)
        yield Due(code, each.code, since, WARNING, {**facts, "closes": each.closes})
    for found, recorded in missed:
        if now - recorded < TOLD_FOR:
            facts = {"plan": found.plan, "post": found.guarded, "sort": found.sort, "due": parse_moment(found.due)}
            yield Due("round-missed", found.code, parse_moment(found.closes), URGENT, {**facts, "recorded": recorded})
    for found in left_out:
        if now - (ended := parse_moment(found.ended)) < TOLD_FOR:
            told = {"plan": found.plan, "post": found.guarded, "by": list(found.by), "points": list(found.unscanned)}
            yield Due("round-incomplete", found.code, ended, WARNING, {**told, "count": len(found.unscanned)})


def _recorded(session: Session, found: Round) -> datetime:
    return read_body(ledger.entry(session, found.missed_at).body)[1].at


def judges(office: Office) -> Mapping[int, Sequence[Finding]]:
    """Return what breaks I13; nothing is answered for while there was never a plan."""
    now = office.clock.now()
    with office.database.reading() as session:
        state = loaded(session)
        if not any(True for _ in state.every(Plan)):
            return {}
        findings = [
            *_unaccounted(state, now),
            *_overdue(state, now),
            *_results(session, state),
            *_seeds(session, state),
        ]
    return {13: findings}


def _unaccounted(state: State, now: datetime) -> Iterator[Finding]:
    """Every round that a plan owes was begun, or its miss is recorded."""
    before = searching(each for each in state.every(Head) if isinstance(each, Head))
    for plan in state.every(Plan):
        assert isinstance(plan, Plan)
        for slot in slots_between(state, plan, parse_moment(plan.since), now, before):
            if slot.closes + TICK_SLACK <= now and state.one(Round, slot.code) is None:
                facts = {"round": slot.code, "plan": plan.code, "due": slot.due, "closed": slot.closes}
                yield Finding("round-unaccounted", plan.planned, facts=facts)


def _overdue(state: State, now: datetime) -> Iterator[Finding]:
    """No round is under way for longer than it may take."""
    for each in state.those(Round, state=UNDER_WAY):
        if now > parse_moment(each.deadline):
            facts = {"round": each.code, "deadline": parse_moment(each.deadline), "by": list(each.by)}
            yield Finding("round-not-ended", each.entry, facts=facts)


def _results(session: Session, state: State) -> Iterator[Finding]:
    """The results of each round that ended are those its entry was made over, whoever edits them later."""
    for each in state.those(Round, state=ENDED):
        bodies = bodies_of(session, each.code)
        if len(bodies) != each.results or root_of(bodies).hex() != each.root:
            facts = {"round": each.code, "results": len(bodies), "expected": each.results}
            yield Finding("round-results-differ", each.entry, facts=facts)


def _seeds(session: Session, state: State) -> Iterator[Finding]:
    """Every head that lots are drawn from is one the log really had."""
    size = ledger.size(session)
    for head in state.every(Head):
        assert isinstance(head, Head)
        if head.key == NEWEST:
            continue
        try:
            same = head.size <= size and ledger.root(session, head.size).hex() == head.root
        except CustodyError:
            # A damaged tree is a finding of I14.
            continue
        if not same:
            yield Finding("round-seed-not-of-log", head.entry, facts={"size": head.size})
