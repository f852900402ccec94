"""Every incident has the office's running number, whichever act opens it; a given number must be an open one."""

from __future__ import annotations

from archive.clock import MachineClock
from desk.cli.exits import Exit
from tests.desk.test_custody_day import Day, day, sealed_box

__all__ = ["day"]
ONE, TWO = "P01.006/UB", "P01.007/UB"


def test_incidents_of_boxes_dossiers_and_reports_share_one_row_of_numbers(day: Day) -> None:
    """A box, a dossier, a leaf too few and a plain report count on from one another."""
    box, year = sealed_box(day, 1, 5, "A0001"), MachineClock().now().astimezone().year
    opened = [day.do("package", "report", box, "--missing", by="NV04")["entries"][0]["about"]]
    opened.append(day.do("dossier", "missing", ONE, by="NV04")["entries"][0]["about"])
    shelving = ("dossier", "shelve", TWO, "--place", "K1-G01", "--leaves", 16, "--differs")
    opened.append(day.do(*shelving, by="NV01")["entries"][0]["about"])
    opened.append(day.do("incident", "open", "--about", "K1-G01", "--severity", "low", by="NV04")["number"])
    assert opened == [f"SV-{year}-{n:04}" for n in range(1, 5)]


def test_a_given_incident_is_one_that_is_open(day: Day) -> None:
    """A number nobody gave, and one that was closed, are refused for boxes and dossiers; an open one is taken."""
    box = sealed_box(day, 1, 5, "A0001")
    number = day.do("incident", "open", "--about", box, "--severity", "medium", by="NV04")["number"]
    acts = (
        ("package", "report", box, "--missing"),
        ("dossier", "missing", ONE),
        ("dossier", "found", "P01.999/UB", "--place", "K1", "--leaves", 3, "--unregistered"),
        ("dossier", "shelve", TWO, "--place", "K1-G01", "--leaves", 17),
    )
    before = day.do("ledger", "check")["size"]
    for each in acts:
        said = day.do(*each, "--incident", "SV-77", by="NV01", ends=Exit.NOT_FOUND)
        assert "SV-77" in said, each
        assert "luutru incident list" in said
    assert day.do("ledger", "check")["size"] == before
    reported = day.do("package", "report", box, "--missing", "--incident", number.lower(), by="NV04")
    assert [each["kind"] for each in reported["entries"]] == ["package-missed"]
    day.do("incident", "close", number, "--outcome", "explained", by="NV02")
    said = day.do("dossier", "missing", ONE, "--incident", number, by="NV04", ends=Exit.FINDINGS)
    assert number in said
