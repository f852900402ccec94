"""One spelling of seal numbers: as they are printed, in capitals, however somebody types them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from custody.entries import Entry

# Facts that hold seal numbers, or the letters before them.
_NUMBERS, _LETTERS = ("read", "applied"), {"roll-issued": "prefix", "seal-spoiled": "number"}


def spelled(entry: Entry) -> Entry:
    """Return an entry with its seal numbers in capitals: a0001 and A0001 are one seal."""
    told: dict[str, Any] = {}
    for name in _NUMBERS:
        numbers = getattr(entry, name, None)
        if isinstance(numbers, tuple) and all(isinstance(each, str) for each in numbers):
            told[name] = tuple(each.strip().upper() for each in numbers)
    if name := _LETTERS.get(entry.KIND, ""):
        told[name] = getattr(entry, name).strip().upper()
    return cast(Entry, replace(cast(Any, entry), **told)) if told else entry
