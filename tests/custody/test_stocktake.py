"""Stocktakes: what is expected is what is on record, and they close only when every difference is settled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.database import Database
from archive.refs import new_code
from custody import entries_package as package
from custody.entries_duty import IncidentClosed, IncidentOpened
from custody.entries_stocktake import StocktakeClosed, StocktakeCounted, StocktakeOpened
from custody.errors import CustodyError
from custody.holdings import MISSING, OPENED, SEALED, SUSPECT, Package
from custody.incidents import Incident
from custody.projections import Projections, replay
from custody.stocktake import Line, Stocktake, differences, findings, is_found, reconcile
from tests.custody.office_day import BINH, BOX, CHU, LAN, MINH, THU, TUAN, Day

OTHER = "7K3M9QXZ2"[:-1] + "3"


@pytest.fixture
def day(database: Database) -> Day:
    """Give an office with one sealed box at K1/G2."""
    made = Day(database)
    made.sealed_box()
    return made


def begin(day: Day, *places: str) -> None:
    """Open the stocktake KK1 over places, expecting the box."""
    day.write(StocktakeOpened("KK1", places or ("K1/G2",), ((BOX, day.package().place),)), TUAN)


def differ(day: Day) -> tuple[int, list[tuple[str, str]]]:
    """Return what was found and each difference with what settles it."""
    with day.database.reading() as session:
        holdings = Projections(session)
        known = holdings.one(Stocktake, "KK1")
        assert known is not None
        found, some = reconcile(holdings, known)
    return found, [(each.kind, each.settles) for each in some]


def refused(day: Day, code: str, *write: object) -> None:
    """Assert that an entry is refused with a code."""
    with pytest.raises(CustodyError) as caught:
        day.write(*write)  # type: ignore[arg-type]
    assert caught.value.code == code


def close(found: int, *settled: tuple[str, str, str]) -> StocktakeClosed:
    """Return the entry that closes KK1."""
    return StocktakeClosed("KK1", "complete", "", found, settled)


def test_a_box_counted_where_it_belongs_closes_the_stocktake(day: Day) -> None:
    """Found at a wider place is found; two people sign, one of them archivist or leader."""
    begin(day, "K1")
    assert differ(day) == (0, [("missing", "")])
    day.write(StocktakeCounted("KK1", "K1", ((BOX, "intact"),)), BINH)
    assert differ(day) == (1, [])
    refused(day, "signers-not-entitled", close(1), LAN, MINH)
    refused(day, "signers-too-few", close(1), TUAN)
    day.write(close(1), TUAN, LAN)
    refused(day, "stocktake-not-open", close(1), TUAN, LAN)
    with day.database.reading() as session:
        assert list(replay(session)) == []


def test_what_is_expected_must_be_what_is_on_record(day: Day) -> None:
    """Neither a box left out nor one put in passes."""
    refused(day, "stocktake-expects-wrongly", StocktakeOpened("KK1", ("K1/G2",), ()), TUAN)
    wrong = StocktakeOpened("KK1", ("K1/G3",), ((BOX, "K1/G3"),))
    refused(day, "stocktake-expects-wrongly", wrong, TUAN)
    refused(day, "signers-not-entitled", StocktakeOpened("KK1", ("K1/G2",), ((BOX, "K1/G2"),)), LAN)


def test_a_missing_box_keeps_it_open_until_it_is_reported(day: Day) -> None:
    """No word settles it, only the entry that says the box is missing."""
    begin(day)
    refused(day, "stocktake-unsettled", close(0, (BOX, "missing", "reported")), TUAN, CHU)
    day.write(package.PackageMissed(BOX, day.open_incident("SV1")), TUAN)
    assert differ(day) == (0, [("missing", "reported")])
    refused(day, "stocktake-told-wrongly", close(1, (BOX, "missing", "reported")), TUAN, CHU)
    day.write(close(0, (BOX, "missing", "reported")), TUAN, CHU)


def test_a_box_moved_while_the_count_goes_on_is_no_loss(day: Day) -> None:
    """The entry that moved it after the opening settles it."""
    begin(day)
    day.write(package.PackagePlaced(BOX, "TUAN", "TUAN", "K1/G7", "K1", "intact", ("A0001",)), TUAN)
    assert differ(day) == (0, [("missing", "moved")])


def test_a_box_at_a_wrong_place_is_put_back_or_recorded(day: Day) -> None:
    """Counted again at its own place it is found; else its record must name the new one."""
    begin(day)
    day.write(StocktakeCounted("KK1", "K1/G9", ((BOX, "intact"),)), BINH)
    assert differ(day) == (0, [("misplaced", "")])
    day.write(StocktakeCounted("KK1", "K1/G2", ((BOX, "intact"),)), LAN)
    assert differ(day) == (1, [])
    day.write(StocktakeCounted("KK1", "K1/G9", ((BOX, "intact"),)), BINH)
    day.write(package.PackagePlaced(BOX, "TUAN", "TUAN", "K1/G9", "K1", "intact", ("A0001",)), TUAN)
    assert differ(day) == (0, [("misplaced", "recorded")])
    day.write(close(0, (BOX, "misplaced", "recorded")), TUAN, CHU)


def test_a_code_of_no_package_needs_an_incident_about_it(day: Day) -> None:
    """A forged or misread label is never waved through."""
    begin(day)
    day.write(StocktakeCounted("KK1", "K1/G2", ((BOX, "intact"), (OTHER, "intact"))), BINH)
    assert differ(day) == (1, [("unknown", "")])
    day.write(IncidentOpened("SV9", OTHER, "high"), BINH)
    assert differ(day) == (1, [("unknown", "incident:SV9")])


def test_an_incident_that_was_concluded_before_settles_nothing_now(day: Day) -> None:
    """A strange label that was explained a year ago and turns up again asks for an answer again."""
    day.write(IncidentOpened("SV8", OTHER, "low"), BINH)
    day.write(IncidentClosed("SV8", "mistaken"), TUAN)
    begin(day)
    day.write(StocktakeCounted("KK1", "K1/G2", ((BOX, "intact"), (OTHER, "intact"))), BINH)
    assert differ(day) == (1, [("unknown", "")])
    refused(day, "stocktake-unsettled", close(1, (OTHER, "unknown", "incident:SV8")), TUAN, CHU)


def test_an_incident_concluded_while_the_count_goes_on_settles(day: Day) -> None:
    """It was open, or was opened, after the stocktake began: its conclusion is about what is found now."""
    day.write(IncidentOpened("SV8", OTHER, "low"), BINH)
    begin(day)
    day.write(StocktakeCounted("KK1", "K1/G2", ((BOX, "intact"), (OTHER, "intact"))), BINH)
    assert differ(day) == (1, [("unknown", "incident:SV8")])
    day.write(IncidentClosed("SV8", "mistaken"), TUAN)
    assert differ(day) == (1, [("unknown", "incident:SV8")])


def test_a_seal_not_found_intact_needs_an_entry_of_its_own(day: Day) -> None:
    """The count alone does not put a box in doubt; the check does."""
    begin(day)
    day.write(StocktakeCounted("KK1", "K1/G2", ((BOX, "broken"),)), BINH)
    assert differ(day) == (1, [("seal", "")])
    day.write(package.PackageChecked(BOX, "broken", ()), BINH)
    assert differ(day) == (1, [("seal", "suspected")])


def test_it_is_abandoned_only_for_a_reason(day: Day) -> None:
    """An abandoned stocktake is over and says nothing."""
    begin(day)
    refused(day, "reason-absent", StocktakeClosed("KK1", "abandoned", "", 0, ()), TUAN, CHU)
    refused(day, "stocktake-outcome-unknown", StocktakeClosed("KK1", "done", "", 0, ()), TUAN, CHU)
    day.write(StocktakeClosed("KK1", "abandoned", "flood", 0, ()), TUAN, CHU)
    with day.database.reading() as session:
        holdings = Projections(session)
        assert [each.state for each in holdings.every(Stocktake)] == ["abandoned"]
        assert list(findings(holdings.every(Stocktake), holdings.every(Line))) == []


def test_counts_are_refused_when_empty_doubled_or_unreadable(day: Day) -> None:
    """Each refusal leaves the stocktake as it was."""
    begin(day)
    refused(day, "stocktake-count-empty", StocktakeCounted("KK1", "K1", ()), BINH)
    refused(day, "stocktake-counts-twice", StocktakeCounted("KK1", "K1", ((BOX, "intact"), (BOX, "broken"))), BINH)
    refused(day, "finding-unknown", StocktakeCounted("KK1", "K1", ((BOX, "fine"),)), BINH)
    refused(day, "stocktake-unknown", StocktakeCounted("KK2", "K1", ((BOX, "intact"),)), BINH)
    refused(day, "stocktake-number-used", StocktakeOpened("KK1", ("K1/G2",), ((BOX, "K1/G2"),)), THU)
    assert differ(day) == (0, [("missing", "")])


def test_a_closed_line_that_nothing_settled_breaks_i12() -> None:
    """Whoever writes around the rules is found by the invariant."""
    known = Stocktake("KK1", "complete")
    bad, good = Line("KK1|A", "KK1", "A", "K1"), Line("KK1|B", "KK1", "B", "K1", "K1", "intact", times=1)
    assert [each.facts["package"] for each in findings([known], [bad, good])] == ["A"]


PLACES = st.sampled_from(["", "K1", "K1/1", "K1/10", "K1/1/A", "K2"])


@given(
    expected=PLACES,
    counted=PLACES,
    finding=st.sampled_from(["intact", "damaged", "broken"]),
    known=st.booleans(),
    state=st.sampled_from([SEALED, SUSPECT, MISSING, OPENED]),
    place=PLACES,
    since=st.booleans(),
    incident=st.booleans(),
)
def test_each_line_is_found_or_has_a_difference_and_none_is_settled_by_nothing(
    expected: str, counted: str, finding: str, known: bool, state: str, place: str, since: bool, incident: bool
) -> None:
    """For any line and any state of its package."""
    code = new_code()
    line = Line("L", "KK1", code, expected, counted, finding if counted else "", times=int(bool(counted)), entry=10)
    box = Package(code, state, place=place, entry=20 if since else 3) if known else None
    about = [Incident("SV1", about=code)] if incident else []
    found = differences(line, box, 5, about)
    kinds = {each.kind for each in found}
    where = kinds - {"seal"}
    assert len(where) == (0 if is_found(line) and known else 1)
    assert ("seal" in kinds) == bool(counted and known and finding != "intact")
    untouched = differences(line, Package(code, SEALED, place="elsewhere", entry=3) if known else None, 5, [])
    assert all(not each.settles for each in untouched)
