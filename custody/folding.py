"""What an entry changes: from the state before and the entry to the values that are new after it.

The same function folds the whole log in memory and brings the projections in the database forward; it checks nothing
but what later questions need: a giver who was not the custodian, and a code given twice, are remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Protocol

from custody import package, seals
from custody.dossier import MOVES as DOSSIER_MOVES
from custody.entries import Entry, Stamp, entry_of
from custody.entries_package import PACKAGE_KINDS
from custody.entries_register import (
    REGISTER_KINDS,
    DossierAmended,
    DossierFound,
    DossierLent,
    DossierReturned,
    DossiersMoved,
    DossiersRegistered,
    HoldLifted,
    HoldSet,
)
from custody.entries_seals import RollIssued, SealSpoiled
from custody.families import BY_KIND
from custody.holdings import (
    APPLIED,
    AT_STATION,
    FOUND,
    HANDED_OUT,
    IN_PACKAGE,
    IN_TRANSIT,
    LOST,
    MISSING,
    ON_LOAN,
    ON_SHELF,
    OPENED,
    REMOVED,
    SEALED,
    SPOILED,
    TRANSFERRED,
    UNREGISTERED,
    Device,
    Dossier,
    Holdings,
    Package,
    Roll,
    Seal,
    Value,
    altered,
)
from custody.manifest import count_of
from custody.ordinary import Said

_HELD = frozenset({OPENED, IN_TRANSIT})
_NOTHING = Dossier("")
# The names of the facts of each kind that is about a package.
_FACTS: Mapping[str, frozenset[str]] = {
    each.KIND: frozenset(member.name for member in fields(each)) for each in PACKAGE_KINDS
}


def effects(holdings: Holdings, seq: int, entry: Entry, stamp: Stamp) -> list[Value]:
    """Return the values that are new or different after entry `seq`; the last of a key counts."""
    asked = _BY_KIND.get(entry.KIND)
    changed = asked(holdings, seq, entry, stamp) if asked is not None else []
    if stamp.device:
        changed.append(Device(stamp.device, stamp.device_seq + 1, seq))
    return changed


def effects_of_told(holdings: Holdings, seq: int, told: Said) -> list[Value]:
    """Return what `effects` does of an entry as it was read, which has its facts and its stamp's in one value.

    For who folds a whole log: of what is about paper neither an entry nor a stamp is made.
    """
    asked = _OF_PAPER.get(told.KIND)
    if asked is None:
        return effects(holdings, seq, *entry_of(told))
    changed = asked(holdings, seq, told, told)
    if told.device:
        changed.append(Device(told.device, told.device_seq + 1, seq))
    return changed


class _Marked(Protocol):
    """What effects on paper read of a stamp."""

    @property
    def moment(self) -> str: ...
    @property
    def by(self) -> tuple[str, ...]: ...


def _package_effects(holdings: Holdings, seq: int, entry: Any, stamp: _Marked) -> list[Value]:
    known = holdings.package(entry.package)
    if entry.KIND == "package-drafted":
        fresh = Package(entry.package, custodian=entry.receiver, place=entry.place, store=entry.store, entry=seq)
        return [fresh, *_reused(holdings, int(known is not None))]
    before, has = known or Package(entry.package), _FACTS[entry.KIND]
    after = _package_after(before, seq, entry, stamp, has)
    # What does neither more nor less than say where the package is, which is most.
    if after.state == before.state and "applied" not in has:
        return [after]
    applied = entry.applied if "applied" in has else ()
    changed: list[Value] = []
    if applied or after.state == OPENED:
        changed += [Seal(each, _roll_code(holdings, each), REMOVED, after.code, seq) for each in before.seals]
        after = altered(after, seals=applied)
    if applied:
        changed += _use_seals(holdings, seq, applied, APPLIED, after.code)
    if after.state == SEALED and (applied or ("manifest" in has and entry.manifest)):
        dossiers, leaves = count_of(holdings.contents(after.code))
        after = altered(after, manifest=entry.manifest, label=entry.manifest, dossiers=dossiers, leaves=leaves)
    if after.state in {LOST, HANDED_OUT}:
        state = MISSING if after.state == LOST else TRANSFERRED
        inside = holdings.contents(after.code)
        where = after.code if after.state == LOST else after.destination
        changed += [altered(each, state=state, where=where, entry=seq) for each in inside]
    return [after, *changed]


def _package_after(before: Package, seq: int, entry: Any, stamp: _Marked, has: frozenset[str]) -> Package:
    """Return the package after an entry, but for its seals and its frozen contents."""
    move = package.MOVES[entry.KIND]
    state = (move.state_after(entry, before.state) if move.by_fact else move.after) or before.state
    new: dict[str, Any] = {"entry": seq}
    if "giver" in has and entry.giver and entry.giver != before.custodian and before.broken < 0:
        new["broken"] = seq
    if "receiver" in has and entry.receiver:
        new["custodian"] = entry.receiver
    if "place" in has and entry.place:
        new["place"], new["store"] = entry.place, entry.store
    if "label" in has and entry.label:
        new["label"] = entry.label
    if "read" in has and entry.finding:
        new["checked"] = stamp.moment
    if "applied" in has and entry.applied:
        new["sealers"] = stamp.by
    if state != before.state:
        new["state"] = state
        new["deadline"] = entry.deadline if state in _HELD and "deadline" in has else ""
        new["decision"] = entry.decision if "decision" in has else ""
        new["destination"] = entry.destination if "destination" in has else ""
        new["sender"] = entry.giver if state == IN_TRANSIT else ""
    return altered(before, **new)


def _use_seals(holdings: Holdings, seq: int, numbers: tuple[str, ...], state: str, code: str) -> list[Value]:
    """Return seals that are no longer unused, and their rolls with so many unused seals less."""
    used: list[Value] = []
    rolls: dict[str, Roll] = {}
    for number in numbers:
        roll = seals.roll_of(holdings, number)
        if roll is not None:
            roll = rolls.get(roll.code, roll)
            rolls[roll.code] = altered(roll, unused=roll.unused - 1, entry=seq)
        used.append(Seal(number, roll.code if roll else "", state, code, seq))
    again = sum(holdings.seal(number) is not None for number in numbers)
    return [*used, *rolls.values(), *_reused(holdings, again)]


def _reused(holdings: Holdings, count: int) -> list[Value]:
    """Return the totals with so many more codes that were given twice; nothing where there are none."""
    totals = holdings.totals()
    return [altered(totals, reused=totals.reused + count)] if count else []


def _roll_code(holdings: Holdings, number: str) -> str:
    roll = seals.roll_of(holdings, number)
    return roll.code if roll else ""


def _roll_effects(holdings: Holdings, seq: int, entry: Any, _stamp: _Marked) -> list[Value]:
    issued = Roll(entry.roll, entry.prefix, entry.first, entry.size, entry.width, entry.size, seq)
    return [issued, *_reused(holdings, int(holdings.roll(entry.roll) is not None))]


def _spoiled(holdings: Holdings, seq: int, entry: Any, _stamp: _Marked) -> list[Value]:
    return _use_seals(holdings, seq, (entry.number,), SPOILED, "")


def _registered(holdings: Holdings, seq: int, entry: Any, _stamp: _Marked) -> list[Value]:
    known = holdings.dossiers([code for code, _, _ in entry.dossiers])
    more = more_leaves = 0
    changed: list[Value] = []
    for code, leaves, record in entry.dossiers:
        found = known.get(code)
        if found is None or found.state == UNREGISTERED:
            where = found.where if found else ""
            changed.append(altered(_NOTHING, code=code, leaves=leaves, where=where, record=record, entry=seq))
            more, more_leaves = more + 1, more_leaves + leaves
        elif (found.leaves, found.record) != (leaves, record):
            changed.append(altered(found, leaves=leaves, record=record, entry=seq))
            more_leaves += leaves - found.leaves
    totals = holdings.totals()
    return [*changed, altered(totals, dossiers=totals.dossiers + more, leaves=totals.leaves + more_leaves)]


def _dossier_effects(holdings: Holdings, seq: int, entry: Any, _stamp: _Marked) -> list[Value]:
    codes = entry.dossiers if entry.KIND == DossiersMoved.KIND else (entry.dossier,)
    known = holdings.dossiers(codes)
    if entry.KIND == DossierFound.KIND and entry.dossier not in known:
        return [Dossier(entry.dossier, entry.counted, UNREGISTERED, entry.where, entry=seq)]
    befores = [known.get(code) or Dossier(code) for code in codes]
    changed: list[Value] = []
    if entry.KIND == DossiersMoved.KIND:
        as_recorded = entry.counted == sum(each.leaves for each in befores)
        alone = entry.counted if len(befores) == 1 else -1
        return [_moved(each, seq, entry, each.leaves if as_recorded else alone) for each in befores]
    changed += [altered(_dossier_after(each, entry), entry=seq) for each in befores]
    if entry.KIND == DossierAmended.KIND:
        totals = holdings.totals()
        before = known.get(entry.dossier) or Dossier(entry.dossier)
        changed.append(altered(totals, leaves=totals.leaves + entry.leaves - before.leaves))
    return changed


def _moved(before: Dossier, seq: int, entry: Any, counted: int) -> Dossier:
    """Return a dossier after a move; `counted` are its leaves then, -1 where they were counted with others'."""
    state = DOSSIER_MOVES[f"{entry.KIND}/{entry.to}"].after
    new: dict[str, Any] = {"state": state, "where": entry.where, "decision": entry.decision, "entry": seq}
    new["deadline"] = new["permission"] = new["home"] = ""
    if state == AT_STATION:
        new["deadline"] = entry.deadline
        new["home"] = before.where if before.state == IN_PACKAGE else ""
        new["went"], new["came"] = counted, -1
    elif before.state == AT_STATION:
        new["came"] = counted
    return altered(before, **new)


