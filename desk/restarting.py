"""Letting the running station begin again, so that settings which are read at its start hold.

A page may not stop processes of another; it leaves a note in the home, and the supervisor, which looks at it several
times a second, stops and starts every part. The page's socket stays open meanwhile, so nobody is refused.
"""

from __future__ import annotations

from pathlib import Path

from archive import durable, office_acts
from archive.errors import ArchiveError
from desk.office import Office
from desk.supervisor import RESTART_WANTED, read_holder


def can(home: Path) -> bool:
    """Tell whether a supervisor runs that would see the note."""
    return read_holder(home) is not None


def ask(office: Office, by: str) -> None:
    """Ask the supervisor to begin again; ArchiveError "station-not-supervised" where none runs."""
    home = office.settings.home
    if not can(home):
        raise ArchiveError("station-not-supervised")
    with office.database.atomic() as session:
        office_acts.note(session, by=by, kind="station-restarted", about="", now=office.clock.now())
    durable.write_whole(home / RESTART_WANTED, b"")
