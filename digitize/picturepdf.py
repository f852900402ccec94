"""Picture files as PDF pages that carry the stored bytes: JPEG, plain PNG, single-strip G4."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from digitize import pictures
from digitize.errors import PageError

_G4 = 4
_STRIPS, _STRIP_SIZES, _COMPRESSION, _PHOTOMETRIC, _FILL = 273, 279, 259, 262, 266
_SPACES = {"L": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK", "1": "DeviceGray"}


@dataclass(frozen=True, slots=True)
class PdfPicture:
    """A picture ready for a PDF image stream, with its decode parameters and Decode array."""

    data: bytes
    filter: str
    width: int
    height: int
    space: str
    bits: int
    parms: dict[str, int | bool] = field(default_factory=dict)
    decode: tuple[int, ...] = ()
    palette: bytes = b""


def carry_picture(image: Image.Image, path: Path, frame: int) -> PdfPicture:
    """Carry one frame (from 0) of a picture file into PDF, without loss, as its own bytes where possible."""
    with pictures.guard_decoding("image-broken"):
        if image.format == "JPEG" and image.mode in ("L", "RGB", "CMYK"):
            colours = 4 if image.mode == "CMYK" else 0
            decode = (1, 0) * colours if "adobe" in image.info else ()
            return PdfPicture(path.read_bytes(), "DCTDecode", *image.size, _SPACES[image.mode], 8, decode=decode)
        if image.format == "PNG" and (kept := _carry_png(path.read_bytes())) is not None:
            return kept
        if image.format == "TIFF":
            image.seek(frame)
            if (kept := _carry_g4(image, path)) is not None:
                return kept
        if image.mode == "1":
            return _encode_g4(image)
        flat = pictures.flatten(image)
        out = io.BytesIO()
        Image.frombytes(flat.mode, flat.size, flat.tobytes()).save(out, "PNG", compress_level=4)
        kept = _carry_png(out.getvalue())
        if kept is None:
            raise PageError("image-broken", detail="cannot be carried")
        return kept


def _carry_png(data: bytes) -> PdfPicture | None:
    """Take the compressed rows of a plain PNG as they are (PDF knows PNG's predictors)."""
    at, rows, palette = 8, list[bytes](), b""
    header = b""
    while at + 8 <= len(data):
        size, tag = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        at += 12 + size
        if tag == b"IHDR":
            header = body
        elif tag == b"PLTE":
            palette = body
        elif tag == b"tRNS":
            return None
        elif tag == b"IDAT":
            rows.append(body)
        elif tag == b"IEND":
            break
    if len(header) != 13:
        return None
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if interlaced or colour not in (0, 2, 3) or (colour == 3 and not palette):
        return None
    parms: dict[str, int | bool] = {
        "Predictor": 15,
        "Colors": 3 if colour == 2 else 1,
        "BitsPerComponent": bits,
        "Columns": width,
    }
    space = {0: "DeviceGray", 2: "DeviceRGB", 3: "Indexed"}[colour]
    return PdfPicture(b"".join(rows), "FlateDecode", width, height, space, bits, parms, palette=palette)


def _carry_g4(image: Image.Image, path: Path) -> PdfPicture | None:
    tags = getattr(image, "tag_v2", {})
    strips, sizes = tags.get(_STRIPS), tags.get(_STRIP_SIZES)
    if tags.get(_COMPRESSION) != _G4 or tags.get(_FILL, 1) != 1 or not strips or len(strips) != 1 or not sizes:
        return None
    with path.open("rb") as stream:
        stream.seek(strips[0])
        data = stream.read(sizes[0])
    return _describe_g4(data, image.size, tags.get(_PHOTOMETRIC, 0) == 1)


def _encode_g4(image: Image.Image) -> PdfPicture:
    out = io.BytesIO()
    plain = Image.frombytes("1", image.size, image.tobytes())
    plain.save(out, "TIFF", compression="group4", tiffinfo={278: image.height})
    out.seek(0)
    with Image.open(out, formats=["TIFF"]) as written:
        tags = written.tag_v2  # type: ignore[attr-defined] # a TIFF has tags
        start, size = tags[_STRIPS][0], tags[_STRIP_SIZES][0]
        return _describe_g4(out.getvalue()[start : start + size], image.size, tags[_PHOTOMETRIC] == 1)


def _describe_g4(data: bytes, size: tuple[int, int], black_is_zero: bool) -> PdfPicture:
    parms: dict[str, int | bool] = {"K": -1, "Columns": size[0], "Rows": size[1], "BlackIs1": black_is_zero}
    return PdfPicture(data, "CCITTFaxDecode", *size, "DeviceGray", 1, parms)
