"""From the page to the engine's picture and back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitize.cleaning import (
    Transform,
    choose_scale,
    find_edges,
    find_ink,
    measure_skew,
    pick_grey,
    straighten,
)
from digitize.directions import guess_turn
from digitize.quality import Thresholds, measure_ink
from tests.generated_pages import PageSpec, draw_page


def _forward(transform: Transform, x: float, y: float) -> tuple[float, float]:
    """Bring a point of the page to the prepared picture, step by step as the picture was made."""
    x, y = x * transform.scale, y * transform.scale
    wide, high = transform.width * transform.scale, transform.height * transform.scale
    if transform.turn == 90:
        x, y, wide, high = high - y, x, high, wide
    elif transform.turn == 180:
        x, y = wide - x, high - y
    elif transform.turn == 270:
        x, y, wide, high = y, wide - x, high, wide
    angle = math.radians(transform.skew)
    dx, dy = x - wide / 2, y - high / 2
    return wide / 2 + dx * math.cos(angle) + dy * math.sin(angle), high / 2 - dx * math.sin(angle) + dy * math.cos(
        angle
    )


@given(
    st.sampled_from([0, 90, 180, 270]),
    st.floats(-5, 5),
    st.floats(0.3, 1.0),
    st.floats(0.1, 0.9),
    st.floats(0.1, 0.9),
)
def test_boxes_come_back_to_where_the_words_stand(turn: int, skew: float, scale: float, u: float, v: float) -> None:
    """A point taken to the prepared picture and back lands on itself, within a pixel."""
    transform = Transform(1654, 2338, scale, turn, skew)
    x, y = 1654 * u, 2338 * v
    there = _forward(transform, x, y)
    left, top, wide, high = transform.place((there[0], there[1], 0.0, 0.0))
    assert abs(left + wide / 2 - x) <= 1.5
    assert abs(top + high / 2 - y) <= 1.5


@given(st.tuples(st.floats(-50, 900), st.floats(-50, 900), st.floats(0, 500), st.floats(0, 500)))
def test_boxes_stay_on_the_page(box: tuple[float, float, float, float]) -> None:
    """Whatever the engine says, a box has a size and begins on the page."""
    x, y, w, h = Transform(800, 600, 1.0, 0, 3.0).place(box)
    assert w >= 1
    assert h >= 1
    assert x >= 0
    assert y >= 0


@pytest.mark.parametrize("skew", [-3.1, -0.7, 0.0, 1.3, 4.0])
def test_skew_is_measured_to_a_tenth_of_a_degree(skew: float) -> None:
    """Lines that sink to the right have positive skew; straightening brings them level."""
    page = draw_page(PageSpec(seed=5, dpi=150, skew=skew, half=True)).image.convert("L")
    ink = find_ink(np.asarray(page.reduce(2)))
    assert measure_skew(find_edges(ink)) == pytest.approx(skew, abs=0.12)
    level = find_ink(np.asarray(straighten(page, skew).reduce(2)))
    assert measure_skew(find_edges(level)) == pytest.approx(0.0, abs=0.12)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_lying_on_its_side_or_head_is_seen_from_its_ink(turned: int) -> None:
    """The turn that makes it upright is told before anything is read."""
    page = draw_page(PageSpec(seed=6, dpi=100, paragraphs=8)).image.convert("L")
    lying = page.rotate(turned, expand=True)  # counter-clockwise, so clockwise by as much brings it back
    assert guess_turn(find_ink(np.asarray(lying)))[0] == turned


def test_a_red_stamp_vanishes_and_black_text_stays() -> None:
    """In the lightest channel the stamped page looks like the page without its stamp."""
    plain = draw_page(PageSpec(seed=8, dpi=100, noise=0))
    stamped = draw_page(PageSpec(seed=8, dpi=100, noise=0, stamped=True))
    _, _, ink_plain = pick_grey(plain.image, 100)
    _, _, ink_stamped = pick_grey(stamped.image, 100)
    assert abs(int(ink_stamped.sum()) - int(ink_plain.sum())) < 0.12 * ink_plain.sum()


def test_text_written_in_red_is_not_lost() -> None:
    """A page with coloured text only keeps it, in plain grey."""
    black = draw_page(PageSpec(seed=9, dpi=100, noise=0, half=True)).image
    red = np.asarray(black).copy()
    red[..., 0] = np.maximum(red[..., 0], 200)
    _, _, ink = pick_grey(Image.fromarray(red), 100)
    assert ink.sum() > 1000


def test_a_noisy_blank_page_has_no_ink_and_a_page_with_one_line_has() -> None:
    """Grain and specks are no ink; a line of text is."""
    grain = np.random.default_rng(1).normal(235, 9, (1169, 827)).clip(0, 255).astype(np.uint8)
    bound = Thresholds().blank_ink
    assert measure_ink(grain, find_ink(grain)).share < bound
    lined = draw_page(PageSpec(seed=2, dpi=100, half=True, paragraphs=0)).image.convert("L")
    assert measure_ink(np.asarray(lined), find_ink(np.asarray(lined))).share > bound


def test_only_pages_finer_than_wanted_are_made_smaller() -> None:
    """A coarse scan is never blown up."""
    assert choose_scale(150, True, 200, 300) == 1.0
    assert choose_scale(600, True, 300, 300) == 0.5
    assert choose_scale(310, False, 200, 300) == 1.0
