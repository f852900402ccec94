"""An empty list to fill in: the columns an office sends its dossiers to the archive with, as a workbook or text."""

from __future__ import annotations

import csv
import io

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from archive.register_headers import letter_of

# Header and width of each column: the list of dossiers handed over, with the box and the maker beside it.
COLUMNS = (
    ("STT", 6), ("Số và ký hiệu hồ sơ", 22), ("Tiêu đề hồ sơ", 60), ("Thời gian tài liệu", 24),
    ("Thời hạn bảo quản", 18), ("Số tờ", 9), ("Số trang", 9), ("Hộp số", 10), ("Người lập hồ sơ", 24), ("Ghi chú", 24),
)  # fmt: skip  # a table
ITEM_COLUMNS = (
    ("Mã hồ sơ", 20), ("STT", 6), ("Số, ký hiệu", 20), ("Ngày tháng năm", 16),
    ("Tên loại và trích yếu nội dung", 60), ("Tác giả", 28), ("Tờ số/trang số", 14), ("Số trang", 9),
    ("Chế độ sử dụng", 16), ("Ghi chú", 24),
)  # fmt: skip  # a table
TEXT_COLUMNS = frozenset(
    {"Số và ký hiệu hồ sơ", "Thời gian tài liệu", "Hộp số", "Mã hồ sơ", "Số, ký hiệu", "Ngày tháng năm",
     "Tờ số/trang số"}
)  # fmt: skip  # a table
ROWS = 1_000


Columns = tuple[tuple[str, int], ...]


def workbook_template(columns: Columns = COLUMNS, title: str = "Mục lục hồ sơ") -> bytes:
    """Return an .xlsx file with the header and empty rows; numbers and dates are typed as text, so none is changed."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for at, (header, width) in enumerate(columns):
        cell = sheet.cell(row=1, column=at + 1, value=header)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6F0")
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        sheet.column_dimensions[letter_of(at)].width = width
        if header in TEXT_COLUMNS:
            for row in range(2, ROWS + 2):
                sheet.cell(row=row, column=at + 1).number_format = "@"
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_template(columns: Columns = COLUMNS) -> bytes:
    """Return a .csv file with the header, in UTF-8 with its mark, so that a spreadsheet opens it rightly."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([header for header, _ in columns])
    return out.getvalue().encode("utf-8-sig")
