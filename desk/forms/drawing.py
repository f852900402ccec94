"""A form as a PDF: the national header, the parts in order, the signatures, and a foot that binds it to the log.

The foot of every page carries the form's own code (scanned back, the signed paper files itself) and the checkpoint of
the custody log: a QR code and 16 hex digits, which one old sheet is enough to compare.
Layout after Decree 30/2020: A4, Times-like letters of 13 points, margins of 20, 30 and 15 mm.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, SimpleDocTemplate, Spacer
from reportlab.platypus import Paragraph as Flow
from reportlab.platypus import Table as Grid

from archive.refs import Kind, payload, show_code
from custody.checkpoint import Checkpoint
from desk.forms.counting import in_words
from desk.forms.model import BLANK, Column, Fields, Form, Paragraph, Table, check_values
from labels.qr import Grade, encode
from labels.typeface import Face, clean, register

TOP, LEFT, RIGHT, BOTTOM = 18 * mm, 28 * mm, 15 * mm, 30 * mm
SIZE, SMALL = 12.5, 10.5
DOTS = "." * 14
LONGEST_VALUE = 4000
# What the drawing library leaves free inside a page frame, in points.
PADDING = 6
FEWEST_ROWS = 3
_ALIGN = {"left": TA_LEFT, "center": TA_CENTER, "right": TA_RIGHT}
CODE_SIDE = 19 * mm


@dataclass(frozen=True)
class Filled:
    """A form about to be printed: `code` is its own P code, `head` the log's checkpoint, `values` what is known.

    A number among the values is also given in words; a value that is missing becomes a line to write on.
    """

    form: Form
    code: str
    office: str = ""
    parent: str = ""
    place_and_date: str = ""
    head: Checkpoint | None = None
    host: str = "LUUTRU"
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The number printed on the form: its kind and its code."""
        return f"{self.form.code}-{self.code}"


def draw(forms: Sequence[Filled]) -> bytes:
    """Return one PDF with the forms after one another, each beginning on a page of its own.

    Raises FormError "form-value-wrong".
    """
    register()
    from pikepdf import Pdf

    out = Pdf.new()
    for filled in forms:
        check_values(filled.form, filled.values)
        filled, pages = _fit_on_one_sheet(filled)
        with Pdf.open(io.BytesIO(_build(filled, pages))) as made:
            out.pages.extend(made.pages)
    target = io.BytesIO()
    out.save(target, deterministic_id=True)
    return target.getvalue()


def _fit_on_one_sheet(filled: Filled) -> tuple[Filled, int]:
    """Take empty rows away until a blank form fits its sheet; return it and its number of pages."""
    pages = _count(_build(filled, None))
    while pages > 1 and (fewer := _with_fewer_rows(filled)) is not None:
        filled, pages = fewer, _count(_build(fewer, None))
    return filled, pages


def _with_fewer_rows(filled: Filled) -> Filled | None:
    parts = tuple(
        replace(part, least=part.least - 1)
        if isinstance(part, Table) and part.least > FEWEST_ROWS and not filled.values.get(part.key)
        else part
        for part in filled.form.parts
    )
    return replace(filled, form=replace(filled.form, parts=parts)) if parts != filled.form.parts else None


def _count(pdf: bytes) -> int:
    from pikepdf import Pdf

    with Pdf.open(io.BytesIO(pdf)) as made:
        return len(made.pages)


