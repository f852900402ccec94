"""Pages of dossiers and of the register: found, lent and given back, corrected, and brought in from a list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import catalogue
from archive.clock import HandClock
from custody.projections import Projections
from desk.office import Office
from tests.archive.lists import HEADER, text
from tests.desk.clerks import PIN, Desk, manned, rows, sealed


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a station with people, places, seals and a register."""
    with manned(tmp_path / "station", HandClock()) as opened:
        yield opened


def held(office: Office, code: str) -> tuple[str, str, int]:
    """Return state, where and leaves of a dossier."""
    with office.database.reading() as session:
        found = Projections(session).dossiers([code])[code]
    return found.state, found.where, found.leaves


def test_a_list_of_dossiers_is_narrowed_by_words_fonds_and_state(office: Office) -> None:
    """Accents or not; a word that no title has finds nothing and says how to see all."""
    clerk = Desk(office, "NV01")
    page = clerk.get("/dossiers?q=ho so dat dai so 7&fonds=P01&state=registered").text
    assert "P01.007/UB" in page
    assert "P01.008/UB" not in page
    assert 'href="/dossiers"' in clerk.get("/dossiers?q=khongco").text


def test_a_dossier_goes_on_a_shelf_is_lent_and_comes_back(office: Office) -> None:
    """Each act is one form; the borrower signs with their own PIN."""
    archivist = Desk(office, "NV02")
    at = "/dossiers/P01.001/UB"
    assert archivist.post(f"{at}/do/shelve", place="Kho 1/2/1").status_code == 303
    form = {"permission": "05/GP", "until": "2100-01-01T17:00", "signer": "NV04", "pin": PIN}
    refused = archivist.post(f"{at}/do/lend", **form)
    assert (refused.status_code, 'value="05/GP"' in refused.text) == (422, True)
    assert archivist.post(f"{at}/do/lend", **form, leaves=11).status_code == 303
    assert held(office, "P01.001/UB") == ("on-loan", "NV04", 11)
    assert "05/GP" in archivist.get(at).text
    form = {"place": "Kho 1/2/1", "leaves": 10, "signer": "NV04", "pin": PIN}
    assert archivist.post(f"{at}/do/return", **form).status_code == 422
    assert archivist.post(f"{at}/do/return", **form, differs="yes").status_code == 303
    assert held(office, "P01.001/UB")[:2] == ("on-shelf", "Kho 1/2/1")


def test_a_correction_names_the_entry_it_corrects(office: Office) -> None:
    """The page leads from each entry about leaves to its correction, and from that back to the entry."""
    clerk, at = Desk(office, "NV01"), "/dossiers/P01.002/UB"
    assert f"{at}/do/amend?entry=0" in clerk.get(at).text
    form = {"leaves": 14, "entry": 0, "reason": "đếm nhầm", "signer": "NV02", "pin": PIN}
    assert clerk.post(f"{at}/do/amend", **form).status_code == 303
    page = clerk.get(at).text
    assert 'href="#entry-0"' in page
    assert "đếm nhầm" in page
    assert held(office, "P01.002/UB")[2] == 14


def test_a_dossier_in_a_sealed_box_cannot_be_moved_and_its_page_offers_nothing_of_the_kind(office: Office) -> None:
    """What is frozen stays; the page says in which box it lies."""
    code = sealed(office, "A0001", 1)
    clerk = Desk(office, "NV01")
    page = clerk.get("/dossiers/P01.001/UB").text
    assert f"/packages/{code}" in page
    assert "/do/shelve" not in page
    assert clerk.post("/dossiers/P01.001/UB/do/shelve", place="Kho 2").status_code == 422


def test_a_cover_sheet_is_printed_from_its_page(office: Office) -> None:
    """As a PDF that downloads."""
    answer = Desk(office, "NV01").post("/dossiers/P01.003/UB/cover")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_a_dossier_is_found_by_its_label_and_a_slip_is_named(office: Office) -> None:
    """The address may have the code, the label or the number."""
    clerk = Desk(office, "NV01")
    with office.database.reading() as session:
        label = catalogue.dossier(session, "P01.004/UB").label
    assert "P01.004/UB" in clerk.get(f"/dossiers/{label}").text
    assert clerk.get("/dossiers/P01.0O4/UB").status_code >= 404


def test_a_list_is_looked_at_and_then_imported_once(office: Office) -> None:
    """Nothing is written by looking; importing the same list again changes nothing."""
    clerk, raw = Desk(office, "NV01"), rows(3, 31).encode()
    for added in (3, 0):
        seen = clerk.upload("/register/import", "mục lục.csv", raw, fonds="P01")
        assert seen.status_code == 200
        with office.database.reading() as session:
            assert len(catalogue.dossiers(session, "P01")) == (30 if added else 33)
        fields = {"list": _hidden(seen.text, "list"), "name": "mục lục.csv", "fonds": "P01", "sheet": ""}
        answer = clerk.post("/register/import/write", **fields)
        assert f"added={added}" in answer.headers["location"]
    assert held(office, "P01.033/UB")[0] == "registered"
    assert clerk.post("/register/import/write", **fields).status_code == 422


def test_every_fault_of_a_list_is_shown_and_the_good_rows_need_a_word(office: Office) -> None:
    """Row and column of what is wrong; no row is written until the good ones are asked for."""
    bad = text(
        [HEADER, [1, "", "Không số", "2001", "vĩnh viễn", 5, ""], [2, "99/UB", "Tốt", "2001", "vĩnh viễn", 5, ""]]
    )
    clerk = Desk(office, "NV01")
    seen = clerk.upload("/register/import", "a.csv", bad.encode(), fonds="P01")
    assert 'id="faults-title"' in seen.text
    fields = {"list": _hidden(seen.text, "list"), "name": "a.csv", "fonds": "P01", "sheet": ""}
    assert clerk.post("/register/import/write", **fields).status_code == 422
    assert "added=1" in clerk.post("/register/import/write", **fields, good="yes").headers["location"]


def test_what_is_no_list_is_refused_and_templates_download(office: Office) -> None:
    """An empty file, a picture, and the two empty lists to fill in."""
    clerk = Desk(office, "NV01")
    assert clerk.upload("/register/import", "a.csv", b"", fonds="P01").status_code == 422
    assert clerk.upload("/register/import", "a.png", b"\x89PNG\r\n\x1a\n", fonds="P01").status_code == 422
    for kind, begins in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        assert clerk.get(f"/register/template/{kind}").content.startswith(begins)


def _hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    return page.split(f'name="{name}" value="')[1].split('"')[0]
