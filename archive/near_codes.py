"""Codes that are one slip of the hand away: what somebody may have meant by a code that is not known.

The check character of a code finds every single slip, so the code that was meant is never another valid one that was
typed as it is: it is among the known codes, one wrong, missing, doubled or swapped character away.

`slips_of` makes every code that can have been meant, to be looked up among very many; `near` compares with codes that
are at hand, and with numbers that have no check character, like those of dossiers and round points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from archive.refs import ALPHABET, LENGTH, is_code

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


def slips_of(letters: str) -> Iterator[str]:
    """Yield every code that one slip turns into `letters`: a wrong, missing, doubled or swapped character."""
    size = len(letters)
    made: set[str] = set()
    if size == LENGTH:
        made |= {letters[:at] + each + letters[at + 1 :] for at in range(size) for each in ALPHABET}
        for apart in (1, 2):
            for at in range(size - apart):
                swapped = list(letters)
                swapped[at], swapped[at + apart] = swapped[at + apart], swapped[at]
                made.add("".join(swapped))
    elif size == LENGTH - 1:
        made |= {letters[:at] + each + letters[at:] for at in range(size + 1) for each in ALPHABET}
    elif size == LENGTH + 1:
        made |= {letters[:at] + letters[at + 1 :] for at in range(size)}
    yield from sorted(each for each in made if is_code(each))


def _bare(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())
