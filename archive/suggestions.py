"""Finishing a word that is being typed, finding codes by a part, and "did you mean".

All of it asks the words and codes that were met while indexing, never the pages, and looks at a bounded number of
candidates, so it costs a few milliseconds however many pages there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import Row, select, text
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from archive import codes, normalize
from archive.index_postgres import parts as trigrams
from archive.index_tables import MET_AGAIN, WordRow
from archive.search_query import Asked, Finished, Term

MOST_FINISHED, MOST_CODES, MOST_CANDIDATES = 24, 24, 1500
_LAST = "\U0010ffff"


def finish(session: Session, asked: Asked) -> Finished:
    """Return the finished words that an unfinished last word may stand for, the most frequent first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for term in asked.wanted:
        if term.prefix and term.folded[-1].isalpha():
            rows = _words(session, col(WordRow.folded), term.folded[-1], MOST_FINISHED * 4)
            typed = term.normalized[-1]
            # Who types no accents means any of them.
            exact = [row for row in rows if row.term.startswith(typed)] if normalize.has_marks(typed) else []
            found[typed] = [(row.term, row.folded) for row in (exact or rows)[:MOST_FINISHED]]
    return found


def code_parts(session: Session, asked: Asked) -> dict[str, list[str]]:
    """Return, for terms that look like a part of a code, the whole codes they are part of."""
    found: dict[str, list[str]] = {}
    for term in asked.wanted:
        part = codes.squeeze(term.shown.strip('"“”„«»'))
        if term.codes or len(part) < 4 or not re.search(r"\d{4}|\d/|/\w", part) or not re.search(r"[\d/]", part):
            continue
        found[term.shown] = _codes_with(session, part)
    return found


def missing_words(session: Session, asked: Asked) -> tuple[str, ...]:
    """Return the words asked for that stand on no page, as they were typed without case."""
    absent = []
    for term in asked.wanted:
        for normalized, folded in zip(term.normalized, term.folded, strict=True):
            if folded.isalpha() and 2 <= len(folded) <= 24 and not _known(session, folded):
                absent.append(normalized)
    return tuple(dict.fromkeys(absent))


def suggest(session: Session, asked: Asked, missing: Sequence[str]) -> str | None:
    """Return the question with each missing word replaced by the likeliest word that does occur, or None."""
    if not missing:
        return None
    better: dict[str, str] = {}
    for term in asked.wanted:
        for normalized, folded in zip(term.normalized, term.folded, strict=True):
            if normalized in missing and normalized not in better and (near := _nearest(session, folded)):
                better[normalized] = near
    if not better:
        return None
    return " ".join(_shown(term, better) for term in asked.terms)


def _shown(term: Term, better: dict[str, str]) -> str:
    if not any(word in better for word in term.normalized):
        return term.shown
    words = " ".join(better.get(word, word) for word in term.normalized)
    quoted = f'"{words}"' if len(term.normalized) > 1 else words
    return f"-{quoted}" if term.excluded else quoted


def _nearest(session: Session, folded: str) -> str | None:
    """The most frequent word among the nearest: at most one slip in four letters, at most two."""
    most = 1 if len(folded) < 6 else 2
    size = 2 if len(folded) > 3 else 1
    rows = [
        *_words(session, col(WordRow.folded), folded[:size], MOST_CANDIDATES),
        *_words(session, col(WordRow.backward), folded[::-1][:size], MOST_CANDIDATES),
    ]
    scored = []
    for row in rows:
        distance = DamerauLevenshtein.distance(folded, row.folded, score_cutoff=most)
        if distance <= most:
            scored.append((distance, -row.seen, row.term))
    return min(scored)[2] if scored else None


def _words(session: Session, column: Mapped[str], start: str, most: int) -> list[Row[tuple[str, str, int]]]:
    """Words by their first letters, the most frequent first.

    First those met again, of which a language has some thousands; where they are not enough, as in a young archive,
    some of the others, of which there is one for nearly each page.
    """
    within = (column >= start, column < start + _LAST)
    wanted = select(col(WordRow.term), col(WordRow.folded), col(WordRow.seen))
    ordered = wanted.order_by(col(WordRow.seen).desc(), col(WordRow.term))
    found = list(session.execute(ordered.where(*within, text(f"word.{MET_AGAIN}")).limit(most)))
    if len(found) < most:
        some = select(col(WordRow.term)).where(*within).order_by(column).limit(MOST_CANDIDATES).scalar_subquery()
        held = {row.term for row in found}
        rest = session.execute(ordered.where(col(WordRow.term).in_(some)))
        found += [row for row in rest if row.term not in held][: most - len(found)]
    return found


def _known(session: Session, folded: str) -> bool:
    return session.execute(select(col(WordRow.term)).where(col(WordRow.folded) == folded).limit(1)).first() is not None


def _codes_with(session: Session, part: str) -> list[str]:
    if session.get_bind().dialect.name == "sqlite":
        sql = (
            "SELECT code.folded FROM code_part JOIN code ON code.id = code_part.rowid"
            " WHERE code_part MATCH :match AND instr(code.folded, :part) > 0 LIMIT :most"
        )
        # Without positions (detail=none) only whole trigrams can be asked for; instr() makes sure of the rest.
        pieces = {part[at : at + 3] for at in range(len(part) - 2)}
        match = " AND ".join('"' + piece.replace('"', "") + '"' for piece in sorted(pieces))
        return list(session.execute(text(sql), {"match": match, "part": part, "most": MOST_CODES}).scalars())
    sql = (
        "SELECT code.folded FROM code_part JOIN code ON code.id = code_part.code_id"
        " WHERE code_part.parts @> :parts AND position(:part in code.folded) > 0 LIMIT :most"
    )
    given = {"parts": trigrams(part), "part": part, "most": MOST_CODES}
    return list(session.execute(text(sql), given).scalars())
