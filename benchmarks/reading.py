"""What reading a page costs, side by side with OCRmyPDF and bare Tesseract, interleaved in one run.

python -m benchmarks.reading [--quick] [--out FILE]

Every contender is a process of its own, start-up counted, and gets the same pages: one PDF of colour pages,
or (bare Tesseract) the very JPEGs inside it. CPU seconds are those the system counts for the process and all
it started, memory is the highest sum over them. Each round starts with another contender; ratios are taken
within a round. OCRmyPDF runs with the system's Tesseract, as its packages do; "ours" with the newest found.

paperless-ngx adds --skip-text, which OCRmyPDF refuses beside some versions of Ghostscript. No page here holds
text, so that there is nothing to skip and the work is the same: the option is given where it is allowed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.accuracy import find_ocrmypdf, system_path
from benchmarks.machine import keep_results, print_table
from benchmarks.reading_pages import Work, find_real, make_generated
from digitize.ocr import find_engine
from tests.generated_pages import PageSpec, draw_page, save_as_pdf

_ROOT = Path(__file__).resolve().parent.parent
_OURS = (
    "import sys\nfrom digitize import read_pages\n"
    "from digitize.layers import write_searchable, write_thumbnail\n"
    "source, target = sys.argv[1:]\n"
    "write_searchable(source, read_pages(source), target); write_thumbnail(source, target + '.webp')\n"
)
# What is promised: this many times fewer processor seconds than each contender needs.
_WANTED = {
    "tesseract, OMP 1": 1.0,
    "ocrmypdf, pdf -O0": 2.5,
    "ocrmypdf, deskew rotate": 5.5,
    "ocrmypdf, as paperless-ngx": 10.0,
}
_PAPERLESS = ["--output-type", "pdfa", "--clean", "--deskew", "--rotate-pages"]
_PAPERLESS += ["--rotate-pages-threshold", "12.0", "--color-conversion-strategy", "RGB"]


@dataclass(frozen=True)
class Cost:
    """What one run cost: seconds of processor and of wall a page, bytes of memory and of output."""

    cpu: float
    wall: float
    memory: int
    output: int


def run(command: list[str], pages: int, target: Path, env: dict[str, str]) -> Cost | None:
    """Run one contender to its end and count what it cost; None, with its words, when it refuses the work."""
    began = time.perf_counter()
    with target.with_suffix(".log").open("w+b") as log:
        process = subprocess.Popen(command, env=env, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=log)
        peak = [0]
        watcher = threading.Thread(target=_watch_memory, args=(process.pid, peak), daemon=True)
        watcher.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        watcher.join()
        log.seek(0)
        told = log.read().decode("utf-8", "replace").strip()
    if process.returncode:
        print(f"refused: {' '.join(command[:12])}: {told[-200:]}")
        return None
    size = sum(p.stat().st_size for p in target.parent.glob(f"{target.stem}*") if p.suffix == ".pdf")
    return Cost((used.ru_utime + used.ru_stime) / pages, wall / pages, peak[0], size)


def _watch_memory(pid: int, peak: list[int]) -> None:
    """Keep the highest sum of resident memory of a process and its children, looked at ten times a second."""
    with suppress(psutil.Error):
        root = psutil.Process(pid)
        while root.is_running() and root.status() != psutil.STATUS_ZOMBIE:
            total = 0
            for process in [root, *root.children(recursive=True)]:
                with suppress(psutil.Error):
                    total += process.memory_info().rss
            peak[0] = max(peak[0], total)
            time.sleep(0.1)


def list_contenders() -> dict[str, Callable[[Work, Path], list[str]]]:
    """List who takes part: the command each gives for a work and a target."""
    newest = find_engine()
    contenders: dict[str, Callable[[Work, Path], list[str]]] = {
        "ours": lambda work, target: [sys.executable, "-c", _OURS, str(work.pdf), str(target)],
        "tesseract, OMP 1": write_listing,
        f"tesseract {newest.version}, OMP 1": lambda work, target: [
            newest.path,
            *write_listing(work, target)[1:],
            "--tessdata-dir",
            newest.tessdata,
        ],
    }
    ocrmypdf = find_ocrmypdf()
    if ocrmypdf is None:
        print("OCRmyPDF is not installed: left out")
        return contenders
    settings = {
        "ocrmypdf, defaults": [],
        "ocrmypdf, pdf -O0": ["--output-type", "pdf", "-O0"],
        "ocrmypdf, deskew rotate": ["--deskew", "--rotate-pages"],
        "ocrmypdf, as paperless-ngx": [*_PAPERLESS, *(["--skip-text"] if can_skip_text() else [])],
    }
    for name, options in settings.items():
        contenders[name] = lambda work, target, options=options: [
            ocrmypdf,
            "-q",
            "-l",
            "vie",
            "--invalidate-digital-signatures",
            *options,
            str(work.pdf),
            str(target),
        ]
    return contenders


def can_skip_text() -> bool:
    """Tell whether OCRmyPDF takes --skip-text beside this Ghostscript: it refuses 10.0.0 to 10.02.0."""
    told = subprocess.run(["gs", "--version"], capture_output=True, check=True, text=True).stdout.strip()
    version = tuple(int(part) for part in told.split("."))
    return not (10, 0, 0) <= version < (10, 2, 1)


def write_listing(work: Work, target: Path) -> list[str]:
    """Give bare Tesseract all pages in one process, the leanest way to have text and boxes of it."""
    listing = target.with_suffix(".txt")
    listing.write_text("".join(f"{path}\n" for path in work.jpegs), encoding="utf-8")
    return ["tesseract", str(listing), str(target.with_suffix("")), "-l", "vie", "-c", "tessedit_create_tsv=1"]


def measure(work: Work, rounds: int, folder: Path) -> dict[str, list[Cost]]:
    """Run every contender in every round, each round beginning with the next one."""
    contenders = list_contenders()
    names = list(contenders)
    costs: dict[str, list[Cost]] = {name: [] for name in names}
    env = {**os.environ, "PATH": system_path()}
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            target = folder / f"{work.name.split()[0]}-{names.index(name)}-{turn}.pdf"
            bare = {"OMP_THREAD_LIMIT": "1"} if name.startswith("tesseract") else {}
            command = contenders[name](work, target)
            cost = run(command, len(work.jpegs), target, {**env, **bare})
            if cost is not None:
                costs[name].append(cost)
    return {name: runs for name, runs in costs.items() if runs}


def show(work: Work, costs: dict[str, list[Cost]]) -> dict[str, object]:
    """Print a work as a table: medians, and least, middle and greatest of each round's CPU over ours."""
    print(f"\n{work.name}, {len(work.jpegs)} pages, {work.pdf.stat().st_size / 1e6:.2f} MB")
    rows: list[list[object]] = []
    for name, runs in costs.items():
        c, ratios = _median(runs), [run.cpu / ours.cpu for run, ours in zip(runs, costs["ours"], strict=False)]
        spread = " / ".join(f"{f(ratios):.2f}" for f in (min, statistics.median, max))
        wanted = _WANTED.get(name)
        reached = "" if wanted is None else f"{wanted} {'yes' if statistics.median(ratios) >= wanted else 'NO'}"
        output = round(c.output / 1e6, 2)
        rows.append([name, c.cpu, spread, reached, c.wall, round(c.memory / 1e6), output])
    columns = ["contender", "CPU-s/page", "times ours, min / median / max", "wanted", "wall s/page", "MB memory"]
    print_table([*columns, "MB output"], rows)
    return {name: [asdict(cost) for cost in runs] for name, runs in costs.items()}


