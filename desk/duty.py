"""Guarding seen from the desk: each part says what breaks its invariants, what is due now, and what it must catch up.

A part adds one line to each of these tuples; `verify`, the alarms and the minute tick ask them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from custody.due import URGENT, Due
from custody.errors import Finding
from desk import (
    duty_shifts,
    duty_stock,
    faults,
    relief_ends,
    round_duty,
    watching_custody,
    watching_log,
    watching_station,
)
from desk.nightly import close_day, judge_digest
from desk.numbering import judge_numbers
from desk.office import Office

# Returns findings by the number of the invariant; a number it answers for is there even when nothing was found.
Judges = Callable[[Office], Mapping[int, Sequence[Finding]]]
# Returns what is wrong or late at the office's present moment.
Watches = Callable[[Office], Iterable[Due]]
# Records what fell due since it last ran (a missed round, a shift nobody took); the second call at once does nothing.
CatchesUp = Callable[[Office], None]
# Does what is due once in a while; tells whether it was.
WorksLong = Callable[[Office], bool]

JUDGES: tuple[Judges, ...] = (
    judge_numbers,
    judge_digest,
    duty_shifts.judges,
    duty_stock.judges,
    round_duty.judges,
    watching_log.judge_devices,
)
WATCHES: tuple[Watches, ...] = (
    duty_shifts.watches,
    duty_stock.watches,
    round_duty.watches,
    *watching_custody.WATCHES,
    *watching_log.WATCHES,
    *watching_station.WATCHES,
)
STEPS: tuple[CatchesUp, ...] = (
    close_day,
    relief_ends.settle,
    round_duty.catch_up,
    *watching_log.STEPS,
    *watching_station.STEPS,
)
# What may take longer than a tick should: done after the alarms were evaluated.
SLOW: tuple[WorksLong, ...] = (*watching_log.SLOW, *watching_station.SLOW)
# Failures of which this process has noted the trace: the same one each minute would fill the disk.
_NOTED: set[tuple[str, str]] = set()


def findings_of(office: Office) -> dict[int, list[Finding]]:
    """Return what breaks the invariants about guards and stocktakes, by their number."""
    found: dict[int, list[Finding]] = {}
    for judges in JUDGES:
        for number, some in judges(office).items():
            found.setdefault(number, []).extend(some)
    return found


def due_of(office: Office) -> list[Due]:
    """Return everything that is wrong or late now; a part that cannot tell is named itself, as "watch-failed"."""
    found: list[Due] = []
    for watches in WATCHES:
        try:
            for each in watches(office):
                found.append(each)
        except Exception as error:
            # Whatever is wrong with one part, the others must still be heard.
            found.append(failed(office, watches, error))
    return found


def catch_up(office: Office) -> list[Due]:
    """Record what fell due since the last tick, however long ago that was; return the steps that failed."""
    wrong: list[Due] = []
    for step in STEPS:
        try:
            step(office)
        except Exception as error:
            wrong.append(failed(office, step, error))
    return wrong


def work_slowly(office: Office) -> tuple[bool, list[Due]]:
    """Do what is due and may take long; return whether anything was, and what failed."""
    worked, wrong = False, list[Due]()
    for step in SLOW:
        try:
            worked = step(office) or worked
        except Exception as error:
            wrong.append(failed(office, step, error))
    return worked or bool(wrong), wrong


def failed(office: Office, part: Callable[..., object], error: Exception) -> Due:
    """Return the failure of a part of the guarding as something that is due, and note its trace once."""
    name = f"{part.__module__.rpartition('.')[2]}.{getattr(part, '__name__', type(part).__name__)}"
    kind = type(error).__name__
    if (name, kind) not in _NOTED:
        _NOTED.add((name, kind))
        faults.note_error(office.settings.home, {}, error)
    return Due("watch-failed", name, office.clock.now(), URGENT, {"watch": name, "kind": kind})
