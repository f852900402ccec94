"""Files handed over by name: grouped, named twice, left open by a crash, and read back wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import arrivals
from archive.errors import ArchiveError
from archive.vault import FolderVault
from desk.cli.exits import Exit
from desk.cli.main import answer
from scanner_inbox.candidates import GROUP_FILES
from scanner_inbox.ingesting import Ingested, ingest
from tests.scanner_inbox.inboxes import Inbox, make_pdf


def _ingest(inbox: Inbox, *paths: Path) -> list[Ingested]:
    return ingest(inbox.desk.intake, inbox.desk.aside, paths, "hand")


def _damage_what_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a failing disk change what is stored of one file."""
    keep = FolderVault.keep

    def damage(vault: FolderVault, held: object, *more: object) -> bool:
        path = vault.where(held.sha256)  # type: ignore[attr-defined]
        is_bad = held.temp.read_bytes() == make_pdf("bad")  # type: ignore[attr-defined]
        new = keep(vault, held, *more)  # type: ignore[arg-type]
        if is_bad:
            path.chmod(0o640)
            path.write_bytes(bytes(path.stat().st_size))
        return new

    monkeypatch.setattr(FolderVault, "keep", damage)


def test_stored_bytes_that_read_back_wrong_are_said_and_the_source_stays(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one file is named with its code, the others are not; its source is untouched."""
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(make_pdf("good"))
    bad.write_bytes(make_pdf("bad"))
    _damage_what_is_bad(monkeypatch)
    codes = {each.path.name: each.code for each in _ingest(inbox, good, bad)}
    assert codes == {"good.pdf": "", "bad.pdf": "vault-bytes-changed"}
    assert bad.read_bytes() == make_pdf("bad")
    assert {row.name: row.reason for row in inbox.arrivals()} == {"good.pdf": None, "bad.pdf": "vault-bytes-changed"}


def test_the_command_ends_with_storage_trouble_when_bytes_read_back_wrong(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The person reads which file it was; everything else is taken in all the same."""
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(make_pdf("good"))
    bad.write_bytes(make_pdf("bad"))
    _damage_what_is_bad(monkeypatch)
    home = str(inbox.office.settings.home)
    assert answer(["ingest", str(bad), str(good)], {"LUUTRU_HOME": home, "LANG": "en"}) == Exit.STORAGE
    assert "bad.pdf" in capsys.readouterr().err
    assert {row.name: row.reason for row in inbox.arrivals()} == {"good.pdf": None, "bad.pdf": "vault-bytes-changed"}


def test_many_files_are_recorded_in_few_transactions(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every commit waits for the disk: their number follows the groups, not the files."""
    number, count = 2 * GROUP_FILES + 1, 0
    for each in range(number):
        (tmp_path / f"{each}.pdf").write_bytes(make_pdf(str(each)))
    database = type(inbox.office.database)
    atomic = database.atomic

    def counted(self: object) -> object:
        nonlocal count
        count += 1
        return atomic(self)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "atomic", counted)
    files = sorted(tmp_path.glob("*.pdf"))
    assert [each.state for each in _ingest(inbox, *files)] == ["stored"] * number
    assert count <= 3 * 4
    assert inbox.balance().balanced


def test_a_file_named_twice_is_one_file(inbox: Inbox, tmp_path: Path) -> None:
    """By its path and by its folder: it is taken once, and its second naming is no duplicate."""
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(make_pdf())
    assert [each.state for each in _ingest(inbox, folder / "a.pdf", folder, folder / "a.pdf")] == ["stored"]
    assert inbox.balance().seen == 1


def test_a_file_whose_ingest_was_interrupted_can_be_ingested_again(inbox: Inbox, tmp_path: Path) -> None:
    """The row that the killed run left open is used again."""
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf())
    found = path.stat()
    with inbox.office.database.atomic() as session:
        arrivals.add(
            session,
            path=bytes(path),
            station="hand",
            name="a.pdf",
            stamp=(found.st_size, found.st_mtime_ns, found.st_ino),
            device=found.st_dev,
            now=inbox.clock.now(),
            origin="ingest",
        )
    assert [each.state for each in _ingest(inbox, path)] == ["stored"]
    assert (inbox.balance().seen, inbox.balance().stored) == (1, 1)


def test_a_name_with_a_nul_is_no_path(inbox: Inbox) -> None:
    """No file can have it; the answer is the same as for any path that is not there."""
    with pytest.raises(ArchiveError) as refusal:
        _ingest(inbox, Path("/tmp/a\0b.pdf"))
    assert refusal.value.code == "path-missing"


def test_arrivals_recorded_together_are_like_arrivals_recorded_one_by_one(inbox: Inbox) -> None:
    """Every column but the names has the same value, so that no default is forgotten."""
    now, stamp = inbox.clock.now(), (5, 1 << 63, (1 << 64) - 2)  # times and inodes of network shares have 64 bits
    with inbox.office.database.atomic() as session:
        arrivals.add(session, path=b"a", station="s", name="x", stamp=stamp, device=1 << 63, now=now)
        session.flush()
        many = [arrivals.Newcomer(path, "s", "x", stamp, 1 << 63) for path in (b"b\xff", b"c")]
        numbers = arrivals.add_all(session, many, now)
        assert arrivals.add_all(session, [], now) == {}
    alone, *together = (row.model_dump() for row in inbox.arrivals())
    assert [(row["path"], row["id"]) for row in together] == sorted(numbers.items())
    own = {"id", "public_id", "path"}
    for row in together:
        assert {key: row[key] for key in row.keys() - own} == {key: alone[key] for key in alone.keys() - own}


UNREADABLE = Path("/proc/self/mem")  # a regular file that answers every reading with EIO, like a bad sector


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs Linux's /proc")
def test_a_named_file_that_cannot_be_read_does_not_stop_the_others(inbox: Inbox, tmp_path: Path) -> None:
    """A bad sector on a stick costs its own file alone, and leaves no half copy behind."""
    good = tmp_path / "good.pdf"
    good.write_bytes(make_pdf("good"))
    states = {each.path.name: each.state for each in _ingest(inbox, UNREADABLE, good)}
    assert states == {"mem": arrivals.SET_ASIDE, "good.pdf": arrivals.STORED}
    assert inbox.aside() == {}


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs Linux's /proc")
def test_a_named_file_that_cannot_be_read_does_not_stop_the_inbox(inbox: Inbox) -> None:
    """The sweep tries the file again and again, and scans keep coming in."""
    _ingest(inbox, UNREADABLE)
    inbox.drop("may1/next.pdf", make_pdf("next"))
    inbox.settle()
    assert {row.name: row.state for row in inbox.arrivals()} == {"mem": arrivals.SET_ASIDE, "next.pdf": arrivals.STORED}


def test_an_empty_path_is_refused_and_takes_nothing_in(
    inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unset variable in a script does not name the folder the script runs in."""
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "scan.pdf").write_bytes(make_pdf("here"))
    monkeypatch.chdir(tmp_path / "here")
    code = answer(["--home", str(inbox.office.settings.home), "ingest", ""], {"LANG": "en_US.UTF-8"})
    assert code == Exit.USAGE
    assert "PATH" in capsys.readouterr().err
    assert inbox.arrivals() == []
