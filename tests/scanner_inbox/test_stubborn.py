"""One bad thing stops only itself: damaged stored bytes, swapped folders, a dead examiner, a clock that jumps."""

from __future__ import annotations

import errno
import os
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import arrivals
from archive.vault import FolderVault
from scanner_inbox import walls
from scanner_inbox.candidates import GROUP_FILES
from scanner_inbox.checker import Checker
from scanner_inbox.names import LONGEST_STATION, read_path
from scanner_inbox.sweeping import Report, Sweeper
from scanner_inbox.watcher import State, Watcher
from tests.scanner_inbox.inboxes import Inbox, make_pdf


def _damage(inbox: Inbox, data: bytes | None = None) -> None:
    """Change the bytes of the first stored scan, keeping their number unless other bytes are given."""
    vault = inbox.office.vault
    assert isinstance(vault, FolderVault)
    path = vault.where(inbox.scans()[0].sha256)
    path.chmod(0o640)
    path.write_bytes(data if data is not None else b"x" * path.stat().st_size)


def _watch(inbox: Inbox, times: int = 3) -> State:
    watcher, state = Watcher(inbox.sweeper), State()
    for _ in range(times):
        state = watcher.step()
        inbox.clock.sleep(10)
    return state


def test_a_duplicate_of_damaged_bytes_is_set_aside_and_others_are_taken_in(inbox: Inbox) -> None:
    """The vault holds other bytes under the hash of a file that comes again: a person must look, nothing else waits."""
    inbox.drop("a.pdf", make_pdf("a"))
    inbox.settle()
    _damage(inbox, b"x")
    inbox.drop("a again.pdf", make_pdf("a"))
    inbox.drop("b.pdf", make_pdf("b"))
    assert _watch(inbox).trouble == ""
    states = {row.name: (row.state, row.reason) for row in inbox.arrivals()}
    assert states["a again.pdf"] == (arrivals.SET_ASIDE, "vault-bytes-changed")
    assert states["b.pdf"] == (arrivals.STORED, None)
    assert inbox.aside() == {"inbox/a again.pdf": make_pdf("a")}
    incoming = inbox.office.settings.home / "vault" / "incoming"
    assert list(incoming.iterdir()) == []


def test_the_last_good_copy_of_damaged_bytes_is_never_removed(inbox: Inbox) -> None:
    """With after_intake = delete a copy whose stored bytes are damaged stays, and the inbox goes on."""
    inbox.drop("a.pdf", make_pdf("a"))
    inbox.settle()
    inbox.sweeper.rules = replace(inbox.sweeper.rules, keep=False, delete_after_hours=1)
    _damage(inbox)
    inbox.clock.sleep(2 * 3600)
    inbox.drop("b.pdf", make_pdf("b"))
    assert _watch(inbox).trouble == ""
    first, second = inbox.arrivals()
    assert first.reason == "vault-bytes-changed"
    assert Path(os.fsdecode(first.kept_path or b"")).read_bytes() == make_pdf("a")
    assert second.state == arrivals.STORED


def test_a_copy_that_changed_long_after_intake_is_taken_in_and_not_removed(inbox: Inbox) -> None:
    """With after_intake = delete a copy in done that differs from what was stored becomes an arrival of its own."""
    inbox.drop("a.pdf", make_pdf("a"))
    inbox.settle()
    inbox.sweeper.rules = replace(inbox.sweeper.rules, keep=False, delete_after_hours=1)
    inbox.clock.sleep(2 * 3600)
    kept = Path(os.fsdecode(inbox.arrivals()[0].kept_path or b""))
    kept.write_bytes(make_pdf("changed by hand"))
    inbox.settle()
    inbox.settle()
    assert inbox.kept() == {make_pdf("a"), make_pdf("changed by hand")}
    assert inbox.balance().balanced


