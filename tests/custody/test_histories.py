"""Random histories of an office: whatever is tried, the log, the state and the invariants stay whole.

Each history begins in a database of its own: a copied SQLite file, or one made from a template on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from archive.database import Database, open_database
from custody import checking, ledger
from custody.entries import Entry, Stamp
from custody.entries_duty import ClockWarned, IncidentOpened
from custody.entries_package import PackageChecked, PackageDrafted, PackageSuspected
from custody.entries_register import DossiersRegistered
from custody.entries_seals import RollIssued, SealSpoiled
from custody.errors import CustodyError
from custody.holdings import IN_TRANSIT, OPENED
from custody.invariants import Facts, judge
from custody.moments import parse_moment
from custody.package import MOVES
from custody.projections import load, replay
from custody.recording import record
from custody.rules import Signer
from tests.custody.fitting import fit_dossier, fit_package, fresh_seal
from tests.custody.history_rooms import NO_SERVER, fresh_room, server
from tests.custody.office_day import BINH, LAN, STAFF, START, TUAN, reads

BOXES = ("BOX1", "BOX2", "BOX3")
PAPERS = tuple(f"P01.{number}" for number in range(1, 9))
PLACES = ("shelf", "package", "station", "loan", "back", "missing", "found")
WEIRD: dict[type, Sequence[Any]] = {
    str: ("", "BOX1", "BOX2", "LAN", "BINH", "A01", "A02", "00" * 32, "2020-01-01T00:00:00+07:00", "sealed", "opened"),
    int: (-1, 0, 1, 10, 99),
    tuple: ((), ("A01",), ("A01", "A01"), ("A09",), (0, 0), (1, 10), ("P01.1", "P01.2")),
}


class Histories(RuleBasedStateMachine):
    """An office with three boxes, eight dossiers, two desks and a phone that is often offline."""

    engine = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.room = fresh_room(self.engine)
        self.desks: list[Database] = [open_database(self.room.url) for _ in range(2)]
        self.now, self.turn, self.offline, self.sent = START, 0, list[tuple[Entry, Stamp]](), 0

    def teardown(self) -> None:
        """Give the office's room back."""
        for each in self.desks:
            each.close()
        self.room.close()

    def seen(self) -> tuple[int, bytes]:
        """Return the size and root of the log."""
        with self.desks[0].reading() as session:
            return ledger.size(session), ledger.root(session)

    def write(self, entry: Entry, *signers: Signer, stamp: Stamp | None = None) -> str:
        """Record an entry at the desk whose turn it is; return the code of its refusal, "" where it was taken."""
        self.turn = 1 - self.turn
        stamp = stamp or Stamp(self.now, reads(signers), f"desk-{self.turn}")
        before = self.seen()
        try:
            with self.desks[self.turn].atomic() as session:
                record(session, entry, stamp, signers)
        except CustodyError as refused:
            assert self.seen() == before
            return refused.code
        assert self.seen()[0] == before[0] + 1
        return ""

    @initialize()
    def begin(self) -> None:
        """Issue a short roll and register the dossiers."""
        assert self.write(RollIssued("R1", "A", 1, 12, 2), TUAN) == ""
        for number in ("SV1", "SV2", "SV3", "SV9"):
            assert self.write(IncidentOpened(number, "K1", "high"), BINH) == ""
        rows = tuple((code, 10 + number, "ab" * 32) for number, code in enumerate(PAPERS))
        assert self.write(DossiersRegistered("import-1", "P01", rows), LAN) == ""

    @rule(box=st.sampled_from(BOXES))
    def draft(self, box: str) -> None:
        """Begin a box, once."""
        with self.desks[0].reading() as session:
            known = load(session).package(box) is not None
        assert self.write(PackageDrafted(box, "LAN"), LAN) == ("package-code-used" if known else "")

    @rule(paper=st.sampled_from(PAPERS), to=st.sampled_from(PLACES), box=st.sampled_from(BOXES))
    def carry(self, paper: str, to: str, box: str) -> None:
        """Take a dossier somewhere it may go."""
        with self.desks[0].reading() as session:
            state = load(session)
        fit = fit_dossier(state, state.dossiers([paper])[paper], to, box, self.now)
        if fit is not None:
            assert self.write(fit[0], *fit[1]) == ""

    @rule(box=st.sampled_from(BOXES), kind=st.sampled_from(sorted(MOVES)))
    def move(self, box: str, kind: str) -> None:
        """Make a move that is allowed; it is taken."""
        if (fit := self.fit(box, kind)) is not None:
            assert self.write(fit[0], *fit[1]) == ""

    @rule(box=st.sampled_from(BOXES), kind=st.sampled_from(sorted(MOVES)), data=st.data())
    def mistake(self, box: str, kind: str, data: st.DataObject) -> None:
        """Make a move with one fact wrong, or signed by anybody; whatever comes of it, nothing breaks."""
        if (fit := self.fit(box, kind)) is None:
            return
        entry, signers = fit
        if data.draw(st.booleans()):
            signers = tuple(data.draw(st.lists(st.sampled_from(sorted(STAFF)), max_size=4)))
            signers = tuple(STAFF[code] for code in signers)
        else:
            name = data.draw(st.sampled_from([each.name for each in fields(entry)]))  # type: ignore[arg-type]
            pool = WEIRD[type(getattr(entry, name))]
            entry = replace(entry, **{name: data.draw(st.sampled_from(pool))})  # type: ignore[type-var]
        self.write(entry, *signers)

    @rule(box=st.sampled_from(BOXES), broken=st.booleans())
    def note_offline(self, box: str, broken: bool) -> None:
        """A guard's phone notes a check while it has no network."""
        with self.desks[0].reading() as session:
            found = load(session).package(box)
        if found is None:
            return
        entry: Entry = PackageSuspected(box, "torn", "SV9") if broken else PackageChecked(box, "intact", found.seals)
        stamp = Stamp(self.now, ("BINH",), "", "gate", "phone", self.sent, self.now)
        self.offline.append((entry, stamp))
        self.sent += 1

    @rule()
    def deliver(self) -> None:
        """The phone's notes arrive late; what is no longer allowed becomes an incident under the same number."""
        for entry, noted in self.offline:
            stamp = replace(noted, at=self.now)
            if self.write(entry, BINH, stamp=stamp):
                refused = IncidentOpened(f"SV-P{stamp.device_seq}", entry.KIND, "medium")
                assert self.write(refused, BINH, stamp=stamp) == ""
        self.offline.clear()

    @rule()
    def spoil(self) -> None:
        """Spoil a seal."""
        with self.desks[0].reading() as session:
            number = fresh_seal(load(session))
        if number:
            assert self.write(SealSpoiled(number, "torn"), LAN) == ""
            assert self.write(SealSpoiled(number, "torn"), LAN) == "seal-number-used"

    @rule(minutes=st.integers(-200, 3000))
    def jump(self, minutes: int) -> None:
        """The clock goes on, or is set back, and the log says so."""
        self.now += timedelta(minutes=minutes)
        if minutes < 0:
            assert self.write(ClockWarned("station", minutes * 60), TUAN) == ""

    @invariant()
    def nothing_breaks(self) -> None:
        """The state is what the entries say, the log is whole, and the invariants hold."""
        with self.desks[0].reading() as session:
            assert list(replay(session)) == []
            report = checking.check(session, (), "test")
            state = load(session)
        assert report.findings == ()
        verdicts = {each.number: each for each in judge(Facts(state, self.now, report.findings))}
        late = {
            each.code
            for each in [*state.packages(), *state.all_dossiers()]
            if each.state in {OPENED, IN_TRANSIT, "at-station", "on-loan"} and parse_moment(each.deadline) < self.now
        }
        told = {str(finding.facts["about"]) for number in (8, 10) for finding in verdicts[number].findings}
        assert told == late
        for number in (1, 2, 3, 4, 6, 7, 9, 14, 15, 16, 20):
            assert verdicts[number].outcome == "holds", verdicts[number]
        assert {verdicts[number].outcome for number in (5, 11, 12, 13, 17, 18, 19)} == {"no-facts"}

    def fit(self, box: str, kind: str) -> tuple[Entry, tuple[Signer, ...]] | None:
        """Return an allowed entry of a kind about a box."""
        with self.desks[0].reading() as session:
            state = load(session)
        found = state.package(box)
        return fit_package(state, found, kind, self.now) if found else None


class HistoriesInTheCity(Histories):
    """The same on PostgreSQL."""

    engine = "postgres"


def months(machine: type[Histories], examples: int, steps: int) -> Any:
    """Return the test of so many histories of so many steps."""
    test = machine.TestCase
    test.settings = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    return test


class TestHistories(months(Histories, 15, 30)):  # type: ignore[misc]  # made by Hypothesis
    """Weeks, on one PC."""


@pytest.mark.skipif(not server(), reason=NO_SERVER)
class TestHistoriesInTheCity(months(HistoriesInTheCity, 5, 20)):  # type: ignore[misc]  # made by Hypothesis
    """Weeks, in a city."""


@pytest.mark.long
class TestLongHistories(months(type("Long", (Histories,), {}), 150, 150)):  # type: ignore[misc]
    """The same, for months."""


@pytest.mark.long
@pytest.mark.skipif(not server(), reason=NO_SERVER)
class TestLongHistoriesInTheCity(months(type("Long", (HistoriesInTheCity,), {}), 150, 150)):  # type: ignore[misc]
    """The same, for months, in a city."""
