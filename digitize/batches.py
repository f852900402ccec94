"""Cover sheets cut a batch: which pages of one file lie behind which cover.

A cover begins what lies behind it, until the next one. The covers themselves belong to nobody. Where the scanner took
both sides of every sheet, the blank back of a cover does not either.

    split(["D/7K3M9QXZ2", None, None, "D/0A1B2C3D4", None])
    -> Split((Range(2, 3, "D/7K3M9QXZ2", 1), Range(5, 5, "D/0A1B2C3D4", 4)))
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

# Stands before a code on a sheet that has the form of a cover but not a code of ours: damaged, or forged.
DOUBTFUL = "?"


@dataclass(frozen=True, slots=True)
class Range:
    """Pages `first` to `last` (from 1, both in) behind the cover on page `cover`; `code` "" and 0 where none is before.

    A cover with nothing behind it has `last` before `first`.
    """

    first: int
    last: int
    code: str
    cover: int

    @property
    def count(self) -> int:
        """How many pages it has."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Split:
    """The ranges of a batch in order; `two_sided`: every sheet gave two pages, of which `backs` are those of covers."""

    ranges: tuple[Range, ...]
    two_sided: bool = False
    backs: tuple[int, ...] = ()


def split(codes: Sequence[str | None], blank: Collection[int] = ()) -> Split:
    """Cut a batch at its covers; `codes` names the cover each page is (None for the rest), `blank` the blank pages.

    A batch is known to be two-sided only when all of it says so: an even number of pages, every cover on a front and
    every cover's back blank. A cover that is followed at once by its own twin counts as one.
    """
    covers = [number for number, code in enumerate(codes, 1) if code is not None]
    if not covers:
        return Split((Range(1, len(codes), "", 0),) if codes else ())
    two_sided = len(codes) % 2 == 0 and all(each % 2 == 1 and each + 1 in blank for each in covers)
    ranges = [] if covers[0] == 1 else [Range(1, covers[0] - 1, "", 0)]
    for cover, following in zip(covers, [*covers[1:], len(codes) + 1], strict=True):
        code = codes[cover - 1] or ""
        first = cover + 2 if two_sided else cover + 1
        if first >= following and following <= len(codes) and codes[following - 1] == code:
            continue
        ranges.append(Range(first, following - 1, code, cover))
    return Split(tuple(ranges), two_sided, tuple(each + 1 for each in covers) if two_sided else ())


def is_doubtful(code: str) -> bool:
    """Tell whether this stands on a sheet that only looks like a cover of ours."""
    return code.startswith(DOUBTFUL)
