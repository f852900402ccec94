"""Words with boxes, and the text they make: NFC, in reading order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was read.

    `box` is (x, y, width, height) in pixels of the page as a viewer shows it, `confidence` 0 to 100,
    `line` and `block` count from 0 in reading order over the page. `drawn` tells that the file itself already
    holds this word as text, so that a text layer must not repeat it.
    """

    text: str
    box: Box
    confidence: float
    line: int
    block: int
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of one page, the text they make, and their mean confidence (0 to 100)."""

    words: tuple[Word, ...]
    text: str
    confidence: float


def mend_text(text: str) -> str:
    """Bring engine output to NFC and turn the Icelandic Ð (U+00D0) into the Vietnamese Đ (U+0110)."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).replace("\u00d0", "\u0110").replace("\u00f0", "\u0111")


def compose_text(words: Iterable[Word]) -> str:
    """Join words into lines, and blocks by a blank line, in the order given."""
    blocks = []
    for _, of_block in groupby(words, key=lambda word: word.block):
        lines = [" ".join(w.text for w in of_line) for _, of_line in groupby(of_block, key=lambda w: w.line)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def compose_page(words: Sequence[Word]) -> PageText:
    """Make the text of a page from its words; the mean confidence is weighted by the letters of each word."""
    weight = sum(len(word.text) for word in words)
    mean = sum(word.confidence * len(word.text) for word in words) / weight if weight else 0.0
    return PageText(tuple(words), compose_text(words), round(mean, 2))


def join_words(first: Sequence[Word], second: Sequence[Word]) -> tuple[Word, ...]:
    """Put the second words after the first, as blocks and lines of their own."""
    line = max((word.line for word in first), default=-1) + 1
    block = max((word.block for word in first), default=-1) + 1
    return (*first, *(replace(w, line=w.line + line, block=w.block + block) for w in second))
