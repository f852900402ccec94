"""Which dossier a file name means: the dossier's code, a full stop, and an ordinal (Circular 05/2025/TT-BNV).

A code may hold what a file name cannot ("P01.001/UB"), so any run of other signs stands for any other, and letters may
have lost their accents. Digits are taken as they are: 1 and 001 are two numbers.

    fold_code("P01.001/ĐĐ")                 -> "p01-001-dd"
    meanings("P01.001_ĐĐ.12.pdf")           -> Meaning("p01-001-dd", "p01-001-đđ"), and the same read without ordinal
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from archive.catalogue_tables import DossierRow

LONGEST = 100
_BETWEEN = re.compile(r"[\W_]+")
# Only what scans are called: the end of a code ("P01.12.QD") must not pass for the kind of a file.
_EXTENSION = re.compile(r"\.(pdf|jpe?g|tiff?|png|webp|hei[cf]|bmp|gif|jp2|jpx)$", re.IGNORECASE)
_ORDINAL = re.compile(r"(?P<code>.+)-\d{1,7}")


@dataclass(frozen=True)
class Meaning:
    """A dossier code that a name may hold: without accents, and with those it has."""

    folded: str
    spelled: str


@dataclass(frozen=True)
class Found:
    """The dossier a name means, or the several it may mean; both empty where it means none."""

    dossier: str | None = None
    several: tuple[str, ...] = ()


def spell_code(text: str) -> str:
    """Return a code in small letters, every run of other signs one dash, an Icelandic Ð the Đ it looks like."""
    return _BETWEEN.sub("-", unicodedata.normalize("NFC", text).casefold().replace("ð", "đ")).strip("-")


def fold_code(text: str) -> str:
    """Return a code as `spell_code` does, without accents and at most 100 characters long."""
    apart = unicodedata.normalize("NFD", spell_code(text).replace("đ", "d"))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)[:LONGEST]


def meanings(name: str) -> list[Meaning]:
    """Return what a file's name may mean: its last part and all of it, each with and without an ordinal."""
    found: dict[str, Meaning] = {}
    for part in dict.fromkeys((name.rsplit("/", 1)[-1], name)):
        spelled = spell_code(_EXTENSION.sub("", part))
        with_ordinal = _ORDINAL.fullmatch(spelled)
        for text in (with_ordinal["code"] if with_ordinal else "", spelled):
            if text and len(text) <= 2 * LONGEST:
                found.setdefault(text, Meaning(fold_code(text), text))
    return list(found.values())


def find_by_name(session: Session, name: str) -> Found:
    """Return the one registered dossier that a file's name means; of two that it may mean neither is taken.

    A name that has accents means the dossier with those accents; one without may have lost them.
    """
    read = meanings(name)
    if not read:
        return Found()
    columns = (col(DossierRow.code), col(DossierRow.folded))
    wanted = [each.folded for each in read]
    rows = session.execute(select(*columns).where(col(DossierRow.folded).in_(wanted)).order_by(columns[0])).all()
    hits: set[str] = set()
    for each in read:
        same = {code for code, folded in rows if folded == each.folded}
        if each.spelled != each.folded:
            same = {code for code in same if spell_code(code) == each.spelled}
        hits |= same
    if len(hits) == 1:
        return Found(hits.pop())
    return Found(several=tuple(sorted(hits)))
