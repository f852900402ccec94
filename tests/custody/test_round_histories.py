"""Any history of rounds: begun, scanned, ended and missed in any order, at desks and by phones that come late.

A model of a few lines says what must be refused; whatever is accepted must leave every round in exactly one state, and
a tick at the end accounts for every round that was owed.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from custody.entries import Entry, Stamp, body_of, read_body
from custody.entries_duty import LogCheckpointed
from custody.entries_rounds import PointScanned, RoundEnded, RoundMissed, RoundPlanned, RoundPlanStopped, RoundStarted
from custody.errors import CustodyError
from custody.moments import format_moment, parse_moment
from custody.moves import STATION
from custody.permitting import check
from custody.round_moves import deadline_of
from custody.rounds import ENDED, MISSED, UNDER_WAY, Plan, Round, Slot, slots_between
from custody.rules import Signer
from custody.state import State
from tests.custody.office_day import BINH, CHU

HANOI = timezone(timedelta(hours=7))
MACHINE = Signer("STATION", STATION, "")
POINTS = ("K1", "K2", "K3")
START = datetime(2026, 1, 5, 17, 50, tzinfo=HANOI)
TIMES = ("at 18:00", "every 90 22:00-03:00", "random 2 04:00-08:00")
MINUTES, GRACE, LEAST = 30, 20, 3


class Rounds(RuleBasedStateMachine):
    """One plan, a phone, a station's tick, and a clock that only goes forward."""

    @initialize(drawing=st.booleans())
    def begin(self, drawing: bool) -> None:
        """Publish the plan and announce a seed."""
        self.state, self.seq, self.now = State(), 0, START
        self.phones = {"phone-1": 0}
        self.forgotten: set[str] = set()
        self.model: dict[str, str] = {}
        self.stopped = ""
        times = TIMES if drawing else TIMES[:2]
        targets = tuple(f"place {each}" for each in POINTS)
        plan = RoundPlanned("DEM", "round", "P1", targets, times, (), MINUTES, GRACE, LEAST, "+07:00")
        assert self.write(plan, CHU) == ""
        self.announce()

    def write(self, entry: Entry, signer: Signer, **stamped: object) -> str:
        """Write one entry as the log does; return the code it is refused with, "" where it is not."""
        stamp = Stamp(self.now, (signer.code,), "counter", **stamped)  # type: ignore[arg-type]
        try:
            check(self.state, entry, stamp, (signer,))
        except CustodyError as refused:
            return refused.code
        self.state.apply(self.seq, *read_body(body_of(entry, stamp)))
        self.seq += 1
        return ""

    def announce(self) -> None:
        """Announce a head."""
        assert self.write(LogCheckpointed(self.seq, f"{self.seq:064x}", "seed"), MACHINE) == ""

    @rule(minutes=st.sampled_from([1, 2, 4, 10, 10, 18, 31, 90, 90, 240, 700]), announce=st.booleans())
    def wait(self, minutes: int, announce: bool) -> None:
        """Let time pass; a seed may be announced at its end."""
        self.now += timedelta(minutes=minutes)
        if announce:
            self.announce()

    def slots(self) -> list[Slot]:
        """Return every round that fell due so far."""
        plan = self.state.one(Plan, "DEM")
        assert plan is not None
        return list(slots_between(self.state, plan, START - timedelta(days=1), self.now))

    @rule(pick=st.integers(0, 2), phone=st.sampled_from(["", "phone-1"]), late=st.integers(-5, 30))
    def start(self, pick: int, phone: str, late: int) -> None:
        """Begin any round that fell due, now, or so late in its window by a phone that had no network."""
        if not (slots := self.slots()):
            return
        slot = slots[-1 - pick % len(slots)]
        begun = min(self.now, slot.due + timedelta(minutes=late)) if phone else self.now
        due = format_moment(slot.due)
        entry = RoundStarted(slot.code, "DEM", due, deadline_of(slot.plan, begun), POINTS, slot.drawn)
        told = self.write(entry, BINH, **self.stamped(phone, begun))
        before = self.model.get(slot.code)
        allowed = slot.due <= begun < slot.closes and before in {None, MISSED}
        assert (told == "") == allowed, told
        if allowed:
            self.model[slot.code] = UNDER_WAY
            self.phones[phone] = self.phones.get(phone, 0) + 1

    def stamped(self, phone: str, moment: datetime) -> dict[str, object]:
        """Return what a phone adds to a stamp."""
        return {"device": phone, "device_seq": self.phones[phone], "device_at": moment} if phone else {}

    @rule(missed=st.integers(0, 3), reason=st.sampled_from(["", "no-light"]), pick=st.integers(0, 9))
    def end(self, missed: int, reason: str, pick: int) -> None:
        """End a round that is under way, some points unscanned."""
        walked = sorted(code for code, state in self.model.items() if state == UNDER_WAY)
        if not walked:
            return
        code = walked[pick % len(walked)]
        found = self.state.one(Round, code)
        assert found is not None
        entry = RoundEnded(code, 3 - missed, POINTS[:missed], 3, "ab" * 32, reason)
        told = self.write(entry, BINH)
        quick = self.now < parse_moment(found.started) + timedelta(minutes=LEAST)
        late = self.now > parse_moment(found.deadline)
        assert (told == "") == (bool(reason) or not (missed or quick or late)), told
        if not told:
            self.model[code] = ENDED

    @rule(pick=st.integers(0, 9), finding=st.sampled_from(["intact", "broken", "missing"]))
    def find(self, pick: int, finding: str) -> None:
        """Report a point of any round that ever was."""
        if not self.model:
            return
        code = sorted(self.model)[pick % len(self.model)]
        told = self.write(PointScanned(code, "K1", finding, "SV-1"), BINH)
        assert (told == "") == (self.model[code] == UNDER_WAY and finding != "intact"), told

    @rule(pick=st.integers(0, 4), by_guard=st.booleans())
    def miss(self, pick: int, by_guard: bool) -> None:
        """Record any round as missed, by the station or by a guard who would like it to be over."""
        if not (slots := self.slots()):
            return
        slot = slots[-1 - pick % len(slots)]
        told = self.write(self.missed(slot), BINH if by_guard else MACHINE)
        allowed = not by_guard and slot.closes <= self.now and slot.code not in self.model
        assert (told == "") == allowed, told
        if allowed:
            self.model[slot.code] = MISSED
            self.forgotten.add(slot.code)

    def missed(self, slot: Slot) -> RoundMissed:
        """Return the entry of a miss."""
        return RoundMissed(slot.code, "DEM", format_moment(slot.due), format_moment(slot.closes), slot.drawn)

    @rule(sure=st.integers(0, 5))
    def stop(self, sure: int) -> None:
        """Stop the plan, once in a while."""
        if sure:
            return
        told = self.write(RoundPlanStopped("DEM", "new-times"), CHU)
        assert (told == "") == (not self.stopped), told
        self.stopped = self.stopped or format_moment(self.now)

    @invariant()
    def every_round_is_in_the_state_the_model_says(self) -> None:
        """And none that was missed before forgets it; none falls due after its plan was stopped."""
        rounds = {each.code: each for each in self.state.every(Round) if isinstance(each, Round)}
        assert {code: each.state for code, each in rounds.items()} == self.model
        for each in rounds.values():
            assert (each.missed_at >= 0) == (each.code in self.forgotten)
            assert (each.begun_at >= 0) == (each.state != MISSED)
            assert not self.stopped or parse_moment(each.due) <= parse_moment(self.stopped)

    def teardown(self) -> None:
        """A tick at the end: every round whose window is over is accounted for, once."""
        if not hasattr(self, "state"):
            return
        for slot in self.slots():
            if slot.closes <= self.now and slot.code not in self.model:
                assert self.write(self.missed(slot), MACHINE) == ""
                self.model[slot.code] = MISSED
                self.forgotten.add(slot.code)
        self.every_round_is_in_the_state_the_model_says()
        owed = {slot.code for slot in self.slots() if slot.closes <= self.now}
        assert owed <= set(self.model)


Rounds.TestCase.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
TestRounds = Rounds.TestCase
