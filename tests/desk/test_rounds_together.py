"""Several guards on one round, on both engines: every scan is kept once, and the end has them all or waits for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.clock import HandClock
from custody.errors import CustodyError
from custody.projections import replay
from desk import duty, round_duty, round_scans, rounds
from desk.office import Office, open_office, prepare
from tests.archive.conftest import database_url
from tests.desk.guarding import BOXES, GUARD, Post, build

__all__ = ["database_url"]


@pytest.fixture
def post(tmp_path: Path, database_url: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """Give a post whose station stands on either engine."""
    home = tmp_path / "home"
    environment = {"LUUTRU_DATABASE": database_url}
    prepare(home, environment)
    opened: Office = open_office(home, environment, clock)
    yield build(opened, clock, monkeypatch)
    opened.close()


def test_three_guards_scan_at_once_and_one_ends(post: Post) -> None:
    """No number is given twice, none is left out, and no result comes behind the root."""
    post.plan("at 22:00")
    post.set("2026-01-05 22:05")
    code = rounds.start(post.office, "", GUARD).code
    start = threading.Barrier(4)
    refused: list[str] = []

    def scan(box: str) -> None:
        start.wait()
        try:
            round_scans.scan(post.office, [box], GUARD, code=code)
        except CustodyError as late:
            refused.append(late.code)

    def end() -> None:
        start.wait()
        rounds.end(post.office, code, GUARD, "no-light")

    threads = [threading.Thread(target=scan, args=(box,)) for box in BOXES[:3]] + [threading.Thread(target=end)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    found, results = rounds.look(post.office, code)
    assert set(refused) <= {"round-not-under-way"}
    assert found.scanned == 3 - len(refused)
    assert len(results) == found.results == 7
    assert len({each.point for each in results}) == 7
    assert round_duty.judges(post.office) == {13: []}


def test_two_ticks_at_once_record_each_miss_once(post: Post) -> None:
    """Two stations' ticks after a night without either."""
    post.plan("every 120 18:00-06:00", "random 2 01:00-03:00", targets=("random 2",))
    post.set("2026-01-07 09:00")
    start = threading.Barrier(2)

    failed: list[Exception] = []

    def tick() -> None:
        start.wait()
        try:
            duty.catch_up(post.office)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert post.kinds().count("round-missed") == len(rounds.every(post.office, days=4)) == 10
    assert round_duty.judges(post.office) == {13: []}
    with post.office.database.reading() as session:
        assert list(replay(session)) == []
