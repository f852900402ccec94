"""What every route has at hand: the office, the templates, the pictures, the news and the balance."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends, Request

from archive.arrivals import Balance
from archive.errors import SettingsError
from archive.settings import FILE, Settings, explained
from desk.administering import AT_ONCE
from desk.office import Office
from desk.verdicts import Judge
from desk.web.live import News
from desk.web.pictures import Pictures
from desk.web.recent import Recent
from desk.web.seen import Seen
from desk.web.showing import Showing

# The balance compares folders with rows; a page shows one that is at most this old.
OLDEST_BALANCE_SECONDS = 10.0
# Counting may take at most this share of the time.
COUNTING_SHARE = 0.1


@dataclass
class BalanceSheet:
    """The balance, counted anew when it is old or asked to be, but never by two at once nor all the time."""

    count: Callable[[], Balance]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: Balance | None = None
    _at: float = 0.0
    _took: float = 0.0
    _mark: object = None

    def of(self, mark: object) -> Balance:
        """Return the balance; `mark` is the fingerprint of the rows, so that a change is counted soon."""
        with self._lock:
            begun = time.monotonic()  # a duration, not a time of day: how old the last count is
            age = begun - self._at
            resting = age < self._took / COUNTING_SHARE
            if self._known is None or ((mark != self._mark or age > OLDEST_BALANCE_SECONDS) and not resting):
                self._known, self._mark = self.count(), mark
                self._at = time.monotonic()
                self._took = self._at - begun
            return self._known

    def forget(self) -> None:
        """Count anew the next time: somebody just changed something and waits for the result."""
        with self._lock:
            self._known = None


@dataclass
class Room:
    """Everything the routes share; the settings follow the file, as far as pages and printing read them anew."""

    office: Office
    showing: Showing
    pictures: Pictures
    news: News
    sheet: BalanceSheet
    seen: Seen
    judge: Judge = field(default_factory=Judge)
    recent: Recent = field(default_factory=Recent)
    read_settings: Callable[[], Settings] | None = None
    begun_with: dict[str, object] = field(default_factory=dict)
    # Settings that the environment or the command line gives; for them the file is not asked.
    given_outside: frozenset[str] = frozenset()
    _written: int = 0

    def __post_init__(self) -> None:
        """Keep what the process began with, to tell what waits for its next start."""
        self.begun_with = {key: value for key, value, _ in explained(self.office.settings)}
        self._written = self._stamp()

    def refresh(self) -> None:
        """Take the settings that are read anew each time from the file, where it was written since."""
        if self.read_settings is None or (stamp := self._stamp()) == self._written:
            return
        self._written = stamp
        try:
            fresh = self.read_settings()
        except SettingsError:
            return  # somebody is in the middle of editing it; what held goes on
        taken = {key: getattr(fresh, key) for key in AT_ONCE}
        self.office = replace(self.office, settings=replace(self.office.settings, **taken))
        self.showing.settings = self.office.settings

    def _stamp(self) -> int:
        try:
            return (self.office.settings.home / FILE).stat().st_mtime_ns
        except OSError:
            return 0


def room_of(request: Request) -> Room:
    """Return the room of the application that got the request."""
    room: Room = request.app.state.room
    return room


InRoom = Annotated[Room, Depends(room_of)]
