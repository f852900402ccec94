"""What a guard does with a phone, in a real browser: the camera, a hand scanner, a photo, pages for a thumb."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.office import Office
from tests.desk.browser.phones import CAMERA, enter, kinds, open_station, phone, shoot_film
from tests.desk.browser.running import CHROMIUM, serving
from tests.desk.browser.test_browser import AXE
from tests.desk.guarding import BOXES
from tests.desk.night_watch import PIN, draw_label, place_code

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
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start chromium once, with a film of a label before its camera."""
    film = tmp_path_factory.mktemp("film") / "label.mjpeg"
    shoot_film(film)
    camera = [*CAMERA, f"--use-file-for-fake-video-capture={film}"]
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(**{**CHROMIUM, "args": [*CHROMIUM["args"], *camera]})
        yield opened
        opened.close()


def test_the_camera_reads_a_damaged_label_and_the_seal_is_recorded(browser: Any, office: Office) -> None:
    """The page opens the camera, loads the decoder only then, and takes one code once however long it is seen."""
    with serving(office) as (site, _server), phone(browser, site) as page:
        loaded: list[str] = []
        page.on("request", lambda request: loaded.append(request.url))
        page.goto("/guard/seal")
        page.locator("html[data-ready]").wait_for()
        assert not [each for each in loaded if "qr-decode" in each]
        page.get_by_role("button", name="Quét bằng máy ảnh").click()
        page.locator(".scanned .code").wait_for(timeout=20_000)
        assert page.locator(".scanned .code").all_inner_texts() == [f"{BOXES[0][:3]} {BOXES[0][3:6]} {BOXES[0][6:]}"]
        assert [each for each in loaded if "qr-decode" in each]
        page.locator(".scanned .mark", has_text="đã niêm phong").wait_for()
        page.get_by_role("button", name="Dừng quét").click()
        page.fill("[name=numbers]", f"S-{BOXES[0]}")
        page.get_by_text("nguyên vẹn").click()
        page.get_by_role("button", name="Ghi lần kiểm tra").click()
        page.locator(".note.well").wait_for()
        assert kinds(office, device=False)[-1] == "package-checked"
        assert page.locator("#unsent").is_hidden()


def test_a_wrong_seal_number_is_answered_at_once_and_nothing_is_kept(browser: Any, office: Office) -> None:
    """A slip on a phone with network opens no incident; what was typed stays."""
    with serving(office) as (site, _server), phone(browser, site) as page:
        page.goto("/guard/seal")
        page.locator("html[data-ready]").wait_for()
        size = len(kinds(office, device=False)) + len(kinds(office))
        enter(page, [BOXES[1]])
        page.fill("[name=numbers]", "S-000")
        page.get_by_text("nguyên vẹn").click()
        page.get_by_role("button", name="Ghi lần kiểm tra").click()
        page.locator("[data-told] .wrong").wait_for()
        assert page.locator("[name=numbers]").input_value() == "S-000"
        assert len(kinds(office, device=False)) + len(kinds(office)) == size


SWEEP = """(picture) => {
  const image = new Image(), canvas = document.createElement("canvas");
  image.src = picture;
  const ready = image.decode().then(() => {
    canvas.width = image.width; canvas.height = image.height;
    setInterval(() => canvas.getContext("2d").drawImage(image, 0, 0), 50);
    return canvas.captureStream(20);
  });
  navigator.mediaDevices.getUserMedia = () => ready;
}"""


def test_many_labels_in_one_sweep_are_all_taken(browser: Any, office: Office) -> None:
    """Three labels in one picture; a box that stands elsewhere than the shelf scanned before is marked."""
    picture = io.BytesIO()
    texts = [f"HTTP://LUUTRU.LOCAL/B/{each}" for each in (BOXES[0], BOXES[1], BOXES[4])]
    draw_label(*texts, pixels=5).save(picture, "PNG")
    shown = "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode()
    with serving(office) as (site, _server), phone(browser, site) as page:
        page.goto("/guard/code")
        page.locator("html[data-ready]").wait_for()
        enter(page, [place_code(office, "Kho 1/G1")])
        page.locator(".scanned li", has_text="Kho 1/G1").wait_for()
        page.evaluate(SWEEP, shown)
        page.get_by_role("button", name="Quét bằng máy ảnh").click()
        page.locator(".scanned li").nth(3).wait_for()
        page.locator(".scanned li.wrong", has_text="sai chỗ: theo sổ ở Kho 1/G2").wait_for()
        assert page.locator(".scanned li.wrong").count() == 1


def test_a_hand_scanner_a_keyboard_and_a_photo_end_in_the_same_list(browser: Any, office: Office) -> None:
    """Fast keys with Enter anywhere on the page, typing, and a photo; a second time is marked, a slip is named."""
    with serving(office) as (site, _server), phone(browser, site) as page:
        page.goto("/guard/code")
        page.locator("html[data-ready]").wait_for()
        page.locator("h2").click()
        page.keyboard.type(f"http://luutru.local/B/{BOXES[1]}")
        page.keyboard.press("Enter")
        page.locator("[data-scan-type]").fill(BOXES[2].lower())
        page.keyboard.press("Enter")
        page.locator("[data-scan-type]").fill(f"{BOXES[2][:3]}-{BOXES[2][3:]}")
        page.get_by_role("button", name="Thêm").click()
        page.locator(".scan-said", has_text="đã quét rồi").wait_for()
        page.locator("[data-scan-type]").fill("ZZZZZZZZZ")
        page.keyboard.press("Enter")
        page.locator(".scanned li.wrong .mark").wait_for()
        picture = io.BytesIO()
        draw_label(f"HTTP://LUUTRU.LOCAL/B/{BOXES[3]}").save(picture, "JPEG")
        page.set_input_files("[name=label]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()})
        page.locator(".scanned li").nth(3).wait_for()
        lines = page.locator("textarea[name=codes]").input_value().split("\n")
        assert lines == [BOXES[1], BOXES[2], "ZZZZZZZZZ", BOXES[3]]


@pytest.mark.parametrize("path", ["/guard", "/guard/seal", "/guard/keys", "/guard/incidents/new", "/guard/offline"])
def test_the_guards_pages_meet_the_accessibility_rules_and_fit(browser: Any, office: Office, path: str) -> None:
    """Nothing breaks WCAG 2.2 A and AA by axe, light or dark; nothing is wider than 390 px; under 200 kB a page."""
    with serving(office) as (site, _server):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                base_url=site, bypass_csp=True, color_scheme=scheme, viewport={"width": 390, "height": 844}
            )
            page, weights = context.new_page(), []
            page.goto("/sign-in")
            page.fill("[name=code]", "BV01")
            page.fill("[name=pin]", PIN)
            page.click("main button")
            page.wait_for_url("**/guard")
            page.on("response", lambda answer, weights=weights: weights.append(len(answer.body())))
            page.goto(path)
            page.locator("html[data-ready]").wait_for()
            assert sum(weights) < 200_000
            page.add_script_tag(path=AXE)
            tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
            found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", tags)["violations"]
            assert [(each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            context.close()
