"""How fast the inbox takes files in, beside a bare loop that does only the unavoidable disk work, on the same disk.

python -m benchmarks.inbox [--files 10000] [--out FILE]

Both get the same small files in one run, in turns of a tenth each, so that a slow minute of the machine hits both. The
bare loop does for each file what no safe intake can leave out: copy, fsync, link under its hash, fsync the folder, read
again, rename away, fsync. Memory is the highest of the taking process, its examining child included.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive import durable
from archive.clock import HandClock
from archive.vault import FolderVault
from benchmarks.machine import keep_results, print_table
from desk.office import open_office, prepare
from desk.standing import balance_of
from tests.scanner_inbox.inboxes import inbox_of, make_pdf

TURNS = 10


def take_bare(source: Path, vault: FolderVault, done: Path) -> None:
    """Do the unavoidable work for every file of a folder."""
    for path in sorted(source.iterdir()):
        with path.open("rb") as opened:
            held = vault.hold(opened)
        vault.keep(held)
        vault.verify(held.sha256)
        path.rename(done / path.name)
        durable.sync_folder(done)


def memory_mb() -> float:
    """Return the resident memory of this process and its children."""
    me = psutil.Process()
    return sum(each.memory_info().rss for each in (me, *me.children(recursive=True))) / 1e6


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=10_000)
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        home = Path(name) / "home"
        prepare(home, {})
        office = open_office(home, {}, HandClock())
        bare_vault, bare_done = FolderVault(Path(name) / "bare"), Path(name) / "done"
        bare_vault.prepare()
        bare_done.mkdir()
        each, rows, memory = asked.files // TURNS, [], 0.0
        ours_all = bare_all = cpu_all = 0.0
        with inbox_of(office) as inbox:
            for turn in range(TURNS):
                bare_source = Path(name) / f"bare-{turn}"
                bare_source.mkdir()
                for number in range(each):
                    data = make_pdf(f"{turn}-{number}")
                    (bare_source / f"{number}.pdf").write_bytes(data)
                    inbox.drop(f"may{turn}/{number}.pdf", data)
                os.sync()
                began = time.perf_counter()
                take_bare(bare_source, bare_vault, bare_done)
                bare = time.perf_counter() - began
                began, cpu = time.perf_counter(), time.process_time()
                inbox.settle()
                ours = time.perf_counter() - began
                cpu_all += time.process_time() - cpu
                memory = max(memory, memory_mb())
                ours_all, bare_all = ours_all + ours, bare_all + bare
                rows.append([f"{(turn + 1) * each}", each / ours, each / bare, ours / bare, round(memory)])
            balance = balance_of(office)
        assert balance.balanced
        assert balance.stored == each * TURNS
        print_table(["files so far", "ours files/s", "bare files/s", "times bare", "MB memory"], rows)
        print(f"all: {each * TURNS / ours_all:.0f} files/s, {ours_all / bare_all:.2f} times the bare loop's time")
        print(f"our own CPU: {1000 * cpu_all / (each * TURNS):.2f} ms a file (the examining process beside)")
        office.close()
    print("kept in", keep_results("inbox", {"rows": rows}, asked.out))


if __name__ == "__main__":
    main()
