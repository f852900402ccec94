"""Geometry of paper: every cell lies on its page, apart from every other."""

from __future__ import annotations

import pytest

from labels.errors import LabelError
from labels.geometry import Box
from labels.stocks import STOCKS, Stock, find_stock, fits

# Labels a sheet and size of a label as their maker prints them on the packet.
PACKETS = {
    "L7160": (21, 63.5, 38.1),
    "L7161": (18, 63.5, 46.6),
    "L7162": (16, 99.1, 33.9),
    "L7163": (14, 99.1, 38.1),
    "L7164": (12, 63.5, 72.0),
    "L7165": (8, 99.1, 67.7),
    "L7169": (4, 99.1, 139.0),
    "L7651": (65, 38.1, 21.2),
}


@pytest.mark.parametrize("stock", STOCKS.values(), ids=list(STOCKS))
def test_cells_lie_on_the_page_and_apart(stock: Stock) -> None:
    """No label is printed over another or over the edge."""
    page = Box(0, 0, *stock.page)
    cells = [stock.place(number) for number in range(stock.cells)]
    assert all(page.holds(cell) for cell in cells)
    assert not any(one.meets(other) for index, one in enumerate(cells) for other in cells[:index])
    first, last = cells[0], cells[-1]
    assert first.left == pytest.approx(page.right - last.right)
    assert first.top == pytest.approx(page.bottom - last.bottom)


@pytest.mark.parametrize("name", PACKETS)
def test_sheets_are_as_their_packets_say(name: str) -> None:
    """Count and size of the labels."""
    stock = find_stock(name.lower())
    assert (stock.cells, *stock.cell) == PACKETS[name]


def test_a_sheet_can_be_described_by_its_measures() -> None:
    """A packet nobody knows is printed on too; measures that cannot be are refused."""
    stock = find_stock("210x297 3x7 63.5x38.1 7.25,15.15 66,38.1")
    assert (stock.cells, stock.place(20)) == (21, Box(139.25, 15.15 + 6 * 38.1, 63.5, 38.1))
    assert fits(stock)
    for wrong in (
        "L9999",
        "210x297 3x7",
        "210x297 3x8 63.5x38.1 7,15 66,38.1",
        "210x297 3x7 63.5x38.1 7,15 60,38.1",
        "a b",
    ):
        with pytest.raises(LabelError, match="stock-"):
            find_stock(wrong)
    with pytest.raises(LabelError, match="stock-does-not-fit"):
        find_stock("nan 297 3 7 63.5 38.1 7 15 66 38.1")
