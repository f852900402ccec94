"""One day of an office on the command line, as its users would live it, checked at the end by the log itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from desk.cli.exits import Exit
from desk.cli.main import answer
from tests.archive.lists import HEADER, text

PEOPLE = {
    "NV01": ("Nguyễn Thị Hương", "Văn phòng", "clerk"),
    "NV02": ("Trần Văn Đức", "Tư pháp", "archivist"),
    "NV03": ("Lê Minh", "Lãnh đạo", "leader"),
    "NV04": ("Phạm Lan", "Địa chính", "witness"),
}
PIN = "739164"


class Day:
    """The office's command line, with everybody's PINs at hand."""

    def __init__(self, room: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys = room / "station", capsys
        self.pins = room / "pins"
        self.pins.write_text("".join(f"{code}={PIN}\n" for code in PEOPLE), encoding="utf-8")

    def do(self, *words: object, by: str = "", ends: Exit = Exit.OK) -> Any:
        """Run a command, signed by the people named, and return what it said as JSON."""
        signers = [word for code in by.split() for word in ("--signer", code)]
        pins = ["--pins", str(self.pins)] if signers else []
        self.capsys.readouterr()
        line = [str(each) for each in words]
        code = answer([*line, *signers, *pins, "--json"], {"LANG": "en.UTF-8", "LUUTRU_HOME": str(self.home)})
        said = self.capsys.readouterr()
        assert code == ends, (words, said.err or said.out)
        return json.loads(said.out) if said.out.strip().startswith(("{", "[")) else said.err


@contextmanager
def clocks_of_offices() -> Iterator[None]:
    """Put this process's local time back when the test ends: every office that is opened sets it to its own zone."""
    before = os.environ.get("TZ")
    try:
        yield
    finally:
        os.environ.pop("TZ", None)
        os.environ.update({"TZ": before} if before else {})
        time.tzset()


def move_to_morning(home: Path) -> None:
    """Let the office lie where it is morning now, so that its working day does not end while a test runs."""
    ahead = (9 - datetime.now(UTC).hour + 11) % 24 - 11
    settings = home / "luutru.toml"
    # The names of these zones count the other way round: Etc/GMT-7 is Ha Noi's.
    told = settings.read_text(encoding="utf-8")
    settings.write_text(f'zone = "Etc/GMT{-ahead:+d}"\n{told}', encoding="utf-8")


@pytest.fixture
def day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Day]:
    """Give a station with people, places, seals and forty registered dossiers."""
    with clocks_of_offices():
        yield made(tmp_path, capsys)


def made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Day:
    """Make that station."""
    office = Day(tmp_path, capsys)
    assert answer(["init", "--home", str(office.home)], {}) == Exit.OK
    move_to_morning(office.home)
    for code, (name, unit, role) in PEOPLE.items():
        office.do("people", "add", code, "--name", name, "--unit", unit, "--role", role, "--pins", office.pins)
    office.do("fonds", "add", "P01", "--name", "UBND phường Hàng Bạc")
    rows = [[n, f"{n:03}/UB", f"Hồ sơ đất đai số {n}", "2001-2004", "vĩnh viễn", 10 + n, ""] for n in range(1, 41)]
    (tmp_path / "list.csv").write_text(text([HEADER, *rows]), encoding="utf-8")
    office.do("register", "import", tmp_path / "list.csv", "--fonds", "P01", "--yes", by="NV01")
    office.do("seal", "roll", "C1", "--prefix", "A", "--first", "0001", "--size", "20", by="NV02")
    return office


def count_blind(day: Day, code: str, dossiers: int, leaves: int, *people: str) -> None:
    """Let each person count a box alone."""
    for person in people:
        day.do("package", "count", code, "--count", dossiers, leaves, by=person)


def sealed_box(day: Day, first: int, last: int, number: str) -> str:
    """Pack and seal the dossiers first … last in a new box; return its code."""
    code = str(day.do("package", "new", by="NV01")["about"])
    dossiers = [f"P01.{n:03}/UB" for n in range(first, last + 1)]
    leaves = sum(10 + n for n in range(first, last + 1))
    day.do("package", "add", code, *dossiers, by="NV01")
    count_blind(day, code, len(dossiers), leaves, "NV01", "NV04")
    day.do("package", "pack", code, by="NV01 NV04")
    day.do("package", "seal", code, "--number", number, "--place", "K1-G01", "--store", "K1", by="NV02 NV01")
    return code


