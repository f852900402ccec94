"""Whether a file is structurally whole: a pause of a slow writer must never be taken for the end.

A PDF is whole when it ends with %%EOF (a tail of blanks, zeros or line ends is forgiven, as readers forgive it) and
opens with all its pages; an image when every frame decodes to its last pixel. `verify()` of the imaging library is
not enough: it passes truncated JPEG and TIFF files. Kinds are told by content, never by name.

Hostile files are examined in a process of their own (see checking.py); nothing here bounds time or memory except the
limits on pages and pixels, which are read before anything is decoded.
"""

from __future__ import annotations

from pathlib import Path

import pikepdf
from PIL import Image, ImageSequence

from scanner_inbox.verdict import Arriving, Limits, Refused, Verdict, Whole

HEAD = 1024
TAIL = 2048
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_FORMATS = {
    "jpeg": ("JPEG", "MPO"),
    "png": ("PNG",),
    "tiff": ("TIFF",),
    "bmp": ("BMP",),
    "webp": ("WEBP",),
    "heic": ("HEIF",),
}


def sniff(head: bytes) -> str:
    """Return the kind that the first bytes of a file announce, or "" for one that is not a scan."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if head.startswith(b"BM") and len(head) >= 26:
        return "bmp"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heic"
    # PDF readers accept the mark anywhere in the first kilobyte (ISO 32000-1, annex H, note 13).
    return "pdf" if b"%PDF-" in head[:HEAD] else ""


def examine(path: Path, limits: Limits) -> Verdict:
    """Look at a finished-looking file whole: Whole, Arriving (not complete) or Refused, each with code and facts."""
    size = path.stat().st_size
    if size == 0:
        return Arriving("empty")
    if size > limits.file_bytes:
        return Refused("too-large", {"bytes": size, "limit": limits.file_bytes})
    with path.open("rb") as source:
        head = source.read(HEAD)
        source.seek(max(0, size - TAIL))
        tail = source.read()
    if set(head) == {0}:
        return Arriving("only-zeros", {"bytes": size})
    kind = sniff(head)
    if not kind:
        return Arriving("too-short", {"bytes": size}) if size < 8 else Refused("foreign", {"bytes": size})
    return _examine_pdf(path, tail, limits) if kind == "pdf" else _examine_image(path, kind, limits)


def _examine_pdf(path: Path, tail: bytes, limits: Limits) -> Verdict:
    if not tail.rstrip(b"\0\t\n\f\r \x1a").endswith(b"%%EOF") and b"%%EOF" not in tail[-HEAD:]:
        return Arriving("pdf-without-end")
    try:
        with pikepdf.open(path) as pdf:
            pages = len(pdf.pages)
            if pages > limits.pages:
                return Refused("too-many-pages", {"pages": pages, "limit": limits.pages})
            if pages == 0:
                return Refused("pdf-no-pages")
            for page in pdf.pages:
                page.mediabox  # noqa: B018  # a page that is not a page fails here
            return Whole("pdf", pages)
    except pikepdf.PasswordError:
        return Refused("pdf-encrypted")
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, RecursionError, OSError) as error:
        return Refused("pdf-broken", {"detail": _short(error)})


def _examine_image(path: Path, kind: str, limits: Limits) -> Verdict:
    pages = 0
    try:
        with Image.open(path, formats=_FORMATS[kind]) as image:
            for frame in ImageSequence.Iterator(image):
                pages += 1
                if pages > limits.pages:
                    return Refused("too-many-pages", {"pages": pages, "limit": limits.pages})
                pixels = frame.width * frame.height
                if pixels > limits.page_pixels:
                    facts: dict[str, object] = {"page": pages, "pixels": pixels, "limit": limits.page_pixels}
                    return Refused("too-many-pixels", facts)
                if frame.format == "JPEG":
                    # An eighth of the size in grey: every coded byte is still read, only the pixels are fewer.
                    frame.draft("L", (max(1, frame.width // 8), max(1, frame.height // 8)))
                frame.load()
    except MemoryError:
        return Refused("image-needs-too-much-memory", {"page": pages})
    except Exception as error:  # decoders raise anything at all on broken bytes
        return Arriving("image-not-whole", {"page": max(pages, 1), "detail": _short(error)})
    return Whole(kind, pages) if pages else Arriving("image-not-whole", {"page": 1, "detail": "no frame"})


def _short(error: BaseException) -> str:
    """The library's own words, without any path: for the log and the curious, never for a sentence."""
    return f"{type(error).__name__}: {str(error).rsplit(': ', 1)[-1]}"[:120]
