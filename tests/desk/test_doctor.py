"""The doctor finds what is wrong, says how to mend it, changes nothing, and never falls over."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.clock import HandClock
from desk import doctor
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import Office


def codes(home: Path, clock: HandClock | None = None, level: str | None = None) -> set[str]:
    """Return the codes the doctor finds in a home."""
    return {each.code for each in doctor.examine(home, {}, clock) if level in (None, each.level)}


def test_a_sound_home_has_nothing_wrong(office: Office, clock: HandClock) -> None:
    """On a machine with every program a fresh station is healthy; that it does not run yet is only a note."""
    assert codes(office.settings.home, clock, "wrong") == set()
    assert "station-stopped" in codes(office.settings.home, clock, "note")


def test_a_missing_home_is_named_and_not_made(tmp_path: Path) -> None:
    """Looking changes nothing."""
    assert "home-missing" in codes(tmp_path / "nowhere", level="wrong")
    assert not (tmp_path / "nowhere").exists()


def test_broken_settings_are_a_finding_not_an_end(office: Office) -> None:
    """The programs are still looked at when the settings cannot be read."""
    (office.settings.home / "luutru.toml").write_text("port = [", encoding="utf-8")
    assert {"settings-broken", "sqlite-found"} <= codes(office.settings.home)


def test_a_missing_engine_or_language_is_wrong(office: Office, clock: HandClock) -> None:
    """Without the Vietnamese data nothing can be read, and that is said before the first scan fails."""
    (office.settings.home / "luutru.toml").write_text('engine = "/no/such/tesseract"\n', encoding="utf-8")
    assert "engine-missing" in codes(office.settings.home, clock, "wrong")
    (office.settings.home / "luutru.toml").write_text('language = "tlh"\n', encoding="utf-8")
    assert "language-missing" in codes(office.settings.home, clock, "wrong")


def test_a_missing_program_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """PDF pages that have to be drawn need pdftoppm."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "poppler-missing" in codes(tmp_path, level="wrong")


def test_a_missing_folder_is_wrong(office: Office, clock: HandClock) -> None:
    """An inbox that somebody removed is noticed before a scanner fails."""
    office.settings.inbox_folder.rmdir()
    assert "folder-missing" in codes(office.settings.home, clock, "wrong")


def test_a_full_disk_is_wrong(office: Office, clock: HandClock) -> None:
    """The room intake keeps free is compared with what there is."""
    (office.settings.home / "luutru.toml").write_text("keep_free_mb = 999999999\n", encoding="utf-8")
    assert "disk-low" in codes(office.settings.home, clock, "wrong")


def test_a_clock_before_this_release_is_wrong(office: Office) -> None:
    """A PC with an empty battery starts in another year."""
    past = HandClock(datetime(2002, 1, 1, tzinfo=UTC))
    assert "clock-behind" in codes(office.settings.home, past, "wrong")


def test_a_database_that_is_none_is_wrong(office: Office, clock: HandClock) -> None:
    """Garbage in the place of the database is a finding."""
    office.close()
    for path in office.settings.home.glob("archive.sqlite3*"):
        path.unlink()
    (office.settings.home / "archive.sqlite3").write_bytes(b"no database" * 1000)
    assert codes(office.settings.home, clock, "wrong") & {"database-unreachable", "database-damaged"}


def test_the_command_answers_as_json_and_by_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Scripts see what is wrong, with the next step in words."""
    assert answer(["doctor", "--json", "--lang", "en", "--home", str(tmp_path / "none")], {}) == Exit.FINDINGS
    told = json.loads(capsys.readouterr().out)
    assert told["healthy"] is False
    missing = next(each for each in told["findings"] if each["code"] == "home-missing")
    assert "luutru init" in missing["next"]
