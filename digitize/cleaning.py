"""From a page's pixels to what the engine reads, with the transform kept so that boxes find their way back."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitize import pictures
from digitize.text import Box

Grey = NDArray[np.uint8]

_SKEW_LIMIT = 8.0
_TURN_QUARTERS = {
    0: None,
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Transform:
    """How a prepared picture came from the page: scaled, turned by quarters clockwise, then deskewed.

    `width` and `height` are the page's; `scale` is prepared pixels per page pixel; `turn` is 0, 90, 180 or 270;
    `skew` is the angle in degrees by which lines sank to the right (and were turned back).
    """

    width: int
    height: int
    scale: float
    turn: int
    skew: float

    def place(self, box: tuple[float, float, float, float]) -> Box:
        """Bring a box (x, y, width, height) of the prepared picture back to page pixels."""
        x, y, w, h = box
        corners = [self._back(px, py) for px, py in ((x, y), (x + w, y), (x, y + h), (x + w, y + h))]
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        left, top = max(0, math.floor(min(xs) + 0.01)), max(0, math.floor(min(ys) + 0.01))
        right, bottom = (
            min(self.width, math.ceil(max(xs) - 0.01)),
            min(self.height, math.ceil(max(ys) - 0.01)),
        )
        return left, top, max(1, right - left), max(1, bottom - top)

    def _back(self, x: float, y: float) -> tuple[float, float]:
        wide, high = self.width * self.scale, self.height * self.scale
        if self.turn in (90, 270):
            wide, high = high, wide
        if self.skew:
            angle = math.radians(self.skew)
            dx, dy = x - wide / 2, y - high / 2
            x = wide / 2 + dx * math.cos(angle) - dy * math.sin(angle)
            y = high / 2 + dx * math.sin(angle) + dy * math.cos(angle)
        if self.turn == 90:
            x, y = y, wide - x
        elif self.turn == 180:
            x, y = wide - x, high - y
        elif self.turn == 270:
            x, y = high - y, x
        return x / self.scale, y / self.scale


def choose_scale(dpi: float, colour: bool, dpi_read: float, dpi_grey: float) -> float:
    """Choose how much smaller a page is read: colour scans down to `dpi_read`, grey ones only to `dpi_grey`."""
    wanted = dpi_read if colour else dpi_grey
    return wanted / dpi if dpi > wanted * 1.1 else 1.0


def shrink(image: Image.Image, scale: float) -> Image.Image:
    """Make a grey picture smaller by averaging; a scale of 1 gives it back as it is."""
    if scale >= 1.0:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def turn_quarters(image: Image.Image, turn: int) -> Image.Image:
    """Turn clockwise by 0, 90, 180 or 270 degrees."""
    method = _TURN_QUARTERS[turn]
    return image if method is None else image.transpose(method)


def straighten(image: Image.Image, skew: float) -> Image.Image:
    """Turn a grey page back by its skew in degrees, keeping its size; what comes in at the corners is paper."""
    if not skew:
        return image
    paper = int(np.median(np.asarray(image)[::16, ::16]))
    return image.rotate(skew, Image.Resampling.BICUBIC, fillcolor=paper)


def make_small(image: Image.Image, dpi: float, wanted: float = 100.0) -> Grey:
    """Make a copy of about 100 dpi for the tests of ink, skew and direction."""
    factor = max(1, round(dpi / wanted))
    return np.asarray(image if factor == 1 else image.reduce(factor))


def find_ink(small: Grey) -> NDArray[np.bool_]:
    """Mark the pixels that are clearly darker than the paper around them."""
    high, wide = small.shape
    tile = 32
    padded = np.pad(small, ((0, -high % tile), (0, -wide % tile)), mode="edge")
    tiles = padded.reshape(padded.shape[0] // tile, tile, padded.shape[1] // tile, tile).swapaxes(1, 2)
    paper = np.percentile(tiles.reshape(*tiles.shape[:2], -1), 80, axis=2).astype(np.float32)
    paper = np.maximum(paper, float(np.median(paper)) * 0.6)
    around = np.repeat(np.repeat(paper, tile, axis=0), tile, axis=1)[:high, :wide]
    return np.asarray(small < around * 0.72 - 8)


def measure_skew(ink: NDArray[np.bool_]) -> tuple[float, float]:
    """Measure how far text lines sink to the right, in degrees, and how sharply lines stand out (1 = not at all).

    The feet of the letters are projected along each angle: the angle at which they pile up highest wins.
    """
    feet = ink[:-1] & ~ink[1:]
    margin_y, margin_x = (int(side * 0.04) for side in feet.shape)
    feet = feet[margin_y : feet.shape[0] - margin_y, margin_x : feet.shape[1] - margin_x]
    ys, xs = np.nonzero(feet)
    if ys.size < 200:
        return 0.0, 1.0
    if ys.size > 40_000:
        step = ys.size // 40_000 + 1
        ys, xs = ys[::step], xs[::step]
    xs = xs - xs.mean()
    best, sharpness, around, step_size = 0.0, 0.0, 0.0, 0.5
    flat = _pile(ys, xs, 0.0)
    for angles in (
        np.arange(-_SKEW_LIMIT, _SKEW_LIMIT + 0.01, step_size),
        np.arange(-0.4, 0.41, 0.1),
        np.arange(-0.08, 0.09, 0.02),
    ):
        scores = [(_pile(ys, xs, around + a), around + a) for a in angles]
        sharpness, best = max(scores)
        around = best
    even = ys.size**2 / max(1.0, float(ys.max() - ys.min() + 1))
    if sharpness < flat * 1.02:
        best, sharpness = 0.0, flat
    return round(best, 2), sharpness / even


def _pile(ys: NDArray[np.intp], xs: NDArray[np.float64], angle: float) -> float:
    rows = np.rint(ys - xs * math.tan(math.radians(angle))).astype(np.int64)
    counts = np.bincount(rows - rows.min())
    return float(np.dot(counts, counts))


def pick_grey(image: Image.Image) -> Image.Image:
    """Choose the grey channel of a page: max(R, G, B), or plain grey where the text itself is written in colour."""
    if image.mode == "L":
        return image
    lightest = pictures.pick_lightest(image)
    factor = max(1, round(min(image.size) / 800))
    ink_lightest = int(find_ink(np.asarray(lightest.reduce(factor))).sum())
    plain = image.reduce(factor).convert("L")
    ink_plain = int(find_ink(np.asarray(plain)).sum())
    return image.convert("L") if ink_plain > 4 * ink_lightest + 200 else lightest
