"""Words for the states of rounds, for what is found at their points, and for each code that was scanned."""

from __future__ import annotations

from desk.cli.spoken import mark
from desk.round_scans import AGAIN, HERE_NOW, MOVED, SCANNED, UNKNOWN, UNLISTED, UNREADABLE, WAS_MISSING, Scan
from desk.words import Words

STATES = {"under-way": mark("under way"), "ended": mark("ended"), "missed": mark("missed")}
FINDINGS = {
    "intact": mark("intact"),
    "damaged": mark("damaged"),
    "broken": mark("broken"),
    "missing": mark("missing"),
    "unscanned": mark("not scanned"),
}
MARKS = {
    SCANNED: mark("{point}: {finding}"),
    AGAIN: mark("{point}: scanned before in this round"),
    UNLISTED: mark("{point} is not on the list; it is written down all the same"),
    MOVED: mark("{point} is in the wrong place: on record it stands in {place}"),
    WAS_MISSING: mark("{point} counts as missing, and here it is: tell the archivist at once"),
    HERE_NOW: mark("You stand at {place}"),
    UNKNOWN: mark("{point}: nothing here has this code. Leave it where it is and report it"),
    UNREADABLE: mark("{code} is no code; scan or type it again"),
}
_TONES = {SCANNED: "well", HERE_NOW: "plain", AGAIN: "care", UNLISTED: "care"}


def say_scan(scan: Scan, t: Words) -> str:
    """Return one sentence about a scan."""
    facts = {"code": scan.code, "point": scan.point, "place": scan.place or "–"}
    said = t(MARKS[scan.mark], finding=t(FINDINGS.get(scan.finding, scan.finding)), **facts)
    return f"{said} – {t('incident {number} is open', number=scan.incident)}" if scan.incident else said


def tone_of(scan: Scan) -> str:
    """Return how grave a mark is: "well", "plain", "care" or "wrong"."""
    return "wrong" if scan.finding not in {"", "intact"} else _TONES.get(scan.mark, "wrong")
