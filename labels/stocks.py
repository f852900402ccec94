"""What labels are printed on: the geometry of sheets and rolls, as data.

Avery's A4 sheets are measured as their maker states them and lie symmetrically on the page; a test proves that each
fits its page. Stocks without a maker's number are for plain paper and carry lines to cut along.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from labels.errors import LabelError
from labels.geometry import HAIR, Box

A4 = (210.0, 297.0)


@dataclass(frozen=True)
class Stock:
    """A page of equal cells; all lengths in mm. `left` and `top` place the first cell, `pitch` leads to the next."""

    name: str
    page: tuple[float, float]
    columns: int
    rows: int
    cell: tuple[float, float]
    left: float
    top: float
    pitch: tuple[float, float]
    cut: bool = False

    @property
    def cells(self) -> int:
        """How many cells a page has."""
        return self.columns * self.rows

    def place(self, number: int) -> Box:
        """Return cell `number`, counted from 0, row by row from the top left."""
        row, column = divmod(number, self.columns)
        return Box(self.left + column * self.pitch[0], self.top + row * self.pitch[1], *self.cell)


def _even(name: str, columns: int, rows: int, cell: tuple[float, float], pitch: tuple[float, float]) -> Stock:
    """Return an A4 sheet whose cells lie symmetrically on the page."""
    left = (A4[0] - (columns - 1) * pitch[0] - cell[0]) / 2
    top = (A4[1] - (rows - 1) * pitch[1] - cell[1]) / 2
    return Stock(name, A4, columns, rows, cell, left, top, pitch, cut=not name.startswith("L7"))


STOCKS: dict[str, Stock] = {
    stock.name: stock
    for stock in (
        _even("L7160", 3, 7, (63.5, 38.1), (66.0, 38.1)),
        _even("L7161", 3, 6, (63.5, 46.6), (66.0, 46.6)),
        _even("L7162", 2, 8, (99.1, 33.9), (101.6, 33.9)),
        _even("L7163", 2, 7, (99.1, 38.1), (101.6, 38.1)),
        _even("L7164", 3, 4, (63.5, 72.0), (66.0, 72.0)),
        _even("L7165", 2, 4, (99.1, 67.7), (101.6, 67.7)),
        _even("L7169", 2, 2, (99.1, 139.0), (101.6, 139.0)),
        _even("L7651", 5, 13, (38.1, 21.2), (40.6, 21.2)),
        Stock("thermal", (100.0, 150.0), 1, 1, (100.0, 150.0), 0.0, 0.0, (100.0, 150.0)),
        _even("box-front", 1, 2, (190.0, 135.0), (190.0, 140.0)),
        _even("strip", 1, 5, (190.0, 52.0), (190.0, 55.0)),
        _even("place", 1, 4, (190.0, 66.0), (190.0, 69.0)),
        _even("badge", 2, 5, (85.6, 54.0), (90.0, 55.5)),
    )
}
_CUSTOM = re.compile(r"[x×,; ]+")


def find_stock(name: str) -> Stock:
    """Return a stock by its name, whatever its case, or a sheet described by its measures.

    A description is ten numbers in mm, parted by x, commas or spaces: page width, height; columns, rows; cell width,
    height; left, top of the first cell; distance to the next column, row. Example:
    "210x297 3x7 63.5x38.1 7.25,15.15 66,38.1". Raises LabelError "stock-unknown" or "stock-does-not-fit".
    """
    by_name = {each.lower(): stock for each, stock in STOCKS.items()}
    if (stock := by_name.get(name.strip().lower())) is not None:
        return stock
    try:
        numbers = [float(each) for each in _CUSTOM.split(name.strip())]
        page_x, page_y, columns, rows, cell_x, cell_y, left, top, pitch_x, pitch_y = numbers
    except ValueError:
        raise LabelError("stock-unknown", stock=name, known=", ".join(STOCKS)) from None
    made = Stock("custom", (page_x, page_y), int(columns), int(rows), (cell_x, cell_y), left, top, (pitch_x, pitch_y))
    if not fits(made) or (made.columns, made.rows) != (columns, rows):
        raise LabelError("stock-does-not-fit", stock=name)
    return made


def fits(stock: Stock) -> bool:
    """Tell whether every cell lies on the page, is large enough for a code, and overlaps no other."""
    if not (
        0 < stock.page[0] <= 2000 and 0 < stock.page[1] <= 2000 and 1 <= stock.columns <= 50 and 1 <= stock.rows <= 50
    ):
        return False
    if min(stock.cell) < 15 or (stock.columns > 1 and stock.pitch[0] < stock.cell[0] - HAIR):
        return False
    if stock.rows > 1 and stock.pitch[1] < stock.cell[1] - HAIR:
        return False
    return all(Box(0, 0, *stock.page).holds(stock.place(number)) for number in (0, stock.cells - 1))
