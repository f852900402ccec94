"""The guard's pages without JavaScript: every act of a night by forms, and what a finder of a box is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from archive.clock import HandClock
from custody.holdings import Package
from custody.incidents import Incident
from custody.projections import Projections
from desk import alarming, gatekeeping, incidents, on_watch, rounds, shifts, stocktaking
from desk.office import Office
from tests.desk.guarding import BOXES
from tests.desk.night_watch import PIN, POST, as_jpeg, draw_label, furnish, open_stocktake, place_code, plan_round
from tests.desk.test_sign_in import FROM_HERE, browser

HERE, BOX = "/guard", BOXES[0]


@pytest.fixture
def station(office: Office) -> Iterator[Office]:
    """Give a guarded station."""
    furnish(office)
    return office


def enter(office: Office, code: str) -> TestClient:
    """Return a phone on which a person signed in, with plain forms."""
    client = browser(office)
    client.headers.update({**FROM_HERE, "accept-language": "en"})
    client.cookies.set("luutru_lang", "en")
    answer = client.post("/sign-in", data={"code": code, "pin": PIN})
    assert answer.status_code == 303, answer.text
    return client


@pytest.fixture
def phone(station: Office) -> TestClient:
    """Give the phone of BV01, who is on duty."""
    shifts.start(station, POST, "BV01", [("BV01", PIN)])
    return enter(station, "BV01")


def go(client: TestClient, path: str, data: dict[str, Any], **more: Any) -> str:
    """Send a form and return the address it leads to."""
    answer = client.post(path, data=data, **more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def plain(text: str) -> str:
    """Return what a page says, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<template.*?</template>|<head.*?</head>", "", text)).split())


def box(office: Office, code: str) -> Package:
    """Return a package as it is now."""
    with office.database.reading() as session:
        found = Projections(session).package(code)
    assert found is not None
    return found


def test_a_guard_is_sent_to_the_guard_page_and_starts_a_shift(station: Office) -> None:
    """After signing in the day begins there; a wrong PIN starts nothing and is never shown again."""
    client = browser(station)
    answer = client.post("/sign-in", data={"code": "BV01", "pin": PIN}, headers=FROM_HERE)
    assert answer.headers["location"] == HERE
    client = enter(station, "BV01")
    assert "Not on duty" in client.get(HERE).text
    wrong = client.post("/guard/start", data={"post": POST, "pin": "8265"})
    assert (wrong.status_code, "8265" in wrong.text, 'role="alert"' in wrong.text) == (403, False, True)
    assert go(client, "/guard/start", {"post": POST, "pin": PIN}) == "/guard?done=started"
    duty = shifts.where_is(station, "BV01")
    assert duty is not None
    assert duty.post == POST
    page = client.get(HERE).text
    assert "On duty since" in page
    assert "Hand over my shift" in page


def test_the_page_says_what_comes_next(phone: TestClient, station: Office) -> None:
    """A round that is due stands on the first page, and the boxes a guard answers for one step away."""
    plan_round(station)
    assert "Round due: DEM" in phone.get(HERE).text
    boxes = phone.get("/guard/boxes")
    assert all(f"{each[:3]} {each[3:6]} {each[6:]}" in boxes.text for each in BOXES)


def test_a_shift_is_handed_over_with_a_blind_count_and_two_pins(phone: TestClient, station: Office) -> None:
    """One phone passes between two guards: the count tells nothing, the end needs both PINs, the box is missing."""
    where = go(phone, "/guard/handover", {"other": "BV02"})
    counting = plain(phone.get(where).text)
    assert BOXES[0] not in counting
    assert "6" not in counting.split("boxes counted")[0][-20:]
    assert phone.get("/guard/boxes").status_code == 409, "what is expected is hidden while the count is blind"
    lines = "\n".join([*BOXES[:3], f"{BOXES[3]} broken", BOXES[4]])
    assert go(phone, f"{where}/scan", {"codes": lines}) == f"{where}?done=kept"
    refused = phone.post(f"{where}/count", data={"codes": "", "pin": "8265"})
    assert refused.status_code == 403
    assert go(phone, f"{where}/count", {"codes": "", "pin": PIN}) == where
    shown = plain(phone.get(where).text)
    assert "Expected 6 Counted 5 Differences 2" in shown
    one = {"situation": "Yên tĩnh", "keys": "k-01", "giver_pin": PIN, "receiver_pin": ""}
    assert go(phone, f"{where}/close", one) == f"{where}?done=waits"
    assert shifts.where_is(station, "BV02") is None
    assert go(phone, f"{where}/close", {**one, "receiver_pin": PIN}) == f"{where}?done=over"
    duty = shifts.where_is(station, "BV02")
    assert duty is not None
    assert (shifts.where_is(station, "BV01"), box(station, BOXES[5]).state, box(station, BOXES[3]).state) == (
        None,
        "missing",
        "suspect",
    )
    assert [each.severity for each in incidents.every(station)] == ["high", "high"]
    assert "Handed over." in phone.get(where).text


