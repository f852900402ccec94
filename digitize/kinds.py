"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

from typing import Literal

Kind = Literal["pdf", "jpeg", "png", "tiff", "bmp", "webp", "heic"]

HEAD_BYTES = 1024
"""How many bytes `tell_kind` wants: PDF readers accept a header within the first 1024."""

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})


def tell_kind(head: bytes) -> Kind | None:
    """Name the kind of file that starts with these bytes, or None for a foreign one."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "heic"
    if head.startswith(b"BM") and len(head) >= 26:
        return "bmp"
    if b"%PDF-" in head[:HEAD_BYTES]:
        return "pdf"
    return None
