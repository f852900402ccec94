"""Facts and pictures of PDF pages, cheap and bounded: the only reading file that knows pikepdf."""

from __future__ import annotations

import math
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from digitize import pictures
from digitize.errors import FileError, PageError
from digitize.limits import Limits
from digitize.matrices import Matrix
from digitize.pagecontent import Painted, follow_content

_COVER_SHARE = 0.85
_DEFAULT_DPI = 300.0


@dataclass(frozen=True, slots=True)
class Cover:
    """The one picture that makes up a scanned page.

    `matrix` maps the unit square of the picture to the page; `orientation` (1 to 8, as EXIF counts) turns
    the stored pixels the way a viewer shows the page. `filter` is the name of the single PDF filter, or ""
    for several.
    """

    image: Any
    matrix: Matrix
    orientation: int
    width: int
    height: int
    filter: str


@dataclass(frozen=True, slots=True)
class PdfPage:
    """What one page says of itself: points as shown, its cover, and the resolution of its finest picture.

    `hides_text` tells of invisible text (a layer somebody's reader left), `holds_text` of any text at all,
    `pictured` is the share of the page that pictures take.
    """

    width: float
    height: float
    rotate: int
    box: tuple[float, float, float, float]
    cover: Cover | None
    dpi: float
    hides_text: bool
    holds_text: bool
    pictured: float


