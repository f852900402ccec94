"""Pages of packages: a clerk's day from an empty box to a sealed one and back, as forms in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.clock import HandClock
from custody import ledger
from desk import counts, custodial, registering
from desk.office import Office
from tests.archive.lists import HEADER, text
from tests.desk.clerks import PIN, Desk, box_with, manned, packed, sealed


@pytest.fixture
def clock() -> HandClock:
    """Give a clock set by hand."""
    return HandClock()


@pytest.fixture
def office(tmp_path: Path, clock: HandClock) -> Iterator[Office]:
    """Give a station with people, places, seals and a register."""
    with manned(tmp_path / "station", clock) as opened:
        yield opened


def kinds(office: Office) -> list[str]:
    """Return the kinds of all entries about packages, in order."""
    with office.database.reading() as session:
        return [each.kind for each in ledger.read(session) if each.kind.startswith(("package", "incident"))]


def state_of(office: Office, code: str) -> str:
    """Return the state of a package."""
    return custodial.look(office, code)[0].state


def test_a_box_is_begun_filled_counted_packed_and_sealed_on_pages(office: Office) -> None:
    """Each step is one form; the log has one entry for each, signed by those who gave their PINs."""
    code = sealed(office, "A0001", 1, 2, 3)
    assert kinds(office) == ["package-drafted", "package-packed", "package-sealed"]
    page = Desk(office, "NV01").get(f"/packages/{code}").text
    assert "A0001" in page
    assert "P01.001/UB" in page
    assert "Hồ sơ đất đai số 2" in page
    box, _inside = custodial.look(office, code)
    assert (box.state, box.custodian, box.store, box.sealers) == ("sealed", "NV02", "Kho 1", ("NV02", "NV01"))


def test_every_refused_code_is_named_with_what_was_meant_and_nothing_goes_in(office: Office) -> None:
    """A slip on line two does not let lines one and three in, until somebody says so."""
    code = box_with(office)
    clerk = Desk(office, "NV01")
    typed = "P01.001/UB\nP01.0O2/UB\nnonsense\nP01.003/UB"
    answer = clerk.post(f"/packages/{code}/add", codes=typed)
    assert answer.status_code == 422
    assert "P01.002/UB" in answer.text
    assert "nonsense" in answer.text
    assert typed.splitlines()[1] in answer.text
    assert not custodial.look(office, code)[1]
    assert clerk.post(f"/packages/{code}/add", codes=typed, good="yes").status_code == 303
    assert [each.code for each in custodial.look(office, code)[1]] == ["P01.001/UB", "P01.003/UB"]
    other = clerk.post(f"/packages/{box_with(office)}/add", codes="P01.001/UB")
    assert other.status_code == 303 or "P01.001/UB" in other.text


def test_a_sealed_package_gives_no_dossier_to_another(office: Office) -> None:
    """What is frozen is refused by name before anything is written."""
    sealed(office, "A0001", 1)
    answer = Desk(office, "NV01").post(f"/packages/{box_with(office)}/add", codes="P01.001/UB")
    assert answer.status_code == 422
    assert "P01.001/UB" in answer.text


def test_a_count_is_never_shown_and_can_be_taken_back(office: Office) -> None:
    """The second person sees that A has counted, and no number; A may take the count back."""
    code = box_with(office, 1, 2)
    first = Desk(office, "NV01")
    form = {"signer": "NV01", "pin": PIN, "dossiers": 2, "leaves_counted": 7771}
    assert first.post(f"/packages/{code}/count", **form).status_code == 303
    for path in (f"/packages/{code}", f"/packages/{code}/count"):
        page = Desk(office, "NV04").get(path).text
        assert "7771" not in page
        assert "7,771" not in page
        assert "Nguyễn Thị Hương" in page
    # Whoever counts is not shown what is expected either: 11 + 12 leaves.
    assert not re.search(r"\b23\b leaves", Desk(office, "NV04").get(f"/packages/{code}").text)
    assert first.post(f"/packages/{code}/count/withdraw").status_code == 303
    assert counts.waiting(office, code) == []


def test_a_count_may_be_given_by_whoever_takes_the_seat(office: Office) -> None:
    """The second counter signs with their own PIN in the first one's browser; a wrong PIN keeps nothing."""
    code, clerk = box_with(office, 1), Desk(office, "NV01")
    form = {"signer": "NV04", "dossiers": 1, "leaves_counted": 11}
    assert clerk.post(f"/packages/{code}/count", **form, pin="0000").status_code == 422
    assert clerk.post(f"/packages/{code}/count", **form, pin=PIN).status_code == 303
    assert counts.waiting(office, code) == ["NV04"]


def test_counts_that_differ_are_dropped_without_being_told(office: Office) -> None:
    """Both count again; the page says neither number."""
    code, clerk = box_with(office, 1), Desk(office, "NV01")
    for who, leaves in (("NV01", 8881), ("NV04", 9991)):
        form = {"signer": who, "pin": PIN, "dossiers": 1, "leaves_counted": leaves}
        assert clerk.post(f"/packages/{code}/count", **form).status_code == 303
    answer = clerk.post(f"/packages/{code}/pack", own_pin=PIN, signer="NV04", pin=PIN)
    assert answer.status_code == 422
    assert "8881" not in answer.text
    assert "9991" not in answer.text
    assert counts.waiting(office, code) == []
    assert state_of(office, code) == "draft"


