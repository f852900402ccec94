"""The world of a simulated office: its clock, its events, its minute tick, and what is expected of the alarms.

Time jumps: to the next fault and the moments its promise speaks of, the next quarter of the day, or the next moment an
alarm asks for a step. A real tick comes within a minute, so here it comes at the next whole minute. What people do in
ordinary life happens on the way and must raise nothing, however often it is looked at.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from archive import beats, fixity
from archive.clock import HandClock
from custody import alarming as kept
from custody.alarms import FLAPPING, RAISED, REOPENED, SETTLE
from custody.due import Due
from custody.entries import Entry, Stamp
from custody.holdings import Package
from custody.projections import Projections
from custody.recording import record
from desk import alarming, custodial, telling, ticking
from desk.channels import Channel
from desk.office import Office
from tests.custody.office_day import STAFF

if TYPE_CHECKING:
    from tests.simulator.guards import Watchmen

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PARTS = ("supervisor", "tick", "web", "watcher", "reader-1")


class SkewedClock(HandClock):
    """A hand-set clock whose machine can show another time than there is."""

    offset = timedelta(0)

    def now(self) -> datetime:
        """Return the time the machine shows."""
        return self.moment + self.offset


@dataclass
class Injected:
    """A fault that was put in: what its alarm is about, how it is mended, and from when the promise counts."""

    about: str
    mend: Callable[[], None]
    counts_from: datetime | None = None


@dataclass
class Expected:
    """One alarm that must come: until when, and when it did."""

    name: str
    code: str
    group: str
    about: str
    injected_at: datetime
    counts_from: datetime
    within: timedelta
    mend: Callable[[], None]
    # Mended at once, before the station closes its day at midnight.
    is_quick: bool = False
    detected_at: datetime | None = None
    number: int = 0
    sent_at: datetime | None = None
    mended_at: datetime | None = None
    cleared_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether it came after its promise, or before there was anything to see."""
        at = self.detected_at
        return at is None or not self.counts_from <= at <= self.counts_from + self.within


