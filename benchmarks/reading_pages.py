"""The pages `benchmarks.reading` gives to every contender: drawn ones, and pages of real colour scans."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from tests.generated_pages import PageSpec, draw_page, save_as_pdf

_ROOT = Path(__file__).resolve().parent.parent
# Pages of real colour scans: letterheads and signatures, 200 to 300 dpi, with and without stamps.
_REAL = (
    ("430-QD-300dpi", (1, 2)),
    ("237-QD-300dpi", (1, 2)),
    ("753-KH-240dpi", (1, 4)),
    ("209-QDCT", (1,)),
    ("339-QD-200dpi", (1,)),
)


@dataclass(frozen=True)
class Work:
    """The same pages in the shapes the contenders take."""

    name: str
    pdf: Path
    jpegs: tuple[Path, ...]


def make_generated(folder: Path, count: int) -> Work:
    """Draw colour A4 pages at 300 dpi, stamped, some skewed, as JPEGs and as one PDF of the same JPEGs."""
    pages = [
        draw_page(PageSpec(seed=40 + n, dpi=300, stamped=True, skew=(0.0, 0.8, -0.3)[n % 3], paragraphs=9))
        for n in range(count)
    ]
    pdf = save_as_pdf(pages, folder / "generated.pdf")
    return Work("generated 300 dpi", pdf, unpack_jpegs(pdf, folder / "generated"))


def find_real(folder: Path, quick: bool) -> list[Work]:
    """Put pages of real colour scans into one PDF as a scanner writes it: their JPEGs as stored and nothing else.

    The scans themselves were signed: visible words of the signature make OCRmyPDF refuse or skip those pages.
    """
    named = os.environ.get("LUUTRU_TEST_DATA")
    data = Path(named) if named else _ROOT.parent / "shared" / "data"
    made = pikepdf.new()
    for name, numbers in _REAL[:2] if quick else _REAL:
        source = data / "scans" / f"{name}.pdf"
        if source.exists():
            with pikepdf.open(source) as opened:
                for number in numbers:
                    _copy_picture(made, opened.pages[number - 1])
    if not made.pages:
        print("the shared folder of real scans is absent: left out")
        return []
    pdf = folder / "real.pdf"
    made.save(pdf)
    return [Work("real scans", pdf, unpack_jpegs(pdf, folder / "real"))]


def _copy_picture(made: pikepdf.Pdf, page: pikepdf.Page) -> None:
    largest = _largest(page)
    wide, high = (float(page.mediabox[2]), float(page.mediabox[3]))
    if (wide > high) != (int(largest.Width) > int(largest.Height)):
        wide, high = high, wide
    blank = made.add_blank_page(page_size=(wide, high))
    blank.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=made.copy_foreign(largest)))
    blank.obj.Contents = made.make_stream(f"q {wide:.3f} 0 0 {high:.3f} 0 0 cm /Im0 Do Q".encode())


def unpack_jpegs(pdf: Path, folder: Path) -> tuple[Path, ...]:
    """Take the JPEG of each page out of a PDF, byte for byte."""
    folder.mkdir()
    paths = []
    with pikepdf.open(pdf) as opened:
        for number, page in enumerate(opened.pages):
            path = folder / f"{number}.jpg"
            path.write_bytes(_largest(page).read_raw_bytes())
            paths.append(path)
    return tuple(paths)


def _largest(page: pikepdf.Page) -> pikepdf.Object:
    return max(page.get_images().values(), key=lambda image: int(image.Width) * int(image.Height))
