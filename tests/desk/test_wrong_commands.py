"""Wrong command lines about paper: each is answered in the reader's language with what to do, and changes nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from desk.cli.exits import Exit
from desk.cli.main import answer
from tests.archive.lists import HEADER, text

PIN = "739164"
PEOPLE = {"NV01": "clerk", "NV02": "archivist", "NV03": "leader", "NV04": "witness"}
ONE, TWO, SOON = "P01.1/A", "P01.2/A", ("--until", "2099-01-01")
# Words, then who signs. BOX is a draft with nothing in it; EMPTY and BROKEN are files.
WRONG: list[tuple[str, str]] = [
    ("package count BOX --count a b", "NV01"),
    ("package count BOX --count -1 2", "NV01"),
    ("package count BOX --count 1 99999999999", "NV01"),
    ("package count BOX --count 1 2", "NV01 NV02"),
    ("package count AAAAAAAAA --count 1 2", "NV01"),
    ("package count BOX --count 1 2", "NV99"),
    ("package pack BOX --json", "NV01 NV02"),
    ("package pack ? --json", "NV01 NV02"),
    ("package pack BOX --count 1 2", "NV01 NV02"),
    ("package seal BOX", "NV01 NV02"),
    ("package seal ../../etc/passwd --number A1", "NV01 NV02"),
    ("package reseal BOX --number A1 --json", "NV01 NV02"),
    ("package clear BOX --json", "NV01 NV02 NV03"),
    ("package clear BOX --keep-open --until gestern --json", "NV01 NV02 NV03"),
    ("package lose BOX --decision x --yes", "NV03"),
    ("package lose BOX --json", "NV03"),
    ("package hand-out BOX --yes", "NV01 NV02"),
    ("package relabel BOX --reason x", "NV01"),
    ("package void BOX --yes", "NV01"),
    ("package void BOX --reason mistyped --yes", "NV02"),
    ("package find ZZZ", ""),
    ("package find BOX --place x", "NV01"),
    ("package history nope", ""),
    ("package history BOX --at yesterday", ""),
    ("package history BOX --at 1900-01-01", ""),
    ("package history BOX --at 9999-99-99", ""),
    ("package report BOX --photo /nowhere.jpg", "NV01"),
    ("package report BOX --photo EMPTY", "NV01"),
    ("package report BOX --text BROKEN", "NV01"),
    ("package open BOX --until soon", "NV03 NV02 NV01"),
    ("package send BOX --until 2001-01-01", "NV01 NV02"),
    ("package receive BOX", "NV01"),
    ("package check BOX --found schön", "NV01"),
    ("package burn BOX", ""),
    ("package show ?", ""),
    ("package history ?", ""),
    ("package new --signer ?", ""),
    ("package new", "NV01:king"),
    ("package add BOX P01.404", "NV01"),
    ("seal spoil A1 --reason x", "NV01"),
    ("dossier list --state burnt", ""),
    ("dossier list --limit 0", ""),
    ("dossier show P01.9", ""),
    ("dossier show ?", ""),
    ("dossier find", ""),
    ("dossier shelve P01.1/A", "NV01"),
    ("dossier shelve P01.1/A P01.1/A --place K", "NV01"),
    ("dossier shelve P77.1 --place K", "NV01"),
    ("dossier shelve P01.1/A --place K --leaves 9", "NV01"),
    ("dossier shelve P01.1/A P01.2/A --place K --leaves 9 --differs", "NV01"),
    ("dossier shelve P01.1/A --place K --leaves -2", "NV01"),
    ("dossier shelve P01.1/A --place K", ""),
    ("dossier station P01.1/A --station S --until 2001-01-01", "NV01 NV02"),
    ("dossier back P01.1/A --leaves 10", "NV01"),
    ("dossier back P01.1/A", "NV01"),
    ("dossier lend P01.1/A --permission x --until 2099-01-01", "NV02 NV04"),
    ("dossier lend P01.1/A --until 2099-13-01 --leaves 10", "NV02 NV04"),
    ("dossier return P01.1/A --place K --leaves 10", "NV02 NV04"),
    ("dossier missing nothing", "NV04"),
    ("dossier found P01.1/A --leaves 10 --place K", "NV04 NV02"),
    ("dossier found P01.1/A --leaves 10 --place K --unregistered", "NV04"),
    ("dossier found P01.new --leaves 10 --unregistered", "NV04"),
    ("dossier found P01.new --leaves 10 --place K", "NV04"),
    ("dossier amend P01.1/A --leaves 10 --reason x", "NV01 NV02"),
    ("dossier amend P01.1/A --leaves 11 --reason x --entry 999999", "NV01 NV02"),
    ("dossier amend P01.1/A --leaves 11 --reason x", "NV01"),
    ("dossier hold lift P01.1/A H --decision x", "NV03 NV02"),
    ("dossier hold set P01.1/A H --reason x", "NV01"),
    ("dossier transfer P01.1/A --to x --decision 1 --json", "NV02 NV03"),
    ("dossier destroy P01.1/A --yes", "NV03 NV02"),
    ("dossier review P01.1/A --place K", "NV02 NV03"),
    ("ledger correct 999 --text TEXT", "NV01 NV02"),
    ("ledger correct -1 --text TEXT", "NV01 NV02"),
    ("ledger correct 0 --text EMPTY", "NV01 NV04"),
    ("register items import TEXT --yes", ""),
    ("register items import /nowhere.csv", ""),
    ("register items show P01.404", ""),
    ("register items template /nowhere/x.csv", ""),
    ("register items template x.pdf", ""),
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give a station with two dossiers and a draft: its home, and what the words of the list stand for."""
    room = tmp_path_factory.mktemp("wrong")
    home, pins = room / "home", room / "pins"
    pins.write_text("".join(f"{code}={PIN}\n" for code in PEOPLE))
    environment = {"LANG": "en.UTF-8", "LUUTRU_HOME": str(home)}

    def run(*words: object) -> None:
        assert answer([str(each) for each in words], environment) == Exit.OK

    run("init")
    for code, role in PEOPLE.items():
        run("people", "add", code, "--name", code, "--unit", code, "--role", role, "--pins", pins)
    run("fonds", "add", "P01", "--name", "UBND")
    rows = [[n, f"{n}/A", "Hồ sơ", "2001", "vĩnh viễn", 10, ""] for n in (1, 2)]
    (room / "list.csv").write_text(text([HEADER, *rows]), encoding="utf-8")
    signing = ("--signer", "NV01", "--pins", pins)
    run("register", "import", room / "list.csv", "--fonds", "P01", "--yes", *signing)
    run("package", "new", *signing)
    (room / "empty").write_text("")
    (room / "broken").write_bytes(b"\xff\xfe\x00\x01")
    (room / "text").write_text("Không phải mục lục.", encoding="utf-8")
    known = {"EMPTY": str(room / "empty"), "BROKEN": str(room / "broken"), "TEXT": str(room / "text"), "?": ""}
    return {**known, "home": str(home), "pins": str(pins)}


