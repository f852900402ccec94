"""The review desk on pages and as commands: the queue, the acts, undo, two desks at once, and who may."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import pages, scans
from archive.clock import HandClock
from archive.pages import WordBox
from archive.search import Query, search
from archive.tables import Page
from desk import filing
from desk.cli.main import answer
from desk.office import Office
from tests.desk.clerks import PIN, Desk, manned

READ = "Uỷ ban nhân dân qnặm"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a station with people and a register."""
    with manned(tmp_path / "station", HandClock()) as opened:
        yield opened


def store(office: Office, *confidences: float) -> str:
    """Store a scan whose pages were read with these confidences; returns its identifier."""
    now = office.clock.now()
    with office.database.atomic() as session:
        facts = {"sha256": "ab" * 32, "size": 1, "kind": "pdf", "name": "công văn.pdf"}
        made = scans.receive(session, **facts, station="máy 1", now=now).public_id  # type: ignore[arg-type]
    held = scans.claim(office.database, "reader", now, 60)
    assert held is not None
    for number, confidence in enumerate(confidences, 1):
        reason = {"code": "low-confidence", "facts": {"confidence": confidence, "bound": 70}}
        page = Page(
            scan_id=0, number=number, width=100, height=100, dpi=300, source="ocr", text=READ, confidence=confidence,
            reasons=[reason], wants_eyes=True, read_at=now,
        )  # fmt: skip  # one row
        boxes = [WordBox(word, 10 * at, 10, 8, 10, confidence, 0, 0) for at, word in enumerate(READ.split())]
        with office.database.atomic() as session:
            pages.save(session, held, page, boxes)
    with office.database.atomic() as session:
        scans.finish(session, held, state=scans.READ, now=now, page_count=len(confidences))
    return made


def found(office: Office, asked: str) -> int:
    """Return how many pages a search finds."""
    with office.database.reading() as session:
        return search(session, Query(asked)).total


def version_on(text: str) -> str:
    """Return the version that a form carries."""
    told = re.search(r'name="seen" value="([^"]+)"', text)
    assert told is not None
    return told[1]


def test_an_empty_queue_says_what_fills_it(office: Office) -> None:
    """In both languages."""
    assert "come here by themselves" in Desk(office, "NV01").get("/review").text
    assert "sẽ tự động vào đây" in Desk(office, "NV01", "vi").get("/review").text


def test_a_clerk_corrects_goes_on_to_the_next_and_takes_it_back(office: Office) -> None:
    """The worst page comes first; after each act the next one that waits."""
    clerk, scan = Desk(office, "NV01"), store(office, 60, 20, 40)
    listed = clerk.get("/review").text
    assert listed.index(f"/review/{scan}/2") < listed.index(f"/review/{scan}/3") < listed.index(f"/review/{scan}/1")
    page = clerk.get(f"/review/{scan}/2").text
    assert "qnặm" in page
    form = {"seen": version_on(page), "act": "correct", "text": "Ủy ban nhân dân quận"}
    answer = clerk.post(f"/review/{scan}/2", **form)
    assert answer.headers["location"].startswith(f"/review/{scan}/3?done=correct")
    assert "Text corrected" in clerk.get(answer.headers["location"]).text
    assert (found(office, '"dân quận"'), found(office, "qnặm")) == (1, 2)
    page = clerk.get(f"/review/{scan}/2").text
    assert READ in page, "what the machine read stands beside it"
    assert clerk.post(f"/review/{scan}/2", seen=version_on(page), act="undo").status_code == 303
    with office.database.reading() as session:
        assert [row.text for row in pages.of_scan(session, scans.find(session, scan).id or 0)] == [READ] * 3


