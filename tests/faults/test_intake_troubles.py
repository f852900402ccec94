"""Disk full, a vault that cannot be written, a locked database, a damaged vault: intake waits and says so."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

import archive.database
from archive import fixity
from archive.vault import FolderVault
from desk.intaking import watcher_of
from desk.office import Office, open_office, prepare
from scanner_inbox.watcher import State
from tests.scanner_inbox.inboxes import Inbox, inbox_of, make_image, make_pdf


def _drop_and_settle(inbox: Inbox) -> State:
    inbox.drop("may1/a.pdf", make_pdf())
    watcher = watcher_of(inbox.office, inbox.desk, lambda _state: None)
    watcher.step()
    inbox.clock.sleep(6)
    return watcher.step()


def _recovers(inbox: Inbox) -> None:
    assert inbox.balance().balanced
    assert (inbox.folder / "may1" / "a.pdf").exists()
    inbox.settle()
    assert inbox.kept() == {make_pdf()}
    balance = inbox.balance()
    assert balance.balanced
    assert (balance.seen, balance.stored) == (1, 1)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of one megabyte, or skip where none can be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here (needs root and the right to mount)")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_stops_intake_and_loses_nothing(tmp_path: Path, small_disk: Path) -> None:
    """The file stays in the inbox until there is room; what was copied in vain is removed."""
    home = tmp_path / "home"
    prepare(home, {"LUUTRU_VAULT": str(small_disk / "vault"), "LUUTRU_KEEP_FREE_MB": "0"})
    office = open_office(home, {"LUUTRU_VAULT": str(small_disk / "vault"), "LUUTRU_KEEP_FREE_MB": "0"})
    big = make_image("BMP") * 1
    filler = small_disk / "filler"
    with inbox_of(replace(office, settings=replace(office.settings, stable_seconds=0))) as inbox:
        for number in range(40):
            inbox.drop(f"{number}.bmp", make_image("BMP", number))
        filler.write_bytes(bytes(700_000))
        watcher = watcher_of(inbox.office, inbox.desk, lambda _state: None)
        watcher.step()
        state = watcher.step()
        assert state.trouble == "disk-full"
        assert inbox.balance().balanced
        assert len(big) * 40 > 1 << 20
        filler.unlink()
        for _ in range(40):
            watcher.step()
            balance = inbox.balance()
            assert balance.balanced
            for scan in inbox.scans():
                path = FolderVault(small_disk / "vault").where(scan.sha256)
                shutil.copy(path, tmp_path / scan.sha256)
        assert balance.seen == 40
        assert balance.stored + balance.waiting == 40
        assert list((small_disk / "vault" / "incoming").iterdir()) == []
    office.close()


def test_intake_stops_before_the_last_room_is_gone(office: Office) -> None:
    """With less room than keep_free_mb nothing is taken in, and the state says how much there is."""
    settings = replace(office.settings, keep_free_mb=1 << 40)
    with inbox_of(replace(office, settings=settings)) as inbox:
        state = _drop_and_settle(inbox)
        assert state.trouble == "disk-nearly-full"
        assert state.facts["keep_free_mb"] == 1 << 40


def test_a_read_only_vault_stops_intake_and_loses_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trouble is named; when the vault can be written again everything goes on."""
    real_open = Path.open

    def refuse(path: Path, mode: str = "r", *more: object, **options: object) -> object:
        if "x" in mode and "incoming" in path.parts:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return real_open(path, mode, *more, **options)  # type: ignore[call-overload]

    with inbox_of(office) as inbox:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "open", refuse)
            assert _drop_and_settle(inbox).trouble == "vault-read-only"
        _recovers(inbox)


