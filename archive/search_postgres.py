"""Asking the index on PostgreSQL; the tables are those of archive/index_postgres.py.

Every question goes through the GIN indexes: left alone, the planner walks the primary key for ORDER BY … LIMIT and
reads most of the table. Where many pages fit, the newest are looked for in windows from the end that grow until they
hold enough, so that only the rows shown are fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from archive import normalize
from archive.index_postgres import quoted
from archive.index_words import pair_words
from archive.search_filter import Filter
from archive.search_query import Clause

# ts_rank_cd looks at the pages found alone.
RANKING_WALKS = False
# Pages in the first window, for each that is wanted, and by how much the next one is larger.
FIRST_WINDOW, GROWTH = 25, 16


def gather(session: Session, asked: Sequence[Clause], bounds: Filter, most: int) -> list[int]:
    """Return the numbers of the pages that fit, up to `most` of them."""
    sql, values = _fitting(asked, bounds, "folded")
    return list(session.execute(text(f"{sql} LIMIT :most"), {**values, "most": most}).scalars())


def ranked(session: Session, asked: Sequence[Clause], bounds: Filter, most: int) -> list[int]:
    """Return the numbers of the pages that fit, the most relevant first."""
    sql, values = _fitting(asked, bounds, "folded")
    statement = (
        f"WITH found AS MATERIALIZED ({sql} LIMIT :most)"  # noqa: S608  # built of names of our own and bound values
        " SELECT page_id FROM page_index JOIN found USING (page_id)"
        " ORDER BY ts_rank_cd(page_index.folded, CAST(:ranked AS tsquery)) DESC, page_id DESC"
    )
    given = {**values, "most": most, "ranked": tsquery(asked, bounds, pairs=False)}
    return list(session.execute(text(statement), given).scalars())


def newest(session: Session, asked: Sequence[Clause], bounds: Filter, most: int, *, exact: bool) -> list[int]:
    """Return the numbers of the pages that fit, the newest first."""
    sql, values = _fitting(asked, bounds, "exact" if exact else "folded")
    windowed = f"WITH found AS MATERIALIZED ({sql} AND page_id > :above)"
    statement = text(f"{windowed} SELECT page_id FROM found ORDER BY page_id DESC LIMIT :most")  # noqa: S608  # built of names of our own
    last = session.execute(text("SELECT coalesce(max(page_id), 0) FROM page_index")).scalar_one()
    size = FIRST_WINDOW * most
    while True:
        above = last - size
        found = list(session.execute(statement, {**values, "most": most, "above": above}).scalars())
        if len(found) >= most or above <= 0:
            return found
        size *= GROWTH


def tsquery(asked: Sequence[Clause], bounds: Filter, *, pairs: bool) -> str:
    """Return the tsquery: every word is a quoted lexeme, so nothing typed is ever read as syntax.

    With `pairs`, which the folded vectors hold, a phrase is looked at only where the pairs of its syllables are.
    """

    def spell(clause: Clause) -> str:
        return _any(_spell(words, pairs=pairs) for words in clause.options)

    wanted = [spell(clause) for clause in asked if not clause.absent]
    wanted += [_any(quoted(word) for word in group) for group in bounds.marks()]
    unwanted = ["!" + spell(clause) for clause in asked if clause.absent]
    return " & ".join([*wanted, *unwanted])


def _spell(words: Sequence[str], *, pairs: bool) -> str:
    near = pair_words(words) if pairs and len(words) > 1 else []
    if near and len(words) == 2:
        return quoted(near[0])
    phrase = "(" + " <-> ".join(quoted(word) for word in words) + ")"
    return "(" + " & ".join([*(quoted(word) for word in dict.fromkeys(near)), phrase]) + ")"


def _any(options: Iterable[str]) -> str:
    return "(" + " | ".join(options) + ")"


def _fitting(asked: Sequence[Clause], bounds: Filter, column: str) -> tuple[str, dict[str, Any]]:
    condition, values = bounds.condition()
    where = f"{column} @@ CAST(:asked AS tsquery)"
    if bounds.pages is not None:
        where += " AND page_id = ANY(:pages)"
        values["pages"] = list(bounds.pages)
    if condition:
        # Asked of each page that fits: written as IN or EXISTS, the planner may read all pages and scans instead.
        held = "FROM page JOIN scan ON scan.id = page.scan_id WHERE page.id = page_index.page_id"
        where += f" AND (SELECT {condition} {held})"
    values["asked"] = tsquery(asked, bounds, pairs=column == "folded")
    if column == "exact" and (near := _near(asked)):
        where += " AND folded @@ CAST(:near AS tsquery)"
        values["near"] = near
    return f"SELECT page_id FROM page_index WHERE {where}", values  # noqa: S608  # names of our own and bound values


def _near(asked: Sequence[Clause]) -> str:
    """The pairs, without accents, of phrases that must stand on a page."""
    phrases = [clause.options[0] for clause in asked if len(clause.options) == 1 and not clause.absent]
    pairs = [pair for words in phrases for pair in pair_words([normalize.fold(word) for word in words])]
    return " & ".join(quoted(pair) for pair in dict.fromkeys(pairs))
