"""The moves of rounds: what each of their entries needs, and what it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from custody.entries import Entry, Stamp
from custody.entries_duty import LogCheckpointed
from custody.entries_rounds import (
    PointScanned,
    RoundEnded,
    RoundMissed,
    RoundPlanned,
    RoundPlanStopped,
    RoundStarted,
)
from custody.errors import CustodyError
from custody.holdings import Holdings, Value, altered
from custody.moments import format_moment, parse_moment
from custody.moves import ARCHIVIST, CLERK, GUARD, LEADER, STATION, Move, by
from custody.needs import FINDINGS
from custody.round_plans import ROUND, SPOT, Shape, check_shape, fixed_points
from custody.rounds import ACTIVE, ENDED, MISSED, NEWEST, STOPPED, UNDER_WAY, Head, Plan, Round, slot_of
from custody.rules import Signer, check_signers

KINDS = (LogCheckpointed, RoundPlanned, RoundPlanStopped, RoundStarted, PointScanned, RoundEnded, RoundMissed)
# Members by which many are looked up.
ASKED: Mapping[type, tuple[str, ...]] = {Plan: ("state",), Round: ("state", "day", "touched"), Head: ()}
_WALKERS = by(GUARD, ARCHIVIST, CLERK, LEADER)
_SIGNED: Mapping[str, Move] = {
    kind: Move(kind, frozenset(), "", (signature,))
    for kind, signature in {
        LogCheckpointed.KIND: by(STATION),
        RoundPlanned.KIND: by(LEADER, ARCHIVIST),
        RoundPlanStopped.KIND: by(LEADER, ARCHIVIST),
        RoundStarted.KIND: _WALKERS,
        PointScanned.KIND: _WALKERS,
        RoundEnded.KIND: _WALKERS,
        RoundMissed.KIND: by(STATION),
    }.items()
}


def check(holdings: Holdings, entry: Entry, stamp: Stamp, signers: Sequence[Signer]) -> None:
    """Refuse an entry about rounds that may not be made now."""
    check_signers(_SIGNED[entry.KIND], entry, stamp, signers)
    _CHECKS[entry.KIND](holdings, entry, stamp)


def _check_head(_holdings: Holdings, entry: LogCheckpointed, _stamp: Stamp) -> None:
    if entry.size < 0 or len(entry.root) != 64:
        raise CustodyError("checkpoint-broken", why="root")


def _check_plan(holdings: Holdings, entry: RoundPlanned, _stamp: Stamp) -> None:
    shape = Shape(entry.plan, entry.targets, entry.times, entry.days, entry.minutes, entry.grace, entry.zone)
    check_shape(shape, entry.least)
    if entry.sort not in {ROUND, SPOT}:
        raise CustodyError("round-sort-unknown", value=entry.sort)
    if not entry.guarded:
        raise CustodyError("round-post-absent", plan=entry.plan)
    if holdings.one(Plan, entry.plan) is not None:
        raise CustodyError("round-plan-code-used", plan=entry.plan)


def _check_stop(holdings: Holdings, entry: RoundPlanStopped, _stamp: Stamp) -> None:
    plan = holdings.one(Plan, entry.plan)
    if plan is None or plan.state != ACTIVE:
        raise CustodyError("round-plan-unknown" if plan is None else "round-plan-stopped-already", plan=entry.plan)
    if not entry.reason:
        raise CustodyError("reason-absent", about=entry.plan)


def _check_start(holdings: Holdings, entry: RoundStarted, stamp: Stamp) -> None:
    slot, known = slot_of(holdings, entry.round), holdings.one(Round, entry.round)
    begun = stamp.device_at if stamp.device and stamp.device_at is not None else stamp.at
    if known is not None and known.state != MISSED:
        raise CustodyError("round-begun-already", round=entry.round, state=known.state)
    if begun < slot.due:
        raise CustodyError("round-not-due-yet", round=entry.round)
    if begun >= slot.closes:
        raise CustodyError("round-window-over", round=entry.round, closed=format_moment(slot.closes))
    facts = (slot.plan.code, format_moment(slot.due), slot.drawn, deadline_of(slot.plan, begun))
    if (entry.plan, entry.due, entry.drawn, entry.deadline) != facts or stamp.at < begun:
        raise CustodyError("round-not-as-planned", round=entry.round)
    if len(set(entry.points)) < len(entry.points) or not fixed_points(slot.plan.shape) <= set(entry.points):
        raise CustodyError("round-not-as-planned", round=entry.round)


def deadline_of(plan: Plan, begun: datetime) -> str:
    """Return by when a round that begins now must be over."""
    return format_moment(begun + timedelta(minutes=plan.minutes))


def under_way(holdings: Holdings, code: str) -> Round:
    """Return a round that is being walked; raises CustodyError "round-not-under-way"."""
    found = holdings.one(Round, code)
    if found is None or found.state != UNDER_WAY:
        raise CustodyError("round-not-under-way", round=code or None, state=found.state if found else "")
    return found


def _check_scan(holdings: Holdings, entry: PointScanned, _stamp: Stamp) -> None:
    under_way(holdings, entry.round)
    if entry.finding not in FINDINGS - {"intact"}:
        raise CustodyError("finding-unknown", package=entry.point, finding=entry.finding)


def _check_end(holdings: Holdings, entry: RoundEnded, stamp: Stamp) -> None:
    found = under_way(holdings, entry.round)
    missed = set(entry.missed)
    sound = len(missed) == len(entry.missed) and missed <= set(found.points)
    if not sound or entry.scanned + len(missed) != len(found.points) or entry.results < len(found.points):
        raise CustodyError("round-does-not-add-up", round=entry.round)
    if len(entry.root) != 64 or set(entry.root) - set("0123456789abcdef"):
        raise CustodyError("checkpoint-broken", why="root")
    why = why_explained(holdings, found, entry.missed, stamp)
    if why and not entry.reason:
        raise CustodyError(f"round-ends-{why}", round=entry.round, count=len(missed), deadline=found.deadline)


def why_explained(holdings: Holdings, found: Round, missed: Sequence[str], stamp: Stamp) -> str:
    """Return why ending a round now needs a reason: "incomplete", "late", "early", or "" where it needs none."""
    ended = stamp.device_at if stamp.device and stamp.device_at is not None else stamp.at
    plan = holdings.one(Plan, found.plan)
    if missed:
        return "incomplete"
    if ended > parse_moment(found.deadline):
        return "late"
    least = timedelta(minutes=plan.least if plan else 0)
    return "early" if ended < parse_moment(found.started) + least else ""


def _check_miss(holdings: Holdings, entry: RoundMissed, stamp: Stamp) -> None:
    slot = slot_of(holdings, entry.round)
    if (known := holdings.one(Round, entry.round)) is not None:
        raise CustodyError("round-begun-already", round=entry.round, state=known.state)
    if stamp.at < slot.closes:
        raise CustodyError("round-not-due-yet", round=entry.round)
    facts = (slot.plan.code, format_moment(slot.due), format_moment(slot.closes), slot.drawn)
    if (entry.plan, entry.due, entry.closed, entry.drawn) != facts:
        raise CustodyError("round-not-as-planned", round=entry.round)


_CHECKS: Mapping[str, Callable[[Holdings, Any, Stamp], None]] = {
    LogCheckpointed.KIND: _check_head,
    RoundPlanned.KIND: _check_plan,
    RoundPlanStopped.KIND: _check_stop,
    RoundStarted.KIND: _check_start,
    PointScanned.KIND: _check_scan,
    RoundEnded.KIND: _check_end,
    RoundMissed.KIND: _check_miss,
}


def effects(holdings: Holdings, seq: int, entry: Entry, stamp: Stamp) -> list[Value]:
    """Return what is new after an entry about rounds."""
    at = stamp.moment
    if isinstance(entry, LogCheckpointed):
        return _announced(holdings, seq, entry, at)
    if isinstance(entry, RoundPlanned):
        facts = {name: getattr(entry, name) for name in _PLANNED}
        return [Plan(entry.plan, **facts, state=ACTIVE, since=at, until="", planned=seq, entry=seq)]
    if isinstance(entry, RoundPlanStopped):
        plan = holdings.one(Plan, entry.plan)
        return [altered(plan, state=STOPPED, until=at, entry=seq)] if plan else []
    known = holdings.one(Round, getattr(entry, "round"))  # noqa: B009  # every other kind of this table has it
    if isinstance(entry, RoundStarted | RoundMissed):
        return _begun(holdings, seq, entry, stamp, known)
    if known is None:
        return []
    if isinstance(entry, RoundEnded):
        ended = format_moment(stamp.device_at if stamp.device and stamp.device_at else stamp.at)
        known = altered(known, state=ENDED, ended=ended, scanned=entry.scanned, unscanned=entry.missed)
        known = altered(known, results=entry.results, root=entry.root, reason=entry.reason)
    return [altered(known, touched=at[:10], entry=seq)]


_PLANNED = ("sort", "guarded", "targets", "times", "days", "minutes", "grace", "least", "zone")


def _announced(holdings: Holdings, seq: int, entry: LogCheckpointed, at: str) -> list[Value]:
    last = holdings.one(Head, NEWEST)
    if last is not None and parse_moment(last.at) > parse_moment(at):
        at = last.at
    # One that was announced before keeps the moment it had: nothing new is known by saying it again.
    if holdings.one(Head, str(entry.size)) is not None:
        return []
    before = str(last.size) if last is not None else ""
    head = Head(str(entry.size), at, entry.size, entry.root, before, seq)
    return [head, altered(head, key=NEWEST)]


def _begun(
    holdings: Holdings, seq: int, entry: RoundStarted | RoundMissed, stamp: Stamp, known: Round | None
) -> list[Value]:
    plan = holdings.one(Plan, entry.plan)
    if plan is None:
        return []
    day = entry.round.rpartition("-")[0][-8:]
    due, at = parse_moment(entry.due), stamp.moment
    fresh = Round(
        entry.round,
        plan.code,
        plan.sort,
        plan.guarded,
        f"{day[:4]}-{day[4:6]}-{day[6:]}",
        at[:10],
        MISSED,
        entry.due,
        format_moment(due + timedelta(minutes=plan.grace)),
        "",
        (),
        entry.drawn,
        missed_at=known.missed_at if known else -1,
        entry=seq,
    )
    if isinstance(entry, RoundMissed):
        return [altered(fresh, missed_at=seq)]
    began = format_moment(stamp.device_at if stamp.device and stamp.device_at else stamp.at)
    walked = altered(fresh, state=UNDER_WAY, deadline=entry.deadline, points=entry.points, by=stamp.by)
    return [altered(walked, started=began, begun_at=seq, off_duty=entry.off_duty)]
