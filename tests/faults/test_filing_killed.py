"""The reader dies half way through a batch of several dossiers: the next one files every page once."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.clock import HandClock, MachineClock
from desk.office import Office
from tests.desk.filings import Filing
from tests.scanned_batches import cover_sheet, leaf, save_pdf

ROOT = Path(__file__).resolve().parent.parent.parent
# The station's own reader, with an engine that finds nothing, killed when it reaches a step for the n-th time.
CHILD = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from desk import running
from desk.office import open_office
from tests.desk import filings

home, room, deadly, times = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
seen = 0

def reach(step):
    global seen
    seen += step == deadly
    if seen == times:
        os.kill(os.getpid(), signal.SIGKILL)

filings.bench_of = lambda office, name: replace(running.bench_of(office, name), reach=reach, lease_seconds=0.4)
filings.Filing(open_office(home, {}), room).read()
"""


@pytest.mark.parametrize(
    ("step", "times"), [("page-begun", 2), ("page-saved", 2), ("page-saved", 5), ("derived", 1), ("finished", 1)]
)
def test_a_batch_whose_reader_was_killed_is_filed_once_and_whole(
    office: Office, clock: HandClock, tmp_path: Path, step: str, times: int
) -> None:
    """Whatever page it died at, the ranges stand once each, and nothing was filed and taken back on the way."""
    room = Filing(office, tmp_path)
    one, two = room.register("HS.1", "HS.2")
    pages = [cover_sheet(one), leaf("một"), leaf("hai"), cover_sheet(two), leaf("ba"), leaf("bốn")]
    scan = room.put(save_pdf(pages, tmp_path / "lô.pdf"))
    command = [sys.executable, "-c", CHILD, str(office.settings.home), str(tmp_path), f"worker.{step}", str(times)]
    assert subprocess.run(command, cwd=ROOT, timeout=120).returncode == -signal.SIGKILL
    before = room.filed(scan)
    assert before == ([(2, 3, "HS.1"), (5, 6, "HS.2")] if step == "finished" else []), "all of it or nothing"
    clock.moment = MachineClock().now()
    clock.sleep(3600)
    room.read()
    assert room.filed(scan) == [(2, 3, "HS.1"), (5, 6, "HS.2")]
    assert [row.pages for row in room.parts(scan)] == [2, 2]
    assert len(room.history(scan)) == 2
