"""The members of entries in words: what each says of an entry, so that nobody has to read the bytes to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.refs import is_code, show_code
from archive.vault import HEX
from desk.cli.spoken import mark
from desk.logreading import Told
from desk.round_words import FINDINGS
from desk.stock_words import OUTCOMES, PURPOSES, SEVERITIES, STATES
from desk.words import Words

NAMES: Mapping[str, str] = {
    "about": mark("About"),
    "act": mark("Act"),
    "applied": mark("Seals put on"),
    "areas": mark("Places"),
    "closed": mark("Window closed"),
    "corrects": mark("Corrects"),
    "counted": mark("Counted"),
    "days": mark("Days"),
    "deadline": mark("Deadline"),
    "decision": mark("Decision"),
    "destination": mark("Destination"),
    "differences": mark("Differences"),
    "digest": mark("Digest"),
    "dossier": mark("Dossier"),
    "dossiers": mark("Dossiers"),
    "drawn": mark("Drawn from the head of"),
    "due": mark("Due"),
    "end": mark("Until"),
    "ended_at": mark("Until"),
    "entries": mark("Entries"),
    "expected": mark("Expected"),
    "finding": mark("Seals found"),
    "findings": mark("Findings"),
    "first": mark("First"),
    "first_count": mark("First count (dossiers, leaves)"),
    "fonds": mark("Fonds"),
    "form": mark("Form"),
    "found": mark("Found"),
    "giver": mark("Giver"),
    "grace": mark("May begin later by (minutes)"),
    "guard": mark("Guard"),
    "guarded": mark("Post"),
    "heads": mark("Heads"),
    "hold": mark("Hold"),
    "holder": mark("Holder"),
    "host": mark("Answers for the visitor"),
    "incident": mark("Incident"),
    "instead": mark("In the place of"),
    "key": mark("Key"),
    "keys": mark("Keys"),
    "label": mark("Label"),
    "last": mark("Last"),
    "least": mark("Least minutes"),
    "leaves": mark("Leaves"),
    "manifest": mark("Digest of the manifest"),
    "minutes": mark("Minutes"),
    "missed": mark("Not scanned"),
    "new": mark("New"),
    "number": mark("Number"),
    "old": mark("Old"),
    "origin": mark("Log"),
    "outcome": mark("Outcome"),
    "package": mark("Box"),
    "people": mark("People"),
    "permission": mark("Written permission"),
    "place": mark("Place"),
    "places": mark("Places"),
    "plan": mark("Plan"),
    "point": mark("Point"),
    "points": mark("Points"),
    "prefix": mark("Prefix"),
    "purpose": mark("Purpose"),
    "read": mark("Seal numbers read"),
    "reason": mark("Reason"),
    "receiver": mark("Receiver"),
    "refused": mark("Refused"),
    "register": mark("List"),
    "release": mark("Release"),
    "relief": mark("Hand-over"),
    "relieved": mark("Relieved"),
    "results": mark("Results"),
    "retention": mark("Retention"),
    "roll": mark("Roll"),
    "root": mark("Root"),
    "round": mark("Round"),
    "scan": mark("Scan"),
    "scanned": mark("Points scanned"),
    "scans": mark("Scans"),
    "second_count": mark("Second count (dossiers, leaves)"),
    "settled": mark("Settled"),
    "severity": mark("Severity"),
    "situation": mark("What happened in the shift"),
    "size": mark("Size"),
    "skew": mark("Off by (seconds)"),
    "sort": mark("Kind"),
    "source": mark("Source"),
    "start": mark("From"),
    "stead": mark("In whose stead"),
    "stocktake": mark("Stocktake"),
    "store": mark("Store"),
    "targets": mark("Points"),
    "times": mark("Times"),
    "to": mark("Goes to"),
    "turns": mark("Turns"),
    "visit": mark("Visit"),
    "visitor": mark("Visitor"),
    "where": mark("Where"),
    "width": mark("Digits"),
    "written_at": mark("Written at"),
    "zone": mark("Time zone"),
}
# Members whose values are codes that have words of their own.
CODED: Mapping[str, Mapping[str, str]] = {
    "finding": FINDINGS,
    "severity": SEVERITIES,
    "purpose": PURPOSES,
    "outcome": {
        **OUTCOMES,
        "complete": STATES["complete"],
        "abandoned": STATES["abandoned"],
        "sealed": mark("sealed"),
        "opened": mark("opened"),
        "suspect": mark("in doubt"),
    },
    "to": {
        "shelf": mark("a shelf"),
        "package": mark("a box"),
        "station": mark("a scanning station"),
        "review": mark("review"),
        "destroyed": mark("destruction"),
        "receiver": mark("a receiver"),
    },
    "sort": {"round": mark("round"), "spot": mark("spot check")},
}
# What stands on the page of an entry in another place.
ELSEWHERE = frozenset({"attachments"})
MOST_SHOWN = 200


@dataclass(frozen=True)
class Fact:
    """One member: what it is called, its values as people read them, and how many more there are."""

    name: str
    label: str
    values: tuple[str, ...]
    more: int = 0


def facts_in_words(told: Told, t: Words) -> list[Fact]:
    """Return the facts of an entry in the order they were written down; empty ones are left out."""
    found = []
    for name, value in told.facts.items():
        if name in ELSEWHERE or value in ("", [], -1, None):
            continue
        several = value if isinstance(value, list) and not _is_count(name) else [value]
        values = tuple(_shown(name, each, t) for each in several[:MOST_SHOWN])
        label = t(NAMES[name]) if name in NAMES else name
        found.append(Fact(name, label, values, max(0, len(several) - MOST_SHOWN)))
    return found


def _is_count(name: str) -> bool:
    """Tell whether a list is one value of several numbers, not several values."""
    return name in {"first_count", "second_count"}


def _shown(name: str, value: Any, t: Words) -> str:
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if isinstance(value, list):
        return " · ".join(_shown(name, each, t) for each in value if each != "")
    if isinstance(value, int):
        return t.number(value)
    text = str(value)
    if name in CODED and text in CODED[name]:
        return t(CODED[name][text])
    if is_code(text):
        return show_code(text)
    if HEX.fullmatch(text):
        return f"{text[:16]}…"
    if len(text) > 18 and text[4:5] == "-" and text[10:11] == "T":
        try:
            return t.moment(datetime.fromisoformat(text))
        except ValueError:
            return text
    return text
