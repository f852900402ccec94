"""The pieces a form is set from: sentences, lines to write on, tables and signatures, each as wide as it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable
from reportlab.platypus import Paragraph as Flow
from reportlab.platypus import Table as Grid

from desk.forms.counting import in_words
from desk.forms.model import BLANK, Column, Fields, Form, Table
from labels.typeface import Face, clean

SIZE, SMALL = 12.5, 10.5
DOTS = "." * 14
LONGEST_VALUE = 4000
# What the drawing library leaves free at each side inside a frame or a cell, in points.
PADDING = 6
_ALIGN = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT}


def rule(length: float, room: float) -> Flowable:
    """A line in the middle of `room`: the library sets a narrower flowable of a cell to the left."""
    side = (room - length) / 2
    return Grid(
        [["", "", ""]],
        colWidths=[side, length, side],
        rowHeights=[1.8 * mm],
        style=[("LINEBELOW", (1, 0), (1, 0), 0.7, "black")],
    )


def fields(part: Fields, values: Mapping[str, Any], width: float, *, across: bool) -> list[Flowable]:
    """Set fields under one another, or side by side on a sheet that lies on its side."""
    lines: list[Flowable] = []
    if across:
        share = width / len(part.rows)
        cells = [fields(replace(part, rows=(each,)), values, share - 2 * PADDING, across=False) for each in part.rows]
        style = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        return [Grid([cells], colWidths=[share] * len(cells), style=style)]
    for each in part.rows:
        given = _shown(values.get(each.key), "")
        if given:
            lines.append(flow(f"{each.name}: {given}", space=1.6 * mm))
            continue
        label = f"{each.name}: "
        lines.append(flow(label + _dots(width - stringWidth(label, Face.SERIF.value, SIZE)), space=1.6 * mm))
        lines += [flow(_dots(width), space=1.6 * mm) for _ in range(each.lines - 1)]
    return lines


def _dots(room: float) -> str:
    """Return a dotted line that fills `room` points and stays on its line."""
    return "." * max(0, int(room / stringWidth(".", Face.SERIF.value, SIZE)) - 2)


def grid(part: Table, values: Mapping[str, Any], width: float) -> Flowable:
    """Set a table: its heads on every page, its rows, or empty rows to write in."""
    total = sum(column.width for column in part.columns)
    widths = [width * column.width / total for column in part.columns]
    heads = [flow(column.head, bold=True, size=SMALL, align="center") for column in part.columns]
    given: Sequence[Mapping[str, Any]] = values.get(part.key) or ()
    rows = [[_cell(column, row, number) for column in part.columns] for number, row in enumerate(given, 1)]
    blank = [["" for _ in part.columns] for _ in range(0 if rows else part.least)]
    return Grid(
        [heads, *rows, *blank],
        colWidths=widths,
        rowHeights=[None] * (1 + len(rows)) + [8 * mm] * len(blank),
        repeatRows=1,
        style=[
            ("GRID", (0, 0), (-1, -1), 0.5, "black"),
            ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
            ("VALIGN", (0, 1), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ],
    )


def _cell(column: Column, row: Mapping[str, Any], number: int) -> Flowable:
    value = row.get(column.key, number if column.key == "no" else "")
    return flow(_shown(value, ""), size=SMALL, align=column.align)


def signatures(form: Form, named: Sequence[str], width: float) -> Flowable:
    """Set what people sign as, the room they sign in, and below it those names that are known."""
    parties = [flow(name, bold=True, size=11.5, align="center") for name in form.signers]
    below = [flow("(Ký, ghi rõ họ tên)", size=SMALL, align="center") for _ in form.signers]
    rows, room = [parties, below], (20 if form.landscape else 28) * mm
    heights: list[float | None] = [None, room]
    if any(named):
        told = [*named, *[""] * len(parties)][: len(parties)]
        rows.append([flow(clean(name), bold=True, size=11.5, align="center") for name in told])
        heights.append(None)
    return Grid(
        rows,
        colWidths=[width / len(parties)] * len(parties),
        rowHeights=heights,
        style=[("VALIGN", (0, 0), (-1, -1), "TOP")],
    )


def fill(text: str, values: Mapping[str, Any]) -> str:
    """Put values, and numbers in words, into a sentence; what is missing becomes dots."""
    parts, at = [], 0
    for found in BLANK.finditer(text):
        key = found[1]
        number = values.get(key.removesuffix("_words"))
        spoken = key.endswith("_words") and isinstance(number, int)
        parts += [text[at : found.start()], in_words(int(number or 0)) if spoken else _shown(values.get(key), DOTS)]
        at = found.end()
    return "".join([*parts, text[at:]])


def _shown(value: object, blank: str) -> str:
    if value is None or value == "":
        return blank
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", ".")
    shown = clean(str(value))
    return shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + "…"


def flow(text: str, *, bold: bool = False, size: float = SIZE, align: str = "left", space: float = 0) -> Flow:
    """Set a text."""
    face = Face.SERIF_BOLD if bold else Face.SERIF
    style = ParagraphStyle(
        "form",
        fontName=face.value,
        fontSize=size,
        leading=size * 1.3,
        alignment=_ALIGN[align],
        spaceAfter=space,
        splitLongWords=1,
    )
    return Flow(escape(clean(text), quote=False), style)
