"""Current state in the database: never out of step with the log, whoever edits it and however many write at once."""

from __future__ import annotations

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

from archive.database import Database, open_database
from custody import entries_package as package
from custody import ledger, projection_tables
from custody.canonical import encode
from custody.entries import Stamp
from custody.errors import CustodyError
from custody.holdings import Dossier, Package, Roll
from custody.manifest import digest_of
from custody.projections import TABLES, fold, load, replay
from custody.recording import record
from tests.custody.office_day import BOX, LAN, TUAN, Day


def test_the_migration_makes_exactly_the_tables_of_current_state(database: Database) -> None:
    """Alembic's own comparison finds no difference in the tables of custody."""
    ours = {name for name in SQLModel.metadata.tables if name.startswith("custody_")}
    assert ours == {table.name for table in TABLES.values()}
    assert projection_tables.PackageRow.__tablename__ in ours
    with database.engine.connect() as connection:
        options = {"include_name": lambda name, kind, _: kind != "table" or name in ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        found = [each for each in compare_metadata(context, SQLModel.metadata) if "custody_" in str(each)]
    assert found == []


@pytest.mark.parametrize(
    ("statement", "table", "key", "members"),
    [
        ("UPDATE custody_package SET custodian = 'EVE'", "custody_package", BOX, ["custodian"]),
        ("UPDATE custody_dossier SET leaves = 9 WHERE code = 'P01.2'", "custody_dossier", "P01.2", ["leaves"]),
        ("UPDATE custody_dossier SET location = 'X' WHERE code = 'P01.2'", "custody_dossier", "P01.2", ["where"]),
        ("UPDATE custody_roll SET unused = 100", "custody_roll", "ROLL1", ["unused"]),
    ],
)
def test_a_state_edited_by_hand_is_found_and_named(
    database: Database, statement: str, table: str, key: str, members: list[str]
) -> None:
    """Table, key and member are named, with what the entries say."""
    Day(database).sealed_box()
    with database.atomic() as session:
        session.execute(text(statement))
    with database.reading() as session:
        (found,) = replay(session)
    assert found.code == "projection-differs"
    assert (found.facts["table"], found.facts["key"], found.facts["members"]) == (table, key, members)


def test_a_row_taken_out_or_put_in_by_hand_is_found(database: Database) -> None:
    """What the entries know and the state does not, and the other way round."""
    Day(database).sealed_box()
    with database.atomic() as session:
        session.execute(text("DELETE FROM custody_seal"))
        session.execute(text("INSERT INTO custody_device (name, due, entry) VALUES ('ghost', 1, 1)"))
    with database.reading() as session:
        told = {(str(each.facts["table"]), str(each.facts["key"])) for each in replay(session)}
    assert told == {("custody_seal", "A0001"), ("custody_device", "ghost")}


def test_an_entry_that_nobody_can_read_is_a_finding(database: Database) -> None:
    """A kind off the list ends the comparison with its number."""
    with database.atomic() as session:
        ledger.append(session, [encode({"kind": "made-up"})])
    with database.reading() as session:
        (found,) = replay(session)
        assert (found.code, found.entry) == ("entry-unreadable", 0)
        with pytest.raises(CustodyError, match="entry-malformed"):
            fold(session)


def test_the_loaded_state_is_the_folded_state(database: Database) -> None:
    """Both ways to the same values, more of them than are read at once."""
    day = Day(database)
    codes = [f"P01.{number:05d}" for number in range(2100)]
    for start in range(0, len(codes), 500):
        day.register(*codes[start : start + 500])
    with database.reading() as session:
        loaded, folded = load(session), fold(session)
    for kind in (Package, Dossier, Roll):
        assert sorted(loaded.every(kind), key=str) == sorted(folded.every(kind), key=str)
    assert len(loaded.all_dossiers()) == 2100
    assert loaded.totals() == folded.totals()


def test_two_desks_that_take_the_same_seal_at_once_get_it_once(database_url: str, database: Database) -> None:
    """Of two sealings begun at the same moment one is refused; the number is used once."""
    day = Day(database)
    day.register("P01.1", "P01.2")
    day.issue()
    for box, code in ((BOX, "P01.1"), ("BOX2", "P01.2")):
        day.fill(code, box=box)
        day.pack(box)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def seal(box: str) -> None:
        desk = open_database(database_url)
        digest = digest_of(box, day.contents(box))
        entry = package.PackageSealed(box, "LAN", "TUAN", ("A0001",), "G1", "K1", digest)
        together.wait(30)
        try:
            with desk.atomic() as session:
                record(session, entry, Stamp(day.now, ("TUAN", "LAN"), box), (TUAN, LAN))
            outcomes.append("sealed")
        except CustodyError as refused:
            outcomes.append(refused.code)
        finally:
            desk.close()

    desks = [threading.Thread(target=seal, args=(box,)) for box in (BOX, "BOX2")]
    for each in desks:
        each.start()
    for each in desks:
        each.join(60)
    assert sorted(outcomes) == ["seal-number-used", "sealed"]
    with database.reading() as session:
        assert list(replay(session)) == []


def test_an_error_after_recording_takes_the_entry_back_with_the_state(database: Database) -> None:
    """Entry and state live and die in the caller's transaction."""
    day = Day(database)

    def fail_after_recording() -> None:
        with database.atomic() as session:
            record(session, package.PackageDrafted(BOX, "LAN"), Stamp(day.now, ("LAN",), "counter"), (LAN,))
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        fail_after_recording()
    with database.reading() as session:
        assert ledger.size(session) == 0
        assert load(session).package(BOX) is None
