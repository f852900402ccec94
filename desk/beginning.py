"""What an office that begins has to do next, told to each role on every page until it is done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from archive import sessions
from archive.people import Person, Role
from custody.projection_tables import PackageRow, RollRow
from custody.projections import Projections
from desk import setting_up
from desk.office import Office

# Pages ask many times a minute; what is left to do changes a few times a day.
LOOK_AGAIN_SECONDS = 5.0
PACKERS = frozenset({Role.CLERK, Role.ARCHIVIST})


@dataclass(frozen=True)
class Todo:
    """One next thing: a code whose sentences stand in the messages, and the page where it is done, "" where none is."""

    code: str
    path: str = ""


class Waiting:
    """Remembers for a few seconds what each set of roles has to do next."""

    def __init__(self, office: Callable[[], Office]) -> None:
        # Asked each time: its settings follow the file.
        self._office = office
        self._lock = threading.Lock()
        self._known: dict[frozenset[Role] | None, tuple[float, Todo | None]] = {}

    def forget(self) -> None:
        """Look anew: somebody is changing something."""
        with self._lock:
            self._known = {}

    def todo(self, who: Person | None) -> Todo | None:
        """Return what whoever is signed in has to do next, None where the office works."""
        roles = who.roles if who else None
        office = self._office()
        now = office.clock.ticks()
        with self._lock:
            at, known = self._known.get(roles, (None, None))
        if at is not None and 0 <= now - at < LOOK_AGAIN_SECONDS:
            return known
        try:
            found = next_for(office, roles)
        except SQLAlchemyError:
            return None  # the page says what it can; a note about the beginning is the least of it
        with self._lock:
            self._known[roles] = (now, found)
        return found


def next_for(office: Office, roles: frozenset[Role] | None) -> Todo | None:
    """Return the next thing for these roles, for nobody signed in where `roles` is None."""
    if roles is None:
        with office.database.reading() as session:
            return None if sessions.has_administrator(session) else Todo("todo-administrator")
    if Role.ADMINISTRATOR in roles:
        step = setting_up.next_step(setting_up.steps(office))
        if step:
            return Todo(f"todo-{step}", f"/setup-steps/{step}")
    if not roles & PACKERS:
        return None
    with office.database.reading() as session:
        if not Projections(session).totals().dossiers:
            return Todo("todo-register", "/register/import")
        if Role.ARCHIVIST in roles and not _count(session, RollRow):
            return Todo("todo-rolls")
        return None if _count(session, PackageRow) else Todo("todo-pack", "/packages/new")


def _count(session: Session, row: type[PackageRow] | type[RollRow]) -> int:
    return int(session.execute(select(func.count()).select_from(row)).scalar_one())
