"""What stands on a label, as values: texts, codes and lines with their places in mm; drawing them is another matter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from labels.geometry import HAIR, MM_PER_POINT, Box
from labels.qr import QUIET, Matrix
from labels.typeface import FALL, LEADING, RISE, Face, height_of, shorten, sizes, width_of, wrap


class Align(StrEnum):
    """Where lines stand in their box."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True)
class Text:
    """Lines as they will be drawn; `box` holds every accent and descender; `cut` says that some text was left out."""

    box: Box
    lines: tuple[str, ...]
    face: Face
    size: float
    align: Align = Align.LEFT
    cut: bool = False

    def baselines(self) -> list[tuple[str, float, float]]:
        """Return each line with its left end and its base line, in mm."""
        placed = []
        for number, line in enumerate(self.lines):
            spare = self.box.width - width_of(line, self.face) * self.size * MM_PER_POINT
            shift = {Align.LEFT: 0.0, Align.CENTRE: spare / 2, Align.RIGHT: spare}[self.align]
            placed.append(
                (line, self.box.left + shift, self.box.top + (RISE + number * LEADING) * self.size * MM_PER_POINT)
            )
        return placed


@dataclass(frozen=True)
class Code:
    """A QR code; `box` includes the quiet zone, `module` is one module in mm, `text` what it says."""

    box: Box
    matrix: Matrix
    module: float
    text: str

    @property
    def dark(self) -> Box:
        """The box without the quiet zone."""
        return self.box.shrunk(QUIET * self.module)


@dataclass(frozen=True)
class Line:
    """A filled bar: a rule, a signature line, a tick of a ruler."""

    box: Box


@dataclass(frozen=True)
class Frame:
    """The outline of a box, `weight` mm thick, drawn inside of it."""

    box: Box
    weight: float = 0.1


Piece = Text | Code | Line | Frame


def fit_text(
    text: str,
    box: Box,
    face: Face,
    most: float,
    least: float,
    lines: int = 1,
    align: Align = Align.LEFT,
    middle: bool = False,
) -> Text | None:
    """Place clean text in a box at the largest size of `most` … `least` points at which it needs at most `lines` lines.

    Where even the least is too large, the last line ends with "…". None for no text, or no room for one line of it.
    """
    if not text or box.width <= 0 or box.height < height_of(1, least) - HAIR:
        return None
    for size in sizes(most, least):
        allowed = min(lines, lines_in(box.height, size))
        if allowed < 1:
            continue
        broken = wrap(text, face, size, box.width)
        if len(broken) <= allowed and _keeps_words(text, broken, size > least):
            return _placed(broken, box, face, size, align, middle, cut=False)
    allowed = max(1, min(lines, lines_in(box.height, least)))
    broken = wrap(text, face, least, box.width)
    kept = broken[: allowed - 1]
    rest = shorten(" ".join(broken[allowed - 1 :]), face, least, box.width)
    return _placed([*kept, rest], box, face, least, align, middle, cut=rest.endswith("…"))


def fit_lines(lines: list[str], box: Box, face: Face, most: float, least: float) -> Text | None:
    """Place lines that are broken already at the largest size at which all fit; None where they do not fit at all."""
    widest = max(width_of(line, face) for line in lines) * MM_PER_POINT
    for size in sizes(most, least):
        if widest * size <= box.width and height_of(len(lines), size) <= box.height:
            return _placed(lines, box, face, size, Align.LEFT, False, cut=False)
    return None


def centre_in(texts: list[Text], box: Box) -> list[Text]:
    """Move texts to the right together, so that what is written stands in the middle of the box's width."""
    if not texts:
        return texts
    right = max(
        left + width_of(line, each.face) * each.size * MM_PER_POINT
        for each in texts
        for line, left, _ in each.baselines()
    )
    shift = max(0.0, (box.right - right) / 2)
    return [
        replace(each, box=replace(each.box, left=left, width=min(each.box.width, box.right - left)))
        for each in texts
        for left in (each.box.left + shift,)
    ]


