"""What it costs to hand a post over with all its boxes: begin, scan each of them, count, close with two PINs.

python -m benchmarks.hand_over [--boxes 50 500 5000] [--times 5] [--out FILE]

Two guards relieve each other with every box in the store scanned and two PINs checked each time, as at a change of
shift. Seconds are the processor's, the median of all times; the wall's stand beside. A PIN is checked by Argon2id,
which is slow on purpose: its share is told apart. The first start and the filling are not counted.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil

from archive import people, places, posts
from archive.clock import HandClock
from benchmarks.guard import START, fill, measured
from benchmarks.machine import keep_results, print_table
from custody.projections import Projections
from custody.relief import expected_of
from desk import reliefs, shifts
from desk.office import Office, open_office, prepare
from desk.reliefs import Closing

POST, STORE, GUARDS, PIN = "P1", "K1", ("BV01", "BV02"), "739164"
STEPS = ("begin", "scan", "count", "close")


def furnish(office: Office, boxes: int) -> None:
    """Give the office a store, a post, two guards with PINs and so many sealed boxes; the first guard begins."""
    now = office.clock.now()
    with office.database.atomic() as session:
        places.add(session, None, "store", STORE, now)
        posts.add(session, code=POST, name="Kho 1", place=STORE, watches=(), now=now)
        for code in GUARDS:
            people.add(session, code=code, name=f"Bảo vệ {code}", unit="BV", roles=["guard"], pin=PIN, now=now)
    fill(office, boxes)
    shifts.start(office, POST, GUARDS[0], [(GUARDS[0], PIN)])


def hand_over(office: Office, giver: str, receiver: str) -> dict[str, tuple[float, float]]:
    """Hand the post over with everything that is there; return the (processor's, wall's) seconds of each step."""
    with office.database.reading() as session:
        there = sorted(expected_of(Projections(session), giver, (STORE,)))
    draft = reliefs.begin(office, POST, giver, receiver)
    both = [(giver, PIN), (receiver, PIN)]
    return {
        "begin": measured(lambda: reliefs.begin(office, POST, giver, receiver)),
        "scan": measured(lambda: reliefs.scan(office, draft.code, there)),
        "count": measured(lambda: reliefs.count(office, draft.code, both[1:])),
        "close": measured(lambda: reliefs.hand_over(office, draft.code, both, Closing(open_incidents=True))),
    }


def measure(folder: Path, boxes: int, times: int) -> dict[str, float]:
    """Hand over so many times, there and back; return the medians of each step and what memory grew by."""
    clock = HandClock(START)
    prepare(folder, {})
    office = open_office(folder, {}, clock)
    furnish(office, boxes)
    process, took = psutil.Process(), list[dict[str, tuple[float, float]]]()
    before = process.memory_info().rss
    for number in range(times):
        clock.moment += timedelta(hours=8)
        took.append(hand_over(office, GUARDS[number % 2], GUARDS[1 - number % 2]))
    pin, _ = measured(lambda: people.authenticate(office.database, GUARDS[0], PIN, clock.now()))
    grown = process.memory_info().rss - before
    office.close()
    medians = {step: statistics.median(each[step][0] for each in took) for step in STEPS}
    whole = statistics.median(sum(each[step][0] for step in STEPS) for each in took)
    wall = statistics.median(sum(each[step][1] for step in STEPS) for each in took)
    return {"boxes": boxes, **medians, "whole": whole, "wall": wall, "one PIN": pin, "grown": grown / 1e6}


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--boxes", type=int, nargs="+", default=[50, 500, 5000])
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = [measure(Path(name) / str(boxes), boxes, asked.times) for boxes in asked.boxes]
    print_table(
        ["boxes", *(f"{step} s" for step in STEPS), "whole s", "wall s", "one PIN s", "grown MB"],
        [[int(each["boxes"]), *(f"{value:.3f}" for value in list(each.values())[1:])] for each in found],
    )
    print("kept in", keep_results("hand_over", {"hand_overs": found}, asked.out))


if __name__ == "__main__":
    main()
