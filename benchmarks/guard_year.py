"""How long it takes to look at a whole year of guarding: cover of 126 posts, what breaks I5, I11 and I13, and a tick.

python -m benchmarks.guard_year [--posts 126] [--days 365 36] [--out FILE]

Every post has three shifts a day, a published plan, and hand-overs of which one in fourteen comes ten minutes late, so
that some ten thousand holes stand in a year. Nine rounds a day are walked at the first post or missed, three of them
drawn from the head announced the evening before. The last number of days shows what grows with history. Seconds are
the processor's, the best of three. To reach: a year's cover and a tick under one second each, and memory that does
not grow.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive import people, posts
from archive.clock import HandClock
from archive.settings import zone_of
from benchmarks.guard import START, Filler, measured, tick
from benchmarks.machine import keep_results, print_table
from custody.entries import Entry, Stamp
from custody.entries_duty import LogCheckpointed
from custody.entries_rounds import RoundEnded, RoundMissed, RoundPlanned, RoundStarted
from custody.entries_shifts import HandedOver, ReliefCounted, ShiftLeft, ShiftPlanned, ShiftStarted
from custody.moments import format_moment
from custody.round_results import Result, root_of
from custody.round_results import body_of as result_body
from custody.round_rows import add_results, settle
from custody.rounds import Plan, slots_on
from desk import covering, duty_shifts, ledgering, round_duty, watching_log
from desk.office import Office, open_office, prepare
from desk.signers import STATION

DAY, TURN, LATE = timedelta(days=1), timedelta(hours=8), timedelta(minutes=10)
ONE_LATE_OF, ONE_MISSED_OF, POINTS = 14, 9, 12
PLANS = (("DEM", ("every 120 18:00-05:00",)), ("RUT", ("random 2 08:00-16:00",)), ("MAU", ("random 1 16:00-18:00",)))


class Year(Filler):
    """Lives so many days at so many posts, with the moment of each entry."""

    def __init__(self, office: Office, clock: HandClock, posts_: int, days: int) -> None:
        super().__init__(office)
        # Of each round that was walked its code and results; how many were owed, missed ones among them.
        self.walked: list[tuple[str, list[Result]]] = []
        self.owed = 0
        self.clock, self.days, self.codes = clock, days, [f"P{number + 1:03}" for number in range(posts_)]
        self.zone = zone_of(office.settings)
        self.first = datetime.combine(START.date(), datetime.min.time(), self.zone) + timedelta(hours=6)

    def team(self, post: str) -> tuple[str, str, str]:
        """Return the guards of a post."""
        return f"{post}A", f"{post}B", f"{post}C"

    def furnish(self) -> None:
        """Write down posts and people."""
        self.clock.moment = self.first
        with self.office.database.atomic() as session:
            for number, post in enumerate(self.codes):
                watches = [posts.read_watch("18:00-06:00=1")] if number % 2 else []
                posts.add(session, code=post, name=f"Cổng {post}", place=None, watches=watches, now=self.first)
                for guard in self.team(post):
                    people.add(
                        session, code=guard, name=f"Bảo vệ {guard}", unit="BV", roles=["guard"], pin=None,
                        now=self.first,
                    )  # fmt: skip  # one person

    def at(self, moment: datetime, post: str, entry: Entry, *by: str) -> None:
        """Add an entry of a moment and a post."""
        self.add(entry, Stamp(moment, by, "benchmark", post))

    def live(self) -> None:
        """Add every day's plans, hand-overs and rounds."""
        for name, times in PLANS:
            plan = RoundPlanned(name, "round", self.codes[0], ("place K1",), times, (), 30, 20, 0, "+07:00")
            self.at(self.first, "", plan, "CHU")
        for post in self.codes:
            self.at(self.first, post, ShiftStarted(self.team(post)[2]), self.team(post)[2])
        for number in range(self.days):
            day = self.first + number * DAY
            for at, post in enumerate(self.codes):
                if number % 30 == 0:
                    self._plan(post, day)
                self._change(post, day, 3 * number + at)
            self._walk(day)
            self.flush()
            self._announce(day + timedelta(hours=17, minutes=55))
        self.clock.moment = self.first + self.days * DAY
        self.flush()
        with self.office.database.atomic() as session:
            for code, results in self.walked:
                add_results(session, code, 0, results)
            settle(session, self.clock.now())
        ledgering.sign_head(self.office, "hand-over")

    def _announce(self, moment: datetime) -> None:
        self.clock.moment = moment
        head, _note, _copied = ledgering.sign_head(self.office, "seed")
        self.add(LogCheckpointed(head.size, head.root.hex(), "seed"), Stamp(moment, (STATION.code,), "tick"))

    def _plan(self, post: str, day: datetime) -> None:
        end, team = day + 30 * DAY, self.team(post)
        turns = tuple(
            (team[at % 3], format_moment(day + at * TURN), format_moment(day + (at + 1) * TURN), f"ca{at % 3}")
            for at in range(90)
        )
        self.at(day, post, ShiftPlanned(format_moment(day), format_moment(end), turns), "CHU")

    def _change(self, post: str, day: datetime, number: int) -> None:
        team = self.team(post)
        for turn in range(3):
            moment, giver, receiver = day + turn * TURN, team[turn - 1], team[turn]
            if (number + turn) % ONE_LATE_OF == 0:
                self.at(moment, post, ShiftLeft(giver, False), giver)
                self.at(moment + LATE, post, ShiftStarted(receiver), receiver)
                continue
            relief = f"GC-{post}-{moment:%Y%m%d%H}"
            self.at(moment, post, ReliefCounted(relief, giver, receiver, (), ()), receiver)
            self.at(moment, post, HandedOver(relief, giver, receiver, 0, 0, ()), giver, receiver)

    def _walk(self, day: datetime) -> None:
        """Walk the rounds of a day, or miss them."""
        for plan in list(self.state.every(Plan)):
            assert isinstance(plan, Plan)
            for slot in slots_on(self.state, plan, day.date()):
                self.owed += 1
                due, closes = format_moment(slot.due), format_moment(slot.closes)
                if self.owed % ONE_MISSED_OF == 0:
                    missed = RoundMissed(slot.code, slot.plan.code, due, closes, slot.drawn)
                    self.at(slot.closes + timedelta(minutes=1), "", missed, STATION.code)
                    continue
                points, ends = tuple(f"K1/G{at}" for at in range(POINTS)), slot.due + timedelta(minutes=20)
                results = [Result(slot.code, each, "intact", due, "P001A") for each in points]
                root = root_of([result_body(each) for each in results]).hex()
                begun = RoundStarted(slot.code, slot.plan.code, due, format_moment(ends), points, slot.drawn)
                self.at(slot.due, "", begun, "P001A")
                self.at(ends, "", RoundEnded(slot.code, POINTS, (), POINTS, root, ""), "P001A")
                self.walked.append((slot.code, results))


