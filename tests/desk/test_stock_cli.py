"""Stocktakes, visitors, keys, incidents and keyed-in sheets from the command line, as a store lives them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.clock import HandClock
from custody.errors import CustodyError
from custody.rules import Signer
from desk import custodial, duty_stock, gatekeeping, incidents, stocktaking
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.forms import filling_stock
from desk.office import Office, open_office
from tests.custody.office_day import BOX, STAFF, Day

OTHER = "7K3M9QXZ3"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a station with one sealed box at K1/G2, where the staff of the tests may sign with the PIN 4711."""
    place = tmp_path / "station"
    assert answer(["init", "--home", str(place)], {}) == Exit.OK
    office = open_office(place, {})
    Day(office.database).sealed_box()
    office.close()
    (tmp_path / "pins").write_text("".join(f"{code}=4711\n" for code in STAFF), encoding="utf-8")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8 picture of a sheet")

    def authenticate(_office: Office, code: str, pin: str) -> Signer:
        if pin != "4711" or code not in STAFF:
            raise CustodyError("signer-unknown", signer=code)
        return STAFF[code]

    monkeypatch.setattr(custodial, "authenticate", authenticate)
    return place


def told(home: Path, capsys: pytest.CaptureFixture[str], *words: object, wanted: Exit = Exit.OK) -> Any:
    """Run a command with --json and return its answer, or what it said where it refused."""
    capsys.readouterr()
    got = answer([*map(str, words), "--home", str(home), "--json"], {"LANG": "en_US.UTF-8"})
    out = capsys.readouterr()
    assert got == wanted, out.err
    return json.loads(out.out) if out.out.strip().startswith(("{", "[")) else out.err


def signed(home: Path, *signers: str) -> list[str]:
    """Return the options by which people sign."""
    return [*(word for each in signers for word in ("--signer", each)), "--pins", str(home.parent / "pins")]


