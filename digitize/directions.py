"""Which way up a page is, told from its ink alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitize.cleaning import find_edges, measure_skew, pile_up

_SIDEWAYS = 1.6
_LINES = 2.0
_UPSIDE_DOWN = 1.15


def guess_turn(ink: NDArray[np.bool_]) -> tuple[int, float]:
    """Guess how far a page must be turned clockwise to stand upright, and its skew once it does.

    The turn is 0, 90, 180 or 270, and 0 unless the ink is clear about it; skew is how far, in degrees, lines
    sink to the right.
    """
    level = find_edges(ink)
    skew = measure_skew(level)
    turned = np.rot90(ink, -1)
    sideways = find_edges(turned)
    turned_skew = measure_skew(sideways) if pile_up(sideways, 0.0) > pile_up(level, skew) else 0.0
    across = pile_up(sideways, turned_skew)
    if across > pile_up(level, skew) * _SIDEWAYS and across > _LINES:
        return (90 if weigh_feet(turned, turned_skew) >= 1.0 else 270), turned_skew
    upside_down = pile_up(level, skew) > _LINES and weigh_feet(ink, skew) < 1.0 / _UPSIDE_DOWN
    return (180 if upside_down else 0), skew


def weigh_feet(ink: NDArray[np.bool_], skew: float) -> float:
    """Compare how sharply feet and heads of lines stand out; above 1 the text is upright.

    Latin letters share a base line, while capitals, ascenders and Vietnamese marks end at many heights.
    """
    return pile_up(find_edges(ink), skew) / pile_up(find_edges(ink[::-1]), -skew)
