"""Search results as JSON and as lines of a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desk.web.parts import Hit, Results
from desk.words import Words, visible

# Reverse video where a terminal shows it; the caller strips it for files and pipes.
MARK, UNMARK = "\x1b[1m", "\x1b[22m"


def as_json(query: str, results: Results) -> dict[str, Any]:
    """Return results with stable keys: query, total, capped, ranking, suggestion, hits."""
    return {
        "query": query,
        "total": results.total,
        "capped": results.capped,
        "ranking": results.ranking,
        "suggestion": results.suggestion,
        "hits": [_hit(hit) for hit in results.hits],
    }


def lines(query: str, results: Results, t: Words) -> Iterator[str]:
    """Yield what a person reads: the count, then two lines for each hit, then a suggestion where there is one."""
    if not results.hits:
        yield t("Nothing was found for {words}.", words=query)
    elif results.capped:
        yield t("More than {number} pages found", number=results.total)
    else:
        yield t.n("{number} page found", "{number} pages found", results.total)
    for hit in results.hits:
        yield t("{name}, page {page} ({station}, {moment}) {scan}", **_named(hit))
        yield "    " + "".join(
            f"{MARK}{visible(text)}{UNMARK}" if matched else visible(text.replace("\n", " "))
            for text, matched in hit.snippet
        )
    if results.suggestion:
        yield t("Did you mean: {words}", words=results.suggestion)


def _named(hit: Hit) -> dict[str, object]:
    return {
        "name": hit.name,
        "page": hit.number,
        "station": hit.station,
        "moment": hit.arrived_at,
        "scan": hit.public_id,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "scan": hit.public_id,
        "page": hit.number,
        "name": hit.name,
        "station": hit.station,
        "arrived_at": hit.arrived_at,
        "snippet": "".join(text for text, _ in hit.snippet),
        "matches": [text for text, matched in hit.snippet if matched],
    }
