"""Ordinary life in an office of many boxes: three shifts, seal checks, moves, transports, openings, loans, backups."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime
from pathlib import Path

from archive.refs import new_code, new_public_id
from archive.tables import Scan
from custody import entries_package as package
from custody import entries_register as register
from custody.entries import Entry, Stamp
from custody.entries_seals import RollIssued
from custody.manifest import digest_of
from custody.projections import Projections
from custody.recording import record
from desk import custodial, ledgering
from desk.office import Office
from desk.watching_custody import note_sighting
from desk.watching_log import hear
from desk.watching_station import note_backup
from tests.custody.office_day import STAFF
from tests.simulator.world import DAY, HOUR, MINUTE, SkewedClock, World

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
LOOSE, SCANS, SHIFTS = 60, 12, (6, 14, 22)


def furnish(office: Office, clock: SkewedClock, boxes: int, seed: int) -> World:
    """Return a world with so many sealed boxes, loose dossiers on shelves, and a few scans."""
    world = World(office, clock, random.Random(seed))
    codes = sorted(new_code(world.chance.randrange) for _ in range(boxes))
    with office.database.atomic() as session:

        def write(entry: Entry, *signers: str) -> None:
            stamp = Stamp(custodial.local_now(office), signers, "counter")
            record(session, entry, stamp, [STAFF[code] for code in signers])

        write(RollIssued("ROLL1", "A", 1, 90_000, 6), "TUAN")
        world.dossiers = [f"P01.L{n:03}" for n in range(LOOSE)]
        names = [*(f"P01.B{n:04}" for n in range(boxes)), *world.dossiers]
        for start in range(0, len(names), 400):
            part = tuple((name, 10, "ab" * 32) for name in names[start : start + 400])
            write(register.DossiersRegistered(f"import-{start}", "P01", part), "LAN")
        write(register.DossiersMoved(tuple(world.dossiers), "shelf", "K1/G9", 10 * LOOSE), "LAN")
        for n, code in enumerate(codes):
            write(package.PackageDrafted(code, "LAN"), "LAN")
            write(register.DossiersMoved((f"P01.B{n:04}",), "package", code, 10), "LAN")
            write(package.PackagePacked(code, (1, 10), (1, 10)), "LAN", "MINH")
            digest = digest_of(code, Projections(session).contents(code))
            seal = world.new_seal()
            write(package.PackageSealed(code, "LAN", "TUAN", (seal,), f"K1/G{n % 20}", "K1", digest), "TUAN", "LAN")
        for n in range(SCANS):
            held = office.vault.hold(io.BytesIO(f"bản số hóa {n}".encode()))
            office.vault.keep(held)
            now = clock.now()
            session.add(
                Scan(public_id=new_public_id(), sha256=held.sha256, size=held.size, name=f"{n}.pdf", station="t1",
                     arrived_at=now, state="read", fixity_at=now, fixity="sound")
            )  # fmt: skip  # one scan in one place
    world.boxes = codes
    note_backup(office, Path("/backup"))
    ledgering.sign_head(office)
    return world


def live(world: World, until: datetime) -> None:
    """Put the ordinary events of all days until a moment into the world."""
    day = world.now.replace(hour=0, minute=0, second=0, microsecond=0)
    number = 0
    while day < until:
        for hour in SHIFTS:
            world.at(day + hour * HOUR, lambda: _change_shift(world), ordinary=True)
        world.at(day + 3 * HOUR, world.reread, ordinary=True)
        if number % 3 == 0:
            world.at(day + 18 * HOUR, lambda: _back_up(world), ordinary=True)
        for act in (_check, _check, _place, _send, _open, _lend, _digitize, _walk):
            world.at(day + 8 * HOUR + world.some(0 * HOUR, 4 * HOUR), lambda act=act: act(world), ordinary=True)  # type: ignore[misc]
        day, number = day + DAY, number + 1


def _change_shift(world: World) -> None:
    if world.asleep_until is None and not world.clock.offset:
        ledgering.sign_head(world.office, "shift")


def _back_up(world: World) -> None:
    if world.backups:
        note_backup(world.office, Path("/backup"))


def _check(world: World) -> None:
    code = world.chance.choice(world.boxes)
    world.act(lambda _: package.PackageChecked(code, "intact", world.box(code).seals), "BINH")


def _place(world: World) -> None:
    box = world.box(world.chance.choice(world.boxes))
    place = f"K1/G{world.chance.randrange(20)}"
    moved = package.PackagePlaced(box.code, box.custodian, box.custodian, place, box.store, "intact", box.seals)
    world.act(lambda _: moved, box.custodian)
    with world.office.database.atomic() as session:
        note_sighting(session, box.code, place, world.clock.now(), "BINH")


def _send(world: World) -> None:
    code = world.take_box()
    dispatch(world, code, 4 * HOUR)
    world.after(world.some(HOUR, 3 * HOUR), lambda: receive(world, code), ordinary=True)


def dispatch(world: World, code: str, span: object) -> None:
    """Send a box with an escort, to arrive within a span."""
    box, world.away = world.box(code), world.away + 1
    deadline = world.deadline(span)  # type: ignore[arg-type]  # a length of time
    sent = package.PackageDispatched(code, box.custodian, "HOA", "K2", deadline, "intact", box.seals)
    world.act(lambda _: sent, box.custodian, "HOA")


def receive(world: World, code: str) -> None:
    """Take a box in again, back at the first store."""
    box, world.away = world.box(code), world.away - 1
    taken = package.PackageReceived(code, "HOA", "TUAN", "K1/G1", "K1", "intact", box.seals)
    world.act(lambda _: taken, "TUAN")
    world.boxes.append(code)


def _open(world: World) -> None:
    code = world.take_box()
    open_box(world, code, 6 * HOUR)
    world.after(world.some(HOUR, 4 * HOUR), lambda: reseal(world, code), ordinary=True)


def open_box(world: World, code: str, span: object) -> None:
    """Open a box under a decision, to be closed within a span."""
    box, world.away = world.box(code), world.away + 1
    deadline = world.deadline(span)  # type: ignore[arg-type]  # a length of time
    opened = package.PackageOpened(code, box.custodian, "TUAN", "12/QĐ", "scan", "intact", box.seals, deadline)
    world.act(lambda _: opened, "CHU", "TUAN", "BINH")


def reseal(world: World, code: str) -> None:
    """Count an opened box again and seal it."""
    world.away -= 1
    seal = world.new_seal()
    world.act(lambda now: closed(now, code, seal), "TUAN", "LAN")
    world.boxes.append(code)


def closed(holdings: Projections, code: str, seal: str) -> package.PackageResealed:
    """Return the entry that seals an opened box of one dossier again, with this number."""
    box = custodial.known(holdings, code)
    digest = digest_of(code, holdings.contents(code))
    return package.PackageResealed(code, box.custodian, "TUAN", (seal,), box.place, box.store, digest, (1, 10), (1, 10))


def _lend(world: World) -> None:
    dossier = world.dossiers.pop()
    lend(world, dossier, 5 * DAY)
    # By day: at night nobody is there to take it.
    kept = world.chance.randrange(4) * DAY + world.some(HOUR, 4 * HOUR)
    world.after(kept, lambda: give_back(world, dossier), ordinary=True)


def lend(world: World, dossier: str, span: object) -> None:
    """Lend a dossier under a permission."""
    deadline = world.deadline(span)  # type: ignore[arg-type]  # a length of time
    world.act(lambda _: register.DossierLent(dossier, "MINH", "5/GP", deadline, 10), "TUAN", "MINH")


def give_back(world: World, dossier: str) -> None:
    """Bring a lent dossier back to its shelf."""
    world.act(lambda _: register.DossierReturned(dossier, "K1/G9", 10), "TUAN", "LAN")
    world.dossiers.insert(0, dossier)


def _digitize(world: World) -> None:
    dossier = world.dossiers.pop()
    to_station(world, dossier, 6 * HOUR)
    world.after(world.some(HOUR, 5 * HOUR), lambda: to_shelf(world, dossier), ordinary=True)


def to_station(world: World, dossier: str, span: object) -> None:
    """Sign a dossier out to the scanning station."""
    world.away += 1
    deadline = world.deadline(span)  # type: ignore[arg-type]  # a length of time
    world.act(lambda _: register.DossiersMoved((dossier,), "station", "TRAM1", 10, deadline), "TUAN", "LAN")


def to_shelf(world: World, dossier: str) -> None:
    """Put a dossier back onto its shelf."""
    world.away -= 1
    world.act(lambda _: register.DossiersMoved((dossier,), "shelf", "K1/G9", 10), "TUAN", "LAN")
    world.dossiers.insert(0, dossier)


def _walk(world: World) -> None:
    """A guard's phone: a seal check made offline and sent an hour later, then a contact that owes nothing."""
    code = world.chance.choice(world.boxes)
    seq = next_of(world, "phone-1")
    late = custodial.local_now(world.office) - world.some(MINUTE, HOUR)
    entry = package.PackageChecked(code, "intact", world.box(code).seals)
    world.from_phone(entry, "BINH", "phone-1", seq, late.replace(microsecond=0))
    hear(world.office, "phone-1", world.clock.now() + 5 * MINUTE / 60, seq + 1, 0)


def next_of(world: World, device: str) -> int:
    """Return the number a phone's next entry has."""
    with world.office.database.reading() as session:
        known = Projections(session).device(device)
    return known.due if known else 0