def said(words: list[str], office: dict[str, str], lang: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run a command and return its code and everything it said."""
    capsys.readouterr()
    code = answer(words, {"LANG": f"{lang}.UTF-8", "LUUTRU_HOME": office["home"]})
    out = capsys.readouterr()
    return code, out.out + out.err


@pytest.mark.parametrize(("line", "by"), WRONG, ids=[line for line, _ in WRONG])
def test_a_wrong_command_is_answered_in_words_and_changes_nothing(
    office: dict[str, str], line: str, by: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both languages say what, and what next; no trace of the program, no unfilled place, no entry."""
    home = office["home"]
    before = said(["ledger", "log", "--json"], office, "en", capsys)[1]
    box = json.loads(said(["package", "list", "--json"], office, "en", capsys)[1])[0]["code"]
    words = [office.get(each, box if each == "BOX" else each) for each in line.split(" ")]
    words += [word for each in by.split() for word in ("--signer", each)] + (["--pins", office["pins"]] if by else [])
    told = {lang: said(words, office, lang, capsys) for lang in ("en", "vi")}
    for code, answered in told.values():
        assert code not in (Exit.OK, Exit.UNEXPECTED), answered
        assert "Traceback" not in answered
        assert not re.search(r"(?<!\w)(?<!\w )…", answered), answered
        assert answered.strip()
    assert told["en"][1] != told["vi"][1]
    assert re.search(r"[ăâđêôơưáàảãạếềệộớợựịọ]", told["vi"][1])
    assert said(["ledger", "log", "--json"], office, "en", capsys)[1] == before
    assert not (Path(home) / "log" / "errors.log").exists()
