"""What the board, the alarms' page and the pages about the log keep as codes, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from archive.refs import is_code, show_code
from desk.cli.spoken import mark
from desk.verdicts import Kept
from desk.words import Words

COLUMNS: Mapping[str, str] = {
    "sealed": mark("Sealed"),
    "open": mark("Open"),
    "packing": mark("Being packed"),
    "away": mark("Away"),
    "doubtful": mark("In doubt"),
    "missing": mark("Missing"),
}
LATE: Mapping[str, str] = {
    "transit": mark("Box on its way"),
    "reseal": mark("Box to be sealed again"),
    "station": mark("Dossier at a scanning station"),
    "loan": mark("Dossier on loan"),
    "round": mark("Round"),
    "stocktake": mark("Stocktake"),
    "incident": mark("Incident"),
    "key": mark("Key"),
    "visitor": mark("Visitor inside"),
}
REASONS: Mapping[str, str] = {
    "asked": mark("asked for"),
    "hand-over": mark("hand-over of a shift"),
    "midnight": mark("end of the day"),
    "form": mark("printed record"),
    "seed": mark("seed of the rounds"),
    "proof": mark("proof"),
    "export": mark("export"),
    "key-rotated": mark("new key"),
    "loss-accepted": mark("accepted loss"),
}

# What settles a difference of a stocktake, said without commands.
SETTLING: Mapping[str, str] = {
    "missing": mark("Look for it. If it is found, put it in its place and scan it there; if not, report it missing."),
    "misplaced": mark("Put it back and scan it there, or record that it stands where it was counted."),
    "unexpected": mark("Record that it stands where it was counted, or report an incident about it."),
    "unknown": mark("Read the label again; if the code is right, report an incident about it."),
    "seal": mark("Look at the seals again and record the check, or report the box as doubtful."),
}
# Where an entry was made, where that is no post.
DESKS: Mapping[str, str] = {
    "page": mark("page"),
    "command-line": mark("command line"),
    "tick": mark("by the station itself"),
    "phone": mark("phone"),
    "program": mark("a program"),
}


def evidence_in_words(kept: Kept, t: Words) -> str:
    """Return how much was looked at, "" where nothing was counted."""
    said = {
        "dossiers": lambda count: t.n("{number} dossier", "{number} dossiers", count),
        "leaves": lambda count: t.n("{number} leaf", "{number} leaves", count),
        "packages": lambda count: t.n("{number} box", "{number} boxes", count),
        "rolls": lambda count: t.n("{number} roll of seals", "{number} rolls of seals", count),
        "seals": lambda count: t.n("{number} seal", "{number} seals", count),
        "files": lambda count: t.n("{number} file", "{number} files", count),
        "scans": lambda count: t.n("{number} scan", "{number} scans", count),
        "pages": lambda count: t.n("{number} page", "{number} pages", count),
    }
    return ", ".join(said[name](count) for name, count in kept.evidence.items() if name in said)


def links_of(facts: Mapping[str, object], entry: int | None) -> Iterator[tuple[str, str]]:
    """Yield (address, what it is) of the pages about what a finding names."""
    pages = {
        "package": "/ask?package={}",
        "incident": "/incidents/{}",
        "stocktake": "/stocktakes/{}",
        "round": "/rounds/{}",
        "scan": "/scan/{}",
        "dossier": "/log?text={}",
    }
    for name, address in pages.items():
        value = facts.get(name)
        if isinstance(value, str) and value:
            yield address.format(quote(value, safe="")), show_code(value) if is_code(value) else value
    if entry is not None and entry >= 0:
        yield f"/log/{entry}", f"#{entry}"
