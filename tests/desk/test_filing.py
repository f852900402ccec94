"""Batches that were scanned behind printed cover sheets end under their dossiers, page by page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import catalogue, pages, scans
from archive.clock import HandClock
from archive.refs import Kind, check_character, new_code
from archive.tables import Page
from desk import digitizing, filing
from desk.office import Office, open_office, prepare
from desk.running import tick
from tests.archive.conftest import database_url  # noqa: F401  # both engines
from tests.desk.filings import Filing
from tests.scanned_batches import both_sides, cover_sheet, crooked, leaf, save_pdf


@pytest.fixture
def room(office: Office, tmp_path: Path) -> Filing:
    """Give a station whose dossiers can be registered and whose scans can be read."""
    return Filing(office, tmp_path)


def test_several_dossiers_in_one_file_each_get_their_pages(room: Filing, tmp_path: Path) -> None:
    """Covers are no pages of their dossiers; upside down and crooked ones are read as well."""
    one, two, three = room.register("HS.1/UB", "HS.2/UB", "HS.3/ĐĐ")
    stack = [
        cover_sheet(one),
        leaf("một"),
        leaf("hai"),
        cover_sheet(two).rotate(180),
        leaf("ba"),
        crooked(cover_sheet(three, Kind.SEPARATOR), 4),
        leaf("bốn"),
        leaf("năm"),
        leaf("sáu"),
    ]
    scan = room.put(save_pdf(stack, tmp_path / "lô.pdf"))
    room.read()
    assert room.filed(scan) == [(2, 3, "HS.1/UB"), (5, 5, "HS.2/UB"), (7, 9, "HS.3/ĐĐ")]
    assert [row.pages for row in room.parts(scan)] == [2, 1, 3]
    assert room.scan(scan).dossier is None, "no one dossier has all of the file"
    assert room.asking(scan) == {}
    with room.office.database.reading() as session:
        assert session.get_one(Page, 1).source == "cover"
        assert session.get_one(Page, 1).text == ""


def test_a_batch_of_both_sides_counts_leaves_exactly(room: Filing, tmp_path: Path) -> None:
    """The blank back of a cover is no page; four leaves are not five, though eight pages could come from five."""
    one, two = room.register("HS.1", leaves=4) + room.register("HS.2", leaves=5)
    fronts = [
        cover_sheet(one),
        *map(leaf, ("Trang một", "Trang hai", "Trang ba", "Trang bốn")),
        cover_sheet(two),
        *map(leaf, ("Trang năm", "Trang sáu", "Trang bảy", "Trang tám")),
    ]
    scan = room.put(save_pdf(both_sides(fronts), tmp_path / "hai mặt.pdf"))
    room.read()
    assert room.filed(scan) == [(3, 10, "HS.1"), (13, 20, "HS.2")]
    whole, short = digitizing.of_dossiers(room.office, ["HS.1", "HS.2"])
    assert (whole.pages, whole.blanks, whole.is_digitized, whole.differences) == (8, 4, True, ())
    assert [each.code for each in short.differences] == ["pages-not-as-leaves"]
    assert (short.differences[0].facts["low"], short.differences[0].facts["high"], short.is_digitized) == (4, 4, False)


def test_what_covers_cannot_decide_asks_for_eyes_and_is_never_dropped(room: Filing, tmp_path: Path) -> None:
    """Pages before the first cover, an unknown code, a forged code and a cover with nothing behind it are each told."""
    (known,) = room.register("HS.1")
    stranger, forged = new_code(), known[:-1] + next(each for each in "0123" if each != check_character(known[:-1]))
    stack = [
        leaf("lạc"),
        cover_sheet(known),
        leaf("một"),
        cover_sheet(stranger),
        leaf("hai"),
        cover_sheet(forged),
        leaf("ba"),
        cover_sheet(known),
    ]
    scan = room.put(save_pdf(stack, tmp_path / "lô.pdf"))
    room.read()
    assert room.filed(scan) == [
        (1, 1, "pages-before-cover"),
        (3, 3, "HS.1"),
        (5, 5, "cover-unknown"),
        (7, 7, "cover-doubtful"),
        (8, 8, "cover-without-pages"),
    ]
    asked = {1: ["pages-before-cover"], 4: ["cover-unknown"], 6: ["cover-doubtful"], 8: ["cover-without-pages"]}
    assert room.asking(scan) == asked
    told = {each["reason"]: each["code"] for each in filing.open_parts(room.office)}
    assert (told["cover-unknown"], forged in told["cover-doubtful"]) == (f"D/{stranger}", True)


def test_a_dossier_registered_after_its_scan_gets_its_pages_at_the_next_pass(room: Filing, tmp_path: Path) -> None:
    """What asked for eyes asks no more; the pass looks at no scan twice without news, and changes nothing twice."""
    room.register("HS.0")
    late, label = "HS.9/UB", new_code()
    by_cover = room.put(save_pdf([cover_sheet(label), leaf("một")], tmp_path / "a.pdf"))
    by_name = room.put(save_pdf([leaf("hai")], tmp_path / "b.pdf"), "HS.9-UB.1.pdf")
    room.read()
    assert room.filed(by_cover) == [(2, 2, "cover-unknown")]
    assert room.filed(by_name) == []
    assert filing.match(room.office).looked == 0
    room.register(late)
    with room.office.database.atomic() as session:
        catalogue.dossier(session, late).label = label
    assert filing.match(room.office) == filing.Matched(2, 2)
    assert (room.filed(by_cover), room.filed(by_name)) == ([(2, 2, late)], [(1, None, late)])
    assert (room.scan(by_cover).dossier, room.asking(by_cover)) == (late, {})
    before = [row.id for row in room.history(by_cover)]
    assert filing.match(room.office) == filing.Matched(0, 0)
    with room.office.database.atomic() as session:
        filing.file_scan(session, room.scan(by_cover).id or 0, room.office.clock.now())
    assert [row.id for row in room.history(by_cover)] == before


def test_a_page_read_again_as_a_cover_cuts_the_range_it_lay_in(room: Filing, tmp_path: Path) -> None:
    """Filing follows the newest reading; what stood before is ended and kept."""
    one, two = room.register("HS.1", "HS.2")
    stack = [cover_sheet(one), leaf("một"), cover_sheet(two), leaf("hai")]
    scan = room.put(save_pdf(stack, tmp_path / "lô.pdf"))
    room.read()
    row_id = room.scan(scan).id or 0
    with room.office.database.atomic() as session:
        page = session.get_one(Page, 3)
        page.cover, page.source = None, "failed"
        session.add(page)
        session.flush()
        filing.file_scan(session, row_id, room.office.clock.now())
    assert room.filed(scan) == [(2, 4, "HS.1")]
    assert room.parts(scan)[0].failed == 1
    with room.office.database.atomic() as session:
        pages.read_again(session, scans.find(session, scan))
    room.read()
    assert room.filed(scan) == [(2, 2, "HS.1"), (4, 4, "HS.2")]
    ended = [(row.first_page, row.last_page) for row in room.history(scan) if row.ended_at is not None]
    assert ended == [(2, 2), (4, 4), (2, 4)]


@pytest.fixture
def city(database_url: str, tmp_path: Path) -> Iterator[Filing]:  # noqa: F811  # the fixture
    """Give a station on each engine."""
    home = tmp_path / "city"
    prepare(home, {"LUUTRU_DATABASE_URL": database_url})
    office = open_office(home, {"LUUTRU_DATABASE_URL": database_url}, HandClock())
    yield Filing(office, tmp_path)
    office.close()


def test_both_engines_file_a_batch_and_count_it_alike(city: Filing, tmp_path: Path) -> None:
    """Ranges, counts, the share of each fonds and the search in a dossier are the same in a city."""
    one, two = city.register("HS.1", "HS.2", leaves=2)
    stack = [cover_sheet(one), leaf("một"), leaf("hai"), cover_sheet(two), leaf("ba")]
    scan = city.put(save_pdf(stack, tmp_path / "lô.pdf"))
    city.read()
    assert city.filed(scan) == [(2, 3, "HS.1"), (5, 5, "HS.2")]
    assert digitizing.by_fonds(city.office) == {"HS": digitizing.Share(1, 2)}
    told = digitizing.of_fonds(city.office, "hs")
    assert [(each.dossier, each.pages, each.is_digitized) for each in told] == [("HS.1", 2, True), ("HS.2", 1, False)]
    assert filing.match(city.office).looked == 0


def test_the_minute_tick_files_what_was_registered_since(room: Filing, tmp_path: Path) -> None:
    """Nobody has to ask for it."""
    scan = room.put(save_pdf([leaf("một")], tmp_path / "a.pdf"), "HS.7.1.pdf")
    room.read()
    assert room.filed(scan) == []
    room.register("HS.7")
    tick(room.office, threading.Event(), once=True)
    assert room.filed(scan) == [(1, None, "HS.7")]
