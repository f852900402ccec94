"""What phones send after they had no network: taken once, under the phone's own person, refused with a reason."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from fastapi.testclient import TestClient

from custody import ledger
from custody.entries import read_body
from custody.entries_duty import IncidentOpened
from desk import custodial, incidents, phoning, rounds, shifts
from desk.office import Office
from tests.desk.guarding import BOXES
from tests.desk.night_watch import PIN, POST, as_jpeg, draw_label, furnish, plan_round
from tests.desk.test_page_phone import enter

PICTURE = "data:image/jpeg;base64," + base64.b64encode(as_jpeg(draw_label("x"))).decode()


@pytest.fixture
def station(office: Office) -> Office:
    """Give a guarded station where BV01 is on duty."""
    furnish(office)
    shifts.start(office, POST, "BV01", [("BV01", PIN)])
    return office


@pytest.fixture
def phone(station: Office) -> TestClient:
    """Give the phone of BV01."""
    client = enter(station, "BV01")
    client.headers["accept"] = "application/json"
    return client


def device_of(client: TestClient) -> str:
    """Register a phone and return its code."""
    answer = client.post("/phone/device", json={})
    assert answer.status_code == 200
    return str(answer.json()["device"])


def note(office: Office, number: int, facts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a note as a phone sends it."""
    return {"number": number, "at": custodial.local_now(office).isoformat(), "facts": facts, **more}


def check(box: str) -> dict[str, Any]:
    """Return the facts of a seal check."""
    return {"kind": "package-checked", "package": box, "finding": "intact", "read": [f"S-{box}"], "attachments": []}


def size(office: Office) -> int:
    """Return how long the log is."""
    with office.database.reading() as session:
        return ledger.size(session)


def test_notes_are_taken_once_in_their_order_and_a_gap_is_owed(phone: TestClient, station: Office) -> None:
    """Sent twice, whole and in part: each stands once in the log, with the post and the phone's time."""
    device = device_of(phone)
    notes = [note(station, number, check(box)) for number, box in enumerate(BOXES[:3])]
    told = {"person": "BV01", "device": device}
    late = phone.post("/phone/notes", json={**told, "notes": notes[1:]}).json()
    assert [each["outcome"] for each in late["notes"]] == ["owed", "owed"]
    before = size(station)
    first = phone.post("/phone/notes", json={**told, "notes": notes}).json()
    again = phone.post("/phone/notes", json={**told, "notes": notes}).json()
    assert [each["outcome"] for each in first["notes"]] == ["recorded"] * 3
    assert [(each["outcome"], each["entry"]) for each in again["notes"]] == [
        ("known", each["entry"]) for each in first["notes"]
    ]
    assert (size(station), again["due"]) == (before + 3, 3)
    with station.database.reading() as session:
        _entry, stamp = read_body(ledger.entry(session, first["notes"][0]["entry"]).body)
    assert (stamp.device, stamp.device_seq, stamp.post, stamp.by) == (device, 0, POST, ("BV01",))


def test_a_note_that_is_not_allowed_any_more_becomes_an_incident(phone: TestClient, station: Office) -> None:
    """The phone is told so in words, and its next number goes on."""
    device = device_of(phone)
    wrong = {**check(BOXES[0]), "read": ["S-OTHER"]}
    sent = {"person": "BV01", "device": device, "notes": [note(station, 0, wrong)]}
    (told,) = phone.post("/phone/notes", json=sent).json()["notes"]
    assert (told["outcome"], told["told"][0]["tone"]) == ("incident", "wrong")
    assert incidents.every(station)[0].about == BOXES[0]
    assert phoning.due(station, device) == 1


def test_photos_and_texts_of_a_note_lie_in_the_vault(phone: TestClient, station: Office) -> None:
    """The entry names both by their SHA-256, also when the note is sent again."""
    facts = {"kind": "incident-opened", "incident": "SV-7K3M9QXZ2", "about": BOXES[0], "severity": "high"}
    sent = {
        "person": "BV01",
        "device": device_of(phone),
        "notes": [note(station, 0, {**facts, "attachments": []}, texts=["Cửa sổ vỡ"], photos=[PICTURE])],
    }
    answers = [phone.post("/phone/notes", json=sent).json()["notes"][0]["outcome"] for _ in range(2)]
    assert answers == ["recorded", "known"]
    with station.database.reading() as session:
        entries = [read_body(each.body)[0] for each in ledger.read(session)]
    (opened,) = [each for each in entries if isinstance(each, IncidentOpened)]
    assert len(opened.attachments) == 2
    assert all(station.vault.exists(each) for each in opened.attachments)


