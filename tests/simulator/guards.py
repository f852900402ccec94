"""Guards of the simulated office: posts, a published plan of three shifts, hand-overs with counts, rounds, the gate.

What is really in the store may differ from what people say: `gone` boxes are not there, and those in `hidden` are
counted at hand-overs all the same, by guards who lie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from archive import gate, people, places, posts
from custody.entries_rounds import RoundPlanned
from custody.holdings import IN_TRANSIT
from custody.incidents import OPEN, Incident
from custody.projections import Projections
from custody.relief import expected_of
from custody.rounds import ACTIVE, Plan, Round, slots_between
from custody.rules import Signer
from custody.shifts import on_duty
from desk import gatekeeping, incidents, reliefs, rostering, round_scans, rounds, shifts, stocktaking
from desk.gatekeeping import Guest
from desk.reliefs import Closing
from tests.simulator.world import DAY, HOUR, MINUTE, World

STORE, GATE = "P1", "P2"
TEAMS = {STORE: ("BV01", "BV02", "BV03"), GATE: ("BV04", "BV05", "BV06")}
STANDS_IN = "BV07"
GUARDS = {code: Signer(code, "guard", "Bảo vệ") for code in (*TEAMS[STORE], *TEAMS[GATE], STANDS_IN, "BV08")}
TIMES = ("ca1=05:00-13:00", "ca2=13:00-21:00", "ca3=21:00-05:00")
# Hours of UTC at which they change: those of the plan on the clocks of Ha Noi.
CHANGES = {22: 0, 6: 1, 14: 2}
NIGHT_ROUND = 2
TOGETHER = [("TUAN", ""), ("CHU", "")]


def sign(*codes: str) -> list[tuple[str, str]]:
    """Return signings by code alone."""
    return [(each, "") for each in codes]


@dataclass
class Watchmen:
    """Who guards, and what they do at each change, each round and each stocktake."""

    world: World
    gone: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    # What becomes of the night round of a day, by its code, in the place of walking it as planned.
    modes: dict[str, Callable[[str], None]] = field(default_factory=dict)
    # Boxes that are counted at another place at the next hand-over.
    astray: dict[str, str] = field(default_factory=dict)
    no_show: bool = False
    hand_overs: int = 0
    walked: int = 0

    def furnish(self) -> None:
        """Write down places, posts, people and keys; publish plans; let the first guards begin."""
        world, office = self.world, self.world.office
        now = office.clock.now()
        with office.database.atomic() as session:
            places.add(session, None, "store", "K1", now)
            places.add(session, None, "store", "K2", now)
            for name in (*(f"G{number}" for number in range(20)), "SAN"):
                places.add(session, "K1", "shelf", name, now)
            for code, name, place in ((STORE, "Kho 1", "K1"), (GATE, "Cổng", None)):
                posts.add(session, code=code, name=name, place=place, watches=(), now=now)
            for code in (*GUARDS, "TUAN"):
                role = "guard" if code in GUARDS else "archivist"
                people.add(session, code=code, name=f"Người {code}", unit="BV", roles=[role], pin=None, now=now)
            for code in ("CK1", "CK2"):
                gate.add_key(session, code=code, name=f"Chìa khóa {code}", place="K1", now=now)
        today = world.now.date()
        for post, team in TEAMS.items():
            teams = [f"{letter}={code}" for letter, code in zip("ABC", team, strict=True)]
            rostering.set_roster(office, rostering.roster_of(post, TIMES, teams, ["A B C"], today, None, weekly=False))
            shifts.start(office, post, team[0], sign(team[0]))
        self.publish()
        for plan in (
            RoundPlanned("DEM", "round", STORE, ("place K1/G0", "place K1/G1"), ("at 02:00",), (), 30, 20, 0, "+00:00"),
            RoundPlanned("SOAT", "spot", STORE, ("boxes K1",), ("at 04:00",), ("sun",), 30, 20, 0, "+00:00"),
            RoundPlanned("RUT", "round", STORE, ("place K1/G2",), ("random 2 10:00-18:00",), (), 30, 20, 0, "+07:00"),
            RoundPlanned(
                "MAU", "spot", STORE, ("random 5 K1",), ("random 1 11:00-15:00",), ("wed",), 30, 20, 0, "+07:00"
            ),
        ):
            rounds.add_plan(office, plan, sign("CHU"))
        world.on_round_due = self.hear

    def live(self, until: datetime) -> None:
        """Put the ordinary days of guards into the world."""
        world = self.world
        day, number = world.now.replace(hour=0, minute=0, second=0, microsecond=0), 0
        while day < until:
            for hour in CHANGES:
                for post in TEAMS:
                    world.at(day + hour * HOUR, partial(self.change, post), ordinary=True)
            # Seeds are announced shortly before midnight in Ha Noi.
            world.at(day + 17 * HOUR, self.foresee)
            world.at(day + 3 * HOUR + world.some(MINUTE, HOUR), self.visit, ordinary=True)
            world.at(day + 3 * HOUR + world.some(MINUTE, HOUR), self.use_key, ordinary=True)
            if number % 7 == 1:
                world.at(day + 5 * HOUR, self.take_stock, ordinary=True)
            if number % 7 == 6:
                world.at(day + 9 * HOUR, self.publish, ordinary=True)
            day, number = day + DAY, number + 1
        self.foresee()

    def publish(self) -> None:
        """Publish the plans of the coming weeks."""
        today = self.world.now.date()
        for post in TEAMS:
            rostering.publish(self.world.office, post, today, today + timedelta(days=21), sign("CHU"))

    def foresee(self) -> None:
        """Look into the draw as nobody there can, so that the tick comes in the minute a round falls due."""
        world, office = self.world, self.world.office
        with office.database.reading() as session:
            holdings = Projections(session)
            for plan in holdings.those(Plan, state=ACTIVE):
                for slot in slots_between(holdings, plan, world.now, world.now + DAY + HOUR):
                    if slot.due > world.now:
                        world.at(slot.due, lambda: None)

    def there(self, post: str) -> str:
        """Return who is at a post, "" for nobody."""
        with self.world.office.database.reading() as session:
            return next((each.guard for each in on_duty(Projections(session), post)), "")

    def change(self, post: str) -> None:
        """Let the guard whose turn it is take over; who waits in vain stays."""
        hour = self.world.now.hour
        if hour not in CHANGES or self.world.asleep_until is not None or self.world.clock.offset:
            return
        if self.no_show and post == GATE:
            return
        if post == GATE and hour == 14 and self.world.now.weekday() == 3:
            self.stand_in(TEAMS[GATE][CHANGES[hour]])
        else:
            self.take_over(post, TEAMS[post][CHANGES[hour]])

    def take_over(self, post: str, receiver: str) -> None:
        """Hand a post over with its count, or let the guard begin where nobody is there."""
        office, giver = self.world.office, self.there(post)
        if giver == receiver:
            return
        if not giver:
            shifts.start(office, post, receiver, sign(receiver))
            return
        draft = reliefs.begin(office, post, giver, receiver)
        areas = ("K1",) if post == STORE else ()
        astray, self.astray = (self.astray, {}) if areas else ({}, self.astray)
        seen = self.standing(giver, areas) - (self.gone - self.hidden) - set(astray)
        reliefs.scan(
            office,
            draft.code,
            [*sorted(seen), *(word for code, place in astray.items() for word in (f"@{place}", code))],
        )
        reliefs.count(office, draft.code, sign(receiver))
        reliefs.hand_over(office, draft.code, sign(giver, receiver), Closing(open_incidents=True))
        self.hand_overs += 1

    def stand_in(self, ill: str) -> None:
        """A guard is ill: the leader sends another, and who was there goes."""
        office, before = self.world.office, self.there(GATE)
        shifts.replace_guard(office, GATE, ill, STANDS_IN, "ốm", sign(STANDS_IN, "CHU"))
        if before:
            shifts.leave(office, GATE, before, sign(before))

    def standing(self, giver: str, areas: tuple[str, ...]) -> set[str]:
        """Return the boxes that the record says are there."""
        with self.world.office.database.reading() as session:
            return set(expected_of(Projections(session), giver, areas))

    def turn(self, post: str) -> str:
        """Return whose turn it is now."""
        hour = self.world.now.hour
        return TEAMS[post][0 if hour >= 22 or hour < 6 else 1 if hour < 14 else 2]

    def next_change(self) -> datetime:
        """Return when shifts change next."""
        moment = self.world.now.replace(minute=0, second=0, microsecond=0) + HOUR
        while moment.hour not in CHANGES:
            moment += HOUR
        return moment

    def hear(self, code: str) -> None:
        """A guard is told that a round is due, and walks it a few minutes later unless this day is another."""
        mode = self.modes.get(code)
        if mode is not None:
            return
        self.world.after(self.world.some(MINUTE, 6 * MINUTE), partial(self.walk, code), ordinary=True)

    def walk(self, code: str, *more: Callable[[], None], leave_out: int = 0) -> Round:
        """Walk a round to its end; `more` happens on the way."""
        office = self.world.office
        guard = sign(self.there(STORE))
        found = rounds.start(office, code, guard)
        absent = [each for each in found.points if each in self.gone]
        seen = [each for each in found.points if each not in self.gone and not self._is_away(each)]
        kept = seen[: len(seen) - leave_out]
        if kept:
            round_scans.scan(office, kept, guard, code=found.code)
        for each in absent:
            round_scans.scan(office, [each], guard, code=found.code, finding="missing")
        for act in more:
            act()
        rounds.end(office, found.code, guard, "điểm bị khóa" if leave_out else "")
        self.walked += 1
        return found

    def _is_away(self, code: str) -> bool:
        with self.world.office.database.reading() as session:
            box = Projections(session).package(code)
        return box is not None and box.state == IN_TRANSIT

    def take_stock(self) -> None:
        """Count one shelf blind and close the stocktake."""
        office = self.world.office
        taken = stocktaking.open_stocktake(office, ["K1/G3"], sign("TUAN"))
        lines = [each.package for each in stocktaking.lines_of(office, taken.code)]
        found = {code: "intact" for code in lines if code not in self.gone}
        if found:
            stocktaking.count(office, taken.code, "K1/G3", found, sign("LAN"))
        stocktaking.close(office, taken.code, TOGETHER, abandon="" if len(found) == len(lines) else "kiểm lại sau")

    def visit(self) -> None:
        """Somebody comes to work and leaves again."""
        made = gatekeeping.come_in(
            self.world.office, Guest("Khách"), "TUAN", "work", "", sign(self.there(GATE) or "BV08")
        )
        leave = partial(gatekeeping.leave, self.world.office, made.number, sign("BV08"))
        self.world.after(self.world.some(HOUR, 3 * HOUR), leave, ordinary=True)  # type: ignore[arg-type]  # its answer is not wanted

    def use_key(self) -> None:
        """Somebody takes the key and brings it back."""
        office = self.world.office
        until = (self.world.now + 5 * HOUR).isoformat()
        if any(out is not None and key.code == "CK1" for key, out in gatekeeping.keys(office)):
            return
        gatekeeping.take_key(office, "CK1", "TUAN", until, sign("TUAN"))
        self.world.after(self.world.some(HOUR, 3 * HOUR), self.bring_key, ordinary=True)

    def bring_key(self) -> None:
        """Bring the key back."""
        gatekeeping.return_key(self.world.office, "CK1", sign("BV08"))

    def settle(self, about: str) -> None:
        """Close every open incident about a code, as a leader and the archivist conclude it."""
        with self.world.office.database.reading() as session:
            found = [each for each in Projections(session).those(Incident, about=about) if each.state == OPEN]
        for each in found:
            incidents.conclude(self.world.office, each.number, "explained", sign("CHU", "TUAN"))

    def next_night(self) -> tuple[str, datetime]:
        """Return the next night round that is walked as planned, and when it falls due."""
        due = self.world.now.replace(hour=NIGHT_ROUND, minute=0, second=0, microsecond=0)
        while due < self.world.now + 8 * HOUR or night_round(due.date()) in self.modes:
            due += DAY
        return night_round(due.date()), due


def night_round(day: date) -> str:
    """Return the code of the night round of a day."""
    return f"DEM-{day:%Y%m%d}-01"
