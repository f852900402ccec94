"""A night of guards without network, in a real browser: what they note arrives once, under their own names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk import rounds
from desk.office import Office
from tests.desk.browser.phones import Station, enter, free_port, kinds, open_station, phone, until
from tests.desk.browser.running import CHROMIUM
from tests.desk.guarding import BOXES
from tests.desk.night_watch import PIN, open_stocktake

if not Path(CHROMIUM["executable_path"]).exists():
    pytest.skip("no browser: /usr/bin/chromium is absent; install it with apt", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="no browser driver: playwright is not installed")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give one guarded station for all tests of this file, on the machine's clock."""
    opened = open_station(tmp_path_factory.mktemp("station"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start chromium once."""
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(**CHROMIUM)
        yield opened
        opened.close()


def note_everything(page: Any, number: str, code: str) -> None:
    """Check three seals, count a shelf, report an incident and scan two points, with nobody answering."""
    for nth, box in enumerate(BOXES[:3]):
        enter(page, [box])
        page.fill("[name=numbers]", f"S-{box}")
        page.get_by_text("nguyên vẹn").click()
        page.get_by_role("button", name="Ghi lần kiểm tra").click()
        page.locator("#unsent", has_text=f"chưa gửi: {nth + 1}").wait_for()
        page.locator("[data-told] .care").wait_for()
        page.locator("button.huge:disabled").wait_for(state="detached")
    page.goto(f"/guard/stocktakes/{number}")
    page.locator("html[data-ready]").wait_for()
    page.fill("[name=place]", "Kho 1/G1")
    enter(page, list(BOXES[:2]))
    page.get_by_role("button", name="Ghi kết quả đếm").click()
    page.locator("#unsent", has_text="chưa gửi: 4").wait_for()
    page.goto("/guard/incidents/new")
    page.locator("html[data-ready]").wait_for()
    page.fill("[name=text]", "Cửa sổ bị vỡ")
    enter(page, [BOXES[4]])
    page.get_by_role("button", name="Báo sự cố").click()
    page.locator("#unsent", has_text="chưa gửi: 5").wait_for()
    page.goto(f"/guard/rounds/{code}")
    page.locator("html[data-ready]").wait_for()
    enter(page, [BOXES[0], BOXES[1]])
    page.get_by_role("button", name="Ghi các điểm này").click()
    page.locator("#unsent", has_text="chưa gửi: 6").wait_for()


def lose_replies(page: Any) -> None:
    """Send twice while the replies are lost on the way: the station has taken what the phone still keeps."""
    lost = []

    def lose(route: Any) -> None:
        route.fetch()
        lost.append(1)
        route.abort()

    page.route("**/phone/notes", lose, times=2)
    page.goto("/guard/offline")
    page.locator("html[data-ready]").wait_for()
    page.get_by_role("button", name="Gửi ngay").click()
    until(page, lambda: len(lost) == 2)
    page.unroute("**/phone/notes")


def test_a_night_without_network_arrives_once(browser: Any, office: Office) -> None:
    """The server dies; five notes and a round go on; the page says how many wait; all arrive, once, in their order."""
    station = Station(office, free_port())
    station.begin()
    number = open_stocktake(office)
    (owed,) = rounds.due(office)
    rounds.start(office, owed.code, [("BV01", PIN)])
    site, size = f"http://127.0.0.1:{station.office.settings.port}", len(kinds(office))
    with phone(browser, site) as page:
        page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        for path in ("/guard/seal", f"/guard/stocktakes/{number}", f"/guard/rounds/{owed.code}"):
            page.goto(path)
            page.locator("html[data-ready]").wait_for()
        station.end()
        page.goto("/guard/seal")
        page.locator("html[data-ready]").wait_for()
        note_everything(page, number, owed.code)
        page.goto("/guard/visitors")
        page.locator("[data-unsent] li").nth(5).wait_for()
        assert page.locator("[data-unsent] li").count() == 6, "a page never seen shows what can be done instead"
        station.begin()
        lose_replies(page)
        page.get_by_role("button", name="Gửi ngay").click()
        page.get_by_text("Đã gửi hết.").wait_for()
        assert page.locator("#unsent").is_hidden()
    assert kinds(office)[size:] == ["package-checked"] * 3 + ["stocktake-counted", "incident-opened"]
    _round, results = rounds.look(office, owed.code)
    assert [each.point for each in results] == list(BOXES[:2])
    station.end()


def test_notes_wait_for_their_own_guard_when_another_signs_in(browser: Any, office: Office) -> None:
    """Two guards share a phone: what one noted is not sent with the other's name."""
    station = Station(office, free_port())
    station.begin()
    site = f"http://127.0.0.1:{station.office.settings.port}"
    with phone(browser, site) as page:
        page.goto("/guard/seal")
        page.locator("html[data-ready]").wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        page.goto("/guard/seal")
        page.locator("html[data-ready]").wait_for()
        station.end()
        enter(page, [BOXES[5]])
        page.fill("[name=numbers]", f"S-{BOXES[5]}")
        page.get_by_text("nguyên vẹn").click()
        page.get_by_role("button", name="Ghi lần kiểm tra").click()
        page.locator("#unsent", has_text="chưa gửi: 1").wait_for()
        station.begin()
        page.context.clear_cookies()
        page.goto("/sign-in")
        page.fill("[name=code]", "BV02")
        page.fill("[name=pin]", PIN)
        page.click("main button")
        page.locator("html[data-ready]").wait_for()
        before = len(kinds(office))
        page.goto("/guard/offline")
        page.get_by_text("BV01 phải đăng nhập").wait_for()
        assert len(kinds(office)) == before
        page.context.clear_cookies()
        page.goto("/sign-in")
        page.fill("[name=code]", "BV01")
        page.fill("[name=pin]", PIN)
        page.click("main button")
        page.locator("html[data-ready]").wait_for()
        until(page, lambda: len(kinds(office)) == before + 1)
    station.end()
