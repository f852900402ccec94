"""Boxes for a text that a person corrected: each word of it stands where the machine saw the words it replaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from archive.pages import WordBox

# Beyond this many words the comparison would take seconds; such pages (newspapers) keep no boxes of corrected words.
MOST_WORDS = 5000
CERTAIN = 100.0


def realign(words: Sequence[WordBox], text: str) -> list[WordBox]:
    """Return the words of `text` with boxes (stored-image pixels) taken from the machine's `words`.

    An unchanged word keeps its box and confidence; changed words share the room of those they replace, on their lines;
    words that were added where the machine saw nothing have no box and are left out. What a person typed is certain
    (100), and no part of the file's own text (`drawn` false).
    """
    typed = text.split()
    if len(typed) > MOST_WORDS or len(words) > MOST_WORDS:
        return []
    found: list[WordBox] = []
    matcher = SequenceMatcher(None, [word.text for word in words], typed, autojunk=False)
    for what, first, last, begin, end in matcher.get_opcodes():
        if what == "equal":
            found += words[first:last]
        elif what == "replace":
            found += _share(words[first:last], typed[begin:end])
    return found


def _share(places: Sequence[WordBox], typed: Sequence[str]) -> Iterator[WordBox]:
    """Yield typed words in the places of others: one in each where they are as many, else side by side line by line."""
    if len(places) == len(typed):
        for place, word in zip(places, typed, strict=True):
            yield _at(place, word, place.x, place.width)
        return
    lines = _lines(places)
    for index, line in enumerate(lines):
        mine = typed[len(typed) * index // len(lines) : len(typed) * (index + 1) // len(lines)]
        left, right = min(each.x for each in line), max(each.x + each.width for each in line)
        letters = sum(len(word) + 1 for word in mine) or 1
        place, done = line[0], 0
        for word in mine:
            x = left + (right - left) * done // letters
            # A letter's room stays free behind each word, or readers of the copy would take two words for one.
            end = left + (right - left) * (done + len(word)) // letters
            done += len(word) + 1
            yield _at(place, word, x, max(1, end - x))


def _lines(places: Sequence[WordBox]) -> list[list[WordBox]]:
    lines: list[list[WordBox]] = []
    for place in places:
        if lines and (lines[-1][0].block, lines[-1][0].line) == (place.block, place.line):
            lines[-1].append(place)
        else:
            lines.append([place])
    return lines


def _at(place: WordBox, word: str, x: int, width: int) -> WordBox:
    return WordBox(word, x, place.y, width, place.height, CERTAIN, place.line, place.block)
