"""The index on PostgreSQL: one row of two tsvectors for each page, written word by word.

The vectors are not made by `to_tsvector`, whose parser cuts and drops words by rules of its own, but spelled out with
their positions, so both engines hold the same words. PostgreSQL counts positions up to 16 383: phrases beyond are
found by their words only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlmodel import Session

TABLES = ("folded", "exact")
LAST_POSITION = 16_383
# A lexeme keeps at most 255 positions, a vector 1 MB; hostile pages are cut there instead of being refused.
MOST_BYTES = 700_000


def write(session: Session, page_id: int, folded: Sequence[str], exact: Sequence[str], marks: Sequence[str]) -> None:
    """Index one page that is not in the index."""
    session.execute(
        text(
            "INSERT INTO page_index(page_id, folded, exact)"
            " VALUES (:page, CAST(:folded AS tsvector), CAST(:exact AS tsvector))"
            " ON CONFLICT (page_id) DO UPDATE SET folded = excluded.folded, exact = excluded.exact"
        ),
        {"page": page_id, "folded": vector(folded, marks), "exact": vector(exact, marks)},
    )


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
    return " ".join([*spelled, *(quoted(mark) for mark in marks)])


def quoted(word: str) -> str:
    """Return a word as a lexeme of a tsvector or tsquery; words of the index hold no quotes, this is for safety."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def erase(session: Session, page_ids: Iterable[int]) -> None:
    """Take pages out."""
    session.execute(text("DELETE FROM page_index WHERE page_id = ANY(:ids)"), {"ids": list(page_ids)})


def note_codes(session: Session, page_id: int, rows: Sequence[tuple[str, str, str]]) -> None:
    """Record codes (folded form, kind, as shown) as standing on a page; new ones become findable by their parts."""
    given = json.dumps(rows)
    new = session.execute(
        text(
            "INSERT INTO code(folded, kind, shown) SELECT value ->> 0, value ->> 1, value ->> 2"
            " FROM jsonb_array_elements(CAST(:given AS jsonb)) ON CONFLICT (folded) DO NOTHING RETURNING id, folded"
        ),
        {"given": given},
    ).all()
    if new:
        session.execute(
            text("INSERT INTO code_part(code_id, parts) VALUES (:id, :parts)"),
            [{"id": each.id, "parts": parts(each.folded)} for each in new],
        )
    session.execute(
        text(
            "INSERT INTO page_code(code_id, page_id) SELECT code.id, :page"
            " FROM jsonb_array_elements(CAST(:given AS jsonb)) AS given JOIN code ON code.folded = given.value ->> 0"
        ),
        {"page": page_id, "given": given},
    )


def parts(folded: str) -> list[str]:
    """Return every three neighbouring characters of a folded code."""
    return sorted({folded[at : at + 3] for at in range(len(folded) - 2)})


def note_words(session: Session, rows: Sequence[tuple[str, str, str]], weight: int) -> None:
    """Record words (term, folded, backward); each counts `weight` more pages than before."""
    given = json.dumps(rows)
    session.execute(
        text(
            "INSERT INTO word(term, folded, backward, seen) SELECT value ->> 0, value ->> 1, value ->> 2, 0"
            " FROM jsonb_array_elements(CAST(:given AS jsonb)) ON CONFLICT (term) DO NOTHING"
        ),
        {"given": given},
    )
    if weight:
        session.execute(
            text(
                "WITH held AS (SELECT term FROM word WHERE term = ANY(:terms) ORDER BY term FOR UPDATE)"
                " UPDATE word SET seen = seen + :weight FROM held WHERE word.term = held.term"
            ),
            {"terms": [row[0] for row in rows], "weight": weight},
        )


def clear(session: Session) -> None:
    """Empty the index."""
    session.execute(text("TRUNCATE page_index, code_part"))


def tidy(session: Session) -> None:
    """Let the planner know the tables; waiting GIN entries are merged by autovacuum."""
    for table in ("page_index", "code_part", "code", "page_code", "word"):
        session.execute(text(f"ANALYZE {table}"))


def missing(session: Session, table: str) -> list[int]:
    """Return the numbers of pages that the index should hold and does not."""
    return list(session.execute(text("SELECT id FROM page EXCEPT SELECT page_id FROM page_index")).scalars())


def surplus(session: Session, table: str) -> list[int]:
    """Return the numbers under which the index holds something though there is no such page."""
    return list(session.execute(text("SELECT page_id FROM page_index EXCEPT SELECT id FROM page")).scalars())


def broken(session: Session) -> list[tuple[str, str]]:
    """Return nothing: PostgreSQL keeps its own indexes whole."""
    return []
