"""The first steps of a station: what is done, what was put off, and what comes next.

A step is done when the thing itself is there, whoever did it and however; putting one off is remembered as an act of
the office, so that the wizard goes on where it was left, on any day and by any administrator.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from archive import catalogue, office_acts, people, places, posts
from archive.errors import ArchiveError
from archive.settings import Settings
from desk import administering
from desk.certifying import CertificateError, look
from desk.office import Office
from desk.parts import is_loopback, is_secured

STEPS = ("office", "fonds", "places", "people", "posts", "printer", "heads", "phones")
DONE, SKIPPED, OPEN = "done", "skipped", "open"
SKIPPED_ACT = "setup-skipped"
# Without these nobody can pack, seal, open and guard a box; an administrator signs nothing.
NEEDED_ROLES = ("clerk", "archivist", "leader", "guard")


@dataclass(frozen=True)
class Step:
    """One step and how it stands; `facts` are what its line says of it."""

    name: str
    state: str
    facts: dict[str, object]


@dataclass(frozen=True)
class Second:
    """What a folder for the second place of the custody log is worth."""

    path: Path
    is_other_disk: bool


def steps(office: Office) -> list[Step]:
    """Return all steps in order."""
    with office.database.reading() as session:
        skipped = {each.about for each in office_acts.newest(session, kind=SKIPPED_ACT, limit=1000)}
        fonds = catalogue.every_fonds(session)
        here = [each for each in people.everyone(session) if each.active]
        had = {role.value for each in here for role in each.roles}
        guarded = [each for each in posts.every(session) if each.active]
        standing = places.count(session)
    settings = office.settings
    missing = [each for each in NEEDED_ROLES if each not in had]
    printed = any(each == "printer" for each in _done_by_hand(office))
    found: dict[str, tuple[bool, dict[str, object]]] = {
        "office": (bool(settings.office_name), {"name": settings.office_name}),
        "fonds": (bool(fonds), {"count": len(fonds)}),
        "places": (standing > 0, {"count": standing}),
        "people": (not missing, {"count": len(here), "roles": missing}),
        "posts": (bool(guarded), {"count": len(guarded)}),
        "printer": (printed, {"stock": settings.label_stock, "dpi": settings.printer_dpi}),
        "heads": (bool(settings.heads), {"path": settings.heads}),
        "phones": (_is_reachable(settings), {"port": settings.https_port}),
    }
    return [
        Step(name, DONE if is_done else SKIPPED if name in skipped else OPEN, facts)
        for name, (is_done, facts) in ((each, found[each]) for each in STEPS)
    ]


def next_step(all_steps: list[Step], after: str = "") -> str:
    """Return the step to go on with: the first open one behind `after`, else the first open one, "" where none is."""
    start = STEPS.index(after) + 1 if after in STEPS else 0
    order = [*all_steps[start:], *all_steps[:start]]
    return next((each.name for each in order if each.state == OPEN and each.name != after), "")


def put_off(office: Office, by: str, step: str) -> None:
    """Remember that a step waits; ArchiveError "setup-step-unknown"."""
    if step not in STEPS:
        raise ArchiveError("setup-step-unknown", step=step)
    with office.database.atomic() as session:
        office_acts.note(session, by=by, kind=SKIPPED_ACT, about=step, now=office.clock.now())


def examine_second_place(office: Office, text: str) -> Second:
    """Look at a folder for the signed heads; nothing but a file that is gone again is written.

    Raises ArchiveError "second-place-missing", "second-place-unwritable" or "second-place-inside".
    """
    path = Path(text.strip()).expanduser()
    home = office.settings.home
    if not path.is_absolute() or not path.is_dir():
        raise ArchiveError("second-place-missing", path=str(path))
    real = Path(os.path.realpath(path))
    if real == Path(os.path.realpath(home)) or Path(os.path.realpath(home)) in real.parents:
        raise ArchiveError("second-place-inside", path=str(path), home=str(home))
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise ArchiveError("second-place-unwritable", path=str(path), detail=error.strerror or "") from error
    return Second(path, path.stat().st_dev != home.stat().st_dev)


def add_fonds(office: Office, by: str, code: str, name: str, body: str) -> catalogue.Fonds:
    """Add a fonds; raises as `catalogue.add_fonds` does."""
    now = office.clock.now()
    with office.database.atomic() as session:
        made = catalogue.add_fonds(session, code, name, body, now)
        office_acts.note(session, by=by, kind="fonds-added", about=made.code, now=now, name=made.name)
    return made


def set_printer(office: Office, by: str, *, stock: str, dpi: str, offset: str) -> None:
    """Remember sheet and printer; raises as `administering.set_settings` does, and LabelError "stock-unknown"."""
    from labels.stocks import find_stock

    find_stock(stock)
    administering.set_settings(office, by, {"label_stock": stock, "printer_dpi": dpi, "printer_offset": offset})
    with office.database.atomic() as session:
        office_acts.note(session, by=by, kind="setup-printer", about="printer", now=office.clock.now())


def _done_by_hand(office: Office) -> list[str]:
    with office.database.reading() as session:
        return [each.about for each in office_acts.newest(session, kind="setup-printer", limit=1)]


def _is_reachable(settings: Settings) -> bool:
    """Tell whether phones reach the pages safely: beyond this computer, over HTTPS, with a certificate."""
    if is_loopback(settings.host) or not is_secured(settings):
        return False
    try:
        look(settings)
    except CertificateError:
        return False
    return True
