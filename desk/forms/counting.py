"""Numbers in Vietnamese words, as minutes state every total a second time.

    in_words(0)      "không"                 in_words(1005)   "một nghìn không trăm linh năm"
    in_words(21)     "hai mươi mốt"          in_words(15)     "mười lăm"
    in_words(105)    "một trăm linh năm"     in_words(10**9)  "một tỷ"

The rules are those taught in primary school: mốt for one after mươi, lăm for five after mười and mươi, linh for a
missing ten, and "không trăm" for a missing hundred inside a longer number.
"""

from __future__ import annotations

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
SCALES = ("", " nghìn", " triệu")
BILLION = 10**9
LARGEST = 10**15


def in_words(number: int) -> str:
    """Return a whole number from 0 to 10^15 − 1 in words; raises ValueError outside."""
    if not 0 <= number < LARGEST:
        raise ValueError(f"{number} is not between 0 and {LARGEST}")
    return _read(number, full=False) or DIGITS[0]


def _read(number: int, full: bool) -> str:
    """Read a number; `full` says that something stands before it, so that its hundreds are named even when none."""
    parts: list[str] = []
    if number >= BILLION:
        parts.append(_read(number // BILLION, full) + " tỷ")
        number, full = number % BILLION, True
    for power in (2, 1, 0):
        group = number // 1000**power % 1000
        if group:
            parts.append(_read_group(group, full or bool(parts)) + SCALES[power])
    return " ".join(parts)


def _read_group(group: int, full: bool) -> str:
    hundreds, tens, units = group // 100, group // 10 % 10, group % 10
    words: list[str] = []
    if hundreds or full:
        words += [DIGITS[hundreds], "trăm"]
    if tens == 0 and units and words:
        words.append("linh")
    elif tens == 1:
        words.append("mười")
    elif tens > 1:
        words += [DIGITS[tens], "mươi"]
    if units:
        words.append("mốt" if units == 1 and tens > 1 else "lăm" if units == 5 and tens else DIGITS[units])
    return " ".join(words)
