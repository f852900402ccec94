"""A guard post and its people for tests of shifts: boxes in a store, and entries about the post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from custody.cover import second_of
from custody.entries import Entry
from custody.entries_duty import IncidentOpened
from custody.entries_shifts import HandedOver, ReliefCounted, ShiftPlanned, ShiftStarted
from custody.holdings import Package, Value
from custody.ledger import Appended
from custody.moments import format_moment
from custody.projections import Projections
from custody.rules import Signer
from custody.shifts import OnDuty, Relief
from tests.custody.office_day import CHU, Day

POST, STORE = "P1", "K1"
AN = Signer("AN", "guard", "Bảo vệ")
BA = Signer("BA", "guard", "Bảo vệ")
CHI = Signer("CHI", "guard", "Bảo vệ")
GUARDS = {each.code: each for each in (AN, BA, CHI)}
BOXES = ("BOX1", "BOX2", "BOX3")


@dataclass
class Post(Day):
    """A day at one post; entries are stamped with it."""

    def at_post(self, entry: Entry, *signers: Signer) -> Appended:
        """Record an entry of the post."""
        return self.write(entry, *signers, post=POST)

    def put_boxes(self, *codes: str, custodian: str = "AN", state: str = "sealed", store: str = STORE) -> None:
        """Put packages straight into the state: how they came there is not what these tests are about."""
        made = [Package(each, state, custodian, f"{store}/G1", store) for each in codes]
        with self.database.atomic() as session:
            Projections(session).put(list[Value](made))

    def box(self, code: str) -> Package:
        """Return a package as it is now."""
        return self.package(code)

    def begin(self, guard: Signer) -> None:
        """Let a guard take up the post."""
        self.at_post(ShiftStarted(guard.code), guard)

    def plan(self, *turns: tuple[str, datetime, datetime], start: datetime, end: datetime) -> Appended:
        """Publish turns as (guard, from, until)."""
        told = tuple((guard, format_moment(one), format_moment(two), "ca") for guard, one, two in turns)
        return self.at_post(ShiftPlanned(format_moment(start), format_moment(end), told), CHU)

    def count(self, code: str, *seen: tuple[str, str, str] | str, giver: Signer = AN, receiver: Signer = BA) -> Relief:
        """Put a count in; a bare code was found intact, its place not noted."""
        counted = tuple((each, "", "intact") if isinstance(each, str) else each for each in seen)
        self.at_post(ReliefCounted(code, giver.code, receiver.code, (STORE,), counted), receiver)
        return self.relief(code)

    def open_incident(self, number: str, about: str = "BOX1") -> str:
        """Open an incident and return its number."""
        self.at_post(IncidentOpened(number, about, "high"), BA)
        return number

    def close(
        self, relief: Relief, *incidents: str, signers: tuple[Signer, ...] = (AN, BA), stead: str = ""
    ) -> Appended:
        """Close a hand-over with these incidents, in the order of its differences."""
        told = tuple((code, what, number) for (code, what), number in zip(relief.differences, incidents, strict=True))
        facts = (relief.code, relief.giver, relief.receiver, relief.expected, len(relief.present))
        return self.at_post(HandedOver(*facts, told, stead=stead), *signers)

    def relief(self, code: str) -> Relief:
        """Return a hand-over as it is now."""
        with self.database.reading() as session:
            found = Projections(session).one(Relief, code)
        assert found is not None
        return found

    def there(self) -> list[str]:
        """Return who is at the post now."""
        with self.database.reading() as session:
            return sorted(each.guard for each in Projections(session).those(OnDuty, at_post=POST))

    def presences(self) -> list[tuple[str, int, int, str]]:
        """Return every presence so far: guard, from, until, ending."""
        with self.database.reading() as session:
            found = sorted(Projections(session).every(OnDuty), key=lambda each: each.start)
        return [(each.guard, each.start, each.until, each.ending) for each in found]

    @property
    def second(self) -> int:
        """The second of the last entry."""
        return second_of(self.now)

    def skip(self, **passed: float) -> None:
        """Let time go by."""
        self.now += timedelta(**passed)
