"""How fast the custody log is written, checked and proven, beside a bare loop of write and fsync on the same disk.

python -m benchmarks.ledger [--entries 1000000] [--seconds 5] [--out FILE]

Appends: one entry a transaction, fifty a transaction, and eight processes at once, each with SQLite's synchronous=FULL;
the bare loop appends one page of 4 096 bytes to a file and syncs it, before and after, because the disk's mood changes.
Checking, export and the single-file verifier run over a log of --entries entries, each in a process of its own, whose
highest memory is told. Proofs are made and checked for a thousand entries spread over the log.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive import schema
from archive.database import Database, open_database
from benchmarks.machine import keep_results, print_table
from custody import checking, exporting, ledger, proof, signing
from custody.canonical import encode
from desk import verifier

ROOT = Path(__file__).resolve().parent.parent
ORIGIN, PROCESSES, GROUP, FILL = "luutru/benchmark", 8, 50, 5000


def entry(number: int) -> bytes:
    """Return an entry as a busy office writes it."""
    clock = f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
    return encode(
        {
            "v": 1,
            "kind": "placed",
            "at": f"2026-03-02T{clock}+07:00",
            "by": ["NV012", "NV034"],
            "desk": "quay-1",
            "package": f"G{number % 40000:07}",
            "place": f"K1-{number % 20}-{number % 6}-{number % 5}",
            "deadline": None,
            "number": number,
        }
    )


def open_log(home: Path) -> Database:
    """Open the log in a folder, and make it where there is none."""
    database = open_database(f"sqlite:///{home / 'log.sqlite3'}")
    schema.upgrade(database)
    return database


def append(database: Database, start: int, count: int) -> None:
    """Append entries in one transaction."""
    bodies = [entry(start + number) for number in range(count)]
    with database.atomic() as session:
        ledger.append(session, bodies)


def rate(seconds: float, work: Callable[[int], int]) -> float:
    """Return how many things a second `work` does; it is told how many are done and returns how many it did."""
    done, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        done += work(done)
    return done / spent


def bare(home: Path, seconds: float) -> float:
    """Return how many pages a second are appended and synced."""
    with (home / "bare").open("ab") as out:

        def write(_done: int) -> int:
            out.write(bytes(4096))
            out.flush()
            os.fsync(out.fileno())
            return 1

        return rate(seconds, write)


def many(home: Path, seconds: float) -> float:
    """Return appends a second of eight processes together, one entry a transaction."""
    command = [sys.executable, "-m", "benchmarks.ledger", "--part", "append", "--home", str(home)]
    started = [
        subprocess.Popen(
            [*command, "--seconds", str(seconds)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
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


def appends(home: Path, seconds: float) -> list[list[object]]:
    """Measure the ways of appending."""
    home.mkdir()
    database = open_log(home)

    def grouped(done: int) -> int:
        append(database, done, GROUP)
        return GROUP

    def single(done: int) -> int:
        append(database, done, 1)
        return 1

    before, spent = bare(home, seconds), time.process_time()
    one = rate(seconds, single)
    # Of a lone append's time, what is not this is the disk's.
    print(f"processor time of one append alone: {1000 * (time.process_time() - spent) / (one * seconds):.2f} ms\n")
    fifty, eight = rate(seconds, grouped), many(home, seconds)
    after = bare(home, seconds)
    disk = (before + after) / 2
    with database.reading() as session:
        report = checking.check(session, (), ORIGIN)
        assert report.findings == (), report.findings[:3]
    database.close()
    return [
        ["bare write and fsync, before", before, before / disk],
        ["one entry a transaction", one, one / disk],
        [f"{GROUP} entries a transaction", fifty, fifty / disk],
        [f"{PROCESSES} processes, one entry a transaction", eight, eight / disk],
        ["bare write and fsync, after", after, after / disk],
    ]


def fill(home: Path, count: int) -> float:
    """Make the large log, signed every hundred thousand; return entries a second."""
    home.mkdir()
    database, keys, began = open_log(home), signing.open_keys(home / "keys", ORIGIN), time.perf_counter()
    for start in range(0, count, FILL):
        append(database, start, min(FILL, count - start))
        if start % 100_000 == 0 or start + FILL >= count:
            with database.atomic() as session:
                signing.sign_head(session, keys, "asked")
    database.close()
    return count / (time.perf_counter() - began)


def proofs(home: Path, count: int) -> dict[str, float]:
    """Make and check proofs of entries spread over the log: milliseconds and bytes."""
    database, keys = open_log(home), signing.open_keys(home / "keys", ORIGIN)
    made, checked, sizes = [], [], []
    with database.reading() as session:
        for seq in range(0, count, max(1, count // 1000)):
            began = time.perf_counter()
            text = exporting.proofs_of(session, [seq], keys)[seq]
            between = time.perf_counter()
            head = proof.check_proof(proof.parse_proof(text), ledger.entry(session, seq).body, keys.known, ORIGIN)
            checked.append(1000 * (time.perf_counter() - between))
            made.append(1000 * (between - began))
            sizes.append(len(text.encode()))
            assert head.size == count
    database.close()
    return {
        "made ms, median": statistics.median(made),
        "made ms, 99 of 100": sorted(made)[len(made) * 99 // 100],
        "checked ms, median": statistics.median(checked),
        "bytes, largest": max(sizes),
    }


def part(name: str, home: Path, seconds: float) -> None:
    """Do one measurement in this process and print it."""
    database, keys = open_log(home), signing.open_keys(home / "keys", ORIGIN)
    if name == "append":
        print("ready", flush=True)
        sys.stdin.readline()
        print(rate(seconds, lambda done: append(database, done, 1) or 1))
        return
    began, spent = time.perf_counter(), time.process_time()
    if name == "verify":
        assert verifier.main([str(home / "bundle")]) == 0
    else:
        with database.reading() as session:
            if name == "export":
                exporting.export(session, keys, home / "bundle", (), {"README.txt": "", "verify.py": ""})
            else:
                report = checking.check(session, keys.known, ORIGIN)
                assert report.findings == ()
                assert report.proven == report.size - 1
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    # Not getrusage: what it tells begins with the memory of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory}))


def measured(name: str, home: Path, count: int) -> list[object]:
    """Run a part in a process of its own; return entries a second by wall and by processor, and memory."""
    command = [sys.executable, "-m", "benchmarks.ledger", "--part", name, "--home", str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return [name, count / told["wall"], count / told["cpu"], told["memory"]]


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--out", type=Path)
    options.add_argument("--part", choices=["append", "check", "export", "verify"], help=argparse.SUPPRESS)
    options.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.part:
        part(asked.part, asked.home, asked.seconds)
        return
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        writing = appends(Path(name) / "appends", asked.seconds)
        print_table(["appends", "a second", "of the bare loop"], writing)
        large = Path(name) / "large"
        filled = fill(large, asked.entries)
        print(
            f"\n{asked.entries} entries, {FILL} a transaction: {filled:.0f} a second, "
            f"{(large / 'log.sqlite3').stat().st_size / 1e6:.0f} MB\n"
        )
        reading = [measured(each, large, asked.entries) for each in ("check", "check", "export", "verify")]
        print_table(["over the whole log", "entries/s (wall)", "entries/s (CPU)", "MB memory"], reading)
        proven = proofs(large, asked.entries)
        print("\nproofs: " + ", ".join(f"{key} {value:.2f}" for key, value in proven.items()))
    results = {"entries": asked.entries, "appends": writing, "fill": filled, "reading": reading, "proofs": proven}
    print("kept in", keep_results("ledger", results, asked.out))


if __name__ == "__main__":
    main()
