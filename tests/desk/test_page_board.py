"""The board and its alarms, incidents, stocktakes and openings: what watchers see, and what they may do there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import people
from archive.clock import HandClock
from custody import alarming as kept
from custody.due import URGENT, Due
from desk import alarming, custodial, incidents, openings, shifts, verdicts
from desk.office import Office, open_office, prepare
from tests.desk.test_sign_in import FROM_HERE, PIN, signed_in
from tests.desk.watched import BOX, english, signer, text_of, watching


@pytest.fixture
def clock() -> HandClock:
    """Give a clock set by hand."""
    return HandClock()


@pytest.fixture
def watched(tmp_path: Path, clock: HandClock) -> Iterator[Office]:
    """Give a station with a post that a guard took up, and three sealed boxes in a store."""
    with watching(tmp_path / "station", clock) as office:
        yield office


def raise_alarm(office: Office, code: str = "package-missing", about: str = "BOX2") -> int:
    """Raise one alarm and return its number."""
    facts = {"package": about, "place": "K1/G1"}
    alarming.evaluate(office, [Due(code, about, office.clock.now(), URGENT, facts)])
    with office.database.reading() as session:
        return next(each.number for each in kept.listed(session) if each.about == about)


def test_the_board_shows_one_line_for_each_invariant_once_judged(watched: Office, clock: HandClock) -> None:
    """Before it says that nothing was judged; the button judges, and the age is told afterwards."""
    leader = english(signed_in(watched, "LD01"))
    assert "never judged" in leader.get("/board").text
    assert leader.post("/board/judge", headers=FROM_HERE).headers["location"] == "/board#invariants"
    room = leader.app.state.room  # type: ignore[attr-defined]  # the application's own
    assert room.judge.wait(20)
    clock.sleep(3600)
    page = leader.get("/board").text
    verdicts_ = page.split('class="verdicts"')[1]
    assert [int(each) for each in re.findall(r"</span>I(\d+) ", verdicts_)] == list(range(1, 21))
    assert "Judged 60 minutes ago" in text_of(page)
    assert "Người leader" in page


def test_a_judgement_outlives_a_restart_with_its_findings(watched: Office, tmp_path: Path, clock: HandClock) -> None:
    """What was found stands in the database, moments and all, until the next judgement."""
    made = verdicts.judge(watched, "LD01")
    assert made.breached
    again = open_office(tmp_path / "station", {}, clock)
    read = verdicts.last(again)
    assert read is not None
    assert (read.at, read.by, read.entries, read.breached) == (made.at, "LD01", made.entries, made.breached)
    assert [(each.number, each.outcome, each.count) for each in read.verdicts] == [
        (each.number, each.outcome, each.count) for each in made.verdicts
    ]
    again.close()


def test_the_tick_judges_once_a_night(watched: Office, clock: HandClock) -> None:
    """It is due where it was never done, not again on the same day, and again after the next night."""
    assert verdicts.is_due(watched)
    verdicts.judge(watched)
    clock.sleep(5 * 3600)
    assert not verdicts.is_due(watched)
    clock.sleep(24 * 3600)
    assert verdicts.is_due(watched)


def test_a_judgement_that_fails_says_so_and_can_be_tried_again(
    watched: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that judges never ends without a word."""
    judge = verdicts.Judge()

    def fall(*_given: object) -> None:
        raise RuntimeError("disk gone")

    monkeypatch.setattr(custodial, "verify", fall)
    assert judge.begin(watched, "LD01")
    assert judge.wait(10)
    assert judge.failed == "page-fault"
    monkeypatch.undo()
    assert judge.begin(watched, "LD01")
    assert judge.wait(20)
    assert judge.failed == ""


def test_the_board_tells_boxes_by_place_and_opens_the_tree(watched: Office) -> None:
    """The root first; what is inside a place when it is chosen."""
    leader = english(signed_in(watched, "LD01"))
    closed = leader.get("/board").text
    assert "▸" in closed
    assert "G1" not in closed
    opened = leader.get("/board?place=K1").text
    assert "▾" in opened
    assert "G1" in opened


def test_the_board_shows_who_is_on_duty_and_every_second_without_a_guard(watched: Office, clock: HandClock) -> None:
    """Presence is a bar, a hole is a line with its seconds, and the table says the same to who cannot see."""
    clock.sleep(600)
    shifts.leave(watched, "P1", "BV01", [signer("BV01")], "het-ca")
    clock.sleep(90)
    page = english(signed_in(watched, "LD01")).get("/board").text
    assert 'class="present"' in page
    assert 'class="gap"' in page
    assert 'class="now"' in page
    assert "1 of 1 missing" in text_of(page)
    assert re.search(r"<tr><th scope=\"row\">P1</th><td>Người guard</td>", page)
    # Nothing on the page needs the style or the script that the policy refuses.
    assert "style=" not in page
    assert "<script>" not in page