@dataclass
class World:
    """One office and everything that happens to it."""

    office: Office
    clock: SkewedClock
    chance: random.Random
    events: list[tuple[datetime, int, bool, Callable[[], None]]] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    unexpected: list[tuple[datetime, str, str]] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    dossiers: list[str] = field(default_factory=list)
    alive: set[str] = field(default_factory=lambda: set(PARTS))
    restarts: int = 0
    backups: bool = True
    rereads: bool = True
    refuses_messages: bool = False
    broken: bool = False
    free: int = 10**12
    phones: int = 1
    asleep_until: datetime | None = None
    seals: int = 0
    away: int = 0
    ticks: int = 0
    guards: Watchmen = field(init=False)
    on_round_due: Callable[[str], None] = field(default=lambda _code: None)
    _order: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def now(self) -> datetime:
        """The true time, whatever the machine shows."""
        return self.clock.moment

    def at(self, moment: datetime, do: Callable[[], None], *, ordinary: bool = False) -> None:
        """Let something happen at a moment; after what is not ordinary comes a tick."""
        # The hour of a moment is asked for in UTC, whatever zone a plan counts in.
        heapq.heappush(self.events, (moment.astimezone(UTC), next(self._order), ordinary, do))

    def after(self, span: timedelta, do: Callable[[], None], *, ordinary: bool = False) -> None:
        """Let something happen so long from now."""
        self.at(self.now + span, do, ordinary=ordinary)

    def some(self, least: timedelta, most: timedelta) -> timedelta:
        """Return a length of time drawn between two."""
        return least + self.chance.random() * (most - least)

    def act(self, make: Callable[[Projections], Entry], *signers: str) -> None:
        """Do one act at the desk."""
        custodial.act(self.office, make, [(code, "") for code in signers])

    def from_phone(self, entry: Entry, signer: str, device: str, seq: int, device_at: datetime) -> None:
        """Record an entry that came from a phone."""
        now = custodial.local_now(self.office)
        stamp = Stamp(now, (signer,), "phone", device=device, device_seq=seq, device_at=device_at)
        with self.office.database.atomic() as session:
            record(session, entry, stamp, [STAFF[signer]])

    def box(self, code: str) -> Package:
        """Return a package as it is now."""
        with self.office.database.reading() as session:
            return custodial.known(Projections(session), code)

    def take_box(self) -> str:
        """Take a sealed box out of the common life, so that nobody else handles it meanwhile."""
        return self.boxes.pop(self.chance.randrange(len(self.boxes)))

    def new_seal(self) -> str:
        """Return the next unused seal."""
        self.seals += 1
        return f"A{self.seals:06}"

    def deadline(self, span: timedelta) -> str:
        """Return a deadline as entries write it."""
        return custodial.until(self.office, (custodial.local_now(self.office) + span).isoformat())

    def expect(
        self, name: str, code: str, within: timedelta, made: Injected, group: str = "", *, quick: bool = False
    ) -> None:
        """Expect an alarm for a fault that was just put in."""
        begins = made.counts_from or self.now
        self.expected.append(
            Expected(name, code, group or code, made.about, self.now, begins, within, made.mend, quick)
        )
        # The real tick comes each minute: here the one that must not miss it does.
        for moment in (begins, begins + within - MINUTE):
            self.at(max(moment, self.now), lambda: None)

    def is_free(self, group: str) -> bool:
        """Whether a new alarm of this group could be told from the last one."""
        for each in self.expected:
            if each.group == group and (each.cleared_at is None or self.now - each.cleared_at <= FLAPPING + HOUR):
                return False
        return True

    def run(self, until: datetime) -> None:
        """Live until a moment."""
        while self.now < until:
            self.step(until)

    def step(self, until: datetime) -> None:
        """Jump to the next moment at which something happens, and tick at the next whole minute."""
        quarter = self.now.replace(hour=self.now.hour // 6 * 6, minute=0, second=0, microsecond=0) + 6 * HOUR
        moments = [quarter, until]
        if (asked := alarming.next_moment(self.office)) is not None:
            moments.append(max((asked - self.clock.offset).astimezone(UTC), self.now + MINUTE))
        wake = self.asleep_until
        if wake is not None and wake > self.now:
            moments = [wake]
        end = max(self.now, min(moments))
        while self.events and self.events[0][0] <= end:
            moment, _, ordinary, do = heapq.heappop(self.events)
            # While everything is off, what people would have done waits until it is on again.
            self.clock.moment = max(self.now, end if wake is not None else moment)
            do()
            if not ordinary and wake is None:
                end = self.now
        self.clock.moment = end
        if self.asleep_until is None or self.asleep_until <= self.now:
            self.asleep_until = None
            self.clock.moment = (self.now + MINUTE).replace(second=0, microsecond=0)
            self.tick()

    def tick(self) -> None:
        """Do what the station's minute does, and compare the alarms with what is expected."""
        self.ticks += 1
        now = self.clock.now()
        with self.office.database.atomic() as session:
            facts = {"parts": {"reader-1": {"restarts": self.restarts}}}
            for part in sorted(self.alive):
                more = facts if part == "supervisor" else {}
                beats.write(session, part, pid=1, started_at=now, now=now, **more)
        for step in ticking.look_after(self.office):
            if step.verb in {RAISED, REOPENED}:
                self._compare(step.alarm.code, step.alarm.about)
        telling.send_due(self.office, self._send)
        for each in self.expected:
            if each.mended_at is not None and each.cleared_at is None and self.now - each.mended_at > SETTLE + MINUTE:
                each.cleared_at = self._cleared(each)

    def watch_nothing(self, _office: Office) -> tuple[Due, ...]:
        """Be a part of the guarding that can break."""
        if self.broken:
            raise ValueError("a part of the guarding is broken")
        return ()

    def reread(self) -> None:
        """Compare the stored scans that are due, as the tick does through the day."""
        if self.rereads:
            days = self.office.settings.fixity_days - 1
            for _ in fixity.check(self.office.database, self.office.vault, self.clock, days=days):
                pass

    def _compare(self, code: str, about: str) -> None:
        for each in self.expected:
            if (each.code, each.about) == (code, about) and each.mended_at is None:
                if each.detected_at is None:
                    each.detected_at = self.now
                    least, most = (MINUTE, 4 * MINUTE) if each.is_quick else (25 * MINUTE, 3 * HOUR)
                    self.after(self.some(least, most), partial(self._mend, each))
                    self.after(self.some(2 * MINUTE, 20 * MINUTE), partial(self._answer, each), ordinary=True)
                return
        if code == "round-due":
            # This is no fault: it tells the guard to walk.
            self.on_round_due(about)
            return
        self.unexpected.append((self.now, code, about))

    def _answer(self, each: Expected) -> None:
        if each.sent_at is None:
            self.after(HOUR, partial(self._answer, each), ordinary=True)
            return
        with self.office.database.reading() as session:
            alarm = kept.one(session, each.number)
        # Some are left to climb the ladder.
        if alarm.acked_at is None and self.chance.random() < 0.8:
            alarming.acknowledge(self.office, each.number, ("BINH", ""))

    def _mend(self, each: Expected) -> None:
        if self.asleep_until is not None or (self.clock.offset and each.code != "clock-set-back"):
            self.after(HOUR, partial(self._mend, each))
            return
        each.mend()
        each.mended_at = self.now

    def _send(self, _channel: Channel, title: str, body: str) -> str:
        if self.refuses_messages:
            return "not accepted"
        number = int(body.rpartition("luutru ")[2].partition("-")[0])
        with self.office.database.reading() as session:
            alarm = kept.one(session, number)
        for each in self.expected:
            if (each.code, each.about) == (alarm.code, alarm.about) and each.detected_at and each.sent_at is None:
                each.number, each.sent_at = number, self.now
        return "" if title else "empty"

    def _cleared(self, each: Expected) -> datetime | None:
        with self.office.database.reading() as session:
            open_ones = {(one.code, one.about) for one in kept.recent(session, self.clock.now()) if one.is_open}
        return None if (each.code, each.about) in open_ones else self.now


def with_channel(office: Office) -> Office:
    """Return the office with a channel for everybody and a schedule that fits a month."""
    settings = replace(office.settings, alarm_urls="all=json://127.0.0.1/simulated", fixity_days=3)
    return replace(office, settings=settings)
