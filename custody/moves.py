"""The form in which moves are written down as data: who signs, from where, to where, and what is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from custody.entries import Entry

CLERK, ARCHIVIST, GUARD, LEADER, INSPECTOR = "clerk", "archivist", "guard", "leader", "inspector"
ESCORT, WITNESS, OPERATOR = "escort", "witness", "operator"
# The station itself: what it notes by itself, no person signs, and what people sign, it never does.
STATION = "station"


@dataclass(frozen=True)
class Signature:
    """One signature a move asks for: in one of these roles (any where empty), by the person the fact `party` names."""

    roles: frozenset[str] = frozenset()
    party: str = ""


@dataclass(frozen=True)
class Move:
    """One row of a table of moves.

    `after` is the new state, "" where it stays; `outcomes` gives it by the fact `by_fact` where it depends on one.
    `signatures` are given by as many different people; `other` asks that the first two differ in role or unit.
    `alone` lets one person sign for two parties that are the same. `needs` are names of checks in `custody.needs`.
    """

    kind: str
    before: frozenset[str]
    after: str = ""
    signatures: tuple[Signature, ...] = ()
    needs: tuple[str, ...] = ()
    other: bool = False
    alone: bool = False
    by_fact: str = ""
    outcomes: Mapping[str, str] = field(default_factory=dict)

    def state_after(self, entry: Entry, before: str) -> str | None:
        """Return the state the entry leads to, None where its fact names no outcome of this move."""
        if self.by_fact:
            return self.outcomes.get(getattr(entry, self.by_fact))
        return self.after or before


def by(*roles: str, party: str = "") -> Signature:
    """Write a signature short."""
    return Signature(frozenset(roles), party)
