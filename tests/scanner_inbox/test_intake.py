"""Files dropped into the inbox: stored, found to be duplicates, set aside, waiting or vanished, and always counted."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from archive import arrivals
from archive.errors import ArchiveError, SettingsError
from archive.settings import Settings, check
from desk.intaking import try_again
from tests.scanner_inbox.inboxes import Inbox, inbox_of, make_image, make_pdf, make_tiff


def _states(inbox: Inbox) -> list[str]:
    return [row.state for row in inbox.arrivals()]


def _balanced(inbox: Inbox, **counts: int) -> None:
    balance = inbox.balance()
    assert balance.balanced, balance.differences
    parts = {name: getattr(balance, name) for name in arrivals.STATES}
    assert balance.seen == sum(parts.values())
    assert {name: number for name, number in parts.items() if number} == counts


def test_a_finished_file_is_stored_and_moved_to_the_done_folder(inbox: Inbox) -> None:
    """The vault holds its bytes, the inbox no longer does, and done keeps the file under its station and day."""
    data = make_pdf()
    inbox.drop("may1/a.pdf", data)
    report = inbox.settle()
    assert report.stored == 1
    assert inbox.kept() == {data}
    assert [path.read_bytes() for path in inbox.office.settings.done_folder.glob("may1/*/a.pdf")] == [data]
    assert list(inbox.folder.rglob("*.pdf")) == []
    assert [(scan.station, scan.name, scan.kind) for scan in inbox.scans()] == [("may1", "a.pdf", "pdf")]
    _balanced(inbox, stored=1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "WEBP"])
def test_every_kind_of_image_is_taken_by_its_content(inbox: Inbox, kind: str) -> None:
    """The name's ending says nothing; the bytes do."""
    inbox.drop("may1/scan.dat", make_image(kind))
    inbox.settle()
    assert [scan.kind for scan in inbox.scans()] == [kind.lower()]


def test_a_file_that_still_changes_waits(inbox: Inbox) -> None:
    """Each change starts the delay anew; the file is taken in whole, once."""
    whole = make_tiff(3)
    path = inbox.drop("slow.tif", whole[:100])
    for size in (200, 300, len(whole)):
        inbox.settle(3)
        path.write_bytes(whole[:size])
    inbox.settle(3)
    assert _states(inbox) == ["waiting"]
    inbox.settle()
    assert inbox.kept() == {whole}
    _balanced(inbox, stored=1)


