"""Scans that no cover sheet begins go by their name, or by hand; of two dossiers a name may mean, neither is taken."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from archive import reviews, scans
from archive.database import Database
from archive.dossier_names import Found, find_by_name, fold_code, meanings
from archive.errors import ArchiveError
from archive.search import Query, search
from archive.sheets import dossier_pages, sheets
from custody import ledger
from custody.entries import read_body
from custody.entries_scans import ScansFiled, ScansReviewed, ScansUnfiled
from custody.errors import CustodyError
from custody.rules import Signer
from desk import custodial, digitizing, filing
from desk.office import Office
from tests.archive.conftest import database, database_url  # noqa: F401  # both engines
from tests.archive.registered import register
from tests.desk.filings import Filing
from tests.scanned_batches import cover_sheet, leaf, save_pdf

ROLES = {"LAN": "clerk", "TUAN": "archivist", "MINH": "leader", "BAO": "guard"}


@pytest.fixture
def room(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Filing:
    """Give a station where everybody signs without a PIN, in the role they have."""
    monkeypatch.setattr(custodial, "authenticate", lambda _office, code, _pin: Signer(code, ROLES[code], "VP"))
    return Filing(office, tmp_path)


def by(code: str) -> list[tuple[str, str]]:
    """Return one signer."""
    return [(code, "")]


NAMES = {
    "P01.001_UB.1.pdf": "P01.001/UB",
    "P01.001-UB.0000012.PDF": "P01.001/UB",
    "p01 001 ub.3.tif": "P01.001/UB",
    "P01.001∕UB.jpg": "P01.001/UB",
    "quý 3/P01.001_UB.1.pdf": "P01.001/UB",
    "P01.1_UB.1.pdf": None,
    "P01.002_ĐĐ.1.pdf": "P01.002/ĐĐ",
    "P01.002_\u00d0\u00d0.1.pdf": "P01.002/ĐĐ",
    "P01.002_DD.2.pdf": ("P01.002/DD", "P01.002/ĐĐ"),
    "P01.003-Quye\u0302\u0301t.1.pdf": "P01.003/Quyết",
    "P01.003_QUYET.1.pdf": "P01.003/Quyết",
    "P01.5.2.pdf": ("P01.5", "P01.5.2"),
    "P01.5.1.pdf": "P01.5",
    "P01.5.2.1.pdf": "P01.5.2",
    "P01.001.QD": None,
    "001_UB.1.pdf": None,
    "scan0001.pdf": None,
    "..pdf": None,
}
CODES = ("P01.001/UB", "P01.002/ĐĐ", "P01.002/DD", "P01.003/Quyết", "P01.5", "P01.5.2", "P01.001")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_means_the_dossier_it_holds_or_none(database: Database, name: str) -> None:  # noqa: F811
    """Separators and lost accents are forgiven, digits are not, and doubt stays doubt."""
    with database.atomic() as session:
        register(session, CODES, fonds="P01")
        found = find_by_name(session, name)
    wanted = NAMES[name]
    if name == "P01.001.QD":
        assert found == Found(), "the end of a code is no kind of file"
    assert found == (Found(several=wanted) if isinstance(wanted, tuple) else Found(wanted))


@given(st.text(max_size=60))
def test_any_name_can_be_asked_about(name: str) -> None:
    """No name is too odd, and what it may mean is folded as the register folds its codes."""
    for each in meanings(name):
        assert fold_code(each.spelled) == each.folded
        assert each.folded == fold_code(each.folded)


def test_a_scan_is_filed_by_its_name_before_it_is_read(room: Filing, tmp_path: Path) -> None:
    """The dossier is scanned at once and read later; a cover in the file outweighs its name."""
    room.register("HS.1/UB")
    (other,) = room.register("HS.2")
    named = room.put(save_pdf([leaf("một"), leaf("hai")], tmp_path / "a.pdf"), "HS.1_UB.1.pdf")
    covered = room.put(save_pdf([cover_sheet(other), leaf("ba")], tmp_path / "b.pdf"), "HS.1_UB.2.pdf")
    filing.match(room.office)
    assert digitizing.of_dossiers(room.office, ["HS.1/UB"])[0].state == "scanned"
    room.read()
    assert (room.filed(named), room.filed(covered)) == ([(1, None, "HS.1/UB")], [(2, 2, "HS.2")])
    told = digitizing.of_dossiers(room.office, ["HS.1/UB", "HS.2"])
    assert [(each.state, each.pages) for each in told] == [("read", 2), ("read", 1)]


def test_a_person_takes_pages_away_and_files_them_elsewhere(room: Filing, tmp_path: Path) -> None:
    """What a person decided stands against the program, is signed, and can be undone."""
    one, _ = room.register("HS.1", "HS.2")
    pages = [cover_sheet(one), *(leaf(f"Trang {each}") for each in range(1, 5))]
    scan = room.put(save_pdf(pages, tmp_path / "lô.pdf"))
    room.read()
    with pytest.raises(ArchiveError, match="pages-filed-already"):
        filing.attach(room.office, scan, "HS.2", (2, 3), by("LAN"))
    with pytest.raises(ArchiveError, match="part-not-whole"):
        filing.detach(room.office, scan, (2, 3), by("LAN"))
    filing.detach(room.office, scan, None, by("LAN"))
    filing.match(room.office)
    assert room.filed(scan) == []
    filing.attach(room.office, scan, "HS.2", (2, 3), by("TUAN"))
    filing.attach(room.office, scan, "HS.1", (4, 5), by("LAN"))
    assert room.filed(scan) == [(2, 3, "HS.2"), (4, 5, "HS.1")]
    filing.detach(room.office, scan, (2, 3), by("LAN"))
    assert room.filed(scan) == [(4, 5, "HS.1")]
    told = [(row.how, row.dossier, row.by, row.ended_by) for row in room.history(scan)]
    assert told == [("cover", "HS.1", "", "LAN"), ("hand", "HS.2", "TUAN", "LAN"), ("hand", "HS.1", "LAN", "")]
    assert room.scan(scan).dossier == "HS.1"


def test_filing_by_hand_is_refused_with_what_is_in_the_way(room: Filing, tmp_path: Path) -> None:
    """A guard may not, pages must exist, the dossier must be registered, and it must be clear which part is meant."""
    one, two = room.register("HS.1", "HS.2")
    pages = [cover_sheet(one), leaf("một"), cover_sheet(two), leaf("hai")]
    scan = room.put(save_pdf(pages, tmp_path / "lô.pdf"))
    with pytest.raises(ArchiveError, match="pages-outside-scan"):
        filing.attach(room.office, scan, "HS.1", (1, 2), by("LAN"))
    with pytest.raises(ArchiveError, match="nothing-filed"):
        filing.detach(room.office, scan, None, by("LAN"))
    room.read()
    with pytest.raises(CustodyError, match="signer-role-wrong"):
        filing.attach(room.office, scan, "HS.1", (2, 2), by("BAO"))
    with pytest.raises(CustodyError, match="one-signer"):
        filing.attach(room.office, scan, "HS.1", (2, 2), [("LAN", ""), ("TUAN", "")])
    with pytest.raises(ArchiveError, match="dossier-unknown"):
        filing.attach(room.office, scan, "HS.77", (2, 2), by("LAN"))
    with pytest.raises(ArchiveError, match="pages-outside-scan"):
        filing.attach(room.office, scan, "HS.1", (4, 5), by("LAN"))
    with pytest.raises(ArchiveError, match="several-filed"):
        filing.detach(room.office, scan, None, by("LAN"))
    assert room.filed(scan) == [(2, 2, "HS.1"), (4, 4, "HS.2")]


def test_two_people_answer_for_what_was_digitized(room: Filing, tmp_path: Path) -> None:
    """Nobody approves what they checked; a difference needs a reason; a scan filed later makes both acts void."""
    room.register("HS.1", leaves=3)
    scan = room.put(save_pdf([leaf("một"), leaf("hai")], tmp_path / "a.pdf"), "HS.1.1.pdf")
    with pytest.raises(ArchiveError, match="dossier-not-read"):
        digitizing.check(room.office, ["HS.1"], by("TUAN"))
    room.read()
    with pytest.raises(ArchiveError, match="difference-without-reason"):
        digitizing.check(room.office, ["HS.1"], by("TUAN"))
    with pytest.raises(ArchiveError, match="dossier-not-checked"):
        digitizing.approve(room.office, ["HS.1"], by("MINH"))
    digitizing.check(room.office, ["HS.1"], by("TUAN"), "tờ 3 dính vào tờ 2")
    with pytest.raises(ArchiveError, match="approval-by-checker"):
        digitizing.approve(room.office, ["HS.1"], by("TUAN"))
    (now,) = digitizing.of_dossiers(room.office, ["HS.1"])
    assert (now.state, now.is_digitized) == ("checked", False)
    digitizing.approve(room.office, ["HS.1"], by("MINH"))
    (now,) = digitizing.of_dossiers(room.office, ["HS.1"])
    assert (now.state, now.is_digitized, now.checked_by, now.approved_by) == ("approved", True, "TUAN", "MINH")
    with room.office.database.reading() as session:
        assert digitizing.scanned_of(session)["HS.1"].accepted
    room.put(save_pdf([leaf("ba")], tmp_path / "b.pdf"), "HS.1.2.pdf")
    room.read()
    (now,) = digitizing.of_dossiers(room.office, ["HS.1"])
    assert (now.state, now.pages, now.differences, now.checked_by) == ("read", 3, (), "")
    digitizing.check(room.office, ["HS.1"], by("LAN"))
    with pytest.raises(ArchiveError, match="withdrawal-without-reason"):
        digitizing.withdraw(room.office, ["HS.1"], by("MINH"))
    digitizing.withdraw(room.office, ["HS.1"], by("MINH"), "thiếu trang bìa")
    assert digitizing.of_dossiers(room.office, ["HS.1"])[0].state == "read"
    filing.detach(room.office, scan, None, by("LAN"))
    assert digitizing.of_dossiers(room.office, ["HS.1"])[0].pages == 1


def test_a_search_in_a_dossier_finds_the_pages_of_its_range_alone(room: Filing, tmp_path: Path) -> None:
    """The same words stand in both dossiers of one file; each hit names the dossier of its own page."""
    room.silent = False
    one, two = room.register("HS.1", "HS.2")
    words = "Sổ mục kê đất"
    pages = [cover_sheet(one), leaf(words), cover_sheet(two), leaf(words), leaf(words)]
    room.put(save_pdf(pages, tmp_path / "lô.pdf"))
    room.read()
    with room.office.database.reading() as session:
        assert _found(session, words, None) == [(2, "HS.1"), (4, "HS.2"), (5, "HS.2")]
        assert _found(session, words, "HS.2") == [(4, "HS.2"), (5, "HS.2")]
        assert _found(session, words, "HS.9") == []
        assert _found(session, "Hồ sơ đất đai", None) == [], "what is printed on covers is no text of the archive"
        assert sheets(session)["HS.2"].pages == 2
        assert len(dossier_pages(session, "HS.2")) == 2


def _found(session: Session, words: str, dossier: str | None) -> list[tuple[int, str | None]]:
    hits = search(session, Query(words, dossier=dossier)).hits
    return sorted((hit.number, hit.dossier) for hit in hits)


def test_what_people_decide_stands_in_the_log_and_a_row_nobody_signed_accepts_nothing(
    room: Filing, tmp_path: Path
) -> None:
    """Filing, taking away, checking and approving are entries; an approval written into the database alone is none."""
    room.register("HS.1", "HS.2", leaves=3)
    scan = room.put(save_pdf([leaf("một"), leaf("hai")], tmp_path / "a.pdf"))
    room.read()
    filing.attach(room.office, scan, "HS.1", None, by("LAN"))
    filing.detach(room.office, scan, None, by("LAN"))
    filing.attach(room.office, scan, "HS.2", (1, 2), by("LAN"))
    digitizing.check(room.office, ["HS.2"], by("TUAN"), "tờ 3 trống")
    with room.office.database.atomic() as session:
        reviews.approve(session, "HS.2", "MINH", room.office.clock.now())
    with room.office.database.reading() as session:
        assert not digitizing.scanned_of(session)["HS.2"].accepted
        told = [read_body(each.body) for each in ledger.read(session)]
        sha256 = scans.find(session, scan).sha256
    assert [(stamp.by, entry) for entry, stamp in told[:3]] == [
        (("LAN",), ScansFiled(sha256, 1, 0, "HS.1")),
        (("LAN",), ScansUnfiled(sha256, 1, 0, "HS.1")),
        (("LAN",), ScansFiled(sha256, 1, 2, "HS.2")),
    ]
    checked, stamp = told[3]
    assert isinstance(checked, ScansReviewed)
    assert (checked.dossier, checked.act, stamp.by) == ("HS.2", "checked", ("TUAN",))
    assert checked.reason == hashlib.sha256("tờ 3 trống".encode()).hexdigest()
    digitizing.withdraw(room.office, ["HS.2"], by("MINH"), "ký nhầm")
    digitizing.check(room.office, ["HS.2"], by("TUAN"), "tờ 3 trống")
    digitizing.approve(room.office, ["HS.2"], by("MINH"))
    with room.office.database.reading() as session:
        assert digitizing.scanned_of(session)["HS.2"].accepted
