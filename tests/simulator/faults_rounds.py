"""Faults of rounds: late, missed, too long, incomplete, what is found on the way, and what is changed afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, text
from sqlmodel import col

from archive.refs import new_code
from custody.rounds_tables import ResultRow
from desk import round_scans, rounds
from tests.simulator import faults_log, faults_paper, faults_store
from tests.simulator.guards import NIGHT_ROUND, STORE, night_round, sign
from tests.simulator.world import DAY, MINUTE, Injected, World

SOON = 2 * MINUTE


def _nothing() -> None:
    """What is over needs no mending."""


def _another(world: World, after: int, do: Callable[[str], object]) -> tuple[str, datetime]:
    """Let a coming night round be something else, so many minutes after it falls due."""
    code, due = world.guards.next_night()
    world.guards.modes[code] = do  # type: ignore[assignment]  # nobody asks what it returns
    world.at(due, _nothing)
    world.at(due + after * MINUTE, lambda: do(code) and None)
    return code, due


def walk_late(world: World) -> Injected:
    """A guard begins a round late."""
    code, due = _another(world, 13, world.guards.walk)
    return Injected(code, _nothing, due + 10 * MINUTE)


def miss(world: World) -> Injected:
    """Nobody walks a round."""
    code, due = _another(world, 25, lambda _code: None)
    late = Injected(code, _nothing, due + 10 * MINUTE)
    world.expect("(the same: first it is late)", "round-late", SOON, late, f"late {code}")
    return Injected(code, _nothing, due + 20 * MINUTE)


def sleep_over_round(world: World) -> Injected:
    """Everything is switched off for hours over a round: the miss is recorded and told at the first minute awake."""
    wake = world.now.replace(hour=NIGHT_ROUND, minute=45, second=0, microsecond=0) + DAY
    world.asleep_until = wake + world.some(0 * MINUTE, 10 * MINUTE)
    made = Injected(night_round(wake.date()), _nothing, world.asleep_until)
    world.expect("a round falls due while all is off", "round-missed", SOON, made, f"off {made.about}", quick=True)
    return made


def do_not_end(world: World) -> Injected:
    """A round is begun and does not end."""

    def begin(code: str) -> None:
        rounds.start(world.office, code, sign(world.guards.there(STORE)))

    def end() -> None:
        guard = sign(world.guards.there(STORE))
        with world.office.database.reading() as session:
            found = rounds.the_one_under_way(rounds.Projections(session), code)
        round_scans.scan(world.office, list(found.points), guard, code=code)
        rounds.end(world.office, code, guard, "ngủ quên")

    code, due = _another(world, 3, begin)
    return Injected(code, end, due + 33 * MINUTE)


def leave_point_out(world: World) -> Injected:
    """A guard leaves a point out and says why."""
    code, due = _another(world, 4, lambda code: world.guards.walk(code, leave_out=1))
    return Injected(code, _nothing, due + 4 * MINUTE)


def _find_on_round(world: World, codes: list[str], finding: str = "intact") -> datetime:
    def look() -> None:
        guard = sign(world.guards.there(STORE))
        if finding != "intact":
            round_scans.scan(world.office, [world.box(codes[0]).place], guard)
        round_scans.scan(world.office, codes, guard, finding=finding)

    _, due = _another(world, 4, lambda code: world.guards.walk(code, look))
    return due + 4 * MINUTE


def miss_box_on_round(world: World) -> Injected:
    """A guard does not find a box on a round."""
    code = world.take_box()
    return Injected(code, lambda: faults_paper.find_box(world, code), _find_on_round(world, [code], "missing"))


def break_seal_on_round(world: World) -> Injected:
    """A guard finds a broken seal on a round."""
    code = world.take_box()
    return Injected(code, lambda: faults_paper.clear_box(world, code), _find_on_round(world, [code], "broken"))


def see_elsewhere_on_round(world: World) -> Injected:
    """A guard scans a box in the yard on a round."""
    code = world.take_box()
    return Injected(code, lambda: faults_store.look_again(world, code), _find_on_round(world, ["K1/SAN", code]))


def show_forged_on_round(world: World) -> Injected:
    """A guard scans a label on a round that was made elsewhere."""
    code = new_code(world.chance.randrange)
    return Injected(code, _nothing, _find_on_round(world, [code]))


def change_result(world: World) -> Injected:
    """Somebody edits what was found on a round that has ended."""
    with world.office.database.reading() as session:
        ended = [each.code for each in rounds.every(world.office, days=3, state="ended")]
        row = session.execute(select(ResultRow).where(col(ResultRow.round) == ended[0])).scalars().first()
    assert row is not None
    before, change = bytes(row.body), "UPDATE round_result SET body = :body WHERE round = :round AND number = :number"
    facts = {"round": row.round, "number": row.number}
    faults_log.forge(world, change, body=before.replace(b"intact", b"broken"), **facts)
    return Injected("ledger", lambda: faults_log.forge(world, change, body=before, **facts))


def change_seed(world: World) -> Injected:
    """Somebody puts another seed in the place of the one that rounds were drawn from."""
    with world.office.database.reading() as session:
        asked = text("SELECT key, root FROM custody_head WHERE key <> 'newest' ORDER BY size")
        key, before = session.execute(asked).all()[0]
    change = "UPDATE custody_head SET root = :root WHERE key = :key"
    faults_log.forge(world, change, root="ab" * 32, key=key)
    return Injected("ledger", lambda: faults_log.forge(world, change, root=before, key=key))
