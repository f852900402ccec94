"""A label laid out in its cell: two codes far apart, the code in large print, and texts that touch neither.

Words for people come with the values; this package has none of its own. Three layouts, by the shape of the cell:

    small   one code, its letters beside it                       (no room for two codes 30 mm apart)
    wide    a code at each end, texts between them                (strips, shelves, L7162, L7163)
    tall    codes in two opposite corners, texts around them      (boxes, thermal, L7160 …)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.refs import Kind, payload, show_code
from labels.geometry import MM_PER_POINT, Box, Printer
from labels.pieces import Align, Code, Line, Piece, Text, centre_in, fit_lines, fit_rows, fit_text, rows_size
from labels.qr import Grade, encode, fit, span_for
from labels.typeface import Face, clean, height_of

PADDING, GAP = 2.0, 1.2
# A cell larger than this both ways (mm) has a margin.
LARGE, MARGIN = 95.0, 5.0
# Codes up to this wide (mm, quiet zone included) take grade M, larger ones Q.
SMALL_CODE = 20.0
SMALL_CELL = 45.0
WIDE = 2.1
# A height (mm) with room for the code across it and for rows.
ROOMY = 24.0
# Points: smaller is never printed, and smaller is avoided.
LEAST, READABLE = 5.0, 7.0

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Label:
    """What is printed on one label, in the words of its reader.

    `rows` are pairs of a name and a value; `signatures` are the names under empty lines to sign on.
    """

    kind: Kind
    code: str
    heading: str = ""
    title: str = ""
    rows: Rows = ()
    foot: str = ""
    signatures: tuple[str, ...] = ()

    def cleaned(self) -> Label:
        """Return the label with every text in NFC on one line."""
        return Label(
            self.kind,
            self.code,
            clean(self.heading),
            clean(self.title),
            tuple((clean(name), clean(value)) for name, value in self.rows if clean(name) or clean(value)),
            clean(self.foot),
            tuple(clean(each) for each in self.signatures),
        )


def lay_out(label: Label, cell: Box, host: str, printer: Printer) -> list[Piece]:
    """Return the pieces of a label in its cell.

    Raises LabelError "cell-too-small", "payload-too-long" or "payload-not-alphanumeric".
    """
    label = label.cleaned()
    text = payload(label.kind, label.code, host)
    is_large = cell.width > LARGE and cell.height > LARGE
    inner = cell.shrunk(MARGIN if is_large else min(PADDING, cell.width / 15))
    if cell.width < SMALL_CELL:
        return list(_small(label, inner, text, printer))
    if cell.width / cell.height >= WIDE:
        return list(_wide(label, inner, text, printer))
    return list(_tall(label, inner, text, printer))


def place_code(text: str, left: float, top: float, room: float, printer: Printer) -> Code:
    """Return the largest code for a square of `room` mm at a place, both snapped to dots."""
    grade = Grade.M if room <= SMALL_CODE else Grade.Q
    module = fit(room, span_for(len(text), grade), printer)
    matrix = encode(text, grade)
    side = matrix.span * module
    return Code(Box(_onto(left, printer), _onto(top, printer), side, side), matrix, module, text)


def place_code_at_end(text: str, right: float, bottom: float, room: float, printer: Printer) -> Code:
    """Return such a code with its lower right corner at a place."""
    code = place_code(text, 0, 0, room, printer)
    left, top = _before(right - code.box.width, printer), _before(bottom - code.box.height, printer)
    return Code(Box(left, top, code.box.width, code.box.height), code.matrix, code.module, text)


def _onto(length: float, printer: Printer) -> float:
    """Return the next whole dot at or after a place, so that a code stays inside its cell."""
    snapped = printer.snap(length)
    return snapped if snapped >= length - 1e-9 else snapped + printer.dot


def _before(length: float, printer: Printer) -> float:
    snapped = printer.snap(length)
    return snapped if snapped <= length + 1e-9 else snapped - printer.dot


def _present(*pieces: Text | None) -> Iterator[Piece]:
    yield from (each for each in pieces if each is not None)


def _small(label: Label, inner: Box, text: str, printer: Printer) -> Iterator[Piece]:
    code = place_code(text, inner.left, inner.top, min(inner.height, inner.width * 0.55), printer)
    yield code
    room = Box(code.box.right, inner.top, inner.right - code.box.right, inner.height)
    groups = show_code(label.code).split(" ")
    printed = fit_lines(groups, Box(room.left, room.top, room.width, room.height * 0.72), Face.SANS_BOLD, 13, LEAST)
    yield from _present(printed)
    top = (printed.box.bottom if printed else room.top) + GAP / 2
    rest = Box(room.left, top, room.width, room.bottom - top)
    words = label.title or label.heading or label.foot or " ".join(value for _name, value in label.rows)
    yield from _present(fit_text(words, rest, Face.SANS, 7, 4.5, 3))


def _wide(label: Label, inner: Box, text: str, printer: Printer) -> Iterator[Piece]:
    room = min(inner.height, inner.width * 0.24, 40.0)
    top = inner.top + (inner.height - room) / 2
    first = place_code(text, inner.left, top, room, printer)
    last = place_code_at_end(text, inner.right, first.box.bottom, room, printer)
    yield from (first, last)
    middle = Box(first.box.right + GAP, inner.top, last.box.left - first.box.right - 2 * GAP, inner.height)
    if label.signatures:
        height = min(15.0, middle.height * 0.34)
        signing = Box(middle.left, middle.bottom - height, middle.width, height)
        yield from _sign_lines(label.signatures, signing)
        middle = Box(middle.left, middle.top, middle.width, middle.height - height - GAP)
    yield from _column(label, middle)


def _column(label: Label, box: Box) -> Iterator[Piece]:
    """Heading, title, code and rows below each other in the middle of a box; what is missing leaves no hole."""
    has_rest = bool(label.rows or label.foot)
    top = box.top
    # Of the height: many rows leave the title less.
    heading, title, code = (0.11, 0.18, 0.15) if len(label.rows) > 2 else (0.16, 0.36, 0.2)
    shares = (
        (label.heading, Face.SANS, heading, 11.0 if has_rest else 18.0, 1),
        (label.title, Face.SANS_BOLD, title if has_rest else 0.52, 30.0 if has_rest else 48.0, 2),
        (show_code(label.code), Face.SANS_BOLD, code if has_rest else 0.26, 24.0, 1),
    )
    placed: list[Text] = []
    for words, face, share, most, lines in shares:
        room = Box(box.left, top, box.width, box.height * share)
        if (text := fit_text(words, room, face, most, LEAST, lines, Align.CENTRE)) is not None:
            placed.append(text)
            top = text.box.bottom + GAP / 2
    rest = Box(box.left, top + GAP / 2, box.width, box.bottom - top - GAP / 2)
    rows, foot = _rows_and_foot(label, rest)
    placed += centre_in(rows, rest)
    placed += [replace(foot, align=Align.CENTRE)] if foot else []
    end = box.bottom if foot else max(each.box.bottom for each in placed)
    shift = max(0.0, box.bottom - end) / 2
    for each in placed:
        yield replace(each, box=Box(each.box.left, each.box.top + shift, each.box.width, each.box.height))


def _tall(label: Label, inner: Box, text: str, printer: Printer) -> Iterator[Piece]:
    side = min(inner.height * 0.42, inner.width * 0.36, 34.0)
    first = place_code(text, inner.left, inner.top, side, printer)
    last = place_code_at_end(text, inner.right, inner.bottom, side, printer)
    yield from (first, last)
    head = Box(first.box.right + GAP, inner.top, inner.right - first.box.right - GAP, first.box.height)
    centre = Box(inner.left, first.box.bottom, inner.width, last.box.top - first.box.bottom)
    below = Box(inner.left, last.box.top, last.box.left - inner.left - GAP, last.box.height)
    if centre.height > ROOMY:
        yield from _head(label, head, (0.36, 14.0, 3), (48.0, 4))
        yield from _body(label, centre, below)
        return
    # No room for the code across the middle: it ends the head, and the rows have all that is left of the lower code.
    code = fit_text(show_code(label.code), head, Face.SANS_BOLD, head.height * 0.95, LEAST)
    if code is not None:
        height = code.box.height
        code = replace(code, box=replace(code.box, top=head.bottom - height))
        yield code
        head = Box(head.left, head.top, head.width, head.height - height - GAP / 2)
    yield from _head(label, head, (0.4, 9.0, 2), (24.0, 2))
    top = first.box.bottom + GAP / 2
    column = Box(below.left, top, below.width, inner.bottom - top)
    if code is None:
        line = height_of(1, 9.0)
        room = Box(column.left, column.top, column.width, line)
        yield from _present(fit_text(show_code(label.code), room, Face.SANS_BOLD, 9, LEAST))
        column = Box(column.left, column.top + line, column.width, column.height - line)
    beside, foot = _rows_and_foot(label, column)
    yield from _present(*beside, foot)


def _head(label: Label, head: Box, heading: tuple[float, float, int], title: tuple[float, int]) -> Iterator[Piece]:
    """The heading with its share of the height, largest size and lines; the title with its largest size and lines."""
    share, most, lines = heading
    top = head.top
    text = fit_text(label.heading, Box(head.left, top, head.width, head.height * share), Face.SANS, most, LEAST, lines)
    if text is not None:
        yield text
        top = text.box.bottom + GAP / 2
    rest = Box(head.left, top, head.width, head.bottom - top)
    yield from _present(fit_text(label.title, rest, Face.SANS_BOLD, title[0], LEAST, title[1]))


def _body(label: Label, centre: Box, below: Box) -> Iterator[Piece]:
    """The code across the middle, then the rows: across the middle, or beside the lower code where they are larger."""
    band = Box(centre.left, centre.top, centre.width, min(13.0, centre.height * 0.32))
    code = fit_text(show_code(label.code), band, Face.SANS_BOLD, 36, LEAST, 1, Align.CENTRE, middle=True)
    yield from _present(code)
    top = band.bottom + GAP
    if label.signatures:
        height = min(16.0, below.height * 0.6)
        yield from _sign_lines(label.signatures, Box(below.left, below.bottom - height, below.width, height))
        below = Box(below.left, below.top, below.width, below.height - height - GAP)
    room = Box(centre.left, top, centre.width, centre.bottom - top - GAP)
    foot_height = height_of(1, 9.0) + GAP if label.foot else 0.0
    side = Box(below.left, top, below.width, below.bottom - top - foot_height)
    if label.rows and rows_size(label.rows, side, 20, LEAST) > rows_size(label.rows, room, 20, LEAST):
        yield from fit_rows(label.rows, side, 20, LEAST)
        _, foot = _rows_and_foot(replace(label, rows=()), below)
        yield from _present(foot)
        return
    here, there = _share_rows(label.rows, room, below)
    yield from fit_rows(here, room, 20, LEAST)
    beside, foot = _rows_and_foot(replace(label, rows=there), below)
    yield from _present(*beside, foot)


def _share_rows(rows: Rows, room: Box, below: Box) -> tuple[Rows, Rows]:
    """Return the rows for the middle and those that go beside the lower code because the middle is full."""
    if not rows or rows_size(rows, room, 20, READABLE):
        return rows, ()
    spare = Box(below.left, below.top, below.width, below.height - height_of(1, 9.0) - GAP)
    shares = [(rows[:count], rows[count:]) for count in range(1, len(rows))]
    best = max(
        (
            (min(rows_size(here, room, 20, LEAST), rows_size(there, spare, 13, LEAST)), here, there)
            for here, there in shares
        ),
        key=lambda share: share[0],
        default=(0.0, rows, ()),
    )
    return (best[1], best[2]) if best[0] else (rows, ())


def _rows_and_foot(label: Label, box: Box) -> tuple[list[Text], Text | None]:
    """The rows from the top of a box and the foot at its lower end."""
    room = height_of(1, 9.0)
    most = 9.0 if box.height > ROOMY else 6.5
    foot = fit_text(label.foot, Box(box.left, box.bottom - room, box.width, room), Face.SANS, most, LEAST)
    spare = 0.0
    if foot is not None:
        foot = replace(foot, box=replace(foot.box, top=box.bottom - foot.box.height))
        spare = foot.box.height + GAP / 2
    return fit_rows(label.rows, Box(box.left, box.top, box.width, box.height - spare), 13, LEAST), foot


def _sign_lines(names: tuple[str, ...], box: Box) -> Iterator[Piece]:
    """Lines to sign on, side by side, a name below each."""
    width = (box.width - (len(names) - 1) * 3.0) / len(names)
    name_height = height_of(1, 7.5)
    for number, name in enumerate(names):
        left = box.left + number * (width + 3.0)
        yield Line(Box(left, box.bottom - name_height - 0.5, width, 0.5 * MM_PER_POINT))
        below = Box(left, box.bottom - name_height, width, name_height)
        yield from _present(fit_text(name, below, Face.SANS, 7.5, LEAST, 1, Align.CENTRE))