def open_pdf(path: Path, limits: Limits) -> pikepdf.Pdf:
    """Open a PDF without a password, mending what qpdf can mend, or say why not."""
    try:
        pdf = pikepdf.open(path, suppress_warnings=True)
    except pikepdf.PasswordError as locked:
        raise FileError("pdf-encrypted") from locked
    except MemoryError as full:
        raise FileError("page-memory") from full
    except Exception as broken:  # hostile bytes raise far more than PdfError
        raise FileError("pdf-broken", detail=f"{type(broken).__name__}: {broken}"[:200]) from broken
    try:
        count = len(pdf.pages)
    except Exception as broken:
        pdf.close()
        raise FileError("pdf-broken", detail=f"{type(broken).__name__}: {broken}"[:200]) from broken
    if count < 1 or count > limits.pages:
        pdf.close()
        if count < 1:
            raise FileError("pdf-broken", detail="no pages")
        raise FileError("too-many-pages", pages=count, limit=limits.pages)
    return pdf


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Tell whether a form field of the file holds a digital signature (ISO 32000-1, 12.8)."""
    with suppress(Exception):
        form = pdf.Root.get("/AcroForm")
        if form is None:
            return False
        if int(form.get("/SigFlags", 0)) & 1:
            return True
        waiting, seen = list(form.get("/Fields", [])), 0
        while waiting and seen < 2000:
            field, seen = waiting.pop(), seen + 1
            if field.get("/FT") == "/Sig" and field.get("/V") is not None:
                return True
            waiting.extend(field.get("/Kids", []))
    return False


def find_facts(pdf: pikepdf.Pdf, number: int, limits: Limits) -> PdfPage:
    """Gather the facts of page `number` (from 1); a page whose content is beyond us simply has no cover."""
    with pictures.guard_decoding("page-broken"):
        page = pdf.pages[number - 1]
        box = _read_box(page)
        rotate = _read_rotate(page)
    painted = Painted(shows_text=True, hides_text=True)  # what cannot be followed may hold anything
    with suppress(Exception):
        painted = follow_content(page, limits)
    width, height = box[2] - box[0], box[3] - box[1]
    cover = None  # a picture that does not tell its size or is no stream cannot be taken as it is
    with suppress(Exception):
        cover = _choose_cover(painted, box, rotate)
    dpi = max((_measure_dpi(i, m) for i, m in painted.images), default=0.0)
    if cover is not None:
        dpi = _measure_dpi(cover.image, cover.matrix)
    area = sum(abs(m[0] * m[3] - m[1] * m[2]) for _, m in painted.images)
    pictured = min(1.0, area / (width * height))
    holds = painted.shows_text or painted.hides_text or page.obj.get("/Annots") is not None
    if rotate in (90, 270):
        width, height = height, width
    return PdfPage(width, height, rotate, box, cover, dpi or _DEFAULT_DPI, painted.hides_text, holds, pictured)


def _read_box(page: pikepdf.Page) -> tuple[float, float, float, float]:
    for name in ("cropbox", "mediabox"):
        with suppress(Exception):
            x0, y0, x1, y1 = (float(v) for v in getattr(page, name))
            left, right, bottom, top = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
            if 3 <= right - left <= 100_000 and 3 <= top - bottom <= 100_000:
                return left, bottom, right, top
    return 0.0, 0.0, 595.0, 842.0


def _read_rotate(page: pikepdf.Page) -> int:
    with suppress(Exception):
        turned = int(page.rotation) % 360
        return turned if turned % 90 == 0 else 0
    return 0


def _measure_dpi(image: Any, matrix: Matrix) -> float:
    with suppress(Exception):
        a, b, c, d, _, _ = matrix
        across, down = math.hypot(a, b), math.hypot(c, d)
        if across > 1 and down > 1:
            return min(int(image.Width) / across, int(image.Height) / down) * 72
    return 0.0


def _choose_cover(painted: Painted, box: tuple[float, float, float, float], rotate: int) -> Cover | None:
    if len(painted.images) != 1 or painted.paints_over:
        return None
    image, matrix = painted.images[0]
    if not isinstance(image, pikepdf.Stream):
        return None
    a, b, c, d, e, f = matrix
    slack = 0.02 * max(abs(a), abs(b), abs(c), abs(d))
    upright, sideways = abs(b) <= slack and abs(c) <= slack, abs(a) <= slack and abs(d) <= slack
    if upright == sideways or not _is_plain(image):
        return None
    xs, ys = sorted((e, e + a + c)), sorted((f, f + b + d))
    across = min(xs[1], box[2]) - max(xs[0], box[0])
    down = min(ys[1], box[3]) - max(ys[0], box[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    if across <= 0 or down <= 0 or across * down < _COVER_SHARE * area:
        return None
    if across * down < _COVER_SHARE * (xs[1] - xs[0]) * (ys[1] - ys[0]):
        return None  # much of the picture lies outside the page: what a viewer shows is another picture
    filters = [str(name)[1:] for name in _list_filters(image)]
    orientation = _find_orientation(matrix, rotate, sideways)
    name = filters[0] if len(filters) == 1 else ""
    return Cover(image, matrix, orientation, int(image.Width), int(image.Height), name)


def _is_plain(image: Any) -> bool:
    if any(image.get(key) is not None for key in ("/SMask", "/Mask")) or bool(image.get("/ImageMask", False)):
        return False
    decode, bits = image.get("/Decode"), int(image.get("/BitsPerComponent", 8))
    return decode is None or bits == 1 or all(float(v) == n % 2 for n, v in enumerate(decode))


def _list_filters(image: Any) -> list[Any]:
    named = image.get("/Filter")
    if named is None:
        return []
    return list(named) if isinstance(named, pikepdf.Array) else [named]


def _find_orientation(matrix: Matrix, rotate: int, sideways: bool) -> int:
    a, b, c, d, _, _ = matrix
    # Where the picture's right and down point on the page, in steps of (x to the right, y down) before
    # /Rotate.
    right = (0, -1 if b > 0 else 1) if sideways else (1 if a > 0 else -1, 0)
    down = (-1 if c > 0 else 1, 0) if sideways else (0, 1 if d > 0 else -1)
    for _ in range(rotate // 90):
        right, down = (-right[1], right[0]), (-down[1], down[0])
    return {
        ((1, 0), (0, 1)): 1,
        ((-1, 0), (0, 1)): 2,
        ((-1, 0), (0, -1)): 3,
        ((1, 0), (0, -1)): 4,
        ((0, 1), (1, 0)): 5,
        ((0, 1), (-1, 0)): 6,
        ((0, -1), (-1, 0)): 7,
        ((0, -1), (1, 0)): 8,
    }[right, down]


def open_cover(cover: Cover, limits: Limits) -> Image.Image:
    """Open the picture of a scanned page from its own bytes, neither drawn nor encoded again."""
    pictures.check_pixels(cover.width, cover.height, limits)
    with pictures.guard_decoding("image-broken"):
        if cover.filter == "DCTDecode":
            image = pictures.open_picture(cover.image.read_raw_bytes(), "jpeg")
        elif cover.filter == "JPXDecode":
            image = pictures.open_jpeg2000(cover.image.read_raw_bytes())
        else:
            _check_expansion(cover)
            return pikepdf.PdfImage(cover.image).as_pil_image()
        pictures.check_pixels(*image.size, limits)
        if image.size != (cover.width, cover.height):
            raise PageError("image-broken", detail="the picture has another size than the page says")
        return image


def read_cover_jpeg(cover: Cover) -> bytes | None:
    """Give the JPEG bytes of a scanned page as they are stored, or None when it is another format."""
    return bytes(cover.image.read_raw_bytes()) if cover.filter == "DCTDecode" else None


def _check_expansion(cover: Cover) -> None:
    bits = int(cover.image.get("/BitsPerComponent", 8))
    expected = cover.height * (cover.width * 4 * bits // 8 + 16) + 65536
    if cover.filter == "FlateDecode":
        unpacker, left = zlib.decompressobj(), bytes(cover.image.read_raw_bytes())
        size = 0
        while left and not unpacker.eof:
            size += len(unpacker.decompress(left, 1 << 20))
            left = unpacker.unconsumed_tail
            if size > expected:
                raise PageError("image-broken", detail="the stream is larger than its picture")
    elif cover.filter not in ("", "CCITTFaxDecode") and len(cover.image.read_raw_bytes()) > expected:
        raise PageError("image-broken", detail="the stream is larger than its picture")
