"""Every code of every sheet is read back from its picture; what is torn, turned or foreign is told apart."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from archive.refs import Kind, Ref, new_code
from labels.calibration import SAMPLE, draw_calibration
from labels.cover import Cover, draw_covers
from labels.geometry import Printer
from labels.label import Label, lay_out
from labels.pieces import Code
from labels.qr import QUIET
from labels.read import cover_on, read_codes
from labels.sheet import draw_sheets
from labels.stocks import STOCKS, Stock
from tests.labels.raster import rasterise

HOST = "luutru.phuong-hk.vn"
ROWS = (("Phông", "UBND phường Nguyễn Thượng Hiền"), ("Hồ sơ", "từ 01 đến 64"), ("Thời gian", "2011 – 2019"))


def make_sheet(stock: Stock, printer: Printer) -> tuple[bytes, list[str]]:
    """Return one full sheet and its codes."""
    codes = [new_code() for _ in range(stock.cells)]
    made = [
        Label(
            Kind.BOX,
            code,
            "UBND phường Hoàn Kiếm",
            f"Hộp số {number}",
            ROWS,
            "Giữ khô",
            ("Lưu trữ", "Chứng kiến", "Bảo vệ"),
        )
        for number, code in enumerate(codes, 1)
    ]
    target = io.BytesIO()
    draw_sheets(made, stock, printer, HOST, target)
    return target.getvalue(), codes


def make_cover(kind: Kind = Kind.SEPARATOR) -> tuple[Image.Image, Ref]:
    """Return the picture of a cover sheet at 200 dpi and what it means."""
    cover = Cover(kind, new_code(), "UBND phường Hoàn Kiếm", "TỜ BÌA HỒ SƠ", ROWS, ("Đặt trước hồ sơ.",))
    target = io.BytesIO()
    draw_covers([cover], Printer(), HOST, target)
    return rasterise(target.getvalue(), 200)[0], Ref(kind, cover.code)


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("name", STOCKS)
def test_every_code_of_every_sheet_is_read_back(name: str, dpi: int) -> None:
    """Black and white at 203 dpi as a label printer has it, and grey at 300 as a scanner does: all copies, no other."""
    stock = STOCKS[name]
    pdf, codes = make_sheet(stock, Printer(dpi))
    copies = 1 if name == "L7651" else 2
    for picture in (rasterise(pdf, 203, mono=True)[0], rasterise(pdf, 300)[0]):
        read = [mark.ref for mark in read_codes(picture)]
        assert sorted(ref.code for ref in read) == sorted(codes * copies)
        assert {ref.kind for ref in read} == {Kind.BOX}


def test_an_offset_moves_the_print_and_codes_stay_readable() -> None:
    """A printer that prints low and to the left is answered with an offset; codes stay on whole dots."""
    stock = STOCKS["L7160"]
    code = new_code()
    pictures = []
    for printer in (Printer(203), Printer(203, right=1.3, down=-0.7)):
        target = io.BytesIO()
        draw_sheets([Label(Kind.BOX, code)], stock, printer, HOST, target)
        pictures.append(rasterise(target.getvalue(), 203, mono=True)[0])
    still, moved = (read_codes(each) for each in pictures)
    assert [mark.ref.code for mark in moved] == [code, code]
    (x, y), (moved_x, moved_y) = still[0].middle, moved[0].middle
    assert moved_x - x == pytest.approx(round(1.3 / 25.4 * 203), abs=1)
    assert moved_y - y == pytest.approx(round(-0.7 / 25.4 * 203), abs=1)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_cover_is_known_however_it_lies(turn: int) -> None:
    """Two opposite corners make a cover, and tell how far it must be turned."""
    picture, ref = make_cover(Kind.DOSSIER)
    turned = picture.rotate(-turn, expand=True)
    marks = read_codes(turned, thoroughly=True)
    assert len(marks) == 2
    assert cover_on(marks, *turned.size) == (ref, turn)


@pytest.mark.parametrize("corner", ["upper left", "lower right"])
def test_a_torn_corner_leaves_the_other_code(corner: str) -> None:
    """A separator is known by either of its codes; the corner is gone, finder pattern and all."""
    picture, ref = make_cover()
    width, height = picture.size
    x, y = (0, 0) if corner == "upper left" else (width - 1, height - 1)
    reach = 560 if x == 0 else -560
    ImageDraw.Draw(picture).polygon([(x, y), (x + reach, y), (x, y + reach)], fill=255)
    marks = read_codes(picture)
    assert len(marks) == 1
    assert cover_on(marks, width, height) == (ref, 0)


def test_a_label_among_the_papers_begins_nothing() -> None:
    """A box label scanned with its dossier is read, but is no cover sheet."""
    pdf, codes = make_sheet(STOCKS["L7169"], Printer())
    picture = rasterise(pdf, 200)[0]
    marks = read_codes(picture.crop((0, 0, picture.width, picture.height // 2)))
    assert {mark.ref.code for mark in marks} == set(codes[:2])
    assert cover_on(marks[:1], *picture.size) is None
    assert cover_on([], 100, 100) is None


def test_foreign_codes_are_not_ours() -> None:
    """A shop's QR code, and one of ours with a wrong check character, are nothing."""
    import qrcode

    for text in ("HTTPS://EXAMPLE.COM/MENU", "HTTP://HOST/B/7K3M9QXZ2", "7K3M9QXZ"):
        picture = qrcode.make(text).convert("L")
        assert read_codes(np.asarray(picture), thoroughly=True) == []


