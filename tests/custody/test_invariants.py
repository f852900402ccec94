"""Each invariant goes red for what breaks it, and none is called green without facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from archive.database import Database
from custody import entries_package as package
from custody import entries_register as register
from custody.entries import Stamp
from custody.errors import Finding
from custody.holdings import Device, Dossier, Package, Roll, Seal
from custody.invariants import NAMES, Facts, Fixity, Intake, judge
from custody.projections import load
from custody.scanned import Scanned
from custody.state import State
from tests.custody.office_day import BOX, LAN, START, Day

Broken = Callable[[State], None]


@pytest.fixture
def state(database: Database) -> State:
    """Give an office with a sealed box of three dossiers and a fourth dossier on a shelf."""
    day = Day(database)
    day.sealed_box()
    day.write(register.DossiersMoved(("P01.4",), "shelf", "K1", 10), LAN)
    with database.reading() as session:
        return load(session)


def box(state: State, /, **changed: object) -> None:
    """Change the box behind everybody's back."""
    found = state.package(BOX)
    assert found is not None
    state.put(replace(found, **changed))  # type: ignore[arg-type]


def paper(state: State, code: str, /, **changed: object) -> None:
    """Change a dossier behind everybody's back."""
    state.put(replace(state.dossiers([code])[code], **changed))  # type: ignore[arg-type]


def verdicts(facts: Facts) -> dict[int, tuple[str, set[str]]]:
    """Return outcome and codes by number."""
    return {each.number: (each.outcome, {finding.code for finding in each.findings}) for each in judge(facts)}


BREACHES: list[tuple[int, str, Broken]] = [
    (1, "dossiers-unaccounted", lambda state: state.put(Dossier("P01.9", 5, "on-shelf", "K1"))),
    (1, "dossiers-unaccounted", lambda state: paper(state, "P01.4", leaves=9)),
    (1, "dossiers-unaccounted", lambda state: paper(state, "P01.4", state="gone")),
    (2, "dossier-without-place", lambda state: paper(state, "P01.4", where="")),
    (2, "dossier-in-no-package", lambda state: paper(state, "P01.4", state="in-package", where="NONE")),
    (3, "package-without-custodian", lambda state: box(state, custodian="")),
    (4, "custody-chain-broken", lambda state: box(state, broken=3)),
    (6, "roll-does-not-add-up", lambda state: state.put(Roll("ROLL1", "A", 1, 100, 4, 98))),
    (6, "seal-number-unknown", lambda state: state.put(Seal("B0001", "ROLL1", "spoiled"))),
    (6, "seal-not-on-package", lambda state: state.put(Seal("A0002", "ROLL1", "applied", BOX))),
    (7, "sealed-without-seal", lambda state: box(state, seals=())),
    (7, "sealed-without-seal", lambda state: state.put(Seal("A0001", "ROLL1", "removed", BOX))),
    (7, "sealed-by-too-few", lambda state: box(state, sealers=("TUAN", "TUAN"))),
    (7, "sealed-without-manifest", lambda state: box(state, manifest="")),
    (8, "opened-without-authority", lambda state: box(state, state="opened")),
    (8, "deadline-passed", lambda state: box(state, state="opened", deadline="2025-12-31T17:00:00+07:00")),
    (9, "contents-not-as-manifest", lambda state: paper(state, "P01.1", state="on-shelf")),
    (9, "contents-not-as-manifest", lambda state: paper(state, "P01.1", leaves=11)),
    (9, "label-not-as-manifest", lambda state: box(state, label="00" * 32)),
    (10, "deadline-absent", lambda state: box(state, state="in-transit")),
    (10, "deadline-passed", lambda state: paper(state, "P01.4", state="on-loan", deadline="2025-12-31T17:00:00+07:00")),
    (16, "code-given-twice", lambda state: state.put(replace(state.totals(), reused=1))),
    (16, "package-not-empty", lambda state: box(state, state="void")),
    (20, "destroyed-without-right", lambda state: paper(state, "P01.4", state="destroyed")),
    (20, "destroyed-without-right", lambda state: paper(state, "P01.4", state="destroyed", decision="1", holds=("H",))),
    (20, "lent-without-permission", lambda state: paper(state, "P01.4", state="on-loan")),
]


def test_an_office_in_order_is_green_only_where_there_are_facts(state: State) -> None:
    """The paper's invariants hold; the others say that they have nothing to judge by."""
    told = verdicts(Facts(state, START + timedelta(hours=1)))
    assert set(told) == set(range(1, 21)) == set(NAMES)
    silent = {number for number, (outcome, _) in told.items() if outcome == "no-facts"}
    assert silent == {5, 11, 12, 13, 14, 15, 17, 18, 19}
    assert all(told[number] == ("holds", set()) for number in set(told) - silent)


def test_each_invariant_names_what_breaks_it(state: State, database: Database) -> None:
    """Every breach of the list is found by its own invariant under its own code."""
    for number, code, spoil in BREACHES:
        with database.reading() as session:
            fresh = load(session)
        spoil(fresh)
        outcome, codes = verdicts(Facts(fresh, START + timedelta(hours=1)))[number]
        assert (outcome, code in codes) == ("breached", True), (number, code, codes)


def test_facts_of_other_parts_are_judged_when_they_are_handed_in(state: State) -> None:
    """The log's check, intake, fixity, pages and guards each turn their own invariant red or green."""
    found = (Finding("device-gap", 3), Finding("entry-changed", 2))
    bad = Facts(
        state,
        START,
        found,
        Intake(10, 7, 1, 1, 1),
        Fixity(7, ("a",), ("b",)),
        {"P01.1": Scanned(21, 11, 21), "P01.2": Scanned(9, 5, 9), "P01.3": Scanned(15, 8, 15)},
        {5: [Finding("post-uncovered")], 11: []},
    )
    told = verdicts(bad)
    assert told[14] == ("breached", {"entry-changed"})
    assert told[15] == ("breached", {"device-gap"})
    assert told[17] == ("breached", {"files-unaccounted", "aside-without-reason"})
    assert told[18] == ("breached", {"scan-fixity-failed", "scan-fixity-overdue"})
    assert told[19] == ("breached", {"pages-not-as-leaves"})
    assert (told[5], told[11], told[12]) == (("breached", {"post-uncovered"}), ("holds", set()), ("no-facts", set()))
    good = Facts(
        state,
        START,
        (),
        Intake(10, 8, 1, 1),
        Fixity(8),
        {"P01.1": Scanned(20, 10, 20), "P01.2": Scanned(10, 5, 10), "P01.3": Scanned(0, 0, 0)},
    )
    assert {verdicts(good)[number][0] for number in (14, 15, 17, 18, 19)} == {"holds"}


def test_a_forged_entry_that_breaks_the_chain_or_repeats_a_code_is_remembered() -> None:
    """The fold checks nothing, but it keeps what the invariants ask about."""
    folded = State()
    stamp = Stamp(START, ("LAN", "TUAN"), "counter", device="phone", device_seq=4, device_at=START)
    forged = [
        package.PackageDrafted(BOX, "LAN"),
        package.PackagePlaced(BOX, "TUAN", "TUAN", "G1", "K1", "intact", ()),
        package.PackageDrafted("BOX2", "LAN"),
        package.PackageDrafted("BOX2", "LAN"),
    ]
    for seq, entry in enumerate(forged):
        folded.apply(seq, entry, stamp)
    told = verdicts(Facts(folded, START))
    assert (told[4][0], told[16][0]) == ("breached", "breached")
    assert folded.device("phone") == Device("phone", 5, 3)
    assert isinstance(folded.package(BOX), Package)
