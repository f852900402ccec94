"""Letters measured before they are drawn: wrapped, shrunk, and cut with "…" only where nothing else is left.

Text is NFC first: a letter and a separate accent would print with the accent beside its letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from labels.geometry import MM_PER_POINT

FONTS = Path(__file__).parent / "fonts"
# How far the tallest Vietnamese capital (Ẵ) rises above the line and the lowest letter hangs below it, in ems.
RISE, FALL = 0.92, 0.22
LEADING = 1.16
ELLIPSIS = "…"
NO_BREAK = "\u00a0"
_BETWEEN = re.compile(r" ([–—·|/-]) ")


class Face(StrEnum):
    """The vendored faces."""

    SANS = "LiberationSans-Regular"
    SANS_BOLD = "LiberationSans-Bold"
    SERIF = "LiberationSerif-Regular"
    SERIF_BOLD = "LiberationSerif-Bold"


@lru_cache(maxsize=1)
def register() -> None:
    """Make the faces known to the drawing library, once."""
    for face in Face:
        pdfmetrics.registerFont(TTFont(face.value, FONTS / f"{face.value}.ttf"))


@lru_cache(maxsize=4)
def _letters(face: Face) -> tuple[dict[int, float], float]:
    register()
    font = pdfmetrics.getFont(face.value)
    return {code: width / 1000 for code, width in font.face.charWidths.items()}, font.face.defaultWidth / 1000


def clean(text: str) -> str:
    """Return text in NFC on one line: control characters and line ends become spaces, runs of spaces one.

    A no-break space stays and keeps its neighbours on one line; so a dash or dot between words never begins one.
    """
    text = unicodedata.normalize("NFC", text)
    kept = "".join(each if each == NO_BREAK or unicodedata.category(each)[0] not in "CZ" else " " for each in text)
    words = " ".join(word for word in kept.split(" ") if word.strip(NO_BREAK))
    return _BETWEEN.sub(NO_BREAK + r"\1 ", words)


@lru_cache(maxsize=20_000)
def width_of(text: str, face: Face) -> float:
    """Return the width of clean text in ems."""
    widths, default = _letters(face)
    return sum(widths.get(ord(each), default) for each in text)


def height_of(lines: int, size: float) -> float:
    """Return the height in mm of so many lines at `size` points, accents and descenders included."""
    return ((lines - 1) * LEADING + RISE + FALL) * size * MM_PER_POINT


def wrap(text: str, face: Face, size: float, width: float) -> list[str]:
    """Break clean text into lines of at most `width` mm at `size` points; a word that is wider is broken itself."""
    room = width / (size * MM_PER_POINT)
    space = width_of(" ", face)
    lines: list[str] = []
    line, used = "", 0.0
    for word in text.split(" ") if text else []:
        length = width_of(word, face)
        if line and used + space + length <= room:
            line, used = f"{line} {word}", used + space + length
            continue
        if line:
            lines.append(line)
        while length > room and len(word) > 1:
            head = _head(word, face, room)
            lines.append(head)
            word = word[len(head) :]
            length = width_of(word, face)
        line, used = word, length
    return [*lines, line] if line else lines


def shorten(text: str, face: Face, size: float, width: float) -> str:
    """Return the beginning of text that fits `width` mm with an ellipsis behind it; all of it where it fits."""
    room = width / (size * MM_PER_POINT)
    if width_of(text, face) <= room:
        return text
    return _head(text, face, room - width_of(ELLIPSIS, face), least=0).rstrip() + ELLIPSIS


def sizes(most: float, least: float) -> Sequence[float]:
    """Return the sizes to try, the largest first, in half points."""
    steps = max(0, int((most - least) * 2))
    return [most - step / 2 for step in range(steps)] + [least]


def _head(word: str, face: Face, room: float, least: int = 1) -> str:
    widths, default = _letters(face)
    used = 0.0
    for count, each in enumerate(word):
        used += widths.get(ord(each), default)
        if used > room:
            return word[: max(least, count)]
    return word
