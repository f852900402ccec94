"""Pages of packages: a clerk's day from an empty box to a sealed one and back, as forms in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.clock import HandClock
from custody import ledger
from desk import counts, custodial
from desk.box_entries import ACTS as BOX_ACTS
from desk.boxes import may_sign
from desk.office import Office
from desk.web import permits
from tests.desk.clerks import PIN, STAFF, Desk, box_with, manned, packed, sealed


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


def test_an_empty_station_says_what_to_do_next(office: Office) -> None:
    """A list of nothing is an invitation, not a blank page."""
    page = Desk(office, "NV01").get("/packages")
    assert (page.status_code, "/packages/new" in page.text, "/register/import" in page.text) == (200, True, True)


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


def test_the_page_of_a_box_tells_how_it_stood_at_a_moment(office: Office, clock: HandClock) -> None:
    """Who held it, where, under which seal, at a minute of the past; before its beginning it says so."""
    code = sealed(office, "A0001", 1)
    moment = clock.now().astimezone().strftime("%Y-%m-%dT%H:%M")
    clock.sleep(3600)
    form = {"numbers": "A0001", "place": "Kho 2", "signer": "BV01", "pin": PIN}
    assert Desk(office, "NV02").post(f"/packages/{code}/move", **form).status_code == 303
    clock.sleep(60)
    page = Desk(office, "NV01").get(f"/packages/{code}?at={moment[:14]}59").text
    then = page[page.index('id="then-title"') : page.index("</section>", page.index('id="then-title"'))]
    assert "Kho 1/1/1" in then
    assert "Trần Văn Đức" in then
    assert "Kho 2" not in then
    assert "note wrong" in Desk(office, "NV01").get(f"/packages/{code}?at=2001-01-01").text


@pytest.mark.parametrize("paper", ["front", "label", "strip", "F9", "F2", "covers", "dossier-labels"])
def test_papers_of_a_sealed_box_are_printed_as_pdf(office: Office, paper: str) -> None:
    """Labels, strips, fronts, minutes and covers download; the page offers exactly them."""
    code = sealed(office, "A0001", 1)
    clerk = Desk(office, "NV01")
    assert f"/papers/{paper}" in clerk.get(f"/packages/{code}").text
    answer = clerk.post(f"/packages/{code}/papers/{paper}")
    assert (answer.status_code, answer.content[:5], answer.headers["content-type"]) == (
        200,
        b"%PDF-",
        "application/pdf",
    )


def test_the_list_finds_by_state_place_and_any_code(office: Office) -> None:
    """A code leads to its page, a seal and a dossier too; a slip is answered with what was meant."""
    code, clerk = sealed(office, "A0001", 1), Desk(office, "NV01")
    for q, path in ((code, f"/packages/{code}"), ("A0001", f"/packages/{code}"), ("P01.001/UB", "/dossiers/")):
        assert clerk.get(f"/packages?q={q}").headers["location"].startswith(path)
    assert code in clerk.get("/packages?state=sealed&place=Kho 1").text
    assert code not in clerk.get("/packages?state=draft").text
    assert code not in clerk.get("/packages?place=Kho 2").text
    slip = ("A" if code[0] != "A" else "B") + code[1:]
    assert code in clerk.get(f"/packages?q={slip}").text


def test_each_act_may_be_begun_by_exactly_those_who_can_sign_it() -> None:
    """The table of addresses and the table of moves say the same."""
    roles = permits.SIGNERS | {permits.INSPECTOR, permits.ADMINISTRATOR}
    assert set(permits.BOX_ACTS) == {"add", "count", *BOX_ACTS}
    for act, permit in permits.BOX_ACTS.items():
        assert {each for each in roles if may_sign(act, {each})} == permit, act


def test_a_page_offers_only_what_state_and_roles_allow(office: Office) -> None:
    """Every link of the page opens; nothing that is not offered opens."""
    code = sealed(office, "A0001", 1)
    for who in STAFF:
        desk = Desk(office, who)
        if (page := desk.get(f"/packages/{code}")).status_code != 200:
            assert who == "QT01"
            continue
        offered = set(re.findall(rf'href="/packages/{code}/([a-z-]+)"', page.text))
        for act in permits.BOX_ACTS:
            opens = desk.get(f"/packages/{code}/{act}").status_code == 200
            assert opens == (act in offered), (who, act)


def test_a_signed_entry_is_corrected_by_a_new_one_that_names_it(office: Office) -> None:
    """Two sign, one of whom did not sign the old one; the page shows the correction beside what it corrects."""
    code, clerk = sealed(office, "A0001", 1), Desk(office, "NV01")
    with office.database.reading() as session:
        number = next(each.seq for each in ledger.read(session) if each.kind == "package-sealed")
    at = f"/entries/{number}/correct?back=/packages/{code}"
    assert f'href="{at}"' in clerk.get(f"/packages/{code}").text
    assert "A0001" in clerk.get(at).text
    form = {"text": "Giá 2, không phải giá 1", "back": f"/packages/{code}", "pin": PIN}
    assert clerk.post(f"/entries/{number}/correct", **form, signer="NV02").status_code == 422
    empty = clerk.post(f"/entries/{number}/correct", **{**form, "text": " "}, signer="NV04")
    assert empty.status_code == 422
    answer = clerk.post(f"/entries/{number}/correct", **form, signer="NV04")
    assert answer.headers["location"] == f"/packages/{code}#entry-{number}"
    assert "corrected by" in clerk.get(f"/packages/{code}").text


def test_the_page_of_a_missing_box_says_where_to_look(office: Office) -> None:
    """Its last place, what stands beside it, and what was moved in the same shift."""
    code, beside = sealed(office, "A0001", 1), sealed(office, "A0002", 2)
    guard = Desk(office, "BV01")
    assert guard.post(f"/packages/{code}/miss", text="Không thấy trên giá").status_code == 303
    page = guard.get(f"/packages/{code}").text
    clues = page[page.index('id="clues-title"') : page.index('id="inside-title"')]
    assert f"/packages/{beside}" in clues
    assert "Kho 1/1/1" in clues
