"""Invisible text in its place: from the words of a page to PDF text operators."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from digitize.glyphless import ADVANCE, UNITS, encode_text
from digitize.matrices import Matrix, invert, multiply
from digitize.text import Word

_DESCENT = 0.2
_HALF_EM = ADVANCE / UNITS

# Where a pixel (u to the right, v down, both 0 to 1) of the page as shown lies in the picture as stored (p,
# q): p = a*u + c*v + e and q = b*u + d*v + f, for each EXIF orientation.
_STORED: dict[int, Matrix] = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, 1, 1, 0, 0, 0),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, -1, -1, 0, 1, 1),
    8: (0, 1, -1, 0, 1, 0),
}
ROTATE_AS_ORIENTATION = {0: 1, 90: 6, 180: 3, 270: 8}


@dataclass(frozen=True, slots=True)
class Spot:
    """One word in the level frame: its sides in pixels once the page stands upright and straight."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


def map_pixels(width: int, height: int, orientation: int, unit: Matrix) -> Matrix:
    """Map pixels of the page as shown to the PDF page; `unit` places the stored picture's unit square."""
    shown = (1 / width, 0.0, 0.0, 1 / height, 0.0, 0.0)
    return multiply(multiply(multiply(shown, _STORED[orientation]), (1, 0, 0, -1, 0, 1)), unit)


def write_text(
    words: Iterable[Word], frame: Matrix, size: tuple[int, int], turn: int, skew: float, codes: dict[str, int]
) -> bytes:
    """Write words as invisible text; `frame` maps pixels of the page (of this `size`) to the PDF page.

    Every word stands on the slanting line it was read from, but is itself set level: readers that gather
    text by its base line (poppler) break words that slant by more than a degree.
    """
    level = make_level(*size, turn, skew)
    back, slanted = invert(level), multiply(level, frame)
    upright = multiply(make_level(*size, turn, 0.0), frame)
    parts = [b"q BT 3 Tr /LuutruText 1 Tf"]
    for _, of_line in groupby(words, key=lambda word: (word.block, word.line)):
        spots = [_level(word, back, skew) for word in of_line if not word.drawn]
        if spots:
            parts.append(_write_line(spots, slanted, upright, codes))
    parts.append(b"ET Q\n")
    return b"\n".join(parts)


def make_level(width: int, height: int, turn: int, skew: float) -> Matrix:
    """Map the level frame (the page turned by `turn`, straightened by `skew` degrees) to pixels."""
    wide, high = (height, width) if turn in (90, 270) else (width, height)
    angle = math.radians(skew)
    cos, sin = math.cos(angle), math.sin(angle)
    mid_x, mid_y = wide / 2, high / 2
    straight = (cos, sin, -sin, cos, mid_x - mid_x * cos + mid_y * sin, mid_y - mid_x * sin - mid_y * cos)
    turned: dict[int, Matrix] = {
        0: (1, 0, 0, 1, 0, 0),
        90: (0, -1, 1, 0, 0, wide),
        180: (-1, 0, 0, -1, wide, high),
        270: (0, 1, -1, 0, high, 0),
    }
    return multiply(straight, turned[turn])


def _level(word: Word, back: Matrix, skew: float) -> Spot:
    x, y, w, h = word.box
    a, b, c, d, e, f = back
    mid_x, mid_y = x + w / 2, y + h / 2
    centre = (a * mid_x + c * mid_y + e, b * mid_x + d * mid_y + f)
    wide, high = (h, w) if abs(b) > abs(a) else (w, h)
    cos, sin = math.cos(math.radians(skew)), abs(math.sin(math.radians(skew)))
    # The box stands around the slanted word: undo what the slant added to its sides.
    true_wide = max(1.0, (wide * cos - high * sin) / (cos * cos - sin * sin))
    true_high = max(1.0, (high * cos - wide * sin) / (cos * cos - sin * sin))
    left, top = centre[0] - true_wide / 2, centre[1] - true_high / 2
    return Spot(word.text, left, left + true_wide, top, top + true_high)


def _write_line(spots: Sequence[Spot], slanted: Matrix, upright: Matrix, codes: dict[str, int]) -> bytes:
    tops, bottoms = sorted(s.top for s in spots), sorted(s.bottom for s in spots)
    top, bottom = tops[len(tops) // 2], bottoms[len(bottoms) // 2]
    size = max(1.0, bottom - top)
    base = bottom - _DESCENT * size
    a, b, c, d, _, _ = upright
    parts = []
    for spot, following in zip(spots, [*spots[1:], None], strict=True):
        wide = spot.right - spot.left
        middle = multiply((1, 0, 0, 1, (spot.left + spot.right) / 2, base), slanted)
        start = (middle[4] - a * wide / 2, middle[5] - b * wide / 2)
        placed = " ".join(_trim(value) for value in (size * a, size * b, -size * c, -size * d, *start))
        stretch = 100 * wide / (len(spot.text) * _HALF_EM * size)
        parts.append(f"{placed} Tm {_trim(stretch)} Tz ".encode() + encode_text(spot.text, codes) + b" Tj")
        if following is not None:
            gap = max(1.0, 100 * (following.left - spot.right) / (_HALF_EM * size))
            parts.append(f"{_trim(gap)} Tz ".encode() + encode_text(" ", codes) + b" Tj")
    return b"\n".join(parts)


def _trim(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
