"""For any state of a package or dossier: an entry that is allowed now, with people who may sign it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from custody import entries_package as package
from custody import entries_register as register
from custody.entries import Entry
from custody.holdings import DRAFT, IN_PACKAGE, IN_TRANSIT, MISSING, OPENED, PACKED, SEALED, SUSPECT, Dossier, Package
from custody.manifest import count_of, digest_of
from custody.moments import format_moment
from custody.rules import Signer
from custody.seals import number_of
from custody.state import State
from tests.custody.office_day import BINH, CHU, LAN, MINH, STAFF, TUAN

Fit = tuple[Entry, tuple[Signer, ...]]


def fresh_seal(state: State) -> str:
    """Return the first unused seal number of any roll, "" where all are used."""
    for roll in sorted(state.all_rolls(), key=lambda each: each.code):
        for index in range(roll.size):
            if state.seal(number := number_of(roll, index)) is None:
                return number
    return ""


def fit_package(state: State, box: Package, kind: str, now: datetime) -> Fit | None:
    """Return an allowed entry of that kind about a package, None where its state or its contents do not allow it."""
    make = _PACKAGE.get((box.state, kind))
    return make(state, box, format_moment(now + timedelta(hours=8))) if make else None


def _pack(state: State, box: Package, _until: str) -> Fit | None:
    count = count_of(state.contents(box.code))
    return (package.PackagePacked(box.code, count, count), (LAN, MINH)) if count[0] else None


def _seal(state: State, box: Package, _until: str) -> Fit | None:
    if not (number := fresh_seal(state)):
        return None
    digest = digest_of(box.code, state.contents(box.code))
    return package.PackageSealed(box.code, box.custodian, "TUAN", (number,), "G1", "K1", digest), (TUAN, LAN)


def _reseal(state: State, box: Package, _until: str) -> Fit | None:
    contents = state.contents(box.code)
    if not contents or not (number := fresh_seal(state)):
        return None
    count, digest = count_of(contents), digest_of(box.code, contents)
    entry = package.PackageResealed(box.code, box.custodian, "MINH", (number,), "G2", "K1", digest, count, count)
    return entry, (TUAN, MINH)


def _clear(state: State, box: Package, until: str) -> Fit | None:
    contents, number = state.contents(box.code), fresh_seal(state)
    count, team = count_of(contents), (TUAN, LAN, BINH)
    if not contents or not number:
        opened = package.PackageCleared(
            box.code, box.custodian, "TUAN", OPENED, count, count, decision="7/QĐ", deadline=until
        )
        return opened, team
    digest = digest_of(box.code, contents)
    return (
        package.PackageCleared(box.code, box.custodian, "TUAN", SEALED, count, count, (number,), digest, "G1", "K1"),
        team,
    )


def _found(state: State, box: Package, _until: str) -> Fit:
    whole = bool(box.seals) and box.manifest == digest_of(box.code, state.contents(box.code))
    outcome, finding = (SEALED, "intact") if whole else (SUSPECT, "broken")
    return (
        package.PackageFound(box.code, box.custodian, "BINH", outcome, "G3", "K1", finding, box.seals),
        (BINH, TUAN),
    )


def _empty(state: State, box: Package, _until: str) -> Fit | None:
    return None if state.contents(box.code) else (package.PackageEmptied(box.code, "shelved"), (TUAN, CHU))


def _void(state: State, box: Package, _until: str) -> Fit | None:
    return None if state.contents(box.code) else (package.PackageVoided(box.code, "mistyped"), (LAN,))


def _custodian(box: Package) -> Signer:
    return STAFF[box.custodian]


def _other(box: Package) -> Signer:
    return BINH if box.custodian != "BINH" else MINH


def _send(_state: State, box: Package, until: str) -> Fit:
    to = _other(box)
    entry = package.PackageDispatched(box.code, box.custodian, to.code, "K2", until, "intact", box.seals)
    return entry, (_custodian(box), to)


def _place(_state: State, box: Package, _until: str) -> Fit:
    to = _other(box)
    entry = package.PackagePlaced(box.code, box.custodian, to.code, "G8", "K3", "intact", box.seals)
    return entry, (to, _custodian(box))


def _open(_state: State, box: Package, until: str) -> Fit:
    entry = package.PackageOpened(box.code, box.custodian, "TUAN", "12/QĐ", "scan", "intact", box.seals, until)
    return entry, (CHU, TUAN, BINH)


def _receive(_state: State, box: Package, _until: str) -> Fit:
    to = STAFF["THU"]
    return package.PackageReceived(box.code, box.custodian, "THU", "G4", "K2", "intact", box.seals), (to,)


def _refuse(_state: State, box: Package, _until: str) -> Fit:
    back = STAFF[box.sender]
    entry = package.PackageRefused(box.code, box.custodian, box.sender, "no-room", "intact", box.seals)
    return entry, (back,)


def _hand_out(_state: State, box: Package, _until: str) -> Fit:
    to = _other(box)
    entry = package.PackageHandedOut(box.code, box.custodian, to.code, "city", "intact", box.seals)
    return entry, (_custodian(box), to)


_PACKAGE: dict[tuple[str, str], Callable[[State, Package, str], Fit | None]] = {
    (DRAFT, "package-packed"): _pack,
    (DRAFT, "package-voided"): _void,
    (PACKED, "package-sealed"): _seal,
    (SEALED, "package-placed"): _place,
    (SEALED, "package-checked"): lambda _s, box, _u: (package.PackageChecked(box.code, "intact", box.seals), (BINH,)),
    (SEALED, "package-relabelled"): lambda _s, box, _u: (
        package.PackageRelabelled(box.code, box.manifest, "wet"),
        (LAN,),
    ),
    (SEALED, "package-dispatched"): _send,
    (SEALED, "package-opened"): _open,
    (SEALED, "package-handed-out"): _hand_out,
    (IN_TRANSIT, "package-received"): _receive,
    (IN_TRANSIT, "package-refused"): _refuse,
    (OPENED, "package-resealed"): _reseal,
    (OPENED, "package-emptied"): _empty,
    (SUSPECT, "package-cleared"): _clear,
    (MISSING, "package-found"): _found,
    (MISSING, "package-lost"): lambda _s, box, _u: (package.PackageLost(box.code, "3/HĐ"), (CHU,)),
    **{
        (state, "package-suspected"): lambda _s, box, _u: (package.PackageSuspected(box.code, "wet", "SV1"), (BINH,))
        for state in (DRAFT, PACKED, SEALED, IN_TRANSIT, OPENED)
    },
    **{
        (state, "package-missed"): lambda _s, box, _u: (package.PackageMissed(box.code, "SV2"), (BINH,))
        for state in (DRAFT, PACKED, SEALED, IN_TRANSIT, OPENED, SUSPECT)
    },
}


def fit_dossier(state: State, paper: Dossier, to: str, box: str, now: datetime) -> Fit | None:
    """Return an allowed entry that takes a dossier somewhere, None where it cannot go there now."""
    until = format_moment(now + timedelta(hours=8))
    inside = state.package(paper.where) if paper.state == IN_PACKAGE else None
    if inside is not None and inside.state not in ({DRAFT, OPENED, SUSPECT} if to == "missing" else {DRAFT, OPENED}):
        return None
    here = paper.state in {"registered", "on-shelf", IN_PACKAGE, "at-station", "found"}
    leaves, one = paper.leaves, (paper.code,)
    if to == "shelf" and here:
        return register.DossiersMoved(one, "shelf", "G1", leaves), (LAN,)
    if to == "package" and here and (target := state.package(box)) and target.state in {DRAFT, OPENED}:
        return register.DossiersMoved(one, "package", box, leaves), (LAN,)
    may_leave = paper.state == "on-shelf" or (inside is not None and inside.state == OPENED)
    if to == "station" and may_leave:
        return register.DossiersMoved(one, "station", "S1", leaves, until), (TUAN, LAN)
    if to == "loan" and may_leave:
        return register.DossierLent(paper.code, "MINH", "5/GP", until, leaves), (TUAN, MINH)
    if to == "back" and paper.state == "on-loan":
        return register.DossierReturned(paper.code, "G1", leaves), (TUAN, MINH)
    if to == "missing" and (here or paper.state == "on-loan"):
        return register.DossierMissing(paper.code, "SV3"), (BINH,)
    if to == "found" and paper.state == MISSING:
        return register.DossierFound(paper.code, "G5", leaves), (BINH, TUAN)
    return None