def test_a_guard_who_takes_over_begins_on_their_own_phone(phone: TestClient, station: Office) -> None:
    """The giver is found where only one is there; nobody else may touch the hand-over."""
    incoming = enter(station, "BV02")
    where = go(incoming, "/guard/handover", {"post": POST, "other": ""})
    assert go(phone, "/guard/handover", {"other": "BV02"}) == where, "the same count goes on"
    third = enter(station, "LT01")
    assert third.get(where).status_code == 403
    assert go(incoming, f"{where}/refuse", {"reason": "Kho bị ngập", "pin": PIN}) == f"{where}?done=refused"
    assert "BV01" in [each.guard for each in shifts.show(station)[0].on_duty]
    again = go(incoming, "/guard/handover", {"post": POST, "other": "BV01"})
    assert again != where
    assert go(incoming, f"{again}/void", {}) == "/guard?done=void"


def test_a_guard_who_leaves_without_relief_is_told_what_that_means(phone: TestClient, station: Office) -> None:
    """The page says that the post is uncovered, and the log has it."""
    assert go(phone, "/guard/leave", {"reason": "Ốm", "pin": PIN}) == "/guard?done=left-uncovered"
    assert shifts.where_is(station, "BV01") is None
    assert "An alarm is raised" in phone.get("/guard?done=left-uncovered").text


def test_a_round_is_walked_by_forms(phone: TestClient, station: Office) -> None:
    """Begin, scan, find one seal broken with a photo, end with a reason."""
    assert "No round is due now." in phone.get("/guard/rounds").text
    plan_round(station)
    (owed,) = rounds.due(station)
    where = go(phone, "/guard/rounds/start", {"round": owed.code})
    assert "4 of 4 points are left" in plain(phone.get(where).text)
    told = go(phone, f"{where}/scan", {"codes": f"http://any.host/B/{BOXES[0]}\n{BOXES[1]}\nZZZZZZZZZ"})
    assert "ZZZZZZZZZ: nothing here has this code" in phone.get(told).text
    photo = {"photo": ("seal.jpg", as_jpeg(draw_label("x")), "image/jpeg")}
    go(phone, f"{where}/scan", {"codes": BOXES[2], "finding": "broken"}, files=photo)
    assert box(station, BOXES[2]).state == "suspect"
    assert incidents.every(station)[0].attachments
    early = phone.post(f"{where}/end", data={"reason": ""})
    assert (early.status_code, 'role="alert"' in early.text) == (422, True)
    assert go(phone, f"{where}/end", {"reason": "Mất điện"}) == f"{where}?done=ended"
    ended, _results = rounds.look(station, owed.code)
    assert (ended.state, ended.scanned, ended.unscanned) == ("ended", 3, (BOXES[3],))


