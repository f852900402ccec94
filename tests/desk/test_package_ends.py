"""Counting blind, clearing doubts, ending packages, correcting entries and telling a package's whole way."""

from __future__ import annotations

from pathlib import Path

import pytest

from custody import counting
from custody.errors import CustodyError
from desk.cli import counting as counting_cli
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import open_office
from tests.archive.lists import HEADER, text
from tests.desk.test_custody_day import PIN, Day, count_blind, day, sealed_box

__all__ = ["day"]


def draft(day: Day, *numbers: int) -> str:
    """Begin a box with some dossiers in it."""
    box = str(day.do("package", "new", by="NV01")["about"])
    day.do("package", "add", box, *(f"P01.{n:03}/UB" for n in numbers), by="NV01")
    return box


def test_a_count_is_sealed_from_everybody_until_both_are_in(day: Day) -> None:
    """Neither the answer nor the file tells it; another PIN, name or box does not open it; restarts keep it."""
    box = draft(day, 1, 2)
    told = day.do("package", "count", box, "--count", 2, 23, by="NV01")
    assert told == {"package": box, "counted_by": ["NV01"]}
    office = open_office(day.home, {})
    with office.database.reading() as session:
        assert counting.reveal(session, box, "NV01", PIN) == (2, 23)
        with pytest.raises(CustodyError, match="count-unreadable"):
            counting.reveal(session, box, "NV01", "739165")
        sealed = session.connection().exec_driver_sql("SELECT sealed FROM sealed_count").scalar_one()
    assert b"23" not in sealed[28:]
    with office.database.atomic() as session:
        session.connection().exec_driver_sql("UPDATE sealed_count SET person = 'NV04'")
    with office.database.reading() as session, pytest.raises(CustodyError, match="count-unreadable"):
        counting.reveal(session, box, "NV04", PIN)
    office.close()


def test_counts_that_differ_are_told_to_nobody_and_both_count_again(day: Day) -> None:
    """The refusal holds no number; afterwards both counts are gone, and equal ones pack the box."""
    box = draft(day, 1, 2)
    count_blind(day, box, 2, 23, "NV01")
    count_blind(day, box, 2, 24, "NV04")
    refused = day.do("package", "pack", box, by="NV01 NV04", ends=Exit.FINDINGS)
    assert "differ" in refused
    assert not {"23", "24"} & set(refused.replace(",", " ").split())
    again = day.do("package", "pack", box, by="NV01 NV04", ends=Exit.FINDINGS)
    assert "NV01, NV04" in again
    count_blind(day, box, 2, 23, "NV01", "NV04")
    day.do("package", "pack", box, by="NV01 NV04")
    day.do("package", "count", box, "--count", 2, 23, by="NV01", ends=Exit.FINDINGS)


