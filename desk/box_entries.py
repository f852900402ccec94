"""The entries of the acts of a package, made from what people said by a command or a form.

    maker("seal", "7K3M9QXZ2", Told(first="NV02", numbers=("A0001",), place="Kho 1/03"))(holdings, session, enclosed)

`Told` has what people say; what the record knows (who gives, the digest of the contents) is looked up when the entry
is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from archive import people, places
from archive.people import Role
from custody.counting import Count
from custody.entries import Entry
from custody.entries_package import (
    PackageChecked,
    PackageCleared,
    PackageDispatched,
    PackageEmptied,
    PackageFound,
    PackageHandedOut,
    PackageLost,
    PackageMissed,
    PackageOpened,
    PackagePacked,
    PackagePlaced,
    PackageReceived,
    PackageRefused,
    PackageRelabelled,
    PackageResealed,
    PackageSealed,
    PackageSuspected,
    PackageVoided,
)
from custody.errors import CustodyError
from custody.projections import Projections
from desk import counts, custodial, incidents
from desk.enclosures import Enclosed


@dataclass(frozen=True)
class Told:
    """What people say of an act; `first` is the code of the first signer, `counts` are two blind counts."""

    first: str = ""
    signers: Sequence[str] = ()
    to: str = ""
    place: str = ""
    store: str = ""
    numbers: Sequence[str] = ()
    found: str = "intact"
    decision: str = ""
    deadline: str = ""
    destination: str = ""
    incident: str = ""
    counts: tuple[Count, Count] | None = None

    @property
    def receiver(self) -> str:
        """Who answers for the package from now on: the first signer, where nobody else is named."""
        return self.to or self.first

    @property
    def two(self) -> tuple[Count, Count]:
        """The two counts; an act that needs them is never made without."""
        if self.counts is None:
            raise CustodyError("count-absent", package="", signers=[])
        return self.counts


Build = Callable[[Projections, Session, str, Told, Enclosed], tuple[Entry, ...]]


def _pack(holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    classes = counts.retention_of(session, holdings.contents(code))
    return (PackagePacked(code, *told.two, classes, enclosed.reason, enclosed.names),)


def _seal(holdings: Projections, _session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    return (PackageSealed(code, *_sealing(holdings, code, told), enclosed.names),)


def _reseal(holdings: Projections, _session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    return (PackageResealed(code, *_sealing(holdings, code, told), *told.two, enclosed.names),)


def _clear(holdings: Projections, _session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    giver, to, numbers, place, store, digest = _sealing(holdings, code, told)
    one, two = told.two
    names = enclosed.names
    return (PackageCleared(code, giver, to, "sealed", one, two, numbers, digest, place, store, attachments=names),)


def _keep_open(
    holdings: Projections, _session: Session, code: str, told: Told, enclosed: Enclosed
) -> tuple[Entry, ...]:
    giver, (one, two) = _giver(holdings, code), told.two
    return (
        PackageCleared(
            code, giver, told.receiver, "opened", one, two, tuple(told.numbers),
            decision=told.decision, deadline=told.deadline, attachments=enclosed.names,
        ),
    )  # fmt: skip  # the facts of one entry


def _check(_holdings: Projections, _session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    return (PackageChecked(code, told.found, tuple(told.numbers), enclosed.names),)


def _move(holdings: Projections, _session: Session, code: str, told: Told, _enclosed: Enclosed) -> tuple[Entry, ...]:
    box = custodial.known(holdings, code)
    where = (told.place, told.store or box.store)
    return (PackagePlaced(code, box.custodian, told.receiver, *where, told.found, tuple(told.numbers)),)


def _send(holdings: Projections, _session: Session, code: str, told: Told, _enclosed: Enclosed) -> tuple[Entry, ...]:
    giver, seen = _giver(holdings, code), (told.found, tuple(told.numbers))
    return (PackageDispatched(code, giver, told.receiver, told.destination, told.deadline, *seen),)


def _receive(holdings: Projections, _session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    giver, seen = _giver(holdings, code), (told.found, tuple(told.numbers))
    return (PackageReceived(code, giver, told.receiver, told.place, told.store, *seen, enclosed.names),)


def _refuse(holdings: Projections, _session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    giver, seen = _giver(holdings, code), (told.found, tuple(told.numbers))
    return (PackageRefused(code, giver, told.receiver, enclosed.reason, *seen, enclosed.names),)


def _open(holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    giver = _giver(holdings, code)
    to = told.to or _opener(session, giver, told)
    why = (told.decision, enclosed.reason, told.found, tuple(told.numbers), told.deadline)
    return (PackageOpened(code, giver, to, *why, enclosed.names),)


def _opener(session: Session, giver: str, told: Told) -> str:
    """Return the archivist who answers for a package while it is open: who has it, where they sign, or the first.

    A clerk who sealed it answers for it until then; the rule asks for an archivist.
    """
    archivists = [each for each in told.signers if Role.ARCHIVIST in _roles_of(session, each)]
    if giver in archivists or not archivists:
        return giver if giver in told.signers else told.first
    return archivists[0]


def _roles_of(session: Session, person: str) -> frozenset[str]:
    try:
        return frozenset(people.find(session, person).roles)
    except people.PersonError:
        return frozenset()


def _check_person(session: Session, given: str) -> None:
    """Refuse a place where a person is meant: on `package move`, both are easily taken for what a box goes to."""
    if not given or _roles_of(session, given):
        return
    try:
        place = places.find(session, given)
    except places.PlaceError:
        return
    raise CustodyError("receiver-is-a-place", given=given, place=place.path)


def _empty(_holdings: Projections, _session: Session, code: str, _told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    return (PackageEmptied(code, enclosed.reason, enclosed.names),)


def _suspect(holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    custodial.known(holdings, code)
    number, opened = incidents.opened(session, told.incident, code, "high", enclosed.day, enclosed.names)
    return (*opened, PackageSuspected(code, told.found, number, enclosed.names))


def _miss(holdings: Projections, session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    custodial.known(holdings, code)
    number, opened = incidents.opened(session, told.incident, code, "high", enclosed.day, enclosed.names)
    return (*opened, PackageMissed(code, number, enclosed.names))


def _find(holdings: Projections, _session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    return (_found(holdings, code, told, enclosed, "sealed"),)


def _find_doubtful(
    holdings: Projections, _session: Session, code: str, told: Told, enclosed: Enclosed
) -> tuple[Entry, ...]:
    return (_found(holdings, code, told, enclosed, "suspect"),)


def _lose(_holdings: Projections, _session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    return (PackageLost(code, told.decision, enclosed.names),)


def _hand_out(holdings: Projections, _session: Session, code: str, told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    giver, seen = _giver(holdings, code), (told.found, tuple(told.numbers))
    return (PackageHandedOut(code, giver, told.receiver, told.destination, *seen, enclosed.names),)


def _relabel(holdings: Projections, _session: Session, code: str, _told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    return (PackageRelabelled(code, custodial.known(holdings, code).manifest, enclosed.reason, enclosed.names),)


def _void(_holdings: Projections, _session: Session, code: str, _told: Told, enclosed: Enclosed) -> tuple[Entry, ...]:
    return (PackageVoided(code, enclosed.reason, enclosed.names),)


def _found(holdings: Projections, code: str, told: Told, enclosed: Enclosed, outcome: str) -> PackageFound:
    box = custodial.known(holdings, code)
    where, seen = (told.place, told.store or box.store), (told.found, tuple(told.numbers))
    return PackageFound(code, box.custodian, told.receiver, outcome, *where, *seen, enclosed.names)


def _giver(holdings: Projections, code: str) -> str:
    return custodial.known(holdings, code).custodian


def _sealing(
    holdings: Projections, code: str, told: Told
) -> tuple[str, str, tuple[str, ...], str, str, str]:  # giver, receiver, seals, place, store, manifest
    return custodial.sealing(holdings, code, told.numbers, told.place, told.store, told.receiver)


# Act → the kind of entry it makes, and how.
ACTS: Mapping[str, tuple[str, Build]] = {
    "pack": ("package-packed", _pack),
    "seal": ("package-sealed", _seal),
    "check": ("package-checked", _check),
    "move": ("package-placed", _move),
    "send": ("package-dispatched", _send),
    "receive": ("package-received", _receive),
    "refuse": ("package-refused", _refuse),
    "open": ("package-opened", _open),
    "reseal": ("package-resealed", _reseal),
    "empty": ("package-emptied", _empty),
    "clear": ("package-cleared", _clear),
    "keep-open": ("package-cleared", _keep_open),
    "find": ("package-found", _find),
    "find-doubtful": ("package-found", _find_doubtful),
    "lose": ("package-lost", _lose),
    "relabel": ("package-relabelled", _relabel),
    "hand-out": ("package-handed-out", _hand_out),
    "void": ("package-voided", _void),
    "suspect": ("package-suspected", _suspect),
    "miss": ("package-missed", _miss),
}


def maker(name: str, code: str, told: Told) -> Callable[[Projections, Session, Enclosed], tuple[Entry, ...]]:
    """Return what makes the entries of an act from the state, the register and what is enclosed."""
    build = ACTS[name][1]

    def make(holdings: Projections, session: Session, enclosed: Enclosed) -> tuple[Entry, ...]:
        _check_person(session, told.to)
        return build(holdings, session, code, told, enclosed)

    return make
