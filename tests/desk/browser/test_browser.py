"""What a clerk does, in a real browser: search, open, read, retry, switch the language, use the keyboard."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from archive.clock import MachineClock
from desk.office import Office, open_office, prepare
from tests.desk.browser.running import CHROMIUM, serving
from tests.desk.stations import Made, fill

if not Path(CHROMIUM["executable_path"]).exists():
    pytest.skip("no browser: /usr/bin/chromium is absent; install it with apt", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="no browser driver: playwright is not installed")
AXE = Path(__file__).parent / "axe.min.js"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give one station for all tests of this file, on the machine's clock."""
    home = tmp_path_factory.mktemp("station") / "home"
    prepare(home, {})
    opened = open_office(home, {}, MachineClock())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def made(office: Office) -> Made:
    """Fill it."""
    return fill(office)


@pytest.fixture(scope="module")
def site(office: Office, made: Made) -> Iterator[str]:
    """Serve it."""
    with serving(office) as (address, _server):
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start chromium once."""
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(**CHROMIUM)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, site: str) -> Iterator[Any]:
    """Open a fresh window; no request may go elsewhere, nothing may be logged as wrong."""
    context = browser.new_context(base_url=site, viewport={"width": 1400, "height": 900})
    opened = context.new_page()
    hosts, wrong = set(), []
    opened.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    opened.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    assert hosts <= {urlsplit(site).netloc, ""}
    assert wrong == []


def test_typing_finds_and_the_hit_opens_with_its_word_boxed(page: Any) -> None:
    """Results come while typing; the box stands where the word is drawn."""
    page.goto("/search")
    page.locator("#q").press_sequentially("khai", delay=40)
    mark = page.locator("#results mark").first
    mark.wait_for()
    assert mark.inner_text() == "khai"
    page.wait_for_url("**/search?q=khai")
    page.locator("#results h2 a").first.click()
    box = page.locator(".found rect")
    box.wait_for()
    assert page.locator(".words mark").inner_text() == "khai"
    figure, area = page.locator("figure").bounding_box(), box.bounding_box()
    assert abs((area["x"] - figure["x"]) / figure["width"] - 397 / 800) < 0.02
    assert page.locator("figure img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_the_keyboard_turns_pages_and_finds_the_search_box(page: Any, made: Made) -> None:
    """Arrows turn pages, the stroke goes to the search, plus enlarges."""
    page.goto(f"/scan/{made.scan}/page/1")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/page/2*")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/page/1*")
    page.keyboard.press("+")
    assert page.locator("#zoom").inner_text() == "125 %"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("sinh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=sinh")


def test_a_word_under_the_pointer_is_named(page: Any, made: Made) -> None:
    """It shows the word and how sure the reading is."""
    page.goto(f"/scan/{made.scan}/page/1")
    figure = page.locator("figure").bounding_box()
    at = figure["width"] / 800
    page.mouse.move(figure["x"] + 100 * at, figure["y"] + 130 * at)
    page.wait_for_timeout(400)
    page.mouse.move(figure["x"] + 102 * at, figure["y"] + 132 * at)
    page.locator("#tip").wait_for()
    assert page.locator("#tip").inner_text() == "Quyết · 91 %"


def test_the_language_switch_keeps_the_page(page: Any) -> None:
    """The same search, in English."""
    page.goto("/search?q=khai")
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**/search?q=khai")
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="Tiếng Việt").click()
    page.locator("html[lang=vi]").wait_for()


def test_the_station_page_is_live(page: Any, office: Office) -> None:
    """A file that arrives shows without a reload."""
    page.goto("/")
    page.wait_for_timeout(1500)
    fill(office, name="Vừa đến nơi.pdf", text="một tờ khác")
    page.get_by_text("Vừa đến nơi.pdf").first.wait_for(timeout=8000)


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize(
    "path",
    ["/", "/search?q=khai", "/arrivals", "/aside", "/packages", "/dossiers", "/scan/{scan}/page/2?q=khai", "/no"],
)
def test_pages_meet_the_accessibility_rules_and_fit(browser: Any, site: str, made: Made, path: str, width: int) -> None:
    """Nothing breaks WCAG 2.2 A and AA by axe, light or dark, and nothing is wider than the screen."""
    for scheme in ("light", "dark"):
        context = browser.new_context(
            base_url=site, bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        opened = context.new_page()
        opened.goto(path.format(scan=made.scan))
        opened.add_script_tag(path=AXE)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = opened.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", tags)["violations"]
        assert [(each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found] == []
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


def test_the_retry_button_confirms_by_its_result(page: Any, made: Made) -> None:
    """The page says where the file stands after it was tried again."""
    page.goto("/aside")
    page.locator(f"#retry-{made.aside}").click()
    page.wait_for_url("**/aside?retried=*")
    assert page.locator(".note[role=status]").count() == 1


def test_listeners_leave_and_the_server_stops_within_a_second(office: Office, browser: Any) -> None:
    """A closed window is no listener any more, and an open one does not hold the server up."""
    with serving(office) as (address, server):
        news = server.config.app.state.room.news
        windows = [browser.new_page() for _ in range(2)]
        for window in windows:
            window.goto(address)
        wait_for(lambda: news.listener_count == 2)
        windows[0].close()
        wait_for(lambda: news.listener_count == 1)
        stopped = threading.Event()
        begun = time.monotonic()
        server.should_exit = True
        wait_for(lambda: news.listener_count == 0)
        stopped.set()
        assert time.monotonic() - begun < 3
        windows[1].close()


def wait_for(question: Any, seconds: float = 6.0) -> None:
    """Wait until the answer is yes."""
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end
        time.sleep(0.05)
