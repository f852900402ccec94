"""The families of entries about guarding: what each needs before it is allowed, and what it changes.

A family keeps values of its own beside those of paper. One line in FAMILIES and one in `custody.projections` add it;
the fold in memory, the projections and their comparison follow from these lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from custody import gate, incidents, paper, round_moves, shift_family, stocktake
from custody.entries import Entry, Stamp
from custody.entries_duty import GATE_KINDS, INCIDENT_KINDS, PaperEntered
from custody.entries_stocktake import STOCKTAKE_KINDS
from custody.holdings import Holdings, Value
from custody.rules import Signer

# Raises a CustodyError where the entry may not be made now, its signers among the reasons.
Check = Callable[[Holdings, Entry, Stamp, Sequence[Signer]], None]
# Returns the values that are new or different after the entry of that number.
Effects = Callable[[Holdings, int, Entry, Stamp], list[Value]]


@dataclass(frozen=True)
class Family:
    """Kinds of entries that share state.

    `asked` names, by the type of a value, the members by which many are looked up; each needs an index.
    """

    kinds: tuple[type[Entry], ...]
    asked: Mapping[Any, tuple[str, ...]]
    check: Check
    effects: Effects


FAMILIES: tuple[Family, ...] = (
    Family(shift_family.KINDS, shift_family.ASKED, shift_family.CHECK, shift_family.shift_effects),
    Family(STOCKTAKE_KINDS, stocktake.ASKED, stocktake.check, stocktake.effects),
    Family(GATE_KINDS, gate.ASKED, gate.check, gate.effects),
    Family(INCIDENT_KINDS, incidents.ASKED, incidents.check, incidents.effects),
    Family((PaperEntered,), paper.ASKED, paper.check, paper.effects),
    Family(round_moves.KINDS, round_moves.ASKED, round_moves.check, round_moves.effects),
)
BY_KIND: Mapping[str, Family] = {kind.KIND: each for each in FAMILIES for kind in each.kinds}


def _asked() -> dict[type, tuple[str, ...]]:
    """Return, by the type of a value, every member that some family looks it up by."""
    asked: dict[type, tuple[str, ...]] = {}
    for family in FAMILIES:
        for made, names in family.asked.items():
            asked[made] = tuple(dict.fromkeys((*asked.get(made, ()), *names)))
    return asked


ASKED: Mapping[type, tuple[str, ...]] = _asked()
