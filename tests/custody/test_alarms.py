"""Alarms as values: none lost, none told without end, whatever comes and goes and whoever answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from custody.alarms import (
    FLAPPING,
    LADDER,
    LEADER,
    LEVELS,
    QUIET_LONGEST,
    SETTLE,
    Alarm,
    Step,
    acknowledge,
    evaluate,
    next_moment,
    quiet,
    read_ladder,
    waits,
)
from custody.due import NOTICE, URGENT, WARNING, Due
from custody.errors import CustodyError

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BOX = "7K3M9QXZ2"


class Kept:
    """Alarms as their rows would keep them, and all that was ever told."""

    def __init__(self) -> None:
        self.alarms: dict[int, Alarm] = {}
        self.told: list[tuple[int, int, int]] = []

    def tick(self, dues: list[Due], now: datetime) -> list[Step]:
        """Evaluate as the tick does and keep the outcome."""
        recent = [one for one in self.alarms.values() if one.cleared_at is None or now - one.cleared_at <= FLAPPING]
        steps = evaluate(dues, recent, now)
        given: dict[tuple[str, str], int] = {}
        for step in steps:
            number = step.alarm.number or given.get((step.alarm.code, step.alarm.about)) or len(self.alarms) + 1
            given[step.alarm.code, step.alarm.about] = number
            self.alarms[number] = replace(step.alarm, number=number)
            self.told += [(number, rung, turn) for rung, turn in step.tell]
        return steps


def missing(level: str = WARNING) -> Due:
    """Return a box that is missing."""
    return Due("package-missing", BOX, START, level)


def test_a_warning_climbs_the_ladder_in_time_and_then_falls_silent() -> None:
    """Guard at once, archivist after 10 minutes, leader after 30, administrator after 60; then a bounded reminder."""
    kept, first = Kept(), dict[int, datetime]()
    for minute in range(48 * 60):
        before = len(kept.told)
        kept.tick([missing()], START + minute * MINUTE)
        for _, rung, _ in kept.told[before:]:
            first.setdefault(rung, START + minute * MINUTE)
    assert [(first[rung] - START) / MINUTE for rung in range(4)] == [0, 10, 30, 60]
    counts = Counter(rung for _, rung, _ in kept.told)
    assert all(counts[rung] <= 1 + LADDER[rung].repeats for rung in counts)
    assert counts[3] == 1 + LADDER[3].repeats
    assert len(set(kept.told)) == len(kept.told)


def test_an_urgent_alarm_reaches_the_leader_at_once() -> None:
    """All rungs up to the leader hear at the first moment; a notice reaches nobody."""
    kept = Kept()
    kept.tick([missing(URGENT), Due("roll-low", "C1", START, NOTICE)], START)
    assert {LADDER[rung].role for _, rung, _ in kept.told} == {"guard", "archivist", LEADER}
    assert len(kept.alarms) == 2
    assert waits(NOTICE, LADDER) == []


def test_after_a_long_sleep_the_ladder_begins_when_somebody_could_first_hear() -> None:
    """A thing due since days tells the guard first, not everybody at once."""
    kept = Kept()
    kept.tick([missing()], START + timedelta(days=9))
    assert kept.told == [(1, 0, 0)]


def test_what_comes_and_goes_is_one_alarm() -> None:
    """Ten changes in ten minutes give one alarm, told as often as if it had stayed."""
    kept = Kept()
    for minute in range(10):
        kept.tick([missing()] if minute % 2 == 0 else [], START + minute * MINUTE)
    assert len(kept.alarms) == 1
    assert kept.told == [(1, 0, 0)]
    assert kept.alarms[1].flaps == 4


def test_it_is_cleared_after_it_was_gone_and_a_late_return_is_a_new_one() -> None:
    """Cleared once gone for SETTLE; back after FLAPPING it has a number of its own."""
    kept = Kept()
    kept.tick([missing()], START)
    kept.tick([], START + MINUTE)
    assert kept.alarms[1].is_open
    kept.tick([], START + MINUTE + SETTLE)
    assert kept.alarms[1].cleared_at == START + MINUTE + SETTLE
    kept.tick([missing()], START + MINUTE + SETTLE + FLAPPING + MINUTE)
    assert sorted(kept.alarms) == [1, 2]


def test_a_cleared_urgent_alarm_wants_a_person_until_it_is_acknowledged() -> None:
    """It stays on the list; an ordinary one does not."""
    for level, wants in ((URGENT, True), (WARNING, False)):
        kept = Kept()
        for minute in (0, 1, 20):
            kept.tick([missing(level)] if minute == 0 else [], START + minute * MINUTE)
        assert not kept.alarms[1].is_open
        assert kept.alarms[1].wants_person is wants
        assert not acknowledge(kept.alarms[1], "NV01", START).wants_person


def test_acknowledging_stops_the_climb_and_a_worse_level_begins_it_anew() -> None:
    """Nobody else is told, until it becomes worse than what was acknowledged."""
    kept = Kept()
    kept.tick([missing()], START)
    kept.alarms[1] = acknowledge(kept.alarms[1], "NV07", START + MINUTE)
    for minute in range(2, 200):
        kept.tick([missing()], START + minute * MINUTE)
    assert kept.told == [(1, 0, 0)]
    kept.tick([missing(URGENT)], START + 200 * MINUTE)
    assert kept.alarms[1].acked_at is None
    assert {rung for _, rung, _ in kept.told[1:]} == {0, 1, 2}
    with pytest.raises(CustodyError, match="alarm-acknowledged"):
        acknowledge(acknowledge(kept.alarms[1], "NV07", START), "NV08", START)


def test_quiet_ends_and_the_climb_goes_on_from_where_it_would_be() -> None:
    """Silent until the moment, then whoever should know by then is told; reason and bounds are asked for."""
    kept = Kept()
    kept.tick([missing()], START)
    kept.alarms[1] = quiet(kept.alarms[1], "NV02", START + 40 * MINUTE, "thợ khóa đang làm", START)
    for minute in range(1, 40):
        assert kept.tick([missing()], START + minute * MINUTE) == []
    kept.tick([missing()], START + 40 * MINUTE)
    assert [rung for _, rung, _ in kept.told] == [0, 1, 2]
    for until, reason in ((START, "x"), (START + QUIET_LONGEST + MINUTE, "x")):
        with pytest.raises(CustodyError, match="alarm-quiet-wrong"):
            quiet(kept.alarms[1], "NV02", until, reason, START)
    with pytest.raises(CustodyError, match="alarm-reason-absent"):
        quiet(kept.alarms[1], "NV02", START + MINUTE, " ", START)


def test_a_clock_set_back_a_year_does_not_silence_an_alarm() -> None:
    """Moments from the wrong future are brought to now."""
    kept = Kept()
    kept.tick([missing()], START + timedelta(days=365))
    kept.tick([missing()], START)
    for minute in range(1, 12):
        kept.tick([missing()], START + minute * MINUTE)
    assert 1 in {rung for _, rung, _ in kept.told}


def test_ladders_are_read_from_a_setting() -> None:
    """Minutes by role, in rising order; anything else is refused with the part that is wrong."""
    assert [each.role for each in read_ladder("guard 0, leader 20")] == ["guard", "leader"]
    assert read_ladder("") == LADDER
    for wrong in ("guard", "guard 5, archivist 1", "janitor 3", "guard 0, guard 5", "guard -1"):
        with pytest.raises(CustodyError, match="alarm-ladder-wrong"):
            read_ladder(wrong)


class Night(RuleBasedStateMachine):
    """Three things that come and go at any level, people who answer, ticks that are late, and restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.kept = START, Kept()
        self.due: dict[str, str] = {}

    @rule(about=st.sampled_from("ABC"), level=st.sampled_from(LEVELS))
    def becomes_due(self, about: str, level: str) -> None:
        """Something goes wrong, or gets worse or better."""
        self.due[about] = level

    @rule(about=st.sampled_from("ABC"))
    def ends(self, about: str) -> None:
        """Something is put right."""
        self.due.pop(about, None)

    @rule(minutes=st.sampled_from((0, 1, 3, 7, 15, 61, 500)))
    def tick(self, minutes: int) -> None:
        """Time passes and the tick evaluates, twice at the same moment: the second finds nothing to do."""
        self.now += minutes * MINUTE
        dues = [Due("wrong", about, self.now, level) for about, level in self.due.items()]
        self.kept.tick(dues, self.now)
        told = list(self.kept.told)
        assert self.kept.tick(dues, self.now) == []
        assert self.kept.told == told
        for about, level in self.due.items():
            (one,) = [each for each in self.kept.alarms.values() if each.about == about and each.is_open]
            assert one.gone_at is None
            assert LEVELS.index(one.level) >= LEVELS.index(level)
            if one.acked_at is None and not one.is_quiet(self.now):
                reached = sum(wait <= self.now - one.raised_at for wait in waits(one.level, LADDER)) - 1
                assert one.rung == reached, "nobody who should know by now was left out"

    @rule(data=st.data())
    def answers(self, data: st.DataObject) -> None:
        """Somebody acknowledges or quiets an open alarm."""
        unanswered = [each for each in self.kept.alarms.values() if each.is_open and each.acked_at is None]
        if unanswered:
            one = data.draw(st.sampled_from(unanswered))
            if data.draw(st.booleans()):
                self.kept.alarms[one.number] = acknowledge(one, "NV01", self.now)
            else:
                self.kept.alarms[one.number] = quiet(one, "NV02", self.now + 30 * MINUTE, "reason", self.now)

    @invariant()
    def is_told_once_and_boundedly(self) -> None:
        """One open alarm for each thing; no telling twice but where the level rose; and none without end."""
        open_ones = Counter(each.about for each in self.kept.alarms.values() if each.is_open)
        assert all(count == 1 for count in open_ones.values())
        most = sum(1 + each.repeats for each in LADDER) * len(LEVELS)
        by_alarm = Counter(number for number, _, _ in self.kept.told)
        assert all(count <= most for count in by_alarm.values())

    @invariant()
    def knows_when_to_look_again(self) -> None:
        """The next moment lies ahead, or there is none."""
        moment = next_moment(self.kept.alarms.values(), self.now)
        assert moment is None or moment > self.now


Night.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestNight = Night.TestCase
