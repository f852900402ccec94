"""How much of a page is read right: character and word error beside plain Tesseract and OCRmyPDF.

python -m benchmarks.accuracy [--quick] [--out FILE] [--no-ocrmypdf]

CER and WER are edits over the truth's characters and words (NFC, white space collapsed), so that every
region of a page can be given its own: an error belongs to the region of the truth where the alignment puts
it. "Found" is the share of the truth's words that stand anywhere in what was read, counted as often as they
occur in both.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.machine import keep_results, print_table
from digitize import read
from tests.generated_pages import PageSpec, draw_page, save_as_jpeg

REGIONS = ("letterhead", "body", "footer")
_DATE = re.compile(r"ngày.{0,12}tháng.{0,12}năm", re.IGNORECASE)
_FOOT = re.compile(r"^(Nơi nhận|TM\.|KT\.|TL\.|Q\. |CHỦ TỊCH$)")


@dataclass(frozen=True)
class Sample:
    """One page: its picture, its truth line by line, and each line's region."""

    name: str
    path: Path
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Score:
    """Edits and lengths of one page by one reader; `regions` holds (edits, characters) of each region."""

    char_edits: int
    chars: int
    word_edits: int
    words: int
    found: int
    regions: dict[str, tuple[int, int]]


def clean(text: str) -> str:
    """Bring a text to NFC with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def score_text(lines: Sequence[tuple[str, str]], text: str) -> Score:
    """Score what was read against the truth."""
    truth, owners = "", list[str]()
    for line, region in lines:
        told = clean(line)
        if told:
            truth += (" " if truth else "") + told
            owners += [region] * (len(truth) - len(owners))
    read_text = clean(text)
    edits = Levenshtein.editops(truth, read_text)
    wrong = Counter(owners[min(op.src_pos, len(owners) - 1)] for op in edits)
    sizes = Counter(owners)
    words, read_words = truth.split(), read_text.split()
    found = sum((Counter(words) & Counter(read_words)).values())
    regions = {name: (wrong[name], sizes[name]) for name in REGIONS}
    return Score(len(edits), len(truth), Levenshtein.distance(words, read_words), len(words), found, regions)


def split_regions(text: str) -> tuple[tuple[str, str], ...]:
    """Tell letterhead, body and footer of a truth apart by its own words (Decree 30/2020 layout)."""
    lines = [line for line in text.splitlines() if line.strip()]
    dated = [n for n, line in enumerate(lines[:9]) if _DATE.search(line)]
    body = dated[0] + 1 if dated else 0
    feet = [n for n, line in enumerate(lines) if n >= max(body, len(lines) // 3) and _FOOT.match(line.strip())]
    foot = feet[0] if feet else len(lines)
    return tuple(
        (line, "letterhead" if n < body else "footer" if n >= foot else "body") for n, line in enumerate(lines)
    )


def list_real(quick: bool) -> list[Sample]:
    """List the pages with ground truth of the shared folder, none when it is absent."""
    named = os.environ.get("LUUTRU_TEST_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
    samples = []
    for truth in sorted(folder.glob("pages/*.gt.txt")):
        picture = truth.with_name(truth.name.replace(".gt.txt", ".png"))
        samples.append(Sample(truth.name[: -len(".gt.txt")], picture, split_regions(truth.read_text("utf-8"))))
    return samples[::4] if quick else samples


def make_generated(folder: Path, count: int) -> list[Sample]:
    """Draw stamped pages: 200 and 300 dpi, level and skewed, white and yellow paper."""
    samples = []
    for seed in range(1, count + 1):
        spec = PageSpec(
            seed=seed,
            dpi=(200, 300)[seed % 2],
            skew=(0, 0.4, -1.1, 2.0)[seed % 4],
            stamped=True,
            yellow=seed % 3 == 0,
        )
        page = draw_page(spec)
        path = save_as_jpeg(page, folder / f"generated-{seed}.jpg")
        lines = tuple((line.text, line.region) for line in page.rows)
        samples.append(Sample(path.stem, path, lines))
    return samples


def read_ours(path: Path) -> str:
    """Read with this project."""
    return read(path).text


def read_plain(path: Path) -> str:
    """Read with `tesseract -l vie` and nothing else, as the system installs it."""
    env = {**os.environ, "OMP_THREAD_LIMIT": "1", "PATH": system_path()}
    done = subprocess.run(["tesseract", str(path), "-", "-l", "vie"], capture_output=True, env=env, check=True)
    return done.stdout.decode("utf-8")


def read_ocrmypdf(path: Path) -> str:
    """Read with OCRmyPDF's defaults and take its sidecar text."""
    with tempfile.TemporaryDirectory() as folder:
        sidecar = Path(folder) / "read.txt"
        command = [find_ocrmypdf(), "-q", "-l", "vie", "--output-type", "pdf", "-O0", "--jobs", "1"]
        env = {**os.environ, "PATH": system_path()}
        command += ["--image-dpi", "300", "--sidecar", str(sidecar), str(path), f"{folder}/out.pdf"]
        subprocess.run(command, capture_output=True, env=env, check=True)
        return sidecar.read_text("utf-8")


