"""The acts of a dossier as a desk does them: from what was told, by a command or a form, to the entries of one act.

What moves several dossiers together stands in desk/dossier_moves.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from custody import dossier, package
from custody.entries import Entry
from custody.entries_register import DossierAmended, DossierFound, DossierLent, DossierMissing, DossierReturned
from custody.errors import CustodyError
from custody.holdings import IN_PACKAGE, Dossier
from custody.ledger import Appended
from custody.moves import Move
from custody.projections import Projections
from custody.rules import Signer
from desk import custodial, dossier_moves, dossiers, incidents
from desk.custodial import HERE, Where
from desk.dossier_moves import Counted
from desk.enclosures import Enclosed, enclose
from desk.office import Office


@dataclass(frozen=True)
class Told:
    """What people say of an act: where it goes (a shelf, a station or a package), to whom, how many leaves."""

    place: str = ""
    package: str = ""
    station: str = ""
    receiver: str = ""
    permission: str = ""
    deadline: str = ""
    leaves: int | None = None
    differs: bool = False
    incident: str = ""
    entry: int | None = None

    def counted(self, enclosed: Enclosed) -> Counted:
        """Return what was counted."""
        return Counted(enclosed.day, self.leaves, self.differs, self.incident, enclosed.names)

    def leaves_counted(self) -> int:
        """Return the leaves; CustodyError "leaves-uncounted" where an act needs them and nobody gave any."""
        if self.leaves is None:
            raise CustodyError("leaves-uncounted")
        return self.leaves


Build = Callable[[Projections, Session, str, Told, Enclosed], tuple[Entry, ...]]


def shelve(_holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    """Return the entries that put a dossier on a shelf."""
    return dossier_moves.moved(session, [code], "shelf", told.place, told.counted(enclosed))


def station(_holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    """Return the entries that sign a dossier out to a scanning station."""
    counted = told.counted(enclosed)
    return dossier_moves.moved(session, [code], "station", told.station, counted, deadline=told.deadline)


def back(_holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    """Return the entries that bring a dossier back from a station; its leaves were counted again."""
    told.leaves_counted()
    return dossier_moves.brought_back(session, [code], told.place, told.package, told.counted(enclosed))


def lend(_holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    """Return the entries that lend a dossier under a written permission."""
    told.leaves_counted()

    def lent(leaves: int, number: str) -> DossierLent:
        return DossierLent(code, told.receiver.strip().upper(), told.permission, told.deadline, leaves, number)

    return dossier_moves.single(session, code, told.counted(enclosed), lent)


def give_back(_holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    """Return the entries that take a lent dossier back to a shelf."""
    told.leaves_counted()

    def returned(leaves: int, number: str) -> DossierReturned:
        return DossierReturned(code, told.place, leaves, number)

    return dossier_moves.single(session, code, told.counted(enclosed), returned)


def miss(_holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    """Return the entries that report a dossier missing, with the incident that is opened."""
    number, opened = incidents.opened(session, told.incident, code, "high", enclosed.day, enclosed.names)
    return (*opened, DossierMissing(code, number, enclosed.names))


def find(_holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    """Return the entries that record a missing dossier as found."""
    told.leaves_counted()

    def again(leaves: int, number: str) -> DossierFound:
        return DossierFound(code, told.place, leaves, number, enclosed.names)

    return dossier_moves.single(session, code, told.counted(enclosed), again)


def amend(holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    """Return the entry that corrects the leaves on record; it names the entry that was wrong."""
    leaves = told.leaves_counted()
    if dossiers.known(holdings, code).leaves == leaves:
        raise CustodyError("leaves-as-before", dossier=code, leaves=leaves)
    if not enclosed.reason:
        raise CustodyError("reason-absent", about=code)
    wrong = dossiers.said_leaves(session, code) if told.entry is None else told.entry
    if wrong not in {seq for seq, _, _ in dossiers.history(session, code)}:
        raise CustodyError("entry-not-of-dossier", entry=wrong, dossier=code)
    return (DossierAmended(code, wrong, leaves, enclosed.reason, enclosed.names),)


# Act → the row of the table of moves it is, and how its entries are made.
ACTS: Mapping[str, tuple[str, Build]] = {
    "shelve": ("dossier-moved/shelf", shelve),
    "station": ("dossier-moved/station", station),
    "back": ("dossier-moved/package", back),
    "lend": ("dossier-lent", lend),
    "return": ("dossier-returned", give_back),
    "amend": ("dossier-amended", amend),
    "miss": ("dossier-missing", miss),
    "find": ("dossier-found", find),
}


def act(
    office: Office,
    name: str,
    code: str,
    told: Told,
    signing: Sequence[tuple[str, str] | Signer],
    *,
    reason: str = "",
    photos: Sequence[Path] = (),
    text: str = "",
    where: Where = HERE,
) -> list[tuple[Appended, Entry]]:
    """Do an act of a dossier, named by code, label or number, whole or not at all."""
    with enclose(office, reason=reason, files=photos, text=text) as enclosed:

        def make(holdings: Projections, session: Session) -> tuple[Entry, ...]:
            (known,) = dossiers.resolve(session, [code])
            return ACTS[name][1](holdings, session, known, told, enclosed)

        return custodial.perform(office, make, signing, lambda _session: enclosed.keep(office.vault), where)


def move_of(name: str) -> Move:
    """Return the row of the table of moves that an act is."""
    return dossier.MOVES[ACTS[name][0]]


def allowed(holdings: Projections, found: Dossier, roles: frozenset[str]) -> list[str]:
    """Return the acts that the state of a dossier, and of the package it is in, allows now and roles may sign."""
    inside = holdings.package(found.where) if found.state == IN_PACKAGE else None
    is_frozen = found.state == IN_PACKAGE and (inside is None or inside.state not in package.OPEN)
    return [
        name
        for name in ACTS
        if found.state in move_of(name).before
        and (name != "back" or found.state == "at-station")
        and (name != "shelve" or found.state != "at-station")
        and not (is_frozen and "not-frozen" in move_of(name).needs)
        and not ("out-of-opened" in move_of(name).needs and inside is not None and inside.state != "opened")
        and any(not each.roles or each.roles & roles for each in move_of(name).signatures)
    ]


__all__ = ["ACTS", "Told", "act", "allowed", "move_of"]
