"""Signing in to the pages: who may open what, sessions that end, and the link that makes the first administrator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from starlette.routing import Route

from archive import people, sessions
from archive.clock import HandClock
from archive.people import Role
from desk.office import Office, open_office, prepare
from desk.web.app import create_app
from desk.web.gate import COOKIE
from desk.web.permits import EVERYBODY, OPEN, PERMITS, permit_of
from desk.web.serving import make_server

HERE = "http://127.0.0.1:8000"
FROM_HERE = {"origin": HERE}
PIN = "7294"


@pytest.fixture
def clock() -> HandClock:
    """Give a clock set by hand."""
    return HandClock()


@pytest.fixture
def station(tmp_path: object, clock: HandClock) -> Iterator[Office]:
    """Give a station with one person for each role, whose code is the role's name."""
    home = tmp_path / "station"  # type: ignore[operator]
    prepare(home, {})
    office = open_office(home, {}, clock)
    with office.database.atomic() as session:
        for role in Role:
            people.add(
                session, code=role.value, name=f"Người {role.value}", unit="VP", roles=(role,), pin=PIN, now=clock.now()
            )
    yield office
    office.close()


def browser(office: Office) -> TestClient:
    """Return a browser without JavaScript on the computer of the station."""
    return TestClient(
        create_app(office),
        base_url=HERE,
        headers={"accept": "text/html"},
        raise_server_exceptions=False,
        follow_redirects=False,
    )


def signed_in(office: Office, code: str) -> TestClient:
    """Return a browser in which a person signed in through the page."""
    client = browser(office)
    answer = client.post("/sign-in", data={"code": code, "pin": PIN}, headers=FROM_HERE)
    assert answer.status_code == 303, answer.text
    return client


def addresses(office: Office) -> list[tuple[str, str]]:
    """List every route of the application as (method, path)."""
    found = []
    waiting: list[Any] = list(create_app(office).routes)
    while waiting:
        route = waiting.pop()
        if isinstance(inner := getattr(route, "original_router", None), APIRouter):
            waiting += inner.routes
        else:
            assert isinstance(route, Route)
            found += [(method, route.path) for method in (route.methods or set()) - {"HEAD"}]
    return found


def filled(path: str) -> str:
    """Return an address of a route, its parameters filled with what names nothing."""
    return (
        path.replace("{public_id}", "nothing")
        .replace("{number}", "1")
        .replace("{size}", "400")
        .replace("{secret}", "nothing")
        .replace("{code}", "nothing")
        .replace("{step}", "office")
        .replace("{digest}", "0")
        .replace("{name}", "x.css")
    )


def test_every_address_has_a_line_and_every_line_an_address(station: Office) -> None:
    """An address that nobody thought of is open to nobody, and no line speaks of what is gone."""
    witness = replace(station, settings=replace(station.settings, witness="on"))
    assert sorted(addresses(witness)) == sorted(PERMITS)
    assert permit_of("GET", "/not-thought-of") == frozenset()


@pytest.mark.parametrize("role", [*Role, None])
def test_each_role_opens_exactly_what_its_line_says(station: Office, role: Role | None) -> None:
    """For every address and every role, and for nobody: the gate answers as the table says."""
    client = signed_in(station, role.value) if role else browser(station)
    for (method, path), permit in PERMITS.items():
        if path in {"/events", "/sign-out"}:
            continue
        answer = client.request(method, filled(path), headers={**FROM_HERE, "accept": "application/json"})
        turned_away = answer.status_code == (403 if role else 401) and "next" in answer.text
        if permit is EVERYBODY:
            assert not (answer.status_code == 401 and path != "/sign-in"), (method, path)
        elif role is not None and role.value in permit:
            assert answer.status_code not in {401, 403}, (method, path, answer.text[:200])
        else:
            assert answer.status_code == (403 if role else 401), (method, path, turned_away)


def test_nobody_is_sent_to_the_sign_in_page_and_back_again(station: Office) -> None:
    """A page asks to sign in and then shows what was wanted; other hosts are never gone to."""
    client = browser(station)
    answer = client.get("/search?q=quyết", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?back=%2Fsearch%3Fq%3Dquy%25E1%25BA%25BFt",
    )
    form = {"code": "clerk", "pin": PIN, "back": "/search?q=quyet"}
    assert client.post("/sign-in", data=form, headers=FROM_HERE).headers["location"] == "/search?q=quyet"
    other = browser(station).post("/sign-in", data={**form, "back": "https://example.org/"}, headers=FROM_HERE)
    assert other.headers["location"] == "/"


def test_a_wrong_pin_is_refused_and_soon_not_heard(station: Office) -> None:
    """The page says how long to wait; a right PIN does not help before."""
    client = browser(station)
    for _ in range(5):
        assert client.post("/sign-in", data={"code": "clerk", "pin": "0001"}, headers=FROM_HERE).status_code == 401
    answer = client.post("/sign-in", data={"code": "clerk", "pin": PIN}, headers=FROM_HERE)
    assert (answer.status_code, COOKIE in client.cookies) == (401, False)
    assert 'role="alert"' in answer.text


