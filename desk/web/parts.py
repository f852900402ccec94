"""What the pages ask of the other rooms of the house, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from archive.arrivals import Balance
from archive.pages import WordBox
from archive.tables import Page, Scan
from desk.intaking import try_again
from desk.office import Office
from desk.standing import balance_of


@dataclass(frozen=True)
class Query:
    """What is looked for."""

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
    """A page that was found; `snippet` is stretches of (text, matched)."""

    page_id: int
    public_id: str
    name: str
    station: str
    number: int
    arrived_at: datetime
    snippet: tuple[tuple[str, bool], ...]
    dossier: str | None = None


@dataclass(frozen=True)
class Results:
    """Hits, and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int
    capped: bool = False
    ranking: str = "relevance"
    suggestion: str | None = None
    took: float = 0.0


def search(session: Session, query: Query) -> Results:
    """Return the pages that hold the first word as it is written."""
    words = query.text.lower().split()
    if not words:
        return Results((), 0)
    rows = session.execute(
        select(Page, Scan).join(Scan, col(Scan.id) == col(Page.scan_id)).where(col(Page.text).icontains(words[0]))
    ).all()
    hits = tuple(
        Hit(p.id or 0, s.public_id, s.name, s.station, p.number, s.arrived_at, _snip(p.text, words[0])) for p, s in rows
    )
    return Results(hits[query.offset : query.offset + query.limit], len(hits))


def _snip(text: str, word: str) -> tuple[tuple[str, bool], ...]:
    at = text.lower().find(word)
    return (
        (text[max(0, at - 60) : at], False),
        (text[at : at + len(word)], True),
        (text[at + len(word) : at + 120], False),
    )


def matching_words(query_text: str, words: Sequence[WordBox]) -> Sequence[int]:
    """Return the places of the words that were looked for."""
    wanted = set(query_text.lower().split())
    return [i for i, w in enumerate(words) if w.text.lower().strip(".,;:") in wanted]


def balance(office: Office) -> Balance:
    """Count every file ever seen, from the database and the folders."""
    return balance_of(office)


def retry_aside(office: Office, public_id: str) -> None:
    """Put a set-aside file back into the inbox."""
    try_again(office, public_id)
