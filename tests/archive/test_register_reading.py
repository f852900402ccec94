"""Reading lists of dossiers: what the columns mean, what the cells hold, and every fault in its place."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.register_encodings import ListError
from archive.register_fields import FIELDS
from archive.register_fonts import TCVN3, VNI, as_bytes, from_unicode
from archive.register_headers import field_of, letter_of
from archive.register_reading import read_list
from archive.register_template import COLUMNS, text_template, workbook_template
from tests.archive.lists import HEADER, rows, text, workbook

TABLE = [HEADER, *rows()]


def fields_of(header: list[str]) -> list[str | None]:
    """Return what the columns of a header alone are taken for."""
    return [each.field for each in read_list(text([header, ["1"] * len(header)]).encode()).understood.columns]


def test_a_workbook_and_text_of_the_same_list_say_the_same() -> None:
    """The kind of file does not matter, nor its separator or encoding."""
    wanted = read_list(workbook(TABLE)).records
    assert [each.facts["title"] for each in wanted] == [row[2] for row in rows()]
    assert wanted[0].facts == {
        "title": "Hồ sơ cấp giấy chứng nhận số 1",
        "period": "01/2015 - 12/2016",
        "start": "2015-01",
        "end": "2016-12",
        "retention": "permanent",
        "leaves": 11,
    }
    for separator in ",;\t|":
        for codec in ("utf-8", "utf-8-sig", "utf-16"):
            reading = read_list(text(TABLE, separator).encode(codec))
            assert reading.records == wanted
            assert reading.understood.separator == separator


@pytest.mark.parametrize("encoding", [TCVN3, VNI])
def test_a_list_in_an_old_font_is_understood_and_named(encoding: str) -> None:
    """As text of that encoding, and as a workbook typed in such a font; headers too."""
    old = [[from_unicode(cell, encoding) if isinstance(cell, str) else cell for cell in row] for row in TABLE]
    reading = read_list(workbook(old))
    assert reading.understood.legacy == encoding
    assert reading.records == read_list(workbook(TABLE)).records
    reading = read_list(as_bytes(text(old)))
    assert reading.understood.encoding == encoding
    assert reading.records == read_list(workbook(TABLE)).records


def test_headers_are_known_by_meaning() -> None:
    """The two official lists, the dossier fields by their English names, and what offices write."""
    assert fields_of(["Số và ký hiệu hồ sơ", "Tiêu đề hồ sơ", "Thời hạn bảo quản", "Người lập hồ sơ", "Ghi chú"]) == [
        "number", "title", "retention", "maker", "note",
    ]  # fmt: skip
    assert fields_of(["STT", "SỐ, KÝ HIỆU HS", "Tieu de ho so", "Thời gian", "THBQ", "Số tờ/số trang", "Hộp số"]) == [
        "ordinal", "number", "title", "period", "retention", "leaves", "box",
    ]  # fmt: skip
    assert fields_of(["FileCode", "FileNotation", "Title", "Maintenance", "Rights", "StartDate", "PageNumber"]) == [
        "file_code", "number", "title", "retention", "mode", "start", "pages",
    ]  # fmt: skip
    assert fields_of(["fileCode", "title", "totalDoc", "numberOfPaper", "numberOfPage", "paperFileCode", "x"]) == [
        "file_code", "title", "documents", "leaves", "pages", "paper_code", None,
    ]  # fmt: skip


@pytest.mark.parametrize("name", [name for field in FIELDS for name in field.names])
def test_every_column_name_means_its_own_field(name: str) -> None:
    """No name of one field is nearer to another's."""
    found = field_of(name)
    assert found is not None
    assert name in next(each for each in FIELDS if each.key == found[0]).names


def test_the_header_need_not_come_first_and_may_have_two_rows() -> None:
    """National title and name of the list above, a merged cell over two columns, column numbers below."""
    table = [
        ["ỦY BAN NHÂN DÂN PHƯỜNG HÀ ĐÔNG"],
        [],
        [None, None, "MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU"],
        ["STT", "Số, ký hiệu hồ sơ", "Tiêu đề hồ sơ", "Số lượng", None, "Ghi chú"],
        [None, None, None, "Số tờ", "Số trang", None],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        [None, None, "I. VĂN PHÒNG"],
        [1, "01", "Hồ sơ họp", 12, 20, "x"],
        [],
        ["Mục lục này gồm 1 hồ sơ (viết bằng chữ: một hồ sơ)."],
        [None, None, None, "Người lập"],
        ["NGƯỜI LẬP", None, "TRƯỞNG PHÒNG", None, None, "CHỦ TỊCH"],
    ]
    reading = read_list(workbook(table))
    assert reading.understood.header_row == 4
    assert [(each.row, each.number, dict(each.facts)) for each in reading.records] == [
        (8, "01", {"title": "Hồ sơ họp", "leaves": 12, "pages": 20, "note": "x"})
    ]
    assert reading.understood.foot == 1
    assert reading.understood.skipped == (6, 7, 10, 11, 12)
    assert reading.faults == ()