def test_scans_of_a_round_are_taken_at_the_phones_time(phone: TestClient, station: Office) -> None:
    """Sent twice nothing changes; a broken seal opens its incident; a round that is over is told, not lost."""
    device = device_of(phone)
    plan_round(station)
    (owed,) = rounds.due(station)
    rounds.start(station, owed.code, [("BV01", PIN)])
    at = custodial.local_now(station).isoformat()
    scan = {"id": 4, "round": owed.code, "codes": [BOXES[0], BOXES[1]], "finding": "intact", "at": at}
    bad = {"id": 5, "round": owed.code, "codes": [BOXES[2]], "finding": "broken", "at": at, "photos": [PICTURE]}
    sent = {"person": "BV01", "device": device, "notes": [], "scans": [scan, bad]}
    first = phone.post("/phone/notes", json=sent).json()["scans"]
    assert [(each["id"], each["refused"]) for each in first] == [(4, False), (5, False)]
    assert [each["tone"] for each in first[0]["told"]] == ["well", "well"]
    assert first[1]["told"][0]["tone"] == "wrong"
    before = size(station)
    again = phone.post("/phone/notes", json=sent).json()["scans"]
    assert {each["tone"] for each in again[0]["told"]} == {"care"}
    assert size(station) == before
    assert len(incidents.every(station)) == 1
    rounds.end(station, owed.code, [("BV01", PIN)], "Mất điện")
    (over,) = phone.post("/phone/notes", json={**sent, "scans": [scan]}).json()["scans"]
    assert over["refused"]
    assert over["told"][0]["text"]


def test_nobody_sends_with_the_name_or_the_phone_of_another(phone: TestClient, station: Office) -> None:
    """Another person's notes, another person's phone and an unknown one are refused, and nothing is written."""
    device = device_of(phone)
    other = enter(station, "BV02")
    other.headers["accept"] = "application/json"
    before = size(station)
    notes = [note(station, 0, check(BOXES[0]))]
    for told in ({"person": "BV01", "device": device}, {"person": "BV02", "device": device}):
        answer = other.post("/phone/notes", json={**told, "notes": notes})
        assert (answer.status_code, answer.json()["code"]) == (409, "device-of-another")
    unknown = phone.post("/phone/notes", json={"person": "BV01", "device": "DT-0", "notes": notes})
    assert unknown.json()["code"] == "device-unknown"
    assert size(station) == before


@pytest.mark.parametrize(
    "broken",
    [b"", b"[]", b'{"notes": 1}', b'{"notes": [1]}', b"[" * 90_000,
     {"facts": {"kind": "log-opened"}}, {"facts": 3}, {"facts": {"kind": "package-checked"}, "at": "yesterday"},
     {"facts": {"kind": "package-checked"}, "photos": ["data:text/html;base64,AAAA"]}],
)  # fmt: skip  # a list of bodies
def test_what_is_no_note_is_refused_whole(phone: TestClient, station: Office, broken: Any) -> None:
    """Nothing of it is taken, and the phone keeps its notes."""
    before = size(station)
    told = {"person": "BV01", "device": device_of(phone)}
    if isinstance(broken, bytes):
        answer = phone.post("/phone/notes", content=broken, headers={"content-type": "application/json"})
    else:
        at = custodial.local_now(station).isoformat()
        answer = phone.post("/phone/notes", json={**told, "notes": [{"number": 0, "at": at, **broken}]})
    assert (answer.status_code, answer.json()["code"]) == (422, "notes-malformed")
    assert size(station) == before


def test_the_worker_and_the_manifest_stand_under_the_guards_pages_alone(phone: TestClient) -> None:
    """The worker's scope is /guard; both can be fetched before anybody signs in."""
    worker = phone.get("/guard/sw.js")
    assert worker.headers["service-worker-allowed"] == "/guard"
    assert worker.headers["content-type"].startswith("text/javascript")
    manifest = phone.get("/guard/manifest.webmanifest").json()
    assert (manifest["scope"], manifest["start_url"]) == ("/guard", "/guard")
    assert "manifest-src 'self'" in phone.get("/guard").headers["content-security-policy"]
