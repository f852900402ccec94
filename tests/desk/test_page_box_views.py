"""What the pages of packages show: lists, one box now and then, its papers, and only the acts that are allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.clock import HandClock
from custody import ledger
from desk.box_entries import ACTS as BOX_ACTS
from desk.boxes import may_sign
from desk.office import Office
from desk.web import permits
from tests.desk.clerks import PIN, STAFF, Desk, manned, packed, sealed


@pytest.fixture
def clock() -> HandClock:
    """Give a clock set by hand."""
    return HandClock()


@pytest.fixture
def office(tmp_path: Path, clock: HandClock) -> Iterator[Office]:
    """Give a station with people, places, seals and a register."""
    with manned(tmp_path / "station", clock) as opened:
        yield opened


def test_an_empty_station_says_what_to_do_next(office: Office) -> None:
    """A list of nothing is an invitation, not a blank page."""
    page = Desk(office, "NV01").get("/packages")
    assert (page.status_code, "/packages/new" in page.text, "/register/import" in page.text) == (200, True, True)


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


def test_sealing_says_which_number_is_next(office: Office) -> None:
    """The roll is used in order; a number that was taken early is passed over."""
    sealed(office, "A0002", 1)
    page = Desk(office, "NV02").get(f"/packages/{packed(office, 2)}/seal").text
    assert "49 unused, next A0003" in page
