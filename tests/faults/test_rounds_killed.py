"""The station is killed for real after every write of a round's end and of the tick: done whole, or not at all.

The child names each INSERT, UPDATE, commit and renamed file, and dies after the named one. The first test of each lets
it live and compares the names with the list, so that no effect is left untried.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.clock import HandClock
from custody.projections import replay
from desk import duty, incidents, round_duty, round_scans, rounds
from desk.office import Office
from tests.desk.guarding import BOXES, GUARD, Post, build

ROOT = Path(__file__).resolve().parent.parent.parent
CHILD = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from sqlalchemy import event
from archive.clock import HandClock
from desk import custodial, duty, rounds
from desk.office import open_office
from tests.custody.office_day import STAFF

home, deadly, work, moment = Path(sys.argv[1]), sys.argv[2], sys.argv[3], datetime.fromisoformat(sys.argv[4])
seen = {}

def reach(name):
    seen[name] = seen.get(name, 0) + 1
    step = name if seen[name] == 1 else f"{name}-{seen[name]}"
    print(step, flush=True)
    if step == deadly:
        os.kill(os.getpid(), signal.SIGKILL)

def after(connection, cursor, statement, *rest):
    verb, *words = statement.split()
    if verb in ("INSERT", "UPDATE"):
        reach(f"{verb.lower()} {words[1 if verb == 'INSERT' else 0]}")

def named(owner, method, name):
    original = getattr(owner, method)
    def does(*given, **more):
        done = original(*given, **more)
        reach(name)
        return done
    setattr(owner, method, does)

office = open_office(home, {}, HandClock(moment))
custodial.authenticate = lambda _office, code, _pin: STAFF[code]
event.listen(office.database.engine, "after_cursor_execute", after)
event.listen(office.database.engine, "commit", lambda connection: reach("committing"))
named(Path, "replace", "named")
named(os, "link", "linked")
if work == "end":
    rounds.end(office, "", [("BINH", "")], "mất điện, kho tối")
else:
    duty.catch_up(office)
"""
END = [
    "insert round_result",
    "insert ledger_entry",
    "insert ledger_node",
    "insert custody_round",
    "linked",
    "committing",
    "committing-2",
]
# Of the tick after three days: the scans are pinned and a head is signed; a seed is announced; six misses are recorded.
TICK = [
    "committing-4",
    "named",
    "committing-5",
    "insert ledger_entry-2",
    "committing-9",
    "insert custody_round",
    "insert ledger_entry-6",
    "insert custody_round-6",
    "committing-10",
    "committing-11",
]


@pytest.fixture
def post(office: Office, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Give a post with six sealed boxes, on the morning of Monday 5 January 2026."""
    return build(office, clock, monkeypatch)


def run(post: Post, deadly: str, work: str) -> list[str]:
    """Run the child; return what it reached. It must have died where it was told to."""
    home, moment = str(post.office.settings.home), post.clock.now().isoformat()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, home, deadly, work, moment], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == (-signal.SIGKILL if deadly else 0), done.stderr
    return done.stdout.splitlines()


def begin(post: Post) -> None:
    """Walk half a round."""
    # One entry more, so that the tree of the log grows by a node while the round ends.
    incidents.report(post.office, "P1", "low", GUARD)
    post.plan("at 22:00")
    post.set("2026-01-05 22:05")
    rounds.start(post.office, "", GUARD)
    round_scans.scan(post.office, BOXES[:4], GUARD)


def test_what_lives_has_every_effect_that_is_tried(post: Post) -> None:
    """The list of the end leaves nothing out; those of the tick are among its effects."""
    begin(post)
    assert run(post, "", "end") == END
    sleep_three_days(post)
    assert set(TICK) <= set(run(post, "", "tick"))


@pytest.mark.parametrize("step", END)
def test_a_kill_while_a_round_ends_leaves_it_ended_or_under_way(post: Post, step: str) -> None:
    """Never results without their root, never a root without its results; ending it again works where it did not."""
    begin(post)
    run(post, step, "end")
    found, results = rounds.look(post.office, "DEM-20260105-01")
    # "committing" is told before the database commits.
    assert (found.state, len(results)) == (("ended", 7) if step == "committing-2" else ("under-way", 4))
    if found.state == "under-way":
        found = rounds.end(post.office, "", GUARD, "mất điện, kho tối")
    assert (found.state, found.results, len(found.unscanned)) == ("ended", 7, 3)
    assert round_duty.judges(post.office) == {13: []}
    assert post.office.vault.exists(found.reason)
    with post.office.database.reading() as session:
        assert list(replay(session)) == []


def sleep_three_days(post: Post) -> None:
    """Plan rounds, one of them drawn, and let three days pass without a tick."""
    post.set("2026-01-05 23:00")
    post.plan("every 360 18:00-06:00", "random 1 20:00-22:00", code="NGAY")
    post.set("2026-01-08 09:00")


@pytest.mark.parametrize("step", TICK)
def test_a_kill_while_misses_are_caught_up_loses_and_doubles_none(post: Post, step: str) -> None:
    """The next tick goes on where it stopped; in order, each once."""
    sleep_three_days(post)
    run(post, step, "tick")
    duty.catch_up(post.office)
    size = len(post.kinds())
    duty.catch_up(post.office)
    assert len(post.kinds()) == size
    found = rounds.every(post.office, days=5)
    assert [each.state for each in found] == ["missed"] * 6
    entries = [each.missed_at for each in sorted(found, key=lambda each: each.closes)]
    assert entries == sorted(entries)
    assert round_duty.judges(post.office) == {13: []}
    with post.office.database.reading() as session:
        assert list(replay(session)) == []
