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
# Where more are wanted, fetching all that fit costs no more.
MOST_WINDOWED = 200
_BY_INDEX = text(
    "SELECT set_config('enable_seqscan', :value, true), set_config('enable_indexscan', :value, true),"
    " set_config('jit', 'off', true)"
)


def gather(session: Session, asked: Sequence[Clause], bounds: Filter, most: int) -> list[int]:
    """Return the numbers of the pages that fit, up to `most` of them."""
    sql, values = _fitting(asked, bounds, "folded")
    return _ask(session, f"{sql} LIMIT :most", {**values, "most": most})


def put_in_order(session: Session, asked: Sequence[Clause], found: Sequence[int]) -> list[int]:
    """Return these pages, the most relevant first."""
    sql = (
        "SELECT page_id FROM page_index WHERE page_id = ANY(:found)"
        " ORDER BY ts_rank_cd(folded, CAST(:asked AS tsquery)) DESC, page_id DESC"
    )
    # Filters say nothing of relevance: marks have no place on the page, and weighing thirty days took seconds.
    return _ask(session, sql, {"found": list(found), "asked": tsquery(asked, Filter(), pairs=False)})


def newest(session: Session, asked: Sequence[Clause], bounds: Filter, most: int, *, exact: bool) -> list[int]:
    """Return the numbers of the pages that fit, the newest first."""
    sql, values = _fitting(asked, bounds, "exact" if exact else "folded")
    values["most"] = most
    end = "ORDER BY page_id DESC LIMIT :most"
    last = session.execute(text("SELECT coalesce(max(page_id), 0) FROM page_index")).scalar_one()
    size = FIRST_WINDOW * most
    while most <= MOST_WINDOWED and size < last:
        window = f"WITH found AS MATERIALIZED ({sql} AND page_id > :above) SELECT page_id FROM found"  # noqa: S608
        found = _ask(session, f"{window} {end}", {**values, "above": last - size})
        if len(found) >= most:
            return found
        size *= GROWTH
    return _ask(session, f"WITH found AS MATERIALIZED ({sql}) SELECT page_id FROM found {end}", values)  # noqa: S608


def _ask(session: Session, sql: str, values: dict[str, Any]) -> list[int]:
    # The planner takes a look at a vector for cheap, though it stands apart from its row (20 µs each), and would read
    # all of them; compiling a statement takes longer than answering it.
    session.execute(_BY_INDEX, {"value": "off"})
    found = list(session.execute(text(sql), values).scalars())
    session.execute(_BY_INDEX, {"value": "on"})
    return found


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
