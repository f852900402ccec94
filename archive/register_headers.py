"""Finding the header row of a list and what each column means, whatever the office called it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from archive.normalize import fold
from archive.register_fields import DOSSIERS, Vocabulary

LOOK_AT = 40
CLOSE_ENOUGH = 90.0
_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")


@dataclass(frozen=True)
class Column:
    """One column of the list: its letter, its header as written, and the field it was taken for (None: not used)."""

    letter: str
    header: str
    field: str | None


@dataclass(frozen=True)
class Header:
    """Where the header stands (row numbers from 1; `last` is later for a header of two rows) and its columns."""

    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields that were found."""
        return frozenset(each.field for each in self.columns if each.field)


def find_header(rows: Sequence[Sequence[str]], vocabulary: Vocabulary = DOSSIERS) -> Header | None:
    """Return the header among the first rows of a list, None where none names what its kind of list needs.

    Of several the one that names most fields wins, then the first; two rows are read together where the second adds
    fields (a merged cell above "số tờ" and "số trang").
    """
    best: tuple[int, int, Header] | None = None
    for index, row in enumerate(rows[:LOOK_AT]):
        following = rows[index + 1] if index + 1 < len(rows) else ()
        for header in (_header(index, row, (), vocabulary), _header(index, row, following, vocabulary)):
            found = header.fields
            if not all(found & each for each in vocabulary.needs):
                continue
            rank = (len(found), -(header.last - header.first))
            if best is None or rank > best[:2]:
                best = (*rank, header)
    return best[2] if best else None


def letter_of(index: int) -> str:
    """Return the letters of a column, counted from 0: A to Z, then AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@lru_cache(maxsize=1 << 12)
def field_of(header: str, vocabulary: Vocabulary = DOSSIERS) -> tuple[str, float] | None:
    """Return the field a header names and how well (0–100), None for one that names none."""
    whole, short = fold(header), fold(_BRACKETED.sub(" ", header))
    if not whole or len(whole) > 80:
        return None
    best: tuple[str, float] | None = None
    for field in vocabulary.fields:
        for name in field.names:
            rating = max(_likeness(text, name) for text in {whole, short} if text) if whole or short else 0.0
            if rating >= CLOSE_ENOUGH and (best is None or rating > best[1]):
                best = (field.key, rating)
    return best


def _likeness(text: str, name: str) -> float:
    if text == name or text.replace(" ", "") == name.replace(" ", ""):
        return 100.0
    if len(name) >= 6 and " " in name and f" {name} " in f" {text} ":
        # A name inside a longer header: the more of the header it is, the surer.
        return CLOSE_ENOUGH + 9.0 * len(name) / len(text)
    return fuzz.ratio(text, name) if len(name) >= 7 else 0.0


def _header(index: int, row: Sequence[str], following: Sequence[str], vocabulary: Vocabulary) -> Header:
    width = max(len(row), len(following))
    texts, last = [], index + 1
    for at in range(width):
        own = row[at] if at < len(row) else ""
        below = following[at] if at < len(following) else ""
        if below and field_of(below, vocabulary) and not (own and field_of(own, vocabulary)):
            last = index + 2
            texts.append(below)
        else:
            texts.append(own)
    return Header(index + 1, last, _columns(texts, vocabulary))


def _columns(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[Column, ...]:
    rated = [field_of(text, vocabulary) if text else None for text in texts]
    taken: dict[str, int] = {}
    for at, found in enumerate(rated):
        if found is None:
            continue
        key, rating = found
        if key not in taken or rating > (rated[taken[key]] or ("", 0.0))[1]:
            taken[key] = at
    return tuple(
        Column(letter_of(at), text, found[0] if found and taken[found[0]] == at else None)
        for at, (text, found) in enumerate(zip(texts, rated, strict=True))
    )
