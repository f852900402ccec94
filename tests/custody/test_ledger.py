"""The log in the database: added to by many at once, changed by nobody, proven to strangers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from archive.database import Database
from custody import ledger, merkle
from custody.canonical import encode
from custody.errors import CustodyError

ROOT = Path(__file__).resolve().parent.parent.parent
APPENDING = """
import sys
from archive.database import open_database
from custody import ledger
from custody.canonical import encode
database = open_database(sys.argv[1])
for number in range(int(sys.argv[3])):
    with database.atomic() as session:
        ledger.append(session, [encode({"kind": "opened", "who": sys.argv[2], "number": number})])
database.close()
"""


def bodies(count: int, start: int = 0) -> list[bytes]:
    """Return that many entries."""
    return [encode({"kind": "opened", "number": start + number}) for number in range(count)]


def add(database: Database, count: int, start: int = 0) -> None:
    """Append that many entries in one transaction."""
    with database.atomic() as session:
        ledger.append(session, bodies(count, start))


def test_entries_come_back_byte_for_byte_under_the_root_of_their_tree(database: Database) -> None:
    """Appended one at a time or many at once, the log is the same."""
    add(database, 5)
    for number in range(5, 9):
        add(database, 1, number)
    add(database, 14, 9)
    edge = merkle.Frontier()
    with database.reading() as session:
        stored = list(ledger.read(session))
        assert [each.body for each in stored] == bodies(23)
        assert [each.seq for each in stored] == list(range(23))
        for each in stored:
            edge.add(merkle.leaf_hash(each.body))
        assert ledger.root(session) == edge.root()
        assert [each.seq for each in ledger.read(session, 7, 11)] == [7, 8, 9, 10]


def test_every_entry_is_proven_and_every_older_head_continued(database: Database) -> None:
    """Proofs are made from stored hashes alone and hold against the root."""
    add(database, 21)
    with database.reading() as session:
        top = ledger.root(session)
        for each in ledger.read(session):
            path = ledger.prove_inclusion(session, each.seq, 21)
            assert merkle.check_inclusion(each.seq, 21, merkle.leaf_hash(each.body), path, top)
        for old in range(22):
            path = ledger.prove_consistency(session, old, 21)
            assert merkle.check_consistency(old, 21, ledger.root(session, old), top, path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET kind = 'other' WHERE seq = 1",
        "DELETE FROM ledger_entry WHERE seq = 2",
        "UPDATE ledger_node SET hash = body FROM ledger_entry WHERE seq = 0",
        "DELETE FROM ledger_node",
        "INSERT INTO ledger_entry (seq, kind, body, leaf) SELECT 7, kind, body, leaf FROM ledger_entry WHERE seq = 0",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(database: Database, statement: str) -> None:
    """Updating, deleting and leaving a gap fail in the engine, whoever asks."""
    add(database, 3)
    with pytest.raises(DBAPIError, match="custody log"), database.atomic() as session:
        session.execute(text(statement))
    with database.reading() as session:
        assert [each.body for each in ledger.read(session)] == bodies(3)


def test_replacing_an_entry_by_its_number_is_refused(database: Database) -> None:
    """SQLite's REPLACE deletes silently unless a trigger sees it."""
    if not database.is_sqlite:
        pytest.skip("REPLACE is SQLite's own word")
    add(database, 3)
    with pytest.raises(DBAPIError, match="custody log"), database.atomic() as session:
        session.execute(text("INSERT OR REPLACE INTO ledger_entry SELECT 2, 'x', body, leaf FROM ledger_entry"))
    with database.reading() as session:
        assert [each.body for each in ledger.read(session)] == bodies(3)


def test_a_transaction_that_fails_leaves_no_trace(database: Database) -> None:
    """Neither entry nor hash stays of an append whose transaction ended badly."""
    add(database, 3)

    def fail(session: Session) -> None:
        ledger.append(session, bodies(4, 3))
        raise RuntimeError("the projection failed")

    with pytest.raises(RuntimeError), database.atomic() as session:
        fail(session)
    add(database, 1, 3)
    with database.reading() as session:
        assert [each.body for each in ledger.read(session)] == bodies(4)


@pytest.mark.parametrize("body", [b"{}", b'{"kind":7}', b'{ "kind":"opened"}', b'{"kind":"opened","x":1.5}', b"\xff"])
def test_what_is_no_entry_is_refused_before_anything_is_written(database: Database, body: bytes) -> None:
    """Bytes without one meaning do not get into the log, and good neighbours do not either."""
    with pytest.raises(CustodyError), database.atomic() as session:
        ledger.append(session, [*bodies(1), body])
    with database.reading() as session:
        assert ledger.size(session) == 0


def test_eight_processes_append_at_once_without_gap_fork_or_loss(database: Database, database_url: str) -> None:
    """Every entry of every process is there once, numbered without a gap, under one root."""
    each_adds = 12
    running = [
        subprocess.Popen([sys.executable, "-c", APPENDING, database_url, f"p{n}", str(each_adds)], cwd=ROOT)
        for n in range(8)
    ]
    assert [process.wait(timeout=120) for process in running] == [0] * 8
    expected = {encode({"kind": "opened", "who": f"p{n}", "number": k}) for n in range(8) for k in range(each_adds)}
    edge = merkle.Frontier()
    with database.reading() as session:
        stored = list(ledger.read(session))
        assert [each.seq for each in stored] == list(range(8 * each_adds))
        assert {each.body for each in stored} == expected
        for each in stored:
            edge.add(merkle.leaf_hash(each.body))
        assert ledger.root(session) == edge.root()


def test_the_database_finds_the_entries_that_name_something(database: Database) -> None:
    """A code is looked for in the bodies themselves, letters of every language among them, on both engines."""
    told = [encode({"kind": "opened", "about": about}) for about in ("P01.1/ĐĐ", "P01.2/ĐĐ", "other")]
    with database.atomic() as session:
        ledger.append(session, told)
    with database.reading() as session:
        assert [each.body for each in ledger.naming(session, "P01.2/ĐĐ")] == [told[1]]
        assert [each.seq for each in ledger.naming(session, "/ĐĐ")] == [0, 1]
        assert list(ledger.naming(session, "p01")) == []
