"""A TrueType font without outlines, for text that is selected and searched but never seen.

Every glyph is empty and half an em wide; which letter a code stands for is told by the ToUnicode map alone,
so any language can be carried. Tables follow the OpenType specification 1.9.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

UNITS = 1000
ADVANCE = 500
NAME = "LuutruGlyphless"


def build_font() -> bytes:
    """Build the font file: glyph 0 (.notdef) and glyph 1, both empty."""
    tables = {
        b"OS/2": _build_metrics(),
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12)
        + struct.pack(">HHHHHHHHHHHhH", 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0, 0)[:24],
        b"glyf": b"\0",
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh",
            0x00010000,
            0x00010000,
            0,
            0x5F0F3CF5,
            0,
            UNITS,
            0,
            0,
            0,
            0,
            ADVANCE,
            800,
            0,
            8,
            2,
            0,
            0,
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x00010000, 800, -200, 0, ADVANCE, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2
        ),
        b"hmtx": struct.pack(">HhHh", ADVANCE, 0, ADVANCE, 0),
        b"loca": struct.pack(">HHH", 0, 0, 0),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x00010000, 2, *([0] * 13)),
        b"name": _build_names(),
        b"post": struct.pack(">IIhhIIIII", 0x00030000, 0, -100, 50, 1, 0, 0, 0, 0),
    }
    return _assemble(tables)


def _build_metrics() -> bytes:
    metrics = struct.pack(
        ">HhHHHhhhhhhhhhhh10sIIII4sHHHhhhHHII",
        3,
        ADVANCE,
        400,
        5,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        bytes(10),
        0,
        0,
        0,
        0,
        b"NONE",
        0x40,
        0,
        0xFFFF,
        800,
        -200,
        0,
        800,
        200,
        0,
        0,
    )
    return metrics + struct.pack(">hhHHH", 500, 700, 0, 32, 0)


def _build_names() -> bytes:
    texts = {1: NAME, 2: "Regular", 4: NAME, 6: NAME}
    records, storage = b"", b""
    for number, text in texts.items():
        coded = text.encode("utf-16-be")
        records += struct.pack(">HHHHHH", 3, 1, 0x409, number, len(coded), len(storage))
        storage += coded
    return struct.pack(">HHH", 0, len(texts), 6 + len(records)) + records + storage


def _assemble(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, (count - (1 << power)) * 16)
    offset, directory, body = 12 + 16 * count, b"", b""
    for tag, data in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag, _sum(data), offset + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    font = bytearray(head + directory + body)
    at = font.index(struct.pack(">I", 0x5F0F3CF5)) - 4
    font[at : at + 4] = struct.pack(">I", (0xB1B0AFBA - _sum(bytes(font))) & 0xFFFFFFFF)
    return bytes(font)


def _sum(data: bytes) -> int:
    padded = data + bytes(-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def number_letters(texts: Iterable[str]) -> dict[str, int]:
    """Give each letter used a code from 1, in the order of Unicode; the space always has one."""
    letters = sorted({letter for text in texts for letter in text} | {" "})
    return {letter: code for code, letter in enumerate(letters[:65_534], start=1)}


def encode_text(text: str, codes: dict[str, int]) -> bytes:
    """Write a text as a PDF hexadecimal string of two-byte codes."""
    return b"<" + "".join(f"{codes[letter]:04X}" for letter in text if letter in codes).encode("ascii") + b">"


def build_cmap(codes: dict[str, int]) -> bytes:
    """Build the ToUnicode map of these codes (ISO 32000-1, 9.10.3)."""
    pairs = [f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for letter, code in codes.items()]
    parts = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    for chunk in _split(pairs, 100):
        parts += [f"{len(chunk)} beginbfchar", *chunk, "endbfchar"]
    parts += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(parts).encode("ascii")


def _split(pairs: Sequence[str], size: int) -> list[Sequence[str]]:
    return [pairs[start : start + size] for start in range(0, len(pairs), size)]
