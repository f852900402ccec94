"""How each process of a station is put together from the parts: watching, reading, ticking."""

from __future__ import annotations

import logging
import threading

from archive import jobs
from archive.errors import ArchiveError
from archive.vault import FolderVault
from custody.errors import CustodyError
from desk import certifying, cosigning, stamping, telling, ticking, verdicts
from desk.beating import beating
from desk.filing import file_scan, match, name_cover
from desk.intaking import taking_in, watcher_of
from desk.office import Office
from desk.parts import is_secured
from digitize.limits import Limits
from digitize.reading import ReadSettings
from digitize.worker import Bench, bound_memory, work
from scanner_inbox.watcher import State

TICK_SECONDS = 60.0
# Leftovers of crashed intakes younger than this may belong to one that still runs.
LEFTOVER_SECONDS = 24 * 3600.0
# Re-reading must leave the disk to scanners and readers.
FIXITY_BYTES_PER_SECOND = 20e6
# What re-reading may take of one minute.
FIXITY_SECONDS = 40.0
# Scans whose dossier may have been registered since they were read; what is left waits for the next minute.
FILED_A_MINUTE = 2000

log = logging.getLogger(__name__)


def watch(office: Office, stop: threading.Event) -> None:
    """Take in what the inbox holds until `stop` is set; news reach the reading workers by the doorbell."""
    doing: dict[str, object] = {}
    bell = jobs.open_doorbell(office.settings.doorbell, office.database, office.clock)

    def note(state: State) -> None:
        doing.update(trouble=state.trouble, facts=dict(state.facts), waiting=state.report.waiting)
        if state.report.stored:
            jobs.sweep(office.database, bell, office.clock)

    with taking_in(office) as desk, beating(office, "watcher", lambda: dict(doing)):
        watcher_of(office, desk, note).run(stop)


def tick(office: Office, stop: threading.Event, *, once: bool) -> None:
    """Each minute: look after the guarding, ring for scans, file what can be, clear leftovers, re-read what is due.

    With `once` everything that is due is done, messages are sent for a while at most, and the tick ends.
    """
    from archive import fixity

    bell = jobs.open_doorbell(office.settings.doorbell, office.database, office.clock)
    judge = verdicts.Judge()
    if not once:
        ticking.start_telling(office, stop)
    with beating(office, "tick"):
        while not stop.is_set():
            began = office.clock.ticks()
            ticking.look_after_safely(office)
            # A long log takes longer than a minute: it is judged beside the minutes, not between them.
            if verdicts.is_due(office) and judge.begin(office, "") and once:
                judge.wait(verdicts.LONGEST_SECONDS)
            try:
                jobs.sweep(office.database, bell, office.clock)
                match(office, FILED_A_MINUTE)
                cosigning.ask_all(office)
                stamping.tend(office)
                if is_secured(office.settings):
                    certifying.tend(office.settings, office.clock.now())
                if isinstance(office.vault, FolderVault):
                    office.vault.sweep_incoming(LEFTOVER_SECONDS, office.clock.now().timestamp())
                days = office.settings.fixity_days
                for result in fixity.check(
                    office.database, office.vault, office.clock, days=days, bytes_per_second=FIXITY_BYTES_PER_SECOND
                ):
                    if not result.is_sound:
                        log.error("stored scan %s is %s", result.sha256, result.result)
                    # The rest is still due at the next minute, and that must not come late.
                    if stop.is_set() or (not once and office.clock.ticks() - began > FIXITY_SECONDS):
                        break
            except (ArchiveError, CustodyError, OSError) as error:
                # What is due now is due at the next minute as well.
                log.warning("the tick waits: %s", error)
            if once:
                ticking.look_after_safely(office)
                telling.send_due(office, seconds=telling.ONCE_SECONDS)
                return
            if stop.wait(max(0.0, TICK_SECONDS - (office.clock.ticks() - began))):
                return


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
        find_codes=name_cover,
        file=file_scan,
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
