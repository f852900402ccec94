"""What people do to pages: the index is what is shown, the machine's reading is kept, nobody overwrites unseen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from archive import page_acts, pages, reindex, scans, schema
from archive.database import Database, open_database
from archive.errors import ArchiveError
from archive.pages import WordBox
from archive.realign import realign
from archive.search import Query, search
from archive.tables import Page

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
WORDS = [
    WordBox("Quyết", 10, 10, 50, 20, 91.0, 0, 0),
    WordBox("dinh", 70, 10, 40, 20, 40.0, 0, 0),
    WordBox("thu", 10, 40, 30, 20, 55.0, 1, 0),
    WordBox("hổl", 50, 40, 30, 20, 35.0, 1, 0),
]
READ = "Quyết dinh\nthu hổl"


def read_one(database: Database, *, source: str = "ocr", confidence: float | None = 55.0, text: str = READ) -> str:
    """Store a scan and let a worker read its one page; returns the scan's identifier."""
    with database.atomic() as session:
        digest = f"{source}{confidence}{text}".encode().hex()[-64:].rjust(64, "0")
        facts = {"sha256": digest, "size": 1, "kind": "pdf", "name": "a.pdf"}
        made = scans.receive(session, **facts, station="máy 1", now=NOW).public_id  # type: ignore[arg-type]
    held = scans.claim(database, "reader", NOW, 60)
    assert held is not None
    reason = {"code": "low-confidence", "facts": {"confidence": 55, "bound": 70}}
    page = Page(
        scan_id=0, number=1, width=100, height=100, dpi=300, source=source, text=text, confidence=confidence,
        reasons=[reason], wants_eyes=True, read_at=NOW,
    )  # fmt: skip  # one row
    with database.atomic() as session:
        pages.save(session, held, page, WORDS if text == READ else [])
        scans.finish(session, held, state=scans.READ, now=NOW, page_count=1)
    return made


def found(database: Database, asked: str) -> int:
    """Return how many pages a search finds."""
    with database.reading() as session:
        return search(session, Query(asked)).total


def test_corrected_words_are_found_and_wrong_ones_are_not(database: Database) -> None:
    """The words, their places and the index change in one transaction; undone, all is as it was."""
    scan = read_one(database)
    with database.atomic() as session:
        page_acts.correct(session, page_acts.find(session, scan, 1)[1], "Quyết định\nthu hồi đất", None, "NV01", NOW)
    assert (found(database, '"quyết định"'), found(database, '"hổl"'), found(database, "đất")) == (1, 0, 1)
    with database.reading() as session:
        held, page = page_acts.find(session, scan, 1)
        assert page_acts.machine(session, page).text == READ
        assert (page.wants_eyes, held.state) == (False, scans.RECEIVED)
        assert [word.text for word in pages.words(session, page.id or 0)] == ["Quyết", "định", "thu", "hồi", "đất"]
    with database.atomic() as session:
        page_acts.undo(session, page_acts.find(session, scan, 1)[1], None, "NV02", NOW)
    assert (found(database, '"hổl"'), found(database, "đất")) == (1, 0)
    with database.reading() as session:
        page = page_acts.find(session, scan, 1)[1]
        assert (pages.words(session, page.id or 0), page.wants_eyes) == (WORDS, True)
        (act,) = page_acts.history(session, page)
        assert (act.by, act.undone_by) == ("NV01", "NV02")


def test_who_looked_at_an_older_version_is_refused_and_told_who_was_faster(database: Database) -> None:
    """Also where the faster one undid what they had done."""
    scan = read_one(database)
    with database.reading() as session:
        seen = page_acts.version(session, page_acts.find(session, scan, 1)[1])
    with database.atomic() as session:
        page_acts.correct(session, page_acts.find(session, scan, 1)[1], "một", seen, "NV01", NOW)
    with database.atomic() as session:
        page_acts.undo(session, page_acts.find(session, scan, 1)[1], None, "NV02", NOW + timedelta(minutes=1))
    with database.atomic() as session, pytest.raises(ArchiveError) as refused:
        page_acts.correct(session, page_acts.find(session, scan, 1)[1], "hai", seen, "NV04", NOW)
    assert (refused.value.code, refused.value.facts["by"]) == ("page-changed", "NV02")
    assert found(database, "hai") == 0


def test_a_reader_at_work_loses_its_hold_and_no_page_is_blamed(database: Database) -> None:
    """It may have taken the old text into the copy that it writes."""
    scan = read_one(database)
    with database.atomic() as session:
        page_acts.correct(session, page_acts.find(session, scan, 1)[1], "một", None, "NV01", NOW)
    held = scans.claim(database, "reader", NOW, 60)
    assert held is not None
    scans.begin_pages(database, held, [-1])
    with database.atomic() as session:
        page_acts.correct(session, page_acts.find(session, scan, 1)[1], "hai", None, "NV01", NOW)
    with pytest.raises(ArchiveError, match="lease-lost"), database.atomic() as session:
        scans.finish(session, held, state=scans.READ, now=NOW)
    with database.reading() as session:
        assert scans.attempts(session, held.scan_id) == {}


