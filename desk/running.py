"""How each process of a station is put together from the parts: watching, reading, ticking, ingesting, checking."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlmodel import col

from archive import beats, fixity, scans
from archive.tables import Scan
from archive.vault import FolderVault
from desk.beating import beating
from desk.intaking import take_in_by_hand, taking_in, watcher_of
from desk.office import Office
from desk.parts import command_of
from digitize.limits import Limits
from digitize.reading import ReadSettings
from digitize.worker import Bench, bound_memory, work
from scanner_inbox.watcher import State

Advance = Callable[[int, int | None], None]

# What one tick may spend on fixity, so that it never stands in the way of scanners and readers.
FIXITY_FILES = 50
FIXITY_RATE = 20 << 20
LEFTOVER_SECONDS = 24 * 3600.0

ingest = take_in_by_hand


def watch(office: Office, stop: threading.Event) -> None:
    """Watch the inbox until `stop` is set; what the watcher is doing is its sign of life."""
    doing: dict[str, object] = {}

    def note(state: State) -> None:
        doing.clear()
        doing.update(waiting=state.report.waiting, trouble=state.trouble, facts=state.facts if state.trouble else {})

    with beating(office, "watcher", lambda: dict(doing)), taking_in(office) as desk:
        watcher_of(office, desk, note).run(stop)


def read(office: Office, stop: threading.Event, name: str, *, once: bool) -> int:
    """Read scans until `stop` is set, or with `once` until none waits; returns how many were ended."""
    doing: dict[str, object] = {}

    def note(facts: dict[str, object]) -> None:
        doing.clear()
        doing.update(facts)

    bound_memory(office.settings.page_memory_mb)
    with beating(office, name, lambda: dict(doing)):
        return work(bench_of(office, name), stop, until_idle=once, beat=note)


def bench_of(office: Office, name: str) -> Bench:
    """Return what a reading worker of this office works with."""
    settings = office.settings
    return Bench(
        database=office.database,
        vault=office.vault,
        clock=office.clock,
        derived=settings.derived_folder,
        settings=read_settings(office),
        lease_seconds=settings.lease_seconds,
        name=name,
    )


def read_settings(office: Office) -> ReadSettings:
    """Translate the station's settings into those of a reading."""
    settings = office.settings
    return ReadSettings(
        language=settings.language,
        dpi_read=float(settings.read_dpi),
        page_seconds=settings.page_seconds,
        page_memory=settings.page_memory_mb << 20,
        engine=settings.engine,
        limits=Limits(
            file_bytes=settings.max_file_mb << 20,
            pages=settings.max_pages,
            pixels=settings.max_page_megapixels * 1_000_000,
        ),
    )


def tick(office: Office, stop: threading.Event, *, once: bool) -> None:
    """Do what is due each minute: a slice of fixity, and leftovers of crashed intakes."""
    with beating(office, "tick"):
        while not stop.is_set():
            # A busy or absent database or disk costs one tick, never the process; the next one catches up.
            with contextlib.suppress(OperationalError, OSError):
                _tick(office, stop)
            if once:
                return
            stop.wait(60.0)


def _tick(office: Office, stop: threading.Event) -> None:
    if isinstance(office.vault, FolderVault):
        office.vault.sweep_incoming(LEFTOVER_SECONDS, office.clock.now().timestamp())
    due = fixity.check(
        office.database,
        office.vault,
        office.clock,
        days=office.settings.fixity_days,
        bytes_per_second=FIXITY_RATE,
    )
    for number, _checked in enumerate(due, 1):
        if number >= FIXITY_FILES or stop.is_set():
            return


def wait_until_read(
    office: Office, results: Sequence[dict[str, Any]], seconds: float | None, advance: Advance, stop: threading.Event
) -> int:
    """Wait until every ingested scan is read; returns how many are not.

    Where no reading worker is alive, one is started for as long as this takes.
    """
    hashes = {each["sha256"] for each in results if each["sha256"] and each["state"] != "set_aside"}
    began, helper = office.clock.ticks(), None
    try:
        while left := _unread(office, hashes):
            advance(len(hashes) - left, len(hashes))
            if stop.is_set() or (seconds is not None and office.clock.ticks() - began > seconds):
                return left
            if helper is None or helper.poll() is not None:
                helper = None if _readers_alive(office) else _start_reader(office)
            stop.wait(0.5)
        advance(len(hashes), len(hashes))
        return 0
    finally:
        if helper is not None and helper.poll() is None:
            helper.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                helper.wait(5)
            helper.kill()


def _unread(office: Office, hashes: set[str]) -> int:
    wanted, left = sorted(hashes), 0
    with office.database.reading() as session:
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            left += session.execute(
                select(func.count())
                .select_from(Scan)
                .where(col(Scan.sha256).in_(part), col(Scan.state).in_((scans.RECEIVED, scans.READING)))
            ).scalar_one()
    return left


def _readers_alive(office: Office) -> bool:
    with office.database.reading() as session:
        signs = beats.signs(session, office.clock.now())
    return any(sign.component.startswith("reader") and not sign.silent for sign in signs)


def _start_reader(office: Office) -> subprocess.Popen[bytes]:
    command = command_of(office.settings, office.settings.lang, "read", "--once", "--name", f"helper-{os.getpid()}")
    return subprocess.Popen(command, cwd=Path(__file__).resolve().parent.parent, stdout=subprocess.DEVNULL)


def check_fixity(office: Office, *, due_only: bool, advance: Advance) -> tuple[int, list[dict[str, Any]]]:
    """Re-read the vault; returns how many scans were compared, and findings with a code each."""
    days = office.settings.fixity_days if due_only else 0
    with office.database.reading() as session:
        total = fixity.due(session, office.clock.now(), days)
    findings: list[dict[str, Any]] = []
    number = 0
    for number, checked in enumerate(fixity.check(office.database, office.vault, office.clock, days=days), 1):
        advance(number, total)
        if not checked.is_sound:
            findings.append({"code": f"fixity-{checked.result}", "serious": True, **asdict(checked)})
    findings += [
        {"code": "vault-orphan", "serious": False, "sha256": sha256}
        for sha256 in fixity.orphans(office.database, office.vault)
    ]
    return number, findings
