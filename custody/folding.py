"""What an entry changes: from the state before and the entry to the values that are new after it.

The same function folds the whole log in memory and brings the projections in the database forward; it checks nothing
but what later questions need: a giver who was not the custodian, and a code given twice, are remembered.
"""

from __future__ import annotations

from typing import Any

from custody import package, seals
from custody.dossier import MOVES as DOSSIER_MOVES
from custody.entries import Entry, Stamp
from custody.entries_register import (
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
    REGISTERED,
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
from custody.moments import format_moment


def effects(holdings: Holdings, seq: int, entry: Entry, stamp: Stamp) -> list[Value]:
    """Return the values that are new or different after entry `seq`; the last of a key counts."""
    changed: list[Value] = []
    if entry.KIND in package.MOVES:
        changed = _package_effects(holdings, seq, entry, stamp)
    elif isinstance(entry, DossiersRegistered):
        changed = _registered(holdings, seq, entry)
    elif isinstance(entry, RollIssued):
        changed = [Roll(entry.roll, entry.prefix, entry.first, entry.size, entry.width, entry.size, seq)]
        changed += _reused(holdings, int(holdings.roll(entry.roll) is not None))
    elif isinstance(entry, SealSpoiled):
        changed = _use_seals(holdings, seq, (entry.number,), SPOILED, "")
    elif entry.KIND.partition("-")[0] in {"dossier", "hold"}:
        changed = _dossier_effects(holdings, seq, entry)
    elif (family := BY_KIND.get(entry.KIND)) is not None:
        changed = family.effects(holdings, seq, entry, stamp)
    if stamp.device:
        changed.append(Device(stamp.device, stamp.device_seq + 1, seq))
    return changed


def _package_effects(holdings: Holdings, seq: int, entry: Any, stamp: Stamp) -> list[Value]:
    known = holdings.package(entry.package)
    if entry.KIND == "package-drafted":
        fresh = Package(entry.package, custodian=entry.receiver, place=entry.place, store=entry.store, entry=seq)
        return [fresh, *_reused(holdings, int(known is not None))]
    before = known or Package(entry.package)
    after = _package_after(before, seq, entry, stamp)
    changed: list[Value] = []
    applied = getattr(entry, "applied", ())
    if applied or after.state == OPENED:
        changed += [Seal(each, _roll_code(holdings, each), REMOVED, after.code, seq) for each in before.seals]
        after = altered(after, seals=applied)
    changed += _use_seals(holdings, seq, applied, APPLIED, after.code)
    if after.state == SEALED and (applied or getattr(entry, "manifest", "")):
        dossiers, leaves = count_of(holdings.contents(after.code))
        after = altered(after, manifest=entry.manifest, label=entry.manifest, dossiers=dossiers, leaves=leaves)
    if after.state in {LOST, HANDED_OUT}:
        state = MISSING if after.state == LOST else TRANSFERRED
        inside = holdings.contents(after.code)
        where = after.code if after.state == LOST else after.destination
        changed += [altered(each, state=state, where=where, entry=seq) for each in inside]
    return [after, *changed]


def _package_after(before: Package, seq: int, entry: Any, stamp: Stamp) -> Package:
    """Return the package after an entry, but for its seals and its frozen contents."""
    state = package.MOVES[entry.KIND].state_after(entry, before.state) or before.state
    after = altered(before, state=state, entry=seq)
    giver, receiver = getattr(entry, "giver", ""), getattr(entry, "receiver", "")
    if giver and giver != before.custodian and before.broken < 0:
        after = altered(after, broken=seq)
    if receiver:
        after = altered(after, custodian=receiver)
    if place := getattr(entry, "place", ""):
        after = altered(after, place=place, store=entry.store)
    if label := getattr(entry, "label", ""):
        after = altered(after, label=label)
    if getattr(entry, "finding", "") and hasattr(entry, "read"):
        after = altered(after, checked=format_moment(stamp.at))
    if getattr(entry, "applied", ()):
        after = altered(after, sealers=stamp.by)
    if state != before.state:
        held = state in {OPENED, IN_TRANSIT}
        after = altered(
            after,
            deadline=getattr(entry, "deadline", "") if held else "",
            decision=getattr(entry, "decision", ""),
            destination=getattr(entry, "destination", ""),
            sender=giver if state == IN_TRANSIT else "",
        )
    return after


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


def _registered(holdings: Holdings, seq: int, entry: DossiersRegistered) -> list[Value]:
    known = holdings.dossiers([code for code, _, _ in entry.dossiers])
    totals, changed = holdings.totals(), list[Value]()
    for code, leaves, record in entry.dossiers:
        found = known.get(code)
        if found is None or found.state == UNREGISTERED:
            where = found.where if found else ""
            changed.append(Dossier(code, leaves, REGISTERED, where, record, entry=seq))
            totals = altered(totals, dossiers=totals.dossiers + 1, leaves=totals.leaves + leaves)
        elif (found.leaves, found.record) != (leaves, record):
            changed.append(altered(found, leaves=leaves, record=record, entry=seq))
            totals = altered(totals, leaves=totals.leaves + leaves - found.leaves)
    return [*changed, totals]


def _dossier_effects(holdings: Holdings, seq: int, entry: Any) -> list[Value]:
    codes = entry.dossiers if isinstance(entry, DossiersMoved) else (entry.dossier,)
    known = holdings.dossiers(codes)
    if isinstance(entry, DossierFound) and entry.dossier not in known:
        return [Dossier(entry.dossier, entry.counted, UNREGISTERED, entry.where, entry=seq)]
    befores = [known.get(code) or Dossier(code) for code in codes]
    afters = [altered(_dossier_after(each, entry), entry=seq) for each in befores]
    if isinstance(entry, DossiersMoved):
        afters = [_count(*each, befores, entry.counted) for each in zip(befores, afters, strict=True)]
    changed: list[Value] = list(afters)
    if isinstance(entry, DossierAmended):
        totals = holdings.totals()
        before = known.get(entry.dossier) or Dossier(entry.dossier)
        changed.append(altered(totals, leaves=totals.leaves + entry.leaves - before.leaves))
    return changed


def _count(before: Dossier, after: Dossier, moved: list[Dossier], counted: int) -> Dossier:
    """Note the leaves counted on the way to a station and back: for each of several, where their sum came out."""
    as_recorded = counted == sum(each.leaves for each in moved)
    leaves = before.leaves if as_recorded else counted if len(moved) == 1 else -1
    if after.state == AT_STATION:
        return altered(after, went=leaves, came=-1)
    return altered(after, came=leaves) if before.state == AT_STATION else after


def _dossier_after(before: Dossier, entry: Entry) -> Dossier:
    plain = altered(before, deadline="", permission="", decision="", home="")
    if isinstance(entry, DossiersMoved):
        state = DOSSIER_MOVES[f"{entry.KIND}/{entry.to}"].after
        home = before.where if state == AT_STATION and before.state == IN_PACKAGE else ""
        deadline = entry.deadline if state == AT_STATION else ""
        return altered(plain, state=state, where=entry.where, deadline=deadline, decision=entry.decision, home=home)
    if isinstance(entry, DossierLent):
        return altered(plain, state=ON_LOAN, where=entry.receiver, deadline=entry.deadline, permission=entry.permission)
    if isinstance(entry, DossierReturned):
        return altered(plain, state=ON_SHELF, where=entry.where)
    if isinstance(entry, DossierFound):
        return altered(plain, state=FOUND, where=entry.where)
    if isinstance(entry, DossierAmended):
        return altered(before, leaves=entry.leaves)
    if isinstance(entry, HoldSet):
        return altered(before, holds=tuple(sorted({*before.holds, entry.hold})))
    if isinstance(entry, HoldLifted):
        return altered(before, holds=tuple(each for each in before.holds if each != entry.hold))
    return altered(plain, state=MISSING)
