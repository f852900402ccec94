"""Canonical bytes of an entry: the one way its values are written, so that the same facts have the same hash.

The form is RFC 8785 (JSON Canonicalization Scheme) without floats: UTF-8, members sorted by the UTF-16 code units of
their names, no insignificant space, the shortest escapes. What is allowed beyond JSON's own rules is less: text is
in Unicode form NFC, integers lie within ±(2⁵³−1), names are ASCII (so that code points and code units sort alike).

    encode({"v": 1, "by": ["NV01"]})  ->  b'{"by":["NV01"],"v":1}'
    decode(b'{"by":["NV01"],"v":1}')  ->  {"by": ["NV01"], "v": 1}

Bytes once stored are never encoded again to be hashed; `decode` refuses bytes that `encode` would not have written.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from custody.errors import CustodyError

LARGEST = 2**53 - 1
DEEPEST = 16


def encode(value: Mapping[str, object]) -> bytes:
    """Return the canonical bytes of a JSON object; raises CustodyError "not-canonical" with the reason and place."""
    _examine(value, "", 0)
    return _write(value)


def decode(body: bytes) -> dict[str, Any]:
    """Return the object canonical bytes stand for; raises CustodyError "not-canonical" for any other bytes."""
    try:
        value = _READER.decode(body.decode("utf-8"))
    except (ValueError, RecursionError) as broken:
        raise CustodyError("not-canonical", why="not-json", place="", detail=str(broken)) from broken
    if not isinstance(value, dict):
        raise CustodyError("not-canonical", why="not-an-object", place="")
    _examine(value, "", 0)
    # Doubled names, other spacing, other order and longer escapes all show here.
    if _write(value) != body:
        raise CustodyError("not-canonical", why="written-otherwise", place="")
    return value


def decode_flat(body: bytes) -> dict[str, Any]:
    """Return the object of canonical bytes as `decode` does, for who looks at each member afterwards.

    Names, depth and the size of numbers are left to the caller, who knows which there may be: a third of the price.
    """
    try:
        text = body.decode("utf-8")
        value = _READER.decode(text)
        again = _WRITER.encode(value)
    except (ValueError, RecursionError) as broken:
        raise CustodyError("not-canonical", why="not-json", place="", detail=str(broken)) from broken
    if not isinstance(value, dict):
        raise CustodyError("not-canonical", why="not-an-object", place="")
    # A quotation mark composes with nothing, so the whole is in NFC exactly where each of its texts is.
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise CustodyError("not-canonical", why="not-nfc", place="")
    if again != text:
        raise CustodyError("not-canonical", why="written-otherwise", place="")
    return value


def _write(value: object) -> bytes:
    return _WRITER.encode(value).encode("utf-8")


def _examine(value: object, place: str, depth: int) -> None:
    if depth > DEEPEST:
        raise CustodyError("not-canonical", why="too-deep", place=place)
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise CustodyError("not-canonical", why="number-too-large", place=place)
    elif isinstance(value, str):
        _examine_text(value, place)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if not isinstance(name, str) or not name.isascii():
                raise CustodyError("not-canonical", why="name-not-ascii", place=place)
            _examine(each, f"{place}/{name}", depth + 1)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            _examine(each, f"{place}/{number}", depth + 1)
    else:
        raise CustodyError("not-canonical", why="type-unknown", place=place, detail=type(value).__name__)


def _examine_text(text: str, place: str) -> None:
    if text.isascii():
        return
    if not unicodedata.is_normalized("NFC", text):
        raise CustodyError("not-canonical", why="not-nfc", place=place)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise CustodyError("not-canonical", why="half-a-character", place=place)


def _refuse_number(text: str) -> object:
    raise ValueError(f"number {text} is not an integer")


# Made once: to make one costs more than to read or write an entry.
_READER = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
