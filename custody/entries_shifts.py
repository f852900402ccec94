"""Entries about shifts at a guard post, which stands in the stamp. Moments are RFC 3339 text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Names = tuple[str, ...]
# (guard, from, until, name of the shift).
Turns = tuple[tuple[str, str, str, str], ...]
# (package, place it was found at or "" where nobody noted it, finding about its seal).
Counted = tuple[tuple[str, str, str], ...]
# (package, what is different, incident).
Differences = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ShiftPlanned:
    """The plan of a post was published for the turns that begin in [start, end): these, and no others.

    A later entry takes the place of an earlier one in the span it names, for what has not begun yet.
    """

    KIND: ClassVar[str] = "shift-planned"
    start: str
    end: str
    turns: Turns


@dataclass(frozen=True)
class ShiftStarted:
    """A guard took up a post; `instead` is the guard who should have been there, where a leader sent another.

    `reason` is a short code or the SHA-256 of a text among the attachments.
    """

    KIND: ClassVar[str] = "shift-started"
    guard: str
    instead: str = ""
    reason: str = ""
    attachments: Names = ()


@dataclass(frozen=True)
class ReliefCounted:
    """The incoming guard counted, without knowing what was expected; or refused to take over, with an incident.

    `areas` are the stores and places the post guards; what is counted is compared with what should be there then.
    """

    KIND: ClassVar[str] = "relief-count"
    relief: str
    giver: str
    guard: str
    areas: Names
    counted: Counted
    refused: str = ""
    incident: str = ""
    attachments: Names = ()


@dataclass(frozen=True)
class HandedOver:
    """A shift was handed over; each difference of the count has its incident.

    The receiver answers from here for the counted packages that the giver answered for. `stead` is the leader who
    signs where the giver cannot.
    """

    KIND: ClassVar[str] = "handed-over"
    relief: str
    giver: str
    receiver: str
    expected: int
    counted: int
    differences: Differences
    keys: Names = ()
    stead: str = ""
    situation: str = ""
    attachments: Names = ()


@dataclass(frozen=True)
class ShiftLeft:
    """A guard left a post; `relieved` says whether enough guards stayed and the guard held no package."""

    KIND: ClassVar[str] = "shift-left"
    guard: str
    relieved: bool
    reason: str = ""
    attachments: Names = ()


SHIFT_KINDS = (ShiftPlanned, ShiftStarted, ReliefCounted, HandedOver, ShiftLeft)
