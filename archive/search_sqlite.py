"""Asking the index on the embedded engine; the tables are those of archive/index_sqlite.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, text
from sqlmodel import Session

from archive.database import Moment
from archive.search_filter import Filter
from archive.search_query import Clause

# bm25 walks through every page of every word asked.
RANKING_WALKS = True


def gather(session: Session, asked: Sequence[Clause], bounds: Filter, most: int) -> list[int]:
    """Return the numbers of the pages that fit, up to `most` of them."""
    return list(session.execute(*_question(asked, bounds, "page_folded", "", most)).scalars())


def ranked(session: Session, asked: Sequence[Clause], bounds: Filter, most: int) -> list[int]:
    """Return the numbers of the pages that fit, the most relevant first."""
    return list(session.execute(*_question(asked, bounds, "page_folded", "rank, rowid DESC", most)).scalars())


def newest(session: Session, asked: Sequence[Clause], bounds: Filter, most: int, *, exact: bool) -> list[int]:
    """Return the numbers of the pages that fit, the newest first."""
    table = "page_exact" if exact else "page_folded"
    return list(session.execute(*_question(asked, bounds, table, "rowid DESC", most)).scalars())


def match(asked: Sequence[Clause], bounds: Filter) -> str:
    """Return the FTS5 expression: every word is a quoted string, so nothing typed is ever read as syntax."""
    wanted = [_any(clause.options) for clause in asked if not clause.absent]
    wanted += [_any([(word,) for word in group]) for group in bounds.marks()]
    unwanted = [_any(clause.options) for clause in asked if clause.absent]
    return "".join([" AND ".join(wanted), *(f" NOT {each}" for each in unwanted)])


def _any(options: Sequence[tuple[str, ...]]) -> str:
    return "(" + " OR ".join('"' + " ".join(words).replace('"', "") + '"' for words in options) + ")"


def _question(asked: Sequence[Clause], bounds: Filter, table: str, order: str, most: int) -> tuple[Any, dict[str, Any]]:
    condition, values = bounds.condition()
    source, where = table, ""
    if bounds.dossier is not None:
        # Few pages: look each of them up in the index.
        where = (
            f" AND {table}.rowid IN (SELECT page.id FROM page JOIN scan ON scan.id = page.scan_id WHERE {condition})"  # noqa: S608
        )
    elif condition:
        # Perhaps all pages: ask the index once and look at what it gives. Written as IN, FTS5 is asked anew for each
        # page of the archive (80 s at 30 000 pages, against 0.06 s). CROSS JOIN keeps the planner to this order.
        source += f" CROSS JOIN page ON page.id = {table}.rowid CROSS JOIN scan ON scan.id = page.scan_id"
        where = f" AND {condition}"
    sql = f"SELECT {table}.rowid FROM {source} WHERE {table} MATCH :match{where}"  # noqa: S608  # names of our own
    sql += (f" ORDER BY {order.replace('rowid', f'{table}.rowid')}" if order else "") + " LIMIT :most"
    statement = text(sql)
    moments = [bindparam(name, type_=Moment()) for name in ("since", "until") if name in values]
    if moments:
        statement = statement.bindparams(*moments)
    return statement, {**values, "match": match(asked, bounds), "most": most}
