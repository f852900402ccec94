"""Entries about rolls of seals; a number is used once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class RollIssued:
    """A roll of `size` seals was issued: `prefix` and a number of `width` digits, from `first` on."""

    KIND: ClassVar[str] = "roll-issued"
    roll: str
    prefix: str
    first: int
    size: int
    width: int


@dataclass(frozen=True)
class SealSpoiled:
    """An unused seal was spoiled."""

    KIND: ClassVar[str] = "seal-spoiled"
    number: str
    reason: str
    attachments: tuple[str, ...] = ()


SEAL_KINDS = (RollIssued, SealSpoiled)
