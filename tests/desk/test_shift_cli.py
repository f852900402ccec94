"""A night at a guard post lived on the command line: plan, publish, start, count, hand over, and see it drawn."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.clock import HandClock
from custody.entries import Stamp
from desk import office as composition
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import open_office
from tests.custody.sealed_boxes import seal_boxes

PIN = "739164"
PEOPLE = {"BV01": "guard", "BV02": "guard", "BV03": "guard", "LD01": "leader"}
SHIFTS = ("--shift", "ngày=06:00-18:00", "--shift", "đêm=18:00-06:00")
PLAN = (*SHIFTS, "--team", "A=BV01", "--team", "B=BV02", "--day", "A B", "--from", "2026-01-05")


class Night:
    """The office's command line on a hand-set clock."""

    def __init__(self, room: Path, capsys: pytest.CaptureFixture[str], clock: HandClock) -> None:
        self.home, self.capsys, self.clock = room / "station", capsys, clock
        self.pins = room / "pins"
        self.pins.write_text("".join(f"{code}={PIN}\n" for code in PEOPLE), encoding="utf-8")

    def say(self, *words: object, by: str = "", ends: Exit = Exit.OK, lang: str = "en") -> str:
        """Run a command and return what it said."""
        signers = [word for code in by.split() for word in ("--signer", code)]
        pins = ["--pins", str(self.pins)] if signers else []
        self.capsys.readouterr()
        line = [str(each) for each in words]
        code = answer([*line, *signers, *pins], {"LANG": f"{lang}.UTF-8", "LUUTRU_HOME": str(self.home)})
        said = self.capsys.readouterr()
        assert code == ends, (words, said.err or said.out)
        return said.out + said.err

    def do(self, *words: object, by: str = "", ends: Exit = Exit.OK) -> Any:
        """Run a command and return its answer as JSON."""
        return json.loads(self.say(*words, "--json", by=by, ends=ends))