@pytest.mark.parametrize("whole", [make_pdf("x", 3), make_image("JPEG"), make_tiff(3), make_image("PNG")])
def test_a_writer_that_pauses_longer_than_the_delay_is_not_believed(inbox: Inbox, whole: bytes) -> None:
    """A still but incomplete file waits for its end, however long the pause; nothing partial is ever stored."""
    path = inbox.drop("slow", whole[: len(whole) * 2 // 3])
    for _ in range(4):
        inbox.settle(60)
        assert _states(inbox) == ["waiting"]
    path.write_bytes(whole)
    inbox.settle()
    inbox.settle()
    assert inbox.kept() == {whole}
    _balanced(inbox, stored=1)


def test_a_file_that_some_program_holds_open_for_writing_waits(inbox: Inbox) -> None:
    """Even a structurally whole file is not taken while its writer is not done."""
    path = inbox.drop("open.tif", make_tiff(1))
    with path.open("ab"):
        inbox.settle()
        assert [(row.state, row.reason) for row in inbox.arrivals()] == [("waiting", "being-written")]
    inbox.settle()
    assert _states(inbox) == ["stored"]


def test_a_file_that_grows_after_intake_is_taken_in_again(inbox: Inbox) -> None:
    """A writer that comes back to a multi-page file after we took it loses nothing: the grown file is a scan too."""
    first, grown = make_tiff(1), make_tiff(2)
    inbox.drop("pages.tif", first)
    inbox.settle()
    done = next(inbox.office.settings.done_folder.rglob("pages.tif"))
    done.write_bytes(grown)
    inbox.settle()
    inbox.settle()
    assert inbox.kept() == {first, grown}
    _balanced(inbox, stored=2)


def test_a_file_that_never_becomes_whole_is_set_aside_and_taken_up_when_it_grows(inbox: Inbox) -> None:
    """After half an hour it gets a slip; when the rest arrives it is stored and the slip is gone."""
    whole = make_pdf()
    inbox.drop("may1/cut.pdf", whole[:-30])
    inbox.settle()
    inbox.clock.sleep(31 * 60)
    inbox.sweeper.sweep()
    assert list(inbox.aside()) == ["may1/cut.pdf"]
    folder = inbox.office.settings.aside_folder / "may1"
    assert "cut.pdf" in (folder / "cut.pdf.slip.txt").read_text()
    _balanced(inbox, set_aside=1)
    (folder / "cut.pdf").write_bytes(whole)
    inbox.settle()
    inbox.settle()
    assert inbox.kept() == {whole}
    assert list(folder.iterdir()) == []
    _balanced(inbox, stored=1)


def test_the_same_bytes_again_are_a_recorded_duplicate_and_never_deleted(inbox: Inbox) -> None:
    """Two stations may send the same bytes, under one name or two: one scan, each arrival counted, each file kept."""
    data = make_pdf()
    inbox.drop("may1/a.pdf", data)
    inbox.drop("may2/a.pdf", data)
    inbox.settle()
    inbox.drop("may1/b.pdf", data)
    inbox.settle()
    assert len(inbox.scans()) == 1
    assert len(list(inbox.office.settings.done_folder.rglob("*.pdf"))) == 3
    _balanced(inbox, stored=1, duplicate=2)


def test_two_stations_may_use_one_file_name(inbox: Inbox) -> None:
    """The first folder names the station; equal names do not meet."""
    inbox.drop("may1/0001.pdf", make_pdf("1"))
    inbox.drop("may2/0001.pdf", make_pdf("2"))
    inbox.drop("0001.pdf", make_pdf("3"))
    inbox.settle()
    assert sorted((scan.station, scan.name) for scan in inbox.scans()) == [
        ("inbox", "0001.pdf"),
        ("may1", "0001.pdf"),
        ("may2", "0001.pdf"),
    ]


def test_a_name_used_again_keeps_both_files(inbox: Inbox) -> None:
    """A scanner that counts from 0001 every day overwrites nothing in done."""
    for mark in "12":
        inbox.drop("may1/0001.pdf", make_pdf(mark))
        inbox.settle()
    names = sorted(path.name for path in inbox.office.settings.done_folder.rglob("*.pdf"))
    assert names == ["0001 (2).pdf", "0001.pdf"]
    _balanced(inbox, stored=2)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"hello, this is a note and no scan", "foreign"),
        (make_pdf()[:60] + b"garbage" * 50 + b"\n%%EOF", "pdf-broken"),
    ],
)
def test_what_is_no_scan_is_set_aside_at_once_with_its_reason(inbox: Inbox, data: bytes, code: str) -> None:
    """The bytes stand untouched in the set-aside folder, the slip beside them speaks both languages."""
    inbox.drop("may1/x.pdf", data)
    inbox.settle()
    assert [(row.state, row.reason) for row in inbox.arrivals()] == [("set_aside", code)]
    assert inbox.aside() == {"may1/x.pdf": data}
    assert inbox.kept() == set()
    _balanced(inbox, set_aside=1)


def test_a_retried_file_goes_through_the_same_steps_again(inbox: Inbox) -> None:
    """Retry moves it back to where it came from; without a change it comes back with the same reason."""
    inbox.drop("may1/note.txt", b"hello, this is a note")
    inbox.settle()
    row = inbox.arrivals()[0]
    try_again(inbox.office, row.public_id)
    assert (inbox.folder / "may1" / "note.txt").exists()
    _balanced(inbox, waiting=1)
    inbox.settle()
    assert [(row.state, row.retries) for row in inbox.arrivals()] == [("set_aside", 1)]
    with pytest.raises(ArchiveError, match="arrival-unknown"):
        try_again(inbox.office, "0" * 36)


