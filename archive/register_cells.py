"""One cell of a list to one value of a field: counts, days, periods, retention, closed lists.

Each function returns the value, or raises CellError with the code and facts of what is wrong. Workbooks bring quirks of
their own: whole numbers as 12.0, days as serial numbers since 1899-12-30, and numbers like 01/2015 turned into days.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta

from archive.normalize import fold
from archive.register_fields import RETENTION_CODES, Field, Shape
from archive.register_sheets import Cell, shown

MOST_COUNT = 10_000_000
_SERIAL_START = date(1899, 12, 30)
# 1927-05-18 and 2119-01-30: a serial outside is a year, a number or a mistake.
_SERIALS = range(10_000, 80_000)
_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_MONTH = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{4})")
_YEAR = re.compile(r"(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?:[T ]00:00(?::00)?)?")
_DATE = r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2}|\d{4}"
_PERIOD = re.compile(
    rf"(?:từ\s*)?(?:năm\s*)?({_DATE})(?:\s*(?:-|–|—|đến|tới|;|,)\s*(?:năm\s*)?({_DATE}))?", re.IGNORECASE
)
_COUNT = re.compile(r"(\d+)(?:[.,]0+)?(?:\s*(?:tờ|trang|văn bản|vb))?", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:[. ]\d{3})+")
_LEAVES_AND_PAGES = re.compile(r"(\d+)\s*/\s*(\d+)")
_YEARS = re.compile(r"(\d{1,3})(?:[.,]0)?\s*(?:năm|nam|years?|y)?", re.IGNORECASE)
_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}


class CellError(Exception):
    """What is wrong with one cell: a code and its facts."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


def read_cell(field: Field, cell: Cell) -> dict[str, object]:
    """Return the values a cell gives, by field ("leaves" may give pages too); {} for an empty one; CellError."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return {}
    if isinstance(cell, str) and cell.strip() in _ERRORS:
        raise CellError("cell-formula-error", value=cell.strip())
    if field.shape is Shape.TEXT:
        return {field.key: _text(field, cell)}
    if field.shape is Shape.COUNT:
        return _count(field.key, cell)
    if field.shape is Shape.DAY:
        return {field.key: _day(cell)}
    if field.shape is Shape.PERIOD:
        return _period(cell)
    if field.shape is Shape.RETENTION:
        return {field.key: _retention(field, cell)}
    if field.shape is Shape.CHOICE:
        return {field.key: _choice(field, cell)}
    return {}


def plain(cell: Cell) -> str:
    """Return a cell as the text a person sees: 12.0 is 12, a day is DD/MM/YYYY."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.strftime("%d/%m/%Y")
    return shown(cell)


def _text(field: Field, cell: Cell) -> str:
    if field.key in {"number", "file_code"} and isinstance(cell, datetime | date):
        raise CellError("cell-became-date", value=plain(cell))
    text = plain(cell)
    if len(text) > field.limit:
        raise CellError("cell-too-long", length=len(text), limit=field.limit)
    return text


def _count(key: str, cell: Cell) -> dict[str, object]:
    text = plain(cell)
    if key == "leaves" and (both := _LEAVES_AND_PAGES.fullmatch(text)):
        return {"leaves": _bounded(text, both[1]), "pages": _bounded(text, both[2])}
    if isinstance(cell, str) and _GROUPED.fullmatch(text):
        return {key: _bounded(text, re.sub(r"\D", "", text))}
    found = _COUNT.fullmatch(text)
    if found is None or isinstance(cell, datetime | date | bool):
        raise CellError("cell-not-a-count", value=text[:60])
    return {key: _bounded(text, found[1])}


def _bounded(text: str, digits: str) -> int:
    if len(digits) > 12 or int(digits) > MOST_COUNT:
        raise CellError("cell-not-a-count", value=text[:60])
    return int(digits)


def _day(cell: Cell) -> str:
    """Return YYYY-MM-DD, YYYY-MM or YYYY: as exactly as the list knows."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = plain(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and text.isdigit() and int(text) in _SERIALS:
        return (_SERIAL_START + timedelta(days=int(text))).isoformat()
    day = _written_day(text)
    if day is None:
        raise CellError("cell-not-a-day", value=text[:60])
    return day


def _written_day(text: str) -> str | None:
    if found := _DAY.fullmatch(text):
        parts: tuple[str | None, str | None, str] = (found[1], found[2], found[3])
    elif found := _MONTH.fullmatch(text):
        parts = (None, found[1], found[2])
    elif found := _YEAR.fullmatch(text):
        parts = (None, None, found[1])
    elif found := _ISO.fullmatch(text):
        parts = (found[3], found[2], found[1])
    elif text.isdigit() and len(text) == 5 and int(text) in _SERIALS:
        return (_SERIAL_START + timedelta(days=int(text))).isoformat()
    else:
        return None
    day, month, year = parts
    if not 1800 <= int(year) <= 2100 or (month and not 1 <= int(month) <= 12):
        return None
    if day and month and not 1 <= int(day) <= calendar.monthrange(int(year), int(month))[1]:
        return None
    return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])


def _period(cell: Cell) -> dict[str, object]:
    """Return the period as written and, where it can be read, the day it begins and ends."""
    text = plain(cell)
    if len(text) > 200:
        raise CellError("cell-too-long", length=len(text), limit=200)
    if isinstance(cell, datetime | date):
        return {"period": text, "start": _day(cell), "end": _day(cell)}
    found = _PERIOD.fullmatch(text)
    if found is None:
        return {"period": text}
    start, end = _written_day(found[1]), _written_day(found[2] or found[1])
    return {"period": text, "start": start, "end": end} if start and end else {"period": text}


def _retention(field: Field, cell: Cell) -> str:
    """Return "permanent", a number of years, or the list's own words ("until repealed")."""
    text = plain(cell)
    folded = fold(text)
    if folded in {"vinh vien", "vv", "v v", "permanent", "lau dai"}:
        return "permanent"
    if text in RETENTION_CODES or (isinstance(cell, int | float) and f"0{text}" in RETENTION_CODES and field.key):
        return RETENTION_CODES[text if text in RETENTION_CODES else f"0{text}"]
    if (found := _YEARS.fullmatch(text)) and int(found[1]) > 0:
        return str(int(found[1]))
    if text.isdigit() or len(text) > field.limit:
        raise CellError("cell-not-a-retention", value=text[:60])
    return text


def _choice(field: Field, cell: Cell) -> str:
    text = plain(cell)
    codes = set(field.choices.values())
    for each in (text, text.zfill(2), field.choices.get(fold(text), "")):
        if each in codes:
            return each
    raise CellError("cell-not-of-the-list", value=text[:60], known=sorted(codes))


def is_reversed(start: str, end: str) -> bool:
    """Tell whether a period ends before it begins, as far as both are known."""
    length = min(len(start), len(end))
    return end[:length] < start[:length]
