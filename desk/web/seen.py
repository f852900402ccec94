"""When sessions were last used, without a write for every request; and whether there is an administrator."""

from __future__ import annotations

import threading
from datetime import datetime

from archive import sessions
from archive.sessions import SEEN_EVERY, Known
from desk.office import Office


class Seen:
    """Remembers what it wrote, so that most requests write nothing."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._lock = threading.Lock()
        self._written: dict[str, datetime] = {}
        self._administrator = False

    def note(self, known: Known, now: datetime) -> None:
        """Write down that a session is in use, at most once a minute."""
        with self._lock:
            before = self._written.get(known.session)
            if before is not None and now - before < SEEN_EVERY:
                return
            self._written[known.session] = now
            if len(self._written) > 10_000:
                self._written = {known.session: now}
        with self._office.database.atomic() as session:
            sessions.note_seen(session, known, now)

    def has_administrator(self) -> bool:
        """Tell whether an administrator was ever seen; that does not become untrue while the page runs."""
        if not self._administrator:
            with self._office.database.reading() as session:
                self._administrator = sessions.has_administrator(session)
        return self._administrator
