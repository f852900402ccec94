"""A scan as pages: told by content, turned as viewers turn it, refused with a code."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from digitize.errors import FileError, PageError
from digitize.limits import Limits
from digitize.pages import open_scan, render
from tests.generated_pages import GeneratedPage, PageSpec, draw_page, save_as_jpeg, save_as_pdf, save_as_tiff

QUARTERS = {
    0: None,
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@pytest.fixture(scope="module")
def page() -> GeneratedPage:
    """Draw one small page."""
    return draw_page(PageSpec(seed=1, dpi=72, half=True))


def _marked(width: int = 60, height: int = 40) -> Image.Image:
    """Make a picture whose corners differ, so that every turn and flip is seen."""
    image = Image.new("RGB", (width, height), "white")
    for at, colour in (((0, 0), "black"), ((width - 20, 0), "red"), ((0, height - 20), "lime")):
        image.paste(colour, (*at, at[0] + 20, at[1] + 20))
    return image


def test_a_pdf_page_of_one_picture_gives_the_stored_picture(page: GeneratedPage, tmp_path: Path) -> None:
    """Its size and resolution are the picture's own, and nothing is drawn."""
    path = save_as_pdf([page, page], tmp_path / "scan.pdf")
    with open_scan(path) as scan:
        assert (scan.kind, scan.count, scan.signed) == ("pdf", 2, False)
        opened = scan.page(2)
        assert opened.embedded
        assert (opened.width, opened.height) == page.image.size
        assert opened.dpi == pytest.approx(72, abs=0.1)
        assert np.abs(opened.grey().astype(int) - np.asarray(page.image).max(axis=2)).mean() < 4