def _build(filled: Filled, pages: int | None) -> bytes:
    out = io.BytesIO()
    size = landscape(A4) if filled.form.landscape else A4
    document = SimpleDocTemplate(
        out,
        pagesize=size,
        topMargin=TOP,
        leftMargin=LEFT,
        rightMargin=RIGHT,
        bottomMargin=BOTTOM,
        title=f"{filled.form.title} {filled.number}",
        author=filled.office,
        invariant=1,
    )
    width = size[0] - LEFT - RIGHT - 2 * PADDING

    def foot(canvas: Canvas, doc: SimpleDocTemplate) -> None:
        _draw_foot(canvas, filled, doc.page, pages or doc.page, size[0])

    document.build(_story(filled, width), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _story(filled: Filled, width: float) -> list[Flowable]:
    form = filled.form
    story: list[Flowable] = [
        _header(filled, width),
        Spacer(1, 5 * mm),
        _flow(form.title, bold=True, size=14.5, align="center"),
    ]
    if form.subtitle:
        story.append(_flow(form.subtitle, bold=True, align="center"))
    story += [_flow(f"Số: {form.code}/{show_code(filled.code)}", align="center"), Spacer(1, 4 * mm)]
    for part in form.parts:
        if isinstance(part, Paragraph):
            story.append(_flow(_fill(part.text, filled.values), bold=part.bold, space=2.2 * mm))
        elif isinstance(part, Fields):
            story += _fields(part, filled.values, width, across=form.landscape)
        else:
            story += [Spacer(1, 1.5 * mm), _grid(part, filled.values, width), Spacer(1, 3 * mm)]
    # A signature on a sheet without the text it stands under could be moved to another record.
    last = story.pop() if isinstance(form.parts[-1], Paragraph) else Spacer(1, 0)
    story.append(KeepTogether([last, Spacer(1, 4 * mm), _signatures(form, width)]))
    return story


def _header(filled: Filled, width: float) -> Flowable:
    left = [
        _flow(filled.parent.upper() or DOTS * 3, size=11.5, align="center"),
        _flow(filled.office.upper() or DOTS * 3, bold=True, size=11.5, align="center"),
        _rule(22 * mm, width * 0.43),
    ]
    right = [
        _flow("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=11.5, align="center"),
        _flow("Độc lập - Tự do - Hạnh phúc", bold=True, size=12.5, align="center"),
        _rule(46 * mm, width * 0.57),
        Spacer(1, 1 * mm),
        _flow(filled.place_and_date or f"{DOTS}, ngày ..... tháng ..... năm ........", size=SMALL, align="center"),
    ]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ]
    return Grid([[left, right]], colWidths=[width * 0.43, width * 0.57], style=style)


def _rule(length: float, room: float) -> Flowable:
    """A line in the middle of `room`: the library sets a narrower flowable of a cell to the left."""
    side = (room - length) / 2
    return Grid(
        [["", "", ""]],
        colWidths=[side, length, side],
        rowHeights=[1.8 * mm],
        style=[("LINEBELOW", (1, 0), (1, 0), 0.7, "black")],
    )


def _fields(part: Fields, values: Mapping[str, Any], width: float, *, across: bool) -> list[Flowable]:
    """Set fields under one another, or side by side on a sheet that lies on its side."""
    lines: list[Flowable] = []
    if across:
        share = width / len(part.rows)
        cells = [_fields(replace(part, rows=(each,)), values, share - 2 * PADDING, across=False) for each in part.rows]
        style = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        return [Grid([cells], colWidths=[share] * len(cells), style=style)]
    for each in part.rows:
        given = _shown(values.get(each.key), "")
        if given:
            lines.append(_flow(f"{each.name}: {given}", space=1.6 * mm))
            continue
        label = f"{each.name}: "
        lines.append(_flow(label + _dots(width - stringWidth(label, Face.SERIF.value, SIZE)), space=1.6 * mm))
        lines += [_flow(_dots(width), space=1.6 * mm) for _ in range(each.lines - 1)]
    return lines


def _dots(room: float) -> str:
    """Return a dotted line that fills `room` points and stays on its line."""
    return "." * max(0, int(room / stringWidth(".", Face.SERIF.value, SIZE)) - 2)


def _grid(part: Table, values: Mapping[str, Any], width: float) -> Flowable:
    total = sum(column.width for column in part.columns)
    widths = [width * column.width / total for column in part.columns]
    heads = [_flow(column.head, bold=True, size=SMALL, align="center") for column in part.columns]
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
    return _flow(_shown(value, ""), size=SMALL, align=column.align)


def _signatures(form: Form, width: float) -> Flowable:
    names = [_flow(name, bold=True, size=11.5, align="center") for name in form.signers]
    below = [_flow("(Ký, ghi rõ họ tên)", size=SMALL, align="center") for _ in form.signers]
    return Grid(
        [names, below],
        colWidths=[width / len(names)] * len(names),
        rowHeights=[None, (20 if form.landscape else 28) * mm],
        style=[("VALIGN", (0, 0), (-1, -1), "TOP")],
    )


def _fill(text: str, values: Mapping[str, Any]) -> str:
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


def _flow(text: str, *, bold: bool = False, size: float = SIZE, align: str = "left", space: float = 0) -> Flow:
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


def _draw_foot(canvas: Canvas, filled: Filled, page: int, pages: int, width: float) -> None:
    canvas.saveState()
    low = 8 * mm
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, low + CODE_SIDE + 1 * mm, width - RIGHT, low + CODE_SIDE + 1 * mm)
    _draw_code(canvas, payload(Kind.FORM, filled.code, filled.host), LEFT, low)
    middle = [f"{filled.number} · {filled.form.title}", f"Trang {page}/{pages}"]
    if filled.head is None:
        middle.append("Mốc chốt nhật ký: ………………………………")
    else:
        short = filled.head.short()
        spaced = " ".join(short[at : at + 4] for at in range(0, 16, 4))
        middle.append(f"Mốc chốt nhật ký: {spaced} (tại {filled.head.size} dòng)")
        _draw_code(canvas, f"HEAD/{filled.head.size}/{short}".upper(), width - RIGHT - CODE_SIDE, low)
    canvas.setFont(Face.SERIF.value, 9)
    for number, line in enumerate(middle):
        canvas.drawString(LEFT + CODE_SIDE + 4 * mm, low + CODE_SIDE - (5 + 5 * number) * mm, line)
    canvas.restoreState()


def _draw_code(canvas: Canvas, text: str, left: float, low: float) -> None:
    matrix = encode(text, Grade.M)
    # Whole dots of a 600 dpi printer: modules of uneven width read badly.
    dot = 72 / 600
    module = int(CODE_SIDE / matrix.span / dot) * dot
    quiet = (matrix.span - matrix.side) / 2
    for row, column, length in matrix.runs:
        canvas.rect(
            left + (quiet + column) * module,
            low + CODE_SIDE - (quiet + row + 1) * module,
            length * module,
            module,
            stroke=0,
            fill=1,
        )
