"""Alarms on the command line: seen, taken in charge, silenced, shown with all that happened; and the second I15."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import open_office
from desk.watching_log import hear
from tests.desk.test_custody_day import Day, count_blind, day, sealed_box

__all__ = ["day"]


def tick(day: Day) -> None:
    """Let the station look once."""
    assert answer(["tick", "--once", "--home", str(day.home)], {}) == Exit.OK


def test_a_missing_box_is_told_taken_in_charge_and_stays_on_the_list_until_it_is_found(day: Day) -> None:
    """From the report to the history, with the words for it in both languages."""
    box = sealed_box(day, 1, 5, "A0001")
    assert day.do("alarms", "list")["is_stale"]
    day.do("package", "report", box, "--missing", by="NV04")
    tick(day)
    listed = day.do("alarms", "list", ends=Exit.FINDINGS)
    (alarm,) = [each for each in listed["alarms"] if each["code"] == "package-missing"]
    assert (alarm["about"], alarm["level"], alarm["wants_person"]) == (box, "urgent", True)
    assert "K1-G01" in alarm["what"]
    number = str(alarm["number"])
    taken = ["--signer", "NV04", "--pins", day.pins]
    assert day.do("alarms", "ack", number, *taken)["acked_by"] == "NV04"
    day.do("alarms", "ack", number, *taken, ends=Exit.BUSY)
    told = day.do("alarms", "show", number)
    assert [each["verb"] for each in told["events"]] == ["raised", "acknowledged"]
    assert told["told"] == ["guard", "archivist", "leader"]
    tick(day)
    assert [each["number"] for each in day.do("alarms", "history")] == [alarm["number"]]


def test_silencing_wants_a_role_a_reason_and_a_moment_ahead(day: Day) -> None:
    """A witness may not, an archivist may, and only for a while."""
    box = sealed_box(day, 1, 5, "A0001")
    day.do("package", "report", box, "--missing", by="NV04")
    tick(day)
    words = ["alarms", "quiet", 1, "--reason", "đang tìm", "--pins", day.pins]
    day.do(*words, "--until", "2h", "--signer", "NV04", ends=Exit.FINDINGS)
    day.do(*words, "--until", "9d", "--signer", "NV02", ends=Exit.FINDINGS)
    assert day.do(*words, "--until", "2h", "--signer", "NV02")["quiet_by"] == "NV02"
    day.do("alarms", "show", 7, ends=Exit.NOT_FOUND)


def test_a_test_message_says_that_nobody_is_told(day: Day, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a channel the command refuses and names the setting, in the reader's language."""
    for lang, said in (("vi", "Chưa đặt kênh nào"), ("en", "No channel is set")):
        capsys.readouterr()
        answer(["alarms", "test"], {"LANG": f"{lang}.UTF-8", "LUUTRU_HOME": str(day.home)})
        assert said in capsys.readouterr().err


def test_a_forged_label_and_a_used_seal_are_told_although_nothing_was_recorded(day: Day) -> None:
    """The refusal leaves no entry, and an alarm."""
    box = sealed_box(day, 1, 5, "A0001")
    other = str(day.do("package", "new", by="NV01")["about"])
    day.do("package", "add", other, "P01.011/UB", by="NV01")
    count_blind(day, other, 1, 21, "NV01", "NV04")
    day.do("package", "pack", other, by="NV01 NV04")
    place = ["--place", "K1-G01", "--store", "K1"]
    day.do("package", "seal", other, "--number", "A0001", *place, by="NV02 NV01", ends=Exit.FINDINGS)
    tick(day)
    (alarm,) = day.do("alarms", "list", ends=Exit.FINDINGS)["alarms"]
    assert (alarm["code"], alarm["about"], alarm["facts"]["package"]) == ("seal-number-again", "A0001", box)


def test_verify_says_which_phone_lost_entries(day: Day) -> None:
    """I15 is judged by what phones say of themselves, not by the log alone."""
    office = open_office(day.home, {})
    hear(office, "phone-3", office.clock.now(), 5, 0)
    office.close()
    judged = day.do("verify", ends=Exit.FINDINGS)["invariants"]
    (streams,) = [each for each in judged if each["number"] == 15]
    assert streams["outcome"] == "breached"
    assert "phone-3" in json.dumps(streams)


def test_a_backup_is_remembered(day: Day, tmp_path: Path) -> None:
    """The alarm about backups counts from the last one that was made."""
    day.do("backup", tmp_path / "backup")
    office = open_office(day.home, {})
    with office.database.reading() as session:
        from custody.alarming import observed

        seen = observed(session, "backup")
    office.close()
    assert seen is not None
    assert seen.facts["folder"].endswith("backup")
