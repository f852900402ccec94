"""Opening a sealed box: the entry that a leader, an archivist and a witness sign together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from custody.entries_package import PackageOpened
from custody.holdings import OPENED, Package
from custody.projections import Projections
from custody.rules import Signer
from desk import custodial
from desk.custodial import HERE, Where
from desk.enclosures import enclose
from desk.office import Office

Signing = Sequence[tuple[str, str] | Signer]


@dataclass(frozen=True)
class Asked:
    """What is said of an opening: the decision, why, the seals as they were read, how they were found, until when.

    `archivist` answers for the open box. `until` is a day or a moment, "" the end of this working day.
    """

    decision: str
    reason: str
    numbers: Sequence[str]
    archivist: str
    found: str = "intact"
    until: str = ""


def open_box(office: Office, code: str, asked: Asked, signing: Signing, where: Where = HERE) -> Package:
    """Open a box; the order of signers is the one of the form, and what it refuses is recorded nowhere."""
    deadline = custodial.until(office, asked.until)
    with enclose(office, reason=asked.reason) as enclosed:

        def make(holdings: Projections, _session: Session) -> list[PackageOpened]:
            giver = custodial.known(holdings, code).custodian
            facts = (asked.decision, enclosed.reason, asked.found, tuple(asked.numbers), deadline, enclosed.names)
            return [PackageOpened(code, giver, asked.archivist, *facts)]

        custodial.perform(office, make, signing, lambda _session: enclosed.keep(office.vault), where)
    return custodial.look(office, code)[0]


def opened(office: Office) -> list[Package]:
    """Return the boxes that are open now, by their deadline."""
    with office.database.reading() as session:
        return sorted(Projections(session).those(Package, state=OPENED), key=lambda each: (each.deadline, each.code))
