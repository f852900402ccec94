"""The register in the database: imports that double nothing, amendments with their history, codes that stay unique."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import catalogue
from archive.catalogue import Batch, CatalogueError, Plan
from archive.database import Database
from archive.refs import is_code
from archive.register_reading import Record, digest_of, read_list
from tests.archive.lists import HEADER, rows, workbook

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def take_in(database: Database, table: list[list[object]], fonds: str = "P01") -> tuple[Plan, Batch]:
    """Import a table of rows under the usual header."""
    reading = read_list(workbook([HEADER, *table]))
    fields = {each.field for each in reading.understood.columns if each.field}
    with database.atomic() as session:
        planned = catalogue.plan(session, fonds, reading.records, fields, lock=True)
        batch = catalogue.store(session, planned, name="a.xlsx", sha256=reading.sha256, faults=0, now=NOW)
    return planned, batch


@pytest.fixture
def fonds(database: Database) -> Database:
    """Give a database with one fonds."""
    with database.atomic() as session:
        catalogue.add_fonds(session, "p01", "UBND phường Hàng Bạc", "", NOW)
    return database


def test_an_import_registers_each_dossier_with_a_code_and_a_label(fonds: Database) -> None:
    """The batch names them as the custody log will: code, leaves, digest of the record."""
    _, batch = take_in(fonds, rows(3))
    with fonds.reading() as session:
        stored = catalogue.dossiers(session, "P01")
        assert [(each.code, each.leaves) for each in stored] == [(f"P01.00{n}/ĐĐ", 10 + n) for n in (1, 2, 3)]
        assert [(each.code, each.leaves, each.digest) for each in batch.added] == [
            (each.code, each.leaves, each.digest) for each in stored
        ]
        assert all(is_code(each.label) for each in stored)
        assert all(each.digest == digest_of(each.number, each.facts) for each in stored)
        assert catalogue.dossier(session, stored[0].label).code == "P01.001/ĐĐ"
        assert catalogue.every_fonds(session)[0].dossiers == 3


def test_the_same_list_again_changes_nothing(fonds: Database) -> None:
    """Whatever the case of the numbers; the import itself is kept."""
    take_in(fonds, rows(5))
    again = [[row[0], str(row[1]).lower(), *row[2:]] for row in rows(5)]
    planned, batch = take_in(fonds, again)
    assert (planned.added, planned.amended, planned.unchanged) == ((), (), 5)
    assert (batch.added, batch.amended) == ((), ())
    with fonds.reading() as session:
        assert len(catalogue.dossiers(session)) == 5


def test_a_changed_row_is_an_amendment_with_its_history(fonds: Database) -> None:
    """Code and label stay, the facts before and after are kept, and the batch names only what changed."""
    take_in(fonds, rows(3))
    with fonds.reading() as session:
        label = catalogue.dossier(session, "P01.002/ĐĐ").label
    changed = rows(3)
    changed[1][5] = 99
    _, batch = take_in(fonds, changed)
    assert [(each.code, each.leaves) for each in batch.amended] == [("P01.002/ĐĐ", 99)]
    with fonds.reading() as session:
        row = catalogue.dossier(session, "P01.002/ĐĐ")
        assert (row.label, row.leaves, row.digest) == (label, 99, batch.amended[0].digest)
        (history,) = catalogue.amendments(session, row.code)
        assert (history.before["leaves"], history.after["leaves"]) == (12, 99)


def test_a_list_without_a_column_does_not_empty_it(fonds: Database) -> None:
    """A shorter list speaks only for the columns it has; an emptied cell in a column it has is a change."""
    take_in(fonds, rows(2))
    short = read_list(workbook([["Số hồ sơ", "Tiêu đề"], ["001/ĐĐ", "Hồ sơ cấp giấy chứng nhận số 1"]]))
    fields = {each.field for each in short.understood.columns if each.field}
    with fonds.reading() as session:
        assert catalogue.plan(session, "P01", short.records, fields).unchanged == 1
    emptied = rows(2)
    emptied[0][5] = None
    planned, _ = take_in(fonds, emptied)
    assert [each.code for each in planned.amended] == ["P01.001/ĐĐ"]
    with fonds.reading() as session:
        assert catalogue.dossier(session, "P01.001/ĐĐ").leaves is None


def test_a_code_belongs_to_one_fonds(fonds: Database) -> None:
    """P01 with number A.1 and P01.A with number 1 would be one code: the second is refused with its row."""
    with fonds.atomic() as session:
        catalogue.add_fonds(session, "P01.A", "Phông khác", "", NOW)
    take_in(fonds, [[1, "A.1", "Một", "", "", 1, None]])
    planned, batch = take_in(fonds, [[1, "1", "Hai", "", "", 1, None], [2, "2", "Ba", "", "", 1, None]], "P01.A")
    assert [(each.code, each.row, each.facts["fonds"]) for each in planned.faults] == [("dossier-code-taken", 2, "P01")]
    assert [each.code for each in batch.added] == ["P01.A.2"]


def test_a_number_that_names_the_fonds_already_is_not_doubled(fonds: Database) -> None:
    """File codes of the dossier fields begin with the body: P01.7 stays; one over a hundred letters is refused."""
    assert catalogue.code_of("P01", "P01.7") == "P01.7"
    planned, _ = take_in(fonds, [[1, "x" * 98, "Dài", "", "", 1, None]])
    assert [each.code for each in planned.faults] == ["dossier-code-too-long"]


def test_fonds_that_cannot_be_are_refused(fonds: Database) -> None:
    """Twice, without a name, with a code of spaces, or unknown: each has its code."""
    with fonds.atomic() as session:
        for code, key, name in (
            ("fonds-exists", "P01", "x"),
            ("fonds-incomplete", "P02", " "),
            ("fonds-code-unusable", "P 02", "x"),
        ):
            with pytest.raises(CatalogueError, match=code):
                catalogue.add_fonds(session, key, name, "", NOW)
        with pytest.raises(CatalogueError, match="fonds-unknown"):
            catalogue.plan(session, "P99", [], [])
        with pytest.raises(CatalogueError, match="dossier-unknown"):
            catalogue.dossier(session, "P01.1")


def test_documents_stand_in_a_dossier_in_their_order(fonds: Database) -> None:
    """The list of documents of a dossier begins at one."""
    take_in(fonds, rows(1))
    with fonds.atomic() as session:
        for number in ("12/QĐ-UBND", "13/QĐ-UBND"):
            catalogue.add_item(
                session, "P01.001/ĐĐ", number=number, issued="2015-06-17", subject="Về việc", author="UBND"
            )
        listed = catalogue.items(session, "P01.001/ĐĐ")
    assert [(each.ordinal, each.number) for each in listed] == [(1, "12/QĐ-UBND"), (2, "13/QĐ-UBND")]


lists_of_numbers = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3)), max_size=10, unique_by=lambda row: row[0])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lists_of_numbers, min_size=1, max_size=4), st.data())
def test_any_series_of_imports_ends_with_each_dossier_once_as_last_said(
    fonds: Database, series: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    """The register is the union of the lists, each dossier as the last list that named it said; codes never change."""
    key = f"F{data.draw(st.integers(0, 10**9))}"
    said: dict[str, int] = {}
    with fonds.atomic() as session:
        if key not in {each.code for each in catalogue.every_fonds(session)}:
            catalogue.add_fonds(session, key, "Phông", "", NOW)
        said = {each.number: each.leaves or 0 for each in catalogue.dossiers(session, key)}
        for table in series:
            records = [_record(str(number), leaves) for number, leaves in table]
            planned = catalogue.plan(session, key, records, {"number", "title", "leaves"}, lock=True)
            assert len(planned.added) + len(planned.amended) + planned.unchanged == len(records)
            catalogue.store(session, planned, name="a", sha256="0" * 64, faults=0, now=NOW)
            said |= {str(number): leaves for number, leaves in table}
        stored = catalogue.dossiers(session, key)
    assert {each.number: each.leaves for each in stored} == said
    assert len(stored) == len(said)


def _record(number: str, leaves: int) -> Record:
    facts = {"title": "Hồ sơ", "leaves": leaves}
    return Record(1, number, facts, digest_of(number, facts))
