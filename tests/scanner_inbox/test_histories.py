"""Random histories of an inbox, with crashes at any step: no byte that was ever dropped whole is lost or stored twice.

The homes stand on a file system in memory where there is one: the same code runs, only fsync costs nothing there. Files
are examined in this process, which changes where the examination runs and not what it says.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import arrivals
from archive.clock import HandClock
from archive.errors import ArchiveError
from desk.intaking import aside_of, places_of
from desk.office import Office, open_office, prepare
from desk.standing import balance_of
from scanner_inbox.intake import Intake
from scanner_inbox.sweeping import Sweeper
from scanner_inbox.verdict import Limits, Verdict
from scanner_inbox.whole import examine
from tests.scanner_inbox.inboxes import make_pdf, make_tiff

MEMORY = Path("/dev/shm")
NAMES = ["a.pdf", "b.pdf", "may1/a.pdf", "may2/a.pdf", "may1/c.tif"]
WHOLE = [make_pdf("1"), make_pdf("2"), make_pdf("3", 2), make_tiff(1), make_tiff(3)]
OTHER = [b"hello, this is no scan", make_pdf("4")[:-40], b"", WHOLE[2][: len(WHOLE[2]) // 2]]


class CrashError(Exception):
    """The process died here; what it held in memory is gone."""


class History:
    """One inbox through its days, and what must be true of it."""

    def __init__(self, home: Path, chance: random.Random) -> None:
        self.chance, self.fuse = chance, -1
        prepare(home, {})
        self.office: Office = open_office(home, {}, HandClock())
        self.inbox = self.office.settings.inbox_folder
        self.given: set[bytes] = set()
        self.taken_away: set[bytes] = set()
        self.wake()

    def wake(self) -> None:
        """Start the watcher anew, with nothing remembered."""
        limits = Limits()

        def check(path: Path) -> Verdict:
            return examine(path, limits)

        places = places_of(self.office)
        intake = Intake(places, self.office.database, self.office.vault, self.office.clock, check, limits, self.reach)
        self.aside = aside_of(self.office, self.reach)
        self.sweeper = Sweeper(intake, self.aside)

    def reach(self, _step: str) -> None:
        """Count steps down to the crash."""
        self.fuse -= 1
        if self.fuse == 0:
            raise CrashError

    def drop(self, name: str, data: bytes) -> None:
        """Write a file, over whatever stands there: what was overwritten was taken away by its own writer."""
        path = self.inbox / name
        path.parent.mkdir(exist_ok=True)
        if path.exists():
            self.taken_away.add(path.read_bytes())
        path.write_bytes(data)
        self.given.add(data)

    def remove(self, name: str) -> None:
        """Delete a file from the inbox."""
        path = self.inbox / name
        if path.exists():
            self.taken_away.add(path.read_bytes())
            path.unlink()

    def meddle(self) -> None:
        """Change, take away or retry something that was set aside."""
        rows = self.set_aside()
        if not rows:
            return
        row, what = self.chance.choice(rows), self.chance.randrange(3)
        path = Path((row.kept_path or b"").decode())
        if what == 0:
            if os.path.lexists(path):
                self.attempt(lambda: self.aside.retry(row.public_id))
            else:  # a person took it away since the last sweep
                with pytest.raises(ArchiveError, match="set-aside-file-missing"):
                    self.aside.retry(row.public_id)
        elif what == 1 and path.is_file():
            self.taken_away.add(path.read_bytes())
            path.write_bytes(data := self.chance.choice(WHOLE))
            self.given.add(data)
        elif path.is_file():
            self.taken_away.add(path.read_bytes())
            path.unlink()

    def set_aside(self) -> list[arrivals.Arrival]:
        """Return what stands set aside."""
        with self.office.database.reading() as session:
            return [row for row in arrivals.set_aside(session) if row.cleared]

    def attempt(self, act: object) -> None:
        """Do something that may crash at a random step; afterwards a new process starts."""
        self.fuse = self.chance.choice([-1, -1, self.chance.randrange(1, 40)])
        try:
            act()  # type: ignore[operator]
        except CrashError:
            self.wake()
        self.fuse = -1

    def step(self, number: int) -> None:
        """Let one thing happen."""
        clock = self.office.clock
        assert isinstance(clock, HandClock)
        if number < 4:
            self.drop(self.chance.choice(NAMES), self.chance.choice(WHOLE))
        elif number == 4:
            self.drop(self.chance.choice(NAMES), self.chance.choice(OTHER))
        elif number == 5:
            self.remove(self.chance.choice(NAMES))
        elif number == 6:
            self.meddle()
        elif number == 7:
            clock.moment = clock.moment.replace(year=self.chance.choice([2001, 2026, 2040]))
        else:
            clock.sleep(self.chance.choice([1, 6, 6, 2000]))
            self.attempt(self.sweeper.sweep)
        self.holds()

    def holds(self) -> None:
        """After anything at all: the sums add up and nothing stored is missing."""
        balance = balance_of(self.office)
        parts = (balance.stored, balance.duplicate, balance.set_aside, balance.waiting, balance.vanished)
        assert balance.seen == sum(parts)
        crashed_half_way = {"set-aside-file-missing"}
        assert {each.code for each in balance.differences} <= crashed_half_way

    def ends(self) -> None:
        """Everything given and not taken away by a person is stored once or stands set aside."""
        clock = self.office.clock
        assert isinstance(clock, HandClock)
        for _ in range(4):
            clock.sleep(2000)
            self.sweeper.sweep()
        balance = balance_of(self.office)
        assert balance.balanced, balance.differences
        assert balance.waiting == 0
        kept = {self.office.vault.open(sha256).read() for sha256 in self.office.vault.names()}
        aside = {Path((row.kept_path or b"").decode()).read_bytes() for row in self.set_aside()}
        lost = self.given - self.taken_away - kept - aside
        assert lost == set()
        assert [path for path in self.inbox.rglob("*") if path.is_file()] == []
        assert kept <= set(WHOLE)
        with self.office.database.reading() as session:
            hashes = list(session.execute(arrivals.text("SELECT sha256 FROM scan")).scalars())
        assert len(hashes) == len(set(hashes))
        scanned = {self.office.vault.open(sha256).read() for sha256 in hashes}
        # Killed between naming the bytes and recording them, then overwritten by their own writer: `fixity` names them.
        assert kept - scanned <= self.taken_away
        self.office.close()


def _live(seed: int, steps: list[int]) -> None:
    home = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None, prefix="luutru-"))
    try:
        history = History(home / "home", random.Random(seed))
        for number in steps:
            history.step(number)
        history.ends()
    finally:
        shutil.rmtree(home)


HISTORIES = st.lists(st.integers(0, 13), min_size=3, max_size=25)


@given(st.integers(0, 1 << 30), HISTORIES)
@settings(max_examples=60, deadline=None)
def test_no_history_of_an_inbox_loses_or_doubles_a_file(seed: int, steps: list[int]) -> None:
    """Drops, overwrites, deletions, meddling, clock jumps, retries and crashes in any order."""
    _live(seed, steps)


@pytest.mark.long
@given(st.integers(0, 1 << 30), HISTORIES)
@settings(max_examples=3000, deadline=None)
def test_thousands_of_histories_lose_or_double_no_file(seed: int, steps: list[int]) -> None:
    """The same, three thousand times."""
    _live(seed, steps)
