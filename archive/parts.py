"""Parts of scans: which pages of a stored file belong to which dossier, by cover sheet, by file name or by hand.

A page belongs to at most one dossier. Parts found by the program are reconciled with `settle`, which may be called any
number of times: what a person attached stands, what a person detached is not attached by the program again, and a part
that is no longer right is ended and stays as history. Whoever calls holds the scan's row (`hold`), so two writers wait
for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from archive import catalogue
from archive.errors import ArchiveError
from archive.part_tables import ScanPart
from archive.scans import READ
from archive.tables import Page, Scan

COVER, NAME, HAND = "cover", "name", "hand"
END = 2**31 - 1
NOTHING_LEFT = -1


@dataclass(frozen=True)
class Wanted:
    """A part that a scan should have by its covers or its name; `dossier` None needs eyes, for `reason`."""

    first: int
    last: int | None
    dossier: str | None
    how: str
    code: str = ""
    cover: int = 0
    reason: str | None = None
    two_sided: bool = False


def hold(session: Session, scan_id: int) -> Scan:
    """Return a scan, its row locked until the commit."""
    query = select(Scan).where(col(Scan.id) == scan_id).with_for_update()
    scan: Scan = session.execute(query.execution_options(populate_existing=True)).scalar_one()
    return scan


def standing(session: Session, scan_id: int) -> list[ScanPart]:
    """Return the parts of a scan that stand, in order of their pages."""
    query = select(ScanPart).where(col(ScanPart.scan_id) == scan_id, col(ScanPart.ended_at).is_(None))
    return list(session.execute(query.order_by(col(ScanPart.first_page))).scalars())


def history(session: Session, scan_id: int) -> list[ScanPart]:
    """Return every part a scan ever had, the oldest first."""
    query = select(ScanPart).where(col(ScanPart.scan_id) == scan_id).order_by(col(ScanPart.id))
    return list(session.execute(query).scalars())


def settle(session: Session, scan: Scan, wanted: Iterable[Wanted], now: datetime) -> None:
    """Bring the parts the program made of a scan to `wanted`, as far as no person decided otherwise."""
    assert scan.id is not None
    rows = history(session, scan.id)
    undone = {(row.how, row.cover_page, row.code) for row in rows if row.ended_by and row.how != HAND}
    stands = [row for row in rows if row.ended_at is None]
    taken = [(row.first_page, row.last_page or END) for row in stands if row.how == HAND]
    goal = {
        piece: None for each in wanted if (each.how, each.cover, each.code) not in undone for piece in cut(each, taken)
    }
    for row in stands:
        if row.how == HAND:
            continue
        mine = _wanted(row)
        if mine in goal:
            del goal[mine]
        else:
            row.ended_at = now
            session.add(row)
    # The old ones must have ended before new ones may begin on the same page.
    session.flush()
    for each in goal:
        session.add(_row(scan.id, each, now))
    session.flush()
    count(session, scan)


def attach(
    session: Session, scan: Scan, dossier: str, pages: tuple[int, int] | None, by: str, now: datetime
) -> ScanPart:
    """File pages (all for None) of a scan under a dossier by hand.

    Pages that no dossier has yet are taken from parts that only need eyes. Raises CatalogueError "dossier-unknown",
    ArchiveError "pages-outside-scan" or "pages-filed-already" (with the first part in the way).
    """
    assert scan.id is not None
    code = catalogue.dossier(session, dossier).code
    first, last = pages or (1, None)
    if pages and (scan.page_count is None or pages[1] > scan.page_count):
        raise ArchiveError(
            "pages-outside-scan", reference=scan.public_id, pages=show_range(*pages), count=scan.page_count
        )
    for row in standing(session, scan.id):
        if row.first_page <= (last or END) and first <= (row.last_page or END):
            if row.dossier is not None:
                raise ArchiveError(
                    "pages-filed-already",
                    reference=scan.public_id,
                    pages=show_range(row.first_page, row.last_page or scan.page_count),
                    dossier=row.dossier,
                )
            row.ended_at = now
            session.add(row)
    session.flush()
    made = ScanPart(scan_id=scan.id, first_page=first, last_page=last, dossier=code, how=HAND, by=by, at=now)
    session.add(made)
    session.flush()
    return made


def detach(session: Session, scan: Scan, pages: tuple[int, int] | None, by: str, now: datetime) -> list[ScanPart]:
    """End the parts that lie wholly within `pages`, covers among them, or the only part for None; return them.

    Raises ArchiveError "nothing-filed", "several-filed" (for None) or "part-not-whole", each naming what is filed.
    """
    assert scan.id is not None
    stands = standing(session, scan.id)
    filed = [f"{show_range(row.first_page, row.last_page)}: {row.dossier or '?'}" for row in stands]
    if not stands or (pages is None and len(stands) > 1):
        raise ArchiveError("several-filed" if stands else "nothing-filed", reference=scan.public_id, filed=filed)
    ended = []
    for row in stands:
        first, last = row.cover_page or row.first_page, row.last_page or scan.page_count or END
        if pages is not None and (last < pages[0] or pages[1] < first):
            continue
        if pages is not None and not (pages[0] <= row.first_page and last <= pages[1]):
            raise ArchiveError("part-not-whole", reference=scan.public_id, pages=show_range(*pages), filed=filed)
        row.ended_at, row.ended_by = now, by
        session.add(row)
        ended.append(row)
    if not ended:
        raise ArchiveError("nothing-filed", reference=scan.public_id, filed=filed)
    session.flush()
    return ended


def count(session: Session, scan: Scan) -> None:
    """Count the pages of every part that stands, and name the one dossier of the scan where there is one."""
    assert scan.id is not None
    stands = standing(session, scan.id)
    page = col(Page.number)
    for row in stands:
        inside = (col(Page.scan_id) == scan.id, page >= row.first_page, page <= (row.last_page or END))
        told = session.execute(
            select(
                func.count(),
                func.count(case((col(Page.source) == "blank", 1))),
                func.count(case((col(Page.source) == "failed", 1))),
            ).where(*inside, col(Page.cover).is_(None))
        ).one()
        row.pages, row.blanks, row.failed = told
        row.counted = scan.state == READ
        session.add(row)
    named = {row.dossier for row in stands if row.dossier is not None}
    scan.dossier = named.pop() if len(named) == 1 else None
    session.add(scan)
    session.flush()


def cut(wanted: Wanted, taken: Sequence[tuple[int, int]]) -> Iterator[Wanted]:
    """Yield what is left of a part when the taken pages are out of it."""
    start, last = wanted.first, wanted.last or END
    for begins, ends in sorted(taken):
        if ends < start or begins > last:
            continue
        if begins > start:
            yield _piece(wanted, start, begins - 1)
        start = max(start, ends + 1)
    if start <= last:
        yield _piece(wanted, start, last)


def show_range(first: int, last: int | None) -> str:
    """Return pages as people write them: "3–18", "3", or "3–" to the end."""
    return f"{first}" if last == first else f"{first}–{'' if last is None else last}"


def _piece(wanted: Wanted, first: int, last: int) -> Wanted:
    return replace(wanted, first=first, last=None if last == END else last)


def _row(scan_id: int, each: Wanted, now: datetime) -> ScanPart:
    return ScanPart(
        scan_id=scan_id,
        first_page=each.first,
        last_page=each.last,
        dossier=each.dossier,
        how=each.how,
        code=each.code,
        cover_page=each.cover,
        reason=each.reason,
        two_sided=each.two_sided,
        at=now,
    )


def _wanted(row: ScanPart) -> Wanted:
    return Wanted(
        row.first_page,
        row.last_page,
        row.dossier,
        row.how,
        row.code,
        row.cover_page,
        row.reason,
        row.two_sided,
    )
