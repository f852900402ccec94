"""Reading whole scans: what is read, what is not, and that one page spoils no other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from digitize import ReadSettings, read, read_pages
from digitize.layers import write_searchable
from digitize.limits import Limits
from tests.digitize.engines import make_language_folder, make_picky_engine, make_silent_engine
from tests.generated_pages import GeneratedPage, PageSpec, draw_page, save_as_jpeg, save_as_pdf, save_as_tiff


def _error(truth: str, text: str) -> float:
    clean, told = " ".join(truth.split()), " ".join(text.split())
    return Levenshtein.distance(clean, told) / len(clean)


def _stub(tmp_path: Path, program: str, **more: object) -> ReadSettings:
    return ReadSettings(engine=program, tessdata=make_language_folder(tmp_path / "lang"), **more)  # type: ignore[arg-type] # test doubles


@pytest.fixture(scope="module")
def stamped() -> GeneratedPage:
    """Draw a stamped, slightly skewed half page at 200 dpi."""
    return draw_page(PageSpec(seed=11, dpi=200, half=True, stamped=True, skew=1.5, yellow=True))


def test_a_stamped_skewed_page_is_read_almost_without_error(stamped: GeneratedPage, tmp_path: Path) -> None:
    """Text, confidence, skew and boxes are right; boxes lie on the ink of the page as stored."""
    reading = read(save_as_pdf([stamped], tmp_path / "scan.pdf"))
    page = reading.pages[0]
    assert (reading.kind, page.source, page.rotation) == ("pdf", "ocr", 0)
    assert _error(stamped.text, page.text) < 0.04
    assert page.confidence > 85
    assert page.skew == pytest.approx(1.5, abs=0.15)
    assert (page.width, page.height) == stamped.image.size
    dark = np.asarray(stamped.image.convert("L")) < 110
    inked = [dark[y : y + h, x : x + w].mean() for x, y, w, h in (word.box for word in page.words)]
    assert np.mean([share > 0.03 for share in inked]) > 0.97


@pytest.mark.parametrize("turned", [90, 180])
def test_a_page_scanned_lying_is_read_and_its_boxes_lie_where_the_words_lie(turned: int, tmp_path: Path) -> None:
    """The turn needed is told, and boxes stay in the pixels of the page as shown."""
    page = draw_page(PageSpec(seed=12, dpi=150, half=True))
    lying = page.image.rotate(turned, expand=True)
    path = tmp_path / "lying.jpg"
    lying.save(path, dpi=(150, 150), quality=90)
    found = read(path).pages[0]
    assert found.rotation == turned
    assert (found.width, found.height) == lying.size
    assert _error(page.text, found.text) < 0.05
    dark = np.asarray(lying.convert("L")) < 110
    assert np.mean([dark[y : y + h, x : x + w].any() for x, y, w, h in (word.box for word in found.words)]) > 0.97


def test_a_blank_page_is_marked_and_not_read(tmp_path: Path) -> None:
    """No engine is started for it, and it is still a page."""
    grain = np.random.default_rng(3).normal(240, 6, (1100, 800)).clip(0, 255).astype(np.uint8)
    Image.fromarray(grain).save(tmp_path / "blank.png", dpi=(100, 100))
    page = read(tmp_path / "blank.png", settings=ReadSettings(engine="/no/such/engine")).pages[0]
    assert (page.source, page.text, page.words) == ("blank", "", ())
    assert [reason.code for reason in page.reasons] == ["blank"]


def test_a_searchable_copy_is_not_read_again(stamped: GeneratedPage, tmp_path: Path) -> None:
    """The layer written is good enough to be taken as it is, word for word."""
    path = save_as_pdf([stamped], tmp_path / "scan.pdf")
    first = read(path)
    write_searchable(path, first.pages, tmp_path / "layered.pdf")
    again = read(tmp_path / "layered.pdf", settings=ReadSettings(engine="/no/such/engine")).pages[0]
    assert again.source == "layer"
    assert sorted(again.text.split()) == sorted(first.pages[0].text.split())


def test_a_broken_picture_between_good_ones_fails_alone(stamped: GeneratedPage, tmp_path: Path) -> None:
    """Its neighbours are read, and the reason says what was wrong."""
    path = save_as_tiff([draw_page(PageSpec(seed=n, dpi=72, half=True)) for n in (1, 2, 3)], tmp_path / "three.tif")
    with Image.open(path) as image:
        image.seek(1)
        start = image.tag_v2[273][0]  # type: ignore[attr-defined] # a TIFF has tags
    data = bytearray(path.read_bytes())
    data[start : start + 400] = bytes(400)
    path.write_bytes(data)
    pages = read(path, settings=_stub(tmp_path, make_silent_engine(tmp_path))).pages
    assert [page.source for page in pages] == ["ocr", "failed", "ocr"]
    assert pages[1].reasons[0].facts["code"] == "image-broken"


@pytest.mark.parametrize(("fault", "code"), [("kill -SEGV $$", "engine-crash"), ("sleep 30", "page-timeout")])
def test_the_page_that_kills_the_engine_is_found_and_the_rest_is_read(fault: str, code: str, tmp_path: Path) -> None:
    """When a group fails, its pages are read one by one."""
    path = save_as_pdf([draw_page(PageSpec(seed=n, dpi=72, half=True)) for n in (1, 2, 3)], tmp_path / "three.pdf")
    settings = _stub(tmp_path, make_picky_engine(tmp_path, 2, fault), page_seconds=0.7)
    pages = read(path, settings=settings).pages
    assert [page.source for page in pages] == ["ocr", "failed", "ocr"]
    assert pages[1].reasons[-1].facts["code"] == code


def test_pages_come_as_they_are_done_and_attempts_can_be_recorded(tmp_path: Path) -> None:
    """`before` hears of a group before it is touched; pages not wanted are left alone."""
    path = save_as_pdf([draw_page(PageSpec(seed=n, dpi=72, half=True)) for n in range(1, 6)], tmp_path / "five.pdf")
    heard: list[tuple[int, ...]] = []
    settings = _stub(tmp_path, make_silent_engine(tmp_path), pages_per_call=2)
    done = read_pages(path, wanted=[1, 2, 4, 5, 99], settings=settings, before=heard.append)
    assert next(done).number == 1
    assert heard == [(1, 2)]
    assert [page.number for page in done] == [2, 4, 5]
    assert heard == [(1, 2), (4, 5)]


def test_codes_are_looked_for_on_the_grey_page(tmp_path: Path) -> None:
    """The finder handed in sees the page in its own pixels."""
    page = draw_page(PageSpec(seed=1, dpi=72, half=True))
    path = save_as_jpeg(page, tmp_path / "one.jpg")
    settings = _stub(tmp_path, make_silent_engine(tmp_path))
    found = read(path, settings=settings, find_codes=lambda grey: [f"{grey.shape[1]}x{grey.shape[0]}"]).pages[0]
    assert found.codes == (f"{page.image.width}x{page.image.height}",)


def test_a_scan_too_coarse_is_read_and_shown_to_a_person(tmp_path: Path) -> None:
    """72 dpi is below what the archive accepts; the number and the bound are told."""
    path = save_as_jpeg(draw_page(PageSpec(seed=1, dpi=100, half=True)), tmp_path / "one.jpg")
    page = read(path, settings=_stub(tmp_path, make_silent_engine(tmp_path))).pages[0]
    reasons = {reason.code: reason.facts for reason in page.reasons}
    assert reasons["low-resolution"] == {"dpi": 100, "bound": 195, "guessed": False}
    assert "no-text" in reasons


def test_a_page_over_the_pixel_limit_fails_alone(tmp_path: Path) -> None:
    """The limit and the number stand in the reason."""
    path = save_as_jpeg(draw_page(PageSpec(seed=1, dpi=72, half=True)), tmp_path / "one.jpg")
    page = read(path, settings=ReadSettings(limits=Limits(pixels=1000))).pages[0]
    assert page.source == "failed"
    assert page.reasons[0].facts["code"] == "too-many-pixels"


def test_text_a_signature_shows_over_the_scan_is_found_too(tmp_path: Path) -> None:
    """Visible text of the file is added to what is read, marked as already drawn."""
    path = save_as_pdf([draw_page(PageSpec(seed=1, dpi=72, half=True))], tmp_path / "signed.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.add_resource(font, pikepdf.Name.Font, pikepdf.Name.F1)
        page.contents_add(pdf.make_stream(b"BT /F1 9 Tf 100 20 Td (Signed 20.02.2025 by the ward) Tj ET"))
        pdf.save(path)
    found = read(path, settings=_stub(tmp_path, make_silent_engine(tmp_path))).pages[0]
    assert found.text == "Signed 20.02.2025 by the ward"
    assert all(word.drawn for word in found.words)
