"""Planning pages: rosters with their holes, single days, publication, holidays, plans of rounds and spot checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from archive import rosters
from archive.clock import HandClock
from archive.rosters import Roster
from custody.entries_rounds import RoundPlanned
from desk import custodial, roster_days, rostering, rounds
from desk.office import Office
from tests.desk.test_sign_in import FROM_HERE, signed_in
from tests.desk.watched import english, signer, text_of, watching

HOUR = 3600


@pytest.fixture
def clock() -> HandClock:
    """Give a clock set by hand."""
    return HandClock()


@pytest.fixture
def watched(tmp_path: Path, clock: HandClock) -> Iterator[Office]:
    """Give a station with the post P1, whose guard BV01 is on duty."""
    with watching(tmp_path / "station", clock) as office:
        yield office


@pytest.fixture
def leader(watched: Office) -> TestClient:
    """Give the browser of the leader, in English."""
    return english(signed_in(watched, "LD01"))


def today_of(office: Office) -> date:
    """Return the day in the office."""
    return custodial.local_now(office).date()


def typed(begins: date, *turns: str, days: int = 1, **more: str) -> dict[str, object]:
    """Return the form of a plan with a day and a night, and two teams of which only A has a guard."""
    return {
        "begins": str(begins), "days": str(days), "columns": "2", "shift": ["day", "night", ""],
        "shift_from": ["06:00", "18:00", ""], "shift_until": ["18:00", "06:00", ""], "team": ["A", "B"],
        "team_guards": ["bv01", ""], "turn": list(turns), **more,
    }  # fmt: skip


def plans_of(office: Office) -> list[Roster]:
    """Return the plans kept of P1."""
    with office.database.reading() as session:
        return rosters.rosters(session, "P1")


def test_a_plan_is_looked_at_with_its_holes_before_it_is_kept(watched: Office, leader: TestClient) -> None:
    """The night of a plan with nobody in it is a hole on each of the days; nothing is written by looking."""
    begins = today_of(watched) + timedelta(days=1)
    page = leader.post("/rosters/p1/plan", data={**typed(begins, "A", ""), "act": "look"}, headers=FROM_HERE)
    assert page.status_code == 200
    assert "Four weeks as they would be" in page.text
    assert text_of(page.text).count("18:00–06:00") >= 27
    assert "1 of 1 missing" in page.text
    assert plans_of(watched) == []


def test_a_plan_that_is_kept_stands_as_it_was_typed(watched: Office, leader: TestClient) -> None:
    """Empty cells are nobody, codes are written large, and the act is told to whoever looks after it."""
    begins = today_of(watched)
    answer = leader.post("/rosters/P1/plan", data={**typed(begins, "A", "bv01"), "act": "keep"}, headers=FROM_HERE)
    assert answer.status_code == 303
    (kept,) = plans_of(watched)
    assert (kept.begins, kept.ends, kept.weekly) == (begins, None, False)
    assert kept.shifts == (("day", 6 * HOUR, 18 * HOUR), ("night", 18 * HOUR, 6 * HOUR))
    assert kept.teams == {"A": ("BV01",), "B": ()}
    assert kept.cycle == ("A bv01",)
    assert "Roster changed" in leader.get("/acts").text
    assert 'value="bv01"' in leader.get("/rosters/P1").text


def test_a_plan_with_somebody_who_is_no_guard_is_refused_and_stays_typed(watched: Office, leader: TestClient) -> None:
    """The form shows the refusal and what was typed."""
    form = {**typed(today_of(watched), "A", "LT01"), "act": "keep"}
    answer = leader.post("/rosters/P1/plan", data=form, headers=FROM_HERE)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="LT01"' in answer.text
    assert plans_of(watched) == []


def test_a_grid_grows_with_its_days_and_shifts_and_keeps_its_cells(watched: Office, leader: TestClient) -> None:
    """Three days asked for where one was typed: three lines, the first as it was."""
    form = {**typed(today_of(watched), "A", "B", days=3), "act": "look"}
    page = leader.post("/rosters/P1/plan", data=form, headers=FROM_HERE).text
    assert page.count('name="turn"') == 6
    assert 'value="B" list="teams"' in page


@pytest.mark.parametrize(("teams", "lines"), [("ABCD", ["A B C", "D A B", "C D A", "B C D"]), ("A", ["A A A"])])
def test_teams_take_turns(teams: str, lines: list[str]) -> None:
    """Four teams in three shifts go forward through them and rest."""
    assert roster_days.rotation(3, list(teams)) == lines


def test_no_team_goes_from_the_last_shift_straight_into_the_first() -> None:
    """Neither with as many teams as shifts nor with more."""
    for teams in ("ABC", "ABCD", "ABCDE"):
        lines = [each.split() for each in roster_days.rotation(3, list(teams))]
        for one, following in zip(lines, [*lines[1:], lines[0]], strict=True):
            assert one[-1] != following[0]


def test_a_leader_publishes_and_the_log_has_it(watched: Office, leader: TestClient) -> None:
    """The turns are new until then, published afterwards, and publishing again adds nothing."""
    begins = today_of(watched) + timedelta(days=1)
    leader.post("/rosters/P1/plan", data={**typed(begins, "A", "A"), "act": "keep"}, headers=FROM_HERE)
    assert "not published" in text_of(leader.get("/rosters").text)
    span = {"first": str(begins), "last": str(begins + timedelta(days=6)), "role": "leader"}
    answer = leader.post("/rosters/P1/publish", data=span, headers=FROM_HERE)
    assert "done=entry" in answer.headers["location"]
    states = {
        named.state for day in roster_days.look(watched, "P1", begins, 7) for cell in day.cells for named in cell.guards
    }
    assert states == {roster_days.PUBLISHED}
    again = leader.post("/rosters/P1/publish", data=span, headers=FROM_HERE)
    assert again.headers["location"].endswith("done=same#days")


def test_one_day_is_planned_otherwise_and_back_again(watched: Office, leader: TestClient) -> None:
    """That day alone has nobody at night, which makes a hole; going back closes it."""
    begins = today_of(watched) + timedelta(days=1)
    leader.post("/rosters/P1/plan", data={**typed(begins, "A", "A"), "act": "keep"}, headers=FROM_HERE)
    other = begins + timedelta(days=2)
    chosen = {"day": str(other), "shift": "night", "guards": "-"}
    assert f'value="{other}"' in leader.get("/rosters/P1", params={"day": str(other), "shift": "night"}).text
    assert leader.post("/rosters/P1/day", data=chosen, headers=FROM_HERE).status_code == 303

    def holes() -> list[date]:
        return [day.day for day in roster_days.look(watched, "P1", begins + timedelta(days=1), 7) for gap in day.gaps]

    assert holes() == [other]
    leader.post("/rosters/P1/day", data={**chosen, "act": "again"}, headers=FROM_HERE)
    assert holes() == []


def test_what_was_planned_stands_beside_who_was_there(watched: Office, clock: HandClock) -> None:
    """BV01 is on duty without being planned, and was there once the day is over."""
    begins = today_of(watched)
    rostering.set_roster(
        watched, rostering.roster_of("P1", ["all=00:00-00:00"], [], ["BV01"], begins, None, weekly=False)
    )
    tomorrow = begins + timedelta(days=1)
    rostering.publish(watched, "P1", tomorrow, tomorrow, [signer("LD01")])
    clock.sleep(26 * HOUR)
    (day,) = roster_days.look(watched, "P1", tomorrow, 1)
    (cell,) = day.cells
    assert [(each.guard, each.was_there) for each in cell.guards] == [("BV01", True)]
    (before,) = roster_days.look(watched, "P1", begins, 1)
    assert before.cells[0].others == () or before.cells[0].guards == ()


def test_holidays_are_filled_in_added_and_taken_out(watched: Office, leader: TestClient) -> None:
    """Tết of a year whose moon is known; a year it is not known of is refused."""
    year = today_of(watched).year
    assert leader.post("/holidays/fill", data={"year": "1999"}, headers=FROM_HERE).status_code == 422
    day = date(year + 1, 3, 9)
    given = {"day": str(day), "name": "Ngày của phường"}
    assert leader.post("/holidays", data=given, headers=FROM_HERE).status_code == 303
    assert "Ngày của phường" in leader.get("/rosters").text
    assert leader.post("/holidays/drop", data={"day": str(day)}, headers=FROM_HERE).status_code == 303
    assert "Ngày của phường" not in leader.get("/rosters").text
    assert leader.post("/holidays/fill", data={"year": "2027"}, headers=FROM_HERE).status_code == 303
    with watched.database.reading() as session:
        assert date(2027, 2, 6) in {each.day for each in rosters.holidays(session)}


def test_an_inspector_sees_the_rosters_and_changes_nothing(watched: Office) -> None:
    """No form is shown, and the gate refuses."""
    inspector = english(signed_in(watched, "TT01"))
    assert '<form method="post" action="/rosters' not in inspector.get("/rosters/P1").text
    assert inspector.post("/rosters/P1/publish", headers=FROM_HERE).status_code == 403


ROUND = {
    "sort": "round", "code": "night", "post": "P1", "places": "K1/G1", "fixed": "22:00, 01:00", "minutes": "30",
    "late": "15", "least": "2", "days": ["mon", "sat"],
}  # fmt: skip


def test_a_plan_of_rounds_is_published_and_stopped(watched: Office, leader: TestClient) -> None:
    """Its terms are what was typed; stopping wants a reason and the box ticked."""
    answer = leader.post("/round-plans", data=ROUND, headers=FROM_HERE)
    assert answer.headers["location"] == "/round-plans?done=NIGHT"
    (plan,) = rounds.plans(watched)
    assert (plan.sort, plan.guarded, plan.times, plan.days) == ("round", "P1", ("at 22:00", "at 01:00"), ("mon", "sat"))
    assert (plan.minutes, plan.grace, plan.state) == (30, 15, "active")
    assert "at 22:00; at 01:00 (Monday, Saturday)" in text_of(leader.get("/round-plans").text)
    assert leader.post("/round-plans/NIGHT/stop", data={"reason": "x"}, headers=FROM_HERE).status_code == 422
    stopped = {"reason": "the store is empty", "sure": "yes"}
    assert leader.post("/round-plans/NIGHT/stop", data=stopped, headers=FROM_HERE).status_code == 303
    assert rounds.plans(watched)[0].state == "stopped"


@pytest.mark.parametrize(
    "wrong",
    [
        {"late": "soon"},
        {"places": "K9/nowhere"},
        {"fixed": "25:00"},
        {"every": "60"},
        {"start": "18:00", "until": "06:00"},
        {"post": "P9"},
    ],
)
def test_a_plan_of_rounds_that_cannot_be_is_refused_with_what_was_typed(
    watched: Office, leader: TestClient, wrong: dict[str, str]
) -> None:
    """Nothing is published, and the form still holds the code."""
    answer = leader.post("/round-plans", data={**ROUND, **wrong}, headers=FROM_HERE)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="night"' in answer.text
    assert rounds.plans(watched) == []


def test_rounds_at_random_times_and_spot_checks_are_planned(watched: Office, leader: TestClient) -> None:
    """Both are drawn, so both are announced to be in force from tomorrow on."""
    drawn = {**ROUND, "fixed": "", "start": "22:00", "until": "05:00", "drawn": "3", "days": []}
    assert leader.post("/round-plans", data=drawn, headers=FROM_HERE).status_code == 303
    spot = {"sort": "spot", "code": "SPOT", "post": "P1", "random_boxes": "2", "drawn_in": "", "day": "tue"}
    spot |= {"at": "08:30", "wait": "3", "minutes": "120"}
    assert leader.post("/round-plans", data=spot, headers=FROM_HERE).status_code == 303
    night, spots = rounds.plans(watched)
    assert night.times == ("random 3 22:00-05:00",)
    assert (spots.sort, spots.targets, spots.days, spots.grace) == ("spot", ("random 2",), ("tue",), 3 * 24 * 60)
    assert RoundPlanned.KIND in leader.get("/log").text or "SPOT" in leader.get("/log").text
