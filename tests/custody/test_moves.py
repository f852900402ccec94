"""A package's life from draft to end, and every way in which it is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive.database import Database
from custody import entries_package as package
from custody import entries_register as register
from custody import ledger
from custody.entries import Entry
from custody.entries_duty import LogCorrected
from custody.entries_seals import RollIssued, SealSpoiled
from custody.errors import CustodyError
from custody.manifest import digest_of
from custody.projections import replay
from custody.rules import Signer
from tests.custody.office_day import BINH, BOX, CHU, HOA, LAN, MINH, START, THU, TUAN, Day


@pytest.fixture
def day(database: Database) -> Day:
    """Give an office at the start of its first day."""
    return Day(database)


def sound(day: Day) -> None:
    """Assert that the projections are what the entries say."""
    with day.database.reading() as session:
        assert list(replay(session)) == []


def refused(day: Day, code: str, entry: Entry, *signers: Signer) -> CustodyError:
    """Assert that an entry is refused with a code and leaves no trace; return the refusal."""
    with day.database.reading() as session:
        before = ledger.size(session), ledger.root(session)
    with pytest.raises(CustodyError) as caught:
        day.write(entry, *signers)
    assert caught.value.code == code, caught.value.facts
    with day.database.reading() as session:
        assert (ledger.size(session), ledger.root(session)) == before
    sound(day)
    return caught.value


def test_a_box_is_packed_sealed_sent_refused_opened_digitized_and_sealed_again(day: Day) -> None:
    """One day of a box, each state and custodian as the table says."""
    day.sealed_box()
    box = day.package()
    assert (box.state, box.custodian, box.seals, box.sealers) == ("sealed", "TUAN", ("A0001",), ("TUAN", "LAN"))
    assert (box.dossiers, box.leaves, box.manifest) == (3, 30, digest_of(BOX, day.contents()))
    sent = package.PackageDispatched(BOX, "TUAN", "BINH", "K2", day.later(hours=4), "intact", ("A0001",))
    day.write(sent, TUAN, BINH)
    assert (day.package().state, day.package().custodian, day.package().sender) == ("in-transit", "BINH", "TUAN")
    day.write(package.PackageRefused(BOX, "BINH", "TUAN", "no-room", "intact", ("A0001",)), TUAN)
    assert (day.package().state, day.package().custodian, day.package().deadline) == ("sealed", "TUAN", "")
    day.open_box()
    assert (day.package().state, day.package().seals, day.package().decision) == ("opened", (), "12/QĐ")
    day.write(register.DossiersMoved(("P01.1",), "station", "S1", 10, day.later(hours=6)), TUAN, LAN)
    assert (day.dossier("P01.1").state, day.dossier("P01.1").home) == ("at-station", BOX)
    day.write(register.DossiersMoved(("P01.1",), "package", BOX, 10), TUAN)
    digest = digest_of(BOX, day.contents())
    again = package.PackageResealed(BOX, "TUAN", "TUAN", ("A0002",), "K1/G3", "K1", digest, (3, 30), (3, 30))
    day.write(again, TUAN, LAN)
    assert (day.package().state, day.package().seals, day.package().place) == ("sealed", ("A0002",), "K1/G3")
    sound(day)


def test_a_missing_box_is_found_and_a_doubted_one_is_cleared_by_three(day: Day) -> None:
    """The finder alone is enough to raise the alarm; coming back takes more people."""
    day.sealed_box()
    day.write(package.PackageMissed(BOX, day.open_incident("SV1")), BINH)
    assert (day.package().state, day.package().custodian, day.package().place) == ("missing", "TUAN", "K1/G2")
    found = package.PackageFound(BOX, "TUAN", "TUAN", "suspect", "K1/G9", "K1", "broken", ())
    day.write(found, BINH, TUAN)
    cleared = package.PackageCleared(
        BOX, "TUAN", "TUAN", "sealed", (3, 30), (3, 30), ("A0003",), day.package().manifest, "K1/G2", "K1"
    )
    refused(day, "signers-too-few", cleared, TUAN, LAN)
    day.write(cleared, TUAN, LAN, BINH)
    assert (day.package().state, day.package().seals) == ("sealed", ("A0003",))
    sound(day)


def test_a_lost_box_takes_a_council_and_its_dossiers_stay_accounted_for(day: Day) -> None:
    """Nothing is lost automatically; the dossiers of a lost box are missing, not gone."""
    day.sealed_box()
    refused(day, "move-not-allowed", package.PackageLost(BOX, "3/HĐ"), CHU)
    day.write(package.PackageMissed(BOX, day.open_incident("SV1")), BINH)
    refused(day, "decision-absent", package.PackageLost(BOX, ""), CHU)
    day.write(package.PackageLost(BOX, "3/HĐ"), CHU)
    assert (day.package().state, day.dossier("P01.2").state) == ("lost", "missing")
    sound(day)


def test_counts_that_differ_are_refused_with_both_counts(day: Day) -> None:
    """The blind second count stands beside the first in the refusal."""
    day.register("P01.1", "P01.2")
    day.fill("P01.1", "P01.2")
    told = refused(day, "counts-differ", package.PackagePacked(BOX, (2, 20), (2, 19)), LAN, MINH)
    assert told.facts == {"package": BOX, "first": [2, 20], "second": [2, 19]}
    refused(day, "count-not-as-registered", package.PackagePacked(BOX, (3, 30), (3, 30)), LAN, MINH)
    mixed = package.PackagePacked(BOX, (2, 20), (2, 20), ("01", "05"))
    refused(day, "retention-mixed", mixed, LAN, MINH)


def test_sealing_takes_two_people_of_different_role_or_unit_and_a_fresh_number(day: Day) -> None:
    """One person, one unit, an old number and another manifest are each refused."""
    day.register("P01.1")
    day.issue()
    day.fill("P01.1")
    day.pack()
    digest = digest_of(BOX, day.contents())
    day.write(SealSpoiled("A0007", "torn"), LAN)

    def entry(*numbers: str, manifest: str = digest, giver: str = "LAN") -> package.PackageSealed:
        return package.PackageSealed(BOX, giver, "LAN", numbers, "K1/G2", "K1", manifest)

    refused(day, "signers-too-few", entry("A0001"), LAN)
    refused(day, "signer-doubled", entry("A0001"), LAN, LAN)
    refused(day, "signers-of-one-unit", entry("A0001"), LAN, HOA)
    refused(day, "signers-not-entitled", entry("A0001"), BINH, CHU)
    refused(day, "receiver-unsigned", entry("A0001"), MINH, TUAN)
    refused(day, "giver-not-custodian", entry("A0001", giver="HOA"), LAN, TUAN)
    refused(day, "seal-number-absent", entry(), LAN, TUAN)
    refused(day, "seal-number-unknown", entry("B0001"), LAN, TUAN)
    refused(day, "seal-number-unknown", entry("A0101"), LAN, TUAN)
    refused(day, "seal-number-used", entry("A0007"), LAN, TUAN)
    refused(day, "seal-number-doubled", entry("A0001", "A0001"), LAN, TUAN)
    refused(day, "manifest-differs", entry("A0001", manifest="00" * 32), LAN, TUAN)
    late = Signer("TUAN", "archivist", "Lưu trữ", START)
    day.now = day.now.replace(hour=20)
    refused(day, "signature-outside-window", entry("A0001"), LAN, late)
    day.write(entry("A0001"), LAN, TUAN)


SEALED_REFUSALS: list[tuple[str, Callable[[Day], tuple[Entry, ...]], tuple[Signer, ...]]] = [
    (
        "seal-number-differs",
        lambda day: (package.PackageChecked(BOX, "intact", ("A0002",)),),
        (BINH,),
    ),
    ("finding-unknown", lambda day: (package.PackageChecked(BOX, "fine", ("A0001",)),), (BINH,)),
    ("package-unknown", lambda day: (package.PackageChecked("NONE", "intact", ()),), (BINH,)),
    ("package-code-used", lambda day: (package.PackageDrafted(BOX, "LAN"),), (LAN,)),
    (
        "alone-outside-store",
        lambda day: (package.PackagePlaced(BOX, "TUAN", "TUAN", "K2/G1", "K2", "intact", ("A0001",)),),
        (TUAN,),
    ),
    (
        "deadline-not-ahead",
        lambda day: (package.PackageDispatched(BOX, "TUAN", "BINH", "K2", day.later(), "intact", ("A0001",)),),
        (TUAN, BINH),
    ),
    (
        "signers-not-entitled",
        lambda day: (package.PackageDispatched(BOX, "TUAN", "BINH", "K2", day.later(hours=1), "intact", ("A0001",)),),
        (TUAN, MINH),
    ),
    (
        "seal-not-intact",
        lambda day: (package.PackageDispatched(BOX, "TUAN", "BINH", "K2", day.later(hours=1), "broken", ("A0001",)),),
        (TUAN, BINH),
    ),
    (
        "decision-absent",
        lambda day: (
            package.PackageOpened(BOX, "TUAN", "TUAN", "", "digitize", "intact", ("A0001",), day.later(hours=1)),
        ),
        (CHU, TUAN, BINH),
    ),
    (
        "signers-not-entitled",
        lambda day: (
            package.PackageOpened(BOX, "TUAN", "TUAN", "1/QĐ", "digitize", "intact", ("A0001",), day.later(hours=1)),
        ),
        (THU, TUAN, BINH),
    ),
    ("dossier-frozen", lambda day: (register.DossiersMoved(("P01.1",), "shelf", "K1/G1", 10),), (TUAN,)),
    ("dossier-frozen", lambda day: (register.DossierMissing("P01.1", "SV1"),), (BINH,)),
    (
        "dossier-frozen",
        lambda day: (register.DossiersRegistered("import-2", "P01", (("P01.1", 11, "ab" * 32),)),),
        (LAN,),
    ),
    ("package-closed", lambda day: (register.DossiersMoved(("P01.4",), "package", BOX, 10),), (LAN,)),
    ("leaves-differ", lambda day: (register.DossiersMoved(("P01.4",), "shelf", "K1", 9),), (LAN,)),
    (
        "permission-absent",
        lambda day: (register.DossierLent("P01.5", "MINH", "", day.later(days=9), 10),),
        (TUAN, MINH),
    ),
    ("dossier-unknown", lambda day: (register.DossierMissing("P99", "SV1"),), (BINH,)),
    ("roll-overlaps", lambda day: (RollIssued("ROLL2", "A", 90, 20, 4),), (TUAN,)),
    ("roll-code-used", lambda day: (RollIssued("ROLL1", "B", 1, 20, 4),), (TUAN,)),
    ("roll-prefix-not-in-capitals", lambda day: (RollIssued("ROLL3", "a", 1, 100, 4),), (TUAN,)),
    ("roll-malformed", lambda day: (RollIssued("ROLL3", "B2", 1, 20, 4),), (TUAN,)),
    ("seal-number-used", lambda day: (SealSpoiled("A0001", "torn"),), (TUAN,)),
    ("signers-too-few", lambda day: (LogCorrected(0, "mistyped"),), (TUAN,)),
]


def test_what_a_sealed_box_refuses_leaves_no_trace(day: Day) -> None:
    """Each refusal has its own code, and neither the log nor the state knows of it afterwards."""
    day.sealed_box()
    day.register("P01.5")
    day.write(register.DossiersMoved(("P01.5",), "shelf", "K1", 10), LAN)
    for code, make, signers in SEALED_REFUSALS:
        for entry in make(day):
            refused(day, code, entry, *signers)


def test_a_correction_needs_somebody_who_did_not_sign_what_it_corrects(day: Day) -> None:
    """The two who packed cannot correct it among themselves."""
    day.register("P01.1")
    day.fill("P01.1")
    day.pack()
    with day.database.reading() as session:
        packed = ledger.size(session) - 1
    refused(day, "correction-by-same-people", LogCorrected(packed, "mistyped"), LAN, MINH)
    day.write(LogCorrected(packed, "mistyped"), LAN, TUAN)
    sound(day)


def test_amended_leaves_count_in_the_totals_and_name_the_entry_they_correct(day: Day) -> None:
    """A wrong number of leaves is corrected by a new entry with a second person."""
    day.register("P01.1")
    refused(day, "signers-too-few", register.DossierAmended("P01.1", 0, 12, "recount"), LAN)
    day.write(register.DossierAmended("P01.1", 0, 12, "recount"), LAN, MINH)
    assert day.dossier("P01.1").leaves == 12
    sound(day)


def test_destruction_and_loans_need_their_papers(day: Day) -> None:
    """A hold blocks destruction; a loan has a permission and a deadline; a difference in leaves an incident."""
    day.register("P01.1", "P01.2")
    day.write(register.DossiersMoved(("P01.1", "P01.2"), "shelf", "K1", 20), LAN)
    day.write(register.DossiersMoved(("P01.1",), "review", "K1", 10), TUAN, CHU)
    day.write(register.HoldSet("P01.1", "H1", "lawsuit"), CHU)
    destroyed = register.DossiersMoved(("P01.1",), "destroyed", "council", 10, decision="9/QĐ")
    refused(day, "dossier-held", destroyed, CHU, TUAN)
    day.write(register.HoldLifted("P01.1", "H1", "8/QĐ"), CHU, TUAN)
    day.write(destroyed, CHU, TUAN)
    assert day.dossier("P01.1").state == "destroyed"
    day.write(register.DossierLent("P01.2", "MINH", "5/GP", day.later(days=7), 10), TUAN, MINH)
    assert (day.dossier("P01.2").where, day.dossier("P01.2").permission) == ("MINH", "5/GP")
    refused(day, "leaves-differ", register.DossierReturned("P01.2", "K1", 9), TUAN, MINH)
    day.write(register.DossierReturned("P01.2", "K1", 9, day.open_incident("SV2", "P01.2")), TUAN, MINH)
    assert (day.dossier("P01.2").state, day.dossier("P01.2").deadline) == ("on-shelf", "")
    sound(day)


def test_a_phones_entries_come_once_and_in_its_own_order(day: Day) -> None:
    """A late entry is taken when its turn comes; twice, or overtaking another, it is refused."""
    day.sealed_box()
    check = package.PackageChecked(BOX, "intact", ("A0001",))
    late = {"device": "phone-1", "device_at": START}
    day.write(check, BINH, device_seq=0, **late)
    for number, code in ((0, "device-entry-known"), (2, "device-entry-owed")):
        with pytest.raises(CustodyError, match=code):
            day.write(check, BINH, device_seq=number, **late)
    day.write(check, BINH, device_seq=1, **late)
    sound(day)
