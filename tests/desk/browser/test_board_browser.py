"""The board in a real browser: alarms that are heard after a click, pages that everybody can read, one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.clock import HandClock
from custody.due import URGENT, Due
from desk import alarming, incidents, stocktaking, verdicts
from desk.office import Office
from tests.desk.browser.running import CHROMIUM, running
from tests.desk.test_sign_in import PIN
from tests.desk.watched import BOX, signer, watching

if not Path(CHROMIUM["executable_path"]).exists():
    pytest.skip("no browser: /usr/bin/chromium is absent; install it with apt", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="no browser driver: playwright is not installed")
AXE = Path(__file__).parent / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = (
    "/board?place=K1",
    f"/ask?package={BOX}",
    "/log",
    "/log/3",
    "/log/heads",
    "/alarms",
    "/alarms/1",
    "/incidents",
    "/incidents/{incident}",
    "/stocktakes",
    "/stocktakes/{stocktake}?compare=1",
    "/rounds",
    "/openings",
    "/rosters",
    "/rosters/P1?plan=new",
    "/round-plans",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give one watched station with an alarm, an incident, a stocktake and a judgement."""
    clock = HandClock(datetime.now(UTC).replace(microsecond=0))
    with watching(tmp_path_factory.mktemp("board") / "home", clock) as opened:
        raise_alarm(opened, "BOX2")
        incidents.report(opened, "K1", "high", [signer("BV01")], text="Khóa bị cạy.")
        stocktaking.open_stocktake(opened, ["K1"], [signer("LT01")])
        verdicts.judge(opened)
        yield opened


@pytest.fixture(scope="module")
def site(office: Office) -> Iterator[str]:
    """Serve it."""
    with running(office) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start chromium once."""
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(**CHROMIUM)
        yield opened
        opened.close()


def raise_alarm(office: Office, *about: str) -> None:
    """Let alarms be due about these boxes."""
    now = office.clock.now()
    alarming.evaluate(
        office, [Due("package-missing", each, now, URGENT, {"package": each, "place": "K1/G1"}) for each in about]
    )


def enter(page: Any) -> None:
    """Sign the leader in."""
    page.goto("/sign-in")
    page.fill("input[name=code]", "LD01")
    page.fill("input[name=pin]", PIN)
    page.click("main button")
    page.wait_for_url("**/board")


def test_a_new_alarm_is_heard_once_somebody_asked_for_sound(browser: Any, site: str, office: Office) -> None:
    """Silent before the click; after it a new alarm comes up without a reload, and rings."""
    page = browser.new_context(base_url=site).new_page()
    enter(page)
    sound = page.locator("[data-sound]")
    assert sound.get_attribute("aria-pressed") == "false"
    sound.click()
    page.locator("[data-sound][aria-pressed=true]").wait_for(timeout=5000)
    raise_alarm(office, "BOX2", "BOX3")
    page.locator("html[data-rang='1']").wait_for(state="attached", timeout=10000)
    assert page.locator("#ack-2").count() == 1
    # The button is still pressed after the part of the page was exchanged.
    assert page.locator("[data-sound]").get_attribute("aria-pressed") == "true"
    page.context.close()


@pytest.mark.parametrize("width", [390, 1400])
def test_the_pages_of_watchers_meet_the_rules_and_fit(browser: Any, site: str, office: Office, width: int) -> None:
    """Nothing breaks WCAG 2.2 A and AA by axe, light or dark, nothing is wider than the screen, nothing is refused."""
    names = {"incident": incidents.every(office)[0].number, "stocktake": stocktaking.every(office)[0].code}
    for scheme in ("light", "dark"):
        context = browser.new_context(
            base_url=site, bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        enter(page)
        for path in PAGES:
            page.goto(path.format(**names))
            page.add_script_tag(path=AXE)
            found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)["violations"]
            told = [(each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found]
            assert told == [], (path, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        context.close()


def test_nothing_on_the_board_is_refused_by_the_policy_and_it_prints_on_one_sheet(browser: Any, site: str) -> None:
    """No message of the browser about style or script; one page of A4."""
    page = browser.new_context(base_url=site).new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    enter(page)
    page.wait_for_timeout(500)
    assert told == []
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page>") + paper.count(b"/Type /Page ") == 1
    page.context.close()
