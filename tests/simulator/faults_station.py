"""Faults of the station: stored bytes, disk, inbox, processes, backups, messages, and the guarding itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlmodel import col

from archive import fixity
from archive.refs import new_public_id
from archive.tables import Arrival, Scan
from custody import alarming
from desk import channels
from desk.watching_station import note_backup
from tests.simulator import faults_log
from tests.simulator.world import DAY, MINUTE, Injected, World


def _stored(world: World) -> Path:
    """Return the file of one stored scan."""
    with world.office.database.reading() as session:
        names = sorted(session.execute(select(col(Scan.sha256))).scalars())
    name = world.chance.choice(names)
    return next(Path(world.office.settings.vault_place).rglob(name))


def _reread_all(world: World) -> None:
    for _ in fixity.check(world.office.database, world.office.vault, world.clock):
        pass


def change_scan(world: World) -> Injected:
    """A byte of a stored scan changes on the disk."""
    path = _stored(world)
    before = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(b"X" + before[1:])

    def put_back() -> None:
        path.write_bytes(before)
        _reread_all(world)

    return Injected("vault", put_back)


def lose_scan(world: World) -> Injected:
    """A stored scan disappears from the disk."""
    path = _stored(world)
    before = path.read_bytes()
    path.unlink()

    def put_back() -> None:
        path.write_bytes(before)
        _reread_all(world)

    return Injected("vault", put_back)


def stop_rereading(world: World) -> Injected:
    """The station is off each night, and scans are not compared any more."""
    world.rereads = False
    with world.office.database.reading() as session:
        oldest = session.execute(select(func.min(col(Scan.fixity_at)))).scalar_one()

    def begin_again() -> None:
        world.rereads = True
        _reread_all(world)

    return Injected("vault", begin_again, oldest + (world.office.settings.fixity_days + 1) * DAY)


def fill_disk(world: World) -> Injected:
    """The disk has little room left."""
    return _leave(world, world.office.settings.keep_free_mb * 3 // 2)


def fill_disk_wholly(world: World) -> Injected:
    """The disk has so little room that nothing more is taken in."""
    return _leave(world, 5)


def _leave(world: World, megabytes: int) -> Injected:
    world.free = megabytes << 20

    def make_room() -> None:
        world.free = 10**12

    return Injected(str(world.office.settings.home), make_room)


def stick_in_inbox(world: World) -> Injected:
    """A file waits in the inbox and is not taken in."""
    name, now = new_public_id(), world.clock.now()
    with world.office.database.atomic() as session:
        session.add(
            Arrival(public_id=name, station="t1", name="a.pdf", path=name.encode(), first_seen=now, changed_at=now)
        )

    def take_in() -> None:
        with world.office.database.atomic() as session:
            session.execute(delete(Arrival).where(col(Arrival.public_id) == name))

    return Injected("inbox", take_in, world.now + timedelta(minutes=world.office.settings.inbox_stuck_minutes))


def hang_watcher(world: World) -> Injected:
    """The watcher hangs."""
    return _silence(world, "watcher")


def kill_reader(world: World) -> Injected:
    """A reading worker is dead and not started again."""
    return _silence(world, "reader-1")


def _silence(world: World, part: str) -> Injected:
    world.alive.discard(part)
    return Injected(part, lambda: world.alive.add(part))


def restart_reader(world: World) -> Injected:
    """A reading worker dies as soon as it is started, six times."""
    world.restarts += 6
    return Injected("reader-1", lambda: None)


def forget_backups(world: World) -> Injected:
    """Nobody makes a backup any more."""
    world.backups = False
    with world.office.database.reading() as session:
        last = alarming.observed(session, "backup")
    assert last is not None

    def remember() -> None:
        world.backups = True
        note_backup(world.office, Path("/backup"))

    return Injected("backup", remember, last.at + timedelta(days=world.office.settings.backup_days))


def break_channel(world: World) -> Injected:
    """The service that sends messages refuses them, while there is something to tell."""
    world.refuses_messages = True
    skewed = faults_log.skew_contact(world)
    world.expect("(what the messages were about)", "device-clock-skew", 2 * MINUTE, skewed, "channel-failing")
    for minutes in range(1, 7):
        world.after(minutes * MINUTE, lambda: None)

    def mend() -> None:
        world.refuses_messages = False

    (channel,) = channels.channels_of(world.office.settings)
    return Injected(channel.name, mend)


def break_watch(world: World) -> Injected:
    """A part of the guarding raises whenever it is asked."""
    world.broken = True

    def mend() -> None:
        world.broken = False

    return Injected("world.watch_nothing", mend)
