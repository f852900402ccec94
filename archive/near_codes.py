"""Codes that are one slip of the hand away: what somebody may have meant by a code that is not known.

The check character of a code finds every single slip, so the code that was meant is never another valid one that was
typed as it is: it is among the known codes, one wrong, missing, doubled or swapped character away.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

# Shapes that are taken for one another when a label is read by eye, as (read, meant) pairs both ways.
_ALIKE = str.maketrans({"8": "B", "5": "S", "2": "Z", "6": "G", "0": "D", "1": "7", "V": "Y", "M": "N"})


def near(text: str, known: Iterable[str], most: int = 5) -> list[str]:
    """Return the known codes nearest to `text`, at most two slips away, the nearest first.

    Case, spaces and dashes do not count; letters that look alike count as half a slip among equals.
    """
    wanted = _bare(text)
    if not wanted:
        return []
    rated = []
    for code in known:
        bare = _bare(code)
        slips = OSA.distance(wanted, bare, score_cutoff=2)
        if slips <= 2 and (slips < 2 or len(bare) > 4):
            alike = OSA.distance(wanted.translate(_ALIKE), bare.translate(_ALIKE))
            rated.append((slips, alike, code))
    return [code for _, _, code in sorted(rated)[:most]]


def _bare(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())
