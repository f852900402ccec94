"""Sheets of labels: cells filled in order from a chosen one on, page after page, as one PDF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from labels.drawing import Drawing
from labels.errors import LabelError
from labels.geometry import Printer
from labels.label import Label, lay_out
from labels.pieces import Frame, Text
from labels.stocks import Stock


@dataclass(frozen=True)
class Drawn:
    """What was drawn: labels, pages, and the codes of labels on which some text had to be cut."""

    labels: int
    pages: int
    cut: tuple[str, ...]


def draw_sheets(
    labels: Iterable[Label],
    stock: Stock,
    printer: Printer,
    host: str,
    target: BinaryIO,
    start: int = 1,
    title: str = "",
) -> Drawn:
    """Draw labels on sheets, the first in cell `start` (from 1, row by row), and write the PDF to `target`.

    Raises LabelError "start-not-on-sheet", "no-labels" and those of `labels.label.lay_out`.
    """
    if not 1 <= start <= stock.cells:
        raise LabelError("start-not-on-sheet", start=start, cells=stock.cells, stock=stock.name)
    drawing = Drawing(target, stock.page, printer, title)
    cell, count, pages = start - 1, 0, 0
    cut: list[str] = []
    for label in labels:
        if cell == stock.cells:
            drawing.end_page()
            cell = 0
        pages += 1 if count == 0 or cell == 0 else 0
        place = stock.place(cell)
        pieces = lay_out(label, place, host, printer)
        drawing.draw(pieces)
        if stock.cut:
            drawing.draw([Frame(place)])
        if any(isinstance(piece, Text) and piece.cut for piece in pieces):
            cut.append(label.code)
        cell, count = cell + 1, count + 1
    if count == 0:
        raise LabelError("no-labels")
    drawing.end_page()
    drawing.close()
    return Drawn(count, pages, tuple(cut))
