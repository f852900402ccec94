"""Codes read back from images of paper: the only file that knows the reading engine.

A reading counts only where it has the form of our payloads and its check character is right; the host in it is not
looked at, so a label outlives an address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import zxingcpp

from archive.refs import Kind, Ref, read_ref

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
# What begins something in a stack of paper, and the form its code has before the check character is looked at.
_BEGINS = frozenset({Kind.BOX, Kind.DOSSIER, Kind.SEPARATOR})
_FORM = re.compile(r"HTTP://[^/\s]+/[BDS]/[0-9A-Z]{9}")


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


@dataclass(frozen=True)
class Sheet:
    """A cover sheet: what it begins, or None and the texts of its codes where that is in doubt."""

    ref: Ref | None
    text: str


def read_codes(image: Any, thoroughly: bool = False) -> list[Mark]:
    """Return our codes in a grey or colour image (a Pillow image or a numpy array of bytes).

    By default as on every scanned page (9 ms at 300 dpi); `thoroughly` also tries smaller, inverted and turned images,
    for photos. What is not a code of ours is left out.
    """
    return [mark for mark in _read(image, thoroughly) if mark.ref.kind is not None]


def find_cover(image: Any, width: int, height: int) -> Sheet | None:
    """Return what cover sheet a scanned page is, None for any other page.

    Sheets begin a box, a dossier or a document. One whose code has our form but is none of ours (a wrong check
    character), or that says two things at once, is in doubt: its `ref` is None.
    """
    marks = [mark for mark in _read(image, False) if mark.ref.kind in _BEGINS or _FORM.fullmatch(mark.text)]
    said = {mark.text: mark for mark in marks if _makes_cover(mark, marks, width, height)}
    if not said:
        return None
    refs = {mark.ref for mark in said.values()}
    ref = refs.pop() if len(refs) == 1 else None
    return Sheet(ref if ref is not None and ref.kind is not None else None, " ".join(sorted(said)))


def _read(image: Any, thoroughly: bool) -> list[Mark]:
    """Return every code of ours in an image, and what has its form: that has no kind."""
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
            ref = Ref(None, each.text)
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
        if _makes_cover(mark, marks, width, height):
            return mark.ref, round(mark.turned / 90) % 4 * 90
    return None


def _makes_cover(mark: Mark, marks: Sequence[Mark], width: int, height: int) -> bool:
    twins = (other for other in marks if other is not mark and other.ref == mark.ref)
    # A separator with a wrong check character is one all the same.
    return (
        mark.ref.kind == Kind.SEPARATOR
        or (mark.ref.kind is None and _FORM.fullmatch(mark.text) is not None and "/S/" in mark.text)
        or any(_are_opposite(mark.middle, other.middle, width, height) for other in twins)
    )


def _are_opposite(one: tuple[float, float], other: tuple[float, float], width: int, height: int) -> bool:
    return (one[0] < width / 2) != (other[0] < width / 2) and (one[1] < height / 2) != (other[1] < height / 2)
