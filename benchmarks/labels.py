"""How many labels are drawn a second, and how many of their codes are read back from the picture of the sheet.

python -m benchmarks.labels [--labels 10000] [--stock L7160] [--out FILE]

Labels are those of boxes with five rows of Vietnamese text. All sheets are drawn as one PDF and rasterised at 203 dpi
in black and white, as a label printer has it, and at 300 dpi in grey, as a scanner does; each code stands on a label
twice. Seconds are those of the processor. To reach: 300 labels a second on one core, and every code read.
"""

from __future__ import annotations

import argparse
import io
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from archive.refs import Kind, new_code
from benchmarks.machine import keep_results, print_table
from labels.geometry import Printer
from labels.label import Label
from labels.read import read_codes
from labels.sheet import draw_sheets
from labels.stocks import STOCKS

HOST = "luutru.local"
PAGES_AT_ONCE = 50


def make_labels(count: int) -> list[Label]:
    """Return labels with other codes, numbers and names each."""
    chance = random.Random(1)
    wards = ("Nguyễn Thượng Hiền", "Hàng Bạc", "Phúc Tân", "Ô Chợ Dừa", "Quỳnh Lôi")
    return [
        Label(
            Kind.BOX,
            new_code(chance.randrange),
            "UBND phường Hoàn Kiếm",
            f"Hộp số {number}",
            (
                ("Phông", f"UBND phường {chance.choice(wards)}"),
                ("Hồ sơ", f"từ {number * 60:05d} đến {number * 60 + 59:05d}"),
                ("Thời gian", f"{1975 + number % 20} – {1996 + number % 25}"),
                ("Bảo quản", "Vĩnh viễn"),
                ("Số niêm phong", f"A-{number:06d}"),
            ),
            "Kiểm tra niêm phong trước khi di chuyển",
        )
        for number in range(1, count + 1)
    ]


def read_back(pdf: Path, pages: int, dpi: int, mono: bool) -> tuple[dict[str, int], float]:
    """Return how often each code was read on all pages, and the seconds the reading alone took."""
    counts: dict[str, int] = {}
    spent = 0.0
    for first in range(1, pages + 1, PAGES_AT_ONCE):
        with tempfile.TemporaryDirectory() as folder:
            span = ["-f", str(first), "-l", str(min(pages, first + PAGES_AT_ONCE - 1))]
            how = "-mono" if mono else "-gray"
            subprocess.run(["pdftoppm", "-r", str(dpi), how, *span, str(pdf), f"{folder}/p"], check=True)
            for path in sorted(Path(folder).iterdir()):
                picture = Image.open(path).convert("L")
                began = time.process_time()
                marks = read_codes(picture)
                spent += time.process_time() - began
                for mark in marks:
                    counts[mark.ref.code] = counts.get(mark.ref.code, 0) + 1
    return counts, spent


def main() -> None:
    """Draw, rasterise, read, and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--labels", type=int, default=10_000)
    parser.add_argument("--stock", default="L7160", choices=list(STOCKS))
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    stock, labels = STOCKS[asked.stock], make_labels(asked.labels)
    draw_sheets(labels[:50], stock, Printer(203), HOST, io.BytesIO())  # fonts are read once, before the clock runs
    rows, results = [], []
    copies = 1 if stock.cell[0] < 45 else 2
    with tempfile.TemporaryDirectory() as folder:
        for printer_dpi, dpi, mono in ((203, 203, True), (600, 300, False)):
            pdf = Path(folder) / f"{printer_dpi}.pdf"
            began = time.process_time()
            with pdf.open("wb") as target:
                drawn = draw_sheets(labels, stock, Printer(printer_dpi), HOST, target)
            spent = time.process_time() - began
            counts, reading = read_back(pdf, drawn.pages, dpi, mono)
            wanted = {label.code for label in labels}
            both = sum(1 for code in wanted if counts.get(code) == copies)
            wrong = len(counts.keys() - wanted)
            told = "black and white" if mono else "grey"
            rows.append([
                f"{printer_dpi} dpi, seen at {dpi} {told}", len(labels) / spent, sum(counts.values()),
                len(labels) * copies, both / len(labels) * 100, wrong, reading / drawn.pages * 1000,
                pdf.stat().st_size / len(labels) / 1000,
            ])  # fmt: skip  # one line of figures
            results.append(dict(zip(HEADER, rows[-1], strict=True)))
    print_table(list(HEADER), rows)
    kept = keep_results("labels", {"labels": asked.labels, "stock": asked.stock, "rows": results}, asked.out)
    print(f"kept in {kept}")


HEADER = (
    "printer", "labels a second", "codes read", "codes printed", "labels with all codes read %", "wrong reads",
    "reading a page ms", "kB a label",
)  # fmt: skip  # one line of names

if __name__ == "__main__":
    main()
