"""The searchable copy: the page untouched, the text in its place, PDF/A where it is one."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitize.errors import FileError
from digitize.glyphless import build_cmap, build_font, encode_text, number_letters
from digitize.layers import write_searchable, write_thumbnail
from digitize.matrices import invert, multiply
from digitize.poppler import extract_words
from digitize.reading import PageReading
from digitize.text import Word, compose_text
from tests.generated_pages import GeneratedPage, PageSpec, draw_page, save_as_jpeg, save_as_pdf, save_as_tiff

LETTERS = "aăâđeêioôơuưyÁÀẢÃẠẤẦẨẪẬẮẰẲẴẶỆỗợựỹ0123/-.,"


@pytest.fixture(scope="module")
def page() -> GeneratedPage:
    """Draw one small page."""
    return draw_page(PageSpec(seed=1, dpi=100, half=True))


def _reading(width: int, height: int, words: list[Word], *, rotation: int = 0, skew: float = 0.0) -> PageReading:
    text = compose_text(words)
    return PageReading(1, width, height, 100.0, rotation, skew, "ocr", text, tuple(words), 90.0, (), "test", 0.0)


def _line(words: list[str], x: int, y: int) -> list[Word]:
    made = []
    for word in words:
        made.append(Word(word, (x, y, 14 * len(word), 24), 90.0, 0, 0))
        x += 14 * len(word) + 10
    return made


def test_picture_bytes_stay_identical_and_the_source_is_untouched(page: GeneratedPage, tmp_path: Path) -> None:
    """The JPEG inside is the same to the byte; the file read from is never written."""
    source = save_as_pdf([page], tmp_path / "scan.pdf")
    before = hashlib.sha256(source.read_bytes()).digest()
    made = write_searchable(source, [_reading(827, 585, _line(["Ủy", "ban"], 100, 100))], tmp_path / "out.pdf")
    assert made.pdfa
    assert made.why == ()
    assert hashlib.sha256(source.read_bytes()).digest() == before
    assert _stored(tmp_path / "out.pdf") == _stored(source)


def test_a_line_is_found_whole_with_every_vietnamese_letter(page: GeneratedPage, tmp_path: Path) -> None:
    """Words and spaces come out as they went in, and at their boxes."""
    source = save_as_pdf([page], tmp_path / "scan.pdf")
    words = _line(["Quyết", "định", "ĐẶNG", "Thuỷ", "ỡ", "12/QĐ-UBND"], 60, 200)
    write_searchable(source, [_reading(*page.image.size, words)], tmp_path / "out.pdf")
    told = subprocess.run(["pdftotext", str(tmp_path / "out.pdf"), "-"], capture_output=True, text=True, check=True)
    assert told.stdout.split("\n")[0] == "Quyết định ĐẶNG Thuỷ ỡ 12/QĐ-UBND"
    found = extract_words(tmp_path / "out.pdf", 1, 10)
    scale = 100 / 72 / 1000
    for word, seen in zip(words, found, strict=True):
        assert abs(seen.box[0] * scale - word.box[0]) < 2
        assert abs(seen.box[2] * scale - word.box[2]) < 3
        middle = (seen.box[1] + seen.box[3] / 2) * scale
        assert abs(middle - (word.box[1] + word.box[3] / 2)) < 8


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_text_lies_at_its_box_however_page_and_scan_are_turned(
    rotate: int, rotation: int, page: GeneratedPage, tmp_path: Path
) -> None:
    """/Rotate of the page and a scan lying on its side are both followed."""
    source = save_as_pdf([page], tmp_path / "scan.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Rotate = rotate
        pdf.save(source)
    width, height = page.image.size if rotate in (0, 180) else page.image.size[::-1]
    box = (200, 150, 90, 20) if rotation in (0, 180) else (200, 150, 20, 90)
    word = Word("Phường", box, 90.0, 0, 0)
    write_searchable(source, [_reading(width, height, [word], rotation=rotation)], tmp_path / "out.pdf")
    found = extract_words(tmp_path / "out.pdf", 1, 10)
    assert [one.text for one in found] == ["Phường"]
    scale = 100 / 72 / 1000
    assert abs((found[0].box[0] + found[0].box[2] / 2) * scale - (box[0] + box[2] / 2)) < 8
    assert abs((found[0].box[1] + found[0].box[3] / 2) * scale - (box[1] + box[3] / 2)) < 8


@pytest.mark.parametrize("skew", [-3.0, 1.5])
def test_words_on_slanting_lines_stay_whole(skew: float, page: GeneratedPage, tmp_path: Path) -> None:
    """Poppler gathers text by base line; no word of a skewed page is broken."""
    source = save_as_pdf([page], tmp_path / "scan.pdf")
    words = _line(["Nghiêng", "nghiêng", "trường", "phường"], 60, 250)
    write_searchable(source, [_reading(*page.image.size, words, skew=skew)], tmp_path / "out.pdf")
    assert sorted(w.text for w in extract_words(tmp_path / "out.pdf", 1, 10)) == sorted(w.text for w in words)


@pytest.mark.parametrize("kind", ["jpg", "png", "tif", "webp", "bmp", "palette.png", "grey.png", "bits.tif"])
def test_a_picture_file_becomes_pages_without_loss(kind: str, page: GeneratedPage, tmp_path: Path) -> None:
    """JPEG bytes are carried as they are; every other kind shows the very same pixels."""
    path = tmp_path / f"scan.{kind}"
    image = page.image
    if kind == "bits.tif":
        save_as_tiff([draw_page(PageSpec(seed=3, dpi=72, half=True, one_bit=True))] * 2, path)
    elif kind == "jpg":
        save_as_jpeg(page, path)
    else:
        image = image.quantize(16) if kind == "palette.png" else image.convert("L") if kind == "grey.png" else image
        image.save(path, **({"lossless": True} if kind == "webp" else {"dpi": (100, 100)}))
    made = write_searchable(path, [], tmp_path / "out.pdf")
    assert made.pdfa
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert len(pdf.pages) == (2 if kind == "bits.tif" else 1)
        stored = pdf.pages[0].Resources.XObject.Scan
        if kind == "jpg":
            assert stored.read_raw_bytes() == path.read_bytes()
        else:
            with Image.open(path) as original:
                assert (
                    pikepdf.PdfImage(stored).as_pil_image().convert("RGB").tobytes()
                    == original.convert("RGB").tobytes()
                )
        if kind not in ("bits.tif", "webp"):
            assert float(pdf.pages[0].mediabox[2]) == pytest.approx(image.width * 0.72, abs=0.5)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_lies_turned_on_its_page(orientation: int, page: GeneratedPage, tmp_path: Path) -> None:
    """The page drawn from the copy looks as a viewer shows the photo."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "photo.jpg"
    page.image.reduce(2).save(path, exif=exif, dpi=(72, 72), quality=90)
    write_searchable(path, [], tmp_path / "out.pdf")
    subprocess.run(["pdftoppm", "-r", "72", "-png", str(tmp_path / "out.pdf"), str(tmp_path / "drawn")], check=True)
    from PIL import ImageChops, ImageOps, ImageStat

    with Image.open(path) as stored, Image.open(tmp_path / "drawn-1.png") as drawn:
        wanted = ImageOps.exif_transpose(stored).convert("L").reduce(4)
        seen = drawn.convert("L").resize(ImageOps.exif_transpose(stored).size).reduce(4)
        assert ImageStat.Stat(ImageChops.difference(wanted, seen)).mean[0] < 8