def test_several_people_count_a_stocktake_blind(phone: TestClient, station: Office) -> None:
    """Each at a place, by label or name; what is no code of ours is told, what is expected is not."""
    number = open_stocktake(station)
    path = f"/guard/stocktakes/{number}"
    assert path in phone.get("/guard/stocktakes").text
    assert not any(each in phone.get(path).text for each in BOXES)
    told = go(phone, path, {"place": "", "codes": f"@Kho 1/G1\n{BOXES[0]}\n{BOXES[1]} damaged"})
    assert "2 boxes counted" in phone.get(told).text
    clerk = enter(station, "NV01")
    go(clerk, path, {"place": place_code(station, "Kho 1/G2"), "codes": BOXES[4]})
    page = plain(clerk.get(path).text)
    assert "Kho 1/G2 1" in page
    assert "Others count too: BV01" in page
    assert phone.post(path, data={"place": "", "codes": BOXES[2]}).status_code == 422
    lines = {each.package: (each.counted, each.finding) for each in stocktaking.lines_of(station, number) if each.times}
    assert lines[BOXES[1]] == ("Kho 1/G1", "damaged")
    assert lines[BOXES[4]] == ("Kho 1/G2", "intact")


def test_a_seal_is_checked_and_its_number_is_not_told(phone: TestClient, station: Office) -> None:
    """A wrong number is refused without the right one; the right one is recorded."""
    form = {"codes": BOX, "numbers": "S-000", "finding": "intact"}
    wrong = phone.post("/guard/seal", data=form)
    assert (wrong.status_code, f"S-{BOX}" in wrong.text, "S-000" in wrong.text) == (422, False, True)
    assert go(phone, "/guard/seal", {**form, "numbers": f"s-{BOX}"}) == f"/guard/seal?done={BOX}"
    picture = {"label": ("label.jpg", as_jpeg(draw_label(f"HTTP://LUUTRU.LOCAL/B/{BOXES[1]}")), "image/jpeg")}
    form = {"codes": "", "numbers": f"S-{BOXES[1]}", "finding": "intact"}
    assert go(phone, "/guard/seal", form, files=picture) == f"/guard/seal?done={BOXES[1]}", "read from a photo"


def test_visitors_and_keys_come_and_go(phone: TestClient, station: Office) -> None:
    """Each by its own form; who takes a key for themselves signs with their own PIN."""
    guest = {"name": "Ngô Văn Khách", "paper": "00123", "body": "Sở Nội vụ", "host": "NV01", "purpose": "work"}
    told = go(phone, "/guard/visitors/in", {**guest, "place": ""})
    assert "Ngô Văn Khách" in phone.get(told).text
    ((visit, _),) = gatekeeping.visits(station, inside=True)
    assert go(phone, "/guard/visitors/out", {"visit": visit.number}) == "/guard/visitors?done=out"
    assert gatekeeping.visits(station, inside=True) == []
    assert phone.post("/guard/visitors/in", data={**guest, "host": "NOBODY"}).status_code in {404, 422}
    refused = phone.post("/guard/keys/take", data={"key": "K-01", "holder": "NV01", "pin": "8265"})
    assert refused.status_code == 403
    assert go(phone, "/guard/keys/take", {"key": "K-01", "holder": "NV01", "pin": PIN}) == "/guard/keys?done=K-01"
    assert "with NV01" in phone.get("/guard/keys").text
    assert go(phone, "/guard/keys/return", {"key": "K-01"}) == "/guard/keys?done=back"
    assert all(out is None for _key, out in gatekeeping.keys(station))


def test_an_incident_is_reported_with_a_photo(phone: TestClient, station: Office) -> None:
    """The text and the photo lie in the vault under the names the entry has; what is no photo is refused."""
    form = {"codes": BOX, "text": "Nước nhỏ từ trần xuống hộp", "severity": "high"}
    bad = phone.post("/guard/incidents/new", data=form, files={"photo": ("x.jpg", b"<script>", "image/jpeg")})
    assert (bad.status_code, "Nước nhỏ" in bad.text, incidents.every(station)) == (422, True, [])
    photo = {"photo": ("x.jpg", as_jpeg(draw_label("x")), "image/jpeg")}
    number = go(phone, "/guard/incidents/new", form, files=photo).rpartition("=")[2]
    made = incidents.look(station, number)
    assert (made.about, made.opened_by, len(made.attachments)) == (BOX, "BV01", 2)
    assert all(station.vault.exists(each) for each in made.attachments)
    assert number in phone.get("/guard/incidents").text


