"""The intake is killed for real after every step: afterwards each byte is stored or set aside once, and counted."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.clock import HandClock
from desk.intaking import try_again
from desk.office import Office
from tests.scanner_inbox.inboxes import Inbox, inbox_of, make_pdf, make_tiff

ROOT = Path(__file__).resolve().parent.parent.parent

# The watcher's process: sweeps until nothing waits, dies after the named step has happened COUNT times.
CHILD = """
import os, signal, sys
from pathlib import Path
from archive.clock import HandClock
from desk.intaking import aside_of, try_again
from desk.office import open_office
from tests.scanner_inbox.inboxes import inbox_of

home, deadly, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
seen = 0

def reach(step):
    global seen
    if step == deadly:
        seen += 1
        if seen >= count:  # several hands may arrive at once
            os.kill(os.getpid(), signal.SIGKILL)

office = open_office(home, {}, HandClock())
with inbox_of(office, reach) as inbox:
    if deadly.startswith("retry."):
        aside_of(office, reach).retry(sys.argv[4])
    inbox.settle()
    inbox.settle()
"""

TAKING = [
    "intake.held",
    "vault.linked",
    "vault.folder-synced",
    "intake.kept",
    "intake.recorded",
    "intake.verified",
    "intake.moved",
    "intake.moved-all",
    "intake.cleared",
]
ASIDE = ["aside.recorded", "aside.moved", "aside.slip", "aside.cleared"]
RETRY = ["retry.recorded", "retry.moved"]
GOOD = {"may1/a.pdf": make_pdf("a"), "may2/a.pdf": make_pdf("b"), "c.tif": make_tiff(2), "twin.pdf": make_pdf("a")}
BAD = {"may1/note.txt": b"hello, this is a note", "may2/note.txt": b"and this is another note"}


def _kill(inbox: Inbox, step: str, count: int, *more: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(inbox.office.settings.home), step, str(count), *more], cwd=ROOT, timeout=120
    )
    assert done.returncode == -signal.SIGKILL, f"{step} was never reached"


def _drain(office: Office) -> Inbox:
    with inbox_of(office) as inbox:
        for _ in range(3):
            inbox.settle()
    return inbox


def _everything_is_kept_once(inbox: Inbox) -> None:
    assert inbox.kept() == set(GOOD.values())
    assert sorted(inbox.aside().values()) == sorted(BAD.values())
    assert len(inbox.scans()) == len(set(GOOD.values()))
    balance = inbox.balance()
    assert balance.balanced, balance.differences
    assert (balance.seen, balance.stored, balance.duplicate, balance.set_aside) == (6, 3, 1, 2)
    assert [path for path in inbox.folder.rglob("*") if path.is_file()] == []
    done = [path for path in inbox.office.settings.done_folder.rglob("*") if path.is_file()]
    assert sorted(path.read_bytes() for path in done) == sorted(GOOD.values())
    slips = list(inbox.office.settings.aside_folder.rglob("*.slip.txt"))
    assert len(slips) == len(BAD)


@pytest.mark.parametrize("step", [*TAKING, *ASIDE])
@pytest.mark.parametrize("count", [1, 2])
def test_a_kill_after_any_step_of_intake_loses_and_doubles_nothing(
    office: Office, clock: HandClock, step: str, count: int
) -> None:
    """Whatever step it died after, at the first file or the second, the next sweeps put every file in place."""
    if count == 2 and step in {"intake.recorded", "intake.verified", "intake.moved-all", "intake.cleared"}:
        count = 1  # these happen once for the whole group
    with inbox_of(office) as inbox:
        for name, data in {**GOOD, **BAD}.items():
            inbox.drop(name, data)
        _kill(inbox, step, count)
    _everything_is_kept_once(_drain(office))


@pytest.mark.parametrize("step", RETRY)
def test_a_kill_in_the_middle_of_a_retry_loses_nothing(office: Office, step: str) -> None:
    """The file is in the set-aside folder or in the inbox, and its arrival knows."""
    with inbox_of(office) as inbox:
        for name, data in {**GOOD, **BAD}.items():
            inbox.drop(name, data)
        inbox.settle()
        row = next(row for row in inbox.arrivals() if row.state == "set_aside")
        _kill(inbox, step, 1, row.public_id)
    _everything_is_kept_once(_drain(office))


def test_a_kill_while_a_file_is_set_aside_by_hand_can_be_retried(office: Office) -> None:
    """Retry works on what an interrupted run set aside."""
    with inbox_of(office) as inbox:
        for name, data in BAD.items():
            inbox.drop(name, data)
        _kill(inbox, "aside.slip", 1)
        inbox.settle()
        for row in inbox.arrivals():
            try_again(office, row.public_id)
        inbox.settle()
        assert sorted(inbox.aside().values()) == sorted(BAD.values())
        assert inbox.balance().balanced
