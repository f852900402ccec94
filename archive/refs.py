"""Names that never change: public identifiers of rows, and the short codes printed on labels.

A code is eight characters drawn at random and one check character, in the 32 letters of Crockford's base 32 (no I, L,
O, U). The check character is a Damm digit over the field of 32 elements, `t = 2·(t ⊕ x)` modulo x⁵+x²+1: it finds every
wrong character and every swap of two characters, next to each other or one apart (Damm, "Total anti-symmetrische
Quasigruppen", 2004).

    new_code()                  -> "7K3M9QXZ…"       nine characters, never used before is the caller's to prove
    show_code("7K3M9QXZ2")      -> "7K3 M9Q XZ2"
    read_code("7k3-m9q xzz")    -> the nine characters, or None where the check character is wrong
    read_ref("http://any/B/…")  -> Ref(kind, code)   what a QR code, a camera link or a typed line means
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import uuid_utils

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DRAWN, LENGTH = 8, 9
# x⁵ + x² + 1, without its leading term after the shift.
_REDUCED = 0b00101
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
# What people read or type for another character (Crockford, "Base 32").
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BETWEEN = re.compile(r"[\s\-–—.]+")
_TAIL = re.compile(r"(?:^|/)(?P<kind>[BDSPLRG])/(?P<code>[^/?#]+)/?$", re.IGNORECASE)


class Kind(StrEnum):
    """What a printed code stands on; the letter is part of the QR payload."""

    BOX = "B"
    DOSSIER = "D"
    SEPARATOR = "S"
    FORM = "P"
    PLACE = "L"
    ROUND_POINT = "R"
    BADGE = "G"


@dataclass(frozen=True)
class Ref:
    """A code and, where the reading said it, what it stands on."""

    kind: Kind | None
    code: str


def new_public_id() -> str:
    """Return a new UUIDv7 (RFC 9562) as 36 characters of lower-case text."""
    return str(uuid_utils.uuid7())


def new_code(draw: Callable[[int], int] = secrets.randbelow) -> str:
    """Return a code of nine characters; `draw(32)` gives each of the first eight."""
    letters = "".join(ALPHABET[draw(32)] for _ in range(DRAWN))
    return letters + check_character(letters)


def check_character(letters: str) -> str:
    """Return the character that makes `letters` a code; they must all be of the alphabet (KeyError otherwise)."""
    return ALPHABET[_fold(letters)]


def is_code(text: str) -> bool:
    """Tell whether `text` is a code exactly as it is stored: nine characters, upper case, the last one right."""
    return len(text) == LENGTH and set(text) <= _VALUES.keys() and check_character(text[:-1]) == text[-1]


def read_code(text: str) -> str | None:
    """Return the code a person typed or a scanner read, None where it is none.

    Spaces, dashes, dots and case do not matter; I and L count as 1, O as 0.
    """
    letters = _BETWEEN.sub("", text).upper().translate(_READ_AS)
    return letters if is_code(letters) else None


def show_code(code: str) -> str:
    """Return a code in three groups of three, as it is printed."""
    return " ".join(code[start : start + 3] for start in range(0, len(code), 3))


def payload(kind: Kind, code: str, host: str) -> str:
    """Return the text of a QR code: all upper case, so that its alphanumeric mode holds it."""
    return f"HTTP://{host}/{kind}/{code}".upper()


def read_ref(text: str) -> Ref | None:
    """Return what any reading means: a QR payload, a link with any host or none, or a bare code; None for the rest."""
    text = text.strip()
    if found := _TAIL.search(text):
        code = read_code(found["code"])
        return Ref(Kind(found["kind"].upper()), code) if code else None
    code = read_code(text)
    return Ref(None, code) if code else None


def _fold(letters: str) -> int:
    interim = 0
    for letter in letters:
        interim = _double(interim ^ _VALUES[letter])
    return interim


def _double(value: int) -> int:
    doubled = value << 1
    return doubled if doubled < 32 else (doubled & 31) ^ _REDUCED
