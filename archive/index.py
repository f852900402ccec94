"""The index of page texts, written in the transaction of the page.

Four things are kept of each page: its words folded (without accents), its words exact, its pairs of neighbouring
syllables, and the codes on it. Codes, the station and the day of arrival stand among the words too, as words that
nobody can type (archive/index_words.py), so that a filter or a code is one more word to the engine. An entry is taken
out by the page's number alone, whatever text or normalizer it was written with.

Beside the pages stand the words met so far, for suggestions and unfinished words. A word is noted once, when it is
first met; how often it occurs is counted on all of the first pages and on each 64th thereafter, which is exact enough
to put suggestions in order and keeps workers off each other's rows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType

from sqlalchemy import select
from sqlmodel import Session, col

from archive import codes, index_postgres, index_sqlite, normalize
from archive.database import Database
from archive.index_tables import IndexState
from archive.index_words import arrival_marks, code_word, station_word
from archive.tables import Page, Scan

# A page of a newspaper has about 10 000 words; what lies beyond is not indexed.
MOST_WORDS = 100_000
# Words held in memory before they go to the engine: about 600 pages of letters, two of the longest pages.
WORDS_AT_ONCE = 200_000
ALL_COUNTED_TO, COUNTED_EACH = 2000, 64
SHORTEST, LONGEST = 2, 24
# Numbers in one question; SQLite takes 32 766.
PARAMETERS = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index keeps of one page; `codes` by their folded forms."""

    page_id: int
    exact: list[str]
    folded: list[str]
    codes: dict[str, codes.Code]


def put(session: Session, page_id: int, text: str) -> None:
    """Index the text of a page, in place of what was indexed for it before."""
    put_many(session, [(page_id, text)])


def put_many(session: Session, pages: Iterable[tuple[int, str]]) -> None:
    """Index pages (number, text), each once; the same index as `put` page by page, many times faster.

    Memory is bounded by WORDS_AT_ONCE, however many pages and however long.
    """
    waiting: list[Entry] = []
    words = 0
    for page_id, text in pages:
        entry = _read(page_id, text)
        waiting.append(entry)
        words += len(entry.exact)
        if words >= WORDS_AT_ONCE:
            _write(session, waiting)
            waiting, words = [], 0
    if waiting:
        _write(session, waiting)


def drop(session: Session, page_id: int, text: str) -> None:
    """Take a page out of the index; nothing happens when it is not in it. `text` is what it was indexed with."""
    engine(session).erase(session, [page_id])


def tidy(database: Database) -> None:
    """Put what many writes left in order so that asking is quicker, in small transactions that let others write."""
    begins = True
    while True:
        with database.atomic() as session:
            if not engine(session).tidy(session, begins=begins):
                return
        begins = False


def engine(session: Session) -> ModuleType:
    """Return the module that writes the index of this session's database."""
    return index_sqlite if session.get_bind().dialect.name == "sqlite" else index_postgres


def version(session: Session) -> int | None:
    """Return the normalizer version the index was written with, None when it was never whole."""
    row = session.get(IndexState, "normalizer")
    return int(row.value) if row else None


def forget(session: Session, page_ids: Iterable[int]) -> None:
    """Take pages out of the index that no longer exist."""
    engine(session).erase(session, list(page_ids))


def _read(page_id: int, text: str) -> Entry:
    composed = unicodedata.normalize("NFC", text)
    exact, folded = normalize.pair(composed)
    found = {code.folded: code for code in codes.find(composed)}
    return Entry(page_id, exact[:MOST_WORDS], folded[:MOST_WORDS], found)


def _write(session: Session, entries: Iterable[Entry]) -> None:
    writer = engine(session)
    # Numbers ascend: the embedded engine writes a part of its index out whenever one is not above the last.
    ordered = sorted(entries, key=lambda entry: entry.page_id)
    ids = [entry.page_id for entry in ordered]
    writer.erase(session, ids)
    placed = _marks_of_pages(session, ids)
    rows = [
        (each.page_id, each.folded, each.exact, [*map(code_word, each.codes), *placed.get(each.page_id, ())])
        for each in ordered
    ]
    writer.write(session, rows)
    _note_codes(session, ordered)
    _note_words(session, ordered)


def _marks_of_pages(session: Session, page_ids: Iterable[int]) -> dict[int, list[str]]:
    ids = list(page_ids)
    query = select(col(Page.id), col(Scan.station), col(Scan.arrived_at)).join(Scan, col(Page.scan_id) == col(Scan.id))
    placed: dict[int, list[str]] = {}
    known: dict[tuple[str, datetime], list[str]] = {}
    for start in range(0, len(ids), PARAMETERS):
        for page_id, station, moment in session.execute(query.where(col(Page.id).in_(ids[start : start + PARAMETERS]))):
            if (marks := known.get((station, moment))) is None:
                marks = known[station, moment] = [station_word(station), *arrival_marks(moment)]
            placed[page_id] = marks
    return placed


def _note_codes(session: Session, entries: Iterable[Entry]) -> None:
    met: dict[str, tuple[str, str]] = {}
    places: list[tuple[str, int]] = []
    for entry in entries:
        for form, code in entry.codes.items():
            met.setdefault(form, (code.kind, code.shown))
            places.append((form, entry.page_id))
    if places:
        engine(session).note_codes(session, [(form, *met[form]) for form in sorted(met)], places)


def _note_words(session: Session, entries: Iterable[Entry]) -> None:
    met: dict[str, str] = {}
    counts: dict[str, int] = {}
    for entry in entries:
        terms = dict(zip(entry.exact, entry.folded, strict=True))
        met |= terms
        page_id = entry.page_id
        if weight := 1 if page_id <= ALL_COUNTED_TO else COUNTED_EACH if page_id % COUNTED_EACH == 0 else 0:
            for term in terms:
                counts[term] = counts.get(term, 0) + weight
    # Sorted, so that two workers who note the same new words wait for each other in one order and never in a ring.
    terms_met = sorted(term for term in met if SHORTEST <= len(term) <= LONGEST and term.isalpha())
    if terms_met:
        rows = [(term, met[term], met[term][::-1], counts.get(term, 0)) for term in terms_met]
        engine(session).note_words(session, rows)