def best(run: Callable[[], object], times: int = 3) -> float:
    """Return the least processor's seconds of some calls."""
    return min(measured(run)[0] for _ in range(times))


def peak_of(run: Callable[[], object]) -> float:
    """Return the most memory a call holds at once, in MB, as Python counts it."""
    tracemalloc.start()
    run()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def look_back(office: Office, start: int, end: int) -> list[covering.Cover]:
    """Return the cover of all posts over a span, from the database."""
    with office.database.reading() as session:
        return covering.covers(office, session, start, end)


def measure(folder: Path, posts_: int, days: int) -> dict[str, float]:
    """Live so many days at so many posts and look back at them."""
    clock = HandClock(START)
    prepare(folder, {})
    office = open_office(folder, {}, clock)
    year = Year(office, clock, posts_, days)
    year.furnish()
    filling, _ = measured(year.live)
    entries, walked = year.seq, year.owed
    start, now = int(year.first.timestamp()), int(clock.now().timestamp())
    del year
    holes = sum(len(each.holes) for each in look_back(office, start, now))
    # What was written past the tick is followed first, as it would have been minute by minute.
    for _ in range(2 + entries // watching_log.FOLLOWED_AT_ONCE):
        tick(office)
    minutes = []
    for _ in range(20):
        clock.sleep(60)
        minutes.append(measured(lambda: tick(office))[0])
    found: dict[str, float] = {
        "posts": posts_, "days": days, "entries": entries, "rounds": walked, "holes": holes, "fill": filling,
        "cover": best(lambda: look_back(office, start, now)),
        "day": best(lambda: look_back(office, now - 86_400, now)),
        "I5 and I11": best(lambda: duty_shifts.judges(office)),
        "I13": best(lambda: round_duty.judges(office)),
        "tick": statistics.median(minutes), "worst": max(minutes),
        "tick peak": peak_of(lambda: tick(office)),
        "judges peak": peak_of(lambda: (duty_shifts.judges(office), round_duty.judges(office))),
    }  # fmt: skip  # a row of the table
    office.close()
    return found


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--posts", type=int, default=126)
    options.add_argument("--days", type=int, nargs="+", default=[365, 36])
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    found = []
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        for days in asked.days:
            found.append(measure(Path(name) / str(days), asked.posts, days))
    whole = {"posts", "days", "entries", "rounds", "holes"}
    rows: list[list[object]] = [
        [int(value) if name in whole else f"{value:.3f}" for name, value in each.items()] for each in found
    ]
    print_table(list(found[0]), rows)
    print("kept in", keep_results("guard-year", {"years": found}, asked.out))


if __name__ == "__main__":
    main()
