"""The reading worker is killed for real, at every step: no page is lost, none is read into the archive twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from archive import pages, scans
from archive.clock import HandClock
from archive.tables import Page, Scan
from desk.office import Office, open_office
from digitize.worker import LAYERING, OPENING, TRIES, Bench, derived_path, work
from tests.generated_pages import load_font

ROOT = Path(__file__).resolve().parent.parent.parent
STEPS = ["opened", "page-begun", "page-read", "page-saved", "derived", "finished"]
WORDS = ["Trang thứ nhất của hồ sơ", "Trang thứ hai của hồ sơ", "Trang thứ ba của hồ sơ"]

# A worker in a process of its own: killed at a step, or by a page whose top left corner is black.
CHILD = """
import os, signal, sys, threading
from pathlib import Path
from desk.office import open_office
from digitize.worker import Bench, work
from tests.generated_pages import load_font

home, deadly = Path(sys.argv[1]), sys.argv[2]
office = open_office(home, {})

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def reach(step):
    if step == deadly:
        die()

def page_kills_reader(grey):
    if deadly == "black-corner" and grey[:20, :20].mean() < 64:
        die()
    return ()

bench = Bench(office.database, office.vault, office.clock, office.settings.derived_folder,
              lease_seconds=0.4, reach=reach, find_codes=page_kills_reader)
work(bench, threading.Event(), until_idle=True)
"""


def _three_pages(folder: Path, black_corner_on: int | None = None) -> Path:
    drawn = []
    for number, words in enumerate(WORDS, 1):
        page = Image.new("L", (1000, 500), 255)
        pen = ImageDraw.Draw(page)
        pen.text((150, 200), words, fill=0, font=load_font("plain", 56))
        if number == black_corner_on:
            pen.rectangle((0, 0, 60, 60), fill=0)
        drawn.append(page)
    path = folder / "three.tiff"
    drawn[0].save(path, save_all=True, append_images=drawn[1:], dpi=(200, 200), compression="tiff_deflate")
    return path


def _store(office: Office, path: Path) -> None:
    with path.open("rb") as source:
        held = office.vault.hold(source)
    office.vault.keep(held)
    with office.database.atomic() as session:
        scans.receive(
            session,
            sha256=held.sha256,
            size=held.size,
            kind="tiff",
            name=path.name,
            station="s",
            now=office.clock.now(),
        )


def _run_child(home: Path, deadly: str) -> int:
    done = subprocess.run([sys.executable, "-c", CHILD, str(home), deadly], cwd=ROOT, timeout=120)
    return done.returncode


def _result(office: Office) -> tuple[Scan, list[Page]]:
    with office.database.reading() as session:
        scan = session.get_one(Scan, 1)
        return scan, list(pages.of_scan(session, 1))


def _drain(office: Office, clock: HandClock) -> None:
    clock.moment = open_office(office.settings.home, {}).clock.now()
    clock.sleep(3600)
    bench = Bench(office.database, office.vault, clock, office.settings.derived_folder)
    work(bench, threading.Event(), until_idle=True)


@pytest.mark.parametrize("step", STEPS)
def test_a_worker_killed_after_any_step_leaves_nothing_half_done(
    office: Office, clock: HandClock, tmp_path: Path, step: str
) -> None:
    """Whatever step it died after, the next worker ends with each page read once and the derived files made."""
    _store(office, _three_pages(tmp_path))
    assert _run_child(office.settings.home, f"worker.{step}") == -signal.SIGKILL
    _drain(office, clock)
    scan, read = _result(office)
    assert scan.state == scans.READ
    assert [page.number for page in read] == [1, 2, 3]
    assert [page.text for page in read] == WORDS
    for suffix in (".pdf", ".webp"):
        assert derived_path(office.settings.derived_folder, scan.sha256, suffix).stat().st_size > 0
    with office.database.reading() as session:
        assert scans.attempts(session, 1) == {}


def test_a_killed_worker_resumes_at_the_page_and_not_at_the_file(
    office: Office, clock: HandClock, tmp_path: Path
) -> None:
    """Pages saved before the kill are not read a second time."""
    _store(office, _three_pages(tmp_path))
    assert _run_child(office.settings.home, "worker.page-saved") == -signal.SIGKILL
    before = {page.number: page.read_at for page in _result(office)[1]}
    assert list(before) == [1]
    _drain(office, clock)
    after = {page.number: page.read_at for page in _result(office)[1]}
    assert after[1] == before[1]
    assert sorted(after) == [1, 2, 3]


def test_a_page_that_kills_its_worker_three_times_is_set_aside_and_the_rest_lands(
    office: Office, clock: HandClock, tmp_path: Path
) -> None:
    """The deadly page is named for a person; its neighbours in the same batch are read."""
    _store(office, _three_pages(tmp_path, black_corner_on=2))
    deaths = 0
    for _ in range(8):
        if _run_child(office.settings.home, "black-corner") == 0:
            if _result(office)[0].state == scans.READ:
                break
        else:
            deaths += 1
    scan, read = _result(office)
    assert deaths == TRIES
    assert scan.state == scans.READ
    assert scan.reason == "pages-failed"
    assert scan.facts == {"pages": [2]}
    assert [page.source for page in read] == ["ocr", "failed", "ocr"]
    assert read[1].reasons == [{"code": "page-kills-reader", "facts": {"tries": TRIES}}]
    assert read[1].wants_eyes
    assert [page.text for page in read][::2] == WORDS[::2]


@pytest.mark.parametrize(("step", "state"), [(OPENING, scans.UNREADABLE), (LAYERING, scans.READ)])
def test_a_file_whose_opening_or_copying_kills_three_times_ends_for_a_person(
    office: Office, clock: HandClock, tmp_path: Path, step: int, state: str
) -> None:
    """Opening that kills makes the scan unreadable; writing the copy that kills costs only the copy."""
    _store(office, _three_pages(tmp_path))
    for _ in range(TRIES):
        held = scans.claim(office.database, "w", clock.now(), 1)
        assert held
        scans.begin_pages(office.database, held, [step])
        clock.sleep(2)
    work(
        Bench(office.database, office.vault, clock, office.settings.derived_folder), threading.Event(), until_idle=True
    )
    scan, read = _result(office)
    assert scan.state == state
    if step == OPENING:
        assert scan.reason == "file-kills-reader"
    else:
        assert scan.layered == "none"
        assert [page.text for page in read] == WORDS


def test_asking_a_worker_to_stop_gives_the_scan_back_between_two_pages(office: Office, tmp_path: Path) -> None:
    """A stopped worker keeps what it read and leaves the scan to be claimed at once."""
    _store(office, _three_pages(tmp_path))
    stop = threading.Event()

    def stop_after_first(step: str) -> None:
        if step == "worker.page-saved":
            stop.set()

    work(
        Bench(office.database, office.vault, office.clock, office.settings.derived_folder, reach=stop_after_first), stop
    )
    scan, read = _result(office)
    assert scan.state == scans.RECEIVED
    assert [page.number for page in read] == [1]
    assert list(office.settings.derived_folder.iterdir()) == []
