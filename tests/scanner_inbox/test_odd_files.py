"""What is odd about a file or its name: links, pipes, hostile names, litter, clocks, sizes. Each has one outcome."""

from __future__ import annotations

import os
import socket
import unicodedata
from pathlib import Path

import pytest

from archive import arrivals
from tests.scanner_inbox.inboxes import Inbox, make_pdf


def _states(inbox: Inbox) -> list[str]:
    return [row.state for row in inbox.arrivals()]


def _balanced(inbox: Inbox, **counts: int) -> None:
    balance = inbox.balance()
    assert balance.balanced, balance.differences
    parts = {name: getattr(balance, name) for name in arrivals.STATES}
    assert balance.seen == sum(parts.values())
    assert {name: number for name, number in parts.items() if number} == counts


def test_links_are_never_followed_and_what_is_no_file_is_set_aside(inbox: Inbox, tmp_path: Path) -> None:
    """A link's target is neither read nor moved; pipes and sockets cannot make the watcher hang."""
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(make_pdf("secret"))
    (inbox.folder / "link.pdf").symlink_to(secret)
    (inbox.folder / "loop").symlink_to(inbox.folder)
    os.mkfifo(inbox.folder / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(inbox.folder / "sock.pdf"))
        inbox.settle()
    reasons = {row.name: (row.state, row.reason) for row in inbox.arrivals()}
    assert reasons == {
        "link.pdf": ("set_aside", "symlink"),
        "loop": ("set_aside", "symlink"),
        "pipe.pdf": ("set_aside", "fifo"),
        "sock.pdf": ("set_aside", "socket"),
    }
    assert secret.exists()
    assert inbox.kept() == set()
    _balanced(inbox, set_aside=4)


NAMES = [
    b"new\nline.pdf",
    b"tab\tand\x1b[31mescape.pdf",
    b"not-utf8-\xff\xfe.pdf",
    unicodedata.normalize("NFD", "Quyết định số 5.pdf").encode(),
    b"A" * 246 + b".pdf",
    "Đ".encode() * 125 + b".pdf",
    b"dots...pdf",
    b"-rf.pdf",
    b"a.PDF",
    b"A.pdf",
    b"a.pdf",
    b" leading and trailing .pdf ",
    "\u202efdp.evil".encode(),
]


def test_no_name_is_too_odd_to_be_taken_in(inbox: Inbox) -> None:
    """Newlines, control letters, undecodable bytes, NFD, 250 bytes, case clashes: each is one scan of its own."""
    for number, name in enumerate(NAMES):
        Path(os.fsdecode(os.fsencode(inbox.folder) + b"/" + name)).write_bytes(make_pdf(str(number)))
    inbox.settle()
    assert {row.name: row.reason for row in inbox.arrivals() if row.state != "stored"} == {}
    assert len(inbox.scans()) == len(NAMES)
    for scan in inbox.scans():
        assert scan.name == unicodedata.normalize("NFC", scan.name)
        assert scan.name.isprintable()
    _balanced(inbox, stored=len(NAMES))
    done = {os.fsencode(path.name) for path in inbox.office.settings.done_folder.rglob("*") if path.is_file()}
    assert done == set(NAMES)


def test_a_folder_named_like_a_file_and_folders_in_folders_are_just_folders(inbox: Inbox) -> None:
    """Only files count; the first folder is the station however deep the file lies."""
    inbox.drop("may1/a.pdf/b/c.pdf", make_pdf())
    (inbox.folder / "empty.pdf").mkdir()
    inbox.settle()
    assert [(scan.station, scan.name) for scan in inbox.scans()] == [("may1", "c.pdf")]
    _balanced(inbox, stored=1)


def test_litter_of_operating_systems_is_left_alone(inbox: Inbox) -> None:
    """Thumbs.db and its like are nobody's documents: not counted, not moved."""
    for name in ("Thumbs.db", ".DS_Store", "may1/desktop.ini", "@eaDir/a.jpg"):
        inbox.drop(name, b"x")
    assert inbox.settle().litter == 4
    assert (inbox.folder / "Thumbs.db").exists()
    _balanced(inbox)


def test_a_name_of_a_file_in_the_making_waits_for_its_real_name(inbox: Inbox) -> None:
    """A program that writes x.pdf.part and renames it at the end is given its time."""
    path = inbox.drop("x.pdf.part", make_pdf())
    inbox.settle()
    assert [(row.state, row.reason) for row in inbox.arrivals()] == [("waiting", "name-says-unfinished")]
    path.rename(inbox.folder / "x.pdf")
    inbox.settle()
    assert inbox.kept() == {make_pdf()}
    _balanced(inbox, stored=1, vanished=1)


@pytest.mark.parametrize("name", ["x.pdf.part", "may1/~x.pdf", ".x.pdf.AbC123", "x.TMP"])
def test_a_whole_file_that_keeps_its_temporary_name_is_taken_in_after_its_time(inbox: Inbox, name: str) -> None:
    """A writer that died before renaming costs nobody a slip: after the waiting time the bytes decide, not the name."""
    inbox.drop(name, make_pdf())
    inbox.settle()
    inbox.clock.sleep(29 * 60)
    inbox.sweeper.sweep()
    assert _states(inbox) == ["waiting"]
    inbox.clock.sleep(2 * 60)
    inbox.sweeper.sweep()
    assert inbox.kept() == {make_pdf()}
    _balanced(inbox, stored=1)


def test_half_a_file_that_keeps_its_temporary_name_is_set_aside_for_what_it_is(inbox: Inbox) -> None:
    """After the waiting time the slip says what is wrong with the bytes."""
    inbox.drop("x.pdf.part", make_pdf()[:-40])
    inbox.settle()
    inbox.clock.sleep(31 * 60)
    inbox.sweeper.sweep()
    assert [row.reason for row in inbox.arrivals()] == ["pdf-without-end"]
    _balanced(inbox, set_aside=1)


@pytest.mark.parametrize("jump_days", [-400, 400])
def test_a_jump_of_the_clock_neither_hurries_nor_stops_the_intake(inbox: Inbox, jump_days: int) -> None:
    """Stillness is measured by a clock nobody can set, and file times in the past or future mean nothing."""
    path = inbox.drop("a.pdf", make_pdf())
    os.utime(path, (4_000_000_000, 4_000_000_000))
    inbox.sweeper.sweep()
    inbox.clock.moment = inbox.clock.moment.replace(year=2026 + jump_days // 365)
    inbox.sweeper.sweep()
    assert _states(inbox) == ["waiting"]
    inbox.clock.sleep(6)
    inbox.sweeper.sweep()
    assert _states(inbox) == ["stored"]


def test_a_file_over_the_limit_is_set_aside_unread(inbox: Inbox) -> None:
    """A huge sparse file costs neither time nor room."""
    with (inbox.folder / "huge.pdf").open("wb") as out:
        out.truncate(5000 << 20)
    inbox.settle()
    assert [row.reason for row in inbox.arrivals()] == ["too-large"]
    _balanced(inbox, set_aside=1)
