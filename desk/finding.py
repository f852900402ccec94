"""What a search found, as plain values for programs and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from archive.search import Hit, Results
from desk.words import Words, plain


def as_json(results: Results) -> dict[str, Any]:
    """Return results with stable keys; `hits` is a list, `total` exact unless `capped`."""
    return {
        "hits": [hit_as_json(hit) for hit in results.hits],
        "total": results.total,
        "capped": results.capped,
        "ranking": results.ranking,
        "suggestion": results.suggestion,
        "missing": list(results.missing),
    }


def hit_as_json(hit: Hit) -> dict[str, Any]:
    """Return one hit with stable keys."""
    return {
        "scan": hit.public_id,
        "page": hit.number,
        "name": hit.name,
        "station": hit.station,
        "dossier": hit.dossier,
        "arrived_at": hit.arrived_at.isoformat(),
        "snippet": "".join(text for text, _ in hit.snippet),
        "matches": [text for text, matched in hit.snippet if matched],
        "exact": hit.exact,
    }


def lines(results: Results, t: Words) -> Iterator[str]:
    """Yield what a terminal shows: a heading, two lines a hit, and what to try when there is none."""
    if results.capped:
        yield t("More than {total} pages; the newest are shown first.", total=results.total)
    else:
        yield t.n("{number} page found.", "{number} pages found.", results.total)
    for hit in results.hits:
        yield t(
            "{name}, page {page} – station {station}, {moment}, {scan}",
            name=hit.name,
            page=hit.number,
            station=hit.station,
            moment=hit.arrived_at,
            scan=hit.public_id,
        )
        yield "    " + "".join(f"[{plain(text)}]" if matched else plain(text) for text, matched in hit.snippet)
    for word in results.missing:
        yield t("No page has the word “{word}”.", word=word)
    if results.suggestion:
        yield t("Did you mean: {suggestion}", suggestion=results.suggestion)


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins where this machine stands; days no scan can have are cut off."""
    if not date(1900, 1, 1) < day < date(9000, 1, 1):
        return datetime(1900 if day.year < 2000 else 9000, 1, 1, tzinfo=UTC)
    return datetime.combine(day, time()).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over; the calendar's last day has no next one."""
    return start_of(day + timedelta(days=1) if day < date.max else day)
