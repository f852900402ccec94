"""Every injected fault is told within its promise, nothing is told that was not injected: over a month, and a year."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from custody.rules import Signer
from desk import custodial, duty, watching_station
from desk.office import Office, open_office, prepare
from tests.custody.office_day import STAFF
from tests.simulator.faults import FAULTS, Saboteur
from tests.simulator.guards import GUARDS, Watchmen
from tests.simulator.life import START, furnish, live
from tests.simulator.world import DAY, HOUR, Expected, SkewedClock, World, with_channel

# Shown on the page, and told to nobody.
NOTICES = frozenset({"fixity-late", "relief-late", "stocktake-open-long"})


@contextlib.contextmanager
def office_of(boxes: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Give an office of so many boxes in which people sign by code alone."""
    # Three hours before, as the first shift begins.
    clock = SkewedClock(START - 3 * HOUR)

    def by_code(_office: Office, code: str, _pin: str) -> Signer:
        return GUARDS[code] if code in GUARDS else STAFF[code]

    monkeypatch.setattr(custodial, "authenticate", by_code)
    prepare(folder / "home", {})
    office = open_office(folder / "home", {}, clock)
    made = furnish(with_channel(office), clock, boxes, seed=20260105)
    made.guards = Watchmen(made)
    made.guards.furnish()
    clock.moment = START
    monkeypatch.setattr(duty, "WATCHES", (*duty.WATCHES, made.watch_nothing))
    monkeypatch.setattr(watching_station, "free_bytes", lambda _place: made.free)
    yield made
    office.close()


def live_through(world: World, days: int, times: int) -> float:
    """Live so many days with every fault so many times; return the processor's seconds."""
    until = world.now + days * DAY
    live(world, until)
    world.guards.live(until)
    saboteur = Saboteur(world, until, times)
    began = time.process_time()
    world.tick()
    world.run(until)
    took = time.process_time() - began
    print(f"\n{days} days, {world.ticks} ticks, {len(world.expected)} faults, {took:.0f} s of processor time")
    print(table(world.expected))
    for when, code, about in world.unexpected:
        print(f"NOT INJECTED: {when:%Y-%m-%d %H:%M} {code} {about}")
    assert saboteur.queue == [], "every fault was put in"
    return took


def table(expected: list[Expected]) -> str:
    """Return injected at, due from, detected at and alarm sent of every fault, as text."""
    lines = [f"{'fault':42} {'code':26} {'injected':12} {'due from':12} {'detected':12} {'sent':12} after"]
    for each in sorted(expected, key=lambda one: one.injected_at):
        moments = (each.injected_at, each.counts_from, each.detected_at, each.sent_at)
        told = " ".join(f"{moment:%m-%d %H:%M}  " if moment else "NEVER       " for moment in moments)
        delay = f"{each.detected_at - each.counts_from}".partition(".")[0] if each.detected_at else "-"
        lines.append(f"{each.name:42} {each.code:26} {told} {delay}{'  LATE' if each.is_late else ''}")
    return "\n".join(lines)


def judge(world: World) -> None:
    """Fail on anything undetected, late, untold, uncleared, or told without cause."""
    assert [each.name for each in world.expected if each.is_late] == []
    assert world.unexpected == []
    untold = [each.name for each in world.expected if each.sent_at is None and each.code not in NOTICES]
    assert untold == [], "every alarm above a notice was sent"
    assert [each.name for each in world.expected if each.cleared_at is None] == [], "what was mended is over"
    assert {each.name for each in world.expected} >= {each.name for each in FAULTS}


def test_every_fault_of_a_month_is_told_in_time_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of fault once, in a month of ordinary life and three shifts a day over 60 boxes."""
    with office_of(60, tmp_path, monkeypatch) as world:
        live_through(world, 30, 1)
        judge(world)


@pytest.mark.long
def test_every_fault_of_a_year_is_told_in_time_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same kinds, each eight times, in a year of three shifts a day over 500 boxes."""
    with office_of(500, tmp_path, monkeypatch) as world:
        live_through(world, 365, 8)
        judge(world)
