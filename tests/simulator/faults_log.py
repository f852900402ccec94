"""Faults of the log and what feeds it: phones, clocks, and somebody who owns the database file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import text

from custody import entries_package as package
from custody import ledger
from desk import ledgering
from desk.watching_log import hear
from tests.simulator.world import HOUR, MINUTE, Injected, World


def _new_phone(world: World) -> str:
    world.phones += 1
    return f"phone-{world.phones}"


def lose_entries(world: World) -> Injected:
    """A phone was reset: it counts on, but three entries never came."""
    phone = _new_phone(world)
    hear(world.office, phone, world.clock.now(), 5, 0)
    return Injected(phone, lambda: hear(world.office, phone, world.clock.now(), 0, 0))


def fall_silent(world: World) -> Injected:
    """A phone with two entries is not heard of."""
    phone = _new_phone(world)
    hear(world.office, phone, world.clock.now(), 2, 2)

    def come_back() -> None:
        for number in range(2):
            code = world.chance.choice(world.boxes)
            entry = package.PackageChecked(code, "intact", world.box(code).seals)
            world.from_phone(entry, "BINH", phone, number, world.clock.now().replace(microsecond=0) - HOUR)
        hear(world.office, phone, world.clock.now(), 2, 0)

    silence = timedelta(minutes=world.office.settings.device_silent_minutes)
    return Injected(phone, come_back, world.now + silence)


def skew_contact(world: World) -> Injected:
    """A phone says another time than it is."""
    phone = _new_phone(world)
    hear(world.office, phone, world.clock.now() - 9 * MINUTE, 0, 0)
    return Injected(phone, lambda: hear(world.office, phone, world.clock.now(), 0, 0))


def skew_entry(world: World) -> Injected:
    """A phone sends an entry made five minutes from now."""
    phone, code = _new_phone(world), world.chance.choice(world.boxes)
    ahead = world.clock.now().replace(microsecond=0) + 5 * MINUTE
    world.from_phone(package.PackageChecked(code, "intact", world.box(code).seals), "BINH", phone, 0, ahead)
    return Injected(phone, lambda: hear(world.office, phone, world.clock.now(), 1, 0))


def set_clock_back(world: World) -> Injected:
    """Somebody sets the machine's clock back by three hours, and later right again."""
    # A station looks at its clock each minute.
    world.tick()
    world.clock.offset = -3 * HOUR

    def put_right() -> None:
        world.clock.offset = timedelta(0)

    return Injected("clock", put_right)


def forge(world: World, *statements: str, **values: object) -> None:
    """Change the database file as its owner can: triggers off, statements, triggers on again."""
    with world.office.database.atomic() as session:
        found = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        guards = [(name, sql) for name, sql in found if name.startswith("ledger")]
        for name, _ in guards:
            session.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            session.execute(text(statement), values)
        for _, sql in guards:
            session.connection().exec_driver_sql(sql)


def _change_entry(world: World, seq: int) -> Injected:
    with world.office.database.reading() as session:
        body = ledger.entry(session, seq).body
    forge(world, "UPDATE ledger_entry SET body = :body WHERE seq = :seq", body=body[:-1] + b" }", seq=seq)
    return Injected("ledger", lambda: forge(world, "UPDATE ledger_entry SET body = :b WHERE seq = :s", b=body, s=seq))


def change_new_entry(world: World) -> Injected:
    """Somebody edits the last entry."""
    with world.office.database.reading() as session:
        return _change_entry(world, ledger.size(session) - 1)


def change_old_entry(world: World) -> Injected:
    """Somebody edits an entry that is long past."""
    return _change_entry(world, 40)


def drop_trigger(world: World) -> Injected:
    """Somebody takes away what refuses changes."""
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger_entry%' ORDER BY name"
    with world.office.database.atomic() as session:
        name, sql = session.execute(text(asked)).all()[0]
        session.execute(text(f"DROP TRIGGER {name}"))

    def put_back() -> None:
        with world.office.database.atomic() as session:
            session.connection().exec_driver_sql(sql)

    return Injected("ledger", put_back)


def change_state(world: World) -> Injected:
    """Somebody makes a box belong to another in the table of current state."""
    code = world.take_box()
    custodian, change = world.box(code).custodian, "UPDATE custody_package SET custodian = :who WHERE code = :code"
    forge(world, change, who="HOA", code=code)

    def put_back() -> None:
        forge(world, change, who=custodian, code=code)
        world.boxes.append(code)

    return Injected("ledger", put_back)


def cut_log(world: World) -> Injected:
    """Somebody takes the last entry out, after a head was signed over it; one under no head yet is found at night."""
    ledgering.sign_head(world.office, "shift")
    with world.office.database.reading() as session:
        last = ledger.entry(session, ledger.size(session) - 1)
    forge(world, "DELETE FROM ledger_entry WHERE seq = :seq", seq=last.seq)
    put = "INSERT INTO ledger_entry (seq, kind, body, leaf) VALUES (:seq, :kind, :body, :leaf)"
    values = {"seq": last.seq, "kind": last.kind, "body": last.body, "leaf": last.leaf}
    return Injected("ledger", lambda: forge(world, put, **values))


def change_tree(world: World) -> Injected:
    """Somebody changes a stored hash of the tree."""
    where = "WHERE level = 3 AND position = 0"
    with world.office.database.reading() as session:
        before = bytes(session.execute(text(f"SELECT hash FROM ledger_node {where}")).scalar_one())
    change = f"UPDATE ledger_node SET hash = :hash {where}"
    forge(world, change, hash=bytes(32))
    return Injected("ledger", lambda: forge(world, change, hash=before))


def spoil_head(world: World) -> Injected:
    """Somebody overwrites the newest signed head in the second place."""
    newest = max(world.office.settings.heads_folder.glob("head-*.txt"))
    before = newest.read_bytes()
    newest.write_bytes(b"luutru/other\n")

    def put_back() -> None:
        newest.write_bytes(before)

    return Injected("ledger", put_back)


def unplug(world: World) -> Injected:
    """Somebody takes away the stick with the signed heads."""
    folder = world.office.settings.heads_folder
    gone = folder.with_name("unplugged")
    folder.rename(gone)
    return Injected("heads", _renamer(gone, folder))


def _renamer(here: object, there: object) -> Callable[[], None]:
    def rename() -> None:
        here.rename(there)  # type: ignore[attr-defined]  # a path

    return rename
