"""What a guard does with a phone, in a real browser: the camera, a hand scanner, and a night without network."""

from __future__ import annotations

import base64
import contextlib
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from archive.clock import MachineClock
from archive.refs import Kind
from custody import ledger
from custody.entries import read_body
from desk import rounds, shifts
from desk.office import Office, open_office, prepare
from desk.web.serving import make_server
from labels.geometry import Printer
from labels.label import Label
from labels.read import read_codes
from labels.sheet import draw_sheets
from labels.stocks import STOCKS
from tests.desk.browser.running import CHROMIUM, serving
from tests.desk.browser.test_browser import AXE, wait_for
from tests.desk.guarding import BOXES
from tests.desk.night_watch import PIN, POST, draw_label, furnish, open_stocktake, place_code, plan_round
from tests.labels.raster import rasterise

if not Path(CHROMIUM["executable_path"]).exists():
    pytest.skip("no browser: /usr/bin/chromium is absent; install it with apt", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="no browser driver: playwright is not installed")
FRAME = (640, 480)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give one guarded station for all tests of this file, on the machine's clock."""
    home = tmp_path_factory.mktemp("station") / "home"
    prepare(home, {})
    opened = open_office(home, {}, MachineClock())
    furnish(opened)
    plan_round(opened)
    shifts.start(opened, POST, "BV01", [("BV01", PIN)])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a film of a printed label that is scratched, a little turned, blurred and badly lit."""
    target, noise = io.BytesIO(), np.random.default_rng(7)
    label = Label(Kind.BOX, BOXES[0], "UBND phường Hoàn Kiếm", "Hộp số 1")
    draw_sheets([label], STOCKS["L7160"], Printer(), "luutru.local", target)
    page = rasterise(target.getvalue(), 300, mono=True)[0]
    mark = read_codes(page)[0]
    xs, ys = [x for x, _ in mark.corners], [y for _, y in mark.corners]
    side = max(xs) - min(xs)
    seen = page.crop((min(xs) - side // 2, min(ys) - side // 2, max(xs) + 2 * side, max(ys) + side // 2))
    canvas = ImageDraw.Draw(seen)
    canvas.line((side // 2, side, side, side * 3 // 2), fill=120, width=4)
    canvas.ellipse((side * 10 // 8, side * 10 // 8, side * 11 // 8, side * 11 // 8), fill=200)
    path = tmp_path_factory.mktemp("film") / "label.mjpeg"
    with path.open("wb") as film:
        for nth in range(12):
            frame = Image.new("L", FRAME, 150)
            small = seen.resize((520, 520 * seen.height // seen.width))
            frame.paste(small.rotate(4 + nth % 3, fillcolor=150, expand=True), (40 + nth, 110))
            blurred = frame.filter(ImageFilter.GaussianBlur(1.0))
            lit = np.asarray(blurred).astype(float) * 0.75 + noise.normal(0, 6, FRAME[::-1])
            Image.fromarray(np.clip(lit, 0, 255).astype("uint8")).convert("RGB").save(film, "JPEG", quality=85)
    return path


@pytest.fixture(scope="module")
def browser(film: Path) -> Iterator[Any]:
    """Start chromium once, with the film before its camera."""
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(**{**CHROMIUM, "args": [*CHROMIUM["args"], *camera]})
        yield opened
        opened.close()


@contextlib.contextmanager
def phone(browser: Any, site: str, code: str = "BV01") -> Iterator[Any]:
    """Give a phone on which a guard signed in; a fault of a script fails the test."""
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844}, has_touch=True)
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("/sign-in")
    page.fill("[name=code]", code)
    page.fill("[name=pin]", PIN)
    page.click("main button")
    page.wait_for_url("**/guard")
    page.locator("html[data-ready]").wait_for()
    yield page
    context.close()
    assert wrong == []


def kinds(office: Office, device: bool = True) -> list[str]:
    """Return the kinds of entries that phones sent, in order."""
    with office.database.reading() as session:
        read = [read_body(each.body) for each in ledger.read(session)]
    return [entry.KIND for entry, stamp in read if bool(stamp.device) is device]


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
    draw_label(*(f"HTTP://LUUTRU.LOCAL/B/{each}" for each in (BOXES[0], BOXES[1], BOXES[4])), pixels=5).save(
        picture, "PNG"
    )
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


class Station:
    """The server of an office at one address, which can be ended and begun again."""

    def __init__(self, office: Office, port: int) -> None:
        self.office = replace(office, settings=replace(office.settings, port=port))
        self.server: Any = None
        self.thread: threading.Thread | None = None

    def begin(self) -> None:
        """Serve."""
        self.server = make_server(self.office)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        wait_for(lambda: self.server.started, 20)

    def end(self) -> None:
        """Stop serving."""
        self.server.should_exit = True
        assert self.thread is not None
        self.thread.join(15)
        assert not self.thread.is_alive()


def free_port() -> int:
    """Return a port nobody listens on."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(page: Any, question: Callable[[], bool]) -> None:
    """Wait until the answer is yes, while the page goes on."""
    for _ in range(200):
        if question():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come about")


def enter(page: Any, codes: list[str]) -> None:
    """Type codes into the scanner of a page."""
    for each in codes:
        page.locator("[data-scan-type]").fill(each)
        page.keyboard.press("Enter")


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
        page.get_by_role("button", name="Báo sự việc").click()
        page.locator("#unsent", has_text="chưa gửi: 5").wait_for()
        page.goto(f"/guard/rounds/{owed.code}")
        page.locator("html[data-ready]").wait_for()
        enter(page, [BOXES[0], BOXES[1]])
        page.get_by_role("button", name="Ghi các điểm này").click()
        page.locator("#unsent", has_text="chưa gửi: 6").wait_for()
        page.goto("/guard/visitors")
        assert page.locator("[data-unsent] li").count() == 6, "a page never seen shows what can be done instead"
        station.begin()
        # Replies are lost on the way twice: the phone sends again what the station has taken already.
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
