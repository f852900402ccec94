"""One day at a scanning station on the command line: a box opened, digitized and sealed again before its deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from desk.cli.exits import Exit
from desk.cli.main import answer
from tests.archive.lists import HEADER, text
from tests.desk.test_custody_day import PEOPLE, Day, count_blind
from tests.labels.raster import rasterise
from tests.scanned_batches import DPI, SIZE, both_sides, leaf, save_pdf

LEAVES = {1: 2, 2: 3, 3: 2, 4: 4, 5: 1, 6: 2}


def code_of(number: int) -> str:
    """Return the code of one of the six dossiers."""
    return f"P01.{number:03}/ĐĐ"


@pytest.fixture
def day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Day:
    """Give a station with people, seals and six thin dossiers."""
    office = Day(tmp_path, capsys)
    assert answer(["init", "--home", str(office.home)], {}) == Exit.OK
    for code, (name, unit, role) in PEOPLE.items():
        office.do("people", "add", code, "--name", name, "--unit", unit, "--role", role, "--pins", office.pins)
    office.do("fonds", "add", "P01", "--name", "UBND phường Hàng Bạc")
    rows = [[n, f"{n:03}/ĐĐ", f"Hồ sơ đất đai số {n}", "2001-2004", "vĩnh viễn", LEAVES[n], ""] for n in LEAVES]
    (tmp_path / "list.csv").write_text(text([HEADER, *rows]), encoding="utf-8")
    office.do("register", "import", tmp_path / "list.csv", "--fonds", "P01", "--yes", by="NV01")
    office.do("seal", "roll", "C1", "--prefix", "A", "--first", "0001", "--size", "20", by="NV02")
    return office


def sealed_box(day: Day) -> str:
    """Seal all six in one box."""
    code = str(day.do("package", "new", by="NV01")["about"])
    day.do("package", "add", code, *map(code_of, LEAVES), by="NV01")
    count_blind(day, code, len(LEAVES), sum(LEAVES.values()), "NV01", "NV04")
    day.do("package", "pack", code, by="NV01 NV04")
    day.do("package", "seal", code, "--number", "A0001", "--place", "K1-G01", "--store", "K1", by="NV02 NV01")
    return code


def stack(day: Day, numbers: Sequence[int], less: int = 0) -> list[Image.Image]:
    """Return the fronts of a scanner run: each dossier behind its printed cover, the last one `less` leaves short."""
    printed = day.home.parent / f"covers {numbers[0]}.pdf"
    day.do("cover", *map(code_of, numbers), "-o", printed)
    covers = [page.resize(SIZE) for page in rasterise(printed.read_bytes(), DPI)]
    fronts: list[Image.Image] = []
    for number, cover in zip(numbers, covers, strict=True):
        count = LEAVES[number] - (less if number == numbers[-1] else 0)
        fronts += [cover, *(leaf(f"Thửa đất {number} tờ {each}") for each in range(1, count + 1))]
    return fronts


def scan(day: Day, pages: Sequence[Image.Image], name: str) -> str:
    """Let the scanner drop a file and wait until the station has read it; return the scan's SHA-256."""
    path = save_pdf(pages, day.home.parent / "scanner" / name)
    told = day.do("ingest", path, "--station", "máy 1", "--wait", "--timeout", 240)
    assert (told["stored"], told["unread"]) == (1, 0)
    return str(told["files"][0]["sha256"])


def i19(day: Day) -> dict[str, Any]:
    """Return how the invariant about pages and leaves stands; everything that can be judged must hold but for it."""
    found = day.do("dossier", "digitized", *map(code_of, LEAVES))["list"]
    differs = any(each["differences"] for each in found)
    verdicts = day.do("verify", ends=Exit.FINDINGS if differs else Exit.OK)["invariants"]
    return next(each for each in verdicts if each["number"] == 19)


