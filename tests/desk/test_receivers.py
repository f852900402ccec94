"""Who answers for a package after an act, where nobody says so."""

from __future__ import annotations

import pytest

from archive import people
from custody.errors import CustodyError
from desk import custodial
from desk.box_entries import Told, maker
from desk.enclosures import enclose
from desk.office import Office
from tests.desk.guarded import BOXES, box, by_name, furnish, sign


@pytest.fixture
def sealed(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give an office in which the clerk NV01 answers for sealed boxes."""
    monkeypatch.setattr(custodial, "authenticate", by_name)
    furnish(office, custodian="NV01")
    now = office.clock.now()
    with office.database.atomic() as session:
        for code, role in (("NV01", "clerk"), ("LT01", "archivist")):
            people.add(session, code=code, name=code, unit=role, roles=[role], pin=None, now=now)
    return office


def act(office: Office, name: str, told: Told) -> None:
    """Do an act of the first box."""
    with enclose(office, reason="scan") as enclosed:
        make = maker(name, BOXES[0], told)
        custodial.perform(office, lambda holdings, session: make(holdings, session, enclosed), sign(*told.signers))


@pytest.mark.parametrize("signers", [("LD01", "LT01", "NV01"), ("LD01", "LT01", "BV01")])
def test_the_archivist_who_signs_answers_for_an_opened_box(sealed: Office, signers: tuple[str, ...]) -> None:
    """A clerk who sealed a box is no dead end: whether they sign or not, the box can be opened."""
    seals = box(sealed, BOXES[0]).seals
    told = Told(signers[0], signers=signers, numbers=seals, decision="1/QĐ", deadline="2099-01-01T17:00:00+07:00")
    act(sealed, "open", told)
    assert (box(sealed, BOXES[0]).state, box(sealed, BOXES[0]).custodian) == ("opened", "LT01")


def test_a_place_is_not_taken_for_a_person(sealed: Office) -> None:
    """`--to K1/G2` says what to use instead, and nothing is written."""
    told = Told("NV01", to="K1/G2", signers=("NV01",), place="K1/G2", numbers=box(sealed, BOXES[0]).seals)
    with pytest.raises(CustodyError) as caught:
        act(sealed, "move", told)
    assert (caught.value.code, caught.value.facts) == ("receiver-is-a-place", {"given": "K1/G2", "place": "K1/G2"})
    assert box(sealed, BOXES[0]).place == "K1/G1"
