"""The command line as a person meets it: outcomes, exit codes, words, and never a stack trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from archive.errors import VaultError
from archive.vault import FolderVault
from desk.cli.exits import Exit
from desk.cli.main import answer

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give the folder of a prepared station."""
    place = tmp_path / "station"
    assert answer(["init", "--home", str(place)], {}) == Exit.OK
    return place


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Give a small scan."""
    path = tmp_path / "đơn xin.png"
    Image.effect_noise((64, 64), 40).save(path)
    return path


def run(*words: object, lang: str = "en", home: Path | None = None) -> int:
    """Run one command line in this process."""
    environment = {"LANG": f"{lang}.UTF-8", **({"LUUTRU_HOME": str(home)} if home else {})}
    return answer([str(each) for each in words], environment)


def test_status_of_a_fresh_station_balances(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing seen is nothing lost, and the keys scripts rely on are there."""
    capsys.readouterr()
    assert run("status", "--json", home=home) == Exit.OK
    state = json.loads(capsys.readouterr().out)
    assert {"seen", "stored", "duplicate", "set_aside", "waiting", "vanished"} <= state.keys()
    assert state["balanced"] is True


def test_ingest_stores_finds_duplicates_and_refuses_the_foreign(
    home: Path, page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is non-zero exactly when something was set aside, and the source stays where it is."""
    assert run("ingest", page, home=home) == Exit.OK
    assert run("ingest", page, home=home) == Exit.OK
    foreign = tmp_path / "bảng.xls"
    foreign.write_bytes(b"not a scan at all, but long enough")
    capsys.readouterr()
    assert run("ingest", foreign, "--json", home=home) == Exit.SET_ASIDE
    told = json.loads(capsys.readouterr().out)
    assert told["set_aside"] == 1
    assert page.exists()
    assert foreign.exists()
    assert run("status", "--json", home=home) == Exit.OK
    state = json.loads(capsys.readouterr().out)
    assert (state["seen"], state["stored"], state["duplicate"], state["set_aside"]) == (3, 1, 1, 1)


def test_ingest_lists_what_it_did_also_when_a_re_read_fails(
    home: Path, page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads the JSON learns of every file; the exit code says that the disk cannot be trusted."""

    def read_otherwise(_vault: FolderVault, sha256: str) -> int:
        raise VaultError("vault-bytes-changed", sha256=sha256, path=sha256)

    monkeypatch.setattr(FolderVault, "verify", read_otherwise)
    capsys.readouterr()
    assert run("ingest", page, "--json", home=home) == Exit.STORAGE
    told = capsys.readouterr()
    assert [each["code"] for each in json.loads(told.out)["files"]] == ["vault-bytes-changed"]
    assert page.name in told.err


def test_search_answers_with_hits(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty archive answers with an empty list, not with an error, whatever is asked."""
    for query in ("quyết định", '"giấy khai sinh', "123/QĐ-UBND", "' OR 1=1 --", "*", "(", "\x00"):
        capsys.readouterr()
        assert run("search", "--json", "--", query, home=home) == Exit.OK
        assert json.loads(capsys.readouterr().out)["hits"] == []


def test_fixity_finds_a_changed_original(home: Path, page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A byte that changes in the vault is found and named, with what to do."""
    run("ingest", page, home=home)
    assert run("fixity", home=home) == Exit.OK
    stored = next(path for path in (home / "vault" / "sha256").rglob("*") if path.is_file())
    stored.chmod(0o640)
    stored.write_bytes(stored.read_bytes()[:-1] + b"?")
    capsys.readouterr()
    assert run("fixity", home=home) == Exit.STORAGE
    assert "has changed" in capsys.readouterr().out


def test_a_scan_can_be_shown_and_its_original_taken_out(
    home: Path, page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What went in comes out byte for byte, and an existing file is never replaced."""
    run("ingest", page, "--json", home=home)
    capsys.readouterr()
    run("ingest", page, "--json", home=home)
    sha256 = json.loads(capsys.readouterr().out)["files"][0]["sha256"]
    assert run("scan", "show", sha256[:12], "--json", home=home) == Exit.OK
    assert json.loads(capsys.readouterr().out)["sha256"] == sha256
    out = tmp_path / "out.png"
    assert run("scan", "pdf", "--original", "-o", out, sha256, home=home) == Exit.OK
    assert out.read_bytes() == page.read_bytes()
    assert run("scan", "pdf", "--original", "-o", out, sha256, home=home) == Exit.USAGE
    assert run("scan", "pdf", "-o", tmp_path / "not-made.pdf", sha256, home=home) == Exit.NOT_FOUND
    assert run("scan", "retry", sha256, home=home) == Exit.OK
    assert run("scan", "text", sha256, home=home) == Exit.OK


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["serv"], Exit.USAGE, "no command serv"),
        (["init", "--hom"], Exit.USAGE, "no option --hom"),
        (["serve", "--port", "abc"], Exit.USAGE, "--port"),
        (["serve", "--port", "99999"], Exit.USAGE, "65535"),
        (["search"], Exit.USAGE, "missing"),
        (["status", "--lang", "de"], Exit.USAGE, "vi | en"),
        (["scan", "show", "deadbeef00"], Exit.NOT_FOUND, "No scan is called"),
        (["scan", "show", "x"], Exit.NOT_FOUND, "No scan is called"),
        (["ingest", "/no/such/file"], Exit.NOT_FOUND, "nothing at /no/such/file"),
        ([], Exit.USAGE, "Commands"),
    ],
)
def test_misuse_is_explained(
    words: list[str], code: Exit, said: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command line that cannot be followed is answered with what is wrong and where help is."""
    capsys.readouterr()
    assert run(*words, home=home) == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


def test_a_home_that_was_never_prepared_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence carries the very command that prepares it."""
    assert run("status", home=tmp_path) == Exit.NOT_READY
    assert f"luutru init --home {tmp_path}" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("place", ["/proc", "/proc/station", "/dev/null"])
def test_a_home_that_takes_no_files_is_refused_by_its_own_name(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The system's own folders answer "no such file" to every new name; the person reads what that means."""
    assert run("init", home=Path(place)) == Exit.NOT_READY
    told = capsys.readouterr().err
    assert f"folder {place}" in told
    assert "cannot be written" in told
    assert ".part" not in told


@pytest.mark.parametrize(
    ("line", "code"), [("port = [", "settings"), ("prot = 1", "prot"), ("lang = 'de'", "lang"), ("port = -1", "port")]
)
def test_a_broken_settings_file_is_explained(
    line: str, code: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped setting stops the command with its name, not with a trace."""
    (home / "luutru.toml").write_text(line + "\n", encoding="utf-8")
    assert run("status", home=home) == Exit.SETTINGS
    assert code in capsys.readouterr().err


def test_a_damaged_database_is_explained(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Garbage where the database should be is said to be damage, and nothing is overwritten."""
    (home / "archive.sqlite3").write_bytes(b"this is no database at all" * 200)
    assert run("status", home=home) == Exit.STORAGE
    assert "damaged" in capsys.readouterr().err


def test_an_unexpected_fault_leaves_its_trace_in_the_log(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person gets a sentence and the path of the log; the trace is there."""

    def fail(_office: object) -> None:
        raise RuntimeError("a fault of the program")

    monkeypatch.setattr("desk.standing.stand", fail)
    assert run("status", home=home) == Exit.UNEXPECTED
    told = capsys.readouterr().err
    assert "Traceback" not in told
    log = home / "log" / "errors.log"
    assert str(log) in told
    assert "a fault of the program" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "words", [[], ["serve"], ["ingest"], ["status"], ["search"], ["scan"], ["scan", "pdf"], ["doctor"], ["settings"]]
)
def test_every_help_speaks_both_languages(words: list[str], lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Help exits with 0 and holds no English heading in Vietnamese."""
    assert answer([*words, "--help", "--lang", lang], {}) == Exit.OK
    told = capsys.readouterr().out
    assert ("Options:" in told) == (lang == "en")
    assert ("Tùy chọn:" in told) == (lang == "vi")


def test_global_options_stand_before_and_after_the_command(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People write --home where it comes to mind."""
    assert run("--home", home, "--lang", "en", "status") == Exit.OK
    before = capsys.readouterr().out
    assert run("status", "--home", home, "--lang", "en") == Exit.OK
    assert capsys.readouterr().out == before[before.index("Files") :]


def test_settings_are_listed_with_their_sentences(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every key can be found without opening the file."""
    capsys.readouterr()
    assert run("settings", "--json", home=home) == Exit.OK
    rows = json.loads(capsys.readouterr().out)
    assert rows["port"]["value"] == 8000
    assert all(row["sentence"] for row in rows.values())


def test_the_installed_program_starts_as_a_process(home: Path) -> None:
    """`python -m desk` is the program, and a closed pipe is no failure."""
    environment = {**os.environ, "LUUTRU_HOME": str(home), "LANG": "en_US.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-m", "desk", "--version"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout.startswith("luutru ")
    piped = subprocess.run(
        f"{sys.executable} -m desk settings | head -1",
        shell=True,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert piped.returncode == 0
    assert "Traceback" not in piped.stderr


def test_a_reader_who_is_gone_already_is_no_failure(home: Path) -> None:
    """The program itself ends well, whoever reads in a pipe behind it."""
    environment = {**os.environ, "LUUTRU_HOME": str(home), "LANG": "en_US.UTF-8"}
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "desk", "settings"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_calendars_first_and_last_day_can_be_asked_for(home: Path, lang: str) -> None:
    """A date field left at its end is no fault of the program."""
    assert run("search", "khai sinh", "--since", "0001-01-01", "--until", "9999-12-31", lang=lang, home=home) == Exit.OK


@pytest.mark.parametrize(("value", "option", "wanted"), [("gestern", "--since", "YYYY-MM-DD"), ("0", "--limit", "1 …")])
def test_a_wrong_value_is_named_with_what_can_be_used(
    home: Path, value: str, option: str, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The person sees which word was refused, and no sentence of a library."""
    assert run("search", "a", option, value, home=home) == Exit.USAGE
    said = capsys.readouterr().err
    assert f"{value} cannot be used for {option}" in said
    assert wanted in said
    assert "does not match" not in said


def test_a_backup_into_an_unset_variable_is_refused(home: Path) -> None:
    """`luutru backup "$DISK"` with DISK unset must not fill the folder it runs in."""
    assert run("backup", "", home=home) == Exit.USAGE
    assert run("restore", " ", home=home) == Exit.USAGE
