"""The register on the command line: what was understood comes first, nothing is written unasked, PINs stay unseen."""

from __future__ import annotations

import ast
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from archive.catalogue import Batch
from archive.clock import HandClock
from archive.people import authenticate
from archive.register_fields import FIELDS
from archive.register_reading import read_list
from desk import registering
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.messages import MESSAGES
from desk.office import Office, open_office
from desk.register_words import FIELD_WORDS
from tests.archive.lists import HEADER, rows, text, workbook

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a prepared station with one fonds."""
    place = tmp_path / "station"
    assert answer(["init", "--home", str(place)], {}) == Exit.OK
    assert run(place, "fonds", "add", "P01", "--name", "UBND phường Hàng Bạc") == Exit.OK
    pins_of(place).write_text("NV99=739164\n", encoding="utf-8")
    person = ("people", "add", "NV99", "--name", "Lê Lan", "--unit", "Văn phòng", "--role", "clerk")
    assert run(place, *person, "--pins", pins_of(place)) == Exit.OK
    return place


def pins_of(home: Path) -> Path:
    """Return the file that holds the PIN of the clerk who signs imports."""
    return home.parent / "pins of NV99"


def signed(home: Path) -> tuple[object, ...]:
    """Return the options with which the clerk signs."""
    return "--signer", "NV99", "--pins", pins_of(home)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """Give a good list of three dossiers."""
    path = tmp_path / "mục lục.xlsx"
    path.write_bytes(workbook([HEADER, *rows()]))
    return path


def run(home: Path, *words: object, lang: str = "en") -> int:
    """Run one command line in this process."""
    return answer([str(each) for each in words], {"LANG": f"{lang}.UTF-8", "LUUTRU_HOME": str(home)})


def told(capsys: pytest.CaptureFixture[str], home: Path, *words: object) -> Any:
    """Run a command with --json and return what it printed."""
    capsys.readouterr()
    run(home, *words, "--json")
    return json.loads(capsys.readouterr().out)


def codes_of(capsys: pytest.CaptureFixture[str], home: Path) -> list[str]:
    """Return the codes of the people on record."""
    return [str(each["code"]) for each in told(capsys, home, "people", "list")]


def typed(monkeypatch: pytest.MonkeyPatch, answers: str) -> None:
    """Let somebody type these lines."""
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))


def test_a_list_is_shown_before_it_is_written_and_only_a_yes_writes(
    home: Path, listed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A no, and a plain Enter, leave the register empty; a yes in Vietnamese fills it."""
    for answered in ("no\n", "\n"):
        typed(monkeypatch, answered)
        capsys.readouterr()
        assert run(home, "register", "import", listed, "--fonds", "P01", *signed(home), lang="vi") == Exit.OK
        shown = capsys.readouterr().out
        assert "B: “Số, ký hiệu hồ sơ” = số và ký hiệu" in shown
        assert "3 mới" in shown
        assert "Chưa ghi gì." in shown
        assert told(capsys, home, "register", "show")["dossiers"] == []
    typed(monkeypatch, "có\n")
    assert run(home, "register", "import", listed, "--fonds", "P01", *signed(home), lang="vi") == Exit.OK
    assert len(told(capsys, home, "register", "show")["dossiers"]) == 3


