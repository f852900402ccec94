"""Words for the states of rounds and for what is found at their points."""

from __future__ import annotations

from desk.cli.spoken import mark

STATES = {"under-way": mark("under way"), "ended": mark("ended"), "missed": mark("missed")}
FINDINGS = {
    "intact": mark("intact"),
    "damaged": mark("damaged"),
    "broken": mark("broken"),
    "missing": mark("missing"),
    "unscanned": mark("not scanned"),
}
