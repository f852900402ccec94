"""Cover sheets and separators for a stack of paper: a code in two opposite corners, and words for who lays them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archive.refs import Kind, payload, show_code
from labels.drawing import Drawing
from labels.errors import LabelError
from labels.geometry import Box, Printer
from labels.label import place_code, place_code_at_end
from labels.pieces import Align, Line, Piece, Text, fit_rows, fit_text
from labels.stocks import A4
from labels.typeface import Face, clean

MARGIN, CODE_ROOM = 12.0, 42.0


@dataclass(frozen=True)
class Cover:
    """One A4 sheet that begins what lies behind it: `title` in large print, `rows` of what is known, `steps` to do."""

    kind: Kind
    code: str
    heading: str = ""
    title: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    steps: tuple[str, ...] = ()


def lay_out_cover(cover: Cover, host: str, printer: Printer) -> list[Piece]:
    """Return the pieces of a cover sheet; raises LabelError "payload-too-long" or "payload-not-alphanumeric"."""
    return list(_pieces(cover, payload(cover.kind, cover.code, host), printer))


def draw_covers(covers: Iterable[Cover], printer: Printer, host: str, target: BinaryIO, title: str = "") -> int:
    """Draw cover sheets as one PDF and return how many; raises LabelError "no-labels" for none."""
    drawing, count = Drawing(target, A4, printer, title), 0
    for cover in covers:
        drawing.draw(lay_out_cover(cover, host, printer))
        drawing.end_page()
        count += 1
    if count == 0:
        raise LabelError("no-labels")
    drawing.close()
    return count


def _pieces(cover: Cover, text: str, printer: Printer) -> Iterator[Piece]:
    inner = Box(0, 0, *A4).shrunk(MARGIN)
    first = place_code(text, inner.left, inner.top, CODE_ROOM, printer)
    last = place_code_at_end(text, inner.right, inner.bottom, CODE_ROOM, printer)
    yield from (first, last)
    beside = Box(first.box.right + 4, inner.top + 4, inner.right - first.box.right - 4, first.box.height - 8)
    heading = fit_text(clean(cover.heading), beside, Face.SANS, 16, 7, 2)
    top = heading.box.bottom + 2 if heading else beside.top
    under = Box(beside.left, top, beside.width, beside.bottom - top)
    yield from _present(heading, fit_text(show_code(cover.code), under, Face.SANS_BOLD, 40, 10))
    yield Line(Box(inner.left, first.box.bottom + 3, inner.width, 0.5))
    middle = Box(inner.left, first.box.bottom + 10, inner.width, last.box.top - first.box.bottom - 20)
    title = fit_text(
        clean(cover.title), Box(middle.left, middle.top, middle.width, 70), Face.SANS_BOLD, 64, 12, 4, Align.CENTRE
    )
    yield from _present(title)
    top = title.box.bottom + 8 if title else middle.top
    rows = tuple((clean(name), clean(value)) for name, value in cover.rows if clean(value))
    yield from fit_rows(rows, Box(middle.left, top, middle.width, middle.bottom - top), 18, 7)
    yield Line(Box(inner.left, last.box.top - 5, inner.width, 0.5))
    yield from _steps(cover.steps, Box(inner.left, last.box.top, last.box.left - inner.left - 4, last.box.height))


def _steps(steps: tuple[str, ...], box: Box) -> Iterator[Piece]:
    rows = tuple((f"{number}.", clean(step)) for number, step in enumerate(steps, 1))
    for text in fit_rows(rows, box, 12, 6):
        yield Text(text.box, text.lines, Face.SANS, text.size, text.align, text.cut)


def _present(*texts: Text | None) -> Iterator[Text]:
    yield from (each for each in texts if each is not None)