def test_an_alarm_is_answered_by_name_and_silenced_with_a_reason(watched: Office) -> None:
    """Taking charge needs the session alone; silence needs a reason and a role."""
    number = raise_alarm(watched)
    guard, leader = signed_in(watched, "BV01"), english(signed_in(watched, "LD01"))
    assert "I take charge" in leader.get("/board").text
    answer = guard.post(f"/alarms/{number}/acknowledge", headers=FROM_HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/alarms/{number}")
    with watched.database.reading() as session:
        assert kept.one(session, number).acked_by == "BV01"
    assert leader.post(f"/alarms/{number}/acknowledge", headers=FROM_HERE).status_code == 409
    assert "in the charge of Người guard" in text_of(leader.get("/board").text)
    assert guard.post(f"/alarms/{number}/quiet", data={"hours": 1, "reason": "x"}, headers=FROM_HERE).status_code == 403
    empty = leader.post(f"/alarms/{number}/quiet", data={"hours": 2, "reason": " "}, headers=FROM_HERE)
    assert empty.status_code == 422
    told = leader.post(f"/alarms/{number}/quiet", data={"hours": 2, "reason": "being searched"}, headers=FROM_HERE)
    assert told.status_code == 303
    page = text_of(leader.get(f"/alarms/{number}").text)
    assert "being searched" in page
    assert "Silenced by Người leader" in page


def test_an_incident_is_closed_by_who_may_and_keeps_what_was_typed(watched: Office) -> None:
    """A grave one needs a leader and one more person; a refusal keeps the text, never the PIN."""
    made = incidents.report(watched, "K1", "high", [signer("BV01")], text="Khóa bị cạy.")
    inspector, leader = signed_in(watched, "TT01"), english(signed_in(watched, "LD01"))
    assert made.number in inspector.get("/incidents").text
    address = f"/incidents/{made.number}/close"
    assert inspector.post(address, data={"outcome": "explained"}, headers=FROM_HERE).status_code == 403
    form = {"outcome": "corrected", "text": "Đã thay ổ khóa.", "signer": "LT01", "pin": "1111"}
    refused = leader.post(address, data=form, headers=FROM_HERE)
    assert refused.status_code == 422
    assert "Đã thay ổ khóa." in refused.text
    assert "1111" not in refused.text
    assert leader.post(address, data={**form, "pin": PIN}, headers=FROM_HERE).status_code == 303
    closed = incidents.look(watched, made.number)
    assert (closed.state, closed.closed_by) == ("closed", "LD01")
    assert "Khóa bị cạy." in leader.get(f"/incidents/{made.number}").text


def test_a_stocktake_is_opened_compared_and_abandoned_on_pages(watched: Office) -> None:
    """What is expected is not shown before it is asked for; giving up needs a reason and two people."""
    keeper = english(signed_in(watched, "LT01"))
    wrong = keeper.post("/stocktakes", data={"places": " "}, headers=FROM_HERE)
    assert wrong.status_code == 422
    address = keeper.post("/stocktakes", data={"places": "K1"}, headers=FROM_HERE).headers["location"]
    assert "0A2" not in keeper.get(address).text
    compared = text_of(keeper.get(f"{address}?compare=1").text)
    assert "0 of 3 boxes found" in compared
    form = {"abandon": "1", "reason": "", "signer": "LD01", "pin": PIN}
    assert keeper.post(f"{address}/close", data=form, headers=FROM_HERE).status_code == 422
    assert keeper.post(f"{address}/close", data={**form, "reason": "mất điện"}, headers=FROM_HERE).status_code == 303
    assert "abandoned" in keeper.get(address).text


def test_a_box_is_opened_by_leader_archivist_and_witness_at_one_desk(watched: Office) -> None:
    """The archivist answers for it whoever is signed in; nobody signs twice."""
    leader = english(signed_in(watched, "LD01"))
    form = {
        "package": BOX,
        "decision": "12/QĐ",
        "reason": "thanh tra",
        "numbers": f"S-{BOX}",
        "found": "intact",
        "until": "",
        "signer": ["LT01", "LD01"],
        "pin": [PIN, PIN],
    }
    twice = leader.post("/openings", data=form, headers=FROM_HERE)
    assert twice.status_code == 422
    assert "12/QĐ" in twice.text
    done = leader.post("/openings", data={**form, "signer": ["LT01", "CK01"]}, headers=FROM_HERE)
    assert done.status_code == 303, text_of(done.text)
    (box,) = openings.opened(watched)
    assert (box.code, box.custodian, box.decision) == (BOX, "LT01", "12/QĐ")
    assert BOX in leader.get("/openings").text
    assert "Box to be sealed again" in text_of(leader.get("/board").text)


def test_an_empty_station_says_on_every_page_what_to_do(tmp_path: Path) -> None:
    """No page of the watchers fails or is blank where nothing has happened yet."""
    prepare(tmp_path / "bare", {})
    office = open_office(tmp_path / "bare", {}, HandClock())
    with office.database.atomic() as session:
        people.add(session, code="LD01", name="Chủ", unit="x", roles=("leader",), pin=PIN, now=office.clock.now())
    client = english(signed_in(office, "LD01"))
    for path, words in {
        "/board": "never judged",
        "/ask": "Example",
        "/log": "no entries yet",
        "/log/heads": "No head is signed yet",
        "/alarms": "no alarm yet",
        "/incidents?state=all": "no incident yet",
        "/rounds": "no plan of rounds",
        "/stocktakes": "no stocktake yet",
        "/openings": "No box is open",
    }.items():
        page = client.get(path)
        assert (page.status_code, words in text_of(page.text)) == (200, True), (path, text_of(page.text)[:400])
    office.close()
