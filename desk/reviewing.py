"""The review desk: pages that want a person's eyes, the worst first, and what is done about each.

Commands and pages make the same calls. Each act is one transaction: the page as it stood is kept, the page changes, the
index follows, and the readers find the scan waiting to write its searchable copy anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from archive import activity, page_acts, parts
from archive.errors import ArchiveError
from archive.page_act_tables import PageAct
from archive.pages import WordBox, words
from archive.part_tables import ScanPart
from archive.tables import Page, Scan
from custody.rules import Signer
from desk import filing
from desk.office import Office

CORRECT, BLANK, ACCEPT, UNDO, ATTACH = "correct", "blank", "accept", "undo", "attach"
ACTS = (CORRECT, BLANK, ACCEPT, UNDO, ATTACH)
# Below this a word was read with so little certainty that the page marks it.
DOUBTFUL = 60.0
COUNTED = 5000


@dataclass(frozen=True)
class Waiting:
    """The queue: how many pages wait, how many for each reason (of the first COUNTED), and a stretch of the list."""

    total: int
    reasons: dict[str, int]
    rows: list[tuple[Page, Scan]]


@dataclass(frozen=True)
class Look:
    """One page under review: what stands, what the machine read, and what was done.

    `doubtful` are the words read with little certainty; `previous` and `following` are (scan, page number) in the
    queue; `part` is the part of the scan that this page belongs to.
    """

    scan: Scan
    page: Page
    version: str
    machine: page_acts.Machine
    doubtful: list[WordBox]
    acts: list[PageAct]
    holding: list[PageAct]
    part: ScanPart | None
    previous: tuple[str, int] | None
    following: tuple[str, int] | None


def waiting(office: Office, limit: int = 50, skipped: int = 0) -> Waiting:
    """Return the pages that want eyes, the worst first."""
    with office.database.reading() as session:
        total = activity.count_pages_for_eyes(session)
        told = session.execute(select(col(Page.reasons)).where(col(Page.wants_eyes)).limit(COUNTED)).scalars()
        counts = Counter(each["code"] for reasons in told for each in reasons)
        return Waiting(total, dict(counts.most_common()), page_acts.queue(session, limit, skipped))


def look(office: Office, reference: str, number: int) -> Look:
    """Return a page as it stands under review; ArchiveError "page-not-read" and those of archive.scans.find."""
    with office.database.reading() as session:
        scan, page = page_acts.find(session, reference, number)
        holding = page_acts.holding(session, page)
        return Look(
            scan=scan,
            page=page,
            version=page_acts.version(session, page),
            machine=page_acts.machine(session, page),
            doubtful=[each for each in words(session, page.id or 0) if each.confidence < DOUBTFUL],
            acts=page_acts.history(session, page),
            holding=holding,
            part=_part(session, page),
            previous=_address(page_acts.neighbour(session, page, forward=False)),
            following=_address(page_acts.neighbour(session, page, forward=True)),
        )


def count(office: Office) -> int:
    """Count the pages that wait."""
    with office.database.reading() as session:
        return activity.count_pages_for_eyes(session)


def first(office: Office) -> tuple[str, int] | None:
    """Return scan and number of the worst page that waits, None where none does."""
    with office.database.reading() as session:
        return _address(next(iter(page_acts.queue(session, 1)), None))


def correct(office: Office, reference: str, number: int, text: str, by: Signer, seen: str | None = None) -> PageAct:
    """Put a text in the place of what was read; see archive.page_acts.correct for what is refused."""
    return _act(office, reference, number, by, lambda *at: page_acts.correct(at[0], at[1], text, seen, at[2], at[3]))


def call_blank(office: Office, reference: str, number: int, by: Signer, seen: str | None = None) -> PageAct:
    """Say that nothing stands on a page; see archive.page_acts.call_blank for what is refused."""
    return _act(office, reference, number, by, lambda *at: page_acts.call_blank(at[0], at[1], seen, at[2], at[3]))


def accept(office: Office, reference: str, number: int, by: Signer, seen: str | None = None) -> PageAct:
    """Say that a page is fine as it is; see archive.page_acts.accept for what is refused."""
    return _act(office, reference, number, by, lambda *at: page_acts.accept(at[0], at[1], seen, at[2], at[3]))


def undo(office: Office, reference: str, number: int, by: Signer, seen: str | None = None) -> PageAct:
    """Take back the last act on a page; see archive.page_acts.undo for what is refused."""
    return _act(office, reference, number, by, lambda *at: page_acts.undo(at[0], at[1], seen, at[2], at[3]))


def attach(office: Office, reference: str, number: int, dossier: str, last: int | None, by: Signer) -> ScanPart:
    """File the pages from this one to `last` (None: to the end of the file) under a dossier.

    Signed into the custody log as every filing by hand is; `luutru scan detach` takes it back.
    """
    with office.database.reading() as session:
        scan, _ = page_acts.find(session, reference, number)
        count = scan.page_count or number
    if last is not None and last < number:
        raise ArchiveError("pages-outside-scan", reference=reference, pages=f"{number}–{last}", count=count)
    return filing.attach(office, reference, dossier, (number, last or count), [by])[1]


def page_as_json(page: Page, scan: Scan) -> dict[str, Any]:
    """Return a page of the queue with stable keys."""
    return {
        "scan": scan.public_id,
        "name": scan.name,
        "page": page.number,
        "source": page.source,
        "confidence": page.confidence,
        "reasons": page.reasons,
    }


def act_as_json(act: PageAct) -> dict[str, Any]:
    """Return an act with stable keys; what stood before is left out."""
    return act.model_dump(include={"number", "act", "by", "at", "undone_by", "undone_at"})


Doing = Callable[[Session, Page, str, datetime], PageAct]


def _act(office: Office, reference: str, number: int, by: Signer, do: Doing) -> PageAct:
    filing.keeper(office, [by])
    with office.database.atomic() as session:
        _, page = page_acts.find(session, reference, number)
        return do(session, page, by.code, office.clock.now())


def _part(session: Session, page: Page) -> ScanPart | None:
    found: Sequence[ScanPart] = parts.standing(session, page.scan_id)
    inside = (each for each in found if each.first_page <= page.number <= (each.last_page or parts.END))
    return next(inside, None)


def _address(found: tuple[Page, Scan] | None) -> tuple[str, int] | None:
    return (found[1].public_id, found[0].number) if found else None
