"""One reading of text for writing the index and for asking it.

`normalize` gives words as they are compared exactly: composed (NFC), lower case, tone marks where the new spelling
puts them (hòa → hoà, qúy → quý), Ð and ð (eth) taken for Đ and đ, everything else a single space. `fold` also takes
the marks away (quyết định → quyet dinh). Both cut text into the same words that SQLite's `unicode61` tokenizer cuts
it into, so the n-th word of the index is the n-th word of the original text, however that was typed.

VERSION is raised whenever the result changes for any text; an index of another version asks to be rebuilt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from operator import itemgetter

from archive.letters import JOINERS, SEPARATORS, character_class

VERSION = 1
# PostgreSQL takes lexemes of up to 2046 bytes; no word of any language comes near this many characters.
LONGEST_WORD = 200
# Pieces between spaces up to this length are remembered with their words; longer ones seldom come twice.
LONGEST_PIECE = 40
TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aăâeêioôơuưy"
_TONED = {unicodedata.normalize("NFC", vowel + tone): (vowel, tone) for vowel in _VOWELS for tone in TONES}
_SYLLABLE = re.compile(
    r"(?P<onset>ngh|ng|nh|gh|gi(?=[aăâeêioôơuưy])|kh|ph|qu(?=[aăâeêioôơuưy])|th|tr|ch|[bcdđghklmnpqrstvx]?)"
    rf"(?P<vowels>[{_VOWELS}]{{1,3}})(?P<final>ch|nh|ng|[cmnpt]?)"
)
_FIRST, _SECOND = itemgetter(0), itemgetter(1)
_ETH = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ", "\u0256": "đ"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: where it stands in the original (characters, half open) and how it is compared."""

    start: int
    end: int
    normalized: str
    folded: str


def normalize(text: str) -> str:
    """Return the words of `text` as they are compared exactly, with one space between."""
    return " ".join([_normalized(found) for found in _pattern().findall(text)])


def fold(text: str) -> str:
    """Return the words of `text` without case and marks, with one space between."""
    return " ".join([_folded(found) for found in _pattern().findall(text)])


def words(text: str) -> Iterator[Word]:
    """Yield the words of `text` with their places."""
    for found in _pattern().finditer(text):
        raw = found.group()
        yield Word(found.start(), found.end(), _normalized(raw), _folded(raw))


def pair(text: str) -> tuple[list[str], list[str]]:
    """Return the words of `text` as `normalize` and as `fold` give them, word for word, in one quick reading."""
    read = read_pieces(text.split())
    return list(chain.from_iterable(map(_FIRST, read))), list(chain.from_iterable(map(_SECOND, read)))


def read_pieces(pieces: Sequence[str]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the words, exact and folded, of each piece between spaces; most come from memory.

    Every character that `split` cuts at ends a word anyway, so the words of the pieces are the words of the text.
    """
    if max(map(len, pieces), default=0) <= LONGEST_PIECE:
        return list(map(_pair, pieces))
    return [_pair(piece) if len(piece) <= LONGEST_PIECE else _read_pair(piece) for piece in pieces]


def has_marks(normalized: str) -> bool:
    """Tell whether an asker who typed these words typed accents."""
    return any(_folded(word) != word for word in normalized.split(" "))


@cache
def _pattern() -> re.Pattern[str]:
    letter = f"[^{character_class(SEPARATORS)}]+"
    return re.compile(f"{letter}(?:[{character_class(JOINERS)}]+(?:{letter})?)*")


def _read_pair(piece: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = _pattern().findall(piece)
    return tuple(_normalized(each) for each in found), tuple(_folded(each) for each in found)


_pair = lru_cache(maxsize=1 << 16)(_read_pair)


@lru_cache(maxsize=1 << 16)
def _normalized(raw: str) -> str:
    composed = unicodedata.normalize("NFC", raw[: 4 * LONGEST_WORD]).translate(_ETH).casefold()
    composed = place_tone(unicodedata.normalize("NFC", composed))
    return _one_word(composed, raw)


@lru_cache(maxsize=1 << 16)
def _folded(raw: str) -> str:
    apart = unicodedata.normalize("NFD", _normalized(raw))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter)).replace("đ", "d")
    return _one_word(unicodedata.normalize("NFC", bare), raw)


def _one_word(changed: str, raw: str) -> str:
    # Composing and folding turn a few letters of other scripts into pieces the tokenizer would cut: the first piece
    # stands for the word, so that the count of words stays what it was.
    found = _pattern().search(changed[:LONGEST_WORD])
    return found.group() if found else raw[:LONGEST_WORD]


def place_tone(word: str) -> str:
    """Return a composed lower-case Vietnamese syllable with its tone mark on the letter the new spelling chooses.

    Words that are no Vietnamese syllable, or have no tone or several, come back as they are.
    """
    toned = [(at, *_TONED[letter]) for at, letter in enumerate(word) if letter in _TONED]
    if len(toned) != 1 or len(word) > 8:
        return word
    at, vowel, tone = toned[0]
    bare = word[:at] + vowel + word[at + 1 :]
    syllable = _SYLLABLE.fullmatch(bare)
    if syllable is None:
        return word
    target = syllable.start("vowels") + _carrier(syllable["vowels"], syllable["final"])
    return unicodedata.normalize("NFC", bare[: target + 1] + tone + bare[target + 1 :])


def _carrier(vowels: str, final: str) -> int:
    marked = [at for at, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if marked:
        return marked[-1]
    if len(vowels) == 3 or (len(vowels) == 2 and (final or vowels in {"oa", "oe", "uy"})):
        return 1
    return 0
