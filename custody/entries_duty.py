"""Entries about the log itself, about guard duty and about stocktakes.

The post or desk stands in the stamp. Moments are RFC 3339 text; free text is an attachment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Names = tuple[str, ...]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LogOpened:
    """The log was begun."""

    KIND: ClassVar[str] = "log-opened"
    origin: str
    release: str


@dataclass(frozen=True)
class LogCheckpointed:
    """A signed head was made over `size` entries."""

    KIND: ClassVar[str] = "log-checkpointed"
    size: int
    root: str
    reason: str


@dataclass(frozen=True)
class ClockWarned:
    """The clock of a device or of this machine was off by `skew` seconds."""

    KIND: ClassVar[str] = "log-clock-warning"
    source: str
    skew: int


@dataclass(frozen=True)
class LogCorrected:
    """An earlier entry was wrong; the text attached says what is right."""

    KIND: ClassVar[str] = "log-corrected"
    corrects: int
    reason: str
    attachments: Names = ()


@dataclass(frozen=True)
class HoldingsDigested:
    """The stored scans were pinned: their number and one digest over them."""

    KIND: ClassVar[str] = "log-holdings-digest"
    scans: int
    size: int
    digest: str


@dataclass(frozen=True)
class KeyRotated:
    """A new signing key was taken into use."""

    KIND: ClassVar[str] = "log-key-rotated"
    old: str
    new: str


@dataclass(frozen=True)
class LogVerified:
    """The whole log was checked."""

    KIND: ClassVar[str] = "log-verified"
    size: int
    root: str
    findings: int


@dataclass(frozen=True)
class ShiftPlanned:
    """A shift was planned: who, from, until, and how many at least."""

    KIND: ClassVar[str] = "shift-planned"
    guards: Names
    start: str
    end: str
    least: int


@dataclass(frozen=True)
class ShiftStarted:
    """A guard took up a post."""

    KIND: ClassVar[str] = "shift-started"
    guard: str


@dataclass(frozen=True)
class ReliefCounted:
    """The incoming guard counted, without knowing what was expected."""

    KIND: ClassVar[str] = "relief-count"
    guard: str
    counted: Names


@dataclass(frozen=True)
class HandedOver:
    """A shift was handed over; each difference has its incident."""

    KIND: ClassVar[str] = "handed-over"
    giver: str
    receiver: str
    expected: int
    counted: int
    incidents: Names


@dataclass(frozen=True)
class ShiftLeft:
    """A guard left a post."""

    KIND: ClassVar[str] = "shift-left"
    guard: str
    relieved: bool


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


@dataclass(frozen=True)
class VisitorIn:
    """A visitor came in."""

    KIND: ClassVar[str] = "visitor-in"
    visitor: str
    host: str
    purpose: str


@dataclass(frozen=True)
class VisitorOut:
    """A visitor left."""

    KIND: ClassVar[str] = "visitor-out"
    visitor: str


@dataclass(frozen=True)
class KeyTaken:
    """A key was taken."""

    KIND: ClassVar[str] = "key-taken"
    key: str
    holder: str


@dataclass(frozen=True)
class KeyReturned:
    """A key came back."""

    KIND: ClassVar[str] = "key-returned"
    key: str
    holder: str


@dataclass(frozen=True)
class IncidentOpened:
    """Something happened that needs an answer."""

    KIND: ClassVar[str] = "incident-opened"
    incident: str
    about: str
    severity: str
    attachments: Names = ()


@dataclass(frozen=True)
class IncidentClosed:
    """An incident was answered."""

    KIND: ClassVar[str] = "incident-closed"
    incident: str
    outcome: str
    attachments: Names = ()


@dataclass(frozen=True)
class PaperEntered:
    """What was written on a numbered form while there was no power, keyed in."""

    KIND: ClassVar[str] = "paper-entry"
    form: str
    written_at: str
    about: str
    attachments: Names = ()


@dataclass(frozen=True)
class StocktakeOpened:
    """A stocktake was begun over the places named."""

    KIND: ClassVar[str] = "stocktake-opened"
    stocktake: str
    places: Names
    expected: Names


@dataclass(frozen=True)
class StocktakeCounted:
    """Packages were counted at one place."""

    KIND: ClassVar[str] = "stocktake-counted"
    stocktake: str
    place: str
    counted: Names


@dataclass(frozen=True)
class StocktakeClosed:
    """A stocktake was closed; what was missing or extra is disposed of, each (package, disposition)."""

    KIND: ClassVar[str] = "stocktake-closed"
    stocktake: str
    missing: Pairs
    extra: Pairs


LOG_KINDS = (
    LogOpened,
    LogCheckpointed,
    ClockWarned,
    LogCorrected,
    HoldingsDigested,
    KeyRotated,
    LogVerified,
)
DUTY_KINDS = (
    ShiftPlanned,
    ShiftStarted,
    ReliefCounted,
    HandedOver,
    ShiftLeft,
    RoundStarted,
    PointScanned,
    RoundEnded,
    RoundMissed,
    VisitorIn,
    VisitorOut,
    KeyTaken,
    KeyReturned,
    IncidentOpened,
    IncidentClosed,
    PaperEntered,
)
STOCKTAKE_KINDS = (
    StocktakeOpened,
    StocktakeCounted,
    StocktakeClosed,
)
