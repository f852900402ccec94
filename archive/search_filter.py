"""Which pages may be found at all: by station, by arrival, by dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive import index

# Pages filed under a dossier, without the cover sheets among them.
_FILED = (
    "page.id IN (SELECT leaf.id FROM scan_part JOIN page AS leaf ON leaf.scan_id = scan_part.scan_id"
    " AND leaf.number >= scan_part.first_page AND leaf.number <= COALESCE(scan_part.last_page, 2147483647)"
    " WHERE scan_part.dossier = :dossier AND scan_part.ended_at IS NULL AND leaf.cover IS NULL)"
)


@dataclass(frozen=True)
class Filter:
    """Bounds of a search; arrival is half open, [since, until)."""

    station: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    dossier: str | None = None

    def marks(self) -> list[tuple[str, ...]]:
        """Return groups of index words; of each group one must stand on a page."""
        groups: list[tuple[str, ...]] = []
        if self.station is not None:
            groups.append((index.station_word(self.station),))
        if self.since is not None or self.until is not None:
            groups.append(tuple(index.arrival_words(self.since, self.until)) or (index.ARRIVED + "never",))
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
        if self.dossier is not None:
            parts.append(_FILED)
            values["dossier"] = self.dossier
        return " AND ".join(parts), values
