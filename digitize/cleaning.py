"""From a page's pixels to what the engine reads, with the way back kept for boxes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitize import pictures
from digitize.text import Box

Grey = NDArray[np.uint8]
Points = tuple[NDArray[np.intp], NDArray[np.float64]]

_SKEW_LIMIT = 8.0
_POINTS = 30_000
_FEW_POINTS = 200
_TURN_QUARTERS = {
    0: None,
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Transform:
    """How a prepared picture came from the page: scaled, turned by quarters clockwise, then deskewed.

    `width` and `height` are the page's; `scale` is prepared pixels per page pixel; `turn` is 0, 90, 180 or
    270; `skew` is the angle in degrees by which lines sank to the right (and were turned back).
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
    """Choose how much smaller a page is read: colour scans at `dpi_read`, grey ones at `dpi_grey`."""
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
    """Turn a grey page back by its skew in degrees, keeping its size and filling corners with paper."""
    if not skew:
        return image
    paper = int(np.median(np.asarray(image)[::16, ::16]))
    return image.rotate(skew, Image.Resampling.BICUBIC, fillcolor=paper)


def find_ink(small: Grey) -> NDArray[np.bool_]:
    """Mark the pixels that are clearly darker than the paper around them, faded ones too."""
    high, wide = small.shape
    tile = 32
    padded = np.pad(small, ((0, -high % tile), (0, -wide % tile)), mode="edge")
    tiles = padded.reshape(padded.shape[0] // tile, tile, padded.shape[1] // tile, tile).swapaxes(1, 2)
    paper = np.percentile(tiles.reshape(*tiles.shape[:2], -1), 80, axis=2).astype(np.float32)
    paper = np.maximum(paper, float(np.median(paper)) * 0.6)
    around = np.repeat(np.repeat(paper, tile, axis=0), tile, axis=1)[:high, :wide]
    strong = small < around * 0.72 - 8
    # Faded ink must count, grain must not: the paper's own spread is told from what lies above its level.
    above = small[small > around].astype(np.float32) - around[small > around]
    grain = float(np.sqrt(np.mean(np.square(above)))) if above.size > 100 else 0.0
    weak = small < np.minimum(around * 0.84 - 6, around - 6 * grain)
    return np.asarray(weak if int(weak.sum()) > 4 * int(strong.sum()) else strong)


def find_edges(ink: NDArray[np.bool_]) -> Points:
    """List the lower edges of the ink inside the margins, the feet of letters above all."""
    feet = ink[:-1] & ~ink[1:]
    margin_y, margin_x = (int(side * 0.04) for side in feet.shape)
    feet = feet[margin_y : feet.shape[0] - margin_y, margin_x : feet.shape[1] - margin_x]
    ys, xs = np.nonzero(feet)
    if ys.size > _POINTS:
        step = ys.size // _POINTS + 1
        ys, xs = ys[::step], xs[::step]
    return ys, xs - feet.shape[1] / 2


def measure_skew(points: Points) -> float:
    """Measure how far text lines sink to the right, in degrees, from the lower edges of the ink.

    The edges are projected along each angle: the angle at which they pile up highest is that of the lines.
    """
    if points[0].size < _FEW_POINTS:
        return 0.0
    flat, best = pile_up(points, 0.0), 0.0
    for reach, step in ((_SKEW_LIMIT, 0.5), (0.4, 0.1), (0.08, 0.02)):
        angles = best + np.arange(-reach, reach + step / 2, step)
        best = max(angles, key=lambda angle: pile_up(points, angle))
    return round(float(best), 2) if pile_up(points, best) > flat * 1.02 else 0.0


def pile_up(points: Points, angle: float) -> float:
    """Tell how high edges pile up along an angle in degrees: 1 when even, more when they form lines."""
    ys, xs = points
    if ys.size < _FEW_POINTS:
        return 1.0
    rows = np.rint(ys - xs * math.tan(math.radians(angle))).astype(np.int64)
    rows -= rows.min()
    counts = np.bincount(rows)
    return float(np.dot(counts, counts)) * (int(ys.max()) - int(ys.min()) + 1) / ys.size**2


def pick_grey(image: Image.Image, dpi: float) -> tuple[Image.Image, Grey, NDArray[np.bool_]]:
    """Choose the grey channel of a page and give it with a copy of about 100 dpi and the ink of that.

    The channel is max(R, G, B), in which red stamps vanish, or plain grey where the text itself is in colour.
    """
    factor = max(1, round(dpi / 100))
    small = image if factor == 1 else image.reduce(factor)
    lightest = np.asarray(pictures.pick_lightest(small))
    ink = find_ink(lightest)
    if image.mode == "L":
        return image, lightest, ink
    plain = np.asarray(small.convert("L"))
    ink_plain = find_ink(plain)
    if int(ink_plain.sum()) > 4 * int(ink.sum()) + 200:
        return image.convert("L"), plain, ink_plain
    return pictures.pick_lightest(image), lightest, ink