def test_a_name_decides_nothing(page: GeneratedPage, tmp_path: Path) -> None:
    """A PDF called .jpg is a PDF."""
    path = save_as_pdf([page], tmp_path / "scan.jpg")
    with open_scan(path) as scan:
        assert scan.kind == "pdf"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_shown_as_a_browser_shows_it(orientation: int, tmp_path: Path) -> None:
    """Every EXIF orientation gives the same page, and the size told is that of the pixels given."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = _marked()
    undo = {
        2: 0,
        3: 3,
        4: 1,
        5: 5,
        6: 2,
        7: 6,
        8: 4,
    }  # the transpose that stores the picture for that orientation
    if orientation in undo:
        stored = stored.transpose(Image.Transpose(undo[orientation]))
    stored.save(tmp_path / "photo.jpg", exif=exif, quality=95, subsampling=0)
    with open_scan(tmp_path / "photo.jpg") as scan:
        shown = scan.page(1)
        assert (shown.width, shown.height) == (60, 40)
        difference = np.asarray(shown.picture()).astype(int) - np.asarray(_marked())
        assert np.abs(difference).mean() < 6


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_turned_pdf_page_is_shown_turned(rotate: int, tmp_path: Path) -> None:
    """The picture taken out of the page is turned as poppler draws the page."""
    path = _picture_pdf(tmp_path / "turned.pdf", _marked(), rotate=rotate)
    quarter = QUARTERS[rotate]
    wanted = _marked() if quarter is None else _marked().transpose(quarter)
    with open_scan(path) as scan:
        assert np.abs(np.asarray(scan.page(1).picture()).astype(int) - np.asarray(wanted)).mean() < 6
    kind, data = render(path, 1)
    assert kind == ("image/jpeg" if rotate == 0 else "image/webp")
    assert Image.open(io.BytesIO(data)).size == wanted.size


@pytest.mark.parametrize(
    ("matrix", "turn"),
    [
        ("60 0 0 -40 0 40", Image.Transpose.FLIP_TOP_BOTTOM),
        ("-60 0 0 40 60 0", Image.Transpose.FLIP_LEFT_RIGHT),
        ("0 60 -40 0 40 0", Image.Transpose.ROTATE_90),
        ("0 -60 40 0 0 60", Image.Transpose.ROTATE_270),
    ],
)
def test_a_picture_turned_by_its_matrix_is_shown_turned(matrix: str, turn: Image.Transpose, tmp_path: Path) -> None:
    """Scanners that lay the picture turned or mirrored give the page people see."""
    wanted = _marked().transpose(turn)
    path = _picture_pdf(tmp_path / "laid.pdf", _marked(), matrix=matrix, size=wanted.size)
    with open_scan(path) as scan:
        shown = scan.page(1)
        assert shown.embedded
        assert np.abs(np.asarray(shown.picture()).astype(int) - np.asarray(wanted)).mean() < 6


def test_a_page_of_several_pictures_is_drawn(tmp_path: Path) -> None:
    """Strips are put together by drawing the page at their resolution."""
    path = _picture_pdf(tmp_path / "two.pdf", _marked(), extra="q 10 0 0 10 5 5 cm /Im0 Do Q")
    with open_scan(path) as scan:
        assert not scan.page(1).embedded
        assert scan.page(1).picture().size == (scan.page(1).width, scan.page(1).height)


def test_every_frame_of_a_tiff_is_a_page(page: GeneratedPage, tmp_path: Path) -> None:
    """Fax-style TIFF of several frames opens frame by frame, in any order."""
    bits = draw_page(PageSpec(seed=2, dpi=72, half=True, one_bit=True))
    path = save_as_tiff([bits, bits, bits], tmp_path / "fax.tif")
    with open_scan(path) as scan:
        assert scan.count == 3
        assert scan.page(3).grey().shape == scan.page(1).grey().shape
        assert scan.page(2).dpi == pytest.approx(72, abs=1) or scan.page(2).dpi_guessed


def test_a_page_asked_for_that_is_not_there_has_a_code(page: GeneratedPage, tmp_path: Path) -> None:
    """Page 9 of 1 is an error of that page."""
    path = save_as_jpeg(page, tmp_path / "one.jpg")
    with open_scan(path) as scan, pytest.raises(PageError) as caught:
        scan.page(9)
    assert caught.value.code == "page-absent"
    assert caught.value.facts == {"page": 9, "pages": 1}


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty"), (b"MZ\x90\0 not a scan", "foreign"), (b"%PDF-1.7\nnothing else", "pdf-broken")],
)
def test_files_that_are_no_scans_are_refused_with_a_code(data: bytes, code: str, tmp_path: Path) -> None:
    """Empty, foreign and broken files are told apart."""
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(FileError) as caught, open_scan(tmp_path / "file"):
        pass
    assert caught.value.code == code


def test_a_locked_pdf_is_told_as_such(page: GeneratedPage, tmp_path: Path) -> None:
    """Nobody can read it without the password, and the code says so."""
    with pikepdf.open(save_as_pdf([page], tmp_path / "open.pdf")) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(FileError) as caught, open_scan(tmp_path / "locked.pdf"):
        pass
    assert caught.value.code == "pdf-encrypted"


@pytest.mark.parametrize(
    ("limits", "code"), [(Limits(pages=1), "too-many-pages"), (Limits(file_bytes=100), "too-large")]
)
def test_limits_carry_the_number_and_the_bound(limits: Limits, code: str, page: GeneratedPage, tmp_path: Path) -> None:
    """A file over a limit is refused before it is read, with both numbers."""
    path = save_as_pdf([page, page], tmp_path / "two.pdf")
    with pytest.raises(FileError) as caught, open_scan(path, limits):
        pass
    assert caught.value.code == code
    assert {"limit"} < set(caught.value.facts)


def test_a_picture_over_the_pixel_limit_is_not_decoded(page: GeneratedPage, tmp_path: Path) -> None:
    """The header tells enough."""
    path = save_as_jpeg(page, tmp_path / "large.jpg")
    with open_scan(path, Limits(pixels=1000)) as scan, pytest.raises(PageError) as caught:
        scan.page(1)
    assert caught.value.code == "too-many-pixels"
    assert caught.value.facts["limit"] == 1000


def test_a_picture_cut_short_is_a_broken_page(page: GeneratedPage, tmp_path: Path) -> None:
    """Half a JPEG is not half read: it is refused."""
    path = save_as_jpeg(page, tmp_path / "cut.jpg")
    path.write_bytes(path.read_bytes()[:4000])
    with open_scan(path) as scan, pytest.raises(PageError) as caught:
        scan.page(1).picture()
    assert caught.value.code == "image-broken"


def test_a_browser_gets_the_stored_jpeg_byte_for_byte(page: GeneratedPage, tmp_path: Path) -> None:
    """Nothing is encoded again where the browser can show what is stored."""
    path = save_as_pdf([page], tmp_path / "scan.pdf")
    with pikepdf.open(path) as pdf:
        stored = pdf.pages[0].Resources.XObject.Im0.read_raw_bytes()
    assert render(path, 1) == ("image/jpeg", stored)
    kind, data = render(path, 1, longest_side=200)
    assert kind == "image/webp"
    assert max(Image.open(io.BytesIO(data)).size) == 200


def _picture_pdf(
    path: Path,
    image: Image.Image,
    *,
    rotate: int = 0,
    matrix: str = "",
    extra: str = "",
    size: tuple[int, int] | None = None,
) -> Path:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, subsampling=0)
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=size or image.size)
    stream = pdf.make_stream(out.getvalue())
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height = image.size
    stream.ColorSpace, stream.BitsPerComponent, stream.Filter = (
        pikepdf.Name.DeviceRGB,
        8,
        pikepdf.Name.DCTDecode,
    )
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
    drawn = matrix or f"{image.width} 0 0 {image.height} 0 0"
    page.obj.Contents = pdf.make_stream(f"q {drawn} cm /Im0 Do Q {extra}".encode())
    page.obj.Rotate = rotate
    pdf.save(path)
    return path
