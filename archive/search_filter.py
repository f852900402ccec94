"""Which pages may be found at all: by station, by arrival, by dossier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from archive import index_words

# Runs of page numbers in which the pages of a dossier are looked for, each one question to the index.
MOST_RUNS = 8

# Pages filed under a dossier, without the cover sheets among them.
_FILED = text(
    "SELECT leaf.id FROM scan_part JOIN page AS leaf ON leaf.scan_id = scan_part.scan_id"
    " AND leaf.number >= scan_part.first_page AND leaf.number <= COALESCE(scan_part.last_page, 2147483647)"
    " WHERE scan_part.dossier = :dossier AND scan_part.ended_at IS NULL AND leaf.cover IS NULL"
)


@dataclass(frozen=True)
class Filter:
    """Bounds of a search; arrival is half open, [since, until); `pages` are the only numbers that may be found."""

    station: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    pages: tuple[int, ...] | None = None

    def marks(self) -> list[tuple[str, ...]]:
        """Return groups of index words; of each group one must stand on a page."""
        groups: list[tuple[str, ...]] = []
        if self.station is not None:
            groups.append((index_words.station_word(self.station),))
        if self.since is not None or self.until is not None:
            groups.append(tuple(index_words.arrival_words(self.since, self.until)) or (index_words.ARRIVED + "never",))
        return groups

    def condition(self) -> tuple[str, dict[str, Any]]:
        """Return SQL on `page` and `scan` for what the index does not know to the second, "" for nothing."""
        parts, values = [], dict[str, Any]()
        if self.since is not None:
            parts.append("scan.arrived_at >= :since")
            values["since"] = self.since
        if self.until is not None:
            parts.append("scan.arrived_at < :until")
            values["until"] = self.until
        return " AND ".join(parts), values

    def runs(self) -> list[tuple[int, int]] | None:
        """Return few runs of numbers (first, last) that hold all of `pages`, None where any page may be found."""
        return None if self.pages is None else cover(self.pages, MOST_RUNS)


def cover(numbers: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Return at most `most` runs (first, last) that hold all numbers and as few others as can be, the last run first.

    A scan's pages are stored one after the other, so a dossier is a few runs, wherever its scans stand.
    """
    ordered = sorted(set(numbers))
    if not ordered:
        return []
    # Cut where the gaps are widest.
    gaps = sorted(range(1, len(ordered)), key=lambda at: ordered[at - 1] - ordered[at])
    cuts = [0, *sorted(at for at in gaps[: most - 1] if ordered[at] - ordered[at - 1] > 1), len(ordered)]
    runs = [(ordered[first], ordered[last - 1]) for first, last in pairwise(cuts)]
    return runs[::-1]


def dossier_pages(session: Session, dossier: str) -> tuple[int, ...]:
    """Return the numbers of the pages of a dossier."""
    return tuple(session.execute(_FILED, {"dossier": dossier}).scalars())