def test_json_tells_everything_and_writes_only_with_yes(
    home: Path, listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script sees columns, counts and whether it was written; the second time nothing is new."""
    words = ("register", "import", listed, "--fonds", "p01", *signed(home))
    seen = told(capsys, home, *words)
    assert (seen["written"], seen["added"], seen["good"]) == (False, 3, 3)
    assert seen["understood"]["columns"][1] == {"letter": "B", "header": "Số, ký hiệu hồ sơ", "field": "number"}
    assert told(capsys, home, *words, "--yes")["written"] is True
    again = told(capsys, home, *words, "--yes")
    assert (again["added"], again["amended"], again["unchanged"]) == (0, [], 3)
    one = told(capsys, home, "register", "show", "P01.002/ĐĐ")
    assert (one["leaves"], one["facts"]["retention"], one["amendments"]) == (12, "permanent", [])


def test_faults_are_told_in_place_and_good_rows_go_in_only_when_asked(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All or none is the rule; --good-rows is the exception, and both end with the code for findings."""
    path = tmp_path / "list.csv"
    path.write_text(text([HEADER, *rows(), [4, "", "Không số", "", "", "ba", ""]]), encoding="utf-8")
    words = ("register", "import", path, "--fonds", "P01", "--yes", *signed(home))
    assert run(home, *words) == Exit.FINDINGS
    shown = capsys.readouterr().out
    assert "Row 5, column B (“Số, ký hiệu hồ sơ”): is empty and must not be." in shown
    assert "Row 5, column F (“Số tờ”): is no whole number: ba" in shown
    assert told(capsys, home, "register", "show")["dossiers"] == []
    assert run(home, *words, "--good-rows") == Exit.FINDINGS
    assert len(told(capsys, home, "register", "show")["dossiers"]) == 3


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [(b"%PDF-1.7", "This file is no list"), (b"a,b\n1,2\n", "No header was found"), (b"PK\x03\x04", "is damaged")],
)
def test_what_is_no_list_is_explained(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes, sentence: str
) -> None:
    """A foreign file gets a sentence and an exit code, not a stack trace."""
    path = tmp_path / "list.xlsx"
    path.write_bytes(raw)
    assert run(home, "register", "import", path, "--fonds", "P01", "--yes") == Exit.FINDINGS
    assert sentence in capsys.readouterr().err
    assert run(home, "register", "import", path, "--fonds", "P99", "--yes") == Exit.NOT_FOUND
    assert not (home / "log" / "errors.log").exists()


@pytest.mark.parametrize("name", ["list.xlsx", "list.csv"])
def test_an_empty_list_is_written_once(home: Path, tmp_path: Path, name: str) -> None:
    """It can be read again, and a file that stands there is never overwritten."""
    path = tmp_path / name
    assert run(home, "register", "template", path) == Exit.OK
    assert len(read_list(path.read_bytes()).understood.columns) == 10
    before = path.read_bytes()
    assert run(home, "register", "template", path) == Exit.USAGE
    assert path.read_bytes() == before
    assert run(home, "register", "template", tmp_path / "list.pdf") == Exit.USAGE


def test_the_recorder_stands_in_the_same_transaction(office: Office) -> None:
    """It gets exactly what is new or amended, not at all when nothing is; when it fails, nothing is registered."""
    with office.database.atomic() as session:
        registering.catalogue.add_fonds(session, "P01", "Phông", "", office.clock.now())
    seen = registering.look(office, workbook([HEADER, *rows()]), "a.xlsx", "P01")
    batches: list[Batch] = []

    def fail(_session: Session, _batch: Batch) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        registering.write(office, seen, fail)
    with office.database.reading() as session:
        assert registering.catalogue.dossiers(session) == []
    registering.write(office, seen, lambda _session, batch: batches.append(batch))
    registering.write(office, seen, lambda _session, batch: batches.append(batch))
    assert [[each.code for each in batch.added] for batch in batches] == [[f"P01.00{n}/ĐĐ" for n in (1, 2, 3)]]


def test_a_person_is_added_with_a_pin_that_is_nowhere_shown(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], clock: HandClock
) -> None:
    """From a file of lines CODE=PIN; afterwards the PIN signs in, and neither list nor database holds it."""
    pins = tmp_path / "pins.txt"
    pins.write_text("# PINs\n\nnv012 = 72941\n", encoding="utf-8")
    words = ("people", "add", "NV012", "--name", "Nguyễn Thị Hoa", "--unit", "Văn phòng", "--role", "clerk")
    made = told(capsys, home, *words, "--pins", pins)
    assert (made["code"], made["roles"], made["has_pin"]) == ("NV012", ["clerk"], True)
    assert "72941" not in json.dumps(told(capsys, home, "people", "list"))
    opened = open_office(home, {}, clock)
    assert authenticate(opened.database, "NV012", "72941", clock.now()).name == "Nguyễn Thị Hoa"
    opened.close()
    assert told(capsys, home, "people", "retire", "NV012")["active"] is False