@pytest.fixture
def night(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Night:
    """Give a station with a post, its people, and two boxes that BV01 answers for; it is 05:00 on 5 January 2026."""
    clock = HandClock(datetime(2026, 1, 4, 22, 0, tzinfo=UTC))
    monkeypatch.setattr(composition, "MachineClock", lambda: clock)
    made = Night(tmp_path, capsys, clock)
    made.say("init")
    for code, role in PEOPLE.items():
        made.say("people", "add", code, "--name", code, "--unit", "BV", "--role", role, "--pins", made.pins)
    made.say("place", "add", "store", "K1")
    made.say("post", "add", "P1", "--name", "Kho 1", "--place", "K1")
    office = open_office(made.home, {}, clock)
    with office.database.atomic() as session:
        seal_boxes(session, Stamp(clock.now(), ("NV01",), "test"), ("BOX1", "BOX2"), "BV01", "K1", "K1")
    office.close()
    return made


def test_a_day_and_a_night_from_plan_to_hand_over_without_a_hole(night: Night) -> None:
    """The plan is published once, both guards come and go with a count, and the cover has no hole."""
    night.do("roster", "set", "P1", *PLAN)
    publish = ("roster", "publish", "P1", "--from", "2026-01-05", "--to", "2026-01-07")
    first = night.do(*publish, by="LD01")
    assert (first["turns"], first["entry"] is not None, first["holes"]) == (6, True, first["holes"])
    assert night.do(*publish, by="LD01")["entry"] is None, "the same plan adds nothing"
    night.clock.sleep(3600)
    night.do("shift", "start", "P1", by="BV01")
    night.clock.sleep(12 * 3600 - 120)
    assert night.do("shift", "count", "P1", "--scan", "BOX1", by="BV02")["scanned"] == 1
    night.clock.sleep(120)
    scans = night.home.parent / "scans.txt"
    scans.write_text("# quét lần hai\nBOX2\n", encoding="utf-8")
    sheet = night.home.parent / "F11.pdf"
    closed = night.do("shift", "handover", "P1", "--file", scans, "--sheet", sheet, by="BV01 BV02")
    assert (closed["state"], closed["expected"], closed["counted"], closed["differences"]) == ("closed", 2, 2, [])
    assert sheet.read_bytes().startswith(b"%PDF")
    again = night.do("shift", "sheet", closed["relief"], "-o", night.home.parent / "again.pdf")
    assert again["number"].startswith("F11-")
    night.clock.sleep(600)
    (cover,) = night.do("cover")
    assert cover["holes"] == cover["ahead"] == []
    assert [each["guard"] for each in cover["present"]] == ["BV01", "BV02"]
    assert cover["present"][0]["to"] == cover["present"][1]["from"] == "2026-01-05T18:00:00+07:00"
    assert "No hole." in night.say("cover")
    verdicts = {each["number"]: each["outcome"] for each in night.do("verify", ends=Exit.FINDINGS)["invariants"]}
    assert (verdicts[5], verdicts[11]) == ("holds", "holds")


def test_a_plan_published_during_a_shift_covers_the_rest_of_it(night: Night) -> None:
    """At 20:48 the night that began at 18:00 is planned from now on, once, and after midnight it still stands."""
    night.do("roster", "set", "P1", *PLAN)
    night.clock.sleep((15 * 60 + 48) * 60)
    publish = ("roster", "publish", "P1", "--from", "2026-01-05", "--to", "2026-01-06")
    absent = night.do(*publish, by="LD01")
    assert (absent["turns"], len(absent["holes"])) == (2, 1), "who was never told to come is not made absent"
    night.do("shift", "start", "P1", by="BV02")
    made = night.do(*publish, by="LD01")
    assert (made["turns"], made["holes"]) == (3, [])
    night.clock.sleep(6 * 3600)
    again = night.do("roster", "publish", "P1", "--from", "2026-01-06", "--to", "2026-01-06", by="LD01")
    assert again["entry"] is None, "what was published stands"
    (cover,) = night.do("cover")
    assert cover["holes"] == cover["ahead"] == []


def test_a_hole_is_drawn_listed_and_names_who_answers_for_it(night: Night) -> None:
    """BV01 comes 20 minutes late; the bar shows it, the list says from when to when, in both languages."""
    night.do("roster", "set", "P1", *PLAN)
    night.do("roster", "publish", "P1", "--from", "2026-01-05", "--to", "2026-01-05", by="LD01")
    night.clock.sleep(3600 + 1200)
    night.do("shift", "start", "P1", by="BV01")
    night.clock.sleep(3600)
    (cover,) = night.do("cover", ends=Exit.FINDINGS)
    (hole,) = cover["holes"]
    assert (hole["from"], hole["to"]) == ("2026-01-05T06:00:00+07:00", "2026-01-05T06:20:00+07:00")
    assert (hole["seconds"], hole["short"], hole["responsible"]) == (1200, 1, ["BV01"])
    drawn = night.say("cover", ends=Exit.FINDINGS)
    bar = next(line for line in drawn.splitlines() if line.startswith("P1")).removeprefix("P1").strip()
    assert len(bar) in {24, 48}
    assert bar[len(bar) // 4] == "!", "06:00 is a quarter of the day"
    assert bar[: len(bar) // 4] == "·" * (len(bar) // 4)
    assert bar[len(bar) // 4 + 1] == "█"
    assert bar[len(bar) // 2] == "░"
    for lang, words in (("vi", "thiếu 1/1 người; chịu trách nhiệm: BV01"), ("en", "answers for it: BV01")):
        assert words in night.say("cover", ends=Exit.FINDINGS, lang=lang)


def test_the_expected_number_appears_nowhere_before_the_count_is_in(night: Night) -> None:
    """Not while scanning, not in the list of posts, not in a refusal."""
    night.do("shift", "start", "P1", by="BV01")
    said = night.say("shift", "count", "P1", "--scan", "BOX1", by="BV02")
    said += night.say("shift", "show", "P1")
    said += night.say("shift", "handover", "P1", by="BV01 BV02", ends=Exit.FINDINGS)
    assert "BOX2" not in said
    assert "xpected 2" not in said
    counted = night.do("shift", "count", "P1", "--done", by="BV02")
    assert (counted["expected"], counted["differences"][0]["package"]) == (2, "BOX2")


def test_a_difference_needs_an_incident_and_one_signature_waits_for_the_other(night: Night) -> None:
    """Refused without one; opened when asked; who signs alone is told who else must."""
    night.do("shift", "start", "P1", by="BV01")
    night.do("shift", "count", "P1", "--scan", "BOX1", "--done", by="BV02")
    night.say("shift", "handover", "P1", by="BV01 BV02", ends=Exit.FINDINGS)
    waits = night.do("shift", "handover", "P1", "--open-incidents", by="BV02", ends=Exit.UNFINISHED)
    assert waits["waits_for"] == ["BV01"]
    closed = night.do("shift", "handover", "P1", by="BV01")
    assert closed["differences"] == [{"package": "BOX2", "difference": "missing", "incident": "SV-2026-0001"}]


def test_leaving_without_relief_says_so_and_ends_with_findings(night: Night) -> None:
    """And a replacement needs the leader's signature."""
    night.do("shift", "start", "P1", by="BV01")
    left = night.do("shift", "leave", "P1", "--reason", "om", by="BV01", ends=Exit.FINDINGS)
    assert left["relieved"] is False
    night.say("shift", "replace", "P1", "--absent", "BV01", "--reason", "om", by="BV03", ends=Exit.FINDINGS)
    night.do("shift", "replace", "P1", "--absent", "BV01", "--reason", "om", by="BV03 LD01")
    assert "BV03" in night.say("shift", "show")


def test_a_wrong_pin_starts_no_shift(night: Night) -> None:
    """Presence is confirmed by the PIN alone."""
    night.pins.write_text("BV01=000111\n", encoding="utf-8")
    night.say("shift", "start", "P1", by="BV01", ends=Exit.FINDINGS)
    (post,) = night.do("shift", "show")
    assert post["on_duty"] == []


def test_a_plan_from_a_file_is_shown_changed_for_one_day_and_refused_with_strangers(night: Night) -> None:
    """TOML in, single day on top, marks for what is not published; people who are no guards are refused."""
    told = night.home.parent / "plan.toml"
    text = 'from = 2026-01-05\nweekly = true\ncycle = ["A", "A", "A", "A", "A", "B", "B"]\n'
    told.write_text(
        text + '[shifts]\n"cả ngày" = "00:00-24:00"\n[teams]\nA = ["BV01"]\nB = ["BV02"]\n', encoding="utf-8"
    )
    night.do("roster", "set", "P1", "--file", told)
    night.do("roster", "day", "P1", "2026-01-06", "cả-ngày", "BV03")
    shown = night.do("roster", "show", "P1", "--from", "2026-01-05", "--days", "7")
    assert [each["guards"] for each in shown] == [["BV01+"], ["BV03+"], *[["BV01+"]] * 3, ["BV02+"], ["BV02+"]]
    night.do("roster", "publish", "P1", "--from", "2026-01-06", "--to", "2026-01-11", by="LD01")
    night.do("roster", "day", "P1", "2026-01-06", "cả-ngày", "--as-planned")
    shown = night.do("roster", "show", "P1", "--from", "2026-01-06", "--days", "2")
    assert [sorted(each["guards"]) for each in shown] == [["BV01+", "BV03-"], ["BV01"]]
    night.say("roster", "set", "P1", *SHIFTS, "--day", "LD01 -", ends=Exit.FINDINGS)
    night.say("roster", "publish", "P9", by="LD01", ends=Exit.NOT_FOUND)


def test_holidays_are_filled_in_edited_and_change_what_a_post_needs(night: Night) -> None:
    """Tết 2026 begins on 17 February; a post that needs two guards then is short with one."""
    filled = {each["day"]: each["kind"] for each in night.do("roster", "holiday", "fill", "2026")}
    assert filled["2026-02-17"] == "tet"
    assert filled["2026-09-02"] == "holiday"
    assert night.do("roster", "holiday", "fill", "2026") == []
    night.do("roster", "holiday", "drop", "2026-09-02")
    night.do("roster", "holiday", "add", "2026-09-02", "Quốc khánh")
    night.do("post", "change", "P1", "--watch", "00:00-12:00=2@tet", "--watch", "12:00-00:00=2@tet")
    night.do("roster", "set", "P1", *PLAN)
    done = night.do("roster", "publish", "P1", "--from", "2026-02-17", "--to", "2026-02-17", by="LD01")
    assert {each["short"] for each in done["holes"]} == {1, 2}
    night.say("roster", "holiday", "fill", "2099", ends=Exit.FINDINGS)


def test_a_post_given_up_needs_nobody_from_then_on(night: Night) -> None:
    """The past stays as it was; the future is green."""
    night.do("shift", "start", "P1", by="BV01")
    night.clock.sleep(timedelta(hours=1).total_seconds())
    night.do("shift", "leave", "P1", by="BV01", ends=Exit.FINDINGS)
    night.clock.sleep(60)
    night.do("post", "retire", "P1", "--yes")
    night.clock.sleep(3600)
    (cover,) = night.do("cover", ends=Exit.FINDINGS)
    assert [each["seconds"] for each in cover["holes"]] == [60]
    assert cover["ahead"] == []


@pytest.mark.parametrize(
    "words", [["--ahead", "soon"], ["--from", "yesterday"], ["--from", "2026-02-01", "--to", "2026-01-01"]]
)
def test_a_span_that_is_none_is_explained(night: Night, words: list[str]) -> None:
    """What, and how to write it."""
    assert "Write it like" in night.say("cover", *words, ends=Exit.FINDINGS)
