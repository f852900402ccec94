"""How long the minute tick takes, with the boxes of one office and with those of a city, and whether memory stays flat.

python -m benchmarks.guard [--boxes 500 63000] [--ticks 200] [--out FILE]

Each store has one sealed box for each entry of the list, fifty boxes in doubt, fifty open past their deadline, and two
hundred loans past theirs: all of them alarms. The first tick raises these and sends nothing; later ones look at
everything again, a minute apart. The checks of the log (light each hour, whole each night) are told apart: they come
after the alarms. Seconds are the processor's; the wall's stand beside them. To reach: a tick under one second.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil

from archive.clock import HandClock
from archive.refs import new_code
from benchmarks.machine import keep_results, print_table
from custody import alarming as kept
from custody import entries_package as package
from custody import entries_register as register
from custody import ledger
from custody.entries import Entry, Stamp, body_of
from custody.entries_seals import RollIssued
from custody.folding import effects
from custody.holdings import Value
from custody.manifest import digest_of
from custody.moments import format_moment
from custody.projections import Projections
from custody.state import State
from desk import alarming, duty, ledgering, watching_log
from desk.office import Office, open_office, prepare

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
SUSPECTS, OPEN, LOANS, AT_ONCE = 50, 50, 200, 5000
MINUTE = timedelta(minutes=1)


class Filler:
    """Writes entries and the state they lead to in large parts, as `record` would one by one."""

    def __init__(self, office: Office) -> None:
        self.office, self.state = office, State()
        self.bodies: list[bytes] = []
        self.changed: dict[tuple[type, str], Value] = {}
        self.seq = 0

    def write(self, entry: Entry, *by: str) -> None:
        """Add one entry of the beginning."""
        self.add(entry, Stamp(START.astimezone(), by, "benchmark"))

    def add(self, entry: Entry, stamp: Stamp) -> None:
        """Add one entry with its stamp."""
        self.bodies.append(body_of(entry, stamp))
        for value in effects(self.state, self.seq, entry, stamp):
            self.state.put(value)
            self.changed[type(value), str(getattr(value, next(iter(value.__dataclass_fields__))))] = value
        self.seq += 1
        if len(self.bodies) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what was added."""
        with self.office.database.atomic() as session:
            ledger.append(session, self.bodies)
            values = list(self.changed.values())
            for start in range(0, len(values), 500):
                Projections(session).put(values[start : start + 500])
        self.bodies, self.changed = [], {}


def fill(office: Office, boxes: int) -> None:
    """Give an office so many sealed boxes, some of them a case for alarms, and loans that are overdue."""
    chance, filler = random.Random(1), Filler(office)
    width, past = 7, format_moment((START - timedelta(hours=1)).astimezone())
    for start in range(0, boxes, 90_000):
        filler.write(RollIssued(f"R{start}", "A", start + 1, min(90_000, boxes - start), width), "TUAN")
    names = [f"P01.{n:06}" for n in range(boxes + LOANS)]
    for start in range(0, len(names), 400):
        part = tuple((name, 10, "ab" * 32) for name in names[start : start + 400])
        filler.write(register.DossiersRegistered(f"import-{start}", "P01", part), "LAN")
    for name in names[boxes:]:
        filler.write(register.DossiersMoved((name,), "shelf", "K1/G9", 10), "LAN")
        filler.write(register.DossierLent(name, "MINH", "5/GP", past, 10), "TUAN", "MINH")
    for number in range(boxes):
        code, seal = new_code(chance.randrange), f"A{number + 1:0{width}}"
        filler.write(package.PackageDrafted(code, "LAN"), "LAN")
        filler.write(register.DossiersMoved((names[number],), "package", code, 10), "LAN")
        filler.write(package.PackagePacked(code, (1, 10), (1, 10)), "LAN", "MINH")
        digest = digest_of(code, filler.state.contents(code))
        place = f"K1/G{number % 500}"
        filler.write(package.PackageSealed(code, "LAN", "TUAN", (seal,), place, "K1", digest), "TUAN", "LAN")
        if number < SUSPECTS:
            filler.write(package.PackageChecked(code, "broken", (seal,)), "BINH")
        elif number < SUSPECTS + OPEN:
            opened = package.PackageOpened(code, "TUAN", "TUAN", "1/QĐ", "scan", "intact", (seal,), past)
            filler.write(opened, "CHU", "TUAN", "BINH")
    filler.flush()
    ledgering.sign_head(office)


def measured(run: Callable[[], object]) -> tuple[float, float]:
    """Return the processor's and the wall's seconds of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return time.process_time() - cpu, time.perf_counter() - wall


def tick(office: Office) -> None:
    """Do what the tick does before anything slow: catch up, ask every part, evaluate, keep."""
    alarming.evaluate(office, duty.catch_up(office))


def measure(folder: Path, boxes: int, ticks: int) -> dict[str, object]:
    """Fill an office and tick in it."""
    clock = HandClock(START)
    prepare(folder, {})
    office = open_office(folder, {}, clock)
    filling, _ = measured(lambda: fill(office, boxes))
    first, _ = measured(lambda: tick(office))
    with office.database.reading() as session:
        alarms = sum(kept.counts(session).values())
    process = psutil.Process()
    later: list[tuple[float, float]] = []
    memory: list[int] = []
    for number in range(ticks):
        clock.sleep(60)
        later.append(measured(lambda: tick(office)))
        if number in {ticks // 4, ticks - 1}:
            memory.append(process.memory_info().rss)
    light, _ = measured(lambda: watching_log.check_lightly(office))
    whole, _ = measured(lambda: watching_log.check_wholly(office))
    with office.database.reading() as session:
        entries = ledger.size(session)
    office.close()
    return {
        "boxes": boxes, "entries": entries, "alarms": alarms, "fill": filling, "first": first,
        "median": statistics.median(each[0] for each in later), "worst": max(each[0] for each in later),
        "wall": statistics.median(each[1] for each in later), "light": light, "whole": whole,
        "memory": memory[-1], "grown": memory[-1] - memory[0],
    }  # fmt: skip  # a row of the table


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--boxes", type=int, nargs="+", default=[500, 63_000])
    options.add_argument("--ticks", type=int, default=200)
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    found = []
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        for boxes in asked.boxes:
            found.append(measure(Path(name) / str(boxes), boxes, asked.ticks))
    header = ["boxes", "entries", "alarms", "first tick s", "tick s (median)", "worst", "wall", "light check s",
              "whole check s", "memory MB", "grown MB in 3/4 of the ticks"]  # fmt: skip  # one row
    names = ("boxes", "entries", "alarms", "first", "median", "worst", "wall", "light", "whole")
    rows = [
        [
            *(_shown(each[name]) for name in names),
            *(f"{int(str(each[name])) / 1e6:.1f}" for name in ("memory", "grown")),
        ]
        for each in found
    ]
    print_table(header, rows)
    print("kept in", keep_results("guard", {"ticks": found}, asked.out))


def _shown(value: object) -> object:
    return f"{value:.3f}" if isinstance(value, float) else value


def _megabytes(value: object) -> str:
    return f"{int(str(value)) / 1e6:.1f}"


if __name__ == "__main__":
    main()
