"""Shell: takes scans that wait, reads them page by page, and saves each page as it comes.

A worker may be killed at any moment. Everything it finished is saved, its lease runs out, and the next worker goes on
at the first page that is missing. A page (or the opening of a file, or the writing of its searchable copy) that was
begun three times without an end is left for a person, and the rest of the file still lands.
"""

from __future__ import annotations

import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from time import monotonic

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from archive import durable, pages, scans
from archive.clock import Clock
from archive.database import Database
from archive.errors import LeaseLostError, VaultError
from archive.vault import Reach, Vault, pass_by
from digitize.errors import ReadingError
from digitize.layers import write_searchable, write_thumbnail
from digitize.pages import open_scan
from digitize.preparing import FindCodes
from digitize.reading import PageReading, ReadSettings, read_pages
from digitize.rows import from_row, give_up, to_row

# Attempt numbers beside the pages' own, which begin at 1.
OPENING, LAYERING = 0, -1
TRIES = 3
THUMBNAIL_SIDE = 480


FileScan = Callable[[Session, int, datetime], object]


def leave_unfiled(_session: Session, _scan_id: int, _now: datetime) -> None:
    """File nothing: for a reader without a register."""


@dataclass(frozen=True)
class Bench:
    """What a worker works with; `derived` is the folder for searchable PDFs and thumbnails."""

    database: Database
    vault: Vault
    clock: Clock
    derived: Path
    settings: ReadSettings = field(default_factory=ReadSettings)
    lease_seconds: float = 60.0
    name: str = "worker"
    find_codes: FindCodes | None = None
    reach: Reach = pass_by
    # Files the pages under their dossiers, in the transaction that ends the reading.
    file: FileScan = leave_unfiled


def derived_path(derived: Path, sha256: str, suffix: str) -> Path:
    """Return where the searchable PDF (".pdf") or thumbnail (".webp") of a scan stands."""
    return derived / sha256[:2] / f"{sha256}{suffix}"


def bound_memory(megabytes: int) -> None:
    """Bound the address space of this process and of the engines it starts."""
    limit = megabytes << 20
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def work(
    bench: Bench,
    stop: threading.Event,
    *,
    until_idle: bool = False,
    idle_seconds: float = 1.0,
    wait: Callable[[float], object] | None = None,
    beat: Callable[[dict[str, object]], None] = lambda _facts: None,
) -> int:
    """Read scans until `stop` is set, or with `until_idle` until none waits; return how many were ended.

    `wait(seconds)` pauses while there is nothing to do and may return early when the doorbell rings. `beat` is given
    what the worker is doing each time that changes.
    """
    pause = wait or stop.wait
    ended = 0
    while not stop.is_set():
        held = scans.claim(bench.database, bench.name, bench.clock.now(), bench.lease_seconds)
        if held is None:
            beat({})
            if until_idle:
                break
            pause(idle_seconds)
            continue
        beat({"scan": held.public_id, "name": held.name})
        try:
            with _lease(bench, held, stop) as watch:
                read_scan(bench, held, watch)
            ended += 1
        except LeaseLostError:
            continue
        except StoppedError:
            scans.release(bench.database, held)
    return ended


class StoppedError(Exception):
    """The worker was asked to stop between two pages."""


@dataclass
class Watch:
    """Whether the worker should go on, and until when the page in hand may take."""

    stop: threading.Event
    lost: threading.Event = field(default_factory=threading.Event)
    seconds_left: float = float("inf")

    def allow(self, seconds: float) -> None:
        """Give the step that begins now so many seconds."""
        self.seconds_left = seconds

    def go_on(self) -> None:
        """Raise StoppedError when asked to stop, LeaseLostError when another worker holds the scan."""
        if self.lost.is_set():
            raise LeaseLostError("lease-lost")
        if self.stop.is_set():
            raise StoppedError


def read_scan(bench: Bench, held: scans.Claim, watch: Watch) -> None:
    """Read what is missing of one scan, save it page by page, make its derived files, and end its claim."""
    with bench.database.reading() as session:
        tried = scans.attempts(session, held.scan_id)
        done = pages.done(session, held.scan_id)
    try:
        with bench.vault.path(held.sha256) as path:
            count = _open(bench, held, path, tried, watch)
            bench.reach("worker.opened")
            missing = [number for number in range(1, count + 1) if number not in done]
            for number in (each for each in missing if tried.get(each, 0) >= TRIES):
                _save(bench, held, give_up(number, tried[number]))
            # A page under suspicion is read alone, so that its death convicts nobody else.
            suspects = [number for number in missing if 0 < tried.get(number, 0) < TRIES]
            fresh = [number for number in missing if number not in tried]
            for wanted, together in ((fresh, bench.settings.pages_per_call), (suspects, 1)):
                _read(bench, held, path, wanted, together, watch)
            _derive(bench, held, path, tried.get(LAYERING, 0), watch)
    except (ReadingError, VaultError) as error:
        with bench.database.atomic() as session:
            scans.finish(
                session,
                held,
                state=scans.UNREADABLE,
                now=bench.clock.now(),
                reason=error.code,
                facts=dict(error.facts),
            )
            bench.file(session, held.scan_id, bench.clock.now())


