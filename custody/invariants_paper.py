"""The invariants about paper: packages, dossiers, seals. Each yields what breaks it; none means it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from custody import seals
from custody.errors import CustodyError, Finding
from custody.holdings import (
    ACCOUNTED,
    APPLIED,
    AT_STATION,
    DESTROYED,
    EMPTIED,
    IN_PACKAGE,
    IN_TRANSIT,
    LIVE,
    MISSING,
    ON_LOAN,
    OPENED,
    REGISTERED,
    VOID,
    Dossier,
    Package,
)
from custody.manifest import count_of, digest_of
from custody.moments import parse_moment
from custody.package import FROZEN
from custody.scanned import Scanned, differences, is_under_way
from custody.state import State


def conservation(state: State) -> Iterator[Finding]:
    """I1: registered dossiers = the sum over accounted states; leaves likewise."""
    totals = state.totals()
    counted = [each for each in state.all_dossiers() if each.state in ACCOUNTED]
    leaves = sum(each.leaves for each in counted)
    if (totals.dossiers, totals.leaves) != (len(counted), leaves):
        yield Finding(
            "dossiers-unaccounted",
            facts={
                "registered": totals.dossiers,
                "accounted": len(counted),
                "leaves": totals.leaves,
                "accounted_leaves": leaves,
            },
        )


def one_place(state: State) -> Iterator[Finding]:
    """I2: a dossier that is past registration has a place, and the package it is in exists and is not done with.

    One that was missed before it was ever put anywhere has no last place.
    """
    for each in state.all_dossiers():
        if each.state == IN_PACKAGE:
            package = state.package(each.where)
            if package is None or package.state not in LIVE:
                yield _about_dossier("dossier-in-no-package", each, package=each.where)
        elif not each.where and each.state not in {REGISTERED, MISSING}:
            yield _about_dossier("dossier-without-place", each, state=each.state)


def one_custodian(state: State) -> Iterator[Finding]:
    """I3: each live package has a custodian."""
    for each in state.packages():
        if each.state in LIVE and not each.custodian:
            yield _about("package-without-custodian", each)


def unbroken_chain(state: State) -> Iterator[Finding]:
    """I4: every giver was the custodian."""
    for each in state.packages():
        if each.broken >= 0:
            yield Finding("custody-chain-broken", each.broken, facts={"package": each.code})


def seal_numbers(state: State) -> Iterator[Finding]:
    """I6: per roll, unused + applied + removed + spoiled = size; an applied seal is on the package it names."""
    used: Counter[str] = Counter()
    for seal in state.all_seals():
        roll = seals.roll_of(state, seal.number)
        if roll is None or roll.code != seal.roll:
            yield Finding("seal-number-unknown", seal.entry, facts={"number": seal.number})
            continue
        used[roll.code] += 1
        package = state.package(seal.package) if seal.state == APPLIED else None
        if seal.state == APPLIED and (package is None or seal.number not in package.seals):
            yield Finding("seal-not-on-package", seal.entry, facts={"number": seal.number, "package": seal.package})
    for each in state.all_rolls():
        if each.unused + used[each.code] != each.size or each.unused < 0:
            facts = {"roll": each.code, "size": each.size, "unused": each.unused, "used": used[each.code]}
            yield Finding("roll-does-not-add-up", each.entry, facts=facts)


def sealed_whole(state: State) -> Iterator[Finding]:
    """I7: SEALED implies an active seal, two different signers, a manifest digest."""
    for each in state.packages():
        if each.state not in FROZEN:
            continue
        active = [seal for number in each.seals if (seal := state.seal(number)) is not None]
        sound = active and all((seal.state, seal.package) == (APPLIED, each.code) for seal in active)
        if not sound or len(active) != len(each.seals):
            yield _about("sealed-without-seal", each)
        if len(set(each.sealers)) < 2:
            yield _about("sealed-by-too-few", each, signers=list(each.sealers))
        if not each.manifest:
            yield _about("sealed-without-manifest", each)


def opened_by_authority(state: State, now: datetime) -> Iterator[Finding]:
    """I8: OPENED implies a decision and a deadline that is not past."""
    for each in state.packages():
        if each.state != OPENED:
            continue
        if not each.decision:
            yield _about("opened-without-authority", each)
        yield from _late(each.deadline, now, "package", each.code, each.entry)


def contents_frozen(state: State) -> Iterator[Finding]:
    """I9: the digest of what is in a sealed package = its manifest = its label."""
    for each in state.packages():
        if each.state not in FROZEN:
            continue
        contents = state.contents(each.code)
        if digest_of(each.code, contents) != each.manifest or count_of(contents) != (each.dossiers, each.leaves):
            yield _about("contents-not-as-manifest", each)
        if each.label != each.manifest:
            yield _about("label-not-as-manifest", each)


def deadlines(state: State, now: datetime) -> Iterator[Finding]:
    """I10: everything away has a deadline that is not past."""
    for package in state.packages():
        if package.state == IN_TRANSIT:
            yield from _late(package.deadline, now, "package", package.code, package.entry)
    for dossier in state.all_dossiers():
        if dossier.state in {AT_STATION, ON_LOAN}:
            yield from _late(dossier.deadline, now, "dossier", dossier.code, dossier.entry)


def codes_once(state: State) -> Iterator[Finding]:
    """I16: no code or number was given twice; what is void or empty holds nothing."""
    if again := state.totals().reused:
        yield Finding("code-given-twice", facts={"count": again})
    for each in state.packages():
        if each.state in {VOID, EMPTIED} and state.contents(each.code):
            yield _about("package-not-empty", each)


def pages_as_leaves(state: State, pages: Mapping[str, Scanned]) -> Iterator[Finding]:
    """I19: leaves out = pages read = leaves back; two people may have approved pages that differ."""
    for each in state.all_dossiers():
        found = differences(each, pages.get(each.code))
        yield from (finding for finding in found if not is_under_way(each, finding))


def destruction_and_loans(state: State) -> Iterator[Finding]:
    """I20: destroyed by decision and under no hold; lent by written permission."""
    for each in state.all_dossiers():
        if each.state == DESTROYED and (not each.decision or each.holds):
            yield _about_dossier("destroyed-without-right", each, holds=list(each.holds))
        if each.state == ON_LOAN and not each.permission:
            yield _about_dossier("lent-without-permission", each)


def _late(deadline: str, now: datetime, kind: str, code: str, entry: int) -> Iterator[Finding]:
    try:
        passed = parse_moment(deadline) < now
    except CustodyError:
        yield Finding("deadline-absent", entry, facts={"kind": kind, "about": code})
        return
    if passed:
        yield Finding("deadline-passed", entry, facts={"kind": kind, "about": code, "deadline": deadline})


def _about(code: str, package: Package, **facts: object) -> Finding:
    return Finding(code, package.entry, facts={"package": package.code, "state": package.state, **facts})


def _about_dossier(code: str, dossier: Dossier, **facts: object) -> Finding:
    return Finding(code, dossier.entry, facts={"dossier": dossier.code, **facts})
