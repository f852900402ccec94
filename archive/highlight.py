"""Where on a page stands what was asked for: spans of the original text, and a snippet round the best of them.

A snippet is a row of segments, never markup, so no text of a page can become part of a web page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from archive import codes, normalize
from archive.search_query import Asked, Term

Segment = tuple[str, bool]
WORDS_ROUND = 14
MOST_SPANS = 2000


@dataclass(frozen=True, slots=True)
class Span:
    """A match: characters [start, end) of the text, and which of the wanted terms it is."""

    start: int
    end: int
    term: int


def find_spans(asked: Asked, text: str) -> list[Span]:
    """Return the matches in a text, in order and without overlaps.

    Where accents were typed and stand on the page, only those places count; otherwise any accents do.
    """
    composed = unicodedata.normalize("NFC", text)
    if len(composed) != len(text):
        text = composed
    words = list(normalize.words(text))
    found: list[Span] = []
    spelled = codes.find(text) if any(term.codes for term in asked.wanted) else []
    for number, term in enumerate(asked.wanted):
        found += [Span(code.start, code.end, number) for code in spelled if code.folded in term.codes]
        places = _places(term, [word.normalized for word in words], term.normalized) if asked.marked else []
        places = places or _places(term, [word.folded for word in words], term.folded)
        last = len(term.folded) - 1
        found += [Span(words[at].start, words[at + last].end, number) for at in places]
    return _without_overlaps(found)


def make_snippet(asked: Asked, text: str) -> tuple[Segment, ...]:
    """Return the part of a text where most of the asked terms stand, in segments (text, whether it is a match)."""
    text = unicodedata.normalize("NFC", text)
    spans = find_spans(asked, text)
    words = [(found.start(), found.end()) for found in re.finditer(r"\S+", text)]
    if not words:
        return ()
    if not spans:
        return _cut(text, words, 0, min(len(words), 2 * WORDS_ROUND), [])
    centre = _best(spans, words)
    first = max(0, centre - WORDS_ROUND // 2)
    return _cut(text, words, first, min(len(words), first + 2 * WORDS_ROUND), spans)


def _places(term: Term, words: Sequence[str], wanted: Sequence[str]) -> list[int]:
    places, size = [], len(wanted)
    for at, word in enumerate(words[: len(words) - size + 1]):
        if word != wanted[0] and not (term.prefix and size == 1 and word.startswith(wanted[0])):
            continue
        end = words[at + size - 1]
        middle = list(words[at : at + size - 1]) == list(wanted[:-1])
        if middle and (end == wanted[-1] or (term.prefix and end.startswith(wanted[-1]))):
            places.append(at)
            if len(places) >= MOST_SPANS:
                break
    return places


def _without_overlaps(found: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _best(spans: Sequence[Span], words: Sequence[tuple[int, int]]) -> int:
    """The word at which a window begins that shows most of the different terms, as near together as they stand."""
    reach = WORDS_ROUND * 9
    best, most = spans[0], (0, 0)
    for at, span in enumerate(spans[:200]):
        seen: set[int] = set()
        last = span.end
        for each in spans[at : at + 40]:
            if each.start < span.start + reach and each.term not in seen:
                seen.add(each.term)
                last = each.end
        if (len(seen), span.start - last) > most:
            best, most = span, (len(seen), span.start - last)
    return next((number for number, (_, end) in enumerate(words) if end > best.start), 0)


def _cut(
    text: str, words: Sequence[tuple[int, int]], first: int, last: int, spans: Sequence[Span]
) -> tuple[Segment, ...]:
    start, end = words[first][0], words[last - 1][1]
    segments: list[Segment] = [("… ", False)] if first else []
    at = start
    for span in spans:
        if span.end <= start or span.start >= end:
            continue
        segments.append((text[at : max(at, span.start)], False))
        segments.append((text[max(at, span.start) : min(span.end, end)], True))
        at = min(span.end, end)
    segments.append((text[at:end], False))
    if last < len(words):
        segments.append((" …", False))
    return tuple((re.sub(r"\s+", " ", part), hit) for part, hit in segments if part)
