"""What an append costs beside the disk: our ways and bare loops of the same bytes, in turn, in one run.

The ways take turns for a second each, round after round, because the disk's mood changes; what is told is the median of
the rounds, and the ratio within each round. The bare transaction writes the rows that an append writes, by the driver
alone, with the same pragmas and the same commit: what we add to that is our own. `strace` counts the syncs.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pysqlite3

from archive import schema
from archive.database import Database, open_database
from custody import ledger, merkle
from custody.entries import Stamp, body_of
from custody.entries_package import PackagePlaced

ROOT = Path(__file__).resolve().parent.parent
PROCESSES, GROUP, TURN = 8, 50, 1.0
COUNTED = 100
MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
PRAGMAS = (
    "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON", "mmap_size = 0",
)  # fmt: skip  # those of archive/database.py
TABLES = (
    "CREATE TABLE ledger_entry (seq INTEGER PRIMARY KEY, kind TEXT, body BLOB, leaf BLOB)",
    "CREATE INDEX ix_kind ON ledger_entry (kind)",
    "CREATE TABLE ledger_node (level INT, position INT, hash BLOB, PRIMARY KEY (level, position)) WITHOUT ROWID",
)
Way = Callable[[int], int]


def entry(number: int) -> bytes:
    """Return an entry as a busy office writes it."""
    at = MORNING + timedelta(seconds=number)
    place = f"K1-{number % 20}-{number % 6}-{number % 5}"
    placed = PackagePlaced(f"G{number % 40000:07}", "NV012", "NV034", place, "K1", "intact", (f"S0-{number:06}",))
    return body_of(placed, Stamp(at, ("NV012", "NV034"), "quay-1"))


def open_log(home: Path) -> Database:
    """Open the log in a folder, and make it where there is none."""
    home.mkdir(exist_ok=True)
    database = open_database(f"sqlite:///{home / 'log.sqlite3'}")
    schema.upgrade(database)
    return database


def append(database: Database, start: int, count: int) -> None:
    """Append entries in one transaction."""
    bodies = [entry(start + number) for number in range(count)]
    with database.atomic() as session:
        ledger.append(session, bodies)


def bare_file(home: Path) -> Way:
    """Return the loop that appends an entry's bytes to a file and syncs it."""
    home.mkdir(exist_ok=True)
    out = (home / "bare").open("ab")

    def write(done: int) -> int:
        out.write(entry(done))
        out.flush()
        os.fsync(out.fileno())
        return 1

    return write


def bare_transaction(home: Path) -> Way:
    """Return the loop that commits the rows of one append by the driver alone."""
    home.mkdir(exist_ok=True)
    connection = pysqlite3.connect(str(home / "bare.sqlite3"), isolation_level=None)
    for each in PRAGMAS:
        connection.execute(f"PRAGMA {each}")
    for each in TABLES:
        connection.execute(each)

    def write(done: int) -> int:
        body = entry(done)
        leaf = merkle.leaf_hash(body)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO ledger_entry VALUES (?, 'package-placed', ?, ?)", (done, body, leaf))
        level, index = 1, done
        while index & 1:
            index >>= 1
            connection.execute("INSERT INTO ledger_node VALUES (?, ?, ?)", (level, index, leaf))
            level += 1
        connection.execute("COMMIT")
        return 1

    return write


def ours(home: Path, group: int) -> Way:
    """Return the loop that appends to our log, so many entries a transaction."""
    database = open_log(home)

    def write(done: int) -> int:
        append(database, done, group)
        return group

    return write


def ways(home: Path) -> dict[str, Way]:
    """Return every way of one process, by its name."""
    return {
        "file": bare_file(home / "file"),
        "transaction": bare_transaction(home / "transaction"),
        "one": ours(home / "one", 1),
        "grouped": ours(home / "grouped", GROUP),
    }


NAMES = {
    "file": "bare write and fsync of the same bytes",
    "transaction": "bare SQLite transaction of the same rows",
    "one": "ours, one entry a transaction",
    "grouped": f"ours, {GROUP} entries a transaction",
    "many": f"ours, {PROCESSES} processes, one a transaction",
}


def measure(home: Path, rounds: int) -> list[list[object]]:
    """Return (name, a second, of the bare transaction, CPU ms each, syncs each) of every way."""
    home.mkdir()
    loops, done = ways(home), dict.fromkeys(NAMES, 0)
    rates: dict[str, list[float]] = {name: [] for name in NAMES}
    spent = dict.fromkeys(NAMES, 0.0)
    for _ in range(rounds):
        for name, write in loops.items():
            began, before, busy = time.perf_counter(), done[name], time.process_time()
            while time.perf_counter() - began < TURN:
                done[name] += write(done[name])
            rates[name].append((done[name] - before) / (time.perf_counter() - began))
            spent[name] += time.process_time() - busy
        rates["many"].append(many(home / "many"))
    syncs = {name: count_syncs(home, name) for name in loops}
    return [
        [
            NAMES[name],
            statistics.median(rates[name]),
            statistics.median(a / b for a, b in zip(rates[name], rates["transaction"], strict=True)),
            1000 * spent[name] / done[name] if done[name] else None,
            syncs.get(name),
        ]
        for name in NAMES
    ]


def many(home: Path) -> float:
    """Return appends a second of eight processes together, one entry a transaction."""
    open_log(home).close()
    command = [sys.executable, "-m", "benchmarks.ledger_appends", "append", str(home)]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return sum(float(process.communicate()[0]) for process in started)


def count_syncs(home: Path, name: str) -> float | None:
    """Return how often one append of a way makes the kernel sync, None where there is no strace."""
    if shutil.which("strace") is None:
        return None
    room = home / f"strace-{name}"
    room.mkdir()
    command = [sys.executable, "-m", "benchmarks.ledger_appends", name, str(room)]
    watched = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,getppid", *command]
    told = subprocess.run(watched, cwd=ROOT, capture_output=True, text=True, check=True).stderr
    # Two calls that do nothing else stand around the loop, so that opening and closing are not counted.
    inside = told.split("getppid()")[1]
    return len(re.findall(r"\bf(?:data)?sync\(", inside)) / (COUNTED * (GROUP if name == "grouped" else 1))


def part(name: str, home: Path) -> None:
    """Do one way in this process: for a second, or a hundred times between two marks."""
    if name == "append":
        database = open_log(home)
        print("ready", flush=True)
        sys.stdin.readline()
        began, count = time.perf_counter(), 0
        while time.perf_counter() - began < TURN:
            append(database, count, 1)
            count += 1
        print(count / (time.perf_counter() - began))
        return
    write = ways(home)[name]
    write(0)
    os.getppid()
    done = GROUP
    for _ in range(COUNTED):
        done += write(done)
    os.getppid()


if __name__ == "__main__":
    part(sys.argv[1], Path(sys.argv[2]))