def test_a_retried_file_never_leaves_through_a_link(inbox: Inbox, tmp_path: Path) -> None:
    """A station folder that was swapped for a link leads nowhere: the file comes back directly into the inbox."""
    inbox.drop("s1/x.txt", b"hello, this is no scan")
    inbox.settle()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (inbox.folder / "s1").rmdir()
    (inbox.folder / "s1").symlink_to(elsewhere)
    inbox.desk.aside.retry(inbox.arrivals()[0].public_id)
    assert list(elsewhere.iterdir()) == []
    assert (inbox.folder / "x.txt").read_bytes() == b"hello, this is no scan"
    inbox.settle()
    row = inbox.arrivals()[0]
    assert (row.state, row.station) == (arrivals.SET_ASIDE, "s1")
    assert inbox.balance().balanced


def test_a_crash_halfway_back_into_the_inbox_leaves_one_file(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Linked under both names when the power went: the next sweep ends the move, and nothing is left aside."""
    inbox.drop("x.txt", b"hello, this is no scan")
    inbox.settle()
    row = inbox.arrivals()[0]
    kept = Path(os.fsdecode(row.kept_path or b""))
    kept.write_bytes(make_pdf("mended by hand"))
    unlink = Path.unlink

    def crash(path: Path, missing_ok: bool = False) -> None:
        if path == kept:
            raise OSError(errno.EIO, "the power went")
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", crash)
        with pytest.raises(OSError, match="power"):
            inbox.desk.aside.retry(row.public_id)
    assert kept.lstat().st_nlink == 2
    inbox.settle()
    assert inbox.kept() == {make_pdf("mended by hand")}
    assert inbox.aside() == {}
    assert [path.name for path in inbox.folder.iterdir()] == []
    assert inbox.balance().balanced


def test_a_file_comes_back_across_file_systems(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a link is impossible the bytes are copied, synced and only then let go."""

    def no_link(*_paths: object, **_options: object) -> None:
        raise OSError(errno.EXDEV, "another file system")

    source = inbox.office.settings.home / "kept.txt"
    source.write_bytes(b"bytes")
    monkeypatch.setattr(os, "link", no_link)
    assert walls.put_in(inbox.folder, b"s1/deep/x.txt", source) == b"s1/deep/x.txt"
    assert (inbox.folder / "s1/deep/x.txt").read_bytes() == b"bytes"
    assert not source.exists()


def test_an_inbox_that_is_a_link_to_a_share_is_watched(inbox: Inbox, tmp_path: Path) -> None:
    """The inbox's own path is the office's choice; only what stands below it is never followed."""
    real = tmp_path / "share"
    inbox.folder.rename(real)
    inbox.folder.symlink_to(real)
    inbox.drop("s1/a.pdf", make_pdf("a"))
    assert _watch(inbox).trouble == ""
    assert [row.state for row in inbox.arrivals()] == [arrivals.STORED]
    assert [path for path in real.rglob("*") if path.is_file()] == []


def test_the_watcher_stops_between_two_groups_and_goes_on_later(inbox: Inbox) -> None:
    """A clean stop does not wait for ten thousand files; what is left is taken in by the next sweep."""
    for number in range(GROUP_FILES + 10):
        inbox.drop(f"{number}.pdf", make_pdf(str(number)))
    inbox.sweeper.sweep()
    inbox.clock.sleep(6)
    stop, signs = threading.Event(), []

    def tell(state: State) -> None:
        signs.append(state)

    def reach(step: str) -> None:
        if step == "intake.recorded":
            stop.set()

    inbox.sweeper.intake = replace(inbox.sweeper.intake, reach=reach)
    Watcher(inbox.sweeper, tell=tell).run(stop)
    assert len(inbox.scans()) == GROUP_FILES
    assert inbox.balance().balanced
    inbox.sweeper.going = lambda: True
    inbox.sweeper.sweep()
    assert len(inbox.scans()) == GROUP_FILES + 10


def test_a_long_sweep_gives_signs_of_life(inbox: Inbox) -> None:
    """Between two groups the watcher says that it is alive, so that a long intake is not taken for a dead one."""
    told = []
    watcher = Watcher(inbox.sweeper, tell=told.append)
    stop = threading.Event()
    inbox.clock.sleep(60)

    class OneSweep(Sweeper):
        def sweep(self) -> Report:
            inbox.clock.sleep(60)
            assert self.going()
            stop.set()
            assert not self.going()
            return Report()

    watcher.sweeper = OneSweep(inbox.sweeper.intake, inbox.sweeper.aside)
    watcher.run(stop)
    assert len(told) == 2


@pytest.mark.parametrize(
    ("data", "step", "state"),
    [(b"hello, this is no scan", "aside.moved", arrivals.SET_ASIDE), (make_pdf("a"), "intake.moved", arrivals.STORED)],
)
def test_a_name_used_again_after_a_crash_does_not_take_the_place_of_the_moved_file(
    inbox: Inbox, data: bytes, step: str, state: str
) -> None:
    """The file that was moved before the crash keeps its row, its place and its slip; the new one has its own."""

    class PowerCutError(Exception):
        pass

    def reach(reached: str) -> None:
        if reached == step:
            raise PowerCutError

    calm, aside = inbox.sweeper.intake, inbox.sweeper.aside
    inbox.drop("may1/a.pdf", data)
    inbox.sweeper.intake, inbox.sweeper.aside = replace(calm, reach=reach), replace(aside, reach=reach)
    with pytest.raises(PowerCutError):
        inbox.settle()
    inbox.sweeper.intake, inbox.sweeper.aside = calm, aside
    inbox.drop("may1/a.pdf", make_pdf("another"))
    inbox.settle()
    first, second = inbox.arrivals()
    assert (first.state, second.state) == (state, arrivals.STORED)
    assert Path(os.fsdecode(first.kept_path or b"")).read_bytes() == data
    assert Path(os.fsdecode(second.kept_path or b"")).read_bytes() == make_pdf("another")
    assert inbox.balance().balanced


def test_a_file_is_not_blamed_for_the_death_of_the_examiner(inbox: Inbox) -> None:
    """When the examining process was killed by somebody else the next file is simply asked about again."""
    inbox.drop("a.pdf", make_pdf("a"))
    inbox.settle()
    checker = inbox.sweeper.intake.check
    assert isinstance(checker, Checker)
    process = next(each.process for each in checker._all if each.process is not None)
    process.kill()
    process.wait()
    inbox.drop("b.pdf", make_pdf("b"))
    inbox.settle()
    assert [row.state for row in inbox.arrivals()] == [arrivals.STORED, arrivals.STORED]


def test_a_clock_that_jumps_ahead_makes_nobody_give_up(inbox: Inbox) -> None:
    """A PC that finds the right year at last does not set aside what has been arriving for a minute."""
    path = inbox.drop("a.pdf", make_pdf("a")[:-50])
    inbox.settle()
    inbox.clock.moment += timedelta(days=300)
    inbox.sweeper.sweep()
    assert [row.state for row in inbox.arrivals()] == [arrivals.WAITING]
    path.write_bytes(make_pdf("a"))
    inbox.settle()
    assert [row.state for row in inbox.arrivals()] == [arrivals.STORED]


def test_the_name_of_a_station_fits_its_column() -> None:
    """Two hundred control characters are shown as twelve hundred letters; PostgreSQL holds 255."""
    assert len(read_path(b"\x01" * 200 + b"/a.pdf").station) == LONGEST_STATION


def test_files_of_a_share_that_is_unmounted_have_not_vanished(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty mount point is another device: the watcher says so and waits; after the waiting time it is believed."""
    path = inbox.drop("a.pdf", make_pdf("a")[:-50])
    inbox.settle()
    path.unlink()
    with monkeypatch.context() as patch:
        patch.setattr(walls, "device_of", lambda _root: -1)
        assert _watch(inbox).trouble == "inbox-unreachable"
        assert [row.state for row in inbox.arrivals()] == [arrivals.WAITING]
        path.write_bytes(make_pdf("a"))
        assert _watch(inbox).trouble == ""
    assert [row.state for row in inbox.arrivals()] == [arrivals.STORED]
    inbox.drop("b.pdf", make_pdf("b")[:-50])
    inbox.settle()
    (inbox.folder / "b.pdf").unlink()
    monkeypatch.setattr(walls, "device_of", lambda _root: -1)
    _watch(inbox)
    inbox.clock.sleep(31 * 60)
    assert _watch(inbox).trouble == ""
    assert inbox.arrivals()[1].state == arrivals.VANISHED