def test_a_day_of_packing_sending_opening_and_losing_leaves_a_log_that_holds(day: Day) -> None:
    """Sealed by two, sent and refused, opened and sealed anew, missed and found; every invariant stands at the end."""
    first = sealed_box(day, 1, 20, "A0001")
    second = sealed_box(day, 21, 40, "A0002")
    day.do("package", "send", first, "--destination", "K2", "--to", "NV04", "--number", "A0001", by="NV02 NV04")
    day.do("package", "receive", first, "--refuse", "kho đầy", "--number", "A0001", by="NV02")
    opening = ("--decision", "12/QĐ-UBND", "--reason", "số hóa", "--number", "A0002", "--to", "NV02")
    day.do("package", "open", second, *opening, by="NV03 NV02 NV04")
    count = (20, sum(10 + n for n in range(21, 41)))
    count_blind(day, second, *count, "NV02", "NV01")
    day.do("package", "reseal", second, "--number", "A0003", by="NV02 NV01")
    day.do("package", "report", first, "--missing", by="NV04")
    day.do("package", "find", first, "--place", "K1-G02", "--store", "K1", "--number", "A0001", by="NV04 NV02")
    head = day.do("ledger", "checkpoint")
    checked = day.do("ledger", "check")
    assert (checked["sound"], checked["proven"]) == (True, head["size"] - 1)
    verdicts = {each["number"]: each["outcome"] for each in day.do("verify")["invariants"]}
    unknown = {number for number, outcome in verdicts.items() if outcome == "no-facts"}
    assert {number for number, outcome in verdicts.items() if outcome == "holds"} == set(range(1, 21)) - unknown
    assert unknown == {5, 11, 12, 13}, "guards have no facts yet, and nothing else"
    bundle = day.home.parent / "bundle"
    day.do("ledger", "export", bundle)
    checker = [sys.executable, "-I", str(bundle / "verify.py"), str(bundle)]
    assert subprocess.run(checker, cwd="/", capture_output=True).returncode == 0
    entries = bundle / "entries.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b"A0003", b"A0004", 1))
    assert subprocess.run(checker, cwd="/", capture_output=True).returncode == 1


def test_a_refused_act_says_why_and_leaves_no_trace(day: Day) -> None:
    """One person alone, a wrong count, a used seal and a wrong PIN are refused; the log is as long as before."""
    box = sealed_box(day, 1, 10, "A0001")
    other = str(day.do("package", "new", by="NV01")["about"])
    day.do("package", "add", other, "P01.011/UB", by="NV01")
    before = day.do("ledger", "check")["size"]
    count_blind(day, other, 1, 21, "NV01")
    assert "NV04" in day.do("package", "pack", other, by="NV01 NV04", ends=Exit.FINDINGS)
    count_blind(day, other, 1, 20, "NV04")
    day.do("package", "pack", other, by="NV01 NV04", ends=Exit.FINDINGS)
    day.do("package", "add", box, "P01.012/UB", by="NV01", ends=Exit.FINDINGS)
    day.pins.write_text(day.pins.read_text().replace(f"NV01={PIN}", "NV01=000111"))
    day.do("package", "new", by="NV01", ends=Exit.FINDINGS)
    assert day.do("ledger", "check")["size"] == before


def test_one_changed_byte_of_the_day_is_found(day: Day) -> None:
    """Whoever edits a count in the database file is named by the entry."""
    sealed_box(day, 1, 5, "A0001")
    day.do("ledger", "checkpoint")
    connection = pysqlite3.connect(str(day.home / "archive.sqlite3"), isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    (seq,) = connection.execute("SELECT seq FROM ledger_entry WHERE kind = 'package-sealed'").fetchone()
    connection.execute(
        "UPDATE ledger_entry SET body = CAST(replace(body, 'A0001', 'A0009') AS BLOB) WHERE seq = ?", (seq,)
    )
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()
    found = day.do("ledger", "check", ends=Exit.FINDINGS)["findings"]
    named = [(each["code"], each["entry"]) for each in found]
    assert ("entry-changed", seq) in named
    # The current state was made from the entry as it was, so it speaks against the changed one as well.
    assert {code for code, _ in named} <= {"entry-changed", "projection-differs"}


def test_a_refusal_names_the_roles_in_the_readers_language(day: Day, capsys: pytest.CaptureFixture[str]) -> None:
    """An archivist who begins a package is told that a clerk must, and which person was meant."""
    words = ["package", "new", "--signer", "NV02", "--pins", str(day.pins)]
    for lang, told in (("vi", "NV02 (văn thư)"), ("en", "NV02 (clerk)")):
        capsys.readouterr()
        assert answer(words, {"LANG": f"{lang}.UTF-8", "LUUTRU_HOME": str(day.home)}) == Exit.FINDINGS
        assert told in capsys.readouterr().err
