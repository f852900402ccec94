"""How the boxes of a playground come about: a register, a roll of seals, blind counts, seals and shelves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from archive.clock import HandClock
from custody.entries import Entry
from custody.entries_package import PackageDrafted, PackagePacked, PackageSealed
from custody.entries_seals import RollIssued
from custody.projections import Projections
from desk import counts, custodial, demo_papers, dossier_moves, dossiers, registering
from desk.demo_papers import IN_BOX
from desk.dossier_moves import Counted
from desk.office import Office

FONDS, STORE = "HS", "Kho 1"
SHELVES = ("Kho 1/1/A/1", "Kho 1/1/A/2", "Kho 1/1/B/1", "Kho 1/2/A/1", "Kho 1/2/B/1", "Kho 1/3/A/1")
BOXES, DRAFTED = 6, 8
REGISTERED = 96


@dataclass
class Days:
    """The office while its days are played, with everybody's PINs at hand."""

    office: Office
    clock: HandClock
    pins: dict[str, str]
    now: datetime
    boxes: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)

    def sign(self, *codes: str) -> list[tuple[str, str]]:
        """Return signings of these people."""
        return [(code, self.pins[code.partition(":")[0]]) for code in codes]

    def do(self, make: Callable[[Projections, Session], tuple[Entry, ...]], *codes: str) -> None:
        """Record entries signed by these people."""
        custodial.perform(self.office, make, self.sign(*codes))


def pack_and_seal(days: Days) -> None:
    """Bring the register in and fill boxes: sealed ones on shelves, one that waits for its second count, a draft."""
    office = days.office
    seen = registering.look(office, demo_papers.register(REGISTERED), "danh-muc-ho-so.csv", FONDS)
    registering.write(office, seen, registering.in_the_log(office, days.sign("NV01")))
    roll = RollIssued("CUON-01", "A", 1, 200, 4)
    days.do(lambda _h, _s: (roll,), "NV02")
    for number in range(DRAFTED):
        _box(days, number)
    days.done |= {"dossiers": REGISTERED, "boxes": BOXES}


def _box(days: Days, number: int) -> None:
    office = days.office
    held = range(number * IN_BOX + 1, (number + 1) * IN_BOX + 1)
    names = [f"{FONDS}.{each:03}/HS" for each in held]
    leaves = sum(demo_papers.leaves_of(each) for each in held)
    with office.database.reading() as session:
        code = custodial.unused_code(session)
    days.do(lambda _h, _s: (PackageDrafted(code, "NV01", "", ""),), "NV01")

    def put(_holdings: Projections, session: Session) -> tuple[Entry, ...]:
        return dossier_moves.moved(
            session, dossiers.resolve(session, names), "package", code, Counted(custodial.local_now(office).date())
        )

    days.do(put, "NV01")
    days.clock.sleep(240)
    if number > BOXES:
        return
    counts.keep(office, code, days.sign("NV01")[0], (IN_BOX, leaves))
    if number == BOXES:
        return
    counts.keep(office, code, days.sign("NV04")[0], (IN_BOX, leaves))

    def packed(holdings: Projections, session: Session) -> tuple[Entry, ...]:
        two = counts.of_two(session, code, days.sign("NV01", "NV04"))
        classes = counts.retention_of(session, holdings.contents(code))
        return (PackagePacked(code, two[0], two[1], classes, "", ()),)

    days.do(packed, "NV01", "NV04")
    shelf, seal = SHELVES[number], f"A{number + 1:04}"

    def sealed(holdings: Projections, _session: Session) -> tuple[Entry, ...]:
        return (PackageSealed(code, *custodial.sealing(holdings, code, (seal,), shelf, STORE, "NV02"), ()),)

    days.do(sealed, "NV02", "NV01")
    days.boxes.append(code)
    days.clock.sleep(300)
