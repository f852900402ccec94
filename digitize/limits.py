"""Bounds on what one file may ask of the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file, page and picture that are opened; a file over them is told apart with the number.

    `file_bytes` bounds the file, `pages` their count, `pixels` one decoded picture (an A0 sheet at 300 dpi
    has 139 million), `stream_bytes` one decompressed stream of page content, `seconds` one run of a page
    renderer.
    """

    file_bytes: int = 2 * 1024**3
    pages: int = 5_000
    pixels: int = 150_000_000
    stream_bytes: int = 4 * 1024**2
    seconds: float = 60.0
    raster_pixels: int = 36_000_000
    """Pages that have to be drawn are drawn coarser rather than over this many pixels (A2 at 300 dpi)."""


DEFAULT_LIMITS = Limits()
