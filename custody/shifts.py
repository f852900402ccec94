"""Guard shifts as entries leave them: who is to be at a post, who is, and how each hand-over stands.

The checks raise CustodyError before an entry is written; the post stands in the stamp.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from custody.cover import DAY, moment_at, second_of
from custody.entries import Stamp
from custody.entries_shifts import HandedOver, ReliefCounted, ShiftLeft, ShiftPlanned, ShiftStarted
from custody.errors import CustodyError
from custody.holdings import LIVE, MISSING, Holdings, Package, Value
from custody.incidents import OPEN, Incident
from custody.moments import parse_moment
from custody.moves import GUARD, LEADER, Move, Signature, by
from custody.needs import FINDINGS
from custody.relief import digest_of, expected_of
from custody.rules import Signer, check_signers

COUNTED, CLOSED, REFUSED, VOID = "counted", "closed", "refused", "void"
LONGEST_PLAN, MOST_TURNS = 400 * DAY, 6000


class Planned(Value, frozen=True, gc=False):
    """A guard is to be at a post in [start, until), seconds since 1970; `period` is post and month, "P01|2026-01"."""

    key: str
    period: str
    post: str
    guard: str
    shift: str
    start: int
    until: int
    void: bool = False
    entry: int = -1


class OnDuty(Value, frozen=True, gc=False):
    """A guard was at a post in [start, until); `until` is -1, `at_post` and `is_guard` are filled, while there."""

    key: str
    post: str
    guard: str
    start: int
    until: int = -1
    at_post: str = ""
    is_guard: str = ""
    instead: str = ""
    ending: str = ""
    entry: int = -1


class Relief(Value, frozen=True, gc=False):
    """One hand-over: what was expected and counted, and how it ended; `open_at` is the post while it is open."""

    code: str
    post: str
    giver: str
    receiver: str
    state: str
    areas: tuple[str, ...]
    counted_at: int
    expected: int
    digest: str
    present: tuple[str, ...]
    differences: tuple[tuple[str, str], ...]
    incidents: tuple[str, ...] = ()
    closed_at: int = -1
    open_at: str = ""
    entry: int = -1


def on_duty(holdings: Holdings, post: str) -> list[OnDuty]:
    """Return who is at a post now."""
    return holdings.those(OnDuty, at_post=post)


def duty_of(holdings: Holdings, guard: str) -> OnDuty | None:
    """Return where a guard is on duty now."""
    return next(iter(holdings.those(OnDuty, is_guard=guard)), None)


def held_by(holdings: Holdings, guard: str) -> list[Package]:
    """Return the live packages a guard answers for."""
    return [each for each in holdings.those(Package, custodian=guard) if each.state in LIVE]


def owed_by(holdings: Holdings, guard: str) -> list[Package]:
    """Return the packages a guard must hand over before leaving; a missing one cannot be, and has its own alarm."""
    return [each for each in held_by(holdings, guard) if each.state != MISSING]


def months(start: int, end: int) -> Iterator[str]:
    """Yield the months of UTC, "2026-01", that [start, end) touches."""
    last = ""
    for at in (*range(start, end, DAY), end - 1):
        month = moment_at(at).strftime("%Y-%m")
        if month != last:
            yield month
        last = month


def planned_for(holdings: Holdings, post: str, start: int, end: int) -> dict[str, Planned]:
    """Return the turns of a post that begin in [start, end), the void ones among them, by key."""
    periods = [f"{post}|{month}" for month in months(start, end)] if start < end else []
    found = [each for period in periods for each in holdings.those(Planned, period=period)]
    return {each.key: each for each in found if start <= each.start < end}


def turns_of(entry: ShiftPlanned, post: str, seq: int = -1) -> dict[str, Planned]:
    """Return the turns of an entry, by key."""
    made = {}
    for guard, start, until, shift in entry.turns:
        begin, end = (second_of(parse_moment(each)) for each in (start, until))
        key = f"{post}|{guard}|{begin}"
        made[key] = Planned(key, f"{post}|{moment_at(begin):%Y-%m}", post, guard, shift, begin, end, False, seq)
    return made


def check_shift(holdings: Holdings, entry: object, stamp: Stamp, signers: Sequence[Signer]) -> None:
    """Refuse an entry about shifts that may not be made now."""
    if not stamp.post:
        raise CustodyError("post-absent")
    if isinstance(entry, ShiftPlanned):
        _sign(entry, stamp, signers, by(LEADER))
        _check_plan(entry, stamp)
    elif isinstance(entry, ShiftStarted):
        _check_start(holdings, entry, stamp, signers)
    elif isinstance(entry, ShiftLeft):
        _sign(entry, stamp, signers, by(party="guard") if entry.guard in stamp.by else by(LEADER))
        _check_leave(holdings, entry, stamp)
    elif isinstance(entry, ReliefCounted):
        _sign(entry, stamp, signers, by(GUARD, party="guard"))
        _check_count(holdings, entry, stamp)
    elif isinstance(entry, HandedOver):
        giver = by(LEADER, party="stead") if entry.stead else by(party="giver")
        _sign(entry, stamp, signers, giver, by(GUARD, party="receiver"))
        _check_hand_over(holdings, entry, stamp)


def _sign(
    entry: ShiftPlanned | ShiftStarted | ShiftLeft | ReliefCounted | HandedOver,
    stamp: Stamp,
    signers: Sequence[Signer],
    *wanted: Signature,
) -> None:
    check_signers(Move(entry.KIND, frozenset(), "", wanted), entry, stamp, signers)


def _check_plan(entry: ShiftPlanned, stamp: Stamp) -> None:
    start, end, now = (second_of(each) for each in (parse_moment(entry.start), parse_moment(entry.end), stamp.at))
    if not start < end or end - start > LONGEST_PLAN or len(entry.turns) > MOST_TURNS:
        raise CustodyError("plan-too-long", start=entry.start, end=entry.end, turns=len(entry.turns))
    turns = turns_of(entry, stamp.post)
    if len(turns) < len(entry.turns):
        raise CustodyError("turn-doubled", post=stamp.post)
    for turn in turns.values():
        if not turn.guard or not turn.start < turn.until or not start <= turn.start < end:
            raise CustodyError("turn-wrong", post=stamp.post, guard=turn.guard, moment=moment_at(turn.start))
        if turn.start < now:
            # What has begun is judged by the plan it began under, or an absence could be planned away.
            raise CustodyError("plan-in-the-past", post=stamp.post, moment=moment_at(turn.start))


def _check_start(holdings: Holdings, entry: ShiftStarted, stamp: Stamp, signers: Sequence[Signer]) -> None:
    sent = (by(GUARD, party="guard"), by(LEADER)) if entry.instead else (by(GUARD, party="guard"),)
    _sign(entry, stamp, signers, *sent)
    if entry.instead and not entry.reason:
        raise CustodyError("reason-absent", about=entry.instead)
    if entry.instead == entry.guard:
        raise CustodyError("replaced-by-oneself", guard=entry.guard)
    _check_free(holdings, entry.guard)


def _check_free(holdings: Holdings, guard: str, post: str = "") -> None:
    found = duty_of(holdings, guard)
    if found is not None and found.post != post:
        raise CustodyError("guard-on-duty", guard=guard, post=found.post, moment=moment_at(found.start))


def _check_leave(holdings: Holdings, entry: ShiftLeft, stamp: Stamp) -> None:
    found = duty_of(holdings, entry.guard)
    if found is None or found.post != stamp.post:
        raise CustodyError("guard-not-on-duty", guard=entry.guard, post=stamp.post)
    if entry.relieved and (held := owed_by(holdings, entry.guard)):
        raise CustodyError("packages-not-handed-over", guard=entry.guard, count=len(held), package=held[0].code)


def _check_count(holdings: Holdings, entry: ReliefCounted, stamp: Stamp) -> None:
    known = holdings.one(Relief, entry.relief)
    same = known is not None and (known.post, known.giver, known.receiver) == (stamp.post, entry.giver, entry.guard)
    if not entry.relief or (known is not None and not (same and known.state == COUNTED)):
        raise CustodyError("relief-ended", relief=entry.relief)
    if entry.giver == entry.guard:
        raise CustodyError("relief-of-oneself", guard=entry.guard)
    found = duty_of(holdings, entry.giver)
    if (found is None or found.post != stamp.post) and not held_by(holdings, entry.giver):
        raise CustodyError("guard-not-on-duty", guard=entry.giver, post=stamp.post)
    _check_free(holdings, entry.guard, stamp.post)
    if entry.refused and not entry.incident:
        raise CustodyError("incident-absent", about=entry.relief)
    if entry.refused:
        _check_incident(holdings, entry.incident)
    codes = [code for code, _, _ in entry.counted]
    if len(set(codes)) < len(codes) or not all(codes):
        raise CustodyError("counted-doubled", packages=sorted({each for each in codes if codes.count(each) > 1}))
    for code, _, finding in entry.counted:
        if finding not in FINDINGS:
            raise CustodyError("finding-unknown", package=code, finding=finding)


def _check_hand_over(holdings: Holdings, entry: HandedOver, stamp: Stamp) -> None:
    relief = holdings.one(Relief, entry.relief)
    if relief is None or relief.state != COUNTED or relief.post != stamp.post:
        raise CustodyError("relief-not-counted" if relief is None else "relief-ended", relief=entry.relief)
    if (relief.giver, relief.receiver) != (entry.giver, entry.receiver):
        raise CustodyError("relief-of-others", relief=entry.relief, giver=relief.giver, receiver=relief.receiver)
    _check_free(holdings, entry.receiver, stamp.post)
    if digest_of(expected_of(holdings, relief.giver, relief.areas)) != relief.digest:
        raise CustodyError("relief-outdated", relief=entry.relief)
    if (entry.expected, entry.counted) != (relief.expected, len(relief.present)):
        raise CustodyError("relief-not-as-counted", relief=entry.relief)
    if tuple((code, what) for code, what, _ in entry.differences) != relief.differences:
        raise CustodyError("relief-not-as-counted", relief=entry.relief)
    for code, what, incident in entry.differences:
        if not incident:
            raise CustodyError("difference-without-incident", package=code, difference=what, relief=entry.relief)
        _check_incident(holdings, incident)


def _check_incident(holdings: Holdings, number: str) -> None:
    found = holdings.one(Incident, number)
    if found is None:
        raise CustodyError("incident-unknown", incident=number)
    if found.state != OPEN:
        raise CustodyError("incident-closed-already", incident=number, closed_at=found.closed_at)
