"""Wrong command lines of guards: each is answered in the reader's language with what to do, and changes nothing."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.cli.exits import Exit
from desk.cli.main import answer
from tests.desk.test_wrong_commands import PIN, said

PEOPLE = {"BV01": "guard", "BV02": "guard", "LD01": "leader", "LT01": "archivist"}
SPAN = "--from AGO2 --to AGO1"
SHEET = f"paper enter S-1 {SPAN} --where P1 --person BV02"
# Words, then who signs. BV01 is on duty at P1; EMPTY is a file with nothing in it, TEXT one with words; AGO1 and AGO2
# are one and two hours ago.
WRONG: list[tuple[str, str]] = [
    ("post add P1 --name x --place nowhere", ""),
    ("post add P2 --name x --watch 25:00-26:00=1", ""),
    ("roster set P9 --shift a=06:00-18:00 --team A=BV01 --day A", ""),
    ("roster set P1 --shift a=6-18 --team A=BV01 --day A", ""),
    ("roster publish P1", "BV01"),
    ("roster publish P9", "LD01"),
    ("shift start P9", "BV02"),
    ("shift start P1", "BV01"),
    ("shift start P1", "LT01"),
    ("shift start P1", "BV99"),
    ("shift leave P1", "BV02"),
    ("shift leave P9", "BV01"),
    ("shift replace P1 --absent BV02 --reason x", "BV02 LD01"),
    ("shift replace P1 --absent BV02", "BV02"),
    ("shift count P1 --from BV02 --done", "BV02"),
    ("shift count P9 --done", "BV02"),
    ("shift handover P1", "BV01 BV02"),
    ("shift refuse P1", "BV02"),
    ("shift void P1", ""),
    ("shift sheet nothing -o x.pdf", ""),
    ("round plan add X --post P9 --place K1 --at 22:00", "LD01"),
    ("round plan add X --post P1 --place K9 --at 22:00", "LD01"),
    ("round plan add X --post P1 --place K1 --at 26:00", "LD01"),
    ("round plan add X --post P1 --place K1 --at 22:00", "BV01"),
    ("round plan stop X --reason x --yes", "LD01"),
    ("round start", "BV01"),
    ("round start DEM-20260105-01 --off-duty x", "BV02"),
    ("round scan ABC", "BV01"),
    ("round scan ABC --finding gone", "BV01"),
    ("round end", "BV01"),
    ("round show DEM-20260105-01", ""),
    ("cover --from yesterday", ""),
    ("cover --from 2026-01-05 --to 2026-01-04", ""),
    ("cover --ahead always", ""),
    ("cover --post P9", ""),
    ("alarms ack 999", "BV01"),
    ("alarms list --level loud", ""),
    ("stocktake open K9", "LT01"),
    ("stocktake open K1", "BV01"),
    ("stocktake scan KK-2026-0001 --place K1 ABC", "BV01"),
    ("stocktake close KK-2026-0001", "LT01"),
    ("spotcheck set 0 --post P1", "LD01"),
    ("visitor in --name x --host NOBODY", "BV01"),
    ("visitor out KH-2026-0001", "BV01"),
    ("keys take K-09", "BV01"),
    ("keys return K-09", "BV01"),
    ("incident open --about P1 --severity deadly", "BV01"),
    (f"incident open --about P9 {SPAN}", "BV01"),
    ("incident open --about P1 --from 2026-01-05T02:00", "BV01"),
    ("incident open --about P1 --from 2026-01-05T03:00 --to 2026-01-05T02:00", "BV01"),
    ("incident open --about P1 --from 2026-01-05 --to 2026-01-06", "BV01"),
    ("incident open --about P1 --from 2099-01-05T02:00 --to 2099-01-05T03:00", "BV01"),
    (f"incident open --about P1 {SPAN}", "BV01"),
    ("incident close SV-2026-0099 --outcome explained", "LD01"),
    ("incident show SV-2026-0099", ""),
    (f"{SHEET} --form F11", "BV02 LD01"),
    (f"{SHEET} --form F13 --present BV02 --photo TEXT", "BV02 LD01"),
    (f"{SHEET} --form F11 --present BV01 --photo TEXT", "BV02 LD01"),
    (f"{SHEET} --form F11 --present BV02 --photo TEXT", "BV02 BV01"),
    (f"{SHEET} --form F11 --present BV02 --photo EMPTY", "BV02 LD01"),
    ("paper enter S-1 --form F11 --from soon --where P1 --person BV02 --photo TEXT", "BV02 LD01"),
    ("package check AAAAAAAAA --at K1", "BV01"),
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give a station with a store, a post and a guard on duty: its home, and what the words of the list stand for."""
    room = tmp_path_factory.mktemp("guards")
    home, pins = room / "home", room / "pins"
    pins.write_text("".join(f"{code}={PIN}\n" for code in PEOPLE))
    environment = {"LANG": "en.UTF-8", "LUUTRU_HOME": str(home)}

    def run(*words: object) -> None:
        assert answer([str(each) for each in words], environment) == Exit.OK

    run("init")
    for code, role in PEOPLE.items():
        run("people", "add", code, "--name", code, "--unit", code, "--role", role, "--pins", pins)
    run("place", "add", "store", "K1")
    run("post", "add", "P1", "--name", "Kho 1", "--place", "K1")
    run("shift", "start", "P1", "--signer", "BV01", "--pins", pins)
    (room / "empty").write_text("")
    (room / "text").write_text("Một tờ giấy.", encoding="utf-8")
    ago = {f"AGO{each}": (datetime.now(UTC) - timedelta(hours=each)).isoformat(timespec="seconds") for each in (1, 2)}
    return {"EMPTY": str(room / "empty"), "TEXT": str(room / "text"), "home": str(home), "pins": str(pins), **ago}


@pytest.mark.parametrize("as_json", [False, True], ids=["words", "json"])
@pytest.mark.parametrize(("line", "by"), WRONG, ids=[line for line, _ in WRONG])
def test_a_wrong_command_of_a_guard_is_answered_in_words_and_changes_nothing(
    office: dict[str, str], line: str, by: str, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both languages say what, and what next; no trace of the program, no unfilled place, no entry."""
    before = said(["ledger", "log", "--json"], office, "en", capsys)[1]
    words = [office.get(each, each) for each in line.split(" ")] + (["--json"] if as_json else [])
    words += [word for each in by.split() for word in ("--signer", each)] + (["--pins", office["pins"]] if by else [])
    told = {lang: said(words, office, lang, capsys) for lang in ("en", "vi")}
    for code, answered in told.values():
        assert code not in (Exit.OK, Exit.UNEXPECTED), answered
        assert "Traceback" not in answered
        assert not re.search(r"\{[a-z_]+\}", answered), answered
        assert answered.strip()
    assert told["en"][1] != told["vi"][1]
    assert re.search(r"[ăâđêôơưáàảãạếềệộớợựịọ]", told["vi"][1])
    after = said(["ledger", "log", "--json"], office, "en", capsys)[1]
    assert json.loads(after) == json.loads(before)
    assert not (Path(office["home"]) / "log" / "errors.log").exists()
