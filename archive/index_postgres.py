"""The index on PostgreSQL: one row of two tsvectors for each page, written word by word.

The vectors are not made by `to_tsvector`, whose parser cuts and drops words by rules of its own, but spelled out with
their positions, so both engines hold the same words. PostgreSQL counts positions up to 16 383: phrases beyond are
found by their words only. The folded vector also holds the pairs of neighbours, with which GIN alone finds where a
phrase may be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import text
from sqlmodel import Session

from archive.index_words import pair_words

TABLES = ("page_index",)
LAST_POSITION = 16_383
# A lexeme keeps at most 255 positions, a vector 1 MB; hostile pages are cut there instead of being refused. A page of a
# newspaper has some 9 000 different pairs.
MOST_BYTES, MOST_PAIRS = 500_000, 18_000
# A page as the engines take it: number, folded words, exact words, marks.
Row = tuple[int, Sequence[str], Sequence[str], Sequence[str]]


def write(session: Session, rows: Sequence[Row]) -> None:
    """Index pages that are not in the index."""
    session.execute(
        text(
            "INSERT INTO page_index(page_id, folded, exact)"
            " VALUES (:page, CAST(:folded AS tsvector), CAST(:exact AS tsvector))"
            " ON CONFLICT (page_id) DO UPDATE SET folded = excluded.folded, exact = excluded.exact"
        ),
        [
            {"page": page, "folded": vector(folded, [*_pairs(folded), *marks]), "exact": vector(exact, marks)}
            for page, folded, exact, marks in rows
        ],
    )


def _pairs(folded: Sequence[str]) -> Iterator[str]:
    return islice(dict.fromkeys(pair_words(folded)), MOST_PAIRS)


def vector(words: Sequence[str], marks: Sequence[str]) -> str:
    """Return words at their positions, and marks without one, as PostgreSQL spells a tsvector."""
    places: dict[str, list[str]] = {}
    size = 0
    for position, word in enumerate(words, start=1):
        if word not in places:
            size += len(word.encode()) + 8
            if size > MOST_BYTES:
                break
        places.setdefault(word, []).append(str(min(position, LAST_POSITION)))
    spelled = [f"{quoted(word)}:{','.join(at[:255])}" for word, at in places.items() if word]
    return " ".join([*spelled, *map(quoted, dict.fromkeys(marks))])


def quoted(word: str) -> str:
    """Return a word as a lexeme of a tsvector or tsquery; words of the index hold no quotes, this is for safety."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def erase(session: Session, page_ids: Sequence[int]) -> None:
    """Take pages out."""
    for table in ("page_index", "page_code"):
        session.execute(text(f"DELETE FROM {table} WHERE page_id = ANY(:ids)"), {"ids": list(page_ids)})  # noqa: S608  # constants


def note_codes(session: Session, rows: Sequence[tuple[str, str, str]], places: Sequence[tuple[str, int]]) -> None:
    """Record codes (folded form, kind, as shown) and the pages they stand on; new ones become findable by parts."""
    new = session.execute(
        text(
            "INSERT INTO code(folded, kind, shown) SELECT value ->> 0, value ->> 1, value ->> 2"
            " FROM jsonb_array_elements(CAST(:given AS jsonb)) ON CONFLICT (folded) DO NOTHING RETURNING id, folded"
        ),
        {"given": json.dumps(rows)},
    ).all()
    if new:
        session.execute(
            text("INSERT INTO code_part(code_id, parts) VALUES (:id, :parts)"),
            [{"id": each.id, "parts": parts(each.folded)} for each in new],
        )
    session.execute(
        text(
            "INSERT INTO page_code(code_id, page_id) SELECT code.id, (given.value ->> 1)::bigint"
            " FROM jsonb_array_elements(CAST(:given AS jsonb)) AS given JOIN code ON code.folded = given.value ->> 0"
        ),
        {"given": json.dumps(places)},
    )


def parts(folded: str) -> list[str]:
    """Return every three neighbouring characters of a folded code."""
    return sorted({folded[at : at + 3] for at in range(len(folded) - 2)})


def note_words(session: Session, rows: Sequence[tuple[str, str, str, int]]) -> None:
    """Record words (term, folded, backward, on how many more pages it stands)."""
    session.execute(
        text(
            "INSERT INTO word(term, folded, backward, seen) SELECT value ->> 0, value ->> 1, value ->> 2, 0"
            " FROM jsonb_array_elements(CAST(:given AS jsonb)) ON CONFLICT (term) DO NOTHING"
        ),
        {"given": json.dumps(rows)},
    )
    if counted := {term: count for term, _, _, count in rows if count}:
        session.execute(
            text(
                "WITH held AS (SELECT term FROM word WHERE term = ANY(:terms) ORDER BY term FOR UPDATE)"
                " UPDATE word SET seen = seen + given.count"
                " FROM held JOIN unnest(CAST(:terms AS text[]), CAST(:counts AS bigint[])) AS given(term, count)"
                " USING (term) WHERE word.term = held.term"
            ),
            {"terms": list(counted), "counts": list(counted.values())},
        )


def clear(session: Session) -> None:
    """Empty the index."""
    session.execute(text("TRUNCATE page_index, code_part"))


def tidy(session: Session, *, begins: bool) -> bool:
    """Let the planner know the tables, in one step; waiting GIN entries are merged by autovacuum."""
    for table in ("page_index", "code_part", "code", "page_code", "word"):
        session.execute(text(f"ANALYZE {table}"))
    return False


def missing(session: Session, table: str) -> list[int]:
    """Return the numbers of pages that the index should hold and does not."""
    return list(session.execute(text("SELECT id FROM page EXCEPT SELECT page_id FROM page_index")).scalars())


def surplus(session: Session, table: str) -> list[int]:
    """Return the numbers under which the index holds something though there is no such page."""
    return list(session.execute(text("SELECT page_id FROM page_index EXCEPT SELECT id FROM page")).scalars())


def broken(session: Session) -> list[tuple[str, str]]:
    """Return nothing: PostgreSQL keeps its own indexes whole."""
    return []
