"""A station comes back from its backup, on both engines, and a backup that cannot bring it back says so."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from archive import backup, scans
from archive.database import Database, open_database
from archive.errors import ArchiveError, DatabaseError, VaultError
from archive.vault import FolderVault
from desk.office import open_vault

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    """Give the station's vault."""
    folder = FolderVault(tmp_path / "home" / "vault")
    folder.prepare()
    return folder


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database beside the first that holds nothing."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'again.sqlite3'}"
        return
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{url.database}_again"'))
    yield url.set(database=f"{url.database}_again").render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{url.database}_again" WITH (FORCE)'))
    server.dispose()


def _take_in(database: Database, vault: FolderVault, data: bytes) -> str:
    held = vault.hold(io.BytesIO(data))
    vault.keep(held)
    with database.atomic() as session:
        scans.receive(session, sha256=held.sha256, size=held.size, kind="pdf", name="a.pdf", station="s", now=NOW)
    return held.sha256


def test_a_station_comes_back_whole(database: Database, vault: FolderVault, tmp_path: Path, empty_url: str) -> None:
    """Every row and every original stand again after one call, and a second call refuses to overwrite them."""
    kept = [_take_in(database, vault, f"tờ {n}".encode()) for n in range(5)]
    home, folder = tmp_path / "home", tmp_path / "backup"
    (home / "luutru.toml").write_text('lang = "en"\n', encoding="utf-8")
    made = backup.back_up(database, vault, home, folder, NOW)
    assert (made.originals, made.copied) == (5, 5)
    assert backup.check(made.folder) == []
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=made.folder, check=True)
    again, environment = tmp_path / "again", {"LUUTRU_DATABASE": empty_url}
    assert backup.restore(folder, again, environment, open_vault) == 5
    assert (again / "luutru.toml").read_text(encoding="utf-8") == 'lang = "en"\n'
    restored = open_database(empty_url)
    with restored.reading() as session:
        assert all(scans.by_sha256(session, each) for each in kept)
    restored.close()
    assert all(FolderVault(again / "vault").verify(each) for each in kept)
    with pytest.raises(DatabaseError) as refused:
        backup.restore(folder, again, environment, open_vault)
    assert refused.value.code == "restore-would-overwrite"


def test_a_later_backup_copies_only_what_is_new(database: Database, vault: FolderVault, tmp_path: Path) -> None:
    """Originals are shared by all snapshots of a folder, and each snapshot stays as it was."""
    folder, home = tmp_path / "backup", tmp_path / "home"
    _take_in(database, vault, b"first")
    first = backup.back_up(database, vault, home, folder, NOW)
    _take_in(database, vault, b"second")
    second = backup.back_up(database, vault, home, folder, NOW + timedelta(days=1))
    assert (second.originals, second.copied) == (2, 1)
    assert backup.snapshots(folder) == [first.folder, second.folder]
    assert backup.check(first.folder) == []


def test_a_damaged_backup_is_found_and_not_restored(
    database: Database, vault: FolderVault, tmp_path: Path, empty_url: str
) -> None:
    """A flipped byte or a lost original is named by the check, and restore touches nothing."""
    sha256 = _take_in(database, vault, b"paper")
    made = backup.back_up(database, vault, tmp_path / "home", tmp_path / "backup", NOW)
    stored = FolderVault(tmp_path / "backup" / "vault").where(sha256)
    stored.chmod(0o640)
    stored.write_bytes(b"papes")
    assert [each.code for each in backup.check(made.folder)] == ["backup-changed"]
    stored.unlink()
    assert [each.code for each in backup.check(made.folder)] == ["backup-missing"]
    with pytest.raises(ArchiveError) as refused:
        backup.restore(tmp_path / "backup", tmp_path / "again", {"LUUTRU_DATABASE": empty_url}, open_vault)
    assert refused.value.code == "backup-broken"
    assert not (tmp_path / "again").exists()


def test_a_station_that_lost_an_original_cannot_pretend_to_be_backed_up(
    database: Database, vault: FolderVault, tmp_path: Path
) -> None:
    """A row whose original is gone stops the backup, and what was begun is no snapshot."""
    sha256 = _take_in(database, vault, b"lost")
    vault.where(sha256).unlink()
    with pytest.raises(VaultError) as refused:
        backup.back_up(database, vault, tmp_path / "home", tmp_path / "backup", NOW)
    assert refused.value.code == "vault-bytes-missing"
    assert backup.snapshots(tmp_path / "backup") == []
    with pytest.raises(ArchiveError) as none:
        backup.restore(tmp_path / "backup", tmp_path / "again", {}, open_vault)
    assert none.value.code == "backup-none"


def test_a_backup_inside_the_station_is_refused(database: Database, vault: FolderVault, tmp_path: Path) -> None:
    """A copy on the same disk in the same folder is no backup."""
    with pytest.raises(ArchiveError) as refused:
        backup.back_up(database, vault, tmp_path / "home", tmp_path / "home" / "backup", NOW)
    assert refused.value.code == "backup-inside-home"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("place", ["/proc", "/proc/backup", "/dev/null", "/dev/null/backup"])
def test_a_place_that_takes_no_files_is_refused_as_the_backups_own(
    database: Database, vault: FolderVault, tmp_path: Path, place: str
) -> None:
    """The refusal names the folder of the backup, not the station's vault, and comes before anything is copied."""
    with pytest.raises(ArchiveError) as refused:
        backup.back_up(database, vault, tmp_path / "home", Path(place), NOW)
    assert (refused.value.code, refused.value.facts["path"]) == ("backup-unwritable", place)
