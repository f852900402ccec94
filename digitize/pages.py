"""A scan as a row of pages, each opened only when asked for."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image

from digitize import pdfs, pictures, poppler
from digitize.errors import FileError, PageError
from digitize.kinds import HEAD_BYTES, Kind, tell_kind
from digitize.limits import DEFAULT_LIMITS, Limits
from digitize.text import Word


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as a viewer shows it (EXIF, TIFF orientation and /Rotate applied); pixels come when asked for.

    `embedded` tells that the pixels are the page's own stored picture; otherwise the page is drawn. `layer`
    gives the words the file already holds for this page, in page pixels; `layer_hidden` tells that some are
    invisible, `pictured` is the share of the page taken by pictures (0 to 1).
    """

    number: int
    width: int
    height: int
    dpi: float
    dpi_guessed: bool
    embedded: bool
    layer_hidden: bool
    pictured: float
    opener: Callable[[], Image.Image] = field(repr=False)
    layer: Callable[[], tuple[Word, ...]] = field(repr=False, default=tuple)
    jpeg: Callable[[], bytes | None] = field(repr=False, default=lambda: None)

    def picture(self) -> Image.Image:
        """Decode the page to grey ("L") or colour ("RGB")."""
        return self.opener()

    def grey(self) -> NDArray[np.uint8]:
        """Decode the page to one channel, max(R, G, B), height by width."""
        return np.asarray(pictures.pick_lightest(self.opener()))


@dataclass(frozen=True, slots=True)
class ScanFile:
    """An opened scan: its kind by content, its pages, and whether it carries a digital signature."""

    path: Path
    kind: Kind
    count: int
    signed: bool
    opener: Callable[[int], PageImage] = field(repr=False)

    def page(self, number: int) -> PageImage:
        """Open page `number`, counted from 1; raises `PageError` when it cannot be opened."""
        if not 1 <= number <= self.count:
            raise PageError("page-absent", page=number, pages=self.count)
        return self.opener(number)


