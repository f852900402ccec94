"""Moves of dossiers as a desk makes them: a difference between the leaves counted and those on record is an incident.

Every function returns the entries of one act, in their order: the incident, if there is one, before the move it is
about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from custody.entries import Entry
from custody.entries_register import DossiersMoved
from custody.errors import CustodyError
from custody.holdings import OPENED, Dossier
from custody.projections import Projections
from desk import dossiers, incidents


@dataclass(frozen=True)
class Counted:
    """What was counted at a move: leaves (None: as on record), and how a difference is answered for.

    `differs` says that the count was repeated and the difference stays; `incident` is a number opened already,
    `day` the one in whose year a new one is given.
    """

    day: date
    leaves: int | None = None
    differs: bool = False
    incident: str = ""
    names: tuple[str, ...] = ()

    def answer(self, session: Session, some: Sequence[Dossier]) -> tuple[int, str, tuple[Entry, ...]]:
        """Return the leaves to record, the number of the incident and the entry that opens it.

        A number given by hand must be that of an open incident, also where nothing differs.

        Raises CustodyError "leaves-differ-asks" where nobody said that the difference stays, "leaves-differ-many"
        where it cannot be said whose it is.
        """
        expected = sum(each.leaves for each in some)
        counted = expected if self.leaves is None else self.leaves
        if counted == expected:
            return counted, self.incident and incidents.must_be_open(session, self.incident), ()
        codes = [each.code for each in some]
        if len(some) > 1:
            raise CustodyError("leaves-differ-many", counted=counted, expected=expected, count=len(some))
        if not (self.differs or self.incident):
            raise CustodyError("leaves-differ-asks", dossiers=codes, counted=counted, expected=expected)
        number, opened = incidents.opened(session, self.incident, codes[0], "medium", self.day, self.names)
        return counted, number, opened


def moved(
    session: Session,
    codes: Sequence[str],
    to: str,
    where: str,
    counted: Counted,
    *,
    deadline: str = "",
    decision: str = "",
) -> tuple[Entry, ...]:
    """Return the entries that move dossiers together."""
    holdings = Projections(session)
    some = [dossiers.known(holdings, each) for each in codes]
    leaves, number, opened = counted.answer(session, some)
    return (*opened, DossiersMoved(tuple(codes), to, where, leaves, deadline, decision, number))


def brought_back(
    session: Session, codes: Sequence[str], place: str, package: str, counted: Counted
) -> tuple[Entry, ...]:
    """Return the entries that bring dossiers back from a station, each to where it is to go.

    Without a place or package they go into the package they came from; CustodyError "dossier-without-home" where that
    is not open.
    """
    if place or package:
        return moved(session, codes, "package" if package else "shelf", package or place, counted)
    holdings, by_home = Projections(session), dict[str, list[str]]()
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
        counted = replace(counted, leaves=None)
    return tuple(entry for home, some in by_home.items() for entry in moved(session, some, "package", home, counted))


def single(session: Session, code: str, counted: Counted, make: Callable[[int, str], Entry]) -> tuple[Entry, ...]:
    """Return the entries of a move of one dossier: `make(leaves, incident)` builds it."""
    leaves, number, opened = counted.answer(session, [dossiers.known(Projections(session), code)])
    return (*opened, make(leaves, number))
