"""Words for what stocktakes, incidents and the gate keep as codes; pages, commands and printed records say them."""

from __future__ import annotations

from desk.cli.spoken import mark

PURPOSES = {
    "work": mark("work"),
    "inspection": mark("inspection"),
    "delivery": mark("delivery"),
    "repair": mark("repair"),
    "cleaning": mark("cleaning"),
    "reading": mark("reading documents"),
    "other": mark("other"),
}
SEVERITIES = {"low": mark("low"), "medium": mark("medium"), "high": mark("high")}
OUTCOMES = {
    "explained": mark("explained"),
    "corrected": mark("corrected"),
    "mistaken": mark("reported by mistake"),
    "passed-on": mark("passed on to who must decide"),
    "unresolved": mark("unresolved"),
}
STATES = {
    "open": mark("open"),
    "complete": mark("closed, everything settled"),
    "abandoned": mark("abandoned"),
}
DIFFERENCES = {
    "missing": mark("not counted, expected at {expected}"),
    "misplaced": mark("counted at {counted}, on record at {expected}"),
    "unexpected": mark("counted at {counted}, on record somewhere else"),
    "unknown": mark("counted at {counted}, but no package has this code"),
    "seal": mark("seal found {finding}"),
}
# The same in two words, for the narrow columns of a printed record.
SHORT = {
    "missing": mark("missing"),
    "misplaced": mark("wrong place"),
    "unexpected": mark("not on the list"),
    "unknown": mark("unknown code"),
    "seal": mark("seal in doubt"),
}
SETTLED = {
    "reported": mark("settled: it is reported missing"),
    "moved": mark("settled: it was moved since the stocktake began"),
    "recorded": mark("settled: its record names this place now"),
    "suspected": mark("settled: it is in doubt by an entry of its own"),
    "incident": mark("settled by an incident"),
}
NEXT = {
    "missing": mark("Look for it: luutru package find {package}. If it is not found: luutru package report --missing"),
    "misplaced": mark("Put it back and scan it there, or record the place: luutru package move {package}"),
    "unexpected": mark("Record the place: luutru package move {package}, or open an incident about it"),
    "unknown": mark("Read the code again; if it is right: luutru incident open --about {package}"),
    "seal": mark("Record it: luutru package check {package}"),
}
