"""What was scanned of each dossier: how many pages, from how many leaves, and a digest of exactly which."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from archive.part_tables import ScanPart
from archive.parts import END
from archive.tables import Page, Scan

_AT_ONCE = 500


@dataclass(frozen=True)
class Sheets:
    """What was scanned of a dossier: its pages, and between how many leaves they come from.

    `pages` counts blank ones too, but no cover sheets. `counted` is False while any of it is still to be read. A part
    scanned on both sides has two pages of each leaf; of any other a page may be one leaf or half of one.
    """

    dossier: str
    parts: int
    pages: int
    blanks: int
    failed: int
    counted: bool
    low: int
    high: int

    def fits(self, leaves: int) -> bool:
        """Tell whether so many leaves can have given these pages."""
        return self.low <= leaves <= self.high


def sheets(session: Session, dossiers: Sequence[str] | None = None) -> dict[str, Sheets]:
    """Return what was scanned of these dossiers, or of all; those without any scan are left out."""
    two, pages = col(ScanPart.two_sided), col(ScanPart.pages)
    query = select(
        col(ScanPart.dossier),
        func.count(),
        func.sum(pages),
        func.sum(col(ScanPart.blanks)),
        func.sum(col(ScanPart.failed)),
        func.min(case((col(ScanPart.counted), 1), else_=0)),
        func.sum((pages + 1) // 2),
        func.sum(case((two, (pages + 1) // 2), else_=pages)),
    ).where(col(ScanPart.ended_at).is_(None), col(ScanPart.dossier).is_not(None))
    found: dict[str, Sheets] = {}
    for some in _cut(dossiers) if dossiers is not None else (None,):
        asked = query if some is None else query.where(col(ScanPart.dossier).in_(some))
        for code, parts, number, blanks, failed, counted, low, high in session.execute(
            asked.group_by(col(ScanPart.dossier))
        ):
            numbers = (int(parts), int(number), int(blanks), int(failed))
            found[code] = Sheets(code, *numbers, bool(counted), int(low), int(high))
    return found


def digests(session: Session, dossiers: Sequence[str]) -> dict[str, str]:
    """Return dossier → SHA-256 of what is filed under it: each file's hash and the pages of it."""
    columns = (col(ScanPart.dossier), col(Scan.sha256), col(ScanPart.first_page), col(ScanPart.last_page))
    query = select(*columns).join(Scan, col(Scan.id) == col(ScanPart.scan_id)).where(col(ScanPart.ended_at).is_(None))
    lines: dict[str, list[str]] = {code: [] for code in dossiers}
    for some in _cut(dossiers):
        asked = query.where(col(ScanPart.dossier).in_(some)).order_by(*columns[1:3])
        for code, sha256, first, last in session.execute(asked):
            lines[code].append(f"{sha256} {first} {last or 'end'}\n")
    return {code: hashlib.sha256("".join(each).encode()).hexdigest() for code, each in lines.items()}


def dossier_pages(session: Session, dossier: str) -> tuple[int, ...]:
    """Return the numbers (`Page.id`) of the pages filed under a dossier, cover sheets not among them."""
    filed = (
        select(col(Page.id))
        .join(ScanPart, col(ScanPart.scan_id) == col(Page.scan_id))
        .where(
            col(ScanPart.dossier) == dossier,
            col(ScanPart.ended_at).is_(None),
            col(Page.number) >= col(ScanPart.first_page),
            col(Page.number) <= func.coalesce(col(ScanPart.last_page), END),
            col(Page.cover).is_(None),
        )
    )
    return tuple(session.execute(filed.order_by(col(Page.id))).scalars())


def dossiers_of_pages(session: Session, pages: Iterable[tuple[int, int]]) -> Mapping[tuple[int, int], str]:
    """Return (scan, page) → dossier for those pages that are filed."""
    wanted = list(pages)
    rows = session.execute(
        select(ScanPart).where(
            col(ScanPart.scan_id).in_({scan for scan, _ in wanted}),
            col(ScanPart.ended_at).is_(None),
            col(ScanPart.dossier).is_not(None),
        )
    ).scalars()
    parts = [(row.scan_id, row.first_page, row.last_page or END, str(row.dossier)) for row in rows]
    return {
        (scan, page): dossier
        for scan, page in wanted
        for of, first, last, dossier in parts
        if of == scan and first <= page <= last
    }


def _cut(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
