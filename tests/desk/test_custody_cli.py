"""A box's day from the command line, as two people at a counter live it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from custody.errors import CustodyError
from custody.rules import Signer
from desk import custodial
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import Office, open_office
from tests.custody.office_day import STAFF, Day


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a station with three registered dossiers, where the staff of the tests may sign with the PIN 4711."""
    place = tmp_path / "station"
    assert answer(["init", "--home", str(place)], {}) == Exit.OK
    office = open_office(place, {})
    Day(office.database).register("P01.1", "P01.2", "P01.3")
    office.close()
    (tmp_path / "pins").write_text("".join(f"{code}=4711\n" for code in STAFF), encoding="utf-8")

    def authenticate(_office: Office, code: str, pin: str) -> Signer:
        if pin != "4711" or code not in STAFF:
            raise CustodyError("signer-unknown", signer=code)
        return STAFF[code]

    monkeypatch.setattr(custodial, "authenticate", authenticate)
    return place


def told(home: Path, capsys: pytest.CaptureFixture[str], *words: object, wanted: Exit = Exit.OK) -> Any:
    """Run a command with --json and return its answer."""
    capsys.readouterr()
    assert answer([*map(str, words), "--home", str(home), "--json"], {"LANG": "en_US.UTF-8"}) == wanted
    out = capsys.readouterr()
    return json.loads(out.out) if out.out.strip().startswith(("{", "[")) else out.err


def signed(home: Path, *signers: str) -> list[str]:
    """Return the options by which people sign."""
    return [*(word for each in signers for word in ("--signer", each)), "--pins", str(home.parent / "pins")]


def count(home: Path, capsys: pytest.CaptureFixture[str], box: str, **counts: tuple[int, int]) -> None:
    """Let each person count a box alone."""
    for person, counted in counts.items():
        told(home, capsys, "package", "count", box, "--count", *counted, *signed(home, person))


def test_a_box_is_packed_sealed_sent_back_opened_and_sealed_again(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each step answers with its entry, and the invariants hold at the end."""
    soon = ("--until", "2099-01-01T17:00:00+07:00")
    told(home, capsys, "seal", "roll", "R1", "--prefix", "A", "--first", "0001", "--size", 50, *signed(home, "TUAN"))
    box = told(home, capsys, "package", "new", *signed(home, "LAN"))["about"]
    told(home, capsys, "package", "add", box, "P01.1", "P01.2", *signed(home, "LAN"))
    two = signed(home, "LAN", "MINH")
    count(home, capsys, box, LAN=(2, 20), MINH=(2, 19))
    differ = told(home, capsys, "package", "pack", box, *two, wanted=Exit.FINDINGS)
    assert "20" not in differ
    assert "19" not in differ
    count(home, capsys, box, LAN=(2, 20), MINH=(2, 20))
    told(home, capsys, "package", "pack", box, *two)
    sealing = ("package", "seal", box, "--number", "A0001", "--place", "K1/G2", "--store", "K1")
    told(home, capsys, *sealing, *signed(home, "LAN", "HOA"), wanted=Exit.FINDINGS)
    told(home, capsys, *sealing, *signed(home, "TUAN", "LAN"))
    told(home, capsys, "package", "check", box, "--number", "A0001", *signed(home, "BINH"))
    told(home, capsys, "package", "move", box, "--place", "K1/G5", "--number", "A0001", *signed(home, "TUAN"))
    away = ("--destination", "K2", "--to", "BINH", "--number", "A0001", *soon)
    told(home, capsys, "package", "send", box, *away, *signed(home, "TUAN", "BINH"))
    told(home, capsys, "package", "receive", box, "--refuse", "no-room", "--number", "A0001", *signed(home, "TUAN"))
    why = ("--decision", "12/QĐ", "--reason", "digitize", "--number", "A0001", "--to", "TUAN", *soon)
    told(home, capsys, "package", "open", box, *why, *signed(home, "CHU", "TUAN", "BINH"))
    told(home, capsys, "package", "add", box, "P01.3", *signed(home, "LAN"))
    count(home, capsys, box, TUAN=(3, 30), LAN=(3, 30))
    told(home, capsys, "package", "reseal", box, "--number", "A0002", *signed(home, "TUAN", "LAN"))
    told(home, capsys, "package", "report", box, "--missing", *signed(home, "BINH"))
    found = ("--place", "K1/G9", "--number", "A0002", "--to", "TUAN")
    told(home, capsys, "package", "find", box, *found, *signed(home, "BINH", "TUAN"))
    shown = told(home, capsys, "package", "show", box)
    assert (shown["state"], shown["place"], shown["seals"], shown["custodian"]) == (
        "sealed",
        "K1/G9",
        ["A0002"],
        "TUAN",
    )
    assert [each["code"] for each in shown["contents"]] == ["P01.1", "P01.2", "P01.3"]
    assert [each["code"] for each in told(home, capsys, "package", "list", "--state", "sealed")] == [box]
    verdict = told(home, capsys, "verify")
    assert (verdict["holds"], len(verdict["invariants"])) == (True, 20)
    assert verdict["entries"] == 16


def test_verify_is_red_after_the_state_was_edited_by_hand(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The invariant about the log and the one about conservation both say so, in Vietnamese too."""
    office = open_office(home, {})
    with office.database.atomic() as session:
        session.execute(text("UPDATE custody_dossier SET leaves = 1 WHERE code = 'P01.1'"))
    office.close()
    verdict = told(home, capsys, "verify", wanted=Exit.FINDINGS)
    red = {each["number"]: each["findings"][0]["code"] for each in verdict["invariants"] if each["findings"]}
    assert red == {1: "dossiers-unaccounted", 14: "projection-differs"}
    capsys.readouterr()
    assert answer(["verify", "--home", str(home)], {"LANG": "vi_VN.UTF-8"}) == Exit.FINDINGS
    spoken = capsys.readouterr().out
    assert "✗ I1 Mọi hồ sơ và tờ đã đăng ký đều xác định được" in spoken
    assert "– I5 Không giây nào thiếu người trực: chưa có dữ liệu" in spoken
    assert "✓ I3 " in spoken


def test_who_is_unknown_signs_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is recorded for a person the station does not know."""
    (home.parent / "pins").write_text("EVE=4711\n", encoding="utf-8")
    assert "EVE" in told(home, capsys, "package", "new", *signed(home, "EVE"), wanted=Exit.FINDINGS)
    assert told(home, capsys, "package", "list") == []
    assert "XYZ" in told(home, capsys, "package", "show", "XYZ", wanted=Exit.NOT_FOUND)
