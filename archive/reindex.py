"""Making the index again from the pages, and comparing the two.

The index is a projection: everything in it follows from the pages. It is made again page by page in small
transactions, so scanners and readers go on; until it is done, pages not yet reached are not found, and `check` says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from archive import index, normalize
from archive.database import Database
from archive.index_tables import CodeRow, IndexState, PageCode, WordRow
from archive.tables import Page

BATCH = 500


@dataclass(frozen=True)
class Finding:
    """Something in which index and pages differ: a code, the table or version, and how many pages."""

    code: str
    what: str
    count: int


def rebuild(database: Database, advance: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Empty the index and make it again; returns the number of pages. Interrupted, it goes on where it stopped.

    `advance` is told the pages done in this run and how many there are to do.
    """
    with database.reading() as session:
        resumed = _resume_from(session)
    if resumed is None:
        _empty(database)
        resumed = 0
    with database.reading() as session:
        # Counted once, not for each batch: a count walks through all pages.
        total = session.execute(select(func.count()).select_from(Page).where(col(Page.id) > resumed)).scalar_one()
    done = 0
    while True:
        with database.atomic() as session:
            rows = session.execute(
                select(col(Page.id), col(Page.text)).where(col(Page.id) > resumed).order_by(col(Page.id)).limit(BATCH)
            ).all()
            index.put_many(session, ((page_id, text) for page_id, text in rows))
            if not rows:
                _note(session, "normalizer", str(normalize.VERSION))
                session.execute(delete(IndexState).where(col(IndexState.key) == "rebuilt-to"))
                break
            resumed = rows[-1][0]
            _note(session, "rebuilt-to", f"{normalize.VERSION}:{resumed}")
        done += len(rows)
        advance(done, max(total, done))
    index.tidy(database)
    return done


def check(database: Database) -> list[Finding]:
    """Compare the index with the pages; empty when they agree."""
    findings = []
    with database.reading() as session:
        engine, version = index.engine(session), index.version(session)
        if version != normalize.VERSION:
            findings.append(Finding("index-other-version", str(version), 1))
        for table in engine.TABLES:
            for code, found in (("index-page-missing", engine.missing), ("index-page-surplus", engine.surplus)):
                if pages := found(session, table):
                    findings.append(Finding(code, table, len(pages)))
    with database.atomic() as session:
        # FTS5 words its own check as an INSERT.
        findings += [Finding("index-broken", table, 1) for table, _ in index.engine(session).broken(session)]
    return findings


def _empty(database: Database) -> None:
    with database.atomic() as session:
        session.execute(delete(IndexState))
        index.engine(session).clear(session)
        for rows in (PageCode, CodeRow, WordRow):
            session.execute(delete(rows))
        _note(session, "rebuilt-to", f"{normalize.VERSION}:0")


def _resume_from(session: Session) -> int | None:
    row = session.get(IndexState, "rebuilt-to")
    if row is None:
        return None
    version, _, reached = row.value.partition(":")
    return int(reached) if version == str(normalize.VERSION) else None


def _note(session: Session, key: str, value: str) -> None:
    row = session.get(IndexState, key) or IndexState(key=key, value=value)
    row.value = value
    session.add(row)
    session.flush()