def test_two_desks_on_one_page_the_second_is_shown_what_the_first_did(office: Office) -> None:
    """What the second typed is kept, and saves once they have seen it."""
    first, second, scan = Desk(office, "NV01"), Desk(office, "NV02"), store(office, 20)
    seen = version_on(first.get(f"/review/{scan}/1").text)
    assert first.post(f"/review/{scan}/1", seen=seen, act="correct", text="của người thứ nhất").status_code == 303
    answer = second.post(f"/review/{scan}/1", seen=seen, act="correct", text="của người thứ hai")
    assert answer.status_code == 409
    assert "của người thứ nhất" in answer.text
    assert "của người thứ hai" in answer.text
    again = {"seen": version_on(answer.text), "act": "correct", "text": "của người thứ hai"}
    assert second.post(f"/review/{scan}/1", **again).status_code == 303
    assert (found(office, '"thứ hai"'), found(office, '"thứ nhất"')) == (1, 0)


@pytest.mark.parametrize("name", ["blank", "accept"])
def test_a_page_that_is_blank_or_fine_waits_no_longer(office: Office, name: str) -> None:
    """Until that is taken back."""
    clerk, scan = Desk(office, "NV01"), store(office, 20)
    page = clerk.get(f"/review/{scan}/1").text
    assert clerk.post(f"/review/{scan}/1", seen=version_on(page), act=name).status_code == 303
    assert "No page waits for eyes." in clerk.get("/review").text
    assert found(office, "qnặm") == (0 if name == "blank" else 1)
    page = clerk.get(f"/review/{scan}/1").text
    assert clerk.post(f"/review/{scan}/1", seen=version_on(page), act="undo").status_code == 303
    assert f"/review/{scan}/1" in clerk.get("/review").text
    assert found(office, "qnặm") == 1


def test_words_of_a_title_offer_dossiers_and_the_chosen_one_gets_the_pages(office: Office) -> None:
    """From this page to the end of the file; the log of custody says so."""
    clerk, scan = Desk(office, "NV01"), store(office, 20, 30, 40)
    answer = clerk.post(f"/review/{scan}/2", act="attach", dossier="đất đai số 7", last="")
    assert answer.status_code == 422
    assert 'value="P01.007/UB"' in answer.text
    chosen = {"act": "attach", "dossier": "đất đai số 7", "last": "", "chosen": "P01.007/UB"}
    assert clerk.post(f"/review/{scan}/2", **chosen).status_code == 303
    assert "P01.007/UB" in clerk.get(f"/review/{scan}/3").text
    assert "Filed under" not in clerk.get(f"/review/{scan}/1").text


def test_an_inspector_sees_the_page_and_cannot_change_it(office: Office) -> None:
    """Reading is not reviewing."""
    inspector, scan = Desk(office, "TT01"), store(office, 20)
    page = inspector.get(f"/review/{scan}/1")
    assert (page.status_code, 'value="accept"' in page.text) == (200, False)
    assert inspector.post(f"/review/{scan}/1", act="accept", seen=version_on(page.text)).status_code == 403


def test_commands_do_the_same_and_an_old_version_is_refused(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """List, correct, undo; the page as one line of JSON."""
    scan, pins, text = store(office, 20), tmp_path / "pins", tmp_path / "text"
    pins.write_text(f"NV01={PIN}\n")
    text.write_text("quận Hoàn Kiếm")

    def run(*words: str, signed: bool = True) -> tuple[int, dict[str, object]]:
        signing = ("--signer", "NV01", "--pins", str(pins)) if signed else ()
        code = answer(
            ["review", *words, *signing, "--json", "--home", str(office.settings.home)], {"LANG": "en_US.UTF-8"}
        )
        told = capsys.readouterr().out
        return code, json.loads(told) if code == 0 else {}

    assert run("list", signed=False)[1]["total"] == 1
    seen = str(run("show", scan, "1", signed=False)[1]["version"])
    code, told = run("correct", scan, "1", str(text), "--seen", seen)
    assert (code, told["text"]) == (0, "quận Hoàn Kiếm")
    assert run("blank", scan, "1", "--seen", seen)[0] != 0
    assert run("undo", scan, "1")[1]["text"] == READ
    assert run("list", signed=False)[1]["total"] == 1
    assert filing.count_open(office) == 0
