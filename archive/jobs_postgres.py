"""The doorbell of a city: procrastinate's queue in the same PostgreSQL, and no broker.

One waiting job for each scan (queueing_lock), a heartbeat every 10 s, and two periodic tasks that procrastinate does
not start by itself: one puts jobs of dead workers back, one rings for every scan row that waits. The queue has a
PostgreSQL schema of its own, named after procrastinate's release: an upgrade begins with an empty queue and the sweep
fills it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import procrastinate
from procrastinate import exceptions
from procrastinate.jobs import Status
from sqlalchemy import text

from archive import jobs
from archive.clock import Clock
from archive.database import Database

QUEUE, TASK = "reading", "read"
HEARTBEAT_SECONDS, STALLED_SECONDS, POLL_SECONDS = 10.0, 30.0, 5.0
SCHEMA = "doorbell_" + "_".join(procrastinate.__version__.split(".")[:3])

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class QueueBell:
    """The doorbell over the database of the scans."""

    database: Database
    clock: Clock

    def prepare(self) -> None:
        """Create the queue's tables where they are missing; several processes may do so at once."""
        with self.database.atomic() as session:
            session.execute(text("SELECT pg_advisory_xact_lock(hashtext('luutru doorbell'))"))
            session.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{SCHEMA}"'))
            found = session.execute(text(f"SELECT to_regclass('\"{SCHEMA}\".procrastinate_jobs')")).scalar()
            if found is None:
                session.execute(text(f'SET LOCAL search_path TO "{SCHEMA}"'))
                connection: Any = session.connection().connection.driver_connection
                connection.execute(procrastinate.schema.SchemaManager.get_schema())

    def ring(self, keys: Iterable[str]) -> int:
        """Put one job a scan into the queue, unless one waits there; a queue that is away is no error."""
        rung = 0
        try:
            self.prepare()
            with self._app().open() as app:
                for key in keys:
                    with contextlib.suppress(exceptions.AlreadyEnqueued):
                        app.configure_task(TASK, queue=QUEUE, queueing_lock=key).defer(key=key)
                        rung += 1
        except Exception as error:
            # Whatever is wrong with the queue, the scan rows stand and the next sweep rings again.
            _log.warning("doorbell-away: %s", error)
        return rung

    def listen(self, answer: jobs.Answer, stop: threading.Event) -> None:
        """Work the queue off; where it is away, poll the rows and try the queue again."""
        while not stop.is_set():
            try:
                self.prepare()
                asyncio.run(self._work(answer, stop))
            except Exception as error:
                _log.warning("doorbell-away: %s", error)
                while not stop.is_set() and answer():
                    pass
                stop.wait(POLL_SECONDS)

    async def _work(self, answer: jobs.Answer, stop: threading.Event) -> None:
        app = self._app(answer)
        async with app.open_async():
            await asyncio.to_thread(jobs.sweep, self.database, self, self.clock)
            worker = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=1,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    fetch_job_polling_interval=POLL_SECONDS,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=STALLED_SECONDS,
                )
            )
            while not stop.is_set() and not worker.done():
                await asyncio.sleep(0.2)
            worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await worker

    def _app(self, answer: jobs.Answer | None = None) -> procrastinate.App:
        url = self.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connector = procrastinate.PsycopgConnector(
            conninfo=url, kwargs={"options": f"-c search_path={SCHEMA}"}, min_size=1, max_size=4, timeout=10
        )
        app = procrastinate.App(connector=connector)
        if answer is not None:
            self._register(app, answer)
        return app

    def _register(self, app: procrastinate.App, answer: jobs.Answer) -> None:
        @app.task(name=TASK, queue=QUEUE)
        def read(key: str) -> None:
            answer()

        @app.periodic(cron="* * * * *")
        @app.task(name="recover", queue=QUEUE, queueing_lock="recover")
        async def recover_stalled(timestamp: int) -> None:
            await recover(app)

        @app.periodic(cron="* * * * *")
        @app.task(name="sweep", queue=QUEUE, queueing_lock="sweep")
        def sweep(timestamp: int) -> None:
            jobs.sweep(self.database, self, self.clock)


async def recover(app: procrastinate.App) -> int:
    """Put the jobs of workers without a heartbeat back into the queue; return how many."""
    recovered = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await app.job_manager.retry_job(job)
            recovered += 1
        except exceptions.UniqueViolation:
            # The sweep rang for the same scan meanwhile: one job is enough.
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
    return recovered
