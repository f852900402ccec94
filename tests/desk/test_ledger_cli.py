"""The custody log from the command line: checked, signed, proven, refused when it is not the signed one."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from custody import ledger, notes, proof
from custody.entries import Stamp, body_of
from custody.entries_duty import ClockWarned, LogCorrected
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import open_office


def noted(number: int) -> bytes:
    """Return the bytes of an entry that leads to no state."""
    return body_of(ClockWarned("station", number), Stamp(datetime(2026, 1, 5, 1, tzinfo=UTC), ("NV01",), "counter"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a station whose log holds seven entries."""
    place = tmp_path / "station"
    assert answer(["init", "--home", str(place)], {}) == Exit.OK
    office = open_office(place, {})
    with office.database.atomic() as session:
        ledger.append(session, [noted(number) for number in range(7)])
    office.close()
    return place


def run(home: Path, *words: object, lang: str = "en") -> int:
    """Run one command on that station."""
    return answer([str(each) for each in words], {"LANG": f"{lang}.UTF-8", "LUUTRU_HOME": str(home)})


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return the JSON a command printed."""
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return value


def forge(home: Path, *statements: str) -> None:
    """Change the database behind the program's back."""
    connection = pysqlite3.connect(str(home / "archive.sqlite3"), isolation_level=None)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()


def test_a_sound_log_is_checked_signed_and_copied_to_the_second_place(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the first head nothing is proven, after it everything is; signing again signs nothing new."""
    capsys.readouterr()
    assert run(home, "ledger", "check", "--json") == Exit.OK
    assert (told(capsys)["size"], run(home, "ledger", "checkpoint", "--json")) == (7, Exit.OK)
    head = told(capsys)
    assert run(home, "ledger", "checkpoint", "--json") == Exit.OK
    assert told(capsys)["note"] == head["note"]
    assert [path.name for path in (home / "heads").iterdir()] == ["head-000000000007.txt"]
    assert (home / "heads" / "head-000000000007.txt").read_text() == head["note"]
    assert run(home, "ledger", "check", "--json") == Exit.OK
    checked = {
        "size": 7,
        "root": head["root"],
        "proven": 6,
        "sound": True,
        "findings": [],
        "losses": [],
        "cosigned": None,
        "stamped": None,
    }
    assert told(capsys) == checked
    assert (home / "keys" / "ledger.key").stat().st_mode & 0o077 == 0


def test_a_changed_byte_is_named_in_both_languages(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first bad entry and the last one proven good are said."""
    run(home, "ledger", "checkpoint")
    forge(home, "UPDATE ledger_entry SET body = CAST(replace(body, 'skew\":4', 'skew\":5') AS BLOB) WHERE seq = 4")
    capsys.readouterr()
    assert run(home, "ledger", "check") == Exit.FINDINGS
    english = capsys.readouterr().out
    assert "Entry 4 was changed." in english
    assert "Entries up to 3 are proven good" in english
    assert run(home, "ledger", "check", lang="vi") == Exit.FINDINGS
    assert "Dòng 4 đã bị sửa." in capsys.readouterr().out


def test_a_station_with_an_older_database_does_not_start_but_can_be_checked(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The refusal names the proof and the cure; the check says what is missing."""
    run(home, "ledger", "checkpoint")
    forge(
        home,
        "DELETE FROM ledger_entry WHERE seq >= 4",
        "DELETE FROM ledger_node WHERE (position + 1) << level > 4",
        "DELETE FROM ledger_checkpoint",
    )
    capsys.readouterr()
    assert run(home, "status") == Exit.STORAGE
    refusal = capsys.readouterr().err
    assert "has 4 entries, but a head of 7 was signed" in refusal
    assert "head-000000000007.txt" in refusal
    assert "Put back the newest backup" in refusal
    assert run(home, "ledger", "check", "--json") == Exit.FINDINGS
    assert [each["code"] for each in told(capsys)["findings"]] == ["database-rolled-back"]


def test_lost_keys_are_not_replaced_by_new_ones(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A station that signed heads once never begins another log by itself."""
    run(home, "ledger", "checkpoint")
    (home / "keys").rename(home.parent / "keys")
    capsys.readouterr()
    assert run(home, "status") == Exit.STORAGE
    assert "do not start with new ones" in capsys.readouterr().err


def test_a_proof_from_the_command_line_is_checked_without_the_station(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file and the public key are all a stranger needs; an entry no head holds yet has no proof."""
    capsys.readouterr()
    assert run(home, "ledger", "proof", 2) == Exit.NOT_READY
    run(home, "ledger", "checkpoint", "--json")
    capsys.readouterr()
    run(home, "ledger", "checkpoint", "--json")
    key = notes.parse_verifier(told(capsys)["key"])
    path = tmp_path / "entry.tlog-proof"
    assert run(home, "ledger", "proof", 2, "--out", path) == Exit.OK
    made = proof.parse_proof(path.read_text(encoding="utf-8"))
    assert proof.check_proof(made, noted(2), [key]).size == 7
    assert run(home, "ledger", "proof", 99) == Exit.NOT_FOUND


def test_one_old_sheet_of_paper_exposes_a_rewritten_log(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sixteen characters from the foot of a form agree with the log they were printed from, and with no other."""
    capsys.readouterr()
    run(home, "ledger", "paper", "--json")
    printed = told(capsys)["short"]
    office = open_office(home, {})
    with office.database.atomic() as session:
        ledger.append(session, [noted(7)])
    office.close()
    spaced = f"{printed[:8].upper()} {printed[8:]}"
    assert run(home, "ledger", "paper", "--code", spaced, "--size", 7) == Exit.OK
    assert run(home, "ledger", "paper", "--code", spaced, "--size", 6) == Exit.FINDINGS
    assert run(home, "ledger", "paper", "--code", printed, "--size", 70) == Exit.NOT_FOUND
    assert run(home, "ledger", "paper", "--code", printed) == Exit.USAGE


def test_an_attachment_that_changed_is_told_apart_from_one_that_is_gone(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The bytes in the vault are read again, and the entry that names them is said."""
    office = open_office(home, {})
    names = []
    for told in (b"first", b"second", b"third"):
        held = office.vault.hold(io.BytesIO(told))
        office.vault.keep(held)
        names.append(held.sha256)
    with office.database.atomic() as session:
        stamp = Stamp(datetime(2026, 1, 5, 1, tzinfo=UTC), ("NV01",), "counter")
        for name in names:
            ledger.append(session, [body_of(LogCorrected(1, "wet", (name,)), stamp)])
    office.close()
    run(home, "ledger", "checkpoint")
    capsys.readouterr()
    assert run(home, "ledger", "check", "--json") == Exit.OK
    changed, gone = (
        home / "vault" / "sha256" / name[:2] / name[2:4] / name for name in (names[0], names[2])
    )  # fmt: skip  # two paths
    changed.chmod(0o640)
    changed.write_bytes(b"fIrst")
    gone.unlink()
    capsys.readouterr()
    assert run(home, "ledger", "check", "--json") == Exit.FINDINGS
    found = [(each["code"], each["entry"], each["proven"]) for each in told_findings(capsys)]
    assert found == [("attachment-changed", 7, 9), ("attachment-missing", 9, 9)]


def told_findings(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the findings of the JSON a command printed."""
    findings: list[dict[str, Any]] = told(capsys)["findings"]
    return findings
