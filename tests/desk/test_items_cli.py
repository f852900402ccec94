"""Lists of documents: read by meaning, placed in their dossiers, faults named by cell, the same list twice the same."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from archive.item_reading import read_items
from desk.cli.exits import Exit
from tests.archive.lists import text, workbook
from tests.desk.test_custody_day import Day, day

__all__ = ["day"]
F3 = ("Mã hồ sơ", "STT", "Số, ký hiệu", "Ngày tháng năm", "Tên loại và trích yếu nội dung", "Tác giả", "Tờ số")
ROWS: list[list[Any]] = [
    ["P01.001/UB", 1, "12/QĐ-UBND", "17/06/2003", "Quyết định về việc giao đất", "UBND quận", "1-3"],
    ["", 2, "13/TB-UBND", "18/06/2003", "Thông báo kết luận", "UBND phường", "4"],
    ["002/UB", 1, "", "2004", "Đơn xin cấp giấy chứng nhận", "Nguyễn Văn A", "1-2"],
]
# The 21 document fields in Vietnamese, as offices head their columns.
ALL_FIELDS = (
    "Mã định danh văn bản", "Mã lưu trữ của văn bản", "Thời hạn bảo quản", "Tên loại văn bản", "Số của văn bản",
    "Ký hiệu của văn bản", "Ngày, tháng, năm văn bản", "Tên cơ quan, tổ chức ban hành văn bản", "Trích yếu nội dung",
    "Ngôn ngữ", "Số lượng trang của văn bản", "Ký hiệu thông tin", "Từ khóa", "Chế độ sử dụng", "Mức độ tin cậy",
    "Bút tích", "Tình trạng vật lý", "Chế độ dự phòng", "Tình trạng dự phòng", "Quy trình xử lý", "Mô tả",
)  # fmt: skip  # a list


def write(folder: Path, *rows: list[Any], header: tuple[str, ...] = F3) -> Path:
    """Write a list as a workbook."""
    path = folder / "văn bản.xlsx"
    path.write_bytes(workbook([header, *rows]))
    return path


def test_a_list_is_kept_once_and_amended_with_its_history(day: Day, tmp_path: Path) -> None:
    """Merged cells carry the dossier down; a second import changes nothing; another wording is amended."""
    path = write(tmp_path, *ROWS)
    first = day.do("register", "items", "import", path, "--yes")
    assert (first["added"], first["faults"], first["written"]) == (3, [], True)
    again = day.do("register", "items", "import", path, "--yes")
    assert (again["added"], again["amended"], again["unchanged"], again["written"]) == (0, 0, 3, False)
    path = write(tmp_path, [*ROWS[0][:4], "Quyết định giao đất", *ROWS[0][5:]], header=F3)
    day.do("register", "items", "import", path, "--yes")
    shown = day.do("register", "items", "show", "001/UB")["documents"]
    assert [(each["ordinal"], each["number"], each["issued"]) for each in shown] == [
        (1, "12/QĐ-UBND", "2003-06-17"),
        (2, "13/TB-UBND", "2003-06-18"),
    ]
    (amended,) = day.do("register", "show", "P01.001/UB")["amendments"]
    assert amended["before"]["document 1"]["subject"] == "Quyết định về việc giao đất"
    assert shown[0]["subject"] == "Quyết định giao đất"


def test_faults_are_named_by_row_and_column_and_good_rows_can_go_alone(day: Day, tmp_path: Path) -> None:
    """A day that is none, a doubled ordinal, an unknown dossier, no subject: each in its cell, nothing written."""
    bad = [
        ["P01.001/UB", 1, "14/QĐ", "31/02/2003", "Quyết định", "UBND", ""],
        ["P01.001/UB", 2, "15/QĐ", "2003", "Quyết định", "UBND", ""],
        ["P01.001/UB", 2, "16/QĐ", "2003", "Quyết định", "UBND", ""],
        ["P99.9", 1, "17/QĐ", "2003", "Quyết định", "UBND", ""],
        ["P01.003/UB", 1, "18/QĐ", "2003", "", "UBND", ""],
    ]
    path = write(tmp_path, *bad)
    told = day.do("register", "items", "import", path, "--yes", ends=Exit.FINDINGS)
    assert [(each["row"], each["column"], each["code"]) for each in told["faults"]] == [
        (2, "D", "cell-not-a-day"),
        (4, "B", "item-twice"),
        (5, "", "item-dossier-unknown"),
        (6, "E", "cell-missing"),
    ]
    assert told["written"] is False
    good = day.do("register", "items", "import", path, "--yes", "--good-rows", ends=Exit.FINDINGS)
    assert (good["written"], good["added"]) == (True, 1)


def test_a_list_of_one_dossier_needs_its_name(day: Day, tmp_path: Path) -> None:
    """Without a column for it the dossier is given; the ordinals follow the rows where the list has none."""
    path = tmp_path / "list.csv"
    rows = [["01/BC", "2005", "Báo cáo tổng kết", "UBND"], ["02/BC", "2006", "Báo cáo năm", "UBND"]]
    path.write_text(text([("Số, ký hiệu", "Ngày tháng", "Trích yếu", "Tác giả"), *rows]), encoding="utf-8")
    assert "--dossier" in day.do("register", "items", "import", path, "--yes", ends=Exit.USAGE)
    day.do("register", "items", "import", path, "--dossier", "P01.4", "--yes", ends=Exit.NOT_FOUND)
    day.do("register", "items", "import", path, "--dossier", "004/UB", "--yes")
    shown = day.do("register", "items", "show", "P01.004/UB")["documents"]
    assert [(each["ordinal"], each["number"]) for each in shown] == [(1, "01/BC"), (2, "02/BC")]


def test_a_list_that_is_none_is_refused(day: Day, tmp_path: Path) -> None:
    """A picture, a list of dossiers and an empty file each get their own words."""
    path = tmp_path / "x.csv"
    for raw, words in ((b"", "empty"), (b"\x89PNG 123", "no list"), ("Số;Tiêu đề\n1;Hồ sơ".encode(), "documents")):
        path.write_bytes(raw)
        assert words in day.do("register", "items", "import", path, "--yes", ends=Exit.FINDINGS)


def test_the_fields_of_a_document_are_found_by_their_vietnamese_names() -> None:
    """All 21 columns are understood, and their values land under the field they belong to."""
    values = [
        "A1", "P01.1.0000001", "vĩnh viễn", "Quyết định", "12", "QĐ-UBND", "17/06/2003", "UBND quận", "Về đất",
        "tiếng Việt", 3, "ĐĐ", "đất", "Công khai", "Số hóa", "Duyệt", "Tốt", "Có", "Đã dự phòng", "ký số", "x",
    ]  # fmt: skip  # a row
    reading = read_items(workbook([ALL_FIELDS, values]))
    assert {each.header for each in reading.understood.columns if not each.field} == set()
    (record,) = reading.records
    assert record.facts["number"] == "12/QĐ-UBND"
    assert (record.facts["type_name"], record.facts["retention"], record.facts["mode"]) == (
        "Quyết định",
        "permanent",
        "01",
    )
    assert (record.facts["condition"], record.facts["confidence"], record.facts["risk_status"]) == ("01", "02", "01")


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_template_is_a_list_that_is_understood(day: Day, tmp_path: Path, ending: str) -> None:
    """Whoever fills in the empty list gets it imported without a word."""
    path = tmp_path / f"mẫu.{ending}"
    day.do("register", "items", "template", path)
    day.do("register", "items", "template", path, ends=Exit.USAGE)
    row = ["P01.001/UB", 1, "12/QĐ", "17/06/2003", "Quyết định", "UBND", "1-2", 4, "công khai", ""]
    if ending == "xlsx":
        book = openpyxl.load_workbook(path)
        for at, value in enumerate(row, start=1):
            book.worksheets[0].cell(row=2, column=at, value=value)
        book.save(path)
    else:
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerow(row)
        path.write_text(path.read_text(encoding="utf-8-sig") + out.getvalue(), encoding="utf-8")
    told = day.do("register", "items", "import", path, "--yes")
    assert (told["added"], told["faults"]) == (1, [])
    assert all(column["field"] for column in told["understood"]["columns"])