def test_a_foot_that_counts_otherwise_is_a_finding() -> None:
    """A page of the list may be missing; feet may count parts or all, and totals are no dossiers."""
    parts = [*TABLE, ["Danh mục này gồm: 3 hồ sơ"], *[[9, "9", "Thêm", "", "", 1, ""]], ["Danh mục này gồm 01 hồ sơ"]]
    assert read_list(workbook(parts)).faults == ()
    total = read_list(workbook([*TABLE, [None, None, "Tổng cộng", None, None, 36, None]]))
    assert (len(total.records), total.faults, total.understood.skipped) == (3, (), (5,))
    reading = read_list(workbook([*TABLE, ["Danh mục này gồm: 4 hồ sơ"]]))
    assert [(each.code, each.facts) for each in reading.faults] == [("list-foot-differs", {"stated": 4, "count": 3})]


def test_quirks_of_workbooks_are_taken_for_what_they_mean() -> None:
    """Whole numbers as 12.0, days as serial numbers or dates, retention codes without their nought, empty tails."""
    header = ["Số hồ sơ", "Tiêu đề", "Ngày bắt đầu", "Ngày kết thúc", "THBQ", "Số tờ"]
    table = [
        header,
        [12.0, "A", 42005, date(2015, 12, 31), 1, 7.0],
        ["13", "B", "1/2/2015", "2016", "10 năm", "1.250"],
        *[[None] * 6] * 400,
    ]
    first, second = read_list(workbook(table)).records
    assert (first.number, dict(first.facts)) == (
        "12",
        {"title": "A", "start": "2015-01-01", "end": "2015-12-31", "retention": "permanent", "leaves": 7},
    )
    assert dict(second.facts) == {
        "title": "B", "start": "2015-02-01", "end": "2016", "retention": "10", "leaves": 1250,
    }  # fmt: skip


def test_every_fault_is_told_by_row_and_column() -> None:
    """All of them in one pass, and the good rows are kept apart."""
    header = ["Số hồ sơ", "Tiêu đề", "Ngày bắt đầu", "Ngày kết thúc", "THBQ", "Số tờ", "Tình trạng vật lý"]
    table = [
        header,
        ["1", "Tốt", "2015", "2016", "5 năm", 3, "Tốt"],
        [None, "Không số", None, None, None, 3, None],
        ["3", None, "31/02/2015", None, None, 3, None],
        ["1", "Trùng", "2016", "2015", "0", "ba", "rách nát"],
        [date(2015, 1, 1), "x" * 1001, None, None, None, "#REF!", None],
    ]
    reading = read_list(workbook(table))
    assert [each.number for each in reading.records] == ["1"]
    assert [(each.row, each.column, each.code) for each in reading.faults] == [
        (3, "A", "cell-missing"),
        (4, "B", "cell-missing"),
        (4, "C", "cell-not-a-day"),
        (5, "A", "number-twice"),
        (5, "D", "days-reversed"),
        (5, "E", "cell-not-a-retention"),
        (5, "F", "cell-not-a-count"),
        (5, "G", "cell-not-of-the-list"),
        (6, "A", "cell-became-date"),
        (6, "B", "cell-too-long"),
        (6, "F", "cell-formula-error"),
    ]
    assert reading.faulty_rows == 4
    assert reading.faults[3].facts == {"value": "1", "line": 2}


def test_hostile_files_are_refused_by_name() -> None:
    """Bombs, foreign files under a list's name, old workbooks, halves of files: each has its code, none its way in."""
    good = workbook(TABLE)
    for raw, code in (
        (b"", "list-empty"),
        (b"\0" * 100, "list-empty"),
        (b"%PDF-1.7\n%", "list-not-a-table"),
        (b"\x89PNG\r\n\x1a\n", "list-not-a-table"),
        (b"<html><table>", "list-not-a-table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "list-old-excel"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x10" * 50, "list-not-text"),
        (good[: len(good) // 2], "list-workbook-broken"),
        (zipped({"word/document.xml": b"<x/>"}), "list-not-a-table"),
        (zipped({"xl/workbook.xml": b"<x/>"}), "list-workbook-broken"),
        (zipped({"xl/workbook.xml": b" " * 30_000_000}), "list-workbook-bomb"),
        (zipped({"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "list-workbook-bomb"),
        (workbook([["a", "b"], [1, 2]]), "list-header-missing"),
        (b"a,b\n1,2\n", "list-header-missing"),
    ):
        with pytest.raises(ListError) as caught:
            read_list(raw)
        assert caught.value.code == code, raw[:40]


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused_by_name(at: int, junk: bytes) -> None:
    """No damage anywhere makes the reading fail in another way."""
    raw = GOOD[: at % len(GOOD)] + junk + GOOD[at % len(GOOD) + len(junk) :]
    code = "list-"
    try:
        read_list(raw)
    except ListError as error:
        code = error.code
    assert code.startswith("list-")


def test_the_empty_lists_to_fill_in_are_understood_whole() -> None:
    """Every column of the template is known, and what is typed below comes back."""
    line = ["1", "01/2015", "Hồ sơ họp", "2015", "10 năm", "3", "5", "Hộp 2", "Nguyễn Thị Hoa", "-"]
    filled = text_template() + (";".join(line) + "\r\n").encode()
    reading = read_list(filled)
    assert all(each.field for each in reading.understood.columns)
    assert [each.number for each in reading.records] == ["01/2015"]
    assert reading.faults == ()
    empty = read_list(workbook_template())
    assert [each.header for each in empty.understood.columns] == [header for header, _ in COLUMNS]
    assert empty.records == ()


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    """A, Z, AA, AZ, BA."""
    assert [letter_of(at) for at in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


GOOD = workbook(TABLE)
