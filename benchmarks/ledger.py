"""How fast the custody log is written, checked and proven, beside bare loops on the same disk.

python -m benchmarks.ledger [--entries 1000000] [--rounds 5] [--out FILE]

Appends: see benchmarks/ledger_appends.py. What reads the whole log runs over one of --entries entries in the mix of an
office's years (benchmarks/ledger_mix.py), each in a process of its own, whose highest memory is told: `hashes` is the
check of bytes, tree, heads and signatures; `check` also folds the state and compares it, as `luutru ledger check`;
`invariants` is the whole of `luutru verify`; `export` writes the bundle and `stranger` checks it with its own program.
Proofs are made and checked for a thousand entries spread over the log.
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
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive.clock import HandClock
from benchmarks import ledger_appends, ledger_mix
from benchmarks.machine import keep_results, print_table
from custody import checking, exporting, ledger, proof, witness
from desk import custodial, ledgering, verifier
from desk.office import Office, open_office, prepare

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("hashes", "check", "invariants", "export", "stranger")
NOW = "now.txt"


def fill(home: Path, count: int) -> tuple[float, float]:
    """Make the station with the large log; return entries a CPU second and the database's megabytes."""
    prepare(home, {})
    office, began = open_office(home, {}), time.process_time()
    now = ledger_mix.fill(office.database, ledgering.open_keys(office.settings), count)
    spent = time.process_time() - began
    with office.database.reading() as session:
        witness.copy_heads(session, office.settings.heads_folder)
    office.close()
    (home / NOW).write_text(now.isoformat(), encoding="utf-8")
    return count / spent, (home / "archive.sqlite3").stat().st_size / 1e6


def station(home: Path) -> Office:
    """Open the station with the large log, at the moment of its last entry."""
    now = datetime.fromisoformat((home / NOW).read_text(encoding="utf-8"))
    return open_office(home, {}, HandClock(now), distrusting=False)


def proofs(home: Path, count: int) -> dict[str, float]:
    """Make and check proofs of entries spread over the log: milliseconds and bytes."""
    office = station(home)
    keys = ledgering.open_keys(office.settings)
    made, checked, sizes = [], [], []
    with office.database.reading() as session:
        for seq in range(0, count, max(1, count // 1000)):
            began = time.perf_counter()
            text = exporting.proofs_of(session, [seq], keys)[seq]
            between = time.perf_counter()
            head = proof.check_proof(proof.parse_proof(text), ledger.entry(session, seq).body, keys.known, keys.origin)
            checked.append(1000 * (time.perf_counter() - between))
            made.append(1000 * (between - began))
            sizes.append(len(text.encode()))
            assert head.size == count
    office.close()
    return {
        "made ms, median": statistics.median(made),
        "made ms, 99 of 100": sorted(made)[len(made) * 99 // 100],
        "checked ms, median": statistics.median(checked),
        "bytes, largest, with its entry": max(sizes),
        "bytes, median, with its entry": statistics.median(sizes),
    }


def part(name: str, home: Path) -> None:
    """Do one measurement in this process and print it."""
    office = station(home)
    began, spent = time.perf_counter(), time.process_time()
    if name == "stranger":
        assert verifier.main([str(home / "bundle")]) == 0
    elif name == "export":
        keys = ledgering.open_keys(office.settings)
        with office.database.reading() as session:
            exporting.export(session, keys, home / "bundle", (), {"README.txt": "", "verify.py": ""})
    elif name == "invariants":
        verdicts, _ = custodial.verify(office, lambda _done, _all: None)
        assert not [each for each in verdicts if each.outcome == "breached"], verdicts
    elif name == "check":
        report = ledgering.check(office, lambda _done, _all: None)
        assert (report.findings, report.proven) == ((), report.size - 1)
    else:
        keys = ledgering.open_keys(office.settings)
        with office.database.reading() as session:
            assert checking.check(session, keys.known, keys.origin).findings == ()
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    office.close()
    # Not getrusage: what it tells begins with the memory of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory}))


def measured(name: str, home: Path, count: int) -> list[object]:
    """Run a part in a process of its own; return entries a second by wall and by processor, seconds, and memory."""
    command = [sys.executable, "-m", "benchmarks.ledger", "--part", name, "--home", str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return [name, count / told["wall"], count / told["cpu"], told["cpu"], told["memory"]]


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--out", type=Path)
    options.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    options.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.part:
        part(asked.part, asked.home)
        return
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        writing = ledger_appends.measure(Path(name) / "appends", asked.rounds)
        print_table(["appends", "a second", "of the bare transaction", "CPU ms", "syncs"], writing)
        large = Path(name) / "large"
        filled, size = fill(large, asked.entries)
        print(f"\n{asked.entries} entries, 5 000 a transaction: {filled:.0f} a CPU second, {size:.0f} MB\n")
        reading = [measured(each, large, asked.entries) for each in PARTS]
        print_table(["over the whole log", "entries/s (wall)", "entries/s (CPU)", "CPU s", "MB memory"], reading)
        proven = proofs(large, asked.entries)
        print("\nproofs: " + ", ".join(f"{key} {value:.2f}" for key, value in proven.items()))
    results = {"entries": asked.entries, "appends": writing, "fill": filled, "reading": reading, "proofs": proven}
    print("kept in", keep_results("ledger", results, asked.out))


if __name__ == "__main__":
    main()