def test_a_database_that_is_locked_for_long_stops_intake_and_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process holds the write lock past the time-out: the sweep is tried again later."""
    monkeypatch.setattr(archive.database, "BUSY_SECONDS", 0.2)
    impatient = open_office(office.settings.home, {}, office.clock)
    with inbox_of(impatient) as inbox:
        locked, release = threading.Event(), threading.Event()

        def hold() -> None:
            with office.database.atomic() as session:
                session.execute(text("UPDATE scan SET name = name"))
                locked.set()
                release.wait(30)

        holder = threading.Thread(target=hold)
        holder.start()
        locked.wait(10)
        state = _drop_and_settle(inbox)
        release.set()
        holder.join()
        assert state.trouble == "database-busy"
        inbox.settle()
        _recovers_after(inbox)
    impatient.close()


def _recovers_after(inbox: Inbox) -> None:
    inbox.settle()
    assert inbox.kept() == {make_pdf()}
    assert inbox.balance().balanced


def test_a_damaged_vault_file_is_found_by_fixity_and_by_the_balance(office: Office) -> None:
    """A changed byte is found by re-reading; a lost or cut file by the balance itself."""
    with inbox_of(office) as inbox:
        for mark in "123":
            inbox.drop(f"{mark}.pdf", make_pdf(mark))
        inbox.settle()
        vault = inbox.office.vault
        assert isinstance(vault, FolderVault)
        first, second, third = (vault.where(scan.sha256) for scan in inbox.scans())
        first.chmod(0o640)
        first.write_bytes(first.read_bytes()[:-1] + b"!")
        assert inbox.balance().balanced
        second.chmod(0o640)
        second.write_bytes(b"short")
        third.unlink()
        results = [each.result for each in fixity.check(office.database, vault, office.clock)]
        assert sorted(results) == ["changed", "changed", "missing"]
        assert [(each.code, each.count) for each in inbox.balance().differences] == [("stored-bytes-missing", 2)]


def test_a_stored_file_whose_copy_reads_back_wrong_stays_in_the_inbox(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The inbox is cleared only after the stored bytes were re-read equal."""
    with inbox_of(office) as inbox:
        with monkeypatch.context() as patch:
            keep = FolderVault.keep

            def damage(vault: FolderVault, held: object, *more: object) -> bool:
                new = keep(vault, held, *more)  # type: ignore[arg-type]
                path = vault.where(held.sha256)  # type: ignore[attr-defined]
                path.chmod(0o640)
                path.write_bytes(bytes(path.stat().st_size))
                return new

            patch.setattr(FolderVault, "keep", damage)
            _drop_and_settle(inbox)
        assert (inbox.folder / "may1" / "a.pdf").read_bytes() == make_pdf()
        assert [row.reason for row in inbox.arrivals()] == ["vault-bytes-changed"]


def _drop_many(inbox: Inbox, number: int) -> set[bytes]:
    wanted = {make_pdf(str(each)) for each in range(number)}
    source = inbox.office.settings.home / "coming"
    source.mkdir()
    for each, data in enumerate(sorted(wanted)):
        (source / f"{each}.pdf").write_bytes(data)
    source.rename(inbox.folder / "may1")
    return wanted


def _take_all(inbox: Inbox, number: int) -> None:
    wanted = _drop_many(inbox, number)
    inbox.settle()
    balance = inbox.balance()
    assert balance.balanced
    assert (balance.seen, balance.stored) == (number, number)
    assert inbox.kept() == wanted


def test_a_thousand_files_dropped_at_once_are_all_taken_in(office: Office) -> None:
    """A folder moved in whole: every file of it is stored, however many events were sent."""
    with inbox_of(office) as inbox:
        _take_all(inbox, 1000)


@pytest.mark.long
def test_ten_thousand_files_dropped_at_once_are_all_taken_in(office: Office) -> None:
    """The same with the number a ward brings in a week."""
    with inbox_of(office) as inbox:
        _take_all(inbox, 10_000)


def _stalled(office: Office, number: int) -> None:
    stop, ready = threading.Event(), threading.Event()
    with inbox_of(office) as inbox:
        slow = watcher_of(office, inbox.desk, lambda _state: ready.set())
        slow.sweep_seconds = 1.0
        sweep = slow.sweeper.sweep

        def stalled_sweep() -> object:
            time.sleep(1.0 if not ready.is_set() else 0.0)
            inbox.clock.sleep(6)
            return sweep()

        slow.sweeper.sweep = stalled_sweep  # type: ignore[method-assign, assignment]
        watching = threading.Thread(target=slow.run, args=(stop,))
        watching.start()
        wanted = _drop_many(inbox, number)
        for _ in range(number):
            if inbox.balance().stored == number:
                break
            time.sleep(0.3)
        stop.set()
        watching.join(30)
        assert not watching.is_alive()
        assert inbox.kept() == wanted
        assert inbox.balance().balanced


def test_files_moved_in_while_the_watcher_is_stalled_are_all_found(office: Office) -> None:
    """Events that were never delivered are made up for by the sweep."""
    _stalled(office, 500)


@pytest.mark.long
def test_fifty_thousand_files_moved_in_while_the_watcher_is_stalled_are_all_found(office: Office) -> None:
    """The number at which the operating system dropped two thirds of the events."""
    _stalled(office, 50_000)
