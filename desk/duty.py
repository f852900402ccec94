"""Guarding seen from the desk: each part says what breaks its invariants, what is due now, and what it must catch up.

A part adds one line to each of these tuples; `verify`, the alarms and the minute tick ask them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from custody.due import Due
from custody.errors import Finding
from desk import duty_shifts, duty_stock, relief_ends, round_duty
from desk.nightly import close_day, judge_digest
from desk.numbering import judge_numbers
from desk.office import Office

# Returns findings by the number of the invariant; a number it answers for is there even when nothing was found.
Judges = Callable[[Office], Mapping[int, Sequence[Finding]]]
# Returns what is wrong or late at the office's present moment.
Watches = Callable[[Office], Iterable[Due]]
# Records what fell due since it last ran (a missed round, a shift nobody took); the second call at once does nothing.
CatchesUp = Callable[[Office], None]

JUDGES: tuple[Judges, ...] = (
    judge_numbers,
    judge_digest,
    duty_shifts.judges,
    duty_stock.judges,
    round_duty.judges,
)
WATCHES: tuple[Watches, ...] = (duty_shifts.watches, duty_stock.watches, round_duty.watches)
STEPS: tuple[CatchesUp, ...] = (close_day, relief_ends.settle, round_duty.catch_up)


def findings_of(office: Office) -> dict[int, list[Finding]]:
    """Return what breaks the invariants about guards and stocktakes, by their number."""
    found: dict[int, list[Finding]] = {}
    for judges in JUDGES:
        for number, some in judges(office).items():
            found.setdefault(number, []).extend(some)
    return found


def due_of(office: Office) -> list[Due]:
    """Return everything that is wrong or late now."""
    return [each for watches in WATCHES for each in watches(office)]


def catch_up(office: Office) -> None:
    """Record what fell due since the last tick, however long ago that was."""
    for step in STEPS:
        step(office)
