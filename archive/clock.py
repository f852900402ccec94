"""The only file that asks the machine for the time; everything else is handed a clock."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


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
