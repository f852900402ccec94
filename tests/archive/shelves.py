"""An archive with given page texts, for tests of the index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from archive import pages, parts, scans
from archive.clock import HandClock
from archive.database import Database
from archive.tables import Page, Scan
from tests.archive.registered import register

CLOCK = HandClock()


def shelve(
    database: Database,
    texts: Sequence[str],
    *,
    station: str = "may1",
    dossier: str | None = None,
    at: datetime | None = None,
) -> scans.Claim:
    """Store one scan with these pages, read and indexed; returns the claim its worker held."""
    moment = at or CLOCK.now()
    with database.atomic() as session:
        held = scans.receive(
            session,
            sha256=f"{abs(hash((tuple(texts), station, moment))):064x}"[:64],
            size=1,
            kind="pdf",
            name=f"{station}.pdf",
            station=station,
            now=moment,
        )
        if dossier is not None:
            register(session, [dossier])
            parts.attach(session, held, dossier, None, "NV01", moment)
    claim = scans.claim(database, "w", moment + timedelta(), 600)
    assert claim
    for number, text in enumerate(texts, 1):
        write_page(database, claim, number, text)
    with database.atomic() as session:
        scans.finish(session, claim, state=scans.READ, now=moment)
        session.get_one(Scan, claim.scan_id)
    return claim


def write_page(database: Database, claim: scans.Claim, number: int, text: str) -> None:
    """Save one page under its claim, in place of an earlier reading."""
    page = Page(scan_id=0, number=number, width=10, height=10, dpi=200, source="ocr", text=text, read_at=CLOCK.now())
    with database.atomic() as session:
        pages.save(session, claim, page, [])