def test_a_box_is_opened_digitized_and_sealed_again_before_its_deadline(day: Day) -> None:
    """Three dossiers go out, through the scanner behind their covers, and back; the box shows 3 of 6."""
    box = sealed_box(day)
    assert day.do("package", "show", box)["digitized"] == {"digitized": 0, "dossiers": 6}
    until = (datetime.now().astimezone() + timedelta(hours=2)).isoformat(timespec="seconds")
    opening = ("--decision", "12/QĐ-UBND", "--reason", "so-hoa", "--number", "A0001", "--to", "NV02")
    day.do("package", "open", box, *opening, "--until", until, by="NV03 NV02 NV04")
    out = [code_of(each) for each in (1, 2, 3)]
    day.do("dossier", "station", *out, "--station", "SCAN-1", "--until", until, "--leaves", 7, by="NV02 NV01")
    assert day.do("package", "show", box)["digitized"]["dossiers"] == 6, "what is at the station is still of this box"

    batch = scan(day, both_sides(stack(day, (1, 2, 3))), "lô 1.pdf")
    parts = day.do("scan", "show", batch)["parts"]
    assert [(each["dossier"], each["pages"], each["how"]) for each in parts] == [
        (out[0], 4, "cover"),
        (out[1], 6, "cover"),
        (out[2], 4, "cover"),
    ]
    hits = day.do("search", "thửa đất", "--dossier", out[1])["hits"]
    assert {(hit["dossier"], hit["page"]) for hit in hits} == {(out[1], 9), (out[1], 11), (out[1], 13)}
    day.do("dossier", "back", *out, "--leaves", 7, by="NV02 NV01")
    count_blind(day, box, 6, sum(LEAVES.values()), "NV02", "NV01")
    day.do("package", "reseal", box, "--number", "A0002", by="NV02 NV01")

    told = day.do("dossier", "digitized", "--package", box)
    assert (told["digitized"], told["dossiers"]) == (3, 6)
    second = told["list"][1]
    assert (second["leaves"], second["went"], second["came"], second["pages"]) == (3, 3, 3, 6)
    assert [each["state"] for each in told["list"]] == ["read"] * 3 + ["none"] * 3
    assert day.do("package", "show", box)["digitized"] == {"digitized": 3, "dossiers": 6}
    assert day.do("status")["digitized"] == [{"fonds": "P01", "digitized": 3, "dossiers": 6}]
    assert day.do("dossier", "digitized")["fonds"] == [{"fonds": "P01", "digitized": 3, "dossiers": 6}]
    verdict = i19(day)
    assert (verdict["outcome"], verdict["evidence"]) == ("holds", {"dossiers": 3, "pages": 14})
    day.do("scan", "check", *out, by="NV02")
    day.do("scan", "approve", *out, by="NV02", ends=Exit.FINDINGS)
    assert {each["state"] for each in day.do("scan", "approve", *out, by="NV03")} == {"approved"}


def test_a_leaf_that_is_missing_from_the_scan_is_named_until_two_people_answer_for_it(day: Day) -> None:
    """Verify is red with the numbers, the dossier does not count as digitized, and approval closes it."""
    box = sealed_box(day)
    scan(day, both_sides(stack(day, (5, 4), less=1)), "lô 2.pdf")
    verdict = i19(day)
    assert verdict["outcome"] == "breached"
    (finding,) = verdict["findings"]
    assert finding["code"] == "pages-not-as-leaves"
    facts = {name: finding["facts"][name] for name in ("dossier", "leaves", "pages", "low", "high")}
    assert facts == {"dossier": code_of(4), "leaves": 4, "pages": 6, "low": 3, "high": 3}
    assert day.do("package", "show", box)["digitized"]["digitized"] == 1
    day.do("scan", "check", code_of(4), by="NV02", ends=Exit.FINDINGS)
    day.do("scan", "check", code_of(4), "--reason", "tờ 4 trống cả hai mặt", by="NV02")
    day.do("scan", "approve", code_of(4), by="NV03")
    assert day.do("package", "show", box)["digitized"]["digitized"] == 2
    assert day.do("dossier", "digitized", code_of(4))["list"][0]["state"] == "approved"


def test_a_loose_batch_is_filed_by_hand_and_taken_back_on_the_command_line(day: Day) -> None:
    """Pages without a cover wait; a clerk files them, a slip is undone, and both stand on record."""
    batch = scan(day, [leaf("Thửa đất 6 tờ 1"), leaf("Thửa đất 6 tờ 2"), leaf("lạc")], "không bìa.pdf")
    assert day.do("scan", "match") == {"looked": 0, "filed": 0, "eyes": 0, "parts": []}
    made = day.do("scan", "attach", batch, code_of(6), "--pages", "1-2", by="NV01")
    assert (made["dossier"]["state"], made["dossier"]["pages"], made["dossier"]["digitized"]) == ("read", 2, True)
    day.do("scan", "attach", batch, code_of(5), "--pages", "2-3", by="NV01", ends=Exit.FINDINGS)
    day.do("scan", "attach", batch, code_of(5), "--pages", "9", by="NV01", ends=Exit.USAGE)
    day.do("scan", "attach", batch, code_of(5), "--pages", "3-2", by="NV01", ends=Exit.USAGE)
    day.do("scan", "attach", batch, "P01.099", by="NV01", ends=Exit.NOT_FOUND)
    ended = day.do("scan", "detach", batch, by="NV02")["ended"]
    assert [(each["dossier"], each["by"], each["ended_by"]) for each in ended] == [(code_of(6), "NV01", "NV02")]
    assert day.do("dossier", "digitized", code_of(6))["list"][0]["state"] == "none"


@pytest.mark.parametrize(("lang", "line"), [("vi", "Đã số hóa 0/6 hồ sơ"), ("en", "0 of 6 dossiers digitized")])
def test_a_box_says_in_the_readers_words_how_much_of_it_is_digitized(day: Day, lang: str, line: str) -> None:
    """The line of the promise, in both languages."""
    box = sealed_box(day)
    for words in (["package", "show", box], ["dossier", "digitized", "--package", box], ["status"]):
        day.capsys.readouterr()
        assert answer(words, {"LANG": f"{lang}.UTF-8", "LUUTRU_HOME": str(day.home)}) == Exit.OK
        assert line in day.capsys.readouterr().out
