"""Shell: a page's reading as the row it is stored in, and back."""

from __future__ import annotations

from archive import pages
from archive.clock import Clock
from archive.tables import Page
from digitize.quality import Reason
from digitize.reading import PageReading
from digitize.text import Word


def give_up(number: int, tries: int) -> PageReading:
    """Return the reading of a page that killed its reader too often."""
    reason = Reason("page-kills-reader", {"tries": tries})
    return PageReading(number, 0, 0, 0.0, 0, 0.0, "failed", "", (), 0.0, (reason,), "", 0.0)


def to_row(reading: PageReading, clock: Clock) -> tuple[Page, list[pages.WordBox]]:
    """Return a reading as the row and the words it is stored as."""
    row = Page(
        scan_id=0,
        number=reading.number,
        width=reading.width,
        height=reading.height,
        dpi=reading.dpi,
        rotation=reading.rotation,
        skew=reading.skew,
        source=reading.source,
        cover=reading.codes[0][:100] if reading.codes else None,
        text=reading.text,
        confidence=reading.confidence,
        reasons=[{"code": reason.code, "facts": reason.facts} for reason in reading.reasons],
        wants_eyes=bool(reading.reasons),
        engine=reading.engine,
        seconds=reading.seconds,
        read_at=clock.now(),
    )
    words = [pages.WordBox(w.text, *w.box, w.confidence, w.line, w.block, w.drawn) for w in reading.words]
    return row, words


def from_row(row: Page, words: list[pages.WordBox]) -> PageReading:
    """Return a saved page as the reading it came from."""
    return PageReading(
        number=row.number,
        width=row.width,
        height=row.height,
        dpi=row.dpi,
        rotation=row.rotation,
        skew=row.skew,
        source=row.source,  # type: ignore[arg-type]  # only _to_row writes this column
        text=row.text,
        words=tuple(Word(w.text, (w.x, w.y, w.width, w.height), w.confidence, w.line, w.block, w.drawn) for w in words),
        confidence=row.confidence or 0.0,
        reasons=tuple(Reason(each["code"], each["facts"]) for each in row.reasons),
        engine=row.engine,
        seconds=row.seconds,
        codes=(row.cover,) if row.cover else (),
    )
