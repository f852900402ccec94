"""Whether the text a PDF already holds is good enough to be kept, or the page must be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from digitize.syllables import TextSense, weigh_text
from digitize.text import Word, compose_text

Verdict = Literal["none", "good", "bad", "extra"]
_COVERED = 0.6


@dataclass(frozen=True, slots=True)
class LayerFinding:
    """What is to be done with a page's own text.

    "good": it stands for the page; "extra": visible text beside the scan (a stamp of a digital signature),
    kept beside what is read; "bad": unreadable or partial, `facts` tell how; "none": there is none.
    """

    verdict: Verdict
    facts: dict[str, object]


def judge_layer(words: Sequence[Word], hidden: bool, embedded: bool) -> LayerFinding:
    """Judge the words by their build alone; what ink they cover is for `covers_ink` to tell."""
    if not words:
        return LayerFinding("none", {})
    sense = weigh_text(compose_text(words))
    facts: dict[str, object] = {
        "words": len(words),
        "syllables": round(sense.syllables, 2),
        "accented": round(sense.accented, 2),
        "foreign": round(sense.foreign, 2),
        "alien": round(sense.alien, 3),
    }
    if embedded or hidden:
        if _is_vietnamese(sense) and sense.words >= 20:
            return LayerFinding("good", facts)
        return LayerFinding("bad" if hidden or sense.foreign > 0.2 or sense.alien > 0.01 else "extra", facts)
    readable = sense.alien < 0.01 and sense.foreign < 0.15 and sense.words > 0
    return LayerFinding("good" if readable or _is_vietnamese(sense) else "bad", facts)


def _is_vietnamese(sense: TextSense) -> bool:
    return sense.syllables >= 0.75 and sense.accented >= 0.45 and sense.alien < 0.01


def covers_ink(words: Sequence[Word], ink: NDArray[np.bool_], width: int) -> bool:
    """Tell whether the words lie over most of the ink of a page (`ink` is a small copy of it)."""
    scale = ink.shape[1] / width
    covered = np.zeros(ink.shape, dtype=bool)
    for word in words:
        x, y, w, h = (round(v * scale) for v in word.box)
        covered[max(0, y - 2) : y + h + 3, max(0, x - 2) : x + w + 3] = True
    total = int(ink.sum())
    return total == 0 or int((ink & covered).sum()) >= _COVERED * total
