"""Does a text read as Vietnamese? Judged by the build of its syllables, without a dictionary."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Onset and rime of a written Vietnamese syllable, tone marks removed; the vowels keep their quality marks.
_ONSET = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx]"
_NUCLEUS = (
    "iêu|yêu|ươi|ươu|uôi|uyê|uya|uyu|oai|oay|oao|oeo|uây|uê|ươ|uô|iê|yê|uơ|uâ|uy|"
    "ia|ya|ua|ưa|oa|oă|oe|oo|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|[aăâeêioôơuưy]"
)
_CODA = "ng|nh|ch|[cmnpt]"
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{_NUCLEUS})(?:{_CODA})?")
_WORD = re.compile(r"[^\W\d_]{2,}")
_TONES = {0x300, 0x301, 0x303, 0x309, 0x323}
_ALIEN = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class TextSense:
    """Measures of a text, each a share from 0 to 1.

    `syllables`: lower-case words built as Vietnamese syllables; `accented`: words carrying a Vietnamese mark;
    `foreign`: words with other than plain letters that are no syllables, as TCVN3 and VNI text looks when
    taken for Unicode; `alien`: replacement, private-use and control characters. `words` is how many words
    were judged.
    """

    words: int
    syllables: float
    accented: float
    foreign: float
    alien: float


def drop_tone(text: str) -> str:
    """Remove tone marks and keep the marks that make another vowel (ă â ê ô ơ ư) and đ."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if ord(c) not in _TONES))


def drop_marks(text: str) -> str:
    """Remove every mark, lower the case and turn đ into d, for comparing where marks may be misread."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in apart if not unicodedata.combining(c))


def is_syllable(word: str) -> bool:
    """Tell whether a word is built like a written Vietnamese syllable, whatever its case."""
    return _SYLLABLE.fullmatch(drop_tone(word.lower())) is not None


def weigh_text(text: str) -> TextSense:
    """Measure how Vietnamese a text is; mojibake (TCVN3, VNI) and English-only readings score low."""
    words = _WORD.findall(text)
    alien = len(_ALIEN.findall(text)) / max(1, len(text))
    if not words:
        return TextSense(0, 0.0, 0.0, 0.0, alien)
    built = [is_syllable(word) for word in words]
    marked = sum(right and not word.isascii() for word, right in zip(words, built, strict=True))
    strange = sum(not right and not word.isascii() for word, right in zip(words, built, strict=True))
    count = len(words)
    return TextSense(count, sum(built) / count, marked / count, strange / count, alien)


# What the engine takes for another, above all in capitals where two marks stand on one letter: the letter
# as it was read, and those it may have been with a second mark.
_CONFUSED = {
    "a": "âă",
    "á": "ấắ",
    "à": "ầằ",
    "ả": "ẩẳ",
    "ã": "ẫẵ",
    "ạ": "ậặ",
    "e": "ê",
    "é": "ế",
    "è": "ề",
    "ẻ": "ể",
    "ẽ": "ễ",
    "ẹ": "ệ",
    "o": "ôơ",
    "ó": "ốớ",
    "ò": "ồờ",
    "ỏ": "ổở",
    "õ": "ỗỡ",
    "ọ": "ộợ",
    "u": "ư",
    "ú": "ứ",
    "ù": "ừ",
    "ủ": "ử",
    "ũ": "ữ",
    "ụ": "ự",
    "d": "đ",
}


def mend_syllable(word: str) -> str:
    """Give back the one Vietnamese syllable a word must have been, where as read it is none: QUYÉT was QUYẾT.

    A word that is a syllable, that is no word of letters, or that could be more than one syllable stays as
    it is.
    """
    if len(word) < 3 or not word.isalpha() or word.isascii() or is_syllable(word):
        return word
    found = set()
    for at, letter in enumerate(word):
        for other in _CONFUSED.get(letter.lower(), ""):
            tried = word[:at] + (other.upper() if letter.isupper() else other) + word[at + 1 :]
            if is_syllable(tried):
                found.add(tried)
    return found.pop() if len(found) == 1 else word
