"""Broken, cut, fuzzed and merely odd files: each has a clear outcome, within its time and memory."""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize import ReadingError, ReadSettings, read_pages
from digitize.errors import FileError
from digitize.layers import write_searchable, write_thumbnail
from digitize.limits import Limits
from digitize.pages import open_scan, render
from tests.digitize.engines import make_language_folder, make_silent_engine
from tests.generated_pages import PageSpec, draw_page, save_as_jpeg, save_as_pdf, save_as_tiff

_SECONDS, _BYTES = 60, 3 * 1024**3


def handle_file(path: Path, settings: ReadSettings, room: Path) -> str:
    """Do to a file all that reading does, and name the outcome; anything but a `ReadingError` escapes."""
    try:
        pages = list(read_pages(path, settings=settings))
        write_searchable(path, pages, room / "out.pdf")
        for step in (lambda: write_thumbnail(path, room / "out.webp"), lambda: render(path, 1, 800)):
            try:
                step()
            except ReadingError:
                continue
    except ReadingError as refused:
        return refused.code
    return ",".join(sorted({page.source for page in pages}))


def _run_all(paths: list[Path], settings: ReadSettings, told: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    with tempfile.TemporaryDirectory() as room:
        for path in paths:
            try:
                told.send(handle_file(path, settings, Path(room)))
            except BaseException as crash:
                told.send(f"CRASH {type(crash).__name__}: {crash}")


def _outcomes(paths: list[Path], settings: ReadSettings) -> Iterator[tuple[Path, str]]:
    """Handle files in one process at a time; when it hangs or dies another takes up the rest."""
    context = multiprocessing.get_context("fork")
    left = list(paths)
    while left:
        hear, tell = context.Pipe(duplex=False)
        process = context.Process(target=_run_all, args=(left, settings, tell))
        process.start()
        tell.close()
        while left:
            try:
                outcome = hear.recv() if hear.poll(_SECONDS) else "HANG"
            except EOFError:
                outcome = "DIED"
            yield left.pop(0), outcome
            if outcome in ("HANG", "DIED"):
                break
        process.kill()
        process.join()
        hear.close()


def _stub(folder: Path) -> ReadSettings:
    limits = Limits(pages=200, pixels=60_000_000, seconds=20)
    return ReadSettings(engine=make_silent_engine(folder), tessdata=make_language_folder(folder / "l"), limits=limits)


@pytest.mark.data
def test_every_hostile_file_has_a_clear_outcome(data_folder: Path, tmp_path: Path) -> None:
    """None crashes, hangs, or takes more than its memory, and each is read or refused with a code."""
    paths = sorted(path for path in (data_folder / "hostile").rglob("*") if path.is_file())
    assert paths
    bad = [(path.name, told) for path, told in _outcomes(paths, _stub(tmp_path)) if told.split()[0].isupper()]
    assert bad == []


@pytest.mark.data
def test_real_scans_are_found_by_a_phrase_they_hold(data_folder: Path) -> None:
    """First pages are read with the real engine: colour, JPEG 2000, CCITT with a useless old layer."""
    for name, phrase in (
        ("209-QDCT", "ỦY BAN NHÂN DÂN"),
        ("241-QD-jpx", "QUYẾT ĐỊNH"),
        ("congvan-2017-ccitt-textlayer", "CHƯƠNG TRÌNH"),
    ):
        page = next(read_pages(data_folder / "scans" / f"{name}.pdf", wanted=[1]))
        assert page.source == "ocr"
        assert phrase in page.text
        assert page.confidence > 80


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Give sound files of several kinds to be spoilt."""
    folder = tmp_path_factory.mktemp("seeds")
    page, bits = draw_page(PageSpec(dpi=40, half=True)), draw_page(PageSpec(dpi=40, half=True, one_bit=True))
    paths = [save_as_pdf([page], folder / "a.pdf"), save_as_pdf([bits], folder / "b.pdf")]
    paths += [save_as_jpeg(page, folder / "c.jpg"), save_as_tiff([bits, bits], folder / "d.tif")]
    page.image.save(folder / "e.png")
    page.image.save(folder / "f.webp")
    page.image.save(folder / "g.bmp")
    return [path.read_bytes() for path in [*paths, folder / "e.png", folder / "f.webp", folder / "g.bmp"]]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_spoilt_files_never_raise_anything_but_a_code(
    data: st.DataObject, seeds: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Cut anywhere, or with bytes changed, a file opens, fails by page, or is refused: nothing else."""
    whole = bytearray(data.draw(st.sampled_from(seeds)))
    for _ in range(data.draw(st.integers(0, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(whole)), st.integers(1, len(whole))))
    folder = tmp_path_factory.mktemp("spoilt")
    path = folder / "spoilt"
    path.write_bytes(bytes(whole[:cut]))
    assert handle_file(path, _stub(folder), folder)


@pytest.mark.parametrize("name", [b"/Height", b"/Width", b"/Length", b"/Filter", b"/BitsPerComponent", b"stream"])
def test_a_picture_that_does_not_tell_what_it_is_never_raises_anything_but_a_code(
    name: bytes, seeds: list[bytes], tmp_path: Path
) -> None:
    """A page's picture without its size, its filter or its bytes is drawn, fails, or is refused by a code."""
    assert name in seeds[0]
    for number, whole in enumerate(seeds[:2]):
        path = tmp_path / str(number)
        path.write_bytes(whole.replace(name, name[:-1] + b"x"))
        assert handle_file(path, _stub(tmp_path), tmp_path)


def test_an_unreadable_path_has_a_code(tmp_path: Path) -> None:
    """A folder or a file that is gone is told, not raised through."""
    with pytest.raises(FileError) as caught, open_scan(tmp_path):
        pass
    assert caught.value.code == "unreadable"
