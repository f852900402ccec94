"""Finding pages by what is written on them.

Policy: the hits are counted up to a cap first. Up to 5 000 they are ranked by relevance (bm25); beyond that ranking
would cost seconds, so the newest come first and the answer says so. An asker who typed accents gets the pages with
exactly those accents before the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType

from sqlalchemy import select
from sqlmodel import Session, col

from archive import search_postgres, search_ranking, search_sqlite, suggestions
from archive.highlight import Segment, find_spans, make_snippet
from archive.pages import WordBox
from archive.search_filter import Filter, dossier_pages
from archive.search_query import Asked, Clause, as_phrase, clauses, understand
from archive.sheets import dossiers_of_pages
from archive.tables import Page, Scan

CAP = 5000
# Pages put in order by a question's rare words alone.
MOST_RANKED = 60_000
DEEPEST = 10_000


@dataclass(frozen=True)
class Query:
    """What is asked: words, "phrases", codes, -exclusions, and filters.

    `since` and `until` bound the arrival, half open; `prefix` takes the last word as unfinished.
    """

    text: str
    station: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    dossier: str | None = None
    limit: int = 20
    offset: int = 0
    prefix: bool = False


@dataclass(frozen=True)
class Hit:
    """One page that was found; `snippet` keeps the accents of the page, `exact` when it has those that were typed."""

    page_id: int
    public_id: str
    name: str
    station: str
    number: int
    arrived_at: datetime
    snippet: tuple[Segment, ...]
    dossier: str | None = None
    exact: bool = True


@dataclass(frozen=True)
class Results:
    """Hits of one page of results; `total` is exact unless `capped`, then it is "more than" that number.

    `ranking` is "relevance" or "newest"; `missing` are asked words that stand on no page; `suggestion` is another way
    to ask that has hits; `ignored` counts words beyond the limits of a query.
    """

    hits: tuple[Hit, ...]
    total: int
    capped: bool = False
    ranking: str = "relevance"
    suggestion: str | None = None
    missing: tuple[str, ...] = ()
    ignored: int = 0


def search(session: Session, query: Query) -> Results:
    """Find pages; any text is a valid question, and one without words finds nothing."""
    asked = understand(query.text, prefix=query.prefix)
    if not asked.wanted:
        return Results((), 0, ignored=asked.ignored)
    engine = engine_of(session)
    pages = None if query.dossier is None else dossier_pages(session, query.dossier)
    bounds = Filter(query.station, query.since, query.until, pages)
    finished = suggestions.finish(session, asked)
    parts = suggestions.code_parts(session, asked)
    folded = clauses(asked, exact=False, finished=finished, parts=parts)
    exact = clauses(asked, exact=True, finished=finished, parts=parts) if asked.marked else None
    fitting = engine.gather(session, folded, bounds, CAP + 1)
    total = len(fitting)
    if total == 0:
        missing = suggestions.missing_words(session, asked)
        better = suggestions.suggest(session, asked, missing)
        return Results((), 0, suggestion=better, missing=missing, ignored=asked.ignored)
    first, last = min(max(query.offset, 0), DEEPEST), min(max(query.offset, 0) + max(query.limit, 0), DEEPEST)
    if total <= CAP:
        found = _ranked(engine, session, asked, folded, exact, bounds, fitting)[first:last]
    else:
        found = _newest(engine, session, folded, exact, bounds, last)[first:]
    return Results(
        hits=_hits(session, asked, found),
        total=min(total, CAP),
        capped=total > CAP,
        ranking="relevance" if total <= CAP else "newest",
        ignored=asked.ignored,
    )


def matching_words(query_text: str, boxes: Sequence[WordBox]) -> list[int]:
    """Return which words of a page a query asks for, by their place in `boxes`: phrases whole, codes in any writing."""
    asked = understand(query_text)
    starts, at = [], 0
    for box in boxes:
        starts.append(at)
        at += len(box.text) + 1
    spans = [(span.start, span.end) for span in find_spans(asked, " ".join(box.text for box in boxes))]
    found, each = [], 0
    for place, start in enumerate(starts):
        end = start + len(boxes[place].text)
        while each < len(spans) and spans[each][1] <= start:
            each += 1
        if each < len(spans) and spans[each][0] < end:
            found.append(place)
    return found


def engine_of(session: Session) -> ModuleType:
    """Return the module that asks the index of this session's database."""
    return search_sqlite if session.get_bind().dialect.name == "sqlite" else search_postgres


Found = list[tuple[int, bool]]


def _ranked(
    engine: ModuleType,
    session: Session,
    asked: Asked,
    folded: Sequence[Clause],
    exact: Sequence[Clause] | None,
    bounds: Filter,
    fitting: Sequence[int],
) -> Found:
    """All hits by relevance; pages with the typed accents come first, and those with the words side by side before."""
    ids = _by_relevance(engine, session, folded, bounds, fitting)
    marked = set(ids) if exact is None else set(engine.newest(session, exact, bounds, CAP, exact=True))
    together = set(ids)
    if side_by_side := as_phrase(asked, exact=exact is not None):
        together = set(engine.newest(session, side_by_side, bounds, CAP, exact=exact is not None))
    ids.sort(key=lambda page: 2 * (page not in marked) + (page not in together))
    return [(page, page in marked) for page in ids]


def _by_relevance(
    engine: ModuleType, session: Session, folded: Sequence[Clause], bounds: Filter, fitting: Sequence[int]
) -> list[int]:
    if not engine.RANKING_WALKS:
        return list(engine.put_in_order(session, folded, fitting))
    chosen, whole = search_ranking.choose_clauses(session, folded, bounds)
    if whole:
        return list(engine.ranked(session, folded, bounds, CAP))
    newest = sorted(fitting, reverse=True)
    if not chosen:
        return newest
    places = {page: place for place, page in enumerate(engine.ranked(session, chosen, Filter(), MOST_RANKED))}
    return sorted(newest, key=lambda page: places.get(page, MOST_RANKED))


def _newest(
    engine: ModuleType,
    session: Session,
    folded: Sequence[Clause],
    exact: Sequence[Clause] | None,
    bounds: Filter,
    last: int,
) -> Found:
    first = engine.newest(session, exact, bounds, last, exact=True) if exact is not None else []
    found = [(page, True) for page in first]
    if len(found) < last:
        taken = set(first)
        rest = engine.newest(session, folded, bounds, last + len(taken), exact=False)
        found += [(page, exact is None) for page in rest if page not in taken]
    return found[:last]


def _hits(session: Session, asked: Asked, found: Found) -> tuple[Hit, ...]:
    pages = [page for page, _ in found]
    rows = session.execute(
        select(Page, Scan).join(Scan, col(Scan.id) == col(Page.scan_id)).where(col(Page.id).in_(pages))
    )
    by_id = {page.id: (page, scan) for page, scan in rows}
    filed = dossiers_of_pages(session, ((page.scan_id, page.number) for page, _ in by_id.values()))
    hits = []
    for page_id, exact in found:
        if page_id not in by_id:
            continue
        page, scan = by_id[page_id]
        hits.append(
            Hit(
                page_id=page_id,
                public_id=scan.public_id,
                name=scan.name,
                station=scan.station,
                number=page.number,
                arrived_at=scan.arrived_at,
                snippet=make_snippet(asked, page.text),
                dossier=filed.get((page.scan_id, page.number)),
                exact=exact,
            )
        )
    return tuple(hits)