def _dossier_after(before: Dossier, entry: Any) -> Dossier:
    plain = altered(before, deadline="", permission="", decision="", home="")
    if entry.KIND == DossierLent.KIND:
        return altered(plain, state=ON_LOAN, where=entry.receiver, deadline=entry.deadline, permission=entry.permission)
    if entry.KIND == DossierReturned.KIND:
        return altered(plain, state=ON_SHELF, where=entry.where)
    if entry.KIND == DossierFound.KIND:
        return altered(plain, state=FOUND, where=entry.where)
    if entry.KIND == DossierAmended.KIND:
        return altered(before, leaves=entry.leaves)
    if entry.KIND == HoldSet.KIND:
        return altered(before, holds=tuple(sorted({*before.holds, entry.hold})))
    if entry.KIND == HoldLifted.KIND:
        return altered(before, holds=tuple(each for each in before.holds if each != entry.hold))
    return altered(plain, state=MISSING)


# Effects that read what an entry says by its KIND and its facts alone, so that it need not be made a dataclass first.
_OF_PAPER: Mapping[str, Callable[[Holdings, int, Any, _Marked], list[Value]]] = {
    **{each.KIND: _dossier_effects for each in REGISTER_KINDS},
    DossiersRegistered.KIND: _registered,
    RollIssued.KIND: _roll_effects,
    SealSpoiled.KIND: _spoiled,
    **dict.fromkeys(package.MOVES, _package_effects),
}
_BY_KIND: Mapping[str, Callable[[Holdings, int, Any, Stamp], list[Value]]] = {
    **{kind: family.effects for kind, family in BY_KIND.items()},
    **_OF_PAPER,
}
