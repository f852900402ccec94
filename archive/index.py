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
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import ModuleType

from sqlalchemy import delete, select
from sqlmodel import Session, col

from archive import codes, index_postgres, index_sqlite, normalize
from archive.index_tables import IndexState, PageCode
from archive.tables import Page, Scan

# Private use characters that mark words of our own; normalize never gives them from a text.
CODE, STATION, ARRIVED = "\ue001", "\ue002", "\ue003"
_INSIDE_CODE = "\ue000"
# A page of a newspaper has about 10 000 words; what lies beyond is not indexed.
MOST_WORDS = 100_000
ALL_COUNTED_TO, COUNTED_EACH = 2000, 64
SHORTEST, LONGEST = 2, 24


def put(session: Session, page_id: int, text: str) -> None:
    """Index the text of a page, in place of what was indexed for it before."""
    drop(session, page_id, text)
    composed = unicodedata.normalize("NFC", text)
    folded = normalize.fold(composed).split(" ")[:MOST_WORDS]
    exact = normalize.normalize(composed).split(" ")[:MOST_WORDS]
    found = {code.folded: code for code in codes.find(composed)}
    marks = [code_word(each) for each in found] + _marks_of_page(session, page_id)
    engine(session).write(session, page_id, folded, exact, marks)
    _note_codes(session, page_id, found)
    _note_words(session, page_id, dict(zip(exact, folded, strict=True)))


def drop(session: Session, page_id: int, text: str) -> None:
    """Take a page out of the index; nothing happens when it is not in it. `text` is what it was indexed with."""
    engine(session).erase(session, [page_id])
    session.execute(delete(PageCode).where(col(PageCode.page_id) == page_id))


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


def _marks_of_page(session: Session, page_id: int) -> list[str]:
    scan = session.execute(
        select(col(Scan.station), col(Scan.arrived_at))
        .join(Page, col(Page.scan_id) == col(Scan.id))
        .where(col(Page.id) == page_id)
    ).one_or_none()
    if scan is None:
        return []
    moment: datetime = scan.arrived_at
    return [station_word(scan.station), *(ARRIVED + moment.strftime(form) for form in ("%Y", "%Y%m", "%Y%m%d"))]


def _note_codes(session: Session, page_id: int, found: Mapping[str, codes.Code]) -> None:
    if found:
        rows = [(form, code.kind, code.shown) for form, code in sorted(found.items())]
        engine(session).note_codes(session, page_id, rows)


def _note_words(session: Session, page_id: int, folded: Mapping[str, str]) -> None:
    # Sorted, so that two workers who note the same new words wait for each other in one order and never in a ring.
    terms = sorted(term for term in folded if SHORTEST <= len(term) <= LONGEST and term.isalpha())
    weight = 1 if page_id <= ALL_COUNTED_TO else COUNTED_EACH if page_id % COUNTED_EACH == 0 else 0
    if terms:
        engine(session).note_words(session, [(term, folded[term], folded[term][::-1]) for term in terms], weight)


def forget(session: Session, page_ids: Iterable[int]) -> None:
    """Take pages out of the index that no longer exist."""
    for page_id in page_ids:
        drop(session, page_id, "")