def _open(bench: Bench, held: scans.Claim, path: Path, tried: dict[int, int], watch: Watch) -> int:
    """Open the file, note what it is, and return its number of pages."""
    if tried.get(OPENING, 0) >= TRIES:
        raise ReadingError("file-kills-reader", tries=tried[OPENING])
    scans.begin_pages(bench.database, held, [OPENING])
    watch.allow(bench.settings.page_seconds)
    with open_scan(path, bench.settings.limits) as scan:
        kind, count, signed = scan.kind, scan.count, scan.signed
    with bench.database.atomic() as session:
        scans.end_page(session, held, OPENING)
        scans.note_facts(session, held, kind=kind, page_count=count, signed=signed)
    return count


def _read(bench: Bench, held: scans.Claim, path: Path, wanted: list[int], together: int, watch: Watch) -> None:
    def before(numbers: tuple[int, ...]) -> None:
        watch.go_on()
        watch.allow((len(numbers) + 1) * bench.settings.page_seconds)
        scans.begin_pages(bench.database, held, numbers)
        bench.reach("worker.page-begun")

    if not wanted:
        return
    settings = replace(bench.settings, pages_per_call=together)
    for reading in read_pages(
        path, wanted=wanted, settings=settings, find_codes=bench.find_codes, before=before, clock=monotonic
    ):
        bench.reach("worker.page-read")
        _save(bench, held, reading)
        bench.reach("worker.page-saved")
        watch.go_on()


def _save(bench: Bench, held: scans.Claim, reading: PageReading) -> None:
    row, words = to_row(reading, bench.clock)
    with bench.database.atomic() as session:
        pages.save(session, held, row, words)


def _derive(bench: Bench, held: scans.Claim, path: Path, tries: int, watch: Watch) -> None:
    """Write the searchable PDF and the thumbnail, then end the claim: all of it can be made again."""
    with bench.database.reading() as session:
        rows = pages.of_scan(session, held.scan_id)
        readings = [from_row(row, pages.words(session, row.id or 0)) for row in rows]
    layered, why = "none", ["file-kills-writer"]
    if tries < TRIES:
        scans.begin_pages(bench.database, held, [LAYERING])
        watch.allow(bench.settings.page_seconds * (2 + len(readings) / 50))
        target = derived_path(bench.derived, held.sha256, ".pdf")
        durable.make_folder(target.parent)
        try:
            with durable.whole_file(target) as temp:
                result = write_searchable(path, readings, temp)
            layered, why = "pdfa" if result.pdfa else "pdf", list(result.why)
            with durable.whole_file(target.with_suffix(".webp")) as temp:
                write_thumbnail(path, temp, THUMBNAIL_SIDE)
        except (ReadingError, OSError, MemoryError) as error:
            why = [getattr(error, "code", "layers-failed")]
    bench.reach("worker.derived")
    failed = [row.number for row in rows if row.source == "failed"]
    all_failed = bool(rows) and len(failed) == len(rows)
    with bench.database.atomic() as session:
        scans.end_page(session, held, LAYERING)
        scans.finish(
            session,
            held,
            state=scans.UNREADABLE if all_failed else scans.READ,
            now=bench.clock.now(),
            reason="no-page-read" if all_failed else "pages-failed" if failed else None,
            facts={"pages": failed} if failed else {},
            layered=layered,
            layered_why=why,
        )
        bench.file(session, held.scan_id, bench.clock.now())
    bench.reach("worker.finished")


@contextmanager
def _lease(bench: Bench, held: scans.Claim, stop: threading.Event) -> Iterator[Watch]:
    """Renew the lease beside the reading, and kill this process when a step takes longer than it was allowed.

    Code in C that hangs cannot be interrupted from within; the supervisor starts the next worker.
    """
    watch, over = Watch(stop), threading.Event()
    every = max(0.05, bench.lease_seconds / 4)

    def keep() -> None:
        while not over.wait(every):
            watch.seconds_left -= every
            if watch.seconds_left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                scans.renew(bench.database, held, bench.clock.now(), bench.lease_seconds)
            except LeaseLostError:
                watch.lost.set()
                return
            except OperationalError:
                continue  # the database is busy or away: the lease is long enough for the next try

    keeper = threading.Thread(target=keep, name="lease", daemon=True)
    keeper.start()
    try:
        yield watch
    finally:
        over.set()
        keeper.join()
