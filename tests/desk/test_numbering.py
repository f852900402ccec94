"""I16 on paper: what is wrong with numbers is found, named, and makes `luutru verify` red."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from archive import numbers, people, places
from archive.numbers import Print
from archive.refs import Kind
from desk.cli.exits import Exit
from desk.numbering import judge_numbers
from desk.office import open_office
from tests.desk.test_cli import home, run

__all__ = ["home"]


def break_numbers(place: Path) -> dict[str, str]:
    """Bring four faults about, each as a mistake or a hand in the database would; return code → number or reason."""
    office = open_office(place, {})
    now = office.clock.now()
    try:
        with office.database.atomic() as session:
            store = places.add(session, None, "store", "Kho 1", now)
            person = people.add(session, code="NV01", name="Lan", unit="VP", roles=["clerk"], pin=None, now=now)
            blank, lost = numbers.give(session, Kind.FORM, form="F11", count=2, blank=True, by="", now=now)
            numbers.note_prints(session, [Print(Kind.PLACE, store.code, "Kho 1")], "", now)
        assert judge_numbers(office)[16] == []
        with office.database.atomic() as session:
            numbers.note_prints(session, [Print(Kind.BOX, "000000000", "000000000")], "", now)
            numbers.void(session, blank.code, "rách", "NV01", now)
            session.execute(text("UPDATE paper_number SET entry = 7 WHERE code = :code"), {"code": blank.code})
            session.execute(text("UPDATE paper_number SET prints = 3 WHERE code = :code"), {"code": lost.code})
            session.execute(text("UPDATE person SET badge = :code"), {"code": store.code})
        found = {each.code: str(each.facts["number"]) for each in judge_numbers(office)[16]}
        assert person.badge not in found.values()
    finally:
        office.close()
    assert found == {
        "code-means-two": store.code,
        "printed-for-nothing": "000000000",
        "void-number-used": blank.shown,
        "prints-miscounted": lost.shown,
    }
    return found


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_each_fault_is_a_finding_with_words(home: Path, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Verify names each number under I16, in both languages, and exits with findings."""
    found = break_numbers(home)
    capsys.readouterr()
    assert run("verify", lang=lang, home=home) == Exit.FINDINGS
    told = capsys.readouterr().out
    assert "✗ I16" in told
    assert all(number in told for number in found.values())
    assert not any(code in told for code in found), "codes are for machines"
    run("verify", "--json", home=home)
    verdicts = json.loads(capsys.readouterr().out)["invariants"]
    (sixteen,) = (each for each in verdicts if each["number"] == 16)
    assert {each["code"] for each in sixteen["findings"]} == set(found)
