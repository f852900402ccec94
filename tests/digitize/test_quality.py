"""Why a person should look at a page."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from digitize.cleaning import find_ink
from digitize.quality import Ink, Thresholds, judge_page, measure_ink, weigh_legibility
from digitize.text import Word
from tests.generated_pages import PageSpec, draw_page

WELL = Ink(0.05, 150.0, ())


def _words(*texts: str, confidence: float = 92.0) -> list[Word]:
    return [Word(text, (0, 0, 10, 10), confidence, 0, 0) for text in texts]


def _codes(ink: Ink, words: list[Word], confidence: float, dpi: float = 300.0, skew: float = 0.0) -> set[str]:
    return {reason.code for reason in judge_page(ink, words, confidence, dpi, False, skew, Thresholds())}


def test_a_good_page_gives_no_reason() -> None:
    """Nobody is asked to look at what is well."""
    assert _codes(WELL, _words("Quyết", "định"), 92) == set()


@pytest.mark.parametrize(
    ("ink", "confidence", "dpi", "skew", "code"),
    [
        (WELL, 92, 150, 0.0, "low-resolution"),
        (WELL, 92, 300, -4.2, "skewed"),
        (WELL, 55, 300, 0.0, "low-confidence"),
        (Ink(0.05, 30.0, ()), 92, 300, 0.0, "faint"),
        (Ink(0.05, 150.0, ("left",)), 92, 300, 0.0, "cut-off"),
    ],
)
def test_each_trouble_has_its_code(ink: Ink, confidence: float, dpi: float, skew: float, code: str) -> None:
    """One trouble, one reason."""
    assert _codes(ink, _words("Quyết", "định"), confidence, dpi, skew) == {code}


def test_a_page_of_scribbles_is_taken_for_handwriting() -> None:
    """Low confidence and no words that could be Vietnamese."""
    assert "mostly-handwriting" in _codes(WELL, _words(*["x~w", "zq", "jk;l"] * 4, confidence=30), 30)


def test_ink_without_a_word_is_told() -> None:
    """A drawing, a photo or a seal alone: somebody should say what it is."""
    assert _codes(WELL, [], 0.0) == {"no-text"}


def test_letters_running_into_the_edge_are_cut_off_and_a_dark_lid_is_not() -> None:
    """A page laid badly on the glass is told from the scanner's lid beside it."""
    page = draw_page(PageSpec(seed=4, dpi=100, noise=0)).image.convert("L")
    whole = np.asarray(page)
    cut = np.asarray(page.crop((200, 0, page.width, page.height)))
    lidded = whole.copy()
    lidded[:, :9] = 40
    assert measure_ink(whole, find_ink(whole)).edges == ()
    assert measure_ink(lidded, find_ink(lidded)).edges == ()
    assert measure_ink(cut, find_ink(cut)).edges == ("left",)


def test_a_faded_copy_has_little_contrast() -> None:
    """A third of the ink left is faint; the page itself is not."""
    page = draw_page(PageSpec(seed=4, dpi=100, noise=0, half=True)).image.convert("L")
    faded = np.asarray(Image.eval(page, lambda v: 255 - (255 - v) // 3))
    full = np.asarray(page)
    assert measure_ink(full, find_ink(full)).contrast > 120
    assert 0 < measure_ink(faded, find_ink(faded)).contrast < 90


def test_legibility_counts_words_not_noise() -> None:
    """Vietnamese words read surely weigh near one, noise near none."""
    assert weigh_legibility(_words("Quyết", "định", "2025")) > 0.9
    assert weigh_legibility(_words("§¤", "|_|", "x~")) == 0.0
