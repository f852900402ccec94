"""Faults of the people who guard: not there, too long there, gone with a box, lying about what they counted."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from archive.settings import zone_of
from custody import entries_package as package
from desk import reliefs, rostering, shifts
from tests.simulator import faults_paper, faults_store
from tests.simulator.guards import CHANGES, GATE, TEAMS, sign
from tests.simulator.world import DAY, HOUR, MINUTE, Injected, World

SOON = 2 * MINUTE


def leave_post(world: World) -> Injected:
    """The guard of the gate goes home early; nobody takes over."""
    guard = world.guards.there(GATE)
    shifts.leave(world.office, GATE, guard, sign(guard), "về sớm")
    return Injected(GATE, lambda: _come(world))


def _come(world: World) -> None:
    """Let whoever's turn it is be at the gate."""
    world.guards.no_show = False
    world.guards.take_over(GATE, world.guards.turn(GATE))


def leave_with_box(world: World) -> Injected:
    """A guard who answers for a box goes without handing it over."""
    code, guard = _some_box(world), world.guards.there(GATE)
    _pass_on(world, code, guard)
    shifts.leave(world.office, GATE, guard, sign(guard), "")
    uncovered = Injected(GATE, lambda: _come(world))
    world.expect("(the same: its post is uncovered)", "post-uncovered-now", SOON, uncovered, "gate")

    def mend() -> None:
        _pass_on(world, code, "TUAN")
        _come(world)
        world.boxes.append(code)

    return Injected(guard, mend)


def _pass_on(world: World, code: str, person: str) -> None:
    box = world.box(code)
    moved = package.PackagePlaced(code, box.custodian, person, box.place, box.store, "intact", box.seals)
    world.act(lambda _: moved, box.custodian, person)


def _some_box(world: World) -> str:
    """Take a box that no ordinary stocktake counts."""
    while world.box(code := world.take_box()).place == "K1/G3":
        world.boxes.append(code)
    return code


def do_not_come(world: World) -> Injected:
    """The next guard of the gate does not come; the one before stays."""
    guards, change = world.guards, world.guards.next_change()
    guards.no_show = True
    waits, begins = guards.there(GATE), change + timedelta(minutes=world.office.settings.shift_grace_minutes)
    if waits in TEAMS[GATE]:
        late = Injected(f"{GATE}:{waits}", lambda: _come(world), begins)
        world.expect("(the same: the relief is late)", "relief-late", SOON, late, "gate")
    return Injected(f"{GATE}:{TEAMS[GATE][CHANGES[change.hour]]}", lambda: _come(world), begins)


def leave_relief_open(world: World) -> Injected:
    """A hand-over is begun and forgotten."""
    draft = reliefs.begin(world.office, GATE, world.guards.there(GATE), "BV08")
    return Injected(draft.code, lambda: _forget(world, draft.code), world.now + HOUR)


def _forget(world: World, code: str) -> None:
    from desk.relief_ends import give_up

    give_up(world.office, code)


def plan_a_hole(world: World) -> Injected:
    """The published plan of tomorrow has nobody for one shift."""
    office, zone = world.office, zone_of(world.office.settings)
    day = world.now.astimezone(zone).date() + timedelta(days=1)
    rostering.set_day(office, GATE, day, "ca2", ())
    rostering.publish(office, GATE, day, day, sign("CHU"))
    begins = datetime.combine(day, time(13), zone).astimezone(UTC)

    def mend() -> None:
        rostering.set_day(office, GATE, day, "ca2", None)
        rostering.publish(office, GATE, day, day, sign("CHU"))

    return Injected(GATE, mend, max(world.now, begins - DAY))


def stay_too_long(world: World) -> Injected:
    """A second guard helps at the gate and forgets to sign off."""
    shifts.start(world.office, GATE, "BV08", sign("BV08"))
    longest = timedelta(hours=world.office.settings.longest_duty_hours)
    return Injected("BV08", lambda: _sign_off(world), world.now + longest)


def _sign_off(world: World) -> None:
    shifts.leave(world.office, GATE, "BV08", sign("BV08"))


def take_box_away(world: World) -> Injected:
    """A box is taken away; the next hand-over counts one too few."""
    code = _some_box(world)
    world.guards.gone.add(code)
    return Injected(code, lambda: _bring_back(world, code))


def lie_about_box(world: World) -> Injected:
    """A box is taken away, and guards who agree count it all the same, until somebody else looks at each box."""
    code = _some_box(world)
    world.guards.gone.add(code)
    world.guards.hidden.add(code)
    return Injected(code, lambda: _bring_back(world, code))


def _bring_back(world: World, code: str) -> None:
    world.guards.gone.discard(code)
    world.guards.hidden.discard(code)
    faults_paper.find_box(world, code)


def count_elsewhere(world: World) -> Injected:
    """The next hand-over finds a box at another shelf than the record says."""
    code = _some_box(world)
    world.guards.astray[code] = "K1/SAN"

    def mend() -> None:
        world.guards.settle(code)
        faults_store.look_again(world, code)

    return Injected(code, mend)
