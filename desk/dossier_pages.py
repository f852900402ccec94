"""One dossier as its page shows it: register, custody, every step, and its scans with the pages of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from archive import catalogue
from archive.catalogue_tables import DossierRow
from archive.part_tables import ScanPart
from archive.tables import Page, Scan
from custody.entries import Entry, Stamp
from custody.holdings import IN_PACKAGE, Dossier, Package
from custody.projections import Projections
from desk import digitizing, dossiers
from desk.digitizing import Progress
from desk.office import Office

MOST_THUMBS = 60


@dataclass(frozen=True)
class Filed:
    """A stretch of pages of a scan that is filed under a dossier; `pages` are (number, wants eyes), read ones only."""

    scan: Scan
    part: ScanPart
    pages: Sequence[tuple[int, bool]]

    @property
    def last(self) -> int:
        """Its last page; 0 while it is not known."""
        return self.part.last_page or self.scan.page_count or 0

    @property
    def unread(self) -> int:
        """How many of its pages are not read yet: gaps."""
        return max(0, self.last - self.part.first_page + 1 - len(self.pages)) if self.last else 0


@dataclass(frozen=True)
class Whole:
    """Everything of one dossier; `row` is None where only custody knows it, `held` where only the register does."""

    code: str
    row: DossierRow | None
    held: Dossier | None
    box: Package | None
    progress: Progress
    steps: Sequence[tuple[int, Entry, Stamp]]
    filed: Sequence[Filed]
    corrected: Mapping[int, int]

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the register's lists said, by field."""
        return self.row.facts if self.row else {}


def look(office: Office, reference: str) -> Whole:
    """Return a dossier by code, label or number; CustodyError "dossier-unknown" and its like."""
    with office.database.reading() as session:
        (code,) = dossiers.resolve(session, [reference])
        holdings = Projections(session)
        held = holdings.dossiers([code]).get(code)
        row = session.execute(select(DossierRow).where(col(DossierRow.code) == code)).scalar_one_or_none()
        box = holdings.package(held.where) if held and held.state == IN_PACKAGE else None
        steps = dossiers.history(session, code)
        (progress,) = digitizing.of_held(session, [held or Dossier(code, (row.leaves if row else 0) or 0, "")])
        corrected = {int(entry.corrects): seq for seq, entry, _stamp in steps if hasattr(entry, "corrects")}
        return Whole(code, row, held, box, progress, steps, _filed(session, code), corrected)


def fonds(office: Office) -> list[catalogue.Fonds]:
    """Return the fonds, for a list to be narrowed by."""
    with office.database.reading() as session:
        return catalogue.every_fonds(session)


def _filed(session: Session, code: str) -> list[Filed]:
    """Return the scans of a dossier in the order they came in."""
    query = (
        select(ScanPart, Scan)
        .join(Scan, col(Scan.id) == col(ScanPart.scan_id))
        .where(col(ScanPart.dossier) == code, col(ScanPart.ended_at).is_(None))
        .order_by(col(Scan.id), col(ScanPart.first_page))
    )
    found = []
    for part, scan in session.execute(query):
        wanted = (col(Page.scan_id) == scan.id, col(Page.number) >= part.first_page, col(Page.cover).is_(None))
        pages = select(col(Page.number), col(Page.wants_eyes)).where(*wanted).order_by(col(Page.number))
        if part.last_page is not None:
            pages = pages.where(col(Page.number) <= part.last_page)
        found.append(Filed(scan, part, [(number, eyes) for number, eyes in session.execute(pages)]))
    return found
