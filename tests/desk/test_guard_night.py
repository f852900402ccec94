"""A night lived from the command line in speeded-up time: a box is missing at dawn, the guided search finds it."""

from __future__ import annotations

import pytest

from desk.cli.exits import Exit
from tests.desk.test_shift_cli import PLAN, Night, night

__all__ = ["night"]


def test_from_hand_over_to_hand_over_with_a_box_missing_at_dawn(night: Night) -> None:
    """Nobody is told what to count; what is missing is an alarm at once, and the search leads to it."""
    night.do("roster", "set", "P1", *PLAN)
    night.do("roster", "publish", "P1", "--from", "2026-01-05", "--to", "2026-01-08", by="LD01")
    night.clock.sleep(3600)
    night.do("shift", "start", "P1", by="BV01")
    night.do("round", "plan", "add", "DEM", "--post", "P1", "--place", "K1", "--at", "22:00", "--minutes", 30,
             "--zone", "+07:00", by="LD01")  # fmt: skip  # one command
    _hand_over(night, 12 * 3600, "BV01", "BV02", "BOX1", "BOX2")
    night.clock.sleep(4 * 3600)
    night.say("tick", "--once")
    assert [each["code"] for each in night.do("alarms", "list", ends=Exit.FINDINGS)["alarms"]] == ["round-due"]
    begun = night.do("round", "start", by="BV02")
    night.do("round", "scan", *begun["points"], by="BV02")
    night.do("round", "end", by="BV02")
    night.clock.sleep(8 * 3600 - 60)
    night.do("shift", "count", "P1", "--scan", "BOX1", "--done", by="BV01")
    night.say("shift", "handover", "P1", by="BV02 BV01", ends=Exit.FINDINGS)
    closed = night.do("shift", "handover", "P1", "--open-incidents", by="BV02 BV01")
    (missing,) = closed["differences"]
    assert (missing["package"], missing["difference"]) == ("BOX2", "missing")
    night.say("tick", "--once")
    alarms = night.do("alarms", "list", ends=Exit.FINDINGS)["alarms"]
    assert [(each["code"], each["about"]) for each in alarms if each["level"] == "urgent"] == [
        ("package-missing", "BOX2")
    ]
    clues = night.do("package", "find", "BOX2")
    assert (clues["package"]["place"], [each["code"] for each in clues["neighbours"]]) == ("K1", ["BOX1"])
    assert "1. Look at its last place: K1" in night.say("package", "find", "BOX2")
    found = ("package", "find", "BOX2", "--place", "K1", "--number", "S-BOX2", "--doubt")
    night.do(*found, by="BV01 LT01")
    night.do("incident", "close", missing["incident"], "--outcome", "explained", by="LD01 LT01")
    for _ in range(2):
        night.clock.sleep(360)
        night.say("tick", "--once")
    assert "package-missing" not in {each["code"] for each in _open(night)}
    (cover,) = night.do("cover", "--from", "2026-01-05", "--to", "2026-01-06T06:00")
    assert cover["holes"] == []


def _open(night: Night) -> list[dict[str, object]]:
    found = night.do("alarms", "list", ends=Exit.FINDINGS)["alarms"]
    return [each for each in found if each["cleared_at"] is None]


def _hand_over(night: Night, seconds: int, giver: str, receiver: str, *boxes: str) -> None:
    night.clock.sleep(seconds)
    scans = [word for each in boxes for word in ("--scan", each)]
    night.do("shift", "count", "P1", *scans, "--done", by=receiver)
    night.do("shift", "handover", "P1", by=f"{giver} {receiver}")


@pytest.fixture(autouse=True)
def _archivist(night: Night) -> None:
    night.pins.write_text(night.pins.read_text(encoding="utf-8") + "LT01=739164\n", encoding="utf-8")
    night.say("people", "add", "LT01", "--name", "LT01", "--unit", "LT", "--role", "archivist", "--pins", night.pins)