def test_a_pin_is_asked_for_twice(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typed unseen; two that differ give the person no PIN at all."""
    words = ("people", "add", "NV012", "--name", "Hoa", "--unit", "VP", "--role", "clerk")
    asked: list[str] = []

    def type_pins(*pins: str) -> None:
        answers = iter(pins)
        monkeypatch.setattr("click.termui.hidden_prompt_func", lambda prompt: asked.append(prompt) or next(answers))

    type_pins("72941", "72942")
    assert run(home, *words) == Exit.USAGE
    assert codes_of(capsys, home) == ["NV99"]
    type_pins("72941", "72941")
    assert run(home, *words, lang="vi") == Exit.OK
    assert codes_of(capsys, home) == ["NV012", "NV99"]
    assert all(each["has_pin"] for each in told(capsys, home, "people", "list"))
    assert len(asked) == 4


def test_pins_that_cannot_be_used_are_explained_without_being_repeated(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A weak PIN, a person the file does not know, a broken line: each its sentence, and nobody is added."""
    words = ("people", "add", "NV012", "--name", "Hoa", "--unit", "VP", "--role", "clerk", "--pins")
    for content, sentence in (
        ("NV012=4444", "too easy to guess"),
        ("NV013=72941", "has no PIN of NV012"),
        ("NV012 72941", "Line 1 of"),
    ):
        pins = tmp_path / "pins.txt"
        pins.write_text(content, encoding="utf-8")
        capsys.readouterr()
        assert run(home, *words, pins) == Exit.USAGE
        err = capsys.readouterr().err
        assert sentence in err
        assert "4444" not in err
        assert "72941" not in err
    assert codes_of(capsys, home) == ["NV99"]


def test_places_come_as_ranges_and_as_a_tree(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was written in one go is listed by path and nested as JSON."""
    assert run(home, "place", "add", "store", "Kho 1") == Exit.OK
    made = told(capsys, home, "place", "range", "shelf=1-20", "bay=A-F", "level=1-5", "--in", "Kho 1")
    assert len(made) == 740
    assert len(told(capsys, home, "place", "list", "Kho 1/07")) == 37
    (store,) = told(capsys, home, "place", "tree")
    assert [each["name"] for each in store["inside"]][:2] == ["01", "02"]
    assert len(store["inside"][0]["inside"][0]["inside"]) == 5
    assert run(home, "place", "range", "shelf=20-1", "--in", "Kho 1") == Exit.USAGE


def test_posts_are_listed_with_their_watches(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two guards by night at the gate."""
    assert run(home, "post", "add", "g1", "--name", "Cổng", "--watch", "18:00-06:00=2") == Exit.OK
    (gate,) = told(capsys, home, "post", "list")
    assert (gate["code"], gate["watches"]) == (
        "G1",
        [{"start": "18:00", "end": "06:00", "guards": 2, "days": []}],
    )
    assert run(home, "post", "add", "g1", "--name", "Cổng") == Exit.USAGE


def test_every_fault_and_every_field_has_words() -> None:
    """A fault without words would reach a clerk as a riddle."""
    codes = set()
    for path in (ROOT / "archive").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in {"Fault", "_fault"}:
                    codes.add(node.args[0].value)
    assert len(codes) >= 6
    assert {code for code in codes if code not in MESSAGES} == set()
    assert {each.key for each in FIELDS} == set(FIELD_WORDS)
