"""Lists of dossiers for tests: made as workbooks and text, with the columns of the two official lists."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl

HEADER = ("Số TT", "Số, ký hiệu hồ sơ", "Tiêu đề hồ sơ", "Thời gian tài liệu", "Thời hạn bảo quản", "Số tờ", "Ghi chú")


def rows(count: int = 3) -> list[list[object]]:
    """Return rows of good dossiers."""
    return [
        [n, f"{n:03}/ĐĐ", f"Hồ sơ cấp giấy chứng nhận số {n}", "01/2015 - 12/2016", "Vĩnh viễn", 10 + n, None]
        for n in range(1, count + 1)
    ]


def workbook(table: Sequence[Sequence[object]], *, title: str = "Mục lục") -> bytes:
    """Return an .xlsx file of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in table:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(table: Sequence[Sequence[object]], separator: str = ";") -> str:
    """Return the same as separated text, every cell quoted."""
    return "\r\n".join(
        separator.join('"' + str("" if cell is None else cell).replace('"', '""') + '"' for cell in row)
        for row in table
    )
