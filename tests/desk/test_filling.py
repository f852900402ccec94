"""Values of forms gathered from facts: lists, loans, journeys and openings say what the log and the register say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive import catalogue
from archive.register_reading import read_list
from custody import entries_package as package
from custody.entries import Entry, Stamp
from custody.entries_register import DossierLent, DossierReturned, DossiersMoved, DossiersRegistered
from custody.entries_seals import RollIssued
from custody.errors import CustodyError
from custody.manifest import digest_of
from custody.moments import format_moment
from custody.projections import Projections
from custody.recording import record
from custody.rules import Signer
from desk.forms import drawing, filling, filling_duty, model
from desk.forms.model import FormError
from desk.forms.subject import About
from desk.office import Office, open_office, prepare
from tests.archive.lists import HEADER, text

WHO = {
    "NV01": Signer("NV01", "clerk", "VP"),
    "NV02": Signer("NV02", "archivist", "TP"),
    "NV03": Signer("NV03", "leader", "LĐ"),
    "NV04": Signer("NV04", "witness", "ĐC"),
}
BOX = "000000000"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a station with one fonds of three registered dossiers on a shelf, and a roll of seals."""
    prepare(tmp_path / "home", {})
    opened = open_office(tmp_path / "home", {"LUUTRU_BOX_METRES": "0.125", "LUUTRU_OFFICE_NAME": "UBND phường"})
    now = opened.clock.now()
    rows = [
        [n, f"{n}/UB", f"Hồ sơ {n}", "2001-2004", value, 10 * n, ""]
        for n, value in ((10, "50"), (9, "vĩnh viễn"), (8, "20 năm"))
    ]
    with opened.database.atomic() as session:
        catalogue.add_fonds(session, "P01", "UBND phường Hàng Bạc", "UBND phường", now)
        seen = read_list(text([HEADER, *rows]).encode())
        fields = {each.field for each in seen.understood.columns if each.field}
        planned = catalogue.plan(session, "P01", seen.records, fields, lock=True)
        catalogue.store(session, planned, name="list", sha256="0" * 64, faults=0, now=now)
        catalogue.add_item(
            session, "P01.9/UB", number="12/QĐ-UB", issued="2003-02-01", subject="V/v đất", author="UBND"
        )
    codes = tuple((f"P01.{n}/UB", 10 * n, "0" * 64) for n in (8, 9, 10))
    sign(opened, DossiersRegistered("r", "P01", codes), "NV01")
    sign(opened, RollIssued("C1", "A", 1, 20, 4), "NV02")
    yield opened
    opened.close()


def sign(office: Office, entry: Entry, by: str) -> None:
    """Record an entry signed by people by code."""
    at = office.clock.now().astimezone().replace(microsecond=0)
    signers = [WHO[code] for code in by.split()]
    with office.database.atomic() as session:
        record(session, entry, Stamp(at, tuple(by.split()), "test"), signers)


def soon(office: Office) -> str:
    """Return a deadline two hours from now."""
    return format_moment(office.clock.now().astimezone().replace(microsecond=0) + timedelta(hours=2))


def sealed(office: Office) -> None:
    """Put two dossiers into a box and seal it."""
    sign(office, package.PackageDrafted(BOX, "NV01"), "NV01")
    sign(office, DossiersMoved(("P01.8/UB", "P01.9/UB"), "package", BOX, 170), "NV01")
    sign(office, package.PackagePacked(BOX, (2, 170), (2, 170)), "NV01 NV04")
    with office.database.reading() as session:
        digest = digest_of(BOX, Projections(session).contents(BOX))
    sign(office, package.PackageSealed(BOX, "NV01", "NV02", ("A0001",), "Kho 1/1", "Kho 1", digest), "NV02 NV01")


def test_the_lists_stand_in_the_order_of_their_numbers_with_sums(office: Office) -> None:
    """F1, F2 and F3: 8 before 9 before 10, retentions in words, leaves added up, documents with their days."""
    first = filling.values_of(office, "F1", About(fonds="p01"))
    assert [row["code"] for row in first["rows"]] == ["8/UB", "9/UB", "10/UB"]
    assert [row["maintenance"] for row in first["rows"]] == ["20 năm", "Vĩnh viễn", "50 năm"]
    assert (first["dossiers"], first["office"], first["year"]) == (3, "UBND phường", "2001 – 2004")
    second = filling.values_of(office, "F2", About(fonds="P01"))
    assert (second["leaves"], second["rows"][0]["dates"]) == (270, "2001-2004")
    third = filling.values_of(office, "F3", About(dossier="P01.9/UB"))
    assert third["rows"][0] | {"leaf": "", "note": ""} == {
        "code": "12/QĐ-UB", "date": "01/02/2003", "subject": "V/v đất", "issuer": "UBND", "leaf": "", "note": "",
    }  # fmt: skip  # one row
    assert "items" not in filling.values_of(office, "F3", About(dossier="P01.8/UB")), "an unwritten list is not empty"


def test_a_loan_stands_in_the_book_until_it_is_back_and_after(office: Office) -> None:
    """F5: one line for each loan, with the day it came back once it did."""
    sign(office, DossiersMoved(("P01.8/UB",), "shelf", "Kho 1/1", 80), "NV01")
    sign(office, DossierLent("P01.8/UB", "NV04", "15/GP", soon(office), 80), "NV02 NV04")
    (lent,) = filling.values_of(office, "F5", About(everything=True))["rows"]
    assert (lent["code"], lent["authoriser"], lent["leaves"], "returned" in lent) == ("P01.8/UB", "15/GP", 80, False)
    sign(office, DossierReturned("P01.8/UB", "Kho 1/1", 80), "NV02 NV04")
    (back,) = filling.values_of(office, "F5", About(fonds="P01"))["rows"]
    assert back["returned"]
    assert filling.values_of(office, "F5", About(fonds="P02"))["rows"] == []


