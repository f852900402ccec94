"""Phones of guards in a real browser: signing in, typing codes, and a station that can be ended and begun again."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from archive.clock import MachineClock
from archive.refs import Kind
from custody import ledger
from custody.entries import read_body
from desk import shifts
from desk.office import Office, open_office, prepare
from desk.web.serving import make_server
from labels.geometry import Printer
from labels.label import Label
from labels.read import read_codes
from labels.sheet import draw_sheets
from labels.stocks import STOCKS
from tests.desk.browser.test_browser import wait_for
from tests.desk.guarding import BOXES
from tests.desk.night_watch import PIN, POST, furnish, plan_round
from tests.labels.raster import rasterise

FRAME = (640, 480)
CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


def open_station(folder: Path) -> Office:
    """Return a guarded station on the machine's clock, with a round due and BV01 on duty."""
    prepare(folder / "home", {})
    opened = open_office(folder / "home", {}, MachineClock())
    furnish(opened)
    plan_round(opened)
    shifts.start(opened, POST, "BV01", [("BV01", PIN)])
    return opened


def shoot_film(path: Path) -> None:
    """Write a film of a printed label that is scratched, a little turned, blurred and badly lit."""
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
    with path.open("wb") as film:
        for nth in range(12):
            frame = Image.new("L", FRAME, 150)
            small = seen.resize((520, 520 * seen.height // seen.width))
            frame.paste(small.rotate(4 + nth % 3, fillcolor=150, expand=True), (40 + nth, 110))
            blurred = frame.filter(ImageFilter.GaussianBlur(1.0))
            lit = np.asarray(blurred).astype(float) * 0.75 + noise.normal(0, 6, FRAME[::-1])
            Image.fromarray(np.clip(lit, 0, 255).astype("uint8")).convert("RGB").save(film, "JPEG", quality=85)


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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
