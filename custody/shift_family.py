"""What entries about shifts change, and the family they are for `custody.families`."""

from __future__ import annotations

from custody.cover import second_of
from custody.entries import Stamp
from custody.entries_shifts import SHIFT_KINDS, HandedOver, ReliefCounted, ShiftLeft, ShiftPlanned, ShiftStarted
from custody.holdings import Holdings, Package, Value, altered
from custody.moments import parse_moment
from custody.relief import reconcile
from custody.shifts import (
    CLOSED,
    COUNTED,
    REFUSED,
    VOID,
    OnDuty,
    Planned,
    Relief,
    check_shift,
    duty_of,
    planned_for,
    turns_of,
)

ASKED = {
    Planned: ("period",),
    OnDuty: ("at_post", "is_guard"),
    Relief: ("open_at",),
    Package: ("custodian", "store"),
}
HANDED_OVER, RELIEVED, LEFT, REPLACED = "handed-over", "relieved", "left", "replaced"


def shift_effects(holdings: Holdings, seq: int, entry: object, stamp: Stamp) -> list[Value]:
    """Return the values that are new or different after an entry about shifts."""
    now = second_of(stamp.at)
    if isinstance(entry, ShiftPlanned):
        return _planned(holdings, seq, entry, stamp)
    if isinstance(entry, ShiftStarted):
        return [*_end(holdings, seq, entry.instead, stamp.post, now, REPLACED), _begin(seq, entry.guard, stamp, entry)]
    if isinstance(entry, ShiftLeft):
        return _end(holdings, seq, entry.guard, stamp.post, now, RELIEVED if entry.relieved else LEFT)
    if isinstance(entry, ReliefCounted):
        return _counted(holdings, seq, entry, stamp)
    return _handed_over(holdings, seq, entry, stamp) if isinstance(entry, HandedOver) else []


def _planned(holdings: Holdings, seq: int, entry: ShiftPlanned, stamp: Stamp) -> list[Value]:
    start = max(second_of(parse_moment(entry.start)), second_of(stamp.at))
    known = planned_for(holdings, stamp.post, start, second_of(parse_moment(entry.end)))
    fresh = turns_of(entry, stamp.post, seq)
    changed: list[Value] = [
        altered(each, void=True, entry=seq) for key, each in known.items() if key not in fresh and not each.void
    ]
    for key, turn in fresh.items():
        if (old := known.get(key)) is None or altered(old, entry=seq) != turn:
            changed.append(turn)
    return changed


def _begin(seq: int, guard: str, stamp: Stamp, entry: ShiftStarted | None = None) -> OnDuty:
    key = f"{stamp.post}|{guard}|{seq}"
    instead = entry.instead if entry else ""
    return OnDuty(key, stamp.post, guard, second_of(stamp.at), -1, stamp.post, guard, instead, "", seq)


def _end(holdings: Holdings, seq: int, guard: str, post: str, now: int, ending: str) -> list[Value]:
    found = duty_of(holdings, guard) if guard else None
    if found is None or found.post != post:
        return []
    return [altered(found, until=max(now, found.start), at_post="", is_guard="", ending=ending, entry=seq)]


def _counted(holdings: Holdings, seq: int, entry: ReliefCounted, stamp: Stamp) -> list[Value]:
    outcome = reconcile(holdings, entry.giver, entry.areas, entry.counted)
    relief = Relief(
        entry.relief,
        stamp.post,
        entry.giver,
        entry.guard,
        REFUSED if entry.refused else COUNTED,
        entry.areas,
        second_of(stamp.at),
        outcome.expected,
        outcome.digest,
        outcome.present,
        () if entry.refused else outcome.differences,
        (entry.incident,) if entry.refused else (),
        open_at="" if entry.refused else stamp.post,
        entry=seq,
    )
    # A giver has one hand-over at a time: a new count is in the place of one that was never signed.
    earlier = [
        altered(each, state=VOID, open_at="", entry=seq)
        for each in holdings.those(Relief, open_at=stamp.post)
        if each.giver == entry.giver and each.code != entry.relief
    ]
    return [*earlier, relief]


def _handed_over(holdings: Holdings, seq: int, entry: HandedOver, stamp: Stamp) -> list[Value]:
    now, changed = second_of(stamp.at), list[Value]()
    relief = holdings.one(Relief, entry.relief)
    if relief is not None:
        incidents = tuple(incident for _, _, incident in entry.differences)
        changed.append(altered(relief, state=CLOSED, incidents=incidents, closed_at=now, open_at="", entry=seq))
        present = set(relief.present)
        changed += [
            altered(each, custodian=entry.receiver, entry=seq)
            for each in holdings.those(Package, custodian=entry.giver)
            if each.code in present
        ]
    changed += _end(holdings, seq, entry.giver, stamp.post, now, HANDED_OVER)
    if duty_of(holdings, entry.receiver) is None:
        changed.append(_begin(seq, entry.receiver, stamp))
    return changed


KINDS = SHIFT_KINDS
CHECK = check_shift
