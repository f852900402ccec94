"""Pieces drawn as a PDF: the only file that knows the drawing library's canvas.

The library measures in points from the lower left; pieces are in mm from the upper left. A printer's offset moves every
piece by whole dots, so codes stay on the dots they were snapped to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from reportlab.pdfgen.canvas import Canvas

from labels.geometry import MM_PER_POINT, Printer
from labels.pieces import Code, Frame, Line, Piece, Text
from labels.qr import QUIET
from labels.typeface import register

# PDF paints every dot a shape touches (ISO 32000-1, 10.6.5): by a rounding error an edge exactly between two dots may
# blacken one too many, and did so in one code of seven. So edges stay this part of a dot inside.
SHY = 0.05


class Drawing:
    """A PDF being drawn, page by page; `with` finishes it.

    `title` stands in the document's properties. Two drawings of the same pieces are the same bytes.
    """

    def __init__(self, target: BinaryIO, page: tuple[float, float], printer: Printer, title: str = "") -> None:
        register()
        self._printer = printer
        self._height = page[1]
        size = (page[0] / MM_PER_POINT, page[1] / MM_PER_POINT)
        self._canvas = Canvas(target, pagesize=size, pageCompression=1, invariant=1, initialFontName="Helvetica")
        self._canvas.setTitle(title)
        # "Fit to page" would break the dots of every code.
        self._canvas.setViewerPreference("PrintScaling", "None")

    def draw(self, pieces: Iterable[Piece]) -> None:
        """Draw pieces on the page that is open."""
        for piece in pieces:
            if isinstance(piece, Text):
                self._write(piece)
            elif isinstance(piece, Code):
                self._fill(piece)
            elif isinstance(piece, Line):
                box = piece.box
                self._canvas.rect(
                    self._x(box.left), self._y(box.bottom), box.width / MM_PER_POINT, box.height / MM_PER_POINT, 0, 1
                )
            else:
                self._outline(piece)

    def end_page(self) -> None:
        """Finish the page; the next piece begins another."""
        self._canvas.showPage()

    def close(self) -> None:
        """Write the PDF to its target."""
        self._canvas.save()

    def _x(self, left: float) -> float:
        return (left + self._printer.snap(self._printer.right)) / MM_PER_POINT

    def _y(self, top: float) -> float:
        return (self._height - top - self._printer.snap(self._printer.down)) / MM_PER_POINT

    def _write(self, text: Text) -> None:
        self._canvas.setFont(text.face.value, text.size)
        for line, left, base in text.baselines():
            self._canvas.drawString(self._x(left), self._y(base), line)

    def _fill(self, code: Code) -> None:
        """Fill the runs of dark modules as one path, so that no seam shows between rows."""
        path = self._canvas.beginPath()
        module = code.module / MM_PER_POINT
        shy = SHY * self._printer.dot / MM_PER_POINT
        left, top = self._x(code.box.left) + QUIET * module, self._y(code.box.top) - QUIET * module
        for row, column, length in code.matrix.runs:
            path.rect(
                left + column * module + shy,
                top - (row + 1) * module + shy,
                length * module - 2 * shy,
                module - 2 * shy,
            )
        self._canvas.drawPath(path, stroke=0, fill=1)

    def _outline(self, frame: Frame) -> None:
        self._canvas.setLineWidth(frame.weight / MM_PER_POINT)
        box = frame.box.shrunk(frame.weight / 2)
        self._canvas.rect(
            self._x(box.left), self._y(box.bottom), box.width / MM_PER_POINT, box.height / MM_PER_POINT, 1, 0
        )
