"""Printed records: every blank on one sheet, every code read back, every number in right words, nothing cut."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from archive.refs import Kind, Ref, new_code
from custody.checkpoint import Checkpoint
from desk.forms import drawing, model
from desk.forms.counting import LARGEST, in_words
from labels import read

HEAD = Checkpoint("luutru/phuong-01", 1204, bytes(range(32)))
ROWS = [
    {
        "code": f"{n:02}/HS-UBND",
        "title": f"Hồ sơ về việc cấp giấy chứng nhận quyền sử dụng đất, tập {n}",
        "leaves": 13 * n,
    }
    for n in range(1, 41)
]


def filled(code: str, **values: Any) -> drawing.Filled:
    """Return a form of that code for an office."""
    return drawing.Filled(
        model.load(code), new_code(), "UBND phường Cửa Nam", "UBND thành phố Hà Nội", head=HEAD, values=values
    )


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """Return the words of a PDF as a reader extracts them."""
    (tmp_path / "form.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", str(tmp_path / "form.pdf"), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def pages_of(pdf: bytes, tmp_path: Path, *options: str) -> list[Image.Image]:
    """Return the pages as a printer draws them."""
    (tmp_path / "form.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", *options, str(tmp_path / "form.pdf"), str(tmp_path / "sheet")], check=True)
    return [Image.open(path).convert("L") for path in sorted(tmp_path.glob("sheet*"))]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (101, "một trăm linh một"),
        (111, "một trăm mười một"),
        (1005, "một nghìn không trăm linh năm"),
        (1050, "một nghìn không trăm năm mươi"),
        (20_025, "hai mươi nghìn không trăm hai mươi lăm"),
        (1_000_001, "một triệu không trăm linh một"),
        (3_000_000_000, "ba tỷ"),
        (10**12, "một nghìn tỷ"),
    ],
)
def test_numbers_are_said_as_they_are_taught(number: int, words: str) -> None:
    """Mốt, lăm, linh and the missing hundred."""
    assert in_words(number) == words


@given(st.integers(0, LARGEST - 1))
def test_no_two_numbers_have_the_same_words(number: int) -> None:
    """The words lead back to the number, so a total in words is a second record of it."""
    assert heard(in_words(number)) == number


def heard(words: str) -> int:
    """Return the number that words mean."""
    above, _, below = words.rpartition(" tỷ")
    total = heard(above) * 10**9 if above else 0
    digits = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    group = last = 0
    for word in below.split():
        if word in ("nghìn", "triệu"):
            total, group, last = total + (group + last) * (1000 if word == "nghìn" else 10**6), 0, 0
        elif word == "trăm":
            group, last = last * 100, 0
        elif word == "mươi":
            group, last = group + last * 10, 0
        elif word == "mười":
            group, last = group + 10, 0
        elif word != "linh":
            last = {"mốt": 1, "lăm": 5}.get(word) if word in ("mốt", "lăm") else digits.index(word)  # type: ignore[assignment]  # known
    return total + group + last


@pytest.mark.parametrize("code", model.CODES)
def test_every_blank_form_is_one_sheet_with_its_code_and_head_readable(code: str, tmp_path: Path) -> None:
    """A blank for the hour without power: one page, both codes read at 203 dpi in black and white and at 300 dpi."""
    blank = filled(code)
    pdf = drawing.draw([blank])
    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert len(made.pages) == 1
    for options in (("-r", "203", "-mono"), ("-r", "300", "-gray")):
        for path in tmp_path.glob("sheet*"):
            path.unlink()
        (page,) = pages_of(pdf, tmp_path, *options)
        assert [each.ref for each in read.read_codes(page)] == [Ref(Kind.FORM, blank.code)]
        texts = {each.text for each in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)}
        assert f"HEAD/1204/{HEAD.short()}".upper() in texts


@pytest.mark.parametrize("code", model.CODES)
def test_every_form_says_in_vietnamese_what_it_is(code: str, tmp_path: Path) -> None:
    """The national header, the office, the title, the number and the checkpoint stand on it."""
    blank = filled(code)
    text = text_of(drawing.draw([blank]), tmp_path)
    for wanted in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "UBND PHƯỜNG CỬA NAM", blank.form.title, "Trang 1/1"):
        assert wanted in text
    short = HEAD.short()
    assert " ".join(short[at : at + 4] for at in range(0, 16, 4)) in text


def test_a_long_list_keeps_every_row_and_its_signatures_with_their_text(tmp_path: Path) -> None:
    """Forty dossiers, totals in figures and words, and no sheet with signatures alone."""
    minutes = filled("F9", dossiers=40, leaves=sum(13 * n for n in range(1, 41)), rows=ROWS)
    text = text_of(drawing.draw([minutes]), tmp_path)
    assert all(str(row["code"]) in text for row in ROWS)
    words = " ".join(text.split())
    assert "40 hồ sơ (bằng chữ: bốn mươi hồ sơ), 10.660 tờ (bằng chữ: mười nghìn sáu trăm sáu mươi tờ)" in words
    last = text.rstrip("\f\n").split("\f")[-1]
    assert "NGƯỜI NIÊM PHONG" in last
    assert "Biên bản được lập thành hai bản" in last


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=600), st.text(max_size=200))
def test_any_text_whatever_can_be_printed(story: str, finder: str) -> None:
    """Markup, controls and very long words neither fail nor become markup."""
    with pikepdf.open(io.BytesIO(drawing.draw([filled("F16", story=story, finder=finder)]))) as made:
        assert len(made.pages) >= 1


def test_an_office_prints_its_own_wording(tmp_path: Path) -> None:
    """A file of the same name in the office's folder takes the place of ours; a broken one is refused by name."""
    (tmp_path / "F13.toml").write_text('title = "SỔ KHÁCH"\nsigners = ["Trực"]\nparts = [{ text = "Kho {store}." }]\n')
    assert model.load("F13", tmp_path).title == "SỔ KHÁCH"
    assert model.load("F12", tmp_path).title != "SỔ KHÁCH"
    (tmp_path / "F13.toml").write_text("title = ")
    with pytest.raises(model.FormError) as broken:
        model.load("F13", tmp_path)
    assert broken.value.code == "form-template-broken"
    with pytest.raises(model.FormError) as unknown:
        model.load("F99")
    assert unknown.value.code == "form-unknown"


def test_a_value_the_form_has_no_place_for_is_refused() -> None:
    """A misspelt name would otherwise be printed as an empty line and signed."""
    with pytest.raises(model.FormError) as refused:
        drawing.draw([filled("F9", dosiers=3)])
    assert refused.value.facts["key"] == "dosiers"
    with pytest.raises(model.FormError):
        drawing.draw([filled("F9", rows="all of them")])
