"""The only file that asks the machine for the time; everything else is handed a clock."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Protocol
from zoneinfo import TZPATH


class Clock(Protocol):
    """Gives the wall time, always in UTC with its zone."""

    def now(self) -> datetime:
        """Return the present moment, time-zone aware, in UTC."""
        ...

    def ticks(self) -> float:
        """Return seconds of a clock that nobody can set: only differences mean anything."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""
        ...


def keep_zone(zone: tzinfo) -> None:
    """Let this process and those it starts tell local time by the clocks of `zone`, whatever zone the machine is in.

    A machine whose C library does not know the zone's name is given its present offset. Windows has no such switch:
    there the machine's own zone stays.
    """
    if not hasattr(time, "tzset"):
        return
    name = str(getattr(zone, "key", ""))
    if not name or not any((Path(folder) / name).is_file() for folder in TZPATH):
        minutes = int((zone.utcoffset(datetime.now(UTC)) or timedelta()).total_seconds() // 60)
        # POSIX counts the other way round: what is ahead of UTC has a minus.
        ahead, (hours, rest) = minutes >= 0, divmod(abs(minutes), 60)
        name = f"<{'+' if ahead else '-'}{hours:02d}{rest:02d}>{'-' if ahead else '+'}{hours:02d}:{rest:02d}"
    if os.environ.get("TZ") != name:
        os.environ["TZ"] = name
        time.tzset()


class MachineClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the machine's present moment in UTC."""
        return datetime.now(UTC)

    def ticks(self) -> float:
        """Return the machine's monotonic clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Suspend the thread."""
        time.sleep(seconds)


@dataclass
class HandClock:
    """A clock set by hand, for replaying histories; sleeping moves it."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 1, 5, 1, 0, tzinfo=UTC))
    passed: float = 0.0

    def now(self) -> datetime:
        """Return the moment it was last set to."""
        return self.moment

    def ticks(self) -> float:
        """Return the seconds slept; setting `moment` by hand is a jump of the wall clock and does not count."""
        return self.passed

    def sleep(self, seconds: float) -> None:
        """Move the clock on."""
        self.moment += timedelta(seconds=seconds)
        self.passed += seconds
