"""The page that tells whether a printer prints true to size and where: rulers, corners of cells, trial codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from archive.refs import Kind, check_character, payload
from labels.drawing import Drawing
from labels.geometry import Box, Printer
from labels.pieces import Code, Line, Piece, Text, fit_text
from labels.qr import Grade, encode
from labels.stocks import Stock
from labels.typeface import Face, clean, height_of

THIN, CORNER = 0.15, 3.0
# A code that no thing bears: it is only there to be read back.
SAMPLE = "0" * 8 + check_character("0" * 8)


def draw_calibration(stock: Stock, printer: Printer, host: str, steps: tuple[str, ...], target: BinaryIO) -> None:
    """Draw the page for a stock on plain paper; `steps` are the sentences for who holds a ruler to it."""
    drawing = Drawing(target, stock.page, printer)
    drawing.draw(lay_out_calibration(stock, printer, host, steps))
    drawing.end_page()
    drawing.close()


def lay_out_calibration(stock: Stock, printer: Printer, host: str, steps: tuple[str, ...]) -> list[Piece]:
    """Return the pieces of the page."""
    page = Box(0, 0, *stock.page)
    pieces: list[Piece] = [mark for number in range(stock.cells) for mark in _corners(stock.place(number))]
    pieces += _ruler(page)
    top = page.height * 0.12
    pieces += _codes(page, printer, host, top)
    height = height_of(len(steps) * 3, 11)
    room = Box(page.width * 0.2, page.height * 0.5, page.width * 0.72, min(height, page.height * 0.4))
    for number, step in enumerate(steps):
        share = Box(room.left, room.top + number * room.height / len(steps), room.width, room.height / len(steps))
        text = fit_text(f"{number + 1}. {clean(step)}", share, Face.SANS, 11, 5, 3)
        pieces += [] if text is None else [text]
    return pieces


def _corners(cell: Box) -> Iterator[Piece]:
    """Where a cell must begin and end on the sheet: short lines at its corners."""
    for left in (cell.left, cell.right - CORNER):
        for top in (cell.top, cell.bottom - THIN):
            yield Line(Box(left, top, CORNER, THIN))
    for left in (cell.left, cell.right - THIN):
        for top in (cell.top, cell.bottom - CORNER):
            yield Line(Box(left, top, THIN, CORNER))


def _ruler(page: Box) -> Iterator[Piece]:
    """A cross of millimetres from (10, 10) on: its zero shows the offset, its length the scale."""
    zero = 10.0
    across, down = int(page.width - 2 * zero), int(page.height - 2 * zero)
    yield Line(Box(zero, zero - THIN / 2, across, THIN))
    yield Line(Box(zero - THIN / 2, zero, THIN, down))
    for mm in range(across + 1):
        yield Line(Box(zero + mm - THIN / 2, zero, THIN, _tick(mm)))
    for mm in range(down + 1):
        yield Line(Box(zero, zero + mm - THIN / 2, _tick(mm), THIN))
    for mm in range(10, across + 1, 10):
        yield from _number(mm, Box(zero + mm - 4, zero + 4.6, 8, 3.2))
    for mm in range(10, down + 1, 10):
        yield from _number(mm, Box(zero + 5, zero + mm - 1.5, 8, 3.2))


def _tick(mm: int) -> float:
    return 4.0 if mm % 10 == 0 else 3.0 if mm % 5 == 0 else 1.8


def _number(mm: int, box: Box) -> Iterator[Text]:
    if (text := fit_text(str(mm), box, Face.SANS, 7, 5)) is not None:
        yield text


def _codes(page: Box, printer: Printer, host: str, top: float) -> Iterator[Piece]:
    """Codes of three to six dots a module, beside each other as far as the page is wide."""
    left = page.width * 0.2
    said = payload(Kind.SEPARATOR, SAMPLE, host)
    for dots in (3, 4, 5, 6, 8, 10, 12):
        matrix, module = encode(said, Grade.M), dots * printer.dot
        side = matrix.span * module
        if left + side > page.width - 5:
            return
        yield Code(Box(printer.snap(left), printer.snap(top), side, side), matrix, module, said)
        yield from _number(dots, Box(left + 4 * module, top + side, 8, 3.2))
        left += side + 2