def test_a_set_aside_file_that_a_person_takes_away_has_vanished(inbox: Inbox) -> None:
    """It stays counted, with the reason."""
    inbox.drop("note.txt", b"hello, this is a note")
    inbox.settle()
    next(path for path in inbox.office.settings.aside_folder.rglob("note.txt")).unlink()
    inbox.sweeper.sweep()
    assert [(row.state, row.reason) for row in inbox.arrivals()] == [("vanished", "taken-from-set-aside")]
    _balanced(inbox, vanished=1)


def test_a_file_deleted_before_intake_has_vanished(inbox: Inbox) -> None:
    """Somebody took it away: it is counted, not forgotten."""
    path = inbox.drop("gone.pdf", make_pdf())
    inbox.sweeper.sweep()
    path.unlink()
    _balanced(inbox, vanished=1)
    inbox.sweeper.sweep()
    _balanced(inbox, vanished=1)


def test_a_file_swapped_between_reading_and_moving_is_not_lost(inbox: Inbox) -> None:
    """What stands under the name when the move comes is compared first; another file is put back and taken in."""
    first, second = make_pdf("first"), make_pdf("second, longer than the first one")
    path = inbox.drop("a.pdf", first)

    def swap(step: str) -> None:
        if step == "intake.verified" and path.read_bytes() == first:
            other = path.with_name("b.tmp")
            other.write_bytes(second)
            other.replace(path)

    inbox.sweeper.sweep()
    inbox.clock.sleep(6)
    inbox.sweeper.intake = replace(inbox.sweeper.intake, reach=swap)
    inbox.sweeper.sweep()
    inbox.settle()
    assert inbox.kept() == {first, second}
    _balanced(inbox, stored=2)


def test_an_inbox_on_another_file_system_is_emptied_by_copying(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rename is impossible the copy is compared before the source goes."""
    rename = os.rename

    def no_rename(source: object, target: object, **options: int) -> None:
        if "src_dir_fd" in options:
            raise OSError(errno.EXDEV, "another file system")
        rename(source, target, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "rename", no_rename)
    data = make_pdf()
    inbox.drop("a.pdf", data)
    inbox.drop("note.txt", b"hello, this is a note")
    inbox.settle()
    assert inbox.kept() == {data}
    assert inbox.aside() == {"inbox/note.txt": b"hello, this is a note"}
    assert [path for path in inbox.folder.rglob("*") if path.is_file()] == []
    _balanced(inbox, stored=1, set_aside=1)


def test_with_delete_a_stored_file_is_removed_only_after_its_time_and_a_last_comparison(inbox: Inbox) -> None:
    """The copy in done goes after a day, when the vault still holds the same bytes."""
    settings = replace(inbox.office.settings, after_intake="delete")
    with inbox_of(replace(inbox.office, settings=settings)) as deleting:
        deleting.drop("a.pdf", make_pdf())
        deleting.settle()
        assert len(list(settings.done_folder.rglob("*.pdf"))) == 1
        deleting.clock.sleep(25 * 3600)
        deleting.sweeper.sweep()
        assert list(settings.done_folder.rglob("*.pdf")) == []
        assert deleting.kept() == {make_pdf()}
        _balanced(deleting, stored=1)


@pytest.mark.parametrize(
    "overlap",
    [
        {"inbox": "vault/in"},
        {"vault": "scanner_inbox/v"},
        {"done": "scanner_inbox/done"},
        {"inbox": "."},
        {"inbox": str(Path(__file__).resolve().parent)},
    ],
)
def test_an_inbox_that_overlaps_another_folder_or_the_program_is_refused(
    tmp_path: Path, overlap: dict[str, str]
) -> None:
    """The program would take in its own files: the settings are refused before anything starts."""
    with pytest.raises(SettingsError, match=r"overlap|inside-code"):
        check(replace(Settings(home=tmp_path), **overlap))  # type: ignore[arg-type]
