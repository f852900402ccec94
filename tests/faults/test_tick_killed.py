"""The station is killed for real after every effect of a tick that catches up with three days of sleep.

The next tick, in the same minute, must leave what a tick that was never killed leaves: each missed round, each night,
each seed and each alarm once, stamped with the moment it was recorded; and nothing more however often it is repeated.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from archive.clock import HandClock
from custody import ledger
from custody.alarm_tables import AlarmEventRow, AlarmMessageRow, AlarmRow
from custody.entries import read_body
from custody.entries_package import PackageChecked
from custody.entries_rounds import RoundMissed
from custody.projections import fold, load
from desk import ledgering, reliefs, ticking
from desk.office import Office, open_office
from tests.custody.office_day import BINH
from tests.desk.guarding import BOXES, build, write
from tests.faults import dying
from tests.faults.test_acts_killed import values_of

ENVIRON = {"LUUTRU_ALARM_URLS": "all=json://127.0.0.1:1/alarms"}
SLEPT = timedelta(days=3)


def opened(home: Path, clock: HandClock) -> Office:
    """Open a station that tells its alarms to somebody."""
    return open_office(home, ENVIRON, HandClock(clock.now()))


@pytest.fixture
def asleep(office: Office, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, HandClock]:
    """Give a station that slept for three days over rounds, a draw, a forgotten hand-over, midnights, a broken seal."""
    post = build(office, clock, monkeypatch)
    post.set("2026-01-05 21:00")
    post.plan("at 22:00", "random 1 10:00-16:00")
    ticking.look_after(office)
    reliefs.begin(office, "P1", "BINH", "HOA")
    write(office, PackageChecked(BOXES[0], "broken", ("A0001",)), [BINH])
    clock.sleep(SLEPT.total_seconds())
    return office.settings.home, clock


def wake(home: Path, clock: HandClock, deadly: str = "") -> list[str]:
    """Tick in a process of its own; return its effects."""
    return dying.run(lambda: opened(home, clock), ticking.look_after, deadly)


def dump(home: Path) -> dict[str, Counter[str]]:
    """Return every row of every table."""
    file = sqlite3.connect(home / "archive.sqlite3")
    try:
        # What is virtual keeps its rows in tables of its own, which are among these.
        stored = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        names = [name for (name,) in file.execute(stored)]
        return {name: Counter(map(repr, file.execute(f"SELECT * FROM {name}"))) for name in names}
    finally:
        file.close()


def story(office: Office) -> dict[str, list[str]]:
    """Return what was recorded and told, without the numbers that tell how often it was tried."""
    with office.database.reading() as session:
        entries = [repr(read_body(each.body)) for each in ledger.read(session)]
        alarms = {each.number: f"{each.code} {each.about}" for each in session.exec(select(AlarmRow))}
        return {
            "entries": entries,
            "alarms": sorted(alarms.values()),
            "events": sorted(f"{alarms[each.alarm]} {each.verb}" for each in session.exec(select(AlarmEventRow))),
            "messages": sorted(
                f"{alarms[each.alarm]} {each.rung} {each.turn} {each.channel}"
                for each in session.exec(select(AlarmMessageRow))
            ),
        }


def misses(session: Session) -> list[tuple[str, str, object]]:
    """Return each recorded miss: its round, when that fell due, and when it was recorded."""
    told = (read_body(each.body) for each in ledger.read(session))
    return [(entry.round, entry.due, stamp.at) for entry, stamp in told if isinstance(entry, RoundMissed)]


def test_a_tick_after_three_days_records_each_miss_once_and_stamps_it_late(asleep: tuple[Path, HandClock]) -> None:
    """Two fixed and three drawn ones since the first seed, in the order they closed, all stamped with the waking."""
    home, clock = asleep
    office = opened(home, clock)
    ticking.look_after(office)
    with office.database.reading() as session:
        found = misses(session)
    assert len({code for code, _, _ in found}) == len(found) == 5
    assert [due for _, due, _ in found] == sorted(due for _, due, _ in found)
    assert {at for _, _, at in found} == {clock.now().astimezone().replace(microsecond=0)}
    told = story(office)
    assert "relief-open-long" not in " ".join(told["alarms"]), "what everybody forgot is void, not late"
    assert f"package-suspect {BOXES[0]}" in told["alarms"]
    assert len(set(told["messages"])) == len(told["messages"]) > 0
    office.close()


def test_a_second_tick_in_the_same_minute_writes_nothing(asleep: tuple[Path, HandClock]) -> None:
    """After the tick that caught up, every row of every table stays as it is, by another process too."""
    home, clock = asleep
    wake(home, clock)
    before = dump(home)
    assert sum(before["ledger_entry"].values()) > 30
    wake(home, clock)
    assert dump(home) == before


def is_turning_point(step: str) -> bool:
    """Tell whether an effect is a commit, or the first of its kind: what lies between is a transaction undone."""
    return step.startswith("commit") or not step.rpartition("-")[2].isdigit()


def try_kills(source: Path, clock: HandClock, room: Path, *, turning: bool) -> int:
    """Kill a tick after each effect that is a turning point, or after each of the others; return how many."""
    home = Path(shutil.copytree(source, room / "lives"))
    steps = wake(home, clock)
    assert len(set(steps)) == len(steps)
    office = opened(home, clock)
    wanted = story(office)
    office.close()
    chosen = [step for step in steps if is_turning_point(step) == turning]
    for number, step in enumerate(chosen):
        home = Path(shutil.copytree(source, room / f"dies-{number}"))
        wake(home, clock, step)
        office = opened(home, clock)
        ticking.look_after(office)
        assert story(office) == wanted, step
        with office.database.reading() as session:
            assert values_of(load(session)) == values_of(fold(session)), step
        assert ledgering.check(office, lambda _done, _all: None).findings == (), step
        before = dump(home)
        assert ticking.look_after(office) == [], step
        assert dump(home) == before, step
        office.close()
        shutil.rmtree(home)
    return len(chosen)


def test_a_kill_at_any_turning_point_of_a_tick_loses_and_doubles_nothing(
    asleep: tuple[Path, HandClock], tmp_path: Path
) -> None:
    """Whatever it had done, the next tick in that minute leads to the same entries, alarms and messages."""
    assert try_kills(*asleep, tmp_path, turning=True) > 20


@pytest.mark.long
def test_a_kill_after_any_effect_of_a_tick_loses_and_doubles_nothing(
    asleep: tuple[Path, HandClock], tmp_path: Path
) -> None:
    """The same for every row within the transactions."""
    assert try_kills(*asleep, tmp_path, turning=False) > 20
