"""Moves of dossiers as a desk makes them: a difference between the leaves counted and those on record is an incident.

Every function returns the entries of one act, in their order: the incident, if there is one, before the move it is
about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from custody.entries import Entry
from custody.entries_register import DossiersMoved
from custody.errors import CustodyError
from custody.holdings import OPENED, Dossier
from custody.projections import Projections
from desk import custodial, dossiers


@dataclass(frozen=True)
class Counted:
    """What was counted at a move: leaves (None: as on record), and how a difference is answered for.

    `differs` says that the count was repeated and the difference stays; `incident` is a number opened already.
    """

    leaves: int | None = None
    differs: bool = False
    incident: str = ""
    names: tuple[str, ...] = ()

    def answer(self, some: Sequence[Dossier]) -> tuple[int, str, tuple[Entry, ...]]:
        """Return the leaves to record, the number of the incident and the entry that opens it.

        Raises CustodyError "leaves-differ-asks" where nobody said that the difference stays, "leaves-differ-many"
        where it cannot be said whose it is.
        """
        expected = sum(each.leaves for each in some)
        counted = expected if self.leaves is None else self.leaves
        if counted == expected:
            return counted, self.incident, ()
        codes = [each.code for each in some]
        if len(some) > 1:
            raise CustodyError("leaves-differ-many", counted=counted, expected=expected, count=len(some))
        if not (self.differs or self.incident):
            raise CustodyError("leaves-differ-asks", dossiers=codes, counted=counted, expected=expected)
        number, opened = custodial.incident(self.incident, codes[0], "medium", self.names)
        return counted, number, opened


def moved(
    holdings: Projections,
    codes: Sequence[str],
    to: str,
    where: str,
    counted: Counted,
    *,
    deadline: str = "",
    decision: str = "",
) -> tuple[Entry, ...]:
    """Return the entries that move dossiers together."""
    some = [dossiers.known(holdings, each) for each in codes]
    leaves, number, opened = counted.answer(some)
    return (*opened, DossiersMoved(tuple(codes), to, where, leaves, deadline, decision, number))


def brought_back(
    holdings: Projections, codes: Sequence[str], place: str, package: str, counted: Counted
) -> tuple[Entry, ...]:
    """Return the entries that bring dossiers back from a station, each to where it is to go.

    Without a place or package they go into the package they came from; CustodyError "dossier-without-home" where that
    is not open.
    """
    if place or package:
        return moved(holdings, codes, "package" if package else "shelf", package or place, counted)
    by_home: dict[str, list[str]] = {}
    for code in codes:
        home = dossiers.known(holdings, code).home
        box = holdings.package(home) if home else None
        if box is None or box.state != OPENED:
            raise CustodyError("dossier-without-home", dossier=code)
        by_home.setdefault(home, []).append(code)
    if len(by_home) > 1 and counted.leaves is not None:
        total = sum(dossiers.known(holdings, each).leaves for each in codes)
        if counted.leaves != total:
            raise CustodyError("leaves-differ-many", counted=counted.leaves, expected=total, count=len(codes))
        counted = Counted(None)
    return tuple(entry for home, some in by_home.items() for entry in moved(holdings, some, "package", home, counted))


def single(holdings: Projections, code: str, counted: Counted, make: Callable[[int, str], Entry]) -> tuple[Entry, ...]:
    """Return the entries of a move of one dossier: `make(leaves, incident)` builds it."""
    leaves, number, opened = counted.answer([dossiers.known(holdings, code)])
    return (*opened, make(leaves, number))
