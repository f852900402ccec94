"""Labels laid out: nothing leaves its cell, nothing touches a code, whatever the words are."""

from __future__ import annotations

import io
import unicodedata
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.refs import Kind, new_code, read_ref
from labels.cover import Cover, lay_out_cover
from labels.errors import LabelError
from labels.geometry import MM_PER_POINT, Box, Printer
from labels.label import Label, lay_out
from labels.pieces import Code, Piece, Text
from labels.sheet import draw_sheets
from labels.stocks import STOCKS
from labels.typeface import width_of
from tests.labels.raster import words_on
from tests.labels.test_typeface import LETTERS

HOST = "luutru.local"
CODE = "000000000"
letters = st.sampled_from(sorted(LETTERS) + list("     bcdghklmnpqrstvxBCDGHKLMNPQRSTVX0123456789/-.;"))
words = st.one_of(
    st.text(letters, max_size=200),
    st.text(letters, min_size=30, max_size=60).map(lambda text: text.replace(" ", "")),
    st.just("Ủy ban nhân dân phường Nguyễn Thượng Hiền, quận Hai Bà Trưng, thành phố Hà Nội " * 3),
)
labels = st.builds(
    Label,
    st.sampled_from(list(Kind)),
    st.just(CODE),
    words,
    words,
    st.lists(st.tuples(words, words), max_size=10).map(tuple),
    words,
    st.lists(words, max_size=3).map(tuple),
)


def check(pieces: list[Piece], cell: Box) -> None:
    """Assert that pieces lie in the cell, texts in their boxes, and that no two meet."""
    boxes = [piece.box for piece in pieces]
    assert all(cell.holds(box) for box in boxes)
    for text in (piece for piece in pieces if isinstance(piece, Text)):
        for line, left, _base in text.baselines():
            assert left >= text.box.left - 1e-6
            assert left + width_of(line, text.face) * text.size * MM_PER_POINT <= text.box.right + 1e-6
    met = [(one, other) for one, other in combinations(pieces, 2) if one.box.meets(other.box)]
    assert met == []


@settings(deadline=None, max_examples=150)
@given(labels, st.sampled_from(list(STOCKS)), st.sampled_from([203, 300, 600]), st.integers(0, 3))
def test_nothing_leaves_its_cell_or_touches_another(label: Label, name: str, dpi: int, number: int) -> None:
    """Long, unbroken and accented words are wrapped, shrunk and at last cut, but never over a code or an edge."""
    stock = STOCKS[name]
    cell = stock.place(number % stock.cells)
    pieces = lay_out(label, cell, HOST, Printer(dpi))
    check(pieces, cell)
    codes = [piece for piece in pieces if isinstance(piece, Code)]
    assert len(codes) == (1 if name == "L7651" else 2)
    for one, other in pairwise(codes):
        apart = max(abs(one.box.left - other.box.left), abs(one.box.top - other.box.top))
        assert apart >= 30, "one tear must not take both"
    printed = "".join(line for piece in pieces if isinstance(piece, Text) for line in piece.lines).replace(" ", "")
    assert CODE in printed, "the code stands in letters too"


@settings(deadline=None, max_examples=40)
@given(words, words, st.lists(st.tuples(words, words), max_size=12), st.lists(words, max_size=5))
def test_nothing_on_a_cover_touches_another(
    heading: str, title: str, rows: list[tuple[str, str]], steps: list[str]
) -> None:
    """The same of cover sheets."""
    cover = Cover(Kind.SEPARATOR, CODE, heading, title, tuple(rows), tuple(steps))
    check(lay_out_cover(cover, HOST, Printer()), Box(0, 0, 210, 297))


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("name", STOCKS)
def test_modules_and_places_of_codes_are_whole_dots(name: str, dpi: int) -> None:
    """A module between two dots prints now wide, now narrow, and is not read."""
    stock, printer = STOCKS[name], Printer(dpi)
    for number in range(stock.cells):
        for piece in lay_out(Label(Kind.BOX, CODE, title="Hộp số 1"), stock.place(number), HOST, printer):
            if isinstance(piece, Code):
                for length in (piece.module, piece.box.left, piece.box.top):
                    assert abs(length / printer.dot - round(length / printer.dot)) < 1e-6
                assert piece.module / printer.dot > 2.99


def test_what_is_cut_is_said() -> None:
    """The one who prints hears on which labels words are missing."""
    short, long = Label(Kind.BOX, new_code(), title="Hộp số 1"), Label(Kind.BOX, new_code(), title="Hộp số một " * 60)
    drawn = draw_sheets([short, long], STOCKS["L7160"], Printer(), HOST, io.BytesIO())
    assert (drawn.labels, drawn.pages, drawn.cut) == (2, 1, (long.code,))


def test_words_stand_in_the_pdf_composed_and_inside_their_cells() -> None:
    """Another program finds the words of each label inside its cell, in NFC although they came in NFD."""
    stock = STOCKS["L7163"]
    title = unicodedata.normalize("NFD", "Nguyễn Thượng Hiền")
    made = [Label(Kind.BOX, new_code(), "Quỹ ₫", f"{title} {number}", (("Số tờ", "5.230"),)) for number in range(14)]
    target = io.BytesIO()
    draw_sheets(made, stock, Printer(), HOST, target)
    found = words_on(target.getvalue())
    assert [word for word, _box in found].count("Nguyễn") == 14
    cells = [stock.place(number) for number in range(14)]
    for word, box in found:
        assert unicodedata.is_normalized("NFC", word)
        middle = Box(box.left, box.top + box.height * 0.2, box.width, box.height * 0.6)
        assert any(cell.holds(middle) for cell in cells), word


def test_a_sheet_begins_at_the_chosen_cell_and_goes_on_to_the_next_page() -> None:
    """A half-used sheet is not thrown away."""
    made = [Label(Kind.DOSSIER, new_code(), title=str(number)) for number in range(4)]
    target = io.BytesIO()
    drawn = draw_sheets(made, STOCKS["L7160"], Printer(), HOST, target, start=20)
    assert drawn.pages == 2
    first = {word for word, box in words_on(target.getvalue()) if box.top > 240}
    assert {"0", "1"} <= first
    for start in (0, 22):
        with pytest.raises(LabelError, match="start-not-on-sheet"):
            draw_sheets(made, STOCKS["L7160"], Printer(), HOST, io.BytesIO(), start=start)
    with pytest.raises(LabelError, match="no-labels"):
        draw_sheets([], STOCKS["L7160"], Printer(), HOST, io.BytesIO())


def test_what_a_code_cannot_hold_is_refused() -> None:
    """A host too long or with letters outside the set, and a cell too small for three dots."""
    label = Label(Kind.BOX, CODE)
    cell = Box(0, 0, 63.5, 38.1)
    with pytest.raises(LabelError, match="payload-too-long"):
        lay_out(label, cell, "a" * 110, Printer())
    with pytest.raises(LabelError, match="payload-not-alphanumeric"):
        lay_out(label, cell, "lưu-trữ.vn", Printer())
    with pytest.raises(LabelError, match="cell-too-small"):
        lay_out(label, Box(0, 0, 15, 15), HOST, Printer(203))
    code = next(piece for piece in lay_out(label, cell, HOST, Printer()) if isinstance(piece, Code))
    assert read_ref(code.text) == read_ref(f"http://other/B/{CODE}")