def test_the_calibration_page_measures_true() -> None:
    """The ruler begins 10 mm from the corner, is as long as it says, and its trial codes of 3 dots up are read."""
    target = io.BytesIO()
    draw_calibration(STOCKS["L7163"], Printer(203), HOST, ("In ở tỷ lệ 100 %.", "Đo vạch ngang."), target)
    picture = rasterise(target.getvalue(), 203, mono=True)[0]
    marks = read_codes(picture)
    assert len(marks) >= 5
    assert {mark.ref for mark in marks} == {Ref(Kind.SEPARATOR, SAMPLE)}
    dots = np.asarray(picture) < 128
    row = dots[round(10 / 25.4 * 203)]
    first, last = np.flatnonzero(row)[[0, -1]]
    assert first / 203 * 25.4 == pytest.approx(10, abs=0.2)
    assert (last - first) / 203 * 25.4 == pytest.approx(190, abs=0.3)


@pytest.mark.parametrize(("right", "down"), [(0.0, 0.0), (1.3, -0.7), (-0.9, 0.9)])
def test_a_printed_module_is_exactly_its_dots(right: float, down: float) -> None:
    """In black and white no module is a dot wider than meant, wherever on the page it stands."""
    stock, printer = STOCKS["L7160"], Printer(203, right, down)
    labels = [Label(Kind.BOX, new_code()) for _ in range(stock.cells)]
    target = io.BytesIO()
    draw_sheets(labels, stock, printer, HOST, target)
    dots = np.asarray(rasterise(target.getvalue(), 203, mono=True)[0]) < 128
    for number, label in enumerate(labels):
        for code in lay_out(label, stock.place(number), HOST, printer):
            if not isinstance(code, Code):
                continue
            size = round(code.module / printer.dot)
            meant = np.zeros((code.matrix.span * size,) * 2, dtype=bool)
            for row, column, length in code.matrix.runs:
                y, x = (row + QUIET) * size, (column + QUIET) * size
                meant[y : y + size, x : x + length * size] = True
            left = round((code.box.left + printer.snap(right)) / printer.dot)
            top = round((code.box.top + printer.snap(down)) / printer.dot)
            assert np.array_equal(dots[top : top + len(meant), left : left + len(meant)], meant)
