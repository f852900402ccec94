"""Which way up a page is, told from its ink: lines of text pile up across the page, and their feet more than heads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitize.cleaning import measure_skew

_SIDEWAYS = 1.6
_UPSIDE_DOWN = 1.15


def guess_turn(ink: NDArray[np.bool_]) -> int:
    """Guess how far a page must be turned clockwise (0, 90, 180, 270) to stand upright; 0 unless the ink is clear."""
    _, level = measure_skew(ink)
    _, sideways = measure_skew(np.rot90(ink, -1))
    if sideways > level * _SIDEWAYS and sideways > 2.0:
        clockwise = np.rot90(ink, -1)
        return 90 if weigh_feet(clockwise) >= 1.0 else 270
    return 180 if level > 2.0 and weigh_feet(ink) < 1.0 / _UPSIDE_DOWN else 0


def weigh_feet(ink: NDArray[np.bool_]) -> float:
    """Compare how sharply the feet of lines stand out with how sharply their heads do; above 1 text is upright.

    Latin letters share a base line, while capitals, ascenders and Vietnamese marks end at many heights.
    """
    _, feet = measure_skew(ink)
    _, heads = measure_skew(ink[::-1])
    return feet / max(heads, 1e-6)
