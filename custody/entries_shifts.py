"""Entries about shifts at a guard post, which stands in the stamp. Moments are RFC 3339 text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Names = tuple[str, ...]


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


SHIFT_KINDS = (ShiftPlanned, ShiftStarted, ReliefCounted, HandedOver, ShiftLeft)
