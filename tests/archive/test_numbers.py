"""Numbers on paper: given once, counted at each print, kept when void, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from archive import numbers, people, places
from archive.database import Database
from archive.numbers import NumberError, Print
from archive.refs import Kind, show_code

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def blanks(database: Database, count: int = 3) -> list[numbers.Number]:
    """Give numbers to blank forms."""
    with database.atomic() as session:
        return numbers.give(session, Kind.FORM, form="F11", count=count, blank=True, by="NV01", now=NOW)


def test_a_number_is_given_once_and_found_as_it_was_printed(database: Database) -> None:
    """Twenty blanks have twenty numbers; each is found by what stands on its paper, and by no other form's name."""
    given = blanks(database, 20)
    assert len({each.code for each in given}) == 20
    one = given[0]
    with database.reading() as session:
        for typed in (one.shown, f"f11/{show_code(one.code).lower()}", show_code(one.code)):
            assert numbers.find(session, typed) == one
        assert numbers.every(session, form="F11", waiting=True) == sorted(given, key=lambda each: each.code)
        with pytest.raises(NumberError, match="number-of-another-form"):
            numbers.find(session, f"F12-{one.code}")
        with pytest.raises(NumberError, match="number-unknown"):
            numbers.find(session, "F11-000000001")


def test_codes_that_name_other_things_are_not_given_again(database: Database) -> None:
    """A place's and a badge's code count as taken, and so does what a caller knows of."""
    with database.atomic() as session:
        place = places.add(session, None, "store", "Kho 1", NOW)
        person = people.add(session, code="NV01", name="Lan", unit="VP", roles=["clerk"], pin=None, now=NOW)
        assert numbers.taken(session, [place.code, person.badge, "000000000"]) == {place.code, person.badge}
        asked: list[str] = []

        def is_taken(code: str) -> bool:
            asked.append(code)
            return len(asked) == 1

        (given,) = numbers.give(session, Kind.SEPARATOR, by="", now=NOW, is_taken=is_taken)
        assert given.code != asked[0]


def test_a_label_keeps_its_code_and_counts_its_prints(database: Database) -> None:
    """The second print of a label is its second; the same code for something else is refused."""
    label = Print(Kind.BOX, "000000000", "000000000")
    with database.atomic() as session:
        assert numbers.note_prints(session, [label], "NV01", NOW) == {label.code: 1}
    with database.atomic() as session:
        assert numbers.note_prints(session, [label, label], "NV02", NOW) == {label.code: 2}
        assert numbers.find(session, label.code).given_by == "NV01"
        strip = Print(Kind.BOX, label.code, label.about, "strip A0001")
        assert numbers.note_prints(session, [strip], "NV02", NOW) == {label.code: 1}, "a strip is no second label"
        assert (
            numbers.prints_recorded(session)
            == {label.code: 3}
            == {label.code: numbers.find(session, label.code).prints}
        )
        with pytest.raises(NumberError, match="number-means-another"):
            numbers.note_prints(session, [Print(Kind.PLACE, label.code, "Kho 1")], "", NOW)
        with pytest.raises(NumberError, match="number-names-a-thing"):
            numbers.void(session, label.code, "rách", "NV01", NOW)


def test_a_void_number_stays_void_and_a_keyed_one_used(database: Database) -> None:
    """Neither can be made void twice, keyed in twice, or the one after the other."""
    first, second, _ = blanks(database)
    with database.atomic() as session:
        with pytest.raises(NumberError, match="void-without-reason"):
            numbers.void(session, first.code, "  ", "NV01", NOW)
        assert numbers.void(session, first.shown, "mực loang", "NV01", NOW).void_reason == "mực loang"
        assert numbers.note_entered(session, second.code, 7).entry == 7
    with database.atomic() as session:
        for number, refused in ((first, "number-void"), (second, "number-keyed-in")):
            with pytest.raises(NumberError, match=refused):
                numbers.void(session, number.code, "lại", "NV01", NOW)
            with pytest.raises(NumberError, match=refused):
                numbers.note_entered(session, number.code, 8)
        assert len(numbers.every(session, waiting=True)) == 1


@pytest.mark.parametrize("table", ["paper_number", "paper_print"])
def test_the_database_refuses_to_forget_a_number(database: Database, table: str) -> None:
    """Whoever deletes a row by hand is stopped by the database itself."""
    blanks(database)
    with pytest.raises(DBAPIError, match="stay given"), database.atomic() as session:
        session.execute(text(f"DELETE FROM {table}"))
