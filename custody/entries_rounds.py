"""Entries about rounds: what a guard goes to look at, when, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Names = tuple[str, ...]


@dataclass(frozen=True)
class RoundStarted:
    """A round was begun: its points and the time it may take."""

    KIND: ClassVar[str] = "round-started"
    round: str
    points: Names
    deadline: str


@dataclass(frozen=True)
class PointScanned:
    """One point of a round was scanned."""

    KIND: ClassVar[str] = "point-scanned"
    round: str
    point: str
    finding: str


@dataclass(frozen=True)
class RoundEnded:
    """A round was ended; what was missed has a reason."""

    KIND: ClassVar[str] = "round-ended"
    round: str
    missed: Names
    reason: str


@dataclass(frozen=True)
class RoundMissed:
    """A planned round did not take place."""

    KIND: ClassVar[str] = "round-missed"
    round: str
    reason: str


ROUND_KINDS = (RoundStarted, PointScanned, RoundEnded, RoundMissed)
