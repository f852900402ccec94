"""Asking the index on the embedded engine; the table is that of archive/index_sqlite.py."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, text
from sqlmodel import Session

from archive import normalize
from archive.database import Moment
from archive.index_sqlite import TABLE
from archive.index_words import EXACT, is_own, pair_words
from archive.search_filter import Filter
from archive.search_query import Clause

# bm25 walks through every page of every word asked.
RANKING_WALKS = True
RELEVANT, NEWEST = f"rank, {TABLE}.rowid DESC", f"{TABLE}.rowid DESC"


def gather(session: Session, asked: Sequence[Clause], bounds: Filter, most: int) -> list[int]:
    """Return the numbers of the pages that fit, up to `most` of them."""
    return _ask(session, match(asked, bounds), bounds, "", most)


def ranked(session: Session, asked: Sequence[Clause], bounds: Filter, most: int) -> list[int]:
    """Return the numbers of the pages that fit, the most relevant first."""
    return _ask(session, match(asked, bounds, pairs=False), bounds, RELEVANT, most)


def newest(session: Session, asked: Sequence[Clause], bounds: Filter, most: int, *, exact: bool) -> list[int]:
    """Return the numbers of the pages that fit, the newest first."""
    return _ask(session, match(asked, bounds, exact=exact), bounds, NEWEST, most)


def match(asked: Sequence[Clause], bounds: Filter, *, exact: bool = False, pairs: bool = True) -> str:
    """Return the FTS5 expression: every word is a quoted string, so nothing typed is ever read as syntax.

    With `pairs`, a phrase is looked at only where the pairs of its syllables are: the same pages, sooner. Without,
    relevance is that of the words alone.
    """

    def spell(clause: Clause) -> str:
        return _any(_spell(words, exact=exact and not clause.absent, pairs=pairs) for words in clause.options)

    wanted = [spell(clause) for clause in asked if not clause.absent]
    wanted += [_any(_quote([word]) for word in group) for group in bounds.marks()]
    unwanted = [spell(clause) for clause in asked if clause.absent]
    return "".join([" AND ".join(wanted), *(f" NOT {each}" for each in unwanted)])


def question(expression: str, bounds: Filter, order: str, run: tuple[int, int] | None) -> Any:
    """Return the statement that asks for pages, all of them or those of a run of numbers; it wants `most` besides.

    It answers with two lists in JSON: the numbers, and where each stands in `order`, so that the answers of several
    runs can be put together.
    """
    condition, values = bounds.condition()
    source, where = TABLE, f"{TABLE} MATCH :match"
    if run is not None:
        # Two bounds are one question; numbers written as IN would ask FTS5 anew for each of them, hence the plus.
        where += f" AND {TABLE}.rowid BETWEEN :low AND :high"
        where += f" AND +{TABLE}.rowid IN (SELECT value FROM json_each(:pages))"  # noqa: S608  # as below
        values |= {"low": run[0], "high": run[1], "pages": json.dumps(bounds.pages)}
    if condition:
        # Perhaps all pages: ask the index once and look at what it gives. Written as IN, FTS5 is asked anew for each
        # page of the archive (80 s at 30 000 pages, against 0.06 s). CROSS JOIN keeps the planner to this order.
        source += f" CROSS JOIN page ON page.id = {TABLE}.rowid CROSS JOIN scan ON scan.id = page.scan_id"
        where += f" AND {condition}"
    first = "rank" if order == RELEVANT else f"-{TABLE}.rowid"
    sql = f"SELECT {first} AS place, {TABLE}.rowid AS page FROM {source} WHERE {where}"  # noqa: S608  # names of our own
    sql += f"{f' ORDER BY {order}' if order else ''} LIMIT :most"
    # Thousands of numbers an answer: one value is taken over many times faster than as many rows.
    statement = text(f"SELECT json_group_array(page), json_group_array(place) FROM ({sql})")  # noqa: S608  # as above
    moments = [bindparam(name, values.pop(name), type_=Moment()) for name in ("since", "until") if name in values]
    return statement.bindparams(*moments, match=expression, **values)


def _ask(session: Session, expression: str, bounds: Filter, order: str, most: int) -> list[int]:
    pages: list[int] = []
    places: list[float] = []
    runs = bounds.runs()
    for run in [None] if runs is None else runs:
        for found, placed in session.execute(question(expression, bounds, order, run), {"most": most}):
            pages += json.loads(found)
            places += json.loads(placed)
    # An aggregate promises no order, and each run has its own.
    if order == NEWEST:
        pages.sort(reverse=True)
    elif order == RELEVANT:
        order_of = sorted(range(len(pages)), key=pages.__getitem__, reverse=True)
        order_of.sort(key=places.__getitem__)
        pages = [pages[at] for at in order_of]
    return pages[:most]


def _spell(words: Sequence[str], *, exact: bool, pairs: bool) -> str:
    phrase = _quote([EXACT + word for word in words] if exact and not is_own(words[0]) else words)
    if len(words) == 1 or not pairs:
        return phrase
    near = pair_words([normalize.fold(word) for word in words] if exact else words)
    if len(words) == 2 and near and not exact:
        return _quote(near)
    return "(" + " AND ".join([*(_quote([word]) for word in dict.fromkeys(near)), phrase]) + ")"


def _quote(words: Iterable[str]) -> str:
    return '"' + " ".join(words).replace('"', "") + '"'


def _any(options: Iterable[str]) -> str:
    return "(" + " OR ".join(options) + ")"
