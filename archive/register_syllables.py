"""Whether a word can be Vietnamese: what tells text read in the right encoding from text read in a wrong one.

A Vietnamese syllable is an onset, a nucleus with at most one tone, and a coda; before the stops c, ch, p and t only the
tones sắc and nặng stand. Text in a wrong encoding breaks these rules within a few words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"[^\W\d_]+")
_ABBREVIATION = re.compile("[BCDĐGHKLMNPQRSTVX]+")
_NUCLEI = (
    "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iêu|iu|oa|oă|oai|oay|oao|oe|oeo|oi|oo|ôi|ơi|ua|uâ|uây|uê|ui|uô"
    "|uôi|uơ|uy|uya|uyê|uyu|ưa|ưi|ươ|ươi|ươu|ưu|yê|yêu"
)
_SYLLABLE = re.compile(
    rf"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?(?:{_NUCLEI})(?:ch|nh|ng|[cmnpt])?", re.IGNORECASE
)


def score(text: str) -> int:
    """Return words that are Vietnamese with marks, less twice those with marks that are not."""
    total = 0
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        # QĐ, ĐĐ, TTĐ: capitals without a vowel are an abbreviation and prove nothing.
        if not word.isascii() and not _ABBREVIATION.fullmatch(word):
            total += 1 if is_syllable(word) else -2
    return total


@lru_cache(maxsize=1 << 14)
def is_syllable(word: str) -> bool:
    """Tell whether a word is one Vietnamese syllable, in one case or with a capital."""
    if word not in (word.lower(), word.upper(), word.capitalize()):
        return False
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [letter for letter in apart if letter in _TONES]
    bare = unicodedata.normalize("NFC", "".join(letter for letter in apart if letter not in _TONES))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(bare):
        return False
    stopped = bare.endswith(("c", "ch", "p", "t"))
    return not (stopped and tones and tones[0] in "\u0300\u0303\u0309")
