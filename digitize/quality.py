"""Why a person should look at a page: values with a code and facts, never a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from digitize.syllables import is_syllable
from digitize.text import Word

_REACH = 6  # pixels of the 100-dpi copy: half a small letter


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, by its code; `facts` hold the number measured and the bound it crossed."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a page begins to need eyes.

    `blank_ink`: share of ink below which a page is blank; `faint_contrast`: grey levels (0 to 255) between
    ink and paper; `confidence`: mean, 0 to 100; `dpi`: the least resolution the archive accepts (200,
    Circular 05/2025/TT-BNV); `skew`: degrees; `legible`: share of letters in words that can be read.
    """

    blank_ink: float = 0.0004
    faint_contrast: float = 60.0
    confidence: float = 70.0
    dpi: float = 195.0
    skew: float = 3.0
    legible: float = 0.5


@dataclass(frozen=True, slots=True)
class Ink:
    """Ink of a page: its share inside the margins, its contrast to the paper, the edges it cuts."""

    share: float
    contrast: float
    edges: tuple[str, ...]


def measure_ink(small: NDArray[np.uint8], ink: NDArray[np.bool_]) -> Ink:
    """Measure the ink of a small copy: single specks are noise, the outer margin may be the lid."""
    high, wide = ink.shape
    near = np.zeros(ink.shape, dtype=np.uint8)
    solid = ink.astype(np.uint8)
    near[:, 1:] += solid[:, :-1]
    near[:, :-1] += solid[:, 1:]
    near[1:] += solid[:-1]
    near[:-1] += solid[1:]
    kept = ink & (near >= 2)
    top, side = max(1, round(high * 0.03)), max(1, round(wide * 0.03))
    inner, inner_ink = small[top : high - top, side : wide - side], kept[top : high - top, side : wide - side]
    share = float(inner_ink.mean()) if inner_ink.size else 0.0
    contrast = 0.0
    if inner_ink.any() and not inner_ink.all():
        contrast = float(np.median(inner[~inner_ink])) - float(np.percentile(inner[inner_ink], 25))
    return Ink(share, contrast, _find_cut_edges(kept))


def _find_cut_edges(ink: NDArray[np.bool_]) -> tuple[str, ...]:
    """Name the edges letters run into: many separate runs of ink on the border and a few rows inside it.

    One dark strip is the scanner's lid, and the ragged rim of such a strip does not reach inside.
    """
    if min(ink.shape) < 4 * _REACH:
        return ()
    named = {"top": ink, "bottom": ink[::-1], "left": ink.T, "right": ink.T[::-1]}
    return tuple(name for name, side in named.items() if _is_lettered(side[1]) and _is_lettered(side[_REACH]))


def _is_lettered(line: NDArray[np.bool_]) -> bool:
    runs = int(np.count_nonzero(line[1:] & ~line[:-1]))
    return runs >= 8 and float(line.mean()) < 0.4


def weigh_legibility(words: Sequence[Word]) -> float:
    """Share of the letters of a page (0 to 1) that stand in confident words built like words or numbers."""
    total = sum(len(word.text) for word in words)
    good = 0.0
    for word in words:
        core = word.text.strip(".,;:!?()[]\"'“”-–/…")
        if len(core) >= 2 and (core.isdigit() or is_syllable(core)):
            good += len(word.text) * word.confidence / 100
    return good / total if total else 0.0


def judge_page(
    ink: Ink,
    words: Sequence[Word],
    confidence: float,
    dpi: float,
    guessed: bool,
    skew: float,
    bounds: Thresholds,
) -> list[Reason]:
    """Collect every reason for eyes a read page gives."""
    reasons = []
    if dpi < bounds.dpi:
        reasons.append(Reason("low-resolution", {"dpi": round(dpi), "bound": round(bounds.dpi), "guessed": guessed}))
    if abs(skew) > bounds.skew:
        reasons.append(Reason("skewed", {"degrees": skew, "bound": bounds.skew}))
    if ink.edges:
        reasons.append(Reason("cut-off", {"edges": list(ink.edges)}))
    if 0 < ink.contrast < bounds.faint_contrast:
        reasons.append(Reason("faint", {"contrast": round(ink.contrast), "bound": round(bounds.faint_contrast)}))
    if not words:
        reasons.append(Reason("no-text", {"ink": round(ink.share, 4)}))
    elif confidence < bounds.confidence:
        reasons.append(Reason("low-confidence", {"confidence": round(confidence), "bound": round(bounds.confidence)}))
        if len(words) >= 8 and weigh_legibility(words) < bounds.legible / 2:
            reasons.append(Reason("mostly-handwriting", {"legible": round(weigh_legibility(words), 2)}))
    return reasons
