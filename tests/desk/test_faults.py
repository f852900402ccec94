"""Faults of the program are noted with their moment, and people see the last ones without what documents hold."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from desk import faults
from desk.doctor import examine
from desk.office import open_office, prepare
from desk.web.app import create_app


def fail(words: str) -> Exception:
    """Return an error that was raised."""
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


def test_the_newest_faults_come_first_and_hold_no_words(tmp_path: Path) -> None:
    """Only kind and place are shown; a message may quote a document."""
    faults.note_error(tmp_path, {}, fail("Nguyễn Văn A"))
    faults.note(tmp_path, {}, "part-died-lately", {"part": "watcher", "exit": -9})
    found = faults.newest(tmp_path)
    assert [each.code for each in found] == ["part-died-lately", "fault-noted"]
    assert found[1].facts["kind"] == "ValueError"
    assert "Nguyễn" not in str(found)
    assert found[0].moment >= found[1].moment


def test_a_damaged_log_is_passed_over(tmp_path: Path) -> None:
    """Half a line, odd JSON and bytes of no encoding cost nothing but themselves."""
    path = faults.note(tmp_path, {}, "fault-noted", {"kind": "X", "where": "y:1"})
    with path.open("ab") as log:
        log.write(b'== {"at": 7}\n== []\n== {"at": "2026-01-01T00:00:00", "code": "x", "facts": {}}\n== \xff\xfe\n== {')
    assert [each.code for each in faults.newest(tmp_path)] == ["fault-noted"]
    assert faults.newest(tmp_path / "nowhere") == []


def test_page_and_doctor_show_faults_or_say_that_there_are_none(tmp_path: Path) -> None:
    """The empty state is said; a fault has its next step."""
    prepare(tmp_path, {})
    office = open_office(tmp_path, {})
    client = TestClient(create_app(office), base_url="http://localhost")
    client.cookies.set("luutru_lang", "en")
    assert "No fault of the program is noted." in client.get("/").text
    assert any(each.code == "faults-none" for each in examine(tmp_path, {}))
    faults.note_error(tmp_path, {}, fail("secret"))
    page = client.get("/").text
    assert "ValueError, test_faults.py:" in page
    assert "show log/errors.log to whoever looks after the station" in page
    assert "secret" not in page
    assert any(each.code == "fault-noted" and each.level == "note" for each in examine(tmp_path, {}))
    office.close()
