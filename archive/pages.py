"""Pages as they were read: saved one by one under the claim of their worker, indexed in the same transaction."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from archive import index, scans
from archive.tables import Page, PageAttempt, PageWords, Scan


@dataclass(frozen=True)
class WordBox:
    """A word with its box in stored-image pixels (x, y, width, height) and confidence 0–100.

    `drawn` tells that the file itself already carries this word as text.
    """

    text: str
    x: int
    y: int
    width: int
    height: int
    confidence: float
    line: int
    block: int
    drawn: bool = False


def save(session: Session, held: scans.Claim, page: Page, words: Sequence[WordBox]) -> None:
    """Put one page, its words and its index entries in place of any earlier reading of the same page.

    Raises LeaseLostError when the claim is no longer the scan's.
    """
    scans.hold(session, held)
    drop(session, held.scan_id, page.number)
    page.scan_id = held.scan_id
    page.text = storable(page.text)
    session.add(page)
    session.flush()
    assert page.id is not None
    session.add(PageWords(page_id=page.id, words=pack(words)))
    index.put(session, page.id, page.text)
    scans.end_page(session, held, page.number)
    done = session.execute(select(func.count()).select_from(Page).where(col(Page.scan_id) == held.scan_id)).scalar_one()
    scans.note_facts(session, held, pages_done=done)


def done(session: Session, scan_id: int) -> set[int]:
    """Return the numbers of the pages that are saved already."""
    return set(session.execute(select(col(Page.number)).where(col(Page.scan_id) == scan_id)).scalars())


def of_scan(session: Session, scan_id: int) -> Sequence[Page]:
    """Return a scan's saved pages in order."""
    return session.execute(select(Page).where(col(Page.scan_id) == scan_id).order_by(col(Page.number))).scalars().all()


def words(session: Session, page_id: int) -> list[WordBox]:
    """Return the words of a page in reading order."""
    row = session.get(PageWords, page_id)
    return unpack(row.words) if row else []


def drop(session: Session, scan_id: int, number: int) -> None:
    """Remove an earlier reading of a page with its words and index entries; nothing happens where there is none."""
    old = session.execute(
        select(Page).where(col(Page.scan_id) == scan_id, col(Page.number) == number)
    ).scalar_one_or_none()
    if old is None or old.id is None:
        return
    index.drop(session, old.id, old.text)
    session.execute(delete(PageWords).where(col(PageWords.page_id) == old.id))
    session.execute(delete(Page).where(col(Page.id) == old.id))
    session.expunge(old)


def read_again(session: Session, scan: Scan) -> None:
    """Let a scan be read again where it failed: its failed pages, attempts and reason are forgotten."""
    assert scan.id is not None
    failed = select(col(Page.number)).where(col(Page.scan_id) == scan.id, col(Page.source) == "failed")
    for number in session.execute(failed).scalars().all():
        drop(session, scan.id, number)
    session.execute(delete(PageAttempt).where(col(PageAttempt.scan_id) == scan.id))
    scan.state, scan.reason, scan.facts, scan.attempt = scans.RECEIVED, None, {}, 0
    scan.token = scan.worker = scan.lease_until = None
    session.add(scan)


def storable(text: str) -> str:
    """Return text that every engine can keep, of the same length: NUL and lone surrogates become U+FFFD and "?".

    A PDF's own text layer may hold either; PostgreSQL refuses NUL, and no UTF-8 has surrogates.
    """
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def pack(boxes: Sequence[WordBox]) -> bytes:
    """Return words as compressed JSON; `unpack` is its inverse."""
    rows = [[w.text, w.x, w.y, w.width, w.height, round(w.confidence, 1), w.line, w.block, w.drawn] for w in boxes]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def unpack(packed: bytes) -> list[WordBox]:
    """Return the words that `pack` was given."""
    return [WordBox(*row) for row in json.loads(zlib.decompress(packed))]
