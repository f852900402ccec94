"""A hand-over is killed for real after every step: it goes on or is void, and is never half done.

The child process tells every step and every statement that writes, and dies after the named one. What it leaves is
opened by another process: before the commit nothing has changed but the draft, after it everything has.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.clock import HandClock
from custody import ledger
from custody import signing as heads
from custody.incidents import Incident
from custody.projections import Projections, replay
from desk import custodial, duty, ledgering, reliefs, shifts
from desk.office import Office, open_office
from desk.reliefs import Closing
from tests.desk.guarded import POST, box, by_name, furnish, sign, there

ROOT = Path(__file__).resolve().parent.parent.parent
CHILD = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from sqlalchemy import event
from archive.clock import HandClock
from desk import custodial, reliefs
from desk.office import open_office
from desk.reliefs import Closing
from tests.desk.guarded import POST, by_name, sign

home, deadly = Path(sys.argv[1]), sys.argv[2]
clock = HandClock(datetime.fromisoformat(sys.argv[3]))
seen = {}

def reach(step):
    seen[step] = seen.get(step, 0) + 1
    name = step if seen[step] == 1 else f"{step}-{seen[step]}"
    print(name, flush=True)
    if name == deadly:
        os.kill(os.getpid(), signal.SIGKILL)

def after(connection, cursor, statement, *rest):
    words = statement.split()
    if words[0] in {"INSERT", "UPDATE"} and reaching:
        reach(f"{words[0].lower()}-{words[2 if words[0] == 'INSERT' else 1]}".strip('"'))

custodial.authenticate = by_name
office = open_office(home, {}, clock)
event.listen(office.database.engine, "after_cursor_execute", after)
reaching = False
draft = reliefs.begin(office, POST, "", "BV02")
reliefs.scan(office, draft.code, ["BOX1", "BOX2"], reach=reach)
reaching = True
reliefs.count(office, draft.code, sign("BV02"), reach=reach)
reliefs.hand_over(office, draft.code, sign("BV01", "BV02"), Closing(open_incidents=True), reach=reach)
reaching = False
reach("done")
"""
# Everything before this name must leave no trace of the hand-over but its draft and its count.
COMMITTED = "committed"


def prepare_room(room: Path) -> tuple[Path, HandClock]:
    """Make a station where BV01 is on duty and answers for three boxes, one of which nobody will find."""
    from desk.office import prepare

    home, clock = room / "home", HandClock()
    prepare(home, {})
    office = open_office(home, {}, clock)
    furnish(office)
    shifts.start(office, POST, "BV01", sign("BV01"))
    office.close()
    clock.sleep(600)
    return home, clock


def run(home: Path, deadly: str, clock: HandClock) -> tuple[int, list[str]]:
    """Run the child until it dies or ends; return its exit code and the steps it told."""
    told = subprocess.run(
        [sys.executable, "-c", CHILD, str(home), deadly, clock.now().isoformat()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert told.returncode in {0, -signal.SIGKILL}, told.stderr
    return told.returncode, told.stdout.split()


@pytest.fixture(autouse=True)
def _sign_without_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custodial, "authenticate", by_name)


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Let the child live once and give the names of all its steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(custodial, "authenticate", by_name)
        code, told = run(*_with_step(prepare_room(tmp_path_factory.mktemp("alive")), "nothing"))
    assert code == 0
    return told


def _with_step(room: tuple[Path, HandClock], step: str) -> tuple[Path, str, HandClock]:
    return room[0], step, room[1]


def is_done(office: Office) -> bool:
    """Tell whether the hand-over has happened, and that all of it or none of it has."""
    done = there(office) == ["BV02"]
    with office.database.reading() as session:
        holdings = Projections(session)
        kinds = [each.kind for each in ledger.read(session)]
        known = len(list(holdings.every(Incident)))
    assert box(office, "BOX1").custodian == ("BV02" if done else "BV01")
    assert box(office, "BOX3").state == ("missing" if done else "sealed")
    assert kinds.count("handed-over") == kinds.count("package-missed") == known == int(done)
    return done


def test_every_step_and_every_write_of_a_hand_over_is_tried(steps: list[str]) -> None:
    """The list that the other test walks has what a hand-over is made of."""
    wanted = {"scanned", "counting", "counted", "recorded", "committed", "head-signed", "done"}
    wanted |= {"insert-ledger_entry", "insert-ledger_entry-4", "insert-custody_on_duty", "insert-custody_package"}
    assert wanted <= set(steps)


def test_killed_after_any_step_it_goes_on_or_is_done_and_never_half(steps: list[str], tmp_path: Path) -> None:
    """The next process finishes what can go on; log, state and invariants agree every time."""
    made, clock = prepare_room(tmp_path)
    # A write that comes several times is tried the first and the last time; the clock stands still throughout.
    lasts = {each.rpartition("-")[0] if each.rpartition("-")[2].isdigit() else each: each for each in steps}
    for number, step in enumerate(steps):
        if step not in lasts and step not in lasts.values():
            continue
        home = tmp_path / str(number)
        shutil.copytree(made, home)
        code, told = run(home, step, clock)
        assert (code, told[-1]) == (-signal.SIGKILL, step)
        finish(open_office(home, {}, clock), step, done=number >= steps.index(COMMITTED))


def finish(office: Office, step: str, *, done: bool) -> None:
    """Look at what a dead process left, go on where it can, and check that everything agrees then."""
    assert is_done(office) == done, step
    if not done:
        draft = reliefs.begin(office, POST, "", "BV02")
        reliefs.scan(office, draft.code, ["BOX1", "BOX2"])
        reliefs.count(office, draft.code, sign("BV02"))
        reliefs.hand_over(office, draft.code, sign("BV01", "BV02"), Closing(open_incidents=True))
    duty.catch_up(office)
    assert is_done(office), step
    with office.database.reading() as session:
        assert list(replay(session)) == [], step
        assert heads.all_notes(session)[-1][0] >= ledger.size(session) - 1, step
    found = duty.findings_of(office)
    assert {5, 11} <= set(found), step
    assert not any(found.values()), step
    assert list(ledgering.check(office, lambda *_: None).findings) == [], step
    office.close()
