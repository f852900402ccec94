"""The printed book of rounds, F12, takes its values from the log."""

from __future__ import annotations

import pytest

from archive.clock import HandClock
from desk import duty, round_scans, rounds
from desk.forms import filling_rounds, model
from desk.office import Office
from tests.desk.guarding import BOXES, GUARD, Post, build


@pytest.fixture
def post(office: Office, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Give a post with six sealed boxes, on the morning of Monday 5 January 2026."""
    return build(office, clock, monkeypatch)


def test_the_book_of_rounds_is_filled_from_the_log(post: Post) -> None:
    """F12 has every point with its hour or without, what was noted, and takes all values it is given."""
    post.plan("at 22:00")
    post.set("2026-01-05 22:05")
    rounds.start(post.office, "", GUARD)
    round_scans.scan(post.office, [post.shelf, *BOXES[:2]], GUARD)
    round_scans.scan(post.office, BOXES[2:3], GUARD, finding="broken")
    rounds.end(post.office, "", GUARD, "mất điện")
    values = filling_rounds.round_values(post.office, "DEM-20260105-01")
    model.check_values(model.load("F12"), values)
    assert (values["post"], values["checked"], values["missed"], values["reason"]) == (
        "Cổng chính (P1)",
        4,
        3,
        "mất điện",
    )
    assert values["window"] == "22:00 – 22:20 ngày 05/01/2026"
    assert [bool(each["time"]) for each in values["rows"]] == [True] * 4 + [False] * 3
    assert values["rows"][3]["note"] == "sự cố SV-2026-0001"
    assert values["rows"][0]["location"] == "Kho 1/G1"


def test_a_missed_round_has_a_page_of_its_own(post: Post) -> None:
    """Nobody walked it, so no name stands there and no row."""
    post.plan("at 22:00")
    post.set("2026-01-06 06:00")
    duty.catch_up(post.office)
    values = filling_rounds.round_values(post.office, "DEM-20260105-01")
    model.check_values(model.load("F12"), values)
    assert "guard" not in values
    assert (values["rows"], values["checked"]) == ([], 0)
