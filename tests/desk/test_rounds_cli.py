"""A night of rounds on the command line: what a guard sees, in Vietnamese and in English, and what scripts read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive.clock import HandClock
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import Office
from tests.custody.office_day import STAFF
from tests.desk.guarding import BOXES, HANOI, build

Run = Callable[..., tuple[Exit, str, str]]


@pytest.fixture
def run(office: Office, clock: HandClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Give the command line of an office with a post and six boxes, on a hand-set clock."""
    build(office, clock, monkeypatch)
    monkeypatch.setattr("desk.office.MachineClock", lambda: clock)
    pins = Path(office.settings.home).parent / "pins"
    pins.write_text("".join(f"{code}=739164\n" for code in STAFF), encoding="utf-8")

    def ran(line: str, *more: str, by: str = "", lang: str = "en") -> tuple[Exit, str, str]:
        signed = ["--signer", by, "--pins", str(pins)] if by else []
        capsys.readouterr()
        words = [*line.split(), *more, *signed]
        code = answer(words, {"LANG": f"{lang}.UTF-8", "LUUTRU_HOME": str(office.settings.home)})
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return ran


def read(told: tuple[Exit, str, str], ends: Exit = Exit.OK) -> Any:
    """Return what a command said as JSON."""
    code, out, err = told
    assert code == ends, err or out
    return json.loads(out)


def at(clock: HandClock, text: str) -> None:
    """Set the clock to a moment in Ha Noi."""
    clock.moment = datetime.fromisoformat(text).replace(tzinfo=HANOI)


PLAN = "round plan add DEM --post P1 --place Kho~1/G1 --boxes-in Kho~1 --at 22:00 --minutes 30 --zone +07:00"


def test_a_night_on_the_command_line(run: Run, clock: HandClock) -> None:
    """Plan, due, start, scan with a broken seal, end with a reason, show, list, draw, prove, check."""
    read(run("", *(each.replace("~", " ") for each in PLAN.split()), "--json", by="CHU"))
    at(clock, "2026-01-05 22:01")
    (due,) = read(run("round due --json"))
    assert (due["code"], due["guarded"]) == ("DEM-20260105-01", "P1")
    begun = read(run("round start --json", by="BINH"))
    assert begun["points"][1:] == list(BOXES)
    code, out, _ = run("round scan", *BOXES[:3], by="BINH")
    assert code == Exit.OK
    assert out.count("✓") == 3
    code, _, err = run("round scan --finding broken --json", BOXES[3], by="BINH")
    assert (code, "--yes" in err) == (Exit.USAGE, True)
    (scan,) = read(run("round scan --finding broken --yes --json", BOXES[3], by="BINH"))
    assert scan["incident"] == "SV-2026-0001"
    assert read(run(f"package show {BOXES[3]} --json"))["state"] == "suspect"
    code, _, err = run("round end", by="BINH", lang="vi")
    assert code == Exit.FINDINGS
    assert "chưa quét: 3" in err
    ended = read(run("round end --json --reason", "báo công an", by="BINH"))
    assert (ended["state"], ended["scanned"]) == ("ended", 4)
    code, out, _ = run("round show DEM-20260105-01", lang="vi")
    assert "báo công an" in out
    assert "bị rách, đứt" in out
    assert out.count("chưa quét") == 3
    assert [each["code"] for each in read(run("round list --json"))] == ["DEM-20260105-01"]
    assert read(run("round draw --date 2026-01-05 --verify --json"))[0]["compared"] == "as-drawn"


def test_a_proof_is_written_and_checked(run: Run, clock: HandClock, tmp_path: Path) -> None:
    """The file alone is enough; one changed letter is refused with the reason."""
    run("", *(each.replace("~", " ") for each in PLAN.split()), by="CHU")
    at(clock, "2026-01-05 22:01")
    run("round start", by="BINH")
    run("round scan", "Kho 1/G1", *BOXES, by="BINH")
    run("round end", by="BINH")
    proof = tmp_path / "a.round-proof"
    code, _, err = run("round proof DEM-20260105-01 --out", str(proof), f"{BOXES[0][:3]}-{BOXES[0][3:]}")
    assert code == Exit.OK, err
    code, out, _ = run("round proof --check", str(proof))
    assert code == Exit.OK
    assert "intact" in out
    proof.write_text(proof.read_text().replace("intact", "broken", 1))
    code, _, err = run("round proof --check", str(proof))
    assert code == Exit.FINDINGS
    assert "does not hold" in err
    assert run("round proof DEM-20260105-01")[0] == Exit.USAGE


