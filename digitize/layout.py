"""The order in which a person reads an administrative document (Decree 30/2020/ND-CP, Appendix I).

The letterhead stands in two columns and is read row by row: issuing body and national title, number and
date. The foot stands in two columns and is read column by column: recipients, then signer. Between them
lines simply follow. Everything is told from the words themselves and where they stand; pages without these
marks keep the engine's order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from digitize.syllables import drop_marks, is_syllable
from digitize.text import Word

_DATE = re.compile(r"ng.y\b.{0,16}\bth.ng\b.{0,16}\bn.m\b")
_MOTTO = re.compile(r"doc lap|tu do|hanh phuc|cong hoa xa hoi|chu nghia viet nam")
_RECIPIENTS = re.compile(r"n.i nh.n")
_NUMBER = re.compile(r"\+?\d+(?:[.:/,-]\d+)*")
_HEAD_SHARE = 0.38
_FOOT_SHARE = 0.08

_EDGES = ".,;:!?()[]{}<>\"'“”‘’«»|*_~-–—=/\\"

Line = list[Word]


def order_words(words: Sequence[Word], width: float, height: float) -> tuple[Word, ...]:
    """Put the words of an upright, level page into reading order and number lines and blocks anew.

    Words keep text, box and confidence. `width` and `height` are those of the page the boxes belong to.
    """
    lines = _drop_junk(_gather(words))
    head_end = _find_head_end(lines, height)
    foot_start, foot_top = _find_foot(lines, height)
    head = [line for line in lines if _middle(line) <= head_end]
    rest = [line for line in lines if _middle(line) > head_end]
    body = [line for line in rest if foot_start is None or _middle(line) < foot_top]
    foot = [line for line in rest if foot_start is not None and _middle(line) >= foot_top]
    ordered = _merge_rows(head) + body
    if foot_start is not None:
        ordered += _split_columns(foot, foot_start, width)
    return _renumber(ordered)


def _gather(words: Sequence[Word]) -> list[Line]:
    lines: dict[tuple[int, int], Line] = {}
    for word in words:
        lines.setdefault((word.block, word.line), []).append(word)
    return list(lines.values())


def _drop_junk(lines: list[Line]) -> list[Line]:
    """Leave out lines in which nothing is a word or a number: rims of stamps, rules, folds, grain."""
    return [line for line in lines if any(_is_sense(word) for word in line)]


def _is_sense(word: Word) -> bool:
    core = word.text.strip(_EDGES)
    if _NUMBER.fullmatch(core):
        return word.confidence >= 50
    if len(core) >= 2 and is_syllable(core):
        return word.confidence >= 35
    plain = sum(letter.isalnum() for letter in core)
    return (len(core) >= 3 and plain >= 0.7 * len(core) and word.confidence >= 50) or plain >= 8


def _find_head_end(lines: list[Line], height: float) -> float:
    """Tell how far down the two-column letterhead goes: the row of the date, else that of the motto."""
    upper = [line for line in lines if _middle(line) < _HEAD_SHARE * height]
    plain = [(drop_marks(_tell(line)), line) for line in upper]
    if not any(_MOTTO.search(text) for text, _ in plain):
        return 0.0
    marks = [line for text, line in plain if _DATE.search(text)] or [
        line for text, line in plain if _MOTTO.search(text)
    ]
    return max(_bottom(line) for line in marks)


def _find_foot(lines: list[Line], height: float) -> tuple[Word | None, float]:
    """Find the word that begins the list of recipients, and how far down the foot begins."""
    for line in lines:
        for word, following in pairwise(line):
            told = drop_marks(f"{word.text} {following.text}")
            if _RECIPIENTS.match(told) and word.box[1] > _FOOT_SHARE * height and word.text[:1] == "N":
                return word, word.box[1] - 0.4 * word.box[3]
    return None, 0.0


def _merge_rows(lines: list[Line]) -> list[Line]:
    """Join lines that stand side by side, left to right, rows from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=_middle):
        if rows and _overlap(rows[-1][0], line) > 0.5:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [[word for line in sorted(row, key=lambda one: one[0].box[0]) for word in line] for row in rows]


def _split_columns(lines: list[Line], start: Word, width: float) -> list[Line]:
    """Part the foot at its widest white gutter and give the left column, then the right one."""
    spans = sorted((word.box[0], word.box[0] + word.box[2]) for line in lines for word in line)
    gutter, reach = 0.0, float(start.box[0] + start.box[2])
    split = width
    for left, right in spans:
        if left > reach and left - reach > gutter and 0.2 * width < left < 0.8 * width:
            gutter, split = left - reach, (left + reach) / 2
        reach = max(reach, right)
    if split >= width:
        split = _guess_split(lines, width)
    sides: tuple[list[Line], list[Line]] = ([], [])
    for line in lines:
        for side, part in enumerate(
            ([w for w in line if _centre(w) < split], [w for w in line if _centre(w) >= split])
        ):
            if part:
                sides[side].append(part)
    left_column, right_column = (sorted(side, key=_middle) for side in sides)
    return left_column + right_column


def _guess_split(lines: list[Line], width: float) -> float:
    """Part a foot without a clear gutter (a signature runs through it) at the widest gap inside its lines."""
    gaps = [
        (after.box[0] - before.box[0] - before.box[2], (after.box[0] + before.box[0] + before.box[2]) / 2)
        for line in lines
        for before, after in pairwise(line)
    ]
    wide = [middle for gap, middle in gaps if gap > 0.06 * width and 0.3 * width < middle < 0.7 * width]
    return sorted(wide)[len(wide) // 2] if wide else width


def _renumber(lines: list[Line]) -> tuple[Word, ...]:
    """Count lines from 0; a block ends where the text jumps up or far down."""
    numbered: list[Word] = []
    block = 0
    for number, line in enumerate(lines):
        if number and _is_break(lines[number - 1], line):
            block += 1
        numbered += [replace(word, line=number, block=block) for word in line]
    return tuple(numbered)


def _is_break(before: Line, line: Line) -> bool:
    step = line[0].box[1] - before[0].box[1]
    tall = max(word.box[3] for word in before)
    return step < 0 or step > 2.6 * tall


def _tell(line: Line) -> str:
    return " ".join(word.text for word in line)


def _middle(line: Line) -> float:
    return sum(word.box[1] + word.box[3] / 2 for word in line) / len(line)


def _centre(word: Word) -> float:
    return word.box[0] + word.box[2] / 2


def _bottom(line: Line) -> float:
    return max(word.box[1] + word.box[3] for word in line)


def _overlap(one: Line, other: Line) -> float:
    top = max(min(w.box[1] for w in one), min(w.box[1] for w in other))
    low = min(_bottom(one), _bottom(other))
    short = min(_bottom(one) - min(w.box[1] for w in one), _bottom(other) - min(w.box[1] for w in other))
    return (low - top) / max(1, short)