def system_path() -> str:
    """Give a PATH where the system's own Tesseract comes first."""
    return os.pathsep.join(["/usr/bin", "/bin", os.environ.get("PATH", "")])


def find_ocrmypdf() -> str | None:
    """Find OCRmyPDF beside this Python or on PATH."""
    beside = Path(sys.executable).with_name("ocrmypdf")
    return str(beside) if beside.exists() else shutil.which("ocrmypdf")


def measure(samples: Sequence[Sample], readers: dict[str, Callable[[Path], str]]) -> dict[str, dict[str, Score]]:
    """Read every sample with every reader, page by page in turn, and print a row for each page."""
    scores: dict[str, dict[str, Score]] = {name: {} for name in readers}
    rows: list[list[object]] = []
    for sample in samples:
        row: list[object] = [sample.name[:34]]
        for name, reader in readers.items():
            scored = score_text(sample.lines, reader(sample.path))
            scores[name][sample.name] = scored
            row.append("/".join(f"{v:.1f}" for v in percentages(scored)))
        rows.append(row)
    print_table(["page: CER/WER/found %", *readers], rows)
    return scores


def percentages(score: Score) -> tuple[float, float, float]:
    """Give CER, WER and words found in percent."""
    return (
        100 * score.char_edits / score.chars,
        100 * score.word_edits / score.words,
        100 * score.found / score.words,
    )


def sum_up(title: str, scores: dict[str, dict[str, Score]]) -> dict[str, dict[str, float]]:
    """Print and give totals by reader: overall, and CER of each region."""
    totals: dict[str, dict[str, float]] = {}
    for name, pages in scores.items():
        values = list(pages.values())
        summed: dict[str, float] = {
            "cer": 100 * sum(s.char_edits for s in values) / max(1, sum(s.chars for s in values)),
            "mean_cer": sum(percentages(s)[0] for s in values) / max(1, len(values)),
            "wer": 100 * sum(s.word_edits for s in values) / max(1, sum(s.words for s in values)),
            "found": 100 * sum(s.found for s in values) / max(1, sum(s.words for s in values)),
        }
        for region in REGIONS:
            wrong = sum(s.regions[region][0] for s in values)
            summed[region] = 100 * wrong / max(1, sum(s.regions[region][1] for s in values))
        totals[name] = summed
    print(f"\n{title}")
    columns = ["cer", "mean_cer", "wer", "found", *REGIONS]
    print_table(["reader", *columns], [[name, *[t[c] for c in columns]] for name, t in totals.items()])
    print()
    return totals


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a few pages only")
    options.add_argument("--out", type=Path)
    options.add_argument("--no-ocrmypdf", action="store_true")
    asked = options.parse_args()
    readers: dict[str, Callable[[Path], str]] = {"ours": read_ours, "tesseract -l vie": read_plain}
    if find_ocrmypdf() is None:
        print("OCRmyPDF is not installed: left out")
    elif not asked.no_ocrmypdf:
        readers["ocrmypdf"] = read_ocrmypdf
    results: dict[str, object] = {}
    real = list_real(asked.quick)
    if not real:
        print("the shared folder of real pages is absent: left out")
    for title, chosen in (
        ("scanned pages", [s for s in real if not s.name.startswith("dig-")]),
        ("rendered pages", [s for s in real if s.name.startswith("dig-")]),
    ):
        if chosen:
            results[title] = sum_up(title, measure(chosen, readers))
    with tempfile.TemporaryDirectory() as folder:
        stamped = make_generated(Path(folder), 2 if asked.quick else 12)
        results["generated, stamped"] = sum_up("generated, stamped", measure(stamped, readers))
    print("kept in", keep_results("accuracy", results, asked.out))


if __name__ == "__main__":
    main()
