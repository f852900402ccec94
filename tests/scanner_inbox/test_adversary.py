"""What somebody with write access to the inbox may do to it: each has one outcome, and the balance holds after it."""

from __future__ import annotations

import errno
import io
import os
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from scanner_inbox import walls
from scanner_inbox.verdict import Limits, Verdict, Whole
from scanner_inbox.whole import examine
from tests.scanner_inbox.inboxes import Inbox, make_pdf, make_tiff


def _outcomes(inbox: Inbox) -> list[tuple[str, str, str | None]]:
    balance = inbox.balance()
    assert balance.balanced, balance.differences
    return sorted((row.name, row.state, row.reason) for row in inbox.arrivals())


def test_a_device_is_set_aside_unopened(inbox: Inbox) -> None:
    """An endless device would never end; it is moved by its name and not read."""
    try:
        os.mknod(inbox.folder / "zero.pdf", stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root can make a device")
    inbox.settle()
    assert _outcomes(inbox) == [("zero.pdf", "set_aside", "device")]
    assert inbox.kept() == set()


def test_two_names_of_one_file_are_a_scan_and_its_duplicate(inbox: Inbox) -> None:
    """Hard links: both names leave the inbox, the bytes are stored once, and the second name is not lost."""
    first = inbox.drop("may1/a.pdf", make_pdf())
    (inbox.folder / "may2").mkdir()
    os.link(first, inbox.folder / "may2" / "b.pdf")
    inbox.settle()
    assert sorted(state for _, state, _ in _outcomes(inbox)) == ["duplicate", "stored"]
    assert [path for path in inbox.folder.rglob("*") if path.is_file()] == []
    assert len(list(inbox.office.settings.done_folder.rglob("*.pdf"))) == 2


def test_what_is_written_through_a_second_name_outside_never_reaches_the_vault(inbox: Inbox, tmp_path: Path) -> None:
    """The vault holds a copy of its own: whoever kept a hard link changes only the copy in done, which arrives anew."""
    path = inbox.drop("a.pdf", make_pdf("1"))
    os.link(path, tmp_path / "mine.pdf")
    inbox.settle()
    (tmp_path / "mine.pdf").write_bytes(make_pdf("2, and longer than before"))
    assert inbox.kept() == {make_pdf("1")}
    inbox.sweeper.sweep()
    inbox.settle()
    assert inbox.kept() == {make_pdf("1"), make_pdf("2, and longer than before")}
    assert [state for _, state, _ in _outcomes(inbox)] == ["stored", "stored"]


def test_a_file_that_may_not_be_read_waits_for_its_rights(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits however long, with the reason, without stopping the others, and is stored once it may be read."""
    inbox.drop("locked.pdf", make_pdf("locked"))
    inbox.drop("open.pdf", make_pdf("open"))
    real = os.open

    def refuse(path: str | bytes | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == b"locked.pdf":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return real(path, flags, mode, dir_fd=dir_fd)

    with monkeypatch.context() as patch:
        patch.setattr(walls.os, "open", refuse)
        inbox.settle()
        inbox.clock.sleep(31 * 60)
        inbox.sweeper.sweep()
        assert _outcomes(inbox) == [("locked.pdf", "waiting", "no-permission"), ("open.pdf", "stored", None)]
    inbox.sweeper.sweep()
    assert [state for _, state, _ in _outcomes(inbox)] == ["stored", "stored"]


def test_files_below_a_folder_that_turns_unreadable_have_not_vanished(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They wait; the sweep names the folder."""
    inbox.drop("may1/a.pdf", make_pdf())
    inbox.sweeper.sweep()
    real = os.open

    def refuse(path: str | bytes | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == "may1":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return real(path, flags, mode, dir_fd=dir_fd)

    with monkeypatch.context() as patch:
        patch.setattr(walls.os, "open", refuse)
        assert inbox.sweeper.sweep().unreadable == (b"may1",)
    assert [row.state for row in inbox.arrivals()] == ["waiting"]
    inbox.settle()
    assert _outcomes(inbox) == [("a.pdf", "stored", None)]


@pytest.mark.parametrize("step", ["intake.held", "intake.kept", "intake.recorded", "intake.verified"])
def test_a_station_folder_renamed_in_the_middle_of_a_sweep_loses_nothing(inbox: Inbox, step: str) -> None:
    """What was copied is stored; the same file under its new folder is then its duplicate."""
    for number in range(3):
        inbox.drop(f"may1/{number}.pdf", make_pdf(str(number)))

    def reach(reached: str) -> None:
        if reached == step and (inbox.folder / "may1").exists():
            (inbox.folder / "may1").rename(inbox.folder / "may2")

    inbox.sweeper.intake = replace(inbox.sweeper.intake, reach=reach, hands=1)
    inbox.settle()
    inbox.settle()
    assert {"waiting", "set_aside"}.isdisjoint(state for _, state, _ in _outcomes(inbox))
    assert inbox.kept() == {make_pdf(str(number)) for number in range(3)}
    assert len(inbox.scans()) == 3
    assert [path for path in inbox.folder.rglob("*") if path.is_file()] == []


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", "x" * 100)
    return out.getvalue()


def _locked_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(make_pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "early", "reason"),
    [
        (_zip(), "set_aside", "foreign"),
        (_locked_pdf(), "set_aside", "pdf-encrypted"),
        (b"", "waiting", "empty"),
        (bytes(5000), "waiting", "only-zeros"),
    ],
)
def test_what_is_named_pdf_and_is_none_is_set_aside_with_its_reason(
    inbox: Inbox, data: bytes, early: str, reason: str
) -> None:
    """At once where the bytes say so; after the waiting time where they may still come."""
    inbox.drop("may1/a.pdf", data)
    inbox.settle()
    assert _outcomes(inbox) == [("a.pdf", early, reason)]
    inbox.clock.sleep(31 * 60)
    inbox.sweeper.sweep()
    assert _outcomes(inbox) == [("a.pdf", "set_aside", reason)]
    assert inbox.aside() == {"may1/a.pdf": data}


def test_bytes_appended_to_a_file_in_done_arrive_as_a_scan_of_their_own(inbox: Inbox) -> None:
    """The first reading stays as it was stored; nothing is overwritten and nothing lost."""
    inbox.drop("may1/a.tif", make_tiff(1))
    inbox.settle()
    done = next(inbox.office.settings.done_folder.rglob("a.tif"))
    done.write_bytes(make_tiff(2))
    inbox.sweeper.sweep()
    inbox.settle()
    assert inbox.kept() == {make_tiff(1), make_tiff(2)}
    assert [state for _, state, _ in _outcomes(inbox)] == ["stored", "stored"]


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_cut_jpeg_is_never_whole_wherever_it_was_cut(tmp_path: Path, mode: str, progressive: bool) -> None:
    """The examination decodes a small picture and gives the verdict that decoding every pixel gives."""
    out = io.BytesIO()
    Image.effect_noise((203, 149), 60).convert("RGB").convert(mode).save(out, "JPEG", progressive=progressive)
    data, path = out.getvalue(), tmp_path / "a.jpg"

    def examined(part: bytes) -> Verdict:
        path.write_bytes(part)
        return examine(path, Limits())

    def decodes(part: bytes) -> bool:
        try:
            Image.open(io.BytesIO(part), formats=["JPEG"]).load()
        except OSError:
            return False
        return True

    assert examined(data) == Whole("jpeg", 1)
    for cut in {*range(1, 12), *range(12, len(data) - 3, len(data) // 150)}:
        assert isinstance(examined(data[:-cut]), Whole) == decodes(data[:-cut]), cut