def test_an_alarm_is_taken_charge_of(phone: TestClient, station: Office, clock: HandClock) -> None:
    """It stands on the first page until somebody takes it by name; a second time is refused with who has it."""
    assert "There is no alarm." in phone.get("/guard/alarms").text
    shifts.leave(station, POST, "BV01", [("BV01", PIN)], "ốm")
    clock.sleep(60)
    alarming.evaluate(station)
    alarm = next(each for each in alarming.board(station).alarms if each.wants_person)
    assert "wants somebody" in phone.get(HERE).text or "want somebody" in phone.get(HERE).text
    path = f"/guard/alarms/{alarm.number}/acknowledge"
    assert go(phone, path, {}) == "/guard/alarms?done=mine"
    assert "in the charge of BV01" in phone.get("/guard/alarms").text
    assert phone.post(path).status_code in {409, 422}


def test_a_label_tells_a_finder_what_to_do_and_nothing_else(station: Office) -> None:
    """The page is the same for a code of ours and for any other, for a sealed box and a place."""
    office = replace(station, settings=replace(station.settings, finder_note="Gọi 024 3999 0000"))
    finder = browser(office)
    pages = {re.sub(r"[0-9A-Z]{9}", "", finder.get(path).text.replace("%2F", "/"))
             for path in (f"/B/{BOX}", f"/B/{BOXES[1]}", "/B/7K3M9QXZ2")}  # fmt: skip
    assert len(pages) == 1
    page = finder.get(f"/B/{BOX}").text
    assert "Gọi 024 3999 0000" in page
    assert "Kho 1" not in page
    assert "/B/" not in plain(page)
    assert finder.get(f"/G/{BOX}").status_code == 200
    assert finder.get(f"/guard/resolve?text={BOX}").status_code == 303


def test_a_label_opens_its_box_to_whoever_is_signed_in(phone: TestClient) -> None:
    """With what a guard can do about it; a code of nothing is named as that, with what may have been meant."""
    page = phone.get(f"/B/{BOX}").text
    assert "Kho 1/G1" in page
    assert f"/guard/seal?code={BOX}" in page
    slip = ("0" if BOX[0] != "0" else "1") + BOX[1:]
    answer = phone.get("/guard/code", params={"text": slip})
    assert answer.status_code == 404
    assert BOX in answer.text
    assert phone.get("/guard/code", params={"text": f"http://x/B/{BOX}"}).headers["location"] == f"/B/{BOX}"


def test_a_code_is_told_in_full_or_blind(phone: TestClient) -> None:
    """Blind, a count learns that a code is a box of ours and nothing more."""
    full = phone.get("/guard/resolve", params={"text": BOX}).json()
    assert (full["kind"], full["where"], full["state"]) == ("box", ["Kho 1/G1", "Kho 1"], "sealed")
    blind = phone.get("/guard/resolve", params={"text": BOX, "blind": "1"}).json()
    assert set(blind) == {"text", "kind", "code", "near"}


def test_a_photo_of_labels_is_read_by_the_station(phone: TestClient) -> None:
    """All codes on it, from top to bottom; a photo without one is told as such."""
    picture = draw_label(f"HTTP://LUUTRU.LOCAL/B/{BOXES[0]}", f"HTTP://OTHER.HOST/B/{BOXES[1]}")
    answer = phone.post("/guard/read", files={"label": ("a.jpg", as_jpeg(picture), "image/jpeg")})
    assert sorted(answer.json()["codes"]) == sorted(BOXES[:2])
    assert phone.post("/guard/read", files={"label": ("a.jpg", b"GIF89a", "image/gif")}).status_code == 422


def test_pages_of_guards_may_use_the_camera_and_others_may_not(phone: TestClient) -> None:
    """By the header that browsers heed."""
    assert "camera=(self)" in phone.get("/guard/seal").headers["permissions-policy"]
    assert "camera=()" in phone.get("/me").headers["permissions-policy"]


def test_what_a_guard_has_to_know_is_one_call(station: Office, clock: HandClock) -> None:
    """The watch of somebody who is nowhere is empty; posts with too few guards come first."""
    watch = on_watch.watch_of(station, "BV02")
    assert (watch.post, watch.since, watch.reliefs, watch.rounds) == (None, None, (), ())
    assert [each.post for each in on_watch.posts_for(station, "BV02")] == [POST]
    with station.database.reading() as session:
        assert Projections(session).those(Incident, state="open") == []
