"""Where on a page stands what was asked for: spans of the original text, and a snippet round the best of them.

A snippet is a row of segments, never markup, so no text of a page can become part of a web page.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

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


@dataclass(frozen=True, slots=True)
class Written:
    """A text with its pieces between spaces and where each begins."""

    text: str
    pieces: list[str]
    starts: list[int]


def find_spans(asked: Asked, text: str) -> list[Span]:
    """Return the matches in a text, in order and without overlaps.

    Where accents were typed and stand on the page, only those places count; otherwise any accents do.
    """
    return _find(asked, _cut_pieces(unicodedata.normalize("NFC", text)))


def make_snippet(asked: Asked, text: str) -> tuple[Segment, ...]:
    """Return the part of a text where most of the asked terms stand, in segments (text, whether it is a match)."""
    written = _cut_pieces(unicodedata.normalize("NFC", text))
    if not written.pieces:
        return ()
    spans = _find(asked, written)
    count = len(written.pieces)
    if not spans:
        return _cut(written, 0, min(count, 2 * WORDS_ROUND), [])
    first = max(0, bisect_right(written.starts, _best(spans)) - 1 - WORDS_ROUND // 2)
    return _cut(written, first, min(count, first + 2 * WORDS_ROUND), spans)


def _cut_pieces(text: str) -> Written:
    pieces = text.split()
    starts: list[int] = []
    at = 0
    for piece in pieces:
        at = text.index(piece, at)
        starts.append(at)
        at += len(piece)
    return Written(text, pieces, starts)


def _find(asked: Asked, written: Written) -> list[Span]:
    # The words are read piece by piece, from memory; where a word stands is looked up for matches alone.
    text, pieces = written.text, written.pieces
    read = normalize.read_pieces(pieces)
    exact = [word for words, _ in read for word in words]
    folded = [word for _, words in read for word in words]
    firsts = list(accumulate((len(words) for words, _ in read), initial=0))

    def place(word: int) -> tuple[int, int]:
        piece = bisect_right(firsts, word) - 1
        start = written.starts[piece]
        found = next(islice(normalize.words(pieces[piece]), word - firsts[piece], None))
        return start + found.start, start + found.end

    found: list[Span] = []
    spelled = codes.find(text) if any(term.codes for term in asked.wanted) else []
    for number, term in enumerate(asked.wanted):
        found += [Span(code.start, code.end, number) for code in spelled if code.folded in term.codes]
        places = _places(term, exact, term.normalized) if asked.marked else []
        places = places or _places(term, folded, term.folded)
        last = len(term.folded) - 1
        found += [Span(place(at)[0], place(at + last)[1], number) for at in places]
    return _without_overlaps(found)


def _places(term: Term, words: Sequence[str], wanted: Sequence[str]) -> list[int]:
    places: list[int] = []
    size = len(wanted)
    whole, end = list(wanted[:-1]), wanted[-1]
    for at in _starts(words, wanted[0], unfinished=term.prefix and size == 1):
        last = words[at + size - 1] if at + size <= len(words) else ""
        if list(words[at : at + size - 1]) == whole and (last == end or (term.prefix and last.startswith(end))):
            places.append(at)
            if len(places) >= MOST_SPANS:
                break
    return places


def _starts(words: Sequence[str], first: str, *, unfinished: bool) -> Iterator[int]:
    if unfinished:
        yield from (at for at, word in enumerate(words) if word.startswith(first))
        return
    at = -1
    while True:
        try:
            at = words.index(first, at + 1)
        except ValueError:
            return
        yield at


def _without_overlaps(found: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _best(spans: Sequence[Span]) -> int:
    """The character at which a window begins that shows most of the different terms, as near together as they stand."""
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
    return best.start


def _cut(written: Written, first: int, last: int, spans: Sequence[Span]) -> tuple[Segment, ...]:
    text, start = written.text, written.starts[first]
    end = written.starts[last - 1] + len(written.pieces[last - 1])
    segments: list[Segment] = [("… ", False)] if first else []
    at = start
    for span in spans:
        if span.end <= start or span.start >= end:
            continue
        segments.append((text[at : max(at, span.start)], False))
        segments.append((text[max(at, span.start) : min(span.end, end)], True))
        at = min(span.end, end)
    segments.append((text[at:end], False))
    if last < len(written.pieces):
        segments.append((" …", False))
    return tuple((re.sub(r"\s+", " ", part), hit) for part, hit in segments if part)
