"""Entries about stocktakes: what should be there, what was counted, and how each difference ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Names = tuple[str, ...]
Pairs = tuple[tuple[str, str], ...]


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


STOCKTAKE_KINDS = (StocktakeOpened, StocktakeCounted, StocktakeClosed)