def fit_rows(rows: tuple[tuple[str, str], ...], box: Box, most: float, least: float) -> list[Text]:
    """Place rows of a name and a value below each other, all at one size; names are regular, values bold.

    At the least size values are cut to one line; rows for which there is no room at all are left out and the last row
    that stands is marked as cut.
    """
    if not rows or box.width <= 4 or box.height < height_of(1, least) - HAIR:
        return []
    if (size := rows_size(rows, box, most, least)) > 0:
        column = _name_column(rows, size, box.width)
        return _place_rows(rows, _lines_needed(rows, size, box.width - column), box, size, column, False)
    standing = rows[: _row_count(box.height, least)]
    column = _name_column(standing, least, box.width)
    return _place_rows(standing, [1] * len(standing), box, least, column, len(standing) < len(rows))


def rows_size(rows: tuple[tuple[str, str], ...], box: Box, most: float, least: float) -> float:
    """Return the largest size at which all rows stand whole in a box; 0 where even the least is too large."""
    widest = max((width_of(name, Face.SANS) for name, _value in rows), default=0.0)
    for size in sizes(most, least):
        # A name is cut only where the least size leaves no choice.
        if size > least and (widest + 0.6) * size * MM_PER_POINT > box.width * MOST_NAME:
            continue
        column = _name_column(rows, size, box.width)
        if _rows_height(_lines_needed(rows, size, box.width - column), size) <= box.height + HAIR:
            return size
    return 0.0


def lines_in(height: float, size: float) -> int:
    """Return how many lines of `size` points fit `height` mm."""
    return (
        int((height / (size * MM_PER_POINT) - RISE - FALL + 1e-6) / LEADING) + 1
        if height >= height_of(1, size) - HAIR
        else 0
    )


def _keeps_words(text: str, broken: list[str], can_shrink: bool) -> bool:
    """Tell whether no word was broken; at the least size it may be."""
    return not can_shrink or sum(line.count(" ") + 1 for line in broken) == text.count(" ") + 1


def _placed(lines: list[str], box: Box, face: Face, size: float, align: Align, middle: bool, cut: bool) -> Text:
    height = height_of(len(lines), size)
    top = box.top + (box.height - height) / 2 if middle else box.top
    return Text(Box(box.left, top, box.width, height), tuple(lines), face, size, align, cut)


# The space between rows in ems, and the share of the width that names may take.
_GAP, MOST_NAME = 0.28, 0.45


def _rows_height(needed: list[int], size: float) -> float:
    return sum(height_of(lines, size) for lines in needed) + (len(needed) - 1) * _GAP * size * MM_PER_POINT


def _row_count(height: float, size: float) -> int:
    gap = _GAP * size * MM_PER_POINT
    return int((height + gap + HAIR) / (height_of(1, size) + gap))


def _lines_needed(rows: tuple[tuple[str, str], ...], size: float, width: float) -> list[int]:
    return [max(1, len(wrap(value, Face.SANS_BOLD, size, width))) for _name, value in rows]


def _name_column(rows: tuple[tuple[str, str], ...], size: float, width: float) -> float:
    widest = max(width_of(name, Face.SANS) for name, _value in rows)
    return min((widest + 0.6) * size * MM_PER_POINT if widest else 0.0, width * MOST_NAME)


def _place_rows(
    rows: tuple[tuple[str, str], ...], needed: list[int], box: Box, size: float, column: float, is_cut: bool
) -> list[Text]:
    placed, top = [], box.top
    for number, ((name, value), lines) in enumerate(zip(rows, needed, strict=True)):
        last = is_cut and number == len(rows) - 1
        height = height_of(1, size)
        if name and column > 0:
            shown = shorten(name, Face.SANS, size, column - 0.3 * size * MM_PER_POINT)
            placed.append(Text(Box(box.left, top, column, height), (shown,), Face.SANS, size, cut=shown != name))
        room = Box(box.left + column, top, box.width - column, height_of(lines, size))
        broken = wrap(value, Face.SANS_BOLD, size, room.width)
        if len(broken) > lines:
            broken = [*broken[: lines - 1], shorten(" ".join(broken[lines - 1 :]), Face.SANS_BOLD, size, room.width)]
            placed.append(Text(room, tuple(broken), Face.SANS_BOLD, size, cut=True))
        elif broken:
            placed.append(Text(room, tuple(broken), Face.SANS_BOLD, size, cut=last))
        top += height_of(lines, size) + _GAP * size * MM_PER_POINT
    return placed
