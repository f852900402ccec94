"""What begins something in a scanned stack is told from everything that only carries a code."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from archive.refs import Kind, check_character, new_code
from labels.read import Sheet, find_cover
from tests.scanned_batches import SIZE, cover_sheet, crooked


def look(page: Image.Image) -> Sheet | None:
    """Return what cover sheet a page is."""
    return find_cover(page, *page.size)


def pressed(page: Image.Image) -> Image.Image:
    """Return a page as a strongly compressed JPEG leaves it."""
    out = io.BytesIO()
    page.save(out, "JPEG", quality=25)
    return Image.open(out).convert("L")


WAYS = {
    "as printed": lambda page: page,
    "upside down": lambda page: page.rotate(180),
    "on its left side": lambda page: page.rotate(90, expand=True),
    "on its right side": lambda page: page.rotate(270, expand=True),
    "crooked to the left": lambda page: crooked(page, 6),
    "crooked to the right": lambda page: crooked(page, -6),
    "black and white": lambda page: page.convert("1").convert("L"),
    "strongly compressed": pressed,
    "at 100 dpi": lambda page: page.resize((827, 1169)),
}


@pytest.mark.parametrize("kind", [Kind.DOSSIER, Kind.SEPARATOR, Kind.BOX])
@pytest.mark.parametrize("way", WAYS)
def test_a_cover_is_read_however_it_went_through_the_scanner(way: str, kind: Kind) -> None:
    """Each kind of sheet that begins something, in each way a feeder and a scanner spoil it."""
    code = new_code()
    sheet = look(WAYS[way](cover_sheet(code, kind)))
    assert sheet is not None
    assert sheet.ref is not None
    assert (sheet.ref.kind, sheet.ref.code) == (kind, code)


def test_one_code_on_a_page_begins_a_dossier_only_on_a_separator() -> None:
    """A label scanned with its dossier begins nothing; a separator with a torn corner still does."""
    torn = []
    for kind in (Kind.DOSSIER, Kind.SEPARATOR):
        page = cover_sheet(new_code(), kind).copy()
        ImageDraw.Draw(page).rectangle((SIZE[0] // 2, SIZE[1] // 2, *SIZE), fill=255)
        torn.append(look(page))
    assert torn[0] is None
    assert torn[1] is not None


def test_places_badges_and_forms_begin_nothing_and_a_bare_page_neither() -> None:
    """Only boxes, dossiers and separators do."""
    for kind in (Kind.PLACE, Kind.BADGE, Kind.FORM, Kind.ROUND_POINT):
        assert look(cover_sheet(new_code(), kind)) is None
    assert look(Image.new("L", SIZE, 255)) is None


@pytest.mark.parametrize("kind", [Kind.DOSSIER, Kind.SEPARATOR])
def test_a_code_with_a_wrong_check_character_is_a_cover_in_doubt(kind: Kind) -> None:
    """A sheet made by somebody else is not passed over as an ordinary page."""
    code = new_code()
    wrong = code[:-1] + next(each for each in "0123" if each != check_character(code[:-1]))
    sheet = look(cover_sheet(wrong, kind))
    assert sheet is not None
    assert (sheet.ref, wrong in sheet.text) == (None, True)


def test_a_sheet_that_says_two_things_is_in_doubt() -> None:
    """Two separators stuck over one another: neither is taken."""
    one, other = new_code(), new_code()
    page = cover_sheet(one, Kind.SEPARATOR).copy()
    lower = (0, SIZE[1] // 2)
    page.paste(cover_sheet(other, Kind.SEPARATOR).crop((*lower, *SIZE)), lower)
    sheet = look(page)
    assert sheet is not None
    assert sheet.ref is None
    assert one in sheet.text
    assert other in sheet.text
