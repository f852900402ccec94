"""The doorbell: it shortens the wait, and losing it loses no work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from archive import jobs, scans
from archive.clock import HandClock
from archive.database import Database
from archive.errors import SettingsError

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
WAIT = 60


@pytest.fixture
def bell(database: Database, clock: HandClock) -> jobs.Doorbell:
    """Give the doorbell that belongs to each engine."""
    return jobs.open_doorbell("" if database.is_sqlite else "procrastinate", database, clock)


def _receive(database: Database, first: int, count: int) -> list[str]:
    with database.atomic() as session:
        return [
            scans.receive(session, sha256=f"{n:064x}", size=n, kind="pdf", name="a", station="s", now=NOW).public_id
            for n in range(first, first + count)
        ]


@contextmanager
def _listening(database: Database, bell: jobs.Doorbell, clock: HandClock, expected: int) -> Iterator[threading.Event]:
    """Run a worker in a thread; the event given is set when `expected` scans are read."""
    stop, done, read = threading.Event(), threading.Event(), []

    def answer() -> bool:
        held = scans.claim(database, "w", clock.now(), 60)
        if held is None:
            return False
        with database.atomic() as session:
            scans.finish(session, held, state=scans.READ, now=clock.now())
        read.append(held.public_id)
        if len(read) == expected:
            done.set()
        return True

    thread = threading.Thread(target=bell.listen, args=(answer, stop))
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join(WAIT)
        assert not thread.is_alive(), "the listener stops when it is asked to"


def test_every_scan_is_read_whether_rung_for_or_not(database: Database, bell: jobs.Doorbell, clock: HandClock) -> None:
    """Scans that waited before the worker started are read as well as those rung for afterwards."""
    _receive(database, 0, 3)
    with _listening(database, bell, clock, 6) as done:
        bell.ring(_receive(database, 3, 3))
        assert done.wait(WAIT)


def test_a_sweep_rings_for_waiting_and_abandoned_scans(
    database: Database, bell: jobs.Doorbell, clock: HandClock
) -> None:
    """What intake forgot to ring for, and what a dead worker held, is announced again."""
    _receive(database, 0, 2)
    assert scans.claim(database, "dead", clock.now(), 60)
    assert jobs.sweep(database, bell, clock) == 1
    clock.sleep(61)
    again = jobs.sweep(database, bell, clock)
    assert again == (2 if database.is_sqlite else 1), "a scan that is in the queue already is not queued twice"


def test_losing_the_queue_loses_no_work(database: Database, bell: jobs.Doorbell, clock: HandClock) -> None:
    """The queue's tables are dropped with jobs in them; the next listener reads every scan all the same."""
    bell.ring(_receive(database, 0, 4))
    if not database.is_sqlite:
        from archive.jobs_postgres import SCHEMA

        with database.atomic() as session:
            session.execute(text(f'DROP SCHEMA "{SCHEMA}" CASCADE'))
    with _listening(database, bell, clock, 4) as done:
        assert done.wait(WAIT)


def test_many_ringers_queue_a_scan_once(database: Database, bell: jobs.Doorbell, clock: HandClock) -> None:
    """A key is rung for once while it waits, and every process may ring at once."""
    keys = _receive(database, 0, 5)
    threads = [threading.Thread(target=bell.ring, args=(keys,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not database.is_sqlite:
        assert bell.ring(keys) == 0
    with _listening(database, bell, clock, 5) as done:
        assert done.wait(WAIT)


def test_a_dead_workers_job_is_put_back(database: Database, bell: jobs.Doorbell) -> None:
    """A job that a worker without a heartbeat was doing waits again; one rung for meanwhile is not doubled."""
    if database.is_sqlite:
        pytest.skip("the embedded engine has no queue: rows are polled")
    import asyncio

    from archive.jobs_postgres import SCHEMA, QueueBell, recover

    assert isinstance(bell, QueueBell)
    assert bell.ring(["one", "two"]) == 2
    with database.atomic() as session:
        session.execute(text(f'SET LOCAL search_path TO "{SCHEMA}"'))
        worker = session.execute(
            text(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 minutes') RETURNING id"
            )
        ).scalar_one()
        session.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :w"), {"w": worker})
    assert bell.ring(["two"]) == 1

    async def put_back() -> int:
        app = bell._app()
        async with app.open_async():
            return await recover(app)

    assert asyncio.run(put_back()) == 1
    with database.reading() as session:
        rows = session.execute(
            text(f'SELECT queueing_lock, status FROM "{SCHEMA}".procrastinate_jobs ORDER BY queueing_lock')
        ).all()
    assert [tuple(map(str, row)) for row in rows] == [("one", "todo"), ("two", "todo")]


def test_a_doorbell_that_does_not_fit_the_database_is_refused(database: Database, clock: HandClock) -> None:
    """A queue on the embedded engine, or one nobody knows, is a wrong setting and says so."""
    for kind in ("huey", *(("procrastinate",) if database.is_sqlite else ())):
        with pytest.raises(SettingsError) as refused:
            jobs.open_doorbell(kind, database, clock)
        assert refused.value.code == "setting-wrong"
