"""A page asks the supervisor to begin again: every part stops in good order and starts anew, and it is written down."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest

from archive import office_acts
from archive.errors import ArchiveError
from desk import restarting
from desk.logbook import Logbook
from desk.office import Office
from desk.supervisor import RESTART_WANTED, Supervisor, only_one
from tests.desk.test_supervisor import PATIENT, part, wait_for


def test_every_part_begins_again_when_the_administrator_asks(office: Office) -> None:
    """Other processes run afterwards, none was told as dead, and the note is gone."""
    home, told = office.settings.home, list[str]()

    def tell(code: str, _facts: Mapping[str, object]) -> None:
        told.append(code)

    station = Supervisor([part("one", PATIENT), part("two", PATIENT)], Logbook(home), None, tell, home)

    def pids() -> set[int]:
        found = [each.process for each in station.children]
        return {each.pid for each in found if each is not None and each.poll() is None}

    with only_one(home, 8000):
        thread = threading.Thread(target=station.run, daemon=True)
        thread.start()
        wait_for(lambda: len(pids()) == 2)
        before = pids()
        restarting.ask(office, "QT")
        wait_for(lambda: len(pids()) == 2 and not pids() & before)
        station.stopping.set()
        thread.join(10)
    assert "station-begins-again" in told
    assert "part-died" not in told
    assert not (home / RESTART_WANTED).exists()
    with office.database.reading() as session:
        assert office_acts.newest(session)[0].kind == "station-restarted"


def test_without_a_supervisor_asking_is_refused_and_leaves_nothing(office: Office) -> None:
    """A note that nobody reads would restart the station at its next start."""
    with pytest.raises(ArchiveError, match="station-not-supervised"):
        restarting.ask(office, "QT")
    assert not (office.settings.home / RESTART_WANTED).exists()
