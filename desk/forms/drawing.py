"""A form as a PDF: the national header, the parts in order, the signatures, and a foot that binds it to the log.

The foot of every page carries the form's own code (scanned back, the signed paper files itself) and the checkpoint of
the custody log: a QR code and 16 hex digits, which one old sheet is enough to compare.
Layout after Decree 30/2020: A4, Times-like letters of 13 points, margins of 20, 30 and 15 mm.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pikepdf import Pdf
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from archive.refs import Kind, payload, show_code
from custody.checkpoint import Checkpoint
from desk.forms.model import Fields, Form, Paragraph, Table, check_values
from desk.forms.pieces import DOTS, PADDING, SMALL, fields, fill, flow, grid, rule, signatures
from labels.qr import Grade, encode
from labels.typeface import Face, register

TOP, LEFT, RIGHT, BOTTOM = 18 * mm, 28 * mm, 15 * mm, 30 * mm
FEWEST_ROWS = 3
CODE_SIDE = 19 * mm


@dataclass(frozen=True)
class Filled:
    """A form about to be printed: `code` is its own P code, `head` the log's checkpoint, `values` what is known.

    `named` are the names of those who sign, in the order in which the form lists them, "" for one who is not known.
    A number among the values is also given in words; a value that is missing becomes a line to write on.
    """

    form: Form
    code: str
    office: str = ""
    parent: str = ""
    place_and_date: str = ""
    head: Checkpoint | None = None
    host: str = "LUUTRU"
    named: tuple[str, ...] = ()
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
        flow(form.title, bold=True, size=14.5, align="center"),
    ]
    if form.subtitle:
        story.append(flow(form.subtitle, bold=True, align="center"))
    story += [flow(f"Số: {form.code}/{show_code(filled.code)}", align="center"), Spacer(1, 4 * mm)]
    for part in form.parts:
        if isinstance(part, Paragraph):
            story.append(flow(fill(part.text, filled.values), bold=part.bold, space=2.2 * mm))
        elif isinstance(part, Fields):
            story += fields(part, filled.values, width, across=form.landscape)
        else:
            story += [Spacer(1, 1.5 * mm), grid(part, filled.values, width), Spacer(1, 3 * mm)]
    # A signature on a sheet without the text it stands under could be moved to another record.
    last = story.pop() if isinstance(form.parts[-1], Paragraph) else Spacer(1, 0)
    story.append(KeepTogether([last, Spacer(1, 4 * mm), signatures(form, filled.named, width)]))
    return story


def _header(filled: Filled, width: float) -> Flowable:
    # An office that is known without a body above it has none; dots are for what is written by hand.
    above = filled.parent.upper() or ("" if filled.office else DOTS * 3)
    left: list[Flowable] = [
        *([flow(above, size=11.5, align="center")] if above else []),
        flow(filled.office.upper() or DOTS * 3, bold=True, size=11.5, align="center"),
        rule(22 * mm, width * 0.43),
    ]
    right = [
        flow("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=11.5, align="center"),
        flow("Độc lập - Tự do - Hạnh phúc", bold=True, size=12.5, align="center"),
        rule(46 * mm, width * 0.57),
        Spacer(1, 1 * mm),
        flow(filled.place_and_date or f"{DOTS}, ngày ..... tháng ..... năm ........", size=SMALL, align="center"),
    ]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ]
    return Grid([[left, right]], colWidths=[width * 0.43, width * 0.57], style=style)


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