def test_a_store_is_counted_blind_and_closes_when_all_is_settled(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The expected number is not told before the end; a strange code needs an incident."""
    opened = told(home, capsys, "stocktake", "open", "K1", *signed(home, "TUAN"))
    number = opened["code"]
    assert number.startswith("KK-")
    assert "expected" not in opened
    assert "expected" not in told(home, capsys, "stocktake", "list")[0]
    scan = ("stocktake", "scan", number, "--place", "K1/G2", BOX, OTHER)
    counted = told(home, capsys, *scan, *signed(home, "BINH"))
    assert (counted["fresh"], counted["unknown"]) == ([BOX, OTHER], [OTHER])
    assert told(home, capsys, "stocktake", "show", number)["counted"] == [
        {"place": "K1/G2", "by": "BINH", "packages": 2}
    ]
    compared = told(home, capsys, "stocktake", "compare", number, wanted=Exit.FINDINGS)
    assert (compared["found"], compared["expected"], compared["unsettled"]) == (1, 1, 1)
    closing = ("stocktake", "close", number, *signed(home, "TUAN", "LAN"))
    assert "not settled" in told(home, capsys, *closing, wanted=Exit.FINDINGS)
    told(home, capsys, "incident", "open", "--about", OTHER, "--severity", "high", *signed(home, "BINH"))
    assert told(home, capsys, "stocktake", "compare", number)["unsettled"] == 0
    assert told(home, capsys, *closing)["state"] == "complete"
    judged = {each["number"]: each["outcome"] for each in told(home, capsys, "verify")["invariants"]}
    assert judged[12] == "holds"


def test_an_incident_is_closed_by_somebody_else_with_its_photo_kept(
    home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The picture stands in the vault under the name the entry gives; the finder alone cannot conclude."""
    photo = ("--photo", tmp_path / "photo.jpg")
    made = told(home, capsys, "incident", "open", "--about", BOX, *photo, *signed(home, "TUAN"))
    shown = told(home, capsys, "incident", "show", made["number"])
    office = open_office(home, {})
    with office.vault.open(shown["attachments"][0]) as source:
        assert source.read() == (tmp_path / "photo.jpg").read_bytes()
    office.close()
    close = ("incident", "close", made["number"], "--outcome", "explained")
    assert "cannot be the only one" in told(home, capsys, *close, *signed(home, "TUAN"), wanted=Exit.FINDINGS)
    assert told(home, capsys, *close, *signed(home, "CHU"))["closed_by"] == "CHU"
    assert "was closed" in told(home, capsys, *close, *signed(home, "CHU"), wanted=Exit.FINDINGS)
    assert told(home, capsys, "incident", "list", "--open") == []


def test_visitors_and_keys_come_and_go(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody is inside twice, no key is out twice, and a name can be erased while the log still holds."""
    people = ("people", "add", "LAN", "--name", "Trần Thị Lan", "--unit", "Văn phòng", "--role", "clerk", "--no-pin")
    told(home, capsys, *people)
    come = ("visitor", "in", "--name", "Lê Văn Khách", "--paper", "001099000001", "--host", "LAN")
    visit = told(home, capsys, *come, *signed(home, "BINH"))
    assert "inside already" in told(home, capsys, *come, *signed(home, "BINH"), wanted=Exit.FINDINGS)
    (inside,) = told(home, capsys, "visitor", "list", "--inside")
    assert inside["who"]["name"] == "Lê Văn Khách"
    told(home, capsys, "visitor", "out", visit["number"], *signed(home, "BINH"))
    assert told(home, capsys, "visitor", "list", "--inside") == []
    told(home, capsys, "visitor", "erase", visit["visitor"], "--yes")
    assert told(home, capsys, "visitor", "list")[0]["who"]["name"] == ""
    told(home, capsys, "keys", "add", "K01", "--name", "Kho 1")
    take = ("keys", "take", "k01", "--until", "2099-01-01", *signed(home, "TUAN"))
    assert told(home, capsys, *take)["holder"] == "TUAN"
    assert "is with TUAN" in told(home, capsys, *take, wanted=Exit.FINDINGS)
    assert told(home, capsys, "keys", "return", "K01", *signed(home, "BINH"))["state"] == "home"
    assert "There is no key" in told(home, capsys, "keys", "take", "K99", *signed(home, "TUAN"), wanted=Exit.NOT_FOUND)
    assert told(home, capsys, "ledger", "check")["findings"] == []


def test_a_sheet_is_keyed_in_once_with_its_picture_and_a_signer(
    home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Without picture, without one who signed the paper, or a second time it is refused."""
    sheet = ["paper", "enter", "SO-000123", "--form", "F11", "--from", "2026-01-02T02:00:00+07:00", "--where", "P01"]
    office = open_office(home, {})
    now = custodial.local_now(office)
    office.close()
    sheet[6] = (now - timedelta(hours=3)).isoformat()
    sheet += ["--to", (now - timedelta(hours=1)).isoformat(), "--person", "BINH", "--person", "THU"]
    photo = ["--photo", str(tmp_path / "photo.jpg")]
    assert "without its picture" in told(home, capsys, *sheet, *signed(home, "BINH", "TUAN"), wanted=Exit.FINDINGS)
    strangers = signed(home, "CHU", "TUAN")
    assert "Nobody who signed" in told(home, capsys, *sheet, *photo, *strangers, wanted=Exit.FINDINGS)
    assert told(home, capsys, *sheet, *photo, *signed(home, "BINH", "TUAN"))["people"] == ["BINH", "THU"]
    again = told(home, capsys, *sheet, *photo, *signed(home, "BINH", "TUAN"), wanted=Exit.FINDINGS)
    assert "keyed in already" in again
    assert [each["number"] for each in told(home, capsys, "paper", "list")] == ["SO-000123"]


def test_what_waits_too_long_is_due_and_only_then(home: Path) -> None:
    """A grave incident after a day, a key after its deadline, a visitor after half a day, a stocktake after a week."""
    clock = HandClock()
    office = open_office(home, {}, clock)
    lan = [("LAN", "4711")]
    with office.database.atomic() as session:
        from archive import gate, people

        gate.add_key(session, code="K01", name="Kho 1", place="", now=clock.now())
        people.add(session, code="LAN", name="Lan", unit="VP", roles=("clerk",), pin=None, now=clock.now())
    stocktaking.open_stocktake(office, ["K1"], [("TUAN", "4711")])
    incidents.report(office, BOX, "high", lan)
    gatekeeping.come_in(office, gatekeeping.Guest("Khách"), "LAN", "work", "", lan)
    gatekeeping.take_key(office, "K01", "LAN", (clock.now() + timedelta(hours=2)).isoformat(), lan)
    due_after = []
    for hours in (0, 3, 13, 25, 24 * 7):
        clock.moment = HandClock().moment + timedelta(hours=hours)
        due_after.append([each.code for each in duty_stock.watches(office)])
    late = ["incident-unanswered", "visitor-inside-long", "key-overdue"]
    assert due_after == [[], ["key-overdue"], late[1:], late, ["stocktake-open-long", *late]]
    office.close()


def test_the_printed_records_say_what_the_log_says(home: Path) -> None:
    """F15, F13 and F16 take their values from the stocktake, the visits and the incident."""
    office = open_office(home, {})
    number = stocktaking.open_stocktake(office, ["K1"], [("TUAN", "4711")]).code
    stocktaking.count(office, number, "K1/G9", {BOX: "intact"}, [("BINH", "4711")])
    known, found, differ = stocktaking.compare(office, number)
    lines = stocktaking.lines_of(office, number)
    values = filling_stock.stocktake_values(known, found, lines, differ, lambda code: f"ông/bà {code}")
    assert (values["expected"], values["found"], values["missing"], values["team"]) == (1, 0, 0, "ông/bà BINH")
    assert values["rows"][0]["disposition"] == "sai nơi để; chưa xử lý"
    incident = incidents.report(office, BOX, "low", [("BINH", "4711")], text="Hộp bị ướt một góc.")
    told_of = filling_stock.incident_values(incident, "Hộp bị ướt một góc.", "", lambda code: code)
    assert (told_of["finder"], told_of["story"]) == ("BINH", "Hộp bị ướt một góc.")
    assert "conclusion" not in told_of
    office.close()


def test_the_records_are_printed_with_a_number_that_is_kept(
    home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """F15, F13 and F16 are PDFs; each number is given once and known afterwards."""
    number = told(home, capsys, "stocktake", "open", "K1", *signed(home, "TUAN"))["code"]
    story = tmp_path / "story.txt"
    story.write_text("Hộp bị ướt một góc.", encoding="utf-8")
    opened = ("incident", "open", "--about", BOX, "--text", story, *signed(home, "BINH"))
    incident = told(home, capsys, *opened)["number"]
    numbers = []
    for words in (
        ("stocktake", "print", number),
        ("incident", "print", incident),
        ("visitor", "print", "--date", "2026-01-05"),
    ):
        out = tmp_path / f"{words[0]}.pdf"
        numbers += told(home, capsys, *words, "--out", out)["numbers"]
        assert out.read_bytes().startswith(b"%PDF-")
    assert len(set(numbers)) == 3
    assert told(home, capsys, "form", "show", numbers[0])["about"] == number
    assert "There is no stocktake" in told(
        home, capsys, "stocktake", "print", "KK-1", "--out", tmp_path / "no.pdf", wanted=Exit.NOT_FOUND
    )
    assert not (tmp_path / "no.pdf").exists()
