"""One page made ready for the engine, or found to need none: blank, or with good text of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitize.batches import is_doubtful
from digitize.cleaning import (
    Transform,
    choose_scale,
    pick_grey,
    shrink,
    straighten,
    turn_quarters,
)
from digitize.directions import guess_turn
from digitize.errors import PageError
from digitize.layertext import covers_ink, judge_layer
from digitize.pages import PageImage
from digitize.quality import Ink, Reason, Thresholds, measure_ink
from digitize.text import PageText, Word, compose_page

# Names the cover sheet that a grey page is; nothing for any other page.
FindCodes = Callable[[NDArray[np.uint8]], Sequence[str]]
_STRAIGHT = 0.5
_EMPTY = PageText((), "", 0.0)


@dataclass(frozen=True, slots=True)
class Finished:
    """A page that is done: everything a reading says of it."""

    number: int
    width: int = 0
    height: int = 0
    dpi: float = 0.0
    rotation: int = 0
    skew: float = 0.0
    source: Literal["ocr", "layer", "blank", "cover", "failed"] = "failed"
    page: PageText = _EMPTY
    reasons: tuple[Reason, ...] = ()
    engine: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page ready for the engine: the picture's path, how it came from the page, and what is known of it."""

    page: PageImage
    picture: Path
    transform: Transform
    ink: Ink
    extra: tuple[Word, ...]
    reasons: tuple[Reason, ...]
    codes: tuple[str, ...]

    @property
    def number(self) -> int:
        """The page's number, from 1."""
        return self.page.number


def prepare_page(
    page: PageImage,
    folder: Path,
    dpi_read: float,
    dpi_grey: float,
    keep_layers: bool,
    bounds: Thresholds,
    find_codes: FindCodes | None,
) -> Finished | Prepared:
    """Decode a page once and decide what it needs; raises `PageError` when it cannot be decoded."""
    words = _fetch_layer(page)
    finding = judge_layer(words, page.layer_hidden, page.embedded)
    good = finding.verdict == "good" and keep_layers
    if good and page.pictured < 0.1 and find_codes is None:
        return _finish_layer(page, words, (), ())
    picture = page.picture()
    colour = picture.mode != "L"
    grey, small, ink_map = pick_grey(picture, page.dpi)
    del picture
    codes = tuple(find_codes(np.asarray(grey))) if find_codes is not None else ()
    if codes and not is_doubtful(codes[0]):
        # What is printed on a cover is known; as text of the archive it would be found in place of the dossier.
        return Finished(page.number, page.width, page.height, page.dpi, source="cover", codes=codes)
    ink = measure_ink(small, ink_map)
    if good and covers_ink(words, ink_map, page.width):
        return _finish_layer(page, words, (), codes)
    if ink.share < bounds.blank_ink and not words:
        reason = Reason("blank", {"ink": round(ink.share, 6), "bound": bounds.blank_ink})
        return Finished(page.number, page.width, page.height, page.dpi, source="blank", reasons=(reason,), codes=codes)
    reasons = [Reason("layer-partial", finding.facts)] if good else []
    if finding.verdict == "bad":
        reasons.append(Reason("layer-unreadable", finding.facts))
    extra = words if finding.verdict == "extra" else ()
    scale = choose_scale(page.dpi, colour, dpi_read, dpi_grey)
    path, transform = write_picture(grey, page, ink_map, scale, folder)
    return Prepared(page, path, transform, ink, extra, tuple(reasons), codes)


def write_picture(
    grey: Image.Image, page: PageImage, ink_map: NDArray[np.bool_], scale: float, folder: Path
) -> tuple[Path, Transform]:
    """Shrink, turn and straighten a grey page and write it, with its true resolution, for the engine."""
    turn, skew = guess_turn(ink_map)
    if abs(skew) < _STRAIGHT:
        skew = 0.0
    ready = straighten(turn_quarters(shrink(grey, scale), turn), skew)
    path = folder / f"{page.number}-{turn}.tif"
    dpi = page.dpi * scale
    ready.save(path, "TIFF", dpi=(dpi, dpi), compression="raw")
    return path, Transform(page.width, page.height, scale, turn, skew)


def _fetch_layer(page: PageImage) -> tuple[Word, ...]:
    try:
        return page.layer()
    except PageError:
        return ()  # text that cannot be had is text the page does not hold


def _finish_layer(
    page: PageImage, words: tuple[Word, ...], reasons: tuple[Reason, ...], codes: tuple[str, ...]
) -> Finished:
    return Finished(
        page.number,
        page.width,
        page.height,
        page.dpi,
        source="layer",
        page=compose_page(words),
        reasons=reasons,
        engine="layer",
        codes=codes,
    )
