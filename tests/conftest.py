"""Fixtures shared by all tests: a fresh office on a hand-set clock, and the folder of real scans where it exists."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.clock import HandClock
from desk.office import Office, open_office, prepare

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --long for tests that take minutes."""
    parser.addoption("--long", action="store_true", help="also run the tests that take minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip long tests, with the reason, unless they were asked for."""
    if config.getoption("--long"):
        return
    for item in items:
        if "long" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="takes minutes; run ./test --long"))


@pytest.fixture
def data_folder() -> Path:
    """Give the folder of real scans and hostile files, or skip the test where it is absent."""
    folder = Path(os.environ.get("LUUTRU_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / "MANIFEST.tsv").exists():
        pytest.skip(f"no real scans: {folder.name}/MANIFEST.tsv is absent; set LUUTRU_TEST_DATA to the folder")
    return folder


@pytest.fixture
def clock() -> HandClock:
    """Give a clock that the test sets by hand."""
    return HandClock()


@pytest.fixture
def office(tmp_path: Path, clock: HandClock) -> Iterator[Office]:
    """Give a fresh station on the embedded database and a hand-set clock."""
    home = tmp_path / "home"
    prepare(home, {})
    opened = open_office(home, {}, clock)
    yield opened
    opened.close()