@contextmanager
def open_scan(path: Path | str, limits: Limits = DEFAULT_LIMITS) -> Iterator[ScanFile]:
    """Open a scan by its content, whatever its name says; raises `FileError` with a code."""
    path = Path(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            kind = tell_kind(stream.read(HEAD_BYTES))
    except OSError as absent:
        raise FileError("unreadable", detail=absent.strerror or "") from absent
    if size == 0:
        raise FileError("empty")
    if size > limits.file_bytes:
        raise FileError("too-large", bytes=size, limit=limits.file_bytes)
    if kind is None:
        raise FileError("foreign")
    if kind == "pdf":
        with pdfs.open_pdf(path, limits) as pdf:
            yield ScanFile(path, kind, len(pdf.pages), pdfs.is_signed(pdf), _pdf_opener(path, pdf, limits))
        return
    with _open_image(path, kind) as image:
        count = pictures.count_frames(image, limits.pages)
        if count > limits.pages:
            raise FileError("too-many-pages", pages=count, limit=limits.pages)
        yield ScanFile(path, kind, count, False, _image_opener(image, kind, path, limits))


@contextmanager
def _open_image(path: Path, kind: Kind) -> Iterator[Image.Image]:
    try:
        image = pictures.open_picture(path, kind)
    except PageError as broken:
        raise FileError(broken.code, **broken.facts) from broken
    with image:
        yield image


def _image_opener(image: Image.Image, kind: Kind, path: Path, limits: Limits) -> Callable[[int], PageImage]:
    def open_page(number: int) -> PageImage:
        with pictures.guard_decoding("image-broken"):
            if kind == "tiff":
                image.seek(number - 1)
            width, height = image.size
            pictures.check_pixels(width, height, limits)
            orientation = pictures.read_orientation(image)
            dpi = pictures.read_dpi(image)

        def decode() -> Image.Image:
            with pictures.guard_decoding("image-broken"):
                if kind == "tiff":
                    image.seek(number - 1)
                return pictures.turn_picture(pictures.flatten(image), orientation)

        if pictures.is_sideways(orientation):
            width, height = height, width
        return PageImage(
            number,
            width,
            height,
            dpi or pictures.guess_dpi(width, height),
            dpi is None,
            True,
            False,
            1.0,
            decode,
            jpeg=lambda: path.read_bytes() if kind == "jpeg" and image.mode in ("L", "RGB") else None,
        )

    return open_page


def _pdf_opener(path: Path, pdf: pikepdf.Pdf, limits: Limits) -> Callable[[int], PageImage]:
    def open_page(number: int) -> PageImage:
        facts = pdfs.find_facts(pdf, number, limits)
        cover = facts.cover
        if cover is not None and cover.width * cover.height <= limits.pixels:
            sideways = pictures.is_sideways(cover.orientation)
            size = (cover.height, cover.width) if sideways else (cover.width, cover.height)
        else:
            size = _choose_size(facts, limits)
            cover = None

        def draw() -> Image.Image:
            return pictures.flatten(poppler.draw_page(path, number, size, limits.seconds))

        def decode() -> Image.Image:
            if cover is None:
                return draw()
            try:
                opened = pdfs.open_cover(cover, limits)
                with pictures.guard_decoding("image-broken"):
                    return pictures.turn_picture(pictures.flatten(opened), cover.orientation)
            except PageError:
                return draw()  # a picture our decoders refuse may still be one poppler can draw

        return PageImage(
            number,
            *size,
            _measure_dpi(size, facts),
            False,
            cover is not None,
            facts.hides_text,
            facts.pictured,
            decode,
            layer=lambda: _read_layer(path, number, size, facts, limits) if facts.holds_text else (),
            jpeg=lambda: pdfs.read_cover_jpeg(cover) if cover is not None and cover.orientation == 1 else None,
        )

    return open_page


def _choose_size(facts: pdfs.PdfPage, limits: Limits) -> tuple[int, int]:
    dpi = min(300.0, max(150.0, facts.dpi))
    wide, high = facts.width * dpi / 72, facts.height * dpi / 72
    shrink = min(1.0, (limits.raster_pixels / max(1.0, wide * high)) ** 0.5, 20_000 / max(wide, high))
    return max(1, round(wide * shrink)), max(1, round(high * shrink))


def _measure_dpi(size: tuple[int, int], facts: pdfs.PdfPage) -> float:
    if facts.cover is not None and size != (0, 0):
        return facts.dpi
    return round(size[0] / facts.width * 72, 2)


def _read_layer(
    path: Path, number: int, size: tuple[int, int], facts: pdfs.PdfPage, limits: Limits
) -> tuple[Word, ...]:
    words = poppler.extract_words(path, number, limits.seconds)
    across, down = size[0] / facts.width / 1000, size[1] / facts.height / 1000
    placed = []
    for word in words:
        x, y, w, h = word.box
        box = (round(x * across), round(y * down), max(1, round(w * across)), max(1, round(h * down)))
        if box[0] < size[0] and box[1] < size[1] and box[0] + box[2] > 0 and box[1] + box[3] > 0:
            placed.append(Word(word.text, box, word.confidence, word.line, word.block, drawn=True))
    return tuple(placed)


def render(
    path: Path | str, number: int, longest_side: int | None = None, limits: Limits = DEFAULT_LIMITS
) -> tuple[str, bytes]:
    """Give a page to a browser as (media type, bytes): the stored JPEG untouched where it can be, else WebP.

    Boxes of words fit what this gives, scaled by its size over the page's width and height.
    """
    with open_scan(path, limits) as scan:
        page = scan.page(number)
        if longest_side is None or longest_side >= max(page.width, page.height):
            kept = page.jpeg()
            if kept is not None and (scan.kind == "jpeg" or _is_upright_jpeg(kept)):
                return "image/jpeg", kept
        image = page.picture()
    if longest_side is not None:
        image.thumbnail((longest_side, longest_side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    if max(image.size) > 16383:  # the largest side WebP can hold
        image.thumbnail((16383, 16383), Image.Resampling.BICUBIC, reducing_gap=2.0)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80, method=2)
    return "image/webp", out.getvalue()


def _is_upright_jpeg(data: bytes) -> bool:
    """Tell whether a browser shows these bytes as a PDF viewer does: no EXIF turn, no CMYK."""
    image = pictures.open_picture(data, "jpeg")
    return image.mode in ("L", "RGB") and pictures.read_orientation(image) == 1