def test_two_people_at_one_screen_type_their_counts_hidden(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has not counted is asked at the packing, and what is typed is not shown."""
    box = draft(day, 1)
    count_blind(day, box, 1, 11, "NV01")
    asked: list[str] = []

    def prompt(question: str, *, hide_input: bool = False, **_: object) -> int:
        assert hide_input
        asked.append(question)
        return 1 if "dossiers" in question else 11

    monkeypatch.setattr(counting_cli.click, "prompt", prompt)
    words = ["package", "pack", box, "--signer", "NV01", "--signer", "NV04", "--pins", str(day.pins)]
    assert answer(words, {"LANG": "en.UTF-8", "LUUTRU_HOME": str(day.home)}) == Exit.OK
    assert asked == ["NV04: dossiers counted", "NV04: leaves counted"]


def test_mixed_retention_needs_a_reason(day: Day, tmp_path: Path) -> None:
    """The classes come from the register and stand in the entry."""
    row = [1, "201/UB", "Hồ sơ tạm", "2001", "5 năm", 7, ""]
    (tmp_path / "more.csv").write_text(text([HEADER, row]), encoding="utf-8")
    day.do("register", "import", tmp_path / "more.csv", "--fonds", "P01", "--yes", by="NV01")
    box = draft(day, 1, 201)
    count_blind(day, box, 2, 18, "NV01", "NV04")
    refused = day.do("package", "pack", box, by="NV01 NV04", ends=Exit.FINDINGS)
    assert "Permanent; 5 years" in refused
    day.do("package", "pack", box, "--reason", "merger", by="NV01 NV04")
    packed = day.do("package", "history", box)[-1]
    assert packed["facts"]["retention"] == ["5", "permanent"]


def test_a_doubted_box_is_counted_by_three_and_a_draft_is_given_up(day: Day, tmp_path: Path) -> None:
    """Report with a photo and no number opens an incident; clearing takes new seals; an empty draft is voided."""
    box = sealed_box(day, 1, 2, "A0001")
    photo = tmp_path / "rách.jpg"
    photo.write_bytes(b"\xff\xd8\xff torn")
    told = day.do("package", "report", box, "--found", "torn", "--photo", photo, by="NV04")
    assert [each["kind"] for each in told["entries"]] == ["incident-opened", "package-suspected"]
    clearing = ("package", "clear", box, "--number", "A0002", "--to", "NV02")
    day.do(*clearing, by="NV02 NV01 NV04", ends=Exit.FINDINGS)
    count_blind(day, box, 2, 23, "NV02", "NV04")
    day.do(*clearing, by="NV02 NV01 NV04")
    day.do("package", "relabel", box, "--reason", "nhãn bị ướt", by="NV02")
    assert day.do("package", "show", box)["seals"] == ["A0002"]
    empty = str(day.do("package", "new", by="NV01")["about"])
    assert "--yes" in day.do("package", "void", empty, "--reason", "mistyped", by="NV01", ends=Exit.USAGE)
    day.do("package", "void", empty, "--reason", "mistyped", "--yes", by="NV01")
    assert day.do("verify")["holds"] is True
    assert day.do("ledger", "check")["sound"] is True


def test_a_lost_box_takes_minutes_and_a_handed_out_one_both_parties(day: Day) -> None:
    """Only what is missing can be lost, by a leader; handing out is agreed to and signed by both."""
    lost, gone = sealed_box(day, 1, 2, "A0001"), sealed_box(day, 3, 4, "A0002")
    losing = ("package", "lose", lost, "--decision", "3/HĐ", "--yes")
    day.do(*losing, by="NV03", ends=Exit.FINDINGS)
    day.do("package", "report", lost, "--missing", by="NV04")
    day.do(*losing, by="NV03")
    handing = ("package", "hand-out", gone, "--destination", "Lưu trữ lịch sử", "--to", "NV04", "--number", "A0002")
    day.do(*handing, "--yes", by="NV02 NV04")
    states = {each["code"]: each["state"] for each in day.do("package", "list")}
    assert states == {lost: "lost", gone: "handed-out"}
    assert len(day.do("dossier", "list", "--state", "missing")) == 2
    assert day.do("verify")["holds"] is True


def test_a_wrong_entry_is_corrected_by_a_new_one_with_its_text(day: Day, tmp_path: Path) -> None:
    """The text lies in the vault, somebody else signs as well, and the history of the box points to it."""
    box = sealed_box(day, 1, 2, "A0001")
    wrong = day.do("package", "history", box)[-1]["entry"]
    right = tmp_path / "đính chính.txt"
    right.write_text("Vị trí đúng là K1-G10.", encoding="utf-8")
    correcting = ("ledger", "correct", wrong, "--text", right)
    day.do(*correcting, by="NV01 NV02", ends=Exit.FINDINGS)
    done = day.do(*correcting, by="NV01 NV04")
    assert day.do("package", "history", box)[-1]["corrected"] == [done["entry"]]
    right.write_bytes(b"\xff\xfe\x00broken")
    day.do(*correcting, by="NV01 NV04", ends=Exit.FINDINGS)
    assert day.do("ledger", "check")["sound"] is True


def test_the_way_of_a_box_tells_who_held_it_when_and_where_to_look(day: Day) -> None:
    """At any moment: custodian, place, seals, last check; when missing: neighbours, moves of the shift, near codes."""
    first, second = sealed_box(day, 1, 2, "A0001"), sealed_box(day, 3, 4, "A0002")
    day.do("package", "check", first, "--number", "A0001", by="NV04")
    steps = day.do("package", "history", first)
    assert [each["kind"] for each in steps] == [
        "package-drafted", "dossier-moved", "package-packed", "package-sealed", "package-checked",
    ]  # fmt: skip  # one list
    then = day.do("package", "history", first, "--at", steps[-1]["at"])["after"]
    assert (then["custodian"], then["seals"], then["checked"]) == ("NV02", ["A0001"], steps[-1]["at"])
    day.do("package", "history", first, "--at", "2001-01-01", ends=Exit.NOT_FOUND)
    day.do("package", "report", first, "--missing", by="NV04")
    clues = day.do("package", "find", first)
    assert clues["last"]["kind"] == "package-checked"
    assert [each["code"] for each in clues["neighbours"]] == [second]
    assert {each["package"] for each in clues["moved"]} == {second}
    slip = second[:4] + ("A" if second[4] != "A" else "B") + second[5:]
    refused = day.do("package", "show", slip, ends=Exit.NOT_FOUND)
    assert second in refused.replace(" ", "")
    assert day.do("package", "show", second.lower())["code"] == second
