"""Takes pictures of every page at two widths and in both languages: `python -m tests.desk.browser.shots FOLDER`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from desk.office import open_office, prepare
from tests.desk.browser.running import CHROMIUM, running
from tests.desk.stations import fill

WIDTHS = (1400, 390)


def take(folder: Path) -> None:
    """Write one picture for each page, width and language."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        prepare(Path(home), {})
        office = open_office(Path(home), {})
        browser = playwright.chromium.launch(**CHROMIUM)
        with running(office) as address:
            shoot(browser, address, folder, {"empty": "/"})
            made = fill(office)
            fill(office, name="Tờ trình 45.pdf", text="Tờ trình về việc đề nghị phê duyệt hồ sơ", finish=False)
            scan = f"/scan/{made.scan}"
            pages = {
                "station": "/",
                "search": "/search?q=khai+sinh",
                "nothing": "/search?q=zzzz",
                "arrivals": "/arrivals",
                "aside": "/aside",
                "page": f"{scan}/page/2?q=khai",
                "failure": "/nowhere",
            }
            shoot(browser, address, folder, pages)
        browser.close()
        office.close()


def shoot(browser, address: str, folder: Path, pages: dict[str, str]) -> None:  # type: ignore[no-untyped-def]  # a script for developers
    """Take the pictures of some pages."""
    for width in WIDTHS:
        for lang in ("vi", "en"):
            context = browser.new_context(viewport={"width": width, "height": 900})
            context.add_cookies([{"name": "luutru_lang", "value": lang, "url": address}])
            page = context.new_page()
            for name, path in pages.items():
                page.goto(address + path)
                page.wait_for_timeout(700)
                page.screenshot(path=folder / f"{name}-{width}-{lang}.png", full_page=True)
            context.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
