"""A playground: made through the functions an office uses, marked on every page, and never in a real home."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from archive import people
from archive.clock import HandClock, MachineClock
from archive.errors import ArchiveError
from custody.invariants import BREACHED
from custody.projections import Projections
from desk import custodial, demo, demo_boxes, demo_papers, incidents, rounds, stocktaking
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import Office, open_office, prepare
from desk.playground import MARK
from desk.web.app import create_app


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give a playground whose scans wait unread, so that the test needs no reading engine."""
    home = tmp_path_factory.mktemp("play") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "SCANS", 3)
        patch.setattr(demo, "READ_NOW", 0)
        demo.make(home, {}, MachineClock(), lambda _step: None)
    office = open_office(home, {})
    yield office
    office.close()


def test_a_playground_shows_something_of_everything(played: Office) -> None:
    """Boxes sealed, opened, away and in doubt; rounds, one missed; an incident; a stocktake with differences."""
    states = {each.state for each in custodial.everything(played)}
    assert {"sealed", "opened", "in-transit", "suspect", "draft"} <= states
    assert {each.state for each in rounds.every(played, days=9)} >= {"ended", "missed"}
    assert incidents.every(played)
    (counted,) = stocktaking.every(played)
    _, _, differences = stocktaking.compare(played, counted.code)
    assert differences
    with played.database.reading() as session:
        assert Projections(session).totals().dossiers == demo_boxes.REGISTERED


def test_the_log_of_a_playground_holds(played: Office) -> None:
    """Every entry came about by the rules, so no invariant is breached, whatever the alarms say of missed rounds."""
    verdicts, entries = custodial.verify(played, lambda _done, _total: None)
    assert entries > 80
    assert [each.number for each in verdicts if each.outcome == BREACHED] == []


def test_everybody_signs_in_with_the_pin_that_is_told(played: Office) -> None:
    """What the command prints is true for every role."""
    for each in demo.LOGINS:
        who = people.authenticate(played.database, each.code, each.pin, played.clock.now())
        assert {role.value for role in who.roles} == set(each.roles)
    assert {role for each in demo.LOGINS for role in each.roles} == {role.value for role in people.Role}


def test_every_page_of_a_playground_says_so_and_no_other(played: Office, office: Office) -> None:
    """The banner stands before anything else, signed in or not."""
    for each, is_playground in ((played, True), (office, False)):
        client = TestClient(create_app(each), base_url="http://127.0.0.1:8000")
        assert ('class="playground"' in client.get("/sign-in").text) is is_playground


def test_a_playground_made_again_stays_as_it_is(played: Office) -> None:
    """The second time nothing is made."""
    assert demo.make(played.settings.home, {}, MachineClock(), lambda _step: None) == {}


def test_a_real_station_is_never_played_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A prepared home, or a folder with anything in it, is refused and stays as it was."""
    home = tmp_path / "home"
    prepare(home, {})
    before = sorted(each.name for each in home.iterdir())
    code = answer(["demo", "--home", str(home)], {"LANG": "en.UTF-8"})
    assert (code, "real station" in capsys.readouterr().err) == (Exit.FINDINGS, True)
    assert sorted(each.name for each in home.iterdir()) == before
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ArchiveError, match="home-not-playground"):
        demo.make(other, {}, HandClock(), lambda _step: None)


def test_a_playground_that_was_stopped_halfway_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    """It says so instead of showing half an office."""
    (tmp_path / MARK).write_text("", encoding="utf-8")
    (tmp_path / demo.HALF).write_text("", encoding="utf-8")
    with pytest.raises(ArchiveError, match="playground-half-made"):
        demo.make(tmp_path, {}, HandClock(), lambda _step: None)


def test_made_up_papers_are_whole_and_the_same_each_time(tmp_path: Path) -> None:
    """A drawn document is a PDF of the pages it says, and its dossier stands in the list."""
    day = (HandClock().now() - timedelta(days=1)).date()
    (first, _, third), (again, _, _) = demo_papers.papers(3, day), demo_papers.papers(3, day)
    assert (first.pages, third.pages, first.name) == (1, 2, again.name)
    assert third.pdf.startswith(b"%PDF-")
    assert third.pdf.count(b"/Type /Page\n") == third.pages
    assert '"003/HS"' in demo_papers.register(5).decode()


def test_filling_the_playground_bounds_nothing_that_comes_after(played: Office) -> None:
    """The limit on a reader's memory is for the process of a reader alone."""
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != played.settings.page_memory_mb << 20