def test_the_queue_begins_with_the_worst_and_neighbours_follow_it(database: Database) -> None:
    """Failed first, then without words, then the least certain."""
    sure, failed = read_one(database, confidence=69.0), read_one(database, source="failed", confidence=None, text="")
    empty, doubtful = read_one(database, confidence=None, text="…"), read_one(database, confidence=20.0)
    with database.reading() as session:
        order = [scan.public_id for _, scan in page_acts.queue(session, 10)]
        assert order == [failed, empty, doubtful, sure]
        page = page_acts.find(session, empty, 1)[1]
        ahead, behind = (page_acts.neighbour(session, page, forward=way) for way in (True, False))
        assert (ahead and ahead[1].public_id, behind and behind[1].public_id) == (doubtful, failed)


def test_a_failed_page_read_again_does_not_take_back_old_acts(database: Database) -> None:
    """An act is about one reading; a later one begins without it."""
    scan = read_one(database, source="failed", confidence=None, text="")
    with database.atomic() as session:
        page_acts.accept(session, page_acts.find(session, scan, 1)[1], None, "NV01", NOW)
    with database.atomic() as session:
        pages.read_again(session, scans.find(session, scan))
    held = scans.claim(database, "reader", NOW, 60)
    assert held is not None
    later = NOW + timedelta(hours=1)
    page = Page(scan_id=0, number=1, width=1, height=1, dpi=300, source="ocr", text="đọc lại", read_at=later)
    with database.atomic() as session:
        pages.save(session, held, page, [])
    with database.atomic() as session, pytest.raises(ArchiveError, match="nothing-to-undo"):
        page_acts.undo(session, page_acts.find(session, scan, 1)[1], None, "NV01", later)
    assert found(database, '"đọc lại"') == 1


def shown(session: Session, scan: str) -> str:
    """Return the text of the page as it stands."""
    return page_acts.find(session, scan, 1)[1].text


@given(st.lists(st.sampled_from(["mot", "hai ba", "bon", "blank", "accept", "undo", "reindex"]), max_size=8))
@settings(max_examples=25, deadline=None)
def test_whatever_is_done_in_whatever_order_the_index_is_what_is_shown(acts: list[str]) -> None:
    """And the machine's reading stands beside it, and undoing everything leads back to it."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'a.sqlite3'}")
        schema.upgrade(database)
        scan = read_one(database)
        for act in acts:
            do_one(database, scan, act)
            with database.reading() as session:
                text = shown(session, scan)
                assert page_acts.machine(session, page_acts.find(session, scan, 1)[1]).text == READ
            for word in ("mot", "hai", "ba", "bon", "quyet", "dinh"):
                stands = word in ("quyet", "dinh") if text == READ else word in text.split()
                assert found(database, word) == int(stands), (acts, text, word)
            assert reindex.check(database) == []
        while do_one(database, scan, "undo"):
            pass
        with database.reading() as session:
            assert shown(session, scan) == READ
            assert page_acts.find(session, scan, 1)[1].wants_eyes
        database.close()


def do_one(database: Database, scan: str, act: str) -> bool:
    """Do one act; returns whether it was accepted."""
    if act == "reindex":
        return reindex.rebuild(database) == 1
    plain = {"blank": page_acts.call_blank, "accept": page_acts.accept, "undo": page_acts.undo}
    try:
        with database.atomic() as session:
            page = page_acts.find(session, scan, 1)[1]
            if act in plain:
                plain[act](session, page, None, "NV01", NOW)
            else:
                page_acts.correct(session, page, act, None, "NV01", NOW)
    except ArchiveError as refused:
        if refused.code not in {"page-blank-already", "page-wants-no-eyes", "nothing-to-undo"}:
            raise
        return False
    return True


@given(st.lists(st.sampled_from(["Quyết", "định", "thu", "hồi", "của", "đất"]), max_size=9))
def test_every_corrected_word_stands_within_the_room_of_the_page(typed: list[str]) -> None:
    """In the order it was typed, with a width, and certain unless it is the machine's own."""
    placed = realign(WORDS, " ".join(typed))
    texts = iter(typed)
    assert all(any(word.text == each for each in texts) for word in placed)
    assert all(each.x >= 10 and each.x + each.width <= 110 and each.width > 0 for each in placed)
    assert all(each in WORDS or each.confidence == 100 for each in placed)
