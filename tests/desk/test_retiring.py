"""Nobody leaves the office with what they answer for, unless they can hand it over no more."""

from __future__ import annotations

import pytest

from archive import office_acts
from custody.entries import Entry, Stamp
from custody.entries_duty import KeyReturned, KeyTaken
from custody.entries_register import DossierLent, DossierReturned, DossiersMoved, DossiersRegistered
from custody.moments import format_moment
from custody.recording import record
from desk import administering, custodial, shifts
from desk.administering import AdministeringError
from desk.messages import explain
from desk.office import Office
from tests.desk.guarded import BOXES, POST, by_name, furnish, sign


@pytest.fixture
def guarded(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give an office in which BV01 answers for three boxes."""
    monkeypatch.setattr(custodial, "authenticate", by_name)
    furnish(office)
    return office


def write(office: Office, entry: Entry, *by: str) -> None:
    """Record an entry."""
    signers = [by_name(office, code, "") for code in by]
    with office.database.atomic() as session:
        record(session, entry, Stamp(custodial.local_now(office), by, "desk"), signers)


def refused(office: Office, person: str) -> tuple[str, object]:
    """Assert that a person may not leave yet; return why, and what they have."""
    with pytest.raises(AdministeringError) as caught:
        administering.retire(office, "", person)
    told = dict(caught.value.facts)
    assert told.pop("person") == person
    assert explain(caught.value.code, caught.value.facts, "vi").next
    return caught.value.code, told


def test_who_answers_for_boxes_stays_until_they_are_handed_on(guarded: Office) -> None:
    """The refusal names the boxes."""
    assert refused(guarded, "BV01") == ("person-keeps-boxes", {"boxes": ", ".join(BOXES), "count": 3})
    assert not administering.retire(guarded, "", "BV02").active


def test_who_is_on_duty_stays_until_the_shift_is_over(guarded: Office) -> None:
    """The shift is named before the boxes: who takes the post over answers for them too."""
    shifts.start(guarded, POST, "BV01", sign("BV01"))
    assert refused(guarded, "BV01") == ("person-on-duty", {"posts": POST, "count": 1})


def test_who_has_a_key_or_a_borrowed_dossier_stays_until_it_is_back(guarded: Office) -> None:
    """Each is named, and the way is free once it is back."""
    until = format_moment(custodial.local_now(guarded).replace(year=2099))
    write(guarded, DossiersRegistered("import-2", "P02", (("P02.1", 3, "ab" * 32),)), "NV01")
    write(guarded, DossiersMoved(("P02.1",), "shelf", "K1/G1", 3), "NV01")
    write(guarded, DossierLent("P02.1", "BV02", "5/GP", until, 3), "LT01", "BV02")
    write(guarded, KeyTaken("K-01", "BV02", until), "BV02")
    assert refused(guarded, "BV02") == ("person-keeps-keys", {"keys": "K-01", "count": 1})
    write(guarded, KeyReturned("K-01", "BV02"), "BV01")
    assert refused(guarded, "BV02") == ("person-keeps-dossiers", {"dossiers": "P02.1", "count": 1})
    write(guarded, DossierReturned("P02.1", "K1/G1", 3), "NV01", "BV01")
    assert not administering.retire(guarded, "", "BV02").active


def test_who_can_hand_over_no_more_leaves_all_the_same_and_it_is_written_down(guarded: Office) -> None:
    """The office act keeps the codes of the boxes."""
    assert not administering.retire(guarded, "", "BV01", anyway=True).active
    with guarded.database.reading() as session:
        (act, *_) = office_acts.newest(session)
    assert (act.kind, act.facts["boxes"]) == ("person-retired", list(BOXES))
