"""Faults of paper: broken, lost, late, elsewhere, forged."""

from __future__ import annotations

import contextlib

from archive.refs import new_code
from custody import entries_package as package
from custody import entries_register as register
from custody.errors import CustodyError
from custody.manifest import digest_of
from desk import custodial, incidents
from desk.watching_custody import note_sighting
from tests.simulator import faults_rounds, faults_store, life
from tests.simulator.guards import sign
from tests.simulator.world import HOUR, MINUTE, Injected, World


def break_seal(world: World) -> Injected:
    """A guard finds a seal broken on a round."""
    code = world.take_box()
    world.act(lambda _: package.PackageChecked(code, "broken", world.box(code).seals), "BINH")
    return Injected(code, lambda: clear_box(world, code))


def suspect(world: World) -> Injected:
    """Somebody reports a box."""
    code = world.take_box()
    number = incidents.report(world.office, code, "high", sign("BINH")).number
    world.act(lambda _: package.PackageSuspected(code, "damaged", number), "BINH")
    return Injected(code, lambda: clear_box(world, code))


def clear_box(world: World, code: str) -> None:
    """Count a doubted box by three people and seal it anew."""
    seal = world.new_seal()

    def make(holdings: custodial.Projections) -> package.PackageCleared:
        box = custodial.known(holdings, code)
        digest = digest_of(code, holdings.contents(code))
        count = (1, 10)
        return package.PackageCleared(
            code, box.custodian, "TUAN", "sealed", count, count, (seal,), digest, box.place, box.store
        )

    world.act(make, "TUAN", "LAN", "CHU")
    world.guards.settle(code)
    world.boxes.append(code)


def lose_box(world: World) -> Injected:
    """A box is not where it should be."""
    code = world.take_box()
    number = incidents.report(world.office, code, "high", sign("BINH")).number
    world.act(lambda _: package.PackageMissed(code, number), "BINH")
    return Injected(code, lambda: find_box(world, code))


def find_box(world: World, code: str) -> None:
    """Find a missing box where it belongs, and close what was opened about it."""
    box = world.box(code)
    found = package.PackageFound(box.code, box.custodian, "TUAN", "sealed", "K1/G2", "K1", "intact", box.seals)
    world.act(lambda _: found, "BINH", "TUAN")
    world.guards.settle(code)
    world.boxes.append(code)


def delay_transport(world: World) -> Injected:
    """A box is sent and does not arrive."""
    code = world.take_box()
    life.dispatch(world, code, 2 * HOUR)
    return Injected(code, lambda: life.receive(world, code), world.now + 2 * HOUR)


def sleep_over_transport(world: World) -> Injected:
    """Everything is switched off while a transport falls due; it must be told at the first minute awake."""
    code = world.take_box()
    life.dispatch(world, code, HOUR)
    faults_rounds.sleep_over_round(world)
    return Injected(code, lambda: life.receive(world, code), world.asleep_until)


def leave_open(world: World) -> Injected:
    """A box is opened and not closed in time."""
    code = world.take_box()
    life.open_box(world, code, 2 * HOUR)
    return Injected(code, lambda: life.reseal(world, code), world.now + 2 * HOUR)


def keep_loan(world: World) -> Injected:
    """A borrower does not bring a dossier back."""
    dossier = world.dossiers.pop()
    life.lend(world, dossier, 10 * HOUR)
    return Injected(dossier, lambda: life.give_back(world, dossier), world.now + 10 * HOUR)


def keep_at_station(world: World) -> Injected:
    """A dossier is not brought back from the scanning station."""
    dossier = world.dossiers.pop()
    life.to_station(world, dossier, 3 * HOUR)
    return Injected(dossier, lambda: life.to_shelf(world, dossier), world.now + 3 * HOUR)


def lose_dossier(world: World) -> Injected:
    """A dossier is not on its shelf."""
    dossier = world.dossiers.pop()
    number = incidents.report(world.office, dossier, "high", sign("LAN")).number
    world.act(lambda _: register.DossierMissing(dossier, number), "LAN")

    def find() -> None:
        world.act(lambda _: register.DossierFound(dossier, "K1/G9", 10), "LAN", "TUAN")
        world.guards.settle(dossier)

    return Injected(dossier, find)


def see_elsewhere(world: World) -> Injected:
    """A box is scanned where it should not be."""
    code = world.take_box()
    with world.office.database.atomic() as session:
        note_sighting(session, code, "K1/SAN", world.clock.now(), "BINH")
    return Injected(code, lambda: faults_store.look_again(world, code))


def show_forged(world: World) -> Injected:
    """Somebody checks in a box by a label that was never issued."""
    code = new_code(world.chance.randrange)

    def check(holdings: custodial.Projections) -> package.PackageChecked:
        custodial.known(holdings, code)
        return package.PackageChecked(code, "intact", ())

    with contextlib.suppress(CustodyError):
        world.act(check, "BINH")
    return Injected(code, lambda: None)


def use_seal_again(world: World) -> Injected:
    """A clerk seals an opened box with a number that was used before; the box is then sealed as it should be."""
    code = world.take_box()
    used = world.box(code).seals[0]
    life.open_box(world, code, 6 * HOUR)
    with contextlib.suppress(CustodyError):
        world.act(lambda now: life.closed(now, code, used), "TUAN", "LAN")
    world.after(10 * MINUTE, lambda: life.reseal(world, code))
    return Injected(used, lambda: None)