def test_a_round_is_printed_as_a_page_of_the_book(run: Run, clock: HandClock, tmp_path: Path) -> None:
    """A PDF with a number of its own, though nobody walked it; a round nobody knows leaves no file."""
    run("", *(each.replace("~", " ") for each in PLAN.split()), by="CHU")
    at(clock, "2026-01-06 01:00")
    run("tick --once")
    out = tmp_path / "f12.pdf"
    assert len(read(run("round print DEM-20260105-01 --json --out", str(out)))["numbers"]) == 1
    assert out.read_bytes().startswith(b"%PDF")
    other = tmp_path / "none.pdf"
    assert run("round print DEM-20260105-07 --out", str(other))[0] == Exit.NOT_FOUND
    assert not other.exists()


def test_a_missed_round_is_recorded_by_the_tick_and_told(run: Run, clock: HandClock) -> None:
    """The tick may run as often as it likes; verify is green because the miss stands in the log."""
    run("", *(each.replace("~", " ") for each in PLAN.split()), by="CHU")
    at(clock, "2026-01-06 01:00")
    assert run("verify")[0] == Exit.FINDINGS
    for _ in range(2):
        assert run("tick --once")[0] == Exit.OK
    (missed,) = read(run("round list --state missed --json"))
    assert missed["code"] == "DEM-20260105-01"
    code, out, err = run("verify --json")
    verdicts = {each["number"]: each["outcome"] for each in json.loads(out)["invariants"]}
    assert verdicts[13] == "holds", err
    code, _, err = run("round start DEM-20260105-01", by="BINH", lang="vi")
    assert code == Exit.FINDINGS
    assert "bị bỏ lỡ" in err


def test_spot_checks_wait_for_days_and_are_told_on_the_day(run: Run, clock: HandClock) -> None:
    """Two boxes a week, drawn; the list is not known before Monday at eight."""
    plan = ["spotcheck", "plan", "KT", "--post", "P1", "--boxes", "2", "--in"]
    code, out, err = run("", *plan, "Kho 1", "--zone", "+07:00", by="TUAN", lang="vi")
    assert code == Exit.OK, err
    assert "2 kiện bốc thăm ở Kho 1" in out
    at(clock, "2026-01-11 23:59")
    assert read(run("spotcheck due --json")) == []
    at(clock, "2026-01-14 10:00")
    (due,) = read(run("spotcheck due --json"))
    assert due["code"] == "KT-20260112-01"
    begun = read(run("round start KT --json", by="TUAN"))
    assert len(begun["points"]) == 2
    assert set(begun["points"]) <= set(BOXES)
    run("round scan", *begun["points"], by="TUAN")
    assert run("round end", by="TUAN")[0] == Exit.OK
    (listed,) = read(run("spotcheck list --json"))
    assert (listed["sort"], listed["state"]) == ("spot", "ended")
    assert read(run("round draw --date 2026-01-12 --verify --json"))[0]["compared"] == "as-drawn"


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("round start", Exit.NOT_FOUND),
        ("round start DEM-20260105-09", Exit.NOT_FOUND),
        ("round scan 7K3", Exit.NOT_FOUND),
        ("round end", Exit.NOT_FOUND),
        ("round show XX", Exit.NOT_FOUND),
        ("round plan add đêm --post P1 --place Kho~1 --at 22:00", Exit.FINDINGS),
        ("round plan add X --post P9 --place Kho~1 --at 22:00", Exit.NOT_FOUND),
        ("round plan add X --post P1 --place Nowhere --at 22:00", Exit.NOT_FOUND),
        ("round plan add X --post P1 --box 7K3 --at 22:00", Exit.NOT_FOUND),
        ("round plan add X --post P1 --place Kho~1 --at 25:00", Exit.FINDINGS),
        ("round plan add X --post P1 --place Kho~1 --every 60", Exit.USAGE),
        ("round plan add X --post P1 --place Kho~1", Exit.FINDINGS),
        ("round plan add X --post P1 --at 22:00", Exit.FINDINGS),
        ("round plan add X --post P1 --place Kho~1 --at 22:00 --zone Atlantis", Exit.FINDINGS),
        ("round plan stop X --reason no --yes", Exit.NOT_FOUND),
        ("round proof XX K1", Exit.NOT_FOUND),
        ("round draw --date yesterday", Exit.USAGE),
    ],
)
def test_wrong_input_is_answered_in_words(run: Run, lang: str, line: str, ends: Exit) -> None:
    """What, why and the next step; never a trace, never a bare code."""
    signed = "" if any(each in line for each in ("show", "proof", "draw")) else "CHU"
    code, out, err = run("", *(each.replace("~", " ") for each in line.split()), by=signed, lang=lang)
    assert code == ends, (out, err)
    assert len(err.splitlines()) >= 2 or ends == Exit.USAGE
    assert "code round-" not in err
