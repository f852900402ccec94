"""Alarms of a station: raised each minute, told to a real listener, answered by name, and never silenced by a fault."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from archive import beats
from archive.clock import HandClock
from archive.errors import SettingsError
from archive.settings import explained
from custody import alarming as kept
from custody.alarm_tables import AlarmMessageRow
from custody.due import URGENT, Due
from custody.errors import CustodyError
from custody.rules import Signer
from desk import alarming, channels, custodial, duty, telling, ticking
from desk.office import Office
from desk.watching_log import hear

MINUTE = timedelta(minutes=1)


class Listener:
    """A web service on this machine that takes posts, or refuses them."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.refuses = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not outer.refuses:
                    outer.posts.append(json.loads(body))
                self.send_response(503 if outer.refuses else 200)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        """The address for a setting; its path stands for a secret token."""
        return f"json://127.0.0.1:{self.server.server_port}/secret-token-17"


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Give a listener."""
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let anybody sign by code alone; a code may name the role."""

    def by_code(_office: Office, code: str, _pin: str) -> Signer:
        name, _, role = code.partition(":")
        return Signer(name, role or "guard", "Bảo vệ")

    monkeypatch.setattr(custodial, "authenticate", by_code)


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> list[Due]:
    """Give the list of what is wrong in this test, in the place of all parts."""
    dues: list[Due] = []
    monkeypatch.setattr(duty, "WATCHES", (lambda _office: list(dues),))
    return dues


def telling_to(office: Office, urls: str) -> Office:
    """Return the office with channels."""
    return replace(office, settings=replace(office.settings, alarm_urls=urls))


def a_missing_box(office: Office) -> Due:
    """Return an urgent thing that is due."""
    facts = {"package": "7K3M9QXZ2", "place": "K1-G01"}
    return Due("package-missing", "7K3M9QXZ2", office.clock.now(), URGENT, facts)


def test_an_alarm_reaches_a_listener_once_for_each_rung_in_both_languages(
    office: Office, clock: HandClock, listener: Listener, wrong: list[Due]
) -> None:
    """Apprise posts it for real; another tick and another sender send nothing again."""
    told = telling_to(office, f"leader={listener.url}")
    wrong.append(a_missing_box(office))
    for _ in range(3):
        ticking.look_after(told)
        telling.send_due(told)
        clock.sleep(60)
    (post,) = listener.posts
    assert "7K3" in post["title"]
    for said in ("Không thấy kiện", "is missing", "K1-G01", "luutru alarms ack 1", "1-urgent-2-0-json-"):
        assert said in post["message"], said


