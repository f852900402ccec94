"""What people do to pages that were read: correct the text, call it blank, accept it, and undo the last of these.

The page and its words always hold what stands, so search, viewer, exports and a rebuilt index all follow; what stood
before, the machine's reading first, is kept with each act. Whoever acts says which version they looked at, so that two
desks never overwrite each other unseen. The searchable copy is made again by the readers, which find the scan waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlmodel import Session, col

from archive import index, pages, parts, scans
from archive.errors import ArchiveError
from archive.page_act_tables import PageAct
from archive.realign import realign
from archive.tables import Page, PageAttempt, PageWords, Scan

CORRECTED, BLANK, ACCEPTED = "corrected", "blank", "accepted"
LONGEST_TEXT = 200_000


@dataclass(frozen=True)
class Machine:
    """What the machine read of a page, whatever people made of it since."""

    text: str
    source: str


def find(session: Session, reference: str, number: int) -> tuple[Scan, Page]:
    """Return a scan and one of its pages; ArchiveError "page-not-read" and those of archive.scans.find."""
    scan = scans.find(session, reference)
    query = select(Page).where(col(Page.scan_id) == scan.id, col(Page.number) == number)
    page = session.execute(query).scalar_one_or_none()
    if page is None:
        count = scan.page_count if scan.page_count is not None else "?"
        raise ArchiveError("page-not-read", page=number, name=scan.name, pages=count, done=scan.pages_done)
    return scan, page


def history(session: Session, page: Page) -> list[PageAct]:
    """Return the acts on a page in their order, those undone and those on an earlier reading among them."""
    query = select(PageAct).where(col(PageAct.scan_id) == page.scan_id, col(PageAct.number) == page.number)
    return list(session.execute(query.order_by(col(PageAct.id))).scalars())


def holding(session: Session, page: Page) -> list[PageAct]:
    """Return the acts that hold for the reading of a page as it is, in their order."""
    return [each for each in history(session, page) if each.undone_at is None and each.reading == page.read_at]


def machine(session: Session, page: Page) -> Machine:
    """Return what the machine read."""
    for first in holding(session, page):
        return Machine(first.text, first.source)
    return Machine(page.text, page.source)


def version(session: Session, page: Page) -> str:
    """Return a short text that is another one after every act, every undo and every new reading of a page."""
    acts = history(session, page)
    done = len(acts) + sum(each.undone_at is not None for each in acts)
    return f"{done}-{int(page.read_at.timestamp())}"


def correct(session: Session, page: Page, text: str, seen: str | None, by: str, now: datetime) -> PageAct:
    """Put a text in the place of what was read; its words go where the machine saw theirs.

    `seen` is the version the person looked at, None where they looked at none. Raises ArchiveError "page-changed",
    "page-text-empty" (a page without text is called blank) or "page-text-long".
    """
    told = pages.storable("\n".join(line.rstrip() for line in text.splitlines()).strip("\n"))
    if not told.strip():
        raise ArchiveError("page-text-empty", page=page.number)
    if len(told) > LONGEST_TEXT:
        raise ArchiveError("page-text-long", page=page.number, count=len(told), bound=LONGEST_TEXT)
    made = _begin(session, page, CORRECTED, seen, by, now)
    before = pages.words(session, page.id or 0)
    source = page.source if page.source in ("ocr", "layer") else "hand"
    _stand(session, page, told, pages.pack(realign(before, told)), source)
    return made


def call_blank(session: Session, page: Page, seen: str | None, by: str, now: datetime) -> PageAct:
    """Say that nothing stands on a page; ArchiveError "page-changed" or "page-blank-already"."""
    if page.source == "blank" and not page.wants_eyes:
        raise ArchiveError("page-blank-already", page=page.number)
    made = _begin(session, page, BLANK, seen, by, now)
    _stand(session, page, "", pages.pack(()), "blank")
    return made


def accept(session: Session, page: Page, seen: str | None, by: str, now: datetime) -> PageAct:
    """Say that a page is fine as it is; ArchiveError "page-changed" or "page-wants-no-eyes"."""
    if not page.wants_eyes:
        raise ArchiveError("page-wants-no-eyes", page=page.number)
    made = _begin(session, page, ACCEPTED, seen, by, now)
    page.wants_eyes = False
    session.add(page)
    session.flush()
    return made


def undo(session: Session, page: Page, seen: str | None, by: str, now: datetime) -> PageAct:
    """Take back the last act that holds, whoever did it; ArchiveError "page-changed" or "nothing-to-undo"."""
    parts.hold(session, page.scan_id)
    _compare(session, page, seen)
    acts = holding(session, page)
    if not acts:
        raise ArchiveError("nothing-to-undo", page=page.number)
    last = acts[-1]
    last.undone_by, last.undone_at = by, now
    session.add(last)
    if last.act == ACCEPTED:
        page.wants_eyes = last.wanted_eyes
        session.add(page)
        session.flush()
    else:
        _stand(session, page, last.text, last.words, last.source, wants_eyes=last.wanted_eyes)
    return last


# Failed pages first, then those whose words are least certain; a page without words is less certain than any.
badness: ColumnElement[float] = case(
    (col(Page.source) == "failed", -1.0), else_=func.coalesce(col(Page.confidence), 0.0)
)


def queue(session: Session, limit: int, skipped: int = 0) -> list[tuple[Page, Scan]]:
    """Return the pages that want eyes with their scans, the worst first."""
    query = select(Page, Scan).join(Scan, col(Scan.id) == col(Page.scan_id)).where(col(Page.wants_eyes))
    rows = session.execute(query.order_by(badness, col(Page.id)).limit(limit).offset(skipped))
    return [(page, scan) for page, scan in rows]


def neighbour(session: Session, page: Page, *, forward: bool) -> tuple[Page, Scan] | None:
    """Return the page that comes after (or before) this one in the queue, whether or not this one still waits."""
    mine = session.execute(select(badness).where(col(Page.id) == page.id)).scalar_one()
    before = (badness < mine) | ((badness == mine) & (col(Page.id) < page.id))
    after = (badness > mine) | ((badness == mine) & (col(Page.id) > page.id))
    order: tuple[Any, Any] = (badness, col(Page.id)) if forward else (badness.desc(), col(Page.id).desc())
    query = select(Page, Scan).join(Scan, col(Scan.id) == col(Page.scan_id)).where(col(Page.wants_eyes))
    row = session.execute(query.where(after if forward else before).order_by(*order).limit(1)).first()
    return (row[0], row[1]) if row else None


def _begin(session: Session, page: Page, act: str, seen: str | None, by: str, now: datetime) -> PageAct:
    parts.hold(session, page.scan_id)
    _compare(session, page, seen)
    words = session.get(PageWords, page.id)
    made = PageAct(
        scan_id=page.scan_id,
        number=page.number,
        reading=page.read_at,
        act=act,
        by=by,
        at=now,
        text=page.text,
        words=words.words if words else pages.pack(()),
        source=page.source,
        wanted_eyes=page.wants_eyes,
    )
    session.add(made)
    session.flush()
    return made


def _compare(session: Session, page: Page, seen: str | None) -> None:
    session.refresh(page)
    if seen is not None and seen != version(session, page):
        acts = history(session, page)
        last = max(acts, key=lambda each: each.undone_at or each.at) if acts else None
        by, at = (last.undone_by or last.by, last.undone_at or last.at) if last else ("", page.read_at)
        raise ArchiveError("page-changed", page=page.number, by=by or "–", moment=at)


def _stand(session: Session, page: Page, text: str, words: bytes, source: str, *, wants_eyes: bool = False) -> None:
    """Let a page be so: its row, its words, its place in the index, and its searchable copy to be made again."""
    assert page.id is not None
    index.drop(session, page.id, page.text)
    page.text, page.source, page.wants_eyes = text, source, wants_eyes
    session.add(page)
    row = session.get(PageWords, page.id) or PageWords(page_id=page.id, words=words)
    row.words = words
    session.add(row)
    session.flush()
    index.put(session, page.id, text)
    scan = parts.hold(session, page.scan_id)
    if scan.state in (scans.READ, scans.READING):
        # A reader that holds it may have taken the old text into the copy it is writing: its hold ends here, and what
        # it had begun is not held against the pages.
        session.execute(delete(PageAttempt).where(col(PageAttempt.scan_id) == page.scan_id))
        scan.state, scan.token, scan.worker, scan.lease_until = scans.RECEIVED, None, None, None
        session.add(scan)
        session.flush()
    parts.count(session, scan)
