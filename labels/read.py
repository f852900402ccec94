"""Codes read back from images of paper: the only file that knows the reading engine.

A reading counts only where it has the form of our payloads and its check character is right; the host in it is not
looked at, so a label outlives an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import zxingcpp

from archive.refs import Ref, read_ref

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True)
class Mark:
    """One code found in an image: what it means, its corners in pixels, and how far it is turned clockwise (degrees).

    `corners` begin at the code's own upper left and go round clockwise as seen on an upright sheet.
    """

    ref: Ref
    text: str
    corners: tuple[tuple[int, int], ...]
    turned: int

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of the code."""
        return sum(x for x, _y in self.corners) / 4, sum(y for _x, y in self.corners) / 4


def read_codes(image: Any, thoroughly: bool = False) -> list[Mark]:
    """Return our codes in a grey or colour image (a Pillow image or a numpy array of bytes).

    By default as on every scanned page (9 ms at 300 dpi); `thoroughly` also tries smaller, inverted and turned images,
    for photos. What is not a code of ours is left out.
    """
    found = zxingcpp.read_barcodes(
        image,
        formats=_QR,
        try_downscale=thoroughly,
        try_invert=thoroughly,
        try_rotate=thoroughly,
    )
    marks = []
    for each in found:
        ref = read_ref(each.text)
        if ref is None or ref.kind is None:
            continue
        place = each.position
        corners = tuple(
            (corner.x, corner.y) for corner in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        )
        marks.append(Mark(ref, each.text, corners, round(each.orientation) % 360))
    return marks


def cover_on(marks: Sequence[Mark], width: int, height: int) -> tuple[Ref, int] | None:
    """Return what cover sheet a page is and by how many quarter turns (degrees, clockwise) it lies wrong; None if none.

    A separator's code alone is enough, for a corner may be torn. Any other code makes a cover only when it stands in
    two opposite corners: a label that was scanned with its dossier must not begin a new one.
    """
    for mark in marks:
        twin = any(
            other.ref == mark.ref and _are_opposite(mark.middle, other.middle, width, height)
            for other in marks
            if other is not mark
        )
        if twin or mark.ref.kind == "S":
            return mark.ref, round(mark.turned / 90) % 4 * 90
    return None


def _are_opposite(one: tuple[float, float], other: tuple[float, float], width: int, height: int) -> bool:
    return (one[0] < width / 2) != (other[0] < width / 2) and (one[1] < height / 2) != (other[1] < height / 2)