def test_a_badge_signs_in_like_a_code(station: Office) -> None:
    """What the scanner reads from a badge may stand in the place of the code."""
    with station.database.reading() as session:
        badge = people.find(session, "guard").badge
    assert COOKIE in signed_in(station, badge).cookies


def test_a_session_ends_when_it_rests_or_grows_old(station: Office, clock: HandClock) -> None:
    """Twelve hours without a request, or seven days whatever happens."""
    client = signed_in(station, "clerk")
    for _ in range(20):
        clock.sleep(8 * 3600)
        assert client.get("/me").status_code == 200
    clock.sleep(9 * 3600)
    assert client.get("/me").status_code == 303
    client = signed_in(station, "clerk")
    clock.sleep(13 * 3600)
    assert client.get("/me").status_code == 303


def test_signing_out_and_being_signed_out_end_a_session_at_once(station: Office, clock: HandClock) -> None:
    """The cookie is worth nothing afterwards, even where a browser kept it."""
    client, other = signed_in(station, "clerk"), signed_in(station, "clerk")
    kept = client.cookies[COOKIE]
    assert client.post("/sign-out", headers=FROM_HERE).status_code == 303
    client.cookies.set(COOKIE, kept)
    assert client.get("/me").status_code == 303
    with station.database.atomic() as session:
        assert sessions.revoke(session, "CLERK", clock.now()) == 1
    assert other.get("/me").status_code == 303


def test_a_new_pin_ends_all_other_sessions(station: Office) -> None:
    """Whoever stole a session loses it."""
    client, other = signed_in(station, "clerk"), signed_in(station, "clerk")
    wrong = client.post("/me/pin", data={"old": "1", "pin": "8305", "again": "8305"}, headers=FROM_HERE)
    assert wrong.status_code == 422
    answer = client.post("/me/pin", data={"old": PIN, "pin": "8305", "again": "8305"}, headers=FROM_HERE)
    assert (answer.status_code, client.get("/me").status_code, other.get("/me").status_code) == (303, 200, 303)


def test_a_retired_person_is_signed_out(station: Office, clock: HandClock) -> None:
    """A person who left opens nothing with the session they had."""
    client = signed_in(station, "clerk")
    with station.database.atomic() as session:
        people.retire(session, "clerk", clock.now())
    assert client.get("/me").status_code == 303


def test_a_token_acts_for_a_person_without_a_browser(station: Office, clock: HandClock) -> None:
    """It opens what the person may open, ends on its day, and is worth nothing as a cookie."""
    with station.database.atomic() as session:
        token = sessions.give_token(session, "CLERK", clock.now(), name="scanner", days=2)
    client = browser(station)
    bearer = {"authorization": f"Bearer {token}"}
    assert client.get("/api/status", headers=bearer).status_code == 200
    assert client.post("/aside/nothing/retry", headers=bearer).status_code == 404
    assert client.post("/aside/nothing/retry", headers={**bearer, "origin": "http://evil.example"}).status_code == 403
    client.cookies.set(COOKIE, token)
    assert client.get("/api/status").status_code == 401
    clock.sleep(timedelta(days=2).total_seconds())
    assert client.get("/api/status", headers=bearer).status_code == 401


def test_the_first_administrator_is_made_by_a_link_once(office: Office) -> None:
    """Before, the station is open on its own computer; afterwards everybody signs in."""
    client = browser(office)
    assert client.get("/").status_code == 200
    assert client.get("/me").status_code == 303
    with office.database.atomic() as session:
        old = sessions.make_link(session, office.clock.now())
        link = sessions.make_link(session, office.clock.now())
    assert client.get(f"/setup/{old}").status_code == 410
    assert client.get(f"/setup/{link}").status_code == 200
    form = {"code": "qt01", "name": "Quản Trị", "pin": PIN, "again": "7295"}
    assert client.post(f"/setup/{link}", data=form, headers=FROM_HERE).status_code == 422
    weak = client.post(f"/setup/{link}", data={**form, "pin": "1234", "again": "1234"}, headers=FROM_HERE)
    assert weak.status_code == 422
    assert client.post(f"/setup/{link}", data={**form, "again": PIN}, headers=FROM_HERE).status_code == 303
    assert client.get("/").status_code == 200
    assert client.get(f"/setup/{link}").status_code == 410
    assert browser(office).get("/").status_code == 303


def test_only_a_station_where_people_sign_in_leaves_its_computer(tmp_path: object, station: Office) -> None:
    """Bound to the network without an administrator it does not start; with one it does and is open to nobody."""
    from dataclasses import replace

    beyond = Office(replace(station.settings, host="0.0.0.0"), station.database, station.vault, station.clock)
    assert make_server(beyond).config.host == "0.0.0.0"
    home = tmp_path / "other"  # type: ignore[operator]
    prepare(home, {})
    empty = open_office(home, {"LUUTRU_HOST": "0.0.0.0"})
    with pytest.raises(Exception, match="host-not-loopback"):
        make_server(empty)
    client = browser(empty)
    client.base_url = httpx.URL("http://192.0.2.7:8000")
    assert client.get("/").status_code == 303
    empty.close()


def test_open_is_no_role() -> None:
    """Nobody can be given what only an unset station gives."""
    assert OPEN not in {role.value for role in Role}
