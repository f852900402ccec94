"""How fast the inbox takes files in, beside a bare loop that does only the unavoidable disk work, on the same disk.

python -m benchmarks.inbox [--files 10000] [--kind small|scan] [--out FILE]

`small` are PDFs of under a kilobyte, where only the number of files counts; `scan` are grey A4 pages of 200 dpi as
JPEG, some 300 KB each, every one with bytes of its own. Both sides get the same files in one run, in turns of a tenth
each, so that a slow minute of the machine hits both. The bare loop does for each file what no safe intake can leave
out: copy, fsync, link under its hash, fsync the folder, read again, rename away, fsync. It looks at nothing, keeps no
rows and waits for the disk one file at a time; no sequential program that keeps the promises can be faster. Memory is
the highest of the taking process, its examining children included.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive import durable
from archive.clock import HandClock
from archive.vault import FolderVault
from benchmarks.machine import keep_results, print_table
from desk.office import open_office, prepare
from desk.standing import balance_of
from tests.scanner_inbox.inboxes import inbox_of, make_pdf

TURNS = 10


def make_scan() -> bytes:
    """Return an A4 page of dark strokes on noisy paper as JPEG."""
    chance = np.random.default_rng(1)
    page = np.full((2339, 1654), 245.0)
    for top in range(150, 2200, 45):
        for left in range(150, 1500, 14):
            if chance.random() < 0.6:
                page[top : top + 24, left : left + 3 + int(chance.integers(6))] = 40
    noisy = np.clip(page + chance.normal(0, 3, page.shape), 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).save(out, "JPEG", quality=50, dpi=(200, 200))
    return out.getvalue()


def make_own(scan: bytes, mark: str) -> bytes:
    """Return the JPEG with a comment, so that its bytes are its own and its decoding costs the same."""
    comment = mark.encode()
    return scan[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + scan[2:]


def take_bare(source: Path, vault: FolderVault, done: Path) -> None:
    """Do the unavoidable work for every file of a folder."""
    for path in sorted(source.iterdir()):
        with path.open("rb") as opened:
            held = vault.hold(opened)
        vault.keep(held)
        vault.verify(held.sha256)
        path.rename(done / path.name)
        durable.sync_folder(done)


def measure_family() -> tuple[float, float]:
    """Return resident memory (MB) and CPU-seconds so far of this process and its children."""
    me = psutil.Process()
    family = [me, *me.children(recursive=True)]
    times = [each.cpu_times() for each in family]
    return sum(each.memory_info().rss for each in family) / 1e6, sum(each.user + each.system for each in times)


def run_turns(files: int, kind: str, place: Path) -> tuple[list[list[object]], dict[str, float]]:
    """Take `files` files in, in turns with the bare loop; returns the table and the sums."""
    home, scan = place / "home", make_scan() if kind == "scan" else b""
    prepare(home, {})
    office = open_office(home, {}, HandClock())
    vault, done = FolderVault(place / "bare"), place / "done"
    vault.prepare()
    done.mkdir()
    each, rows = files // TURNS, list[list[object]]()
    sums = {"files": each * TURNS, "ours": 0.0, "bare": 0.0, "cpu": 0.0, "bare_cpu": 0.0, "mb": 0.0, "memory": 0.0}
    with inbox_of(office) as inbox:
        for turn in range(TURNS):
            source = place / f"bare-{turn}"
            source.mkdir()
            for number in range(each):
                mark = f"{turn}-{number}"
                data = make_own(scan, mark) if scan else make_pdf(mark)
                sums["mb"] += len(data) / 1e6
                (source / f"{number}.pdf").write_bytes(data)
                inbox.drop(f"may{turn}/{number}.pdf", data)
            os.sync()
            began, cpu = time.perf_counter(), measure_family()[1]
            take_bare(source, vault, done)
            bare, bare_cpu = time.perf_counter() - began, measure_family()[1] - cpu
            began, cpu = time.perf_counter(), measure_family()[1]
            inbox.settle()
            ours = time.perf_counter() - began
            memory, now = measure_family()
            sums["memory"] = max(sums["memory"], memory)
            for name, value in (("ours", ours), ("bare", bare), ("cpu", now - cpu), ("bare_cpu", bare_cpu)):
                sums[name] += value
            rows.append([f"{(turn + 1) * each}", each / ours, each / bare, ours / bare, round(memory)])
        balance = balance_of(office)
    office.close()
    assert balance.balanced
    assert balance.stored == each * TURNS
    return rows, sums


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=10_000)
    options.add_argument("--kind", choices=("small", "scan"), default="small")
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        rows, sums = run_turns(asked.files, asked.kind, Path(name))
    print_table(["files so far", "ours files/s", "bare files/s", "times bare", "MB memory"], rows)
    files, ours, bare = sums["files"], sums["ours"], sums["bare"]
    print(
        f"all: {files / ours:.0f} files/s, {sums['mb'] / ours:.1f} MB/s, {ours / bare:.2f} times the bare loop's time"
    )
    print(f"bare loop: {files / bare:.0f} files/s; a file has {1000 * sums['mb'] / files:.0f} KB")
    print(f"CPU: {1000 * sums['cpu'] / files:.2f} ms a file, bare {1000 * sums['bare_cpu'] / files:.2f} ms")
    print("kept in", keep_results("inbox", {"kind": asked.kind, "rows": rows, "sums": sums}, asked.out))


if __name__ == "__main__":
    main()
