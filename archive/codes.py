"""Codes that people search by, found in running text: document numbers, dates, citizen and phone numbers.

Reading errors are met where that is cheap: Ð for Đ, spaces round the strokes (`123 / QĐ - UBND`), long dashes, groups
of digits. Each code has one folded form, whatever way it was written: `123/qd-ubnd`, `2025-06-17`, `079203001234`.
Decree 30/2020/ND-CP, annex I, lays down how numbers and dates of documents are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from archive.normalize import fold

NUMBER, DATE, PERSON, PHONE = "number", "date", "person", "phone"

_DIGITS = re.compile(r"\d+")
_LETTERS = r"[^\W\d_]"
_DASH = r"[-–—‐]"
_NUMBER = re.compile(
    rf"(?<![\w/.,])(?P<count>\d{{1,6}}{_LETTERS}?)[ \t]{{0,2}}/[ \t]{{0,2}}"
    rf"(?:(?P<year>\d{{4}})[ \t]{{0,2}}/[ \t]{{0,2}})?"
    rf"(?P<notation>{_LETTERS}{{2,8}}\d?(?:[ \t]{{0,2}}{_DASH}[ \t]{{0,2}}{_LETTERS}{{1,10}}\d{{0,2}}){{0,4}})(?![\w/])"
)
_SPOKEN_DATE = re.compile(
    r"\bng[àa]y[\s.:]{1,3}(?P<day>\d{1,2})[\s.]{1,3}th[áa]ng[\s.]{1,3}(?P<month>\d{1,2})"
    r"[\s.]{1,3}n[ăa]m[\s.]{1,3}(?P<year>\d{4})(?!\d)",
    re.IGNORECASE,
)
_SHORT_DATE = re.compile(r"(?<![\d/.-])(?P<day>\d{1,2})([/.-])(?P<month>\d{1,2})\2(?P<year>\d{4})(?![\d/]|[.-]\d)")
_ISO_DATE = re.compile(r"(?<![\d/.-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?![\d/]|[.-]\d)")
_PERSON = re.compile(
    r"(?<![\d/.,])(?:\d{12}|\d{9}|0\d{2}([ .])\d{3}\1\d{3}\1\d{3}|0\d{3}([ .])\d{4}\2\d{4})(?![\d/]|[.,]\d)"
)
_PHONE = re.compile(
    r"(?<![\d/.,])0(?:\d{9}|\d{3}([ .-])\d{3}\1\d{3}|\d{2}([ .-])\d{3}\2\d{4}|\d{2}([ .-])\d{4}\3\d{3})(?![\d/]|[.,]\d)"
)


@dataclass(frozen=True, slots=True)
class Code:
    """One code in a text: its place (characters, half open), kind, as it stood there, and its one folded form."""

    start: int
    end: int
    kind: str
    shown: str
    folded: str


def find(text: str) -> list[Code]:
    """Return the codes of a composed (NFC) text in reading order; those of a decomposed text may be missed."""
    return sorted(_all(text), key=lambda code: (code.start, code.end))


def squeeze(text: str) -> str:
    """Return part of a code, as somebody typed it, the way folded forms are written: `123 / QĐ` → `123/qd`."""
    joined = re.sub(rf"\s*({_DASH}|/)\s*", lambda found: "/" if found[1] == "/" else "-", text.strip())
    folded = "".join(fold(part) or part for part in re.split(r"([/.-])", joined))
    return folded.lstrip("0") if "/" in folded else folded


def _all(text: str) -> Iterator[Code]:
    starts = [run.start() for run in _DIGITS.finditer(text)]
    for found in _matches(_NUMBER, text, starts) if "/" in text else ():
        notation = found["notation"]
        if notation.upper() == notation:
            count = found["count"].lstrip("0") or "0"
            parts = [count, *([found["year"]] if found["year"] else []), notation]
            yield _code(found, NUMBER, "/".join(_notation(part) for part in parts))
    # "ngày", then one to three characters, then the first digits.
    spoken = [
        at - back
        for at in starts
        for back in (7, 6, 5)
        if at >= back and (text[at - 1].isspace() or text[at - 1] in ".:")
    ]
    for pattern, places in ((_SPOKEN_DATE, spoken), (_SHORT_DATE, starts), (_ISO_DATE, starts)):
        for found in _matches(pattern, text, places):
            day = _date(int(found["year"]), int(found["month"]), int(found["day"]))
            if day:
                yield _code(found, DATE, day.isoformat())
    for pattern, kind in ((_PERSON, PERSON), (_PHONE, PHONE)):
        for found in _matches(pattern, text, starts):
            yield _code(found, kind, re.sub(r"\D", "", found.group()))


def _matches(pattern: re.Pattern[str], text: str, starts: Sequence[int]) -> Iterator[re.Match[str]]:
    # What `finditer` gives, tried only where a match can begin: looking at every character took 0.28 ms a page.
    end = 0
    for start in starts:
        if start >= end and (found := pattern.match(text, start)):
            end = found.end()
            yield found


def _code(found: re.Match[str], kind: str, folded: str) -> Code:
    return Code(found.start(), found.end(), kind, found.group(), folded)


def _notation(part: str) -> str:
    return "-".join(fold(piece) for piece in re.split(rf"\s*{_DASH}\s*", part))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1800 <= year <= 2200 else None
    except ValueError:
        return None
