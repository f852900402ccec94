"""The writer of the log is killed for real after every effect: what was committed stays, and the second place follows.

The child calls every INSERT, commit, opened, synced and renamed file by a name and dies after the named one. The first
test lets it live and compares the names with the list, so that no effect is left untried.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.database import Database
from custody import checking, ledger, signing, witness
from custody.signing import Keys
from tests.archive.conftest import database, database_url
from tests.custody.damage import ORIGIN, body_of

__all__ = ["database", "database_url"]
ROOT = Path(__file__).resolve().parent.parent.parent
CHILD = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from archive.database import open_database
from custody import ledger, signing, witness
from tests.custody.damage import ORIGIN, body_of

url, home, deadly, work = sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]
seen = {}

def reach(name):
    seen[name] = seen.get(name, 0) + 1
    step = name if seen[name] == 1 else f"{name}-{seen[name]}"
    print(step, flush=True)
    if step == deadly:
        os.kill(os.getpid(), signal.SIGKILL)

def named(owner, method, tell):
    original = getattr(owner, method)
    def does(*given, **more):
        outcome = original(*given, **more)
        if name := tell(*given, **more):
            reach(name)
        return outcome
    setattr(owner, method, does)

named(os, "fsync", lambda fd: "synced")
named(Path, "replace", lambda path, target: "named")
named(Path, "unlink", lambda path, **k: "removed")
named(Path, "mkdir", lambda path, *a, **k: "made")
named(Path, "open", lambda path, mode="r", *a, **k: "opened" if "w" in mode else "")

def after(connection, cursor, statement, *rest):
    if statement.startswith("INSERT INTO "):
        reach(statement.split()[2].replace("ledger_", "insert-").strip('"'))

if work == "keys":
    signing.open_keys(home / "keys", ORIGIN)
elif work == "rotate":
    keys = signing.open_keys(home / "keys", ORIGIN)
    signing.take_into_use(home / "keys", keys, signing.prepare_next(home / "keys", keys))
else:
    keys = signing.open_keys(home / "keys", ORIGIN)
    database = open_database(url)
    event.listen(database.engine, "after_cursor_execute", after)
    with database.atomic() as session:
        ledger.append(session, [body_of(number) for number in range(5, 8)])
        signing.sign_head(session, keys, "asked")
    reach("committed")
    with database.reading() as session:
        witness.copy_heads(session, home / "heads")
    reach("copied")
"""
STEPS = [
    "insert-entry",
    "insert-node",
    "insert-checkpoint",
    "committed",
    "opened",
    "synced",
    "named",
    "synced-2",
    "copied",
]
# A file opened, synced, named, and its folder synced: thrice for a key that follows another, whose draft then goes;
# twice for the first key, and the folder is made before.
FILES = [
    "opened",
    "synced",
    "named",
    "synced-2",
    "opened-2",
    "synced-3",
    "named-2",
    "synced-4",
    "opened-3",
    "synced-5",
    "named-3",
    "synced-6",
    "removed",
    "synced-7",
]
KEYS = ["made", "synced", "opened", "synced-2", "named", "synced-3", "opened-2", "synced-4", "named-2", "synced-5"]


def run(url: str, home: Path, deadly: str, work: str) -> list[str]:
    """Run the child; return what it reached. It must have died where it was told to."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, url, str(home), deadly, work],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == (-signal.SIGKILL if deadly else 0), done.stderr
    return done.stdout.split()


def begin(database: Database, home: Path) -> Keys:
    """Make a log of five entries with a head that lies in the second place too."""
    keys = signing.open_keys(home / "keys", ORIGIN)
    with database.atomic() as session:
        ledger.append(session, [body_of(number) for number in range(5)])
        signing.sign_head(session, keys, "asked")
    with database.reading() as session:
        witness.copy_heads(session, home / "heads")
    return keys


def test_a_writer_that_lives_has_exactly_the_effects_that_are_tried(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """The lists below leave nothing out."""
    begin(database, tmp_path)
    assert run(database_url, tmp_path, "", "append") == STEPS
    assert run(database_url, tmp_path, "", "rotate") == FILES
    (tmp_path / "new").mkdir()
    assert run(database_url, tmp_path / "new", "", "keys") == KEYS


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_after_any_effect_loses_nothing_that_was_committed(
    database: Database, database_url: str, tmp_path: Path, step: str
) -> None:
    """All three entries and their head are there, or none; the second place is repaired; the log goes on."""
    keys = begin(database, tmp_path)
    committed = "committed" in run(database_url, tmp_path, step, "append")
    with database.reading() as session:
        # What every start does: compare, then repair.
        witness.compare(session, tmp_path / "heads", keys.known, ORIGIN)
        witness.copy_heads(session, tmp_path / "heads")
        assert ledger.size(session) == (8 if committed else 5)
        assert [each.body for each in ledger.read(session)] == [body_of(n) for n in range(8 if committed else 5)]
        held = witness.held_heads(tmp_path / "heads")
        assert [(each.size, each.note) for each in held] == signing.all_notes(session)
        assert [each.size for each in held] == ([5, 8] if committed else [5])
    with database.atomic() as session:
        ledger.append(session, [body_of(9)])
        signing.sign_head(session, keys, "asked")
    with database.reading() as session:
        witness.copy_heads(session, tmp_path / "heads")
        held_notes = [each.note for each in witness.held_heads(tmp_path / "heads")]
        report = checking.check(session, keys.known, ORIGIN, held_notes)
    assert report.findings == ()
    assert (report.size, report.proven) == ((9, 8) if committed else (6, 5))


@pytest.mark.parametrize("step", KEYS)
def test_a_kill_while_the_first_key_is_made_leaves_a_log_that_can_be_signed(tmp_path: Path, step: str) -> None:
    """The next start has one key, private and public, readable by its owner alone."""
    run("", tmp_path, step, "keys")
    keys = signing.open_keys(tmp_path / "keys", ORIGIN)
    assert keys.known == tuple(key.verifier for key in keys.signers)
    assert signing.open_keys(tmp_path / "keys", ORIGIN) == keys
    assert (tmp_path / "keys" / signing.PRIVATE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", FILES)
def test_a_kill_while_keys_are_exchanged_keeps_the_old_one_signing(tmp_path: Path, step: str) -> None:
    """Old heads stay readable, and whatever key signs is a known one."""
    before = signing.open_keys(tmp_path / "keys", ORIGIN)
    run("", tmp_path, step, "rotate")
    after = signing.open_keys(tmp_path / "keys", ORIGIN)
    assert before.signers[0] in after.signers
    assert {key.verifier for key in after.signers} | set(before.known) == set(after.known)
