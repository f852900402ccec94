"""Keys exchanged and losses accepted on the command line, checked by the log itself and by the stranger's program."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from custody import checkpoint, ledger, notes, signing
from custody.checkpoint import Checkpoint
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import open_office
from tests.desk.test_ledger_cli import noted

PEOPLE = {"NV01": "clerk", "NV02": "archivist", "NV03": "leader"}
PIN = "739164"


class Station:
    """A station with people, and its command line."""

    def __init__(self, room: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.capsys, self.pins = room / "station", capsys, room / "pins"
        self.pins.write_text("".join(f"{code}={PIN}\n" for code in PEOPLE), encoding="utf-8")

    def do(self, *words: object, by: str = "", ends: int = Exit.OK) -> Any:
        """Run a command signed by the people named; return its JSON, or what it said where it gave none."""
        signed = [word for code in by.split() for word in ("--signer", code)]
        line = [str(each) for each in (*words, *signed)]
        self.capsys.readouterr()
        code = answer(
            [*line, *(["--pins", str(self.pins)] if by else [])], {"LANG": "en.UTF-8", "LUUTRU_HOME": str(self.home)}
        )
        said = self.capsys.readouterr()
        assert code == ends, (words, said.out, said.err)
        return json.loads(said.out) if said.out.startswith(("{", "[")) else said.out + said.err

    def grow(self, count: int) -> dict[str, Any]:
        """Add entries and sign a head; return it."""
        office = open_office(self.home, {})
        with office.database.atomic() as session:
            size = ledger.size(session)
            ledger.append(session, [noted(number) for number in range(size, size + count)])
        office.close()
        head: dict[str, Any] = self.do("ledger", "checkpoint", "--json")
        return head

    def verify(self, folder: Path) -> tuple[int, str]:
        """Export the log and run the bundle's own program on it."""
        self.do("ledger", "export", folder)
        return run_verifier(folder)