def test_a_service_that_refuses_is_tried_again_and_becomes_an_alarm_itself(
    office: Office, clock: HandClock, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Back-off doubles, nothing of the address is kept, and the message arrives when the service is back."""
    told = telling_to(office, f"all={listener.url}")
    hear(told, "phone-1", clock.now() + timedelta(minutes=9), 0, 0)
    listener.refuses = True
    tried: list[int] = []
    for minute in range(20):
        ticking.look_after(told)
        if any(each.identifier.startswith("1-warning-0-0-") for each in telling.send_due(told)):
            tried.append(minute)
        clock.sleep(60)
    assert tried[:4] == [0, 1, 3, 7]
    with told.database.reading() as session:
        rows = list(session.execute(select(AlarmMessageRow)).scalars())
        codes = {each.code for each in kept.recent(session, clock.now())}
    assert all("secret-token-17" not in row.error + row.channel and row.error for row in rows if row.tries)
    assert "channel-failing" in codes
    listener.refuses = False
    clock.sleep(3600)
    telling.send_due(told)
    assert any("phone-1" in post["message"] for post in listener.posts)


def test_a_crash_between_raising_and_sending_loses_nothing(
    office: Office, listener: Listener, wrong: list[Due]
) -> None:
    """The message stands in the outbox of the next process."""
    told = telling_to(office, f"guard={listener.url}")
    wrong.append(a_missing_box(office))
    ticking.look_after(told)
    assert listener.posts == []
    telling.send_due(told)
    assert len(listener.posts) == 1


def test_a_part_that_raises_becomes_an_alarm_and_silences_nobody(
    office: Office, clock: HandClock, wrong: list[Due], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are still heard, what it would have named is not cleared, and its trace is noted once."""

    def broken(_office: Office) -> list[Due]:
        raise RuntimeError("no such column")

    wrong.append(a_missing_box(office))
    ticking.look_after(office)
    monkeypatch.setattr(duty, "WATCHES", (broken, lambda _office: [Due("fixity-late", "vault", clock.now())]))
    for _ in range(10):
        clock.sleep(60)
        ticking.look_after(office)
    with office.database.reading() as session:
        found = {each.code: each for each in kept.recent(session, clock.now())}
    assert set(found) >= {"watch-failed", "fixity-late", "package-missing"}
    assert found["package-missing"].gone_at is None
    assert (office.settings.home / "log" / "errors.log").read_text().count("no such column") <= 2


def test_an_alarm_is_taken_in_charge_by_name_and_silenced_only_with_right_and_reason(
    office: Office, clock: HandClock, wrong: list[Due], signed: None
) -> None:
    """A guard acknowledges; a guard may not silence, an archivist may; both stand in its history."""
    wrong.append(a_missing_box(office))
    ticking.look_after(office)
    with pytest.raises(CustodyError, match="alarm-quiet-refused"):
        alarming.quiet(office, 1, clock.now() + MINUTE, "chờ thợ", ("NV07", ""))
    alarming.quiet(office, 1, clock.now() + 30 * MINUTE, "chờ thợ", ("NV02:archivist", ""))
    after = alarming.acknowledge(office, 1, ("NV07", ""))
    assert (after.acked_by, after.quiet_by) == ("NV07", "NV02")
    with office.database.reading() as session:
        verbs = [each.verb for each in kept.events(session, 1)]
    assert verbs == ["raised", "quieted", "acknowledged"]
    with pytest.raises(CustodyError, match="alarm-unknown"):
        alarming.acknowledge(office, 2, ("NV07", ""))


def test_ticking_again_at_once_changes_nothing(office: Office, wrong: list[Due]) -> None:
    """The tick can be repeated, by hand or by a second process."""
    wrong.append(a_missing_box(office))
    first = ticking.look_after(office)
    assert [each.verb for each in first] == ["raised"]
    assert ticking.look_after(office) == []


def test_nobody_looking_is_said(office: Office, clock: HandClock) -> None:
    """A list of alarms that were last judged long ago does not pass for good news."""
    assert alarming.board(office).is_stale
    ticking.look_after(office)
    assert not alarming.board(office).is_stale
    clock.sleep(600)
    assert alarming.board(office).is_stale


def test_a_silent_process_is_told(office: Office, clock: HandClock) -> None:
    """A reader that hangs is named, and not any more when it beats again."""
    with office.database.atomic() as session:
        beats.write(session, "reader-1", pid=1, started_at=clock.now(), now=clock.now())
    clock.sleep(300)
    ticking.look_after(office)
    with office.database.reading() as session:
        assert "part-not-alive" in {each.code for each in kept.recent(session, clock.now())}


def test_a_wrong_setting_is_refused_without_showing_the_address(office: Office) -> None:
    """The number of the address is named; a listing of the settings shows the kind alone."""
    for wrong_urls in ("janitor=json://h/secret", "leader", "all=notaurl"):
        with pytest.raises(SettingsError) as refused:
            channels.channels_of(telling_to(office, wrong_urls).settings)
        assert refused.value.code == "alarm-urls-wrong"
        assert "secret" not in str(refused.value.facts)
    shown = {name: value for name, value, _ in explained(telling_to(office, "all=json://u:pw@h/x").settings)}
    assert shown["alarm_urls"] == "all=json://…"


def test_messages_wait_for_one_sender_only(office: Office, listener: Listener, wrong: list[Due]) -> None:
    """What another sender has in hand is left to it; what it dropped is taken up after a pause."""
    told = telling_to(office, f"guard={listener.url}")
    wrong.append(a_missing_box(office))
    ticking.look_after(told)
    seen: list[str] = []

    def slow(channel: channels.Channel, title: str, body: str) -> str:
        seen.append(title)
        assert telling.send_due(told, slow) == []
        return ""

    assert len(telling.send_due(told, slow)) == 1
    assert len(seen) == 1
    with told.database.reading() as session:
        left = session.execute(select(AlarmMessageRow).where(col(AlarmMessageRow.next_at).is_not(None))).first()
    assert left is None