def test_a_file_that_cannot_be_pdfa_says_why_and_is_still_searchable(page: GeneratedPage, tmp_path: Path) -> None:
    """A page with a font that is not embedded stays a plain PDF with the rule named."""
    source = save_as_pdf([page], tmp_path / "scan.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        pdf.pages[0].add_resource(font, pikepdf.Name.Font, pikepdf.Name.F1)
        pdf.pages[0].contents_add(pdf.make_stream(b"BT /F1 9 Tf 100 20 Td (drawn) Tj ET"))
        pdf.save(source)
    words = _line(["một", "hai"], 100, 100)
    made = write_searchable(source, [_reading(*page.image.size, words)], tmp_path / "out.pdf")
    assert not made.pdfa
    assert made.why
    assert {w.text for w in extract_words(tmp_path / "out.pdf", 1, 10)} == {"drawn", "một", "hai"}


def test_words_already_drawn_are_not_written_twice(page: GeneratedPage, tmp_path: Path) -> None:
    """A text layer that stands already is not repeated."""
    source = save_as_pdf([page], tmp_path / "scan.pdf")
    drawn = Word("có", (10, 10, 20, 10), 100.0, 0, 0, drawn=True)
    write_searchable(source, [_reading(*page.image.size, [drawn])], tmp_path / "out.pdf")
    assert extract_words(tmp_path / "out.pdf", 1, 10) == []


def test_a_file_that_is_no_scan_has_a_code(tmp_path: Path) -> None:
    """There is no searchable copy of nothing."""
    (tmp_path / "x").write_bytes(b"nothing")
    with pytest.raises(FileError) as caught:
        write_searchable(tmp_path / "x", [], tmp_path / "out.pdf")
    assert caught.value.code == "foreign"
    assert not (tmp_path / "out.pdf").exists()


def test_a_thumbnail_is_small_and_keeps_the_shape(page: GeneratedPage, tmp_path: Path) -> None:
    """WebP, its longest side as asked."""
    source = save_as_pdf([page], tmp_path / "scan.pdf")
    write_thumbnail(source, tmp_path / "small.webp", longest_side=120)
    with Image.open(tmp_path / "small.webp") as small:
        assert small.format == "WEBP"
        assert small.size == (120, 85)


def test_the_font_is_sound() -> None:
    """The checksum of the whole font comes out as the specification demands."""
    data = build_font()
    total = sum(int.from_bytes((data + bytes(-len(data) % 4))[at : at + 4], "big") for at in range(0, len(data), 4))
    assert total & 0xFFFFFFFF == 0xB1B0AFBA


@given(st.text(alphabet=LETTERS, max_size=40))
def test_every_letter_has_a_code_of_its_own_and_a_way_back(text: str) -> None:
    """What is written as codes is told by the map letter for letter."""
    codes = number_letters([text])
    assert len(set(codes.values())) == len(codes)
    coded = encode_text(text, codes)[1:-1].decode()
    back = {f"{code:04X}": letter for letter, code in codes.items()}
    assert "".join(back[coded[at : at + 4]] for at in range(0, len(coded), 4)) == text
    cmap = build_cmap(codes).decode()
    assert all(f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" in cmap for letter, code in codes.items())


@given(st.tuples(*[st.floats(-5, 5) for _ in range(6)]))
def test_undoing_a_map_gives_back_the_point(matrix: tuple[float, float, float, float, float, float]) -> None:
    """Inverting and multiplying agree."""
    a, b, c, d, _, _ = matrix
    if abs(a * d - b * c) < 0.1:
        return
    assert multiply(matrix, invert(matrix)) == pytest.approx((1, 0, 0, 1, 0, 0), abs=1e-6)


def _stored(path: Path) -> bytes:
    with pikepdf.open(path) as pdf:
        return bytes(pdf.pages[0].Resources.XObject.Im0.read_raw_bytes())
