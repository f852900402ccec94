"""Which encoding a list is written in, found from its own words, and the same text as Unicode.

Bytes are tried as Unicode first (with a mark at the front or without), then as the encodings Vietnamese offices wrote
in: the one whose words are Vietnamese wins. Text that is Unicode already may still hold letters of an old font, as
when a workbook was typed in .VnTime; `find_legacy` names it from a sample and `mend` converts cell by cell, because
one workbook often mixes both.
"""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from archive.errors import ArchiveError
from archive.register_fonts import LEGACY, TCVN3, UTF8_AS_1252, VNI, as_bytes, from_bytes, to_unicode
from archive.register_syllables import score

SAMPLE = 200_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
ENCODINGS = ("utf-8", "utf-16", "windows-1258", "windows-1252", *LEGACY)


class ListError(ArchiveError):
    """A file that cannot be read as a list at all."""


@dataclass(frozen=True)
class Decoded:
    """The text of a file in NFC, and the name of the encoding it was in (one of ENCODINGS)."""

    text: str
    encoding: str


def decode(raw: bytes) -> Decoded:
    """Return the text of a file; ListError "list-not-text" where it is none."""
    for mark, name, codec in _BOMS:
        if raw.startswith(mark):
            return _mended(_strictly(raw, codec), name)
    if (guessed := _utf16_without_mark(raw)) is not None:
        return _mended(_strictly(raw, guessed), "utf-16")
    if b"\0" in raw or sum(byte < 32 and byte not in b"\t\r\n\f" for byte in raw[:4096]) > 8:
        raise ListError("list-not-text")
    try:
        return _mended(raw.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _from_old(raw)


def find_legacy(sample: str) -> str | None:
    """Return the old encoding whose letters a Unicode text shows, None where it reads best as it is."""
    best = score(sample)
    name: str | None = None
    for each in LEGACY:
        found = score(to_unicode(sample, each))
        if found > best:
            best, name = found, each
    return name


@lru_cache(maxsize=1 << 14)
def mend(text: str, legacy: str | None) -> str:
    """Return one cell in NFC, converted from `legacy` where it can be of it and is no worse Vietnamese then."""
    if legacy is not None and not text.isascii() and _could_be_old(text):
        converted = to_unicode(text, legacy)
        # "Sè tê" is Vietnamese either way (số tờ): in a list of old letters the old reading is the likelier.
        text = converted if score(converted) >= score(text) else text
    # PostgreSQL holds no NUL in text.
    return unicodedata.normalize("NFC", text.replace("\0", ""))


def _mended(text: str, name: str) -> Decoded:
    legacy = find_legacy(text[:SAMPLE])
    if legacy is None:
        return Decoded(unicodedata.normalize("NFC", text), name)
    lines = "".join(mend(line, legacy) for line in text.splitlines(keepends=True))
    return Decoded(lines, legacy)


def _from_old(raw: bytes) -> Decoded:
    shown = from_bytes(raw)
    candidates = {
        "windows-1258": unicodedata.normalize("NFC", raw.decode("cp1258", "replace")),
        TCVN3: to_unicode(shown, TCVN3),
        VNI: to_unicode(shown, VNI),
        UTF8_AS_1252: raw.decode("utf-8", "replace"),
        "windows-1252": shown,
    }
    scores = {name: score(text[:SAMPLE]) - 2 * text[:SAMPLE].count("\ufffd") for name, text in candidates.items()}
    name = max(candidates, key=lambda each: scores[each])
    if name == UTF8_AS_1252:
        raise ListError("list-broken-utf8", line=raw[: _first_broken(raw)].count(b"\n") + 1)
    return Decoded(unicodedata.normalize("NFC", candidates[name]), name)


def _first_broken(raw: bytes) -> int:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _strictly(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        raise ListError("list-broken-utf8", line=raw[: error.start].count(b"\n") + 1) from None


def _utf16_without_mark(raw: bytes) -> str | None:
    sample = raw[:2000]
    if len(sample) < 4 or len(raw) % 2:
        return None
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if max(low, high) * 4 < len(sample) // 2:
        return None
    if min(low, high) * 4 > max(low, high):
        return None
    return "utf-16-le" if high > low else "utf-16-be"


def _could_be_old(text: str) -> bool:
    """Tell whether all letters exist in Windows-1252; ế, ơ or Đ prove that a cell is Unicode already."""
    try:
        as_bytes(text)
    except ValueError:
        return False
    return True
