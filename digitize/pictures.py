"""Picture files and frames, decoded within bounds: the only file that knows Pillow's formats and HEIF."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pi_heif
from PIL import Image, ImageChops

from digitize.errors import FileError, PageError
from digitize.kinds import Kind
from digitize.limits import Limits

_PILLOW = {"jpeg": "JPEG", "png": "PNG", "tiff": "TIFF", "bmp": "BMP", "webp": "WEBP"}
_ORIENTATION = 0x0112  # EXIF 2.32 and TIFF 6.0, same number
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
A4_INCHES = (8.27, 11.69)


@contextmanager
def guard_decoding(code: str) -> Iterator[None]:
    """Turn whatever a decoder raises on hostile bytes into one `PageError` with this code."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Image.DecompressionBombError as bomb:
        raise PageError("too-many-pixels", detail=str(bomb)[:200]) from bomb
    except (PageError, FileError):
        raise
    except MemoryError as full:
        raise PageError("page-memory") from full
    except Exception as broken:
        raise PageError(code, detail=f"{type(broken).__name__}: {broken}"[:200]) from broken


def open_picture(source: Path | bytes, kind: Kind) -> Image.Image:
    """Open a picture lazily with the one decoder its kind names; its pixels are not decoded yet."""
    with guard_decoding("image-broken"):
        handle: Any = io.BytesIO(source) if isinstance(source, bytes) else source
        if kind == "heic":
            return pi_heif.open_heif(handle, convert_hdr_to_8bit=True).to_pillow()  # type: ignore[no-any-return] # untyped library
        return Image.open(handle, formats=[_PILLOW[kind]])


def open_jpeg2000(data: bytes) -> Image.Image:
    """Open a JPEG 2000 stream as PDF embeds it."""
    with guard_decoding("image-broken"):
        return Image.open(io.BytesIO(data), formats=["JPEG2000"])


def count_frames(image: Image.Image, limit: int) -> int:
    """Count the pages of a TIFF, stopping one past the limit; every other kind has one."""
    if image.format != "TIFF":
        return 1
    count = 0
    with guard_decoding("image-broken"):
        while count <= limit:
            try:
                image.seek(count)
            except EOFError:
                break
            count += 1
        image.seek(0)
    return max(1, count)


def check_pixels(width: int, height: int, limits: Limits) -> None:
    """Refuse a picture without pixels or over the bound, before anything is decoded."""
    if width < 1 or height < 1:
        raise PageError("image-broken", width=width, height=height)
    if width * height > limits.pixels:
        raise PageError("too-many-pixels", pixels=width * height, limit=limits.pixels)


def read_orientation(image: Image.Image) -> int:
    """Tell the EXIF or TIFF orientation, 1 to 8; 1 where it is absent or nonsense."""
    if image.format == "HEIF":
        return 1  # the decoder has turned it already
    try:
        with guard_decoding("exif-broken"):
            value = image.getexif().get(_ORIENTATION, 1)
    except PageError:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def turn_picture(image: Image.Image, orientation: int) -> Image.Image:
    """Turn decoded pixels the way a viewer shows them."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def is_sideways(orientation: int) -> bool:
    """Tell whether this orientation exchanges width and height."""
    return orientation >= 5


def read_dpi(image: Image.Image) -> float | None:
    """Tell the resolution the picture states, or None where it states none that paper could have."""
    stated = image.info.get("dpi")
    try:
        dpi = float(stated[0]) if stated else 0.0
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None
    return dpi if 60 <= dpi <= 2400 and dpi not in (72.0, 96.0) else None


def guess_dpi(width: int, height: int) -> float:
    """Guess the resolution of a page that states none: as if it were an A4 sheet filled by the picture."""
    short, long = sorted((width, height))
    return min(1200.0, max(70.0, min(short / A4_INCHES[0], long / A4_INCHES[1])))


def flatten(image: Image.Image) -> Image.Image:
    """Decode to plain grey ("L") or colour ("RGB") on white, whatever mode the file uses."""
    mode = image.mode
    if mode in ("L", "RGB"):
        image.load()
        return image
    if mode == "1":
        return image.convert("L")
    if mode.startswith("I;16"):
        return (
            image.point(lambda v: v / 256).convert("L")
            if mode == "I;16"
            else image.convert("I").point(lambda v: v / 256).convert("L")
        )
    if mode in ("I", "F"):
        _, high = image.convert("F").getextrema()
        scale = 255.0 / high if isinstance(high, float) and high > 255 else 1.0
        return image.convert("F").point(lambda v: v * scale).convert("L")
    if mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        seen = image.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(paper, seen).convert("RGB")
    return image.convert("RGB")


def pick_lightest(image: Image.Image) -> Image.Image:
    """Take max(R, G, B) of each pixel: red stamps turn as light as paper, black text stays black."""
    if image.mode == "L":
        return image
    red, green, blue = image.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def open_draft(data: bytes, longest_side: int) -> Image.Image:
    """Decode a JPEG at the coarsest of its own scales that is still as large as asked."""
    with guard_decoding("image-broken"):
        image = open_picture(data, "jpeg")
        orientation = read_orientation(image)
        image.draft(image.mode, (longest_side, longest_side))
        return turn_picture(flatten(image), orientation)
