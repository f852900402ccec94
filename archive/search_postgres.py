"""Asking the index on PostgreSQL; the tables are those of archive/index_postgres.py.

The hits are gathered through the GIN index first (MATERIALIZED): left alone, the planner walks the primary key for
ORDER BY … LIMIT and reads most of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from archive.index_postgres import quoted
from archive.search_filter import Filter
from archive.search_query import Clause

# ts_rank_cd looks at the pages found alone.
RANKING_WALKS = False


def gather(session: Session, asked: Sequence[Clause], bounds: Filter, most: int) -> list[int]:
    """Return the numbers of the pages that fit, up to `most` of them."""
    sql, values = _gather(asked, bounds, "folded")
    return list(session.execute(text(f"{sql} LIMIT :most"), {**values, "most": most}).scalars())


def ranked(session: Session, asked: Sequence[Clause], bounds: Filter, most: int) -> list[int]:
    """Return the numbers of the pages that fit, the most relevant first."""
    sql, values = _gather(asked, bounds, "folded")
    statement = (
        f"WITH found AS MATERIALIZED ({sql} LIMIT :most)"  # noqa: S608  # built of names of our own and bound values
        " SELECT page_id FROM page_index JOIN found USING (page_id)"
        " ORDER BY ts_rank_cd(page_index.folded, CAST(:asked AS tsquery)) DESC, page_id DESC"
    )
    return list(session.execute(text(statement), {**values, "most": most}).scalars())


def newest(session: Session, asked: Sequence[Clause], bounds: Filter, most: int, *, exact: bool) -> list[int]:
    """Return the numbers of the pages that fit, the newest first."""
    sql, values = _gather(asked, bounds, "exact" if exact else "folded")
    statement = f"WITH found AS MATERIALIZED ({sql}) SELECT page_id FROM found ORDER BY page_id DESC LIMIT :most"  # noqa: S608
    return list(session.execute(text(statement), {**values, "most": most}).scalars())


def tsquery(asked: Sequence[Clause], bounds: Filter) -> str:
    """Return the tsquery: every word is a quoted lexeme, so nothing typed is ever read as syntax."""
    wanted = [_any(clause.options) for clause in asked if not clause.absent]
    wanted += [_any([(word,) for word in group]) for group in bounds.marks()]
    unwanted = ["!" + _any(clause.options) for clause in asked if clause.absent]
    return " & ".join([*wanted, *unwanted])


def _any(options: Sequence[tuple[str, ...]]) -> str:
    return "(" + " | ".join("(" + " <-> ".join(quoted(word) for word in words) + ")" for words in options) + ")"


def _gather(asked: Sequence[Clause], bounds: Filter, column: str) -> tuple[str, dict[str, Any]]:
    condition, values = bounds.condition()
    joined = (
        f" AND page_id IN (SELECT page.id FROM page JOIN scan ON scan.id = page.scan_id WHERE {condition})"  # noqa: S608
        if condition
        else ""
    )
    sql = f"SELECT page_id FROM page_index WHERE {column} @@ CAST(:asked AS tsquery){joined}"  # noqa: S608  # as above
    return sql, {**values, "asked": tsquery(asked, bounds)}