def test_what_was_typed_is_kept_beside_a_refusal_but_never_the_pin(office: Office) -> None:
    """A used seal number is refused on the same form."""
    code = packed(office, 1)
    sealed(office, "A0001", 2)
    form = {"numbers": "A0001", "place": "Kho 1/2/1", "signer": "NV01", "pin": PIN}
    answer = Desk(office, "NV02").post(f"/packages/{code}/seal", **form)
    assert answer.status_code == 422
    assert 'value="A0001"' in answer.text
    assert PIN not in answer.text
    assert 'value="Kho 1/2/1"' in answer.text
    assert state_of(office, code) == "packed"


def test_one_person_never_signs_twice(office: Office) -> None:
    """The person signed in is not their own second signer."""
    code = packed(office, 1)
    form = {"numbers": "A0001", "place": "Kho 1/1/1", "signer": "NV02", "pin": PIN}
    assert Desk(office, "NV02").post(f"/packages/{code}/seal", **form).status_code == 422
    assert state_of(office, code) == "packed"


def test_a_box_travels_is_read_blind_and_received(office: Office) -> None:
    """While it is on its way no page tells its seal number; a wrong one is refused without telling the right one."""
    code = sealed(office, "A0017", 1)
    archivist = Desk(office, "NV02")
    form = {"numbers": "A0017", "destination": "Kho 2", "until": "2100-01-01T17:00", "signer": "BV01", "pin": PIN}
    assert archivist.post(f"/packages/{code}/send", **form).status_code == 303
    box = custodial.look(office, code)[0]
    assert (box.state, box.custodian) == ("in-transit", "BV01")
    for path in (f"/packages/{code}", f"/packages/{code}/receive"):
        assert "A0017" not in Desk(office, "NV01").get(path).text
    wrong = Desk(office, "NV01").post(f"/packages/{code}/receive", numbers="A0018", place="Kho 2")
    assert wrong.status_code == 422
    assert "A0017" not in wrong.text
    assert Desk(office, "NV01").post(f"/packages/{code}/receive", numbers="A0017", place="Kho 2").status_code == 303
    box = custodial.look(office, code)[0]
    assert (box.state, box.custodian, box.place) == ("sealed", "NV01", "Kho 2")


def test_a_refused_box_goes_back_to_its_sender(office: Office) -> None:
    """The sender signs on the same form that they have it again."""
    code = sealed(office, "A0017", 1)
    form = {"numbers": "A0017", "destination": "Kho 2", "until": "2100-01-01T17:00", "signer": "BV01", "pin": PIN}
    assert Desk(office, "NV02").post(f"/packages/{code}/send", **form).status_code == 303
    form = {"numbers": "A0017", "reason": "kho đầy", "signer": "NV02", "pin": PIN}
    assert Desk(office, "NV01").post(f"/packages/{code}/refuse", **form).status_code == 303
    assert (state_of(office, code), custodial.look(office, code)[0].custodian) == ("sealed", "NV02")


def test_a_leader_who_is_a_clerk_too_opens_as_leader_whoever_begins(office: Office) -> None:
    """Roles are taken as the act asks for them; the archivist answers for the opened box."""
    code = sealed(office, "A0001", 1)
    form = {
        "numbers": "A0001", "found": "intact", "decision": "12/QĐ", "reason": "tra cứu", "until": "2100-01-01T17:00",
        "signer": ["NV03", "NV01"], "pin": [PIN, PIN],
    }  # fmt: skip  # one form
    answer = Desk(office, "NV02").post(f"/packages/{code}/open", **form)
    assert answer.status_code == 303, answer.text
    box = custodial.look(office, code)[0]
    assert (box.state, box.custodian, box.decision) == ("opened", "NV02", "12/QĐ")


def test_a_guard_reports_a_box_alone_and_an_incident_is_opened(office: Office) -> None:
    """One form, at once; the guard never sees titles or seal numbers."""
    code = sealed(office, "A0001", 1)
    guard = Desk(office, "BV01")
    page = guard.get(f"/packages/{code}").text
    assert "A0001" not in page
    assert "Hồ sơ đất đai" not in page
    assert guard.post(f"/packages/{code}/suspect", found="broken", text="Niêm phong bị rách").status_code == 303
    assert kinds(office)[-2:] == ["incident-opened", "package-suspected"]
    assert guard.get("/dossiers").status_code == 403


def test_an_empty_draft_is_given_up_and_a_filled_one_is_not(office: Office) -> None:
    """Undo is there as long as nothing lies in it."""
    empty, filled = box_with(office), box_with(office, 1)
    clerk = Desk(office, "NV01")
    assert clerk.post(f"/packages/{empty}/void", reason="nhầm", sure="on").status_code == 303
    assert clerk.post(f"/packages/{filled}/void", reason="nhầm", sure="on").status_code == 422
    assert (state_of(office, empty), state_of(office, filled)) == ("void", "draft")


def test_mixed_retention_is_warned_of_and_needs_a_reason(office: Office) -> None:
    """The form says so before anybody signs; without a reason nothing is packed."""
    short = text([HEADER, [1, "090/UB", "Giấy mời", "2004", "20 năm", 5, ""]])
    seen = registering.look(office, short.encode(), "b.csv", "P01")
    registering.write(office, seen, registering.in_the_log(office, [("NV01", PIN)]))
    code, clerk = box_with(office, 1, 90), Desk(office, "NV01")
    for who in ("NV01", "NV04"):
        form = {"signer": who, "pin": PIN, "dossiers": 2, "leaves_counted": 16}
        assert clerk.post(f"/packages/{code}/count", **form).status_code == 303
    assert "20 years" in clerk.get(f"/packages/{code}/pack").text
    form = {"own_pin": PIN, "signer": "NV04", "pin": PIN}
    assert clerk.post(f"/packages/{code}/pack", **form).status_code == 422
    assert clerk.post(f"/packages/{code}/pack", **form, reason="cùng một vụ việc").status_code == 303
