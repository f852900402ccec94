"""What an asker typed, understood: words, phrases, codes and exclusions.

The grammar is small and every text has a meaning in it: words are all wanted; "quoted words" stand together, as do
words joined by strokes or dots (123/QĐ-UBND); -word must not occur; with `prefix`, the last word may be unfinished.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive import codes, normalize
from archive.index_words import code_word

MOST_CHARACTERS, MOST_TERMS, MOST_WORDS = 10_000, 24, 48
_QUOTES = '"“”„«»'
_PIECE = re.compile(
    rf"(?P<minus>(?<![^\s])[-−](?=[^\s-]))?(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)(?P<closed>[{_QUOTES}]?)|(?P<plain>[^\s{_QUOTES}]+))"
)


@dataclass(frozen=True)
class Term:
    """One thing asked for: words that stand together, and the codes they may be another way of writing."""

    shown: str
    normalized: tuple[str, ...]
    folded: tuple[str, ...]
    codes: tuple[str, ...] = ()
    excluded: bool = False
    prefix: bool = False


@dataclass(frozen=True)
class Asked:
    """The terms of a query; `marked` when accents were typed, `ignored` counts words beyond the limits."""

    terms: tuple[Term, ...]
    marked: bool
    ignored: int

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that must occur."""
        return tuple(term for term in self.terms if not term.excluded)


@dataclass(frozen=True)
class Clause:
    """One condition for the engines: any of these phrases (tuples of index words) occurs, or, `absent`, none does."""

    options: tuple[tuple[str, ...], ...]
    absent: bool = False


# Typed word (folded, with what was normalized) → the finished words (normalized, folded) it may stand for.
Finished = Mapping[str, Sequence[tuple[str, str]]]


def understand(text: str, *, prefix: bool = False) -> Asked:
    """Return what `text` asks for; text beyond the limits is counted as ignored."""
    text = unicodedata.normalize("NFC", text[:MOST_CHARACTERS])
    terms: list[Term] = []
    ignored, total = 0, 0
    spans = _join_codes(text)
    for start, end, body, minus, open_end in _pieces(text, spans):
        found = list(normalize.words(body))
        if not found:
            continue
        total += len(found)
        if len(terms) >= MOST_TERMS or total > MOST_WORDS:
            ignored += len(found)
            continue
        unfinished = prefix and open_end and end == len(text) and found[-1].end == len(body)
        terms.append(
            Term(
                shown=text[start:end],
                normalized=tuple(word.normalized for word in found),
                folded=tuple(word.folded for word in found),
                codes=tuple(dict.fromkeys(code.folded for code in codes.find(body.upper()) if _is_whole(code, body))),
                excluded=minus,
                prefix=unfinished,
            )
        )
    marked = any(normalize.has_marks(" ".join(term.normalized)) for term in terms if not term.excluded)
    return Asked(tuple(terms), marked, ignored)


def clauses(
    asked: Asked, *, exact: bool, finished: Finished | None = None, parts: Mapping[str, Sequence[str]] | None = None
) -> list[Clause]:
    """Return the conditions on the folded index or, `exact`, on the one with accents."""
    made = []
    for term in asked.terms:
        words = term.normalized if exact and not term.excluded else term.folded
        if exact and term.excluded:
            continue
        options = [words]
        if term.prefix and finished:
            ends = finished.get(term.normalized[-1], ())
            options += [(*words[:-1], end if exact else folded) for end, folded in ends]
        options += [(code_word(code),) for code in (*term.codes, *(parts or {}).get(term.shown, ()))]
        made.append(Clause(tuple(dict.fromkeys(options)), term.excluded))
    return made


def as_phrase(asked: Asked, *, exact: bool) -> list[Clause]:
    """Return the condition that all asked words stand side by side in the order typed; empty for a single term."""
    wanted = asked.wanted
    if len(wanted) < 2 or any(term.prefix or term.codes for term in wanted):
        return []
    words = tuple(word for term in wanted for word in (term.normalized if exact else term.folded))
    return [Clause((words,)), *(clause for clause in clauses(asked, exact=False) if clause.absent)]


def _join_codes(text: str) -> list[tuple[int, int]]:
    # A code typed with spaces in it ("ngày 17 tháng 6 năm 2025", "123 / QĐ - UBND") is one term, not several.
    upper = text.upper()
    return [(code.start, code.end) for code in codes.find(upper)] if len(upper) == len(text) else []


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int, str, bool, bool]]:
    pieces: list[tuple[int, int, str, bool, bool]] = []
    at = 0
    while found := _PIECE.search(text, at):
        start, end = found.span()
        minus, quoted = found["minus"] is not None, found["quoted"] is not None
        if quoted:
            pieces.append((start, end, found["quoted"], minus, not found["closed"]))
        else:
            body_start = found.start("plain")
            span = next(((a, b) for a, b in spans if body_start <= a < end and b > end), None)
            if span is None:
                pieces.append((start, end, found["plain"], minus, True))
            else:
                end = span[1]
                pieces.append((start, end, text[body_start:end], minus, False))
        at = end
    return pieces


def _is_whole(code: codes.Code, body: str) -> bool:
    outside = body[: code.start] + body[code.end :]
    return not normalize.normalize(outside)
