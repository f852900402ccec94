"""Reading a scan, group by group: open, prepare, read, finish."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from digitize.errors import PageError
from digitize.kinds import Kind
from digitize.limits import DEFAULT_LIMITS, Limits
from digitize.ocr import EngineLimits
from digitize.pages import ScanFile, open_scan
from digitize.preparing import FindCodes, Finished, Prepared, prepare_page
from digitize.quality import Reason, Thresholds
from digitize.readers import Reader
from digitize.text import Word

Source = Literal["ocr", "layer", "blank", "cover", "failed", "hand"]


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How pages are read.

    `dpi_read` is what colour scans are reduced to before reading, `dpi_grey` grey and black-and-white ones;
    `page_seconds` and `page_memory` (bytes of address space) bound the engine for each page; `engine` and
    `tessdata` name another Tesseract than the best one found.
    """

    language: str = "vie"
    dpi_read: float = 200.0
    dpi_grey: float = 300.0
    page_seconds: float = 60.0
    page_memory: int = 1536 * 1024**2
    pages_per_call: int = 4
    engine: str = ""
    tessdata: str = ""
    keep_layers: bool = True
    limits: Limits = DEFAULT_LIMITS
    thresholds: Thresholds = field(default_factory=Thresholds)

    def bound_engine(self) -> EngineLimits:
        """Give the bounds of an engine run."""
        return EngineLimits(self.page_seconds, self.page_memory)


DEFAULT_SETTINGS = ReadSettings()


@dataclass(frozen=True, slots=True)
class PageReading:
    """What was read of one page.

    `width`, `height` and the boxes of `words` are pixels of the page as a viewer shows it; `rotation` is
    how far it must be turned clockwise (0, 90, 180, 270) for its text to stand upright, `skew` how far, in
    degrees, upright lines sink to the right. `confidence` is 0 to 100; `seconds` is wall time by the
    caller's clock, 0 without one. `codes` names the cover sheet that the page is.
    """

    number: int
    width: int
    height: int
    dpi: float
    rotation: int
    skew: float
    source: Source
    text: str
    words: tuple[Word, ...]
    confidence: float
    reasons: tuple[Reason, ...]
    engine: str
    seconds: float
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole scan, read: its kind by content, its pages in order, and whether it is digitally signed."""

    kind: Kind
    pages: tuple[PageReading, ...]
    signed: bool

    @property
    def text(self) -> str:
        """The text of all pages, a form feed between them."""
        return "\f".join(page.text for page in self.pages)


def read(
    path: Path | str, *, settings: ReadSettings = DEFAULT_SETTINGS, find_codes: FindCodes | None = None
) -> Reading:
    """Read a whole scan; a page in trouble is "failed", a file in trouble raises `FileError`."""
    with open_scan(path, settings.limits) as scan:
        pages = tuple(_read_scan(scan, range(1, scan.count + 1), settings, find_codes, None, None))
        return Reading(scan.kind, pages, scan.signed)


def read_pages(
    path: Path | str,
    *,
    wanted: Iterable[int] | None = None,
    settings: ReadSettings = DEFAULT_SETTINGS,
    find_codes: FindCodes | None = None,
    before: Callable[[tuple[int, ...]], None] | None = None,
    clock: Callable[[], float] | None = None,
) -> Iterator[PageReading]:
    """Read the wanted pages (all by default) and give each as soon as it is done, in order.

    `before` is told the numbers of a group before any of its pages is decoded, so that a caller can record
    the attempt; memory does not grow with the number of pages. `clock` gives seconds for
    `PageReading.seconds`.
    """
    with open_scan(path, settings.limits) as scan:
        numbers = range(1, scan.count + 1) if wanted is None else sorted({n for n in wanted if 1 <= n <= scan.count})
        yield from _read_scan(scan, numbers, settings, find_codes, before, clock)


def _read_scan(
    scan: ScanFile,
    numbers: Sequence[int],
    settings: ReadSettings,
    find_codes: FindCodes | None,
    before: Callable[[tuple[int, ...]], None] | None,
    clock: Callable[[], float] | None,
) -> Iterator[PageReading]:
    tell = clock or (lambda: 0.0)
    reader = Reader(settings.language, settings.engine, settings.tessdata, settings.bound_engine())
    for start in range(0, len(numbers), settings.pages_per_call):
        group = tuple(numbers[start : start + settings.pages_per_call])
        if before is not None:
            before(group)
        with tempfile.TemporaryDirectory(prefix="pages-") as folder:
            began = tell()
            ready: list[Finished | Prepared] = []
            for number in group:
                ready.append(_prepare(scan, number, Path(folder), settings, find_codes))
            readings = reader.read_group([one for one in ready if isinstance(one, Prepared)])
            share = (tell() - began) / len(group)
            for one in ready:
                finished = (
                    one if isinstance(one, Finished) else reader.finish(one, readings[one.number], settings.thresholds)
                )
                yield _make_reading(finished, share)


def _prepare(
    scan: ScanFile, number: int, folder: Path, settings: ReadSettings, find_codes: FindCodes | None
) -> Finished | Prepared:
    try:
        page = scan.page(number)
    except PageError as broken:
        return Finished(number, reasons=(Reason("failed", {"code": broken.code, **broken.facts}),))
    try:
        return prepare_page(
            page,
            folder,
            settings.dpi_read,
            settings.dpi_grey,
            settings.keep_layers,
            settings.thresholds,
            find_codes,
        )
    except PageError as broken:
        reason = Reason("failed", {"code": broken.code, **broken.facts})
        return Finished(number, page.width, page.height, page.dpi, reasons=(reason,))


def _make_reading(done: Finished, seconds: float) -> PageReading:
    return PageReading(
        done.number,
        done.width,
        done.height,
        round(done.dpi, 1),
        done.rotation,
        done.skew,
        done.source,
        done.page.text,
        done.page.words,
        done.page.confidence,
        done.reasons,
        done.engine,
        round(seconds, 3),
        done.codes,
    )
