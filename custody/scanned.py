"""Leaves out = pages read = leaves back: what speaks against it for one dossier.

It holds, exactly, when
- the leaves counted as the dossier went to a station, and those counted as it came back, are those on record (a count
  that was not made says nothing);
- none of its pages failed;
- its pages can have come from so many leaves: a part scanned on both sides has two pages of each leaf, blank backs
  among them; of any other part each page may be a leaf of its own or one of two sides, so its leaves lie between half
  its pages and all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from custody.errors import Finding
from custody.holdings import AT_STATION, Dossier


@dataclass(frozen=True)
class Scanned:
    """The pages scanned of a dossier, blank ones among them, and the fewest and most leaves that can have given them.

    `accepted` tells that two people approved the pages as they are; it never excuses a leaf that did not come back.
    """

    pages: int
    low: int
    high: int
    blanks: int = 0
    failed: int = 0
    accepted: bool = False


def differences(dossier: Dossier, scanned: Scanned | None) -> Iterator[Finding]:
    """Yield what differs between the record, the counts on the way to a station and back, and the pages scanned."""
    told = {"dossier": dossier.code, "leaves": dossier.leaves}
    if dossier.went >= 0 and dossier.went != dossier.leaves:
        yield Finding("leaves-out-not-as-record", dossier.entry, facts={**told, "counted": dossier.went})
    if dossier.came >= 0 and dossier.came != (dossier.leaves if dossier.went < 0 else dossier.went):
        yield Finding(
            "leaves-back-not-as-out", dossier.entry, facts={**told, "out": dossier.went, "counted": dossier.came}
        )
    if scanned is None or not scanned.pages or scanned.accepted:
        return
    if scanned.failed:
        yield Finding("pages-of-dossier-failed", dossier.entry, facts={**told, "count": scanned.failed})
    if not dossier.leaves:
        yield Finding("leaves-not-on-record", dossier.entry, facts={**told, "pages": scanned.pages})
    elif not scanned.low <= dossier.leaves <= scanned.high:
        span = f"{scanned.low}" if scanned.low == scanned.high else f"{scanned.low}–{scanned.high}"
        facts = {"pages": scanned.pages, "blanks": scanned.blanks, "low": scanned.low, "high": scanned.high}
        yield Finding("pages-not-as-leaves", dossier.entry, facts={**told, **facts, "span": span})


def is_under_way(dossier: Dossier, finding: Finding) -> bool:
    """Tell whether this only says that a dossier which lies at a station is not scanned to its end yet.

    What is late there is told by its deadline.
    """
    high = finding.facts.get("high")
    return dossier.state == AT_STATION and isinstance(high, int) and high < dossier.leaves