def run_verifier(folder: Path) -> tuple[int, str]:
    """Run the bundle's own program."""
    done = subprocess.run([sys.executable, "-I", str(folder / "verify.py")], cwd="/", capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode()


@pytest.fixture
def station(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Station:
    """Give a station with three people and heads of seven and of ten entries."""
    made = Station(tmp_path, capsys)
    assert answer(["init", "--home", str(made.home)], {}) == Exit.OK
    for code, role in PEOPLE.items():
        made.do("people", "add", code, "--name", code, "--unit", "Văn phòng", "--role", role, "--pins", made.pins)
    made.grow(7)
    made.grow(3)
    return made


def test_a_leader_exchanges_the_key_and_heads_of_both_stay_good(station: Station, tmp_path: Path) -> None:
    """The entry names both keys, a head carries both signatures, and check, verifier and old verifiers accept all."""
    old = station.do("ledger", "checkpoint", "--json")["key"]
    made = station.do("ledger", "rotate", "--json", by="NV03")
    assert (made["old"], made["entry"]) == (old, 10)
    head = station.grow(2)
    assert head["key"] == made["new"] != old
    for key in (old, made["new"]):
        assert checkpoint.read(head["note"], [notes.parse_verifier(key)]).size == 13
    entry = station.do("ledger", "log", "--start", 10, "--limit", 1, "--json")[0]["body"]
    assert (entry["kind"], entry["old"], entry["new"], entry["by"]) == ("log-key-rotated", old, made["new"], ["NV03"])
    assert station.do("ledger", "check", "--json")["proven"] == 12
    assert station.verify(tmp_path / "bundle")[0] == 0
    again = station.do("ledger", "rotate", "--json", by="NV03")
    assert again["old"] == made["new"]
    assert len(signing.read_known(station.home / "keys")) == 3
    assert station.do("ledger", "check", "--json")["proven"] == 13
    assert station.verify(tmp_path / "bundle-2")[0] == 0


@pytest.mark.parametrize("by", ["NV01", "NV02"])
def test_only_a_leader_exchanges_the_key(station: Station, by: str) -> None:
    """A refused exchange leaves key and log as they were."""
    before = station.do("ledger", "checkpoint", "--json")
    station.do("ledger", "rotate", by=by, ends=Exit.FINDINGS)
    assert station.do("ledger", "checkpoint", "--json") == before
    assert station.do("ledger", "check", "--json")["size"] == 10


def test_a_head_that_only_the_exchanged_key_signed_is_found_here_and_by_the_stranger(
    station: Station, tmp_path: Path
) -> None:
    """Who stole the old key cannot sign a history behind the exchange."""
    stolen = signing.open_keys(station.home / "keys", signing.read_known(station.home / "keys")[0].name)
    station.do("ledger", "rotate", by="NV03")
    forged = checkpoint.sign(Checkpoint(stolen.origin, 11, bytes(32)), stolen.signers)
    (station.home / "heads" / "head-000000000099.txt").write_text(forged, encoding="utf-8")
    found = station.do("ledger", "check", "--json", ends=Exit.FINDINGS)["findings"]
    assert [each["code"] for each in found] == ["head-old-key"]
    (station.home / "heads" / "head-000000000099.txt").unlink()
    assert station.verify(tmp_path / "bundle")[0] == 0
    (tmp_path / "bundle" / "heads" / "head-000000000099.txt").write_text(forged, encoding="utf-8")
    code, told = run_verifier(tmp_path / "bundle")
    assert (code, "head-old-key: head-000000000099.txt" in told) == (1, True), told


def put_back(station: Station, *, sealed: int) -> None:
    """Keep the database of now and let `sealed` more entries be signed; then put the older database back."""
    database = station.home / "archive.sqlite3"
    kept = Path(shutil.copy(database, station.home.parent / "older"))
    for _ in range(2):
        station.grow(sealed)
    for path in station.home.glob("archive.sqlite3*"):
        path.unlink()
    shutil.copy(kept, database)


def test_an_office_accepts_what_an_older_backup_lost_and_the_log_says_so_for_ever(
    station: Station, tmp_path: Path
) -> None:
    """Named, signed by two, kept as evidence, told by check and bundle; the station runs again and signs on."""
    put_back(station, sealed=4)
    assert "head of 18 was signed" in station.do("status", ends=Exit.STORAGE)
    asked = ("ledger", "accept-loss", "--decision", "12/QĐ-UBND", "--yes", "--json")
    station.do(*asked, by="NV03", ends=Exit.FINDINGS)
    station.do(*asked, by="NV02 NV01", ends=Exit.FINDINGS)
    assert "head of 18 was signed" in station.do("status", ends=Exit.STORAGE), "refused, so nothing changed"
    made = station.do(*asked, by="NV03 NV02")
    assert (made["first"], made["last"], made["entry"], len(made["heads"])) == (10, 17, 10, 2)
    assert {path.name for path in Path(made["kept"]).iterdir()} == {"head-000000000014.txt", "head-000000000018.txt"}
    station.do("status")
    head = station.grow(9)
    assert head["size"] == 20
    checked = station.do("ledger", "check", "--json")
    assert (checked["sound"], checked["proven"], len(checked["losses"])) == (True, 19, 1)
    loss = checked["losses"][0]
    assert (loss["entry"], loss["first"], loss["last"], loss["by"]) == (10, 10, 17, ["NV03", "NV02"])
    assert "Lost: entries 10 to 17, accepted in entry 10 by NV03, NV02 (12/QĐ-UBND" in station.do("ledger", "check")
    code, told = station.verify(tmp_path / "bundle")
    assert (code, "LOST: entries 10 to 17 (decision 12/QĐ-UBND)" in told) == (0, True), told
    next((tmp_path / "bundle" / "lost").iterdir()).unlink()
    code, told = run_verifier(tmp_path / "bundle")
    assert (code, "lost-head-missing: dòng 10 " in told) == (1, True), told
    (Path(made["kept"]) / "head-000000000014.txt").unlink()
    found = station.do("ledger", "check", "--json", ends=Exit.FINDINGS)["findings"]
    assert [(each["code"], each["entry"]) for each in found] == [("lost-head-missing", 10)]


def test_a_loss_as_long_as_the_entry_that_accepts_it_is_not_mistaken_for_a_fork(station: Station) -> None:
    """One entry lost, one written in its place: the head of that size is another, and the old one is aside."""
    older = station.home.parent / "older"
    shutil.copy(station.home / "archive.sqlite3", older)
    station.grow(1)
    for path in station.home.glob("archive.sqlite3*"):
        path.unlink()
    shutil.copy(older, station.home / "archive.sqlite3")
    made = station.do("ledger", "accept-loss", "--decision", "7", "--yes", "--json", by="NV03 NV01")
    assert (made["first"], made["last"], made["entry"]) == (10, 10, 10)
    assert station.do("ledger", "check", "--json")["sound"]
    assert station.grow(1)["size"] == 12


def test_where_nothing_is_lost_or_something_was_changed_nothing_is_accepted(station: Station) -> None:
    """Heads that do extend, a changed entry, a damaged rest, and a person who says no."""
    asked = ("ledger", "accept-loss", "--decision", "12/QĐ")
    assert "Nothing is lost" in station.do(*asked, "--yes", by="NV03 NV02", ends=Exit.FINDINGS)
    put_back(station, sealed=4)
    connection = pysqlite3.connect(str(station.home / "archive.sqlite3"), isolation_level=None)
    guards = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'"
    ).fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    body = connection.execute("SELECT body FROM ledger_entry WHERE seq = 3").fetchone()[0]
    connection.execute("UPDATE ledger_entry SET body = ? WHERE seq = 3", [body.replace(b"skew", b"slew")])
    said = station.do(*asked, "--yes", by="NV03 NV02", ends=Exit.STORAGE)
    assert "damaged too" in said
    connection.execute("UPDATE ledger_entry SET body = ? WHERE seq = 3", [body])
    for _, sql in guards:
        connection.execute(sql)
    connection.close()
    made = station.do(*asked, "--yes", "--json", by="NV03 NV02")
    assert made["entry"] == 10
