"""Letters: all of Vietnamese is there, text is NFC, and lines are as wide as they were measured."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics

from labels.geometry import MM_PER_POINT
from labels.typeface import FONTS, RISE, Face, clean, register, shorten, width_of, wrap

VOWELS = "aăâeêioôơuưy"
MARKS = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = {unicodedata.normalize("NFC", each + mark) for each in VOWELS + VOWELS.upper() for mark in MARKS} | set(
    "đĐ₫…–·"
)
texts = st.text(st.sampled_from(sorted(LETTERS) + list(" bcdghklmnpqrstvxABC0123456789/-.")), max_size=120)


def test_every_face_has_every_vietnamese_letter() -> None:
    """Releases of the same name before 2.0 lack most of them and print boxes."""
    register()
    for face in Face:
        known = pdfmetrics.getFont(face.value).face.charToGlyph
        assert [each for each in LETTERS if ord(each) not in known] == []


def test_the_vendored_files_are_the_ones_listed() -> None:
    """A changed font would change every measure."""
    listed = dict(re.findall(r"^\| (\S+) \| ([0-9a-f]{64}) \|$", (FONTS / "VENDORED.md").read_text(), re.MULTILINE))
    there = {path.name for path in FONTS.iterdir()} - {"VENDORED.md"}
    assert there == listed.keys() == {"OFL.txt", *(f"{face.value}.ttf" for face in Face)}
    for name, digest in listed.items():
        data = (FONTS / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest
        assert len(data) < 1 << 20


def test_text_is_composed_before_it_is_measured() -> None:
    """A letter and its accent apart would print beside each other."""
    apart = unicodedata.normalize("NFD", "Nguyễn  Thị\nẤn")
    assert clean(apart) == "Nguyễn Thị Ấn"
    assert clean("a\x00b\u200bc") == "a b c"


def test_no_letter_rises_above_its_line() -> None:
    """The box of a line holds the tallest accents of capitals."""
    from PIL import ImageFont

    for face in Face:
        font = ImageFont.truetype(str(FONTS / f"{face.value}.ttf"), 1000)
        assert max(-font.getbbox(each, anchor="ls")[1] for each in LETTERS) <= RISE * 1000


@given(texts, st.sampled_from(list(Face)), st.floats(5, 40), st.floats(20, 200))
def test_wrapped_lines_fit_and_lose_nothing(text: str, face: Face, size: float, width: float) -> None:
    """Joined again the lines are the text, and none is wider than its room."""
    text = clean(text)
    lines = wrap(text, face, size, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert width_of(line, face) * size * MM_PER_POINT <= width + 1e-6
    assert width_of(shorten(text, face, size, width), face) * size * MM_PER_POINT <= width + 1e-6


@given(texts, st.sampled_from(list(Face)))
def test_measures_are_those_of_the_drawing_library(text: str, face: Face) -> None:
    """What is measured here is what is drawn there."""
    register()
    assert abs(width_of(text, face) - pdfmetrics.stringWidth(text, face.value, 1)) < 1e-6
