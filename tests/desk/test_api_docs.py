"""The examples of docs/api.md run as they stand, against a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.clock import MachineClock
from custody import ledger
from desk import custodial
from desk.office import Office
from desk.web.serving import make_server
from tests.desk.clerks import PIN, manned
from tests.desk.ports import free_port

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Office, str]]:
    """Give a station that answers over a socket, and its address."""
    with manned(tmp_path / "station", MachineClock()) as opened:
        office = replace(opened, settings=replace(opened.settings, port=free_port()))
        server = make_server(office)
        thread = threading.Thread(target=server.run)
        thread.start()
        yield office, f"http://127.0.0.1:{office.settings.port}"
        server.should_exit = True
        thread.join(30)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples ask with curl, which is not installed")
def test_every_example_runs(served: tuple[Office, str], tmp_path: Path) -> None:
    """One shell runs them all and stops at the first that fails; the package they speak of is packed then."""
    office, address = served
    examples = EXAMPLE.findall(DOCS.read_text(encoding="utf-8"))
    assert len(examples) >= 7
    waiting = f"curl -sS --retry 50 --retry-delay 1 --retry-connrefused {address}/healthz\n"
    told = subprocess.run(
        ["sh", "-e", "-c", waiting + "\n".join(examples)],
        cwd=tmp_path,
        env={**os.environ, "STATION": address, "PIN": PIN, "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stdout[-800:] + told.stderr[-800:]
    assert [each.state for each in custodial.everything(office)] == ["packed"]
    with office.database.reading() as session:
        drafted = [each for each in ledger.read(session) if each.kind == "package-drafted"]
    assert len(drafted) == 1