def test_the_record_of_an_opening_compares_seals_and_counts_again(office: Office) -> None:
    """F10: the count is left to be written until the box is closed; a damaged seal is said."""
    sealed(office)
    with pytest.raises(FormError, match="form-package-state"):
        filling.values_of(office, "F10", About(packages=(BOX,)))
    opening = package.PackageOpened(BOX, "NV02", "NV02", "12/QĐ", "số hóa", "damaged", ("A0001",), soon(office))
    sign(office, opening, "NV03 NV02 NV04")
    told = filling.values_of(office, "F10", About(packages=(BOX,)))
    assert (told["condition"], told["comparison"], told["expected"]) == ("bị hư hại", "khớp", 2)
    assert "counted" not in told
    with office.database.reading() as session:
        digest = digest_of(BOX, Projections(session).contents(BOX))
    place = ("Kho 1/1", "Kho 1", digest, (2, 170), (2, 170))
    sign(office, package.PackageResealed(BOX, "NV02", "NV02", ("A0002",), *place), "NV02 NV01")
    told = filling.values_of(office, "F10", About(packages=(BOX,)))
    assert (told["counted"], told["missing"], told["extra"]) == (2, 0, 0)
    assert (told["seal_recorded"], told["seal_found"]) == ("A0001", "A0001"), "of the opening, not of today"


def test_a_journey_is_told_from_where_it_began_to_how_it_ended(office: Office) -> None:
    """F4 and F14: origin, hands and seals; the receiver of the arrival; packages of two journeys are refused."""
    sealed(office)
    for form in ("F4", "F14"):
        with pytest.raises(FormError, match="form-package-state"):
            filling.values_of(office, form, About(packages=(BOX,)))
    left = package.PackageDispatched(BOX, "NV02", "NV04", "Kho 2", soon(office), "intact", ("A0001",))
    sign(office, left, "NV02 NV04")
    bill = filling.values_of(office, "F14", About(packages=(BOX,)))
    assert (bill["origin"], bill["destination"], bill["packages"]) == ("Kho 1", "Kho 2", 1)
    assert bill["rows"][0] == {"package": "000 000 000", "seal": "A0001", "given": "nguyên vẹn", "received": ""}
    sign(office, package.PackageReceived(BOX, "NV04", "NV01", "Kho 2/1", "Kho 2", "intact", ("A0001",)), "NV01")
    bill = filling.values_of(office, "F14", About(packages=(BOX,)))
    assert (bill["origin"], bill["rows"][0]["received"]) == ("Kho 1", "nguyên vẹn")
    minutes = filling.values_of(office, "F4", About(packages=(BOX,)))
    assert (minutes["receiver"], minutes["dossiers"], minutes["metres"]) == ("NV01", 2, "0,125")


def test_what_a_form_is_not_about_is_refused(office: Office) -> None:
    """No form is filled from the wrong thing, from two things, or from a package nobody has."""
    for about in (About(fonds="P01"), About((BOX,), fonds="P01")):
        with pytest.raises(FormError, match="form-not-filled-from") as refused:
            filling.values_of(office, "F9", about)
        assert refused.value.facts["wanted"] == ["--package"]
    with pytest.raises(FormError, match="form-by-values"):
        filling.values_of(office, "F11", About((BOX,)))
    with pytest.raises(FormError, match="form-about-one"):
        filling.values_of(office, "F9", About((BOX, "111111111")))
    with pytest.raises(CustodyError, match="package-unknown"):
        filling.values_of(office, "F9", About((BOX,)))


@pytest.mark.parametrize("code", sorted(filling.FILLINGS))
def test_what_fills_a_form_fits_it(code: str, office: Office) -> None:
    """Every value gathered has its place in the form, and those who sign are named by values it has."""
    sealed(office)
    left = package.PackageDispatched(BOX, "NV02", "NV04", "Kho 2", soon(office), "intact", ("A0001",))
    opening = package.PackageOpened(BOX, "NV02", "NV02", "12/QĐ", "số hóa", "intact", ("A0001",), soon(office))
    if code in ("F4", "F14"):
        sign(office, left, "NV02 NV04")
    if code == "F10":
        sign(office, opening, "NV03 NV02 NV04")
    about = {
        "packages": About((BOX,)), "fonds": About(fonds="P01"), "dossier": About(dossier="P01.9/UB"),
    }[filling.FILLINGS[code].needs[0]]  # fmt: skip  # one line of cases
    form, values = model.load(code), filling.values_of(office, code, about)
    assert set(filling.SIGNED_BY.get(code, ())) <= values.keys()
    assert drawing.draw([drawing.Filled(form, BOX, values=values)]).startswith(b"%PDF")


def test_records_of_guarding_work_out_what_follows() -> None:
    """F11, F12, F15: differences and sums follow from the facts; a wrong name is refused."""
    assert filling_duty.hand_over({"expected": 12, "counted": 11})["difference"] == -1
    seen = filling_duty.round_made({"rows": [{"time": "02:00", "point": "1"}, {"point": "2"}]})
    assert (seen["checked"], seen["missed"]) == (1, 1)
    counted = filling_duty.stocktake(
        {"rows": [{"expected_place": "1", "found_place": "1"}, {"expected_place": "2"}, {"found_place": "3"}]}
    )
    assert (counted["missing"], counted["unexpected"]) == (1, 1)
    assert filling_duty.visitors({"store": "Kho 1"}) == {"store": "Kho 1"}
    with pytest.raises(FormError, match="form-value-wrong"):
        filling_duty.incident({"storry": "x"})
