"""`luutru backup` and `luutru restore` from end to end, as a person runs them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import open_office
from tests.desk.stations import fill

ENGLISH = {"LANG": "en_US.UTF-8"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a station with one read scan."""
    place = tmp_path / "station"
    assert answer(["init", "--home", str(place)], {}) == Exit.OK
    office = open_office(place, {})
    fill(office)
    office.close()
    return place


def run(*words: object, environment: dict[str, str] = ENGLISH) -> int:
    """Run one command line in this process."""
    return answer([str(each) for each in words], environment)


def as_json(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    """Run a command that must succeed and return what it said as JSON."""
    capsys.readouterr()
    assert run(*words, "--json") == Exit.OK
    said = json.loads(capsys.readouterr().out)
    assert isinstance(said, dict)
    return said


def test_a_station_lost_whole_comes_back_and_finds(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After the home is destroyed, the restored one balances, is whole, and finds a page by words without marks."""
    kept, again = tmp_path / "disk 2", tmp_path / "trạm mới"
    made = as_json(capsys, "backup", kept, "--home", home)
    assert (made["originals"], made["copied"]) == (1, 1)
    before = as_json(capsys, "status", "--home", home)
    shutil.rmtree(home)
    assert as_json(capsys, "restore", kept, "--home", again)["originals"] == 1
    hits = as_json(capsys, "search", "khai sinh", "--home", again)["hits"]
    assert isinstance(hits, list)
    assert len(hits) == 2
    after = as_json(capsys, "status", "--home", again)
    states = ("seen", "stored", "duplicate", "set_aside", "waiting", "vanished", "balanced")
    assert {each: after[each] for each in states} == {each: before[each] for each in states}
    assert as_json(capsys, "fixity", "--home", again)["findings"] == []


def test_files_set_aside_come_back_with_their_bytes(home: Path, tmp_path: Path) -> None:
    """The vault never held them, so a backup without them would lose them; their rows name the new folder."""
    kept, again = tmp_path / "kept", tmp_path / "again"
    files = {each.relative_to(home): each.read_bytes() for each in (home / "set_aside").rglob("*") if each.is_file()}
    assert files
    assert run("backup", kept, "--home", home) == Exit.OK
    shutil.rmtree(home)
    assert run("restore", kept, "--home", again) == Exit.OK
    assert {each: (again / each).read_bytes() for each in files} == files
    assert run("status", "--home", again) == Exit.OK


def test_a_second_backup_copies_only_what_is_new(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nightly backups share their originals, and each is checked by sha256sum alone."""
    kept = tmp_path / "kept"
    page = tmp_path / "đơn.png"
    Image.effect_noise((64, 64), 40).save(page)
    first = as_json(capsys, "backup", kept, "--home", home)
    assert run("ingest", page, "--home", home) == Exit.OK
    # Of last night: two backups within one second would bear the same name.
    earlier = Path(str(first["snapshot"]))
    earlier.rename(earlier.with_name("20260101T170000Z"))
    second = as_json(capsys, "backup", kept, "--home", home)
    assert (first["originals"], second["originals"], second["copied"]) == (1, 2, 1)
    place = Path(str(second["snapshot"]))
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=place, check=False, capture_output=True)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("lang", ["vi_VN.UTF-8", "en_US.UTF-8"])
def test_refusals_say_what_to_do(home: Path, tmp_path: Path, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No backup, a damaged one, a folder inside the home, and a home that stands: each has its exit code and words."""
    environment = {"LANG": lang}
    kept = tmp_path / "kept"
    assert run("restore", tmp_path / "nothing", "--home", tmp_path / "new", environment=environment) == Exit.NOT_FOUND
    assert run("backup", kept, "--check", "--home", home, environment=environment) == Exit.NOT_FOUND
    assert run("backup", home / "inside", "--home", home, environment=environment) == Exit.SETTINGS
    assert run("backup", kept, "--home", home, environment=environment) == Exit.OK
    assert run("restore", kept, "--home", home, environment=environment) == Exit.SETTINGS
    blob = next(each for each in (kept / "vault" / "sha256").rglob("*") if each.is_file())
    blob.chmod(0o600)
    blob.write_bytes(b"rot")
    assert run("backup", kept, "--check", "--home", home, environment=environment) == Exit.STORAGE
    assert run("restore", kept, "--home", tmp_path / "new", environment=environment) == Exit.STORAGE
    assert "Traceback" not in capsys.readouterr().err


def test_a_restored_station_signs_the_same_custody_log_on(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Keys and signed heads come back with it: the log continues under its own name and nobody refuses it."""
    kept, again = tmp_path / "disk 2", tmp_path / "again"
    signed = as_json(capsys, "ledger", "checkpoint", "--home", home)
    as_json(capsys, "backup", kept, "--home", home)
    shutil.rmtree(home)
    as_json(capsys, "restore", kept, "--home", again)
    assert (again / "keys" / "ledger.key").stat().st_mode & 0o077 == 0
    assert as_json(capsys, "ledger", "checkpoint", "--home", again)["note"] == signed["note"]
    assert [path.name for path in (again / "heads").iterdir()] == ["head-000000000000.txt"]
