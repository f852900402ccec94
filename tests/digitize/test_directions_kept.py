"""A page is turned over only when that reads better in every way."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from digitize import read


def test_a_page_of_two_foreign_words_stays_the_right_way_up(tmp_path: Path) -> None:
    """Few words that are no Vietnamese are no reason to turn a page."""
    page = Image.new("L", (1000, 500), 255)
    ImageDraw.Draw(page).text((150, 200), "FIRST PAGE", fill=0, font=ImageFont.load_default(64))
    path = tmp_path / "page.png"
    page.save(path, dpi=(200, 200))
    reading = read(path).pages[0]
    assert (reading.rotation, reading.text) == (0, "FIRST PAGE")
    x, y, width, height = reading.words[0].box
    assert 140 < x < 170
    assert 190 < y < 260
    assert width > 2 * height
