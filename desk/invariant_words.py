"""What each invariant says, in a line for people."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.spoken import mark

WORDS: Mapping[int, str] = {
    1: mark("Every registered dossier and leaf is accounted for"),
    2: mark("Each dossier is in exactly one place"),
    3: mark("Each package has one custodian"),
    4: mark("Each giver was the one who held the package"),
    5: mark("No second of guard duty is uncovered"),
    6: mark("Seal numbers are used once and every roll adds up"),
    7: mark("Sealed means a seal, two signers and a manifest"),
    8: mark("Open packages have a decision and time left"),
    9: mark("What is sealed is what the manifest and the label say"),
    10: mark("Everything away has a deadline that is still ahead"),
    11: mark("Shifts are handed over with equal counts, or an incident for each difference"),
    12: mark("Stocktakes are closed with everything found or settled"),
    13: mark("Every point of every round was scanned or its miss recorded"),
    14: mark("The log is whole, only added to, and as it was signed"),
    15: mark("No phone owes an entry"),
    16: mark("Codes and numbers are never used again"),
    17: mark("Every file that came in is stored, a duplicate, or set aside with a reason"),
    18: mark("Every scan still has its SHA-256"),
    19: mark("Scanned pages agree with the leaves on record"),
    20: mark("Destruction and loans have their papers"),
}


def name_of(number: int) -> str:
    """Return the msgid that says what an invariant means."""
    return WORDS[number]
