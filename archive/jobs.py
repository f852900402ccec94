"""The doorbell: tells reading workers that scans wait, and may be lost without losing any work.

The scan row is the truth. `ring` only shortens the wait; `listen` asks the rows again every few seconds in any case,
and `sweep` rings once more for every scan that waits or whose worker fell silent.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from archive import scans
from archive.clock import Clock
from archive.database import Database
from archive.errors import SettingsError

POLL_SECONDS = 1.0
SWEEP_LIMIT = 10_000

# Claims one scan and reads it; returns whether there was one.
Answer = Callable[[], bool]


class Doorbell(Protocol):
    """Carries "there is work" from intake to workers."""

    def ring(self, keys: Iterable[str]) -> int:
        """Announce scans by public id, after their rows are committed; return how many were announced anew.

        Never raises because the queue is away: the rows wait, and the next sweep rings again.
        """
        ...

    def listen(self, answer: Answer, stop: threading.Event) -> None:
        """Call `answer` whenever scans may wait, until `stop` is set."""
        ...


@dataclass(frozen=True)
class PollingBell:
    """One PC: rings inside the process, and looks at the rows every `poll_seconds` for everybody else's."""

    poll_seconds: float = POLL_SECONDS
    _rung: threading.Event = field(default_factory=threading.Event)

    def ring(self, keys: Iterable[str]) -> int:
        """Wake the listener of this process."""
        count = sum(1 for _ in keys)
        if count:
            self._rung.set()
        return count

    def listen(self, answer: Answer, stop: threading.Event) -> None:
        """Answer until nothing waits, then sleep until the bell or the poll."""
        while not stop.is_set():
            self._rung.clear()
            if not answer():
                self._rung.wait(self.poll_seconds)


def sweep(database: Database, bell: Doorbell, clock: Clock) -> int:
    """Ring for every scan that a worker could claim now; return how many were announced anew."""
    with database.reading() as session:
        keys = scans.waiting(session, clock.now(), SWEEP_LIMIT)
    return bell.ring(keys)


def open_doorbell(kind: str, database: Database, clock: Clock) -> Doorbell:
    """Return the doorbell that the settings name: "" for polling, "procrastinate" on PostgreSQL.

    Raises SettingsError "setting-wrong" or "city-part-missing".
    """
    if kind == "":
        return PollingBell()
    if kind != "procrastinate":
        raise SettingsError("setting-wrong", key="doorbell", value=kind, wanted='"" | procrastinate')
    if database.is_sqlite:
        raise SettingsError("setting-wrong", key="doorbell", value=kind, wanted='"" (procrastinate needs PostgreSQL)')
    try:
        # Part of the city set-up: a bare PC does not have the package, and needs none.
        from archive.jobs_postgres import QueueBell
    except ImportError:
        raise SettingsError("city-part-missing", part="procrastinate") from None
    return QueueBell(database, clock)
