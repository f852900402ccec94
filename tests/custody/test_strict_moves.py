"""What an entry may name: incidents that are open, entries about the same dossier, boxes without held dossiers."""

from __future__ import annotations

import pytest

from archive.database import Database
from custody import entries_package as package
from custody import entries_register as register
from custody.entries_duty import IncidentClosed
from tests.custody.office_day import BINH, BOX, CHU, LAN, MINH, TUAN, Day
from tests.custody.test_moves import refused


@pytest.fixture
def day(database: Database) -> Day:
    """Give an office at the start of its first day."""
    return Day(database)


def test_leaves_are_amended_against_an_entry_about_the_same_dossier(day: Day) -> None:
    """An entry about another dossier said nothing of these leaves."""
    day.register("P01.1")
    day.register("P01.2")
    day.issue()
    told = refused(day, "entry-not-of-dossier", register.DossierAmended("P01.2", 0, 9, "mistyped"), LAN, TUAN)
    assert told.facts == {"entry": 0, "dossier": "P01.2"}
    day.write(register.DossiersMoved(("P01.2",), "shelf", "K1", 10), LAN)
    day.write(register.DossierAmended("P01.2", 3, 9, "mistyped"), LAN, TUAN)
    day.write(register.DossierAmended("P01.2", 1, 8, "mistyped"), LAN, TUAN)
    assert day.dossier("P01.2").leaves == 8


def test_an_entry_names_an_incident_that_is_open(day: Day) -> None:
    """No number, a number nobody gave out, and that of a closed incident are each refused, for boxes and dossiers."""
    day.sealed_box()
    refused(day, "incident-absent", package.PackageMissed(BOX, ""), BINH)
    refused(day, "incident-unknown", package.PackageMissed(BOX, "SV1"), BINH)
    refused(day, "incident-unknown", package.PackageSuspected(BOX, "torn", "SV1"), BINH)
    day.write(register.DossiersMoved(("P01.4",), "shelf", "K1", 10), LAN)
    refused(day, "incident-unknown", register.DossierMissing("P01.4", "SV1"), LAN)
    refused(day, "incident-unknown", register.DossiersMoved(("P01.4",), "shelf", "K2", 9, incident="SV1"), LAN)
    number = day.open_incident("SV1")
    day.write(IncidentClosed(number, "mistaken"), CHU, TUAN)
    refused(day, "incident-closed-already", package.PackageMissed(BOX, number), BINH)
    refused(day, "incident-closed-already", register.DossierMissing("P01.4", number), LAN)
    day.write(package.PackageMissed(BOX, day.open_incident("SV2")), BINH)


def test_a_box_with_a_held_dossier_is_not_handed_out(day: Day) -> None:
    """The refusal names the dossiers and the holds; once they are lifted, the box may go."""
    day.sealed_box()
    out = package.PackageHandedOut(BOX, "TUAN", "MINH", "P02", "intact", ("A0001",))
    day.write(register.HoldSet("P01.2", "H1", "lawsuit"), CHU)
    told = refused(day, "package-held", out, TUAN, MINH)
    assert told.facts == {"package": BOX, "count": 1, "dossiers": ["P01.2"], "holds": ["H1"]}
    day.write(register.HoldLifted("P01.2", "H1", "8/QĐ"), CHU, TUAN)
    day.write(out, TUAN, MINH)
    assert (day.package().state, day.dossier("P01.2").state) == ("handed-out", "transferred")