def _median(runs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(c.cpu for c in runs),
        statistics.median(c.wall for c in runs),
        max(c.memory for c in runs),
        runs[-1].output,
    )


_LONG = (
    "import sys\nfrom digitize import read_pages\nfor page in read_pages(sys.argv[1]): print(page.number, flush=True)\n"
)


def show_growth(folder: Path, count: int) -> dict[str, int]:
    """Read a long PDF and print the highest memory of its first tenth and of the whole (bytes)."""
    drawn = [draw_page(PageSpec(seed=70 + n, dpi=200, paragraphs=0)) for n in range(5)]
    pdf = save_as_pdf([drawn[n % 5] for n in range(count)], folder / "long.pdf")
    process = subprocess.Popen([sys.executable, "-c", _LONG, str(pdf)], stdout=subprocess.PIPE, cwd=_ROOT, text=True)
    peak, early, last = [0], 0, 0
    watcher = threading.Thread(target=_watch_memory, args=(process.pid, peak), daemon=True)
    watcher.start()
    assert process.stdout is not None
    for line in process.stdout:
        last = int(line)
        if last == count // 10:
            early = peak[0]
    assert process.wait() == 0
    assert last == count
    print(
        f"\nmemory over {count} pages: {early / 1e6:.0f} MB in the first {count // 10}, {peak[0] / 1e6:.0f} MB in all"
    )
    return {"pages": count, "first_tenth": early, "all": peak[0]}


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="few pages, one round")
    options.add_argument("--rounds", type=int, default=3, help="how often each contender runs (3)")
    options.add_argument("--generated-only", action="store_true", help="leave the real scans out")
    options.add_argument("--pages", type=int, default=10, help="how many generated pages (10)")
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        works = [make_generated(folder, 5 if asked.quick else asked.pages)]
        if not asked.generated_only:
            works += find_real(folder, asked.quick)
        results["memory"] = show_growth(folder, 40 if asked.quick else 300)
        for work in works:
            results[work.name] = show(work, measure(work, 1 if asked.quick else asked.rounds, folder))
    print("kept in", keep_results("reading", results, asked.out))


if __name__ == "__main__":
    main()
