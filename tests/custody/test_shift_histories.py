"""Random histories of a guard post: whoever comes, counts, hands over, leaves or lies, what is known stays true."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from archive import schema
from archive.database import open_database
from custody import invariants_paper as paper
from custody.cover import answered_for, holes, needed
from custody.entries import Entry, Stamp
from custody.entries_duty import IncidentOpened
from custody.entries_package import PackageMissed
from custody.entries_shifts import HandedOver, ReliefCounted, ShiftLeft, ShiftStarted
from custody.errors import CustodyError
from custody.holdings import Package
from custody.incidents import Incident
from custody.projections import Projections, load, replay
from custody.rules import Signer
from custody.shifts import CLOSED, OnDuty, Relief
from tests.custody.guard_day import BOXES, GUARDS, STORE, Post
from tests.custody.office_day import CHU, HANOI
from tests.custody.sealed_boxes import seal_boxes

NAMES = st.sampled_from(sorted(GUARDS))
SEEN = st.lists(
    st.tuples(
        st.sampled_from((*BOXES, "GHOST")),
        st.sampled_from(("", "K1/G1", "K1/G2")),
        st.sampled_from(("intact", "broken")),
    ),
    max_size=5,
)


@cache
def empty_file() -> Path:
    """Return a file that holds an empty database of this release, made once."""
    room = Path(tempfile.mkdtemp(prefix="luutru-post-"))
    atexit.register(shutil.rmtree, room, True)
    made = open_database(f"sqlite:///{room / 'empty.sqlite3'}")
    schema.upgrade(made)
    made.close()
    return room / "empty.sqlite3"


class GuardPost(RuleBasedStateMachine):
    """One post, three guards, a leader, three boxes; every act is tried whether it is allowed or not."""

    def __init__(self) -> None:
        super().__init__()
        self.room = Path(tempfile.mkdtemp(prefix="luutru-post-"))
        shutil.copy(empty_file(), self.room / "post.sqlite3")
        self.database = open_database(f"sqlite:///{self.room / 'post.sqlite3'}")
        self.post, self.incidents, self.closed = Post(self.database), 0, 0

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.database.close()
        shutil.rmtree(self.room, ignore_errors=True)

    @initialize()
    def furnish(self) -> None:
        """Let AN answer for the boxes and be on duty."""
        with self.database.atomic() as session:
            seal_boxes(session, Stamp(self.post.now, ("LAN",), "test"), BOXES, "AN", "K1/G1", STORE)
        self.post.begin(GUARDS["AN"])
        self.begun = self.post.second

    @rule(guard=NAMES, signer=NAMES)
    def start(self, guard: str, signer: str) -> None:
        """Take up the post, for oneself or for another."""
        self.attempt(ShiftStarted(guard), GUARDS[signer])

    @rule(guard=NAMES, instead=NAMES)
    def replace(self, guard: str, instead: str) -> None:
        """Send a guard in the place of another."""
        self.attempt(ShiftStarted(guard, instead, "ill"), GUARDS[guard], CHU)

    @rule(guard=NAMES, relieved=st.booleans())
    def leave(self, guard: str, relieved: bool) -> None:
        """Leave, truly relieved or not."""
        self.attempt(ShiftLeft(guard, relieved), GUARDS[guard])

    @rule(code=st.sampled_from(("r1", "r2", "r3")), giver=NAMES, receiver=NAMES, seen=SEEN, whole=st.booleans())
    def count(self, code: str, giver: str, receiver: str, seen: list[tuple[str, str, str]], whole: bool) -> None:
        """Put a count in, whole and right or anything."""
        counted = tuple((each, "", "intact") for each in BOXES) if whole else tuple(seen)
        self.attempt(ReliefCounted(code, giver, receiver, (STORE,), counted), GUARDS[receiver])

    @rule(code=st.sampled_from(("r1", "r2", "r3")), lie=st.booleans(), told=st.booleans(), stead=st.booleans())
    def hand_over(self, code: str, lie: bool, told: bool, stead: bool) -> None:
        """Close, with or without incidents, with the right number or a lie."""
        relief = self.one(Relief, code)
        if relief is None:
            return
        incidents = tuple(self.incident(package) if told else "" for package, _ in relief.differences)
        differences = tuple((*each, number) for each, number in zip(relief.differences, incidents, strict=True))
        counted = len(relief.present) + lie
        facts = (code, relief.giver, relief.receiver, relief.expected, counted, differences)
        entry = HandedOver(*facts, stead="CHU" if stead else "")
        giver = CHU if stead else GUARDS[relief.giver]
        if self.attempt(entry, giver, GUARDS[relief.receiver]):
            assert not lie
            assert all(incidents)
            event(f"closed with {len(differences)} differences")
            self.closed += 1
            for package, what, number in differences:
                if what == "missing":
                    self.attempt(PackageMissed(package, number), GUARDS[relief.receiver])

    @rule(receiver=NAMES, seen=SEEN, whole=st.booleans(), stead=st.booleans())
    def relieve(self, receiver: str, seen: list[tuple[str, str, str]], whole: bool, stead: bool) -> None:
        """Hand over as it should be, from whoever is on duty, whatever is found."""
        for giver in self.post.there():
            code = f"full-{self.post.second}"
            counted = tuple((each, "", "intact") for each in BOXES) if whole else tuple(seen)
            if self.attempt(ReliefCounted(code, giver, receiver, (STORE,), counted), GUARDS[receiver]):
                self.hand_over(code, lie=False, told=True, stead=stead)  # type: ignore[attr-defined]
                return

    @rule(minutes=st.integers(1, 600))
    def wait(self, minutes: int) -> None:
        """Let time go by."""
        self.post.skip(minutes=minutes)

    def attempt(self, entry: Entry, *signers: Signer) -> bool:
        """Record an entry if it is allowed; tell whether it was."""
        try:
            self.post.at_post(entry, *signers)
        except CustodyError:
            return False
        return True

    def incident(self, about: str) -> str:
        """Open an incident."""
        self.incidents += 1
        self.post.at_post(IncidentOpened(f"SV-{self.incidents}", about, "high"), CHU)
        return f"SV-{self.incidents}"

    def one(self, kind: type[Any], key: str) -> Any:
        """Return one value of the state."""
        with self.database.reading() as session:
            return Projections(session).one(kind, key)

    @invariant()
    def everything_agrees(self) -> None:
        """Log and state agree; nobody is at two posts; boxes are with who was handed them (I3, I4, I11)."""
        with self.database.reading() as session:
            assert list(replay(session)) == []
            state = load(session)
        assert list(paper.one_custodian(state)) == list(paper.unbroken_chain(state)) == []
        on_duty = [each for each in state.every(OnDuty) if isinstance(each, OnDuty)]
        open_ones = [each.guard for each in on_duty if each.until < 0]
        assert len(open_ones) == len(set(open_ones))
        assert all(each.until < 0 or each.start <= each.until for each in on_duty)
        reliefs = [each for each in state.every(Relief) if isinstance(each, Relief)]
        assert sum(each.state == CLOSED for each in reliefs) == self.closed
        for each in reliefs:
            if each.state == CLOSED:
                assert len(each.incidents) == len(each.differences)
                assert all(state.one(Incident, number) for number in each.incidents)
        takers = {"AN"} | {each.receiver for each in reliefs if each.state == CLOSED}
        assert {each.custodian for each in state.every(Package) if isinstance(each, Package)} <= takers

    @invariant()
    def holes_are_the_seconds_without_a_guard(self) -> None:
        """Cover and presence tell the same story, minute by minute (I5)."""
        if not hasattr(self, "begun"):
            return
        now = self.post.second + 60
        there = [(guard, one, two if two >= 0 else now) for guard, one, two, _ in self.post.presences()]
        found = answered_for(holes(needed((), frozenset(), HANOI, self.begun, now), there, self.begun, now), (), there)
        for minute in range(self.begun, now, 60):
            inside = any(each.start <= minute < each.end for each in found)
            assert inside != any(one <= minute < two for _, one, two in there)


TestGuardPost = GuardPost.TestCase
TestGuardPost.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
