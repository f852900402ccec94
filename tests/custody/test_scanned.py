"""Leaves out = pages read = leaves back: green when paper and pages can be the same, red where one is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from custody.entries import Stamp
from custody.entries_register import DossiersMoved, DossiersRegistered
from custody.holdings import AT_STATION, Dossier
from custody.invariants_paper import pages_as_leaves
from custody.scanned import Scanned, differences, is_under_way
from custody.state import State

START = datetime(2026, 1, 5, 8, 0, tzinfo=timezone(timedelta(hours=7)))
# Whether each leaf is written on its back.
LEAVES = st.lists(st.booleans(), min_size=1, max_size=60)


def codes(dossier: Dossier, scanned: Scanned | None) -> list[str]:
    """Return what differs."""
    return [each.code for each in differences(dossier, scanned)]


def both_sides(backs: list[bool]) -> Scanned:
    """Return what a scanner of both sides gives, blank backs kept: exactly two pages a leaf."""
    return Scanned(2 * len(backs), len(backs), len(backs), backs.count(False))


def unknown_sides(pages: int) -> Scanned:
    """Return a run of which nobody knows whether backs were taken, or blank ones dropped."""
    return Scanned(pages, (pages + 1) // 2, pages)


@given(LEAVES)
def test_a_dossier_scanned_whole_differs_in_nothing_whatever_the_scanner_does(backs: list[bool]) -> None:
    """One side of each leaf, both sides, or both without the blank ones: all of them fit."""
    dossier = Dossier("P01.1", len(backs), went=len(backs), came=len(backs))
    for scanned in (both_sides(backs), unknown_sides(len(backs)), unknown_sides(len(backs) + sum(backs))):
        assert codes(dossier, scanned) == []


@given(LEAVES, st.data())
def test_one_leaf_less_or_more_is_always_seen_where_both_sides_are_known(
    backs: list[bool], data: st.DataObject
) -> None:
    """Blank backs cannot hide a leaf that stuck to its neighbour."""
    other = data.draw(st.integers(1, 80).filter(lambda each: each != len(backs)))
    (finding,) = differences(Dossier("P01.1", other), both_sides(backs))
    assert (finding.code, finding.facts["span"]) == ("pages-not-as-leaves", f"{len(backs)}")


@given(LEAVES)
def test_fewer_pages_than_leaves_and_more_than_two_a_leaf_never_fit(backs: list[bool]) -> None:
    """Whatever the scanner did."""
    count = len(backs)
    for pages in (*range(1, count), 2 * count + 1):
        assert codes(Dossier("P01.1", count), unknown_sides(pages)) == ["pages-not-as-leaves"]


def test_counts_on_the_way_failed_pages_and_an_empty_record_are_each_named() -> None:
    """Several things may differ at once, and a count that was not made says nothing."""
    dossier = Dossier("P01.1", 10, went=9, came=8)
    assert codes(dossier, None) == ["leaves-out-not-as-record", "leaves-back-not-as-out"]
    assert codes(replace(dossier, went=-1, came=-1), None) == []
    assert codes(Dossier("P01.1", 10), Scanned(20, 10, 20, failed=2)) == ["pages-of-dossier-failed"]
    assert codes(Dossier("P01.1"), Scanned(20, 10, 20)) == ["leaves-not-on-record"]


def test_what_is_missing_while_the_dossier_lies_at_a_station_is_not_judged_yet() -> None:
    """Its deadline tells what is late; approved pages are told no more, a leaf that did not come back always is."""
    state = State()
    state.put(Dossier("P01.1", 10, AT_STATION, "SCAN-1", went=10))
    assert list(pages_as_leaves(state, {"P01.1": unknown_sides(4)})) == []
    assert [each.code for each in pages_as_leaves(state, {"P01.1": unknown_sides(21)})] == ["pages-not-as-leaves"]
    assert list(pages_as_leaves(state, {"P01.1": replace(unknown_sides(21), accepted=True)})) == []
    lost = Dossier("P01.1", 10, went=10, came=9)
    assert codes(lost, replace(unknown_sides(21), accepted=True)) == ["leaves-back-not-as-out"]
    home = Dossier("P01.1", 10, went=10, came=10)
    (finding,) = differences(home, unknown_sides(4))
    assert not is_under_way(home, finding)


def test_the_log_says_how_many_leaves_went_and_came() -> None:
    """Counted alone, a difference is that dossier's; counted together it is nobody's, and the next way begins anew."""
    state, stamp = State(), Stamp(START, ("LAN",), "counter")
    registered = DossiersRegistered("1", "P01", (("P01.1", 10, "0" * 64), ("P01.2", 5, "0" * 64)))
    both = ("P01.1", "P01.2")
    moves = [
        DossiersMoved(both, "shelf", "G1", 15),
        DossiersMoved(both, "station", "SCAN-1", 15, "2026-01-05T17:00:00+07:00"),
        DossiersMoved(("P01.1",), "shelf", "G1", 9, incident="SV-1"),
    ]
    for seq, entry in enumerate([registered, *moves]):
        state.apply(seq, entry, stamp)
    known = state.dossiers(both)
    assert [(each.went, each.came) for each in known.values()] == [(10, 9), (5, -1)]
    state.apply(4, DossiersMoved(both, "station", "SCAN-1", 14, "2026-01-05T17:00:00+07:00", incident="SV-1"), stamp)
    assert [(each.went, each.came) for each in state.dossiers(both).values()] == [(-1, -1), (-1, -1)]
