"""How the inbox of an office is put together: its sweeper, its watcher, and intake by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from archive.tables import Arrival
from archive.vault import FolderVault, Reach, pass_by
from desk.messages import write_slip
from desk.office import Office
from scanner_inbox.aside import Aside
from scanner_inbox.candidates import Places
from scanner_inbox.checker import Checker
from scanner_inbox.intake import Intake
from scanner_inbox.sweeping import Rules, Sweeper
from scanner_inbox.verdict import Limits
from scanner_inbox.watcher import State, Watcher


@dataclass(frozen=True)
class Desk:
    """The two halves of intake: what takes files in, and what sets them aside."""

    intake: Intake
    aside: Aside


@contextmanager
def taking_in(office: Office, reach: Reach = pass_by) -> Iterator[Desk]:
    """Put the intake of an office together; its examining process ends with the block."""
    settings = office.settings
    limits = Limits(settings.max_file_mb << 20, settings.max_pages, settings.max_page_megapixels * 1_000_000)
    places = places_of(office)
    with Checker(limits, seconds=settings.page_seconds, memory_mb=settings.page_memory_mb) as check:
        intake = Intake(places, office.database, office.vault, office.clock, check, limits, reach)
        yield Desk(intake, aside_of(office, reach))


def places_of(office: Office) -> Places:
    """Return the folders of an office's inbox."""
    settings = office.settings
    return Places(settings.home, settings.inbox_folder, settings.done_folder, settings.aside_folder)


def aside_of(office: Office, reach: Reach = pass_by) -> Aside:
    """Return the set-aside folder of an office, with slips in both languages."""
    return Aside(places_of(office), office.database, office.clock, write_slip, reach)


def sweeper_of(office: Office, desk: Desk) -> Sweeper:
    """Return the sweeper of an office by its settings."""
    settings = office.settings
    rules = Rules(
        settings.stable_seconds,
        settings.give_up_minutes,
        keep=settings.after_intake == "move",
        delete_after_hours=settings.delete_after_hours,
    )
    return Sweeper(desk.intake, desk.aside, rules)


def watcher_of(office: Office, desk: Desk, tell: Callable[[State], None]) -> Watcher:
    """Return the watcher of an office by its settings."""
    settings = office.settings
    return Watcher(
        sweeper_of(office, desk),
        vault_disk=office.vault.root if isinstance(office.vault, FolderVault) else None,
        keep_free_mb=settings.keep_free_mb,
        sweep_seconds=settings.sweep_seconds,
        share_sweep_seconds=settings.share_sweep_seconds,
        tell=tell,
    )


def try_again(office: Office, reference: str) -> Arrival:
    """Put a set-aside file back into the inbox; raises what `Aside.retry` raises."""
    return aside_of(office).retry(reference)
