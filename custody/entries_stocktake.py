"""Entries about stocktakes: what should be there, what was counted, and how each difference ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Names = tuple[str, ...]
Pairs = tuple[tuple[str, str], ...]
Settled = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class StocktakeOpened:
    """A stocktake was begun over the places named; `expected` are (package, place on record)."""

    KIND: ClassVar[str] = "stocktake-opened"
    stocktake: str
    places: Names
    expected: Pairs


@dataclass(frozen=True)
class StocktakeCounted:
    """Packages were counted at one place, each (package, how its seals were found)."""

    KIND: ClassVar[str] = "stocktake-counted"
    stocktake: str
    place: str
    counted: Pairs


@dataclass(frozen=True)
class StocktakeClosed:
    """A stocktake ended: each difference is (package, difference, how it was settled).

    `outcome` is "complete", or "abandoned" with a reason.
    """

    KIND: ClassVar[str] = "stocktake-closed"
    stocktake: str
    outcome: str
    reason: str
    found: int
    settled: Settled


STOCKTAKE_KINDS = (StocktakeOpened, StocktakeCounted, StocktakeClosed)
