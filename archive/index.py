"""The index of page texts, written in the transaction of the page.

Three things are kept of each page: its words folded (without accents), its words exact, and the codes on it. Codes,
the station and the day of arrival stand in both word indexes too, as words of the private use area that nobody can
type, so that a filter or a code is one more word to the engine. An entry is taken out by the page's number alone,
whatever text or normalizer it was written with.

Beside the pages stand the words met so far, for suggestions and unfinished words. A word is noted once, when it is
first met; how often it occurs is counted on all of the first pages and on each 64th thereafter, which is exact enough
to put suggestions in order and keeps workers off each other's rows.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import ModuleType

from sqlalchemy import select
from sqlmodel import Session, col

from archive import codes, index_postgres, index_sqlite, normalize
from archive.database import Database
from archive.index_tables import IndexState
from archive.tables import Page, Scan

# Private use characters that mark words of our own; normalize never gives them from a text.
CODE, STATION, ARRIVED = "\ue001", "\ue002", "\ue003"
_INSIDE_CODE = "\ue000"
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


def code_word(folded: str) -> str:
    """Return the word under which a code stands in the index: one word, whatever strokes are in it."""
    return CODE + "".join(letter if letter.isalnum() else _INSIDE_CODE for letter in folded)


def station_word(station: str) -> str:
    """Return the word under which a station's pages stand in the index."""
    return STATION + hashlib.blake2s(station.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def arrival_words(since: datetime | None, until: datetime | None) -> list[str]:
    """Return words that together stand on every page that arrived in [since, until), and on few others.

    Days at both ends are whole days in UTC, so pages of those days still have to be looked at.
    """
    earliest, latest = datetime(1990, 1, 1, tzinfo=UTC), datetime(2190, 1, 1, tzinfo=UTC)
    day = max(since or earliest, earliest).astimezone(UTC).date()
    last = min(until or latest, latest).astimezone(UTC).date()
    words: list[str] = []
    while day <= last:
        if (day.month, day.day) == (1, 1) and day.replace(month=12, day=31) <= last:
            words.append(f"{ARRIVED}{day:%Y}")
            day = day.replace(year=day.year + 1)
        elif day.day == 1 and (following := (day + timedelta(days=31)).replace(day=1)) - timedelta(days=1) <= last:
            words.append(f"{ARRIVED}{day:%Y%m}")
            day = following
        else:
            words.append(f"{ARRIVED}{day:%Y%m%d}")
            day += timedelta(days=1)
    return words


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
                days = (ARRIVED + moment.strftime(form) for form in ("%Y", "%Y%m", "%Y%m%d"))
                marks = known[station, moment] = [station_word(station), *days]
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
