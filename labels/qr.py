"""QR codes: the matrix of a payload, and modules that are a whole number of a printer's dots.

The mask is fixed: choosing the best of eight costs six times as much and reads no better. A module of three whole dots
reads always where a larger one of two and a half reads seldom, so `fit` rounds down to whole dots.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.util import MODE_ALPHA_NUM, QRData

from labels.errors import LabelError
from labels.geometry import Printer

QUIET = 4
_MASK = 2
# Fewer dots than this are lost when ink spreads.
LEAST_DOTS = 3


class Grade(StrEnum):
    """Error correction: Q for boxes, M where a code is at most 20 mm wide; never L (wrong texts) nor H (no reach)."""

    M = "M"
    Q = "Q"


# ISO/IEC 18004, table 7: alphanumeric characters by version; the smallest is the same for all labels of an office.
CAPACITY = {Grade.M: {2: 38, 3: 61, 4: 90, 5: 122}, Grade.Q: {3: 47, 4: 67, 5: 87, 6: 108}}
_LEVELS = {Grade.M: ERROR_CORRECT_M, Grade.Q: ERROR_CORRECT_Q}


@dataclass(frozen=True)
class Matrix:
    """The dark modules of a code, as runs (row, first column, length); `side` counts modules without the quiet zone."""

    side: int
    runs: tuple[tuple[int, int, int], ...]

    @property
    def span(self) -> int:
        """Modules of one side with the quiet zone."""
        return self.side + 2 * QUIET


def version_for(length: int, grade: Grade) -> int:
    """Return the smallest version that holds `length` characters; raises LabelError "payload-too-long"."""
    for version, capacity in CAPACITY[grade].items():
        if length <= capacity:
            return version
    raise LabelError("payload-too-long", length=length, most=max(CAPACITY[grade].values()))


def span_for(length: int, grade: Grade) -> int:
    """Return how many modules a side of such a code has, with its quiet zone."""
    return 17 + 4 * version_for(length, grade) + 2 * QUIET


@lru_cache(maxsize=64)
def encode(payload: str, grade: Grade) -> Matrix:
    """Return the matrix of an alphanumeric payload (A–Z, 0–9, "/:.-$%*+ ")."""
    try:
        data = QRData(payload, mode=MODE_ALPHA_NUM)
    except ValueError:
        raise LabelError("payload-not-alphanumeric", payload=payload) from None
    code = QRCode(version_for(len(payload), grade), _LEVELS[grade], border=0, mask_pattern=_MASK)
    code.add_data(data)
    code.make(fit=False)
    runs = tuple(run for row, modules in enumerate(code.modules) for run in _runs_of(row, modules))
    return Matrix(len(code.modules), runs)


def fit(room: float, span: int, printer: Printer) -> float:
    """Return the module in mm, a whole number of dots, of the largest code of `span` modules that fits `room` mm.

    Raises LabelError "cell-too-small" where that is under three dots.
    """
    dots = int(room / (span * printer.dot) + 1e-9)
    if dots < LEAST_DOTS:
        raise LabelError("cell-too-small", room=round(room, 1), needed=round(LEAST_DOTS * span * printer.dot, 1))
    return dots * printer.dot


def _runs_of(row: int, modules: list[bool | None]) -> list[tuple[int, int, int]]:
    runs, start = [], -1
    for column, is_dark in enumerate([*modules, False]):
        if is_dark and start < 0:
            start = column
        elif not is_dark and start >= 0:
            runs.append((row, start, column - start))
            start = -1
    return runs
