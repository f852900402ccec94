"""What is open or refused when scans are filed under dossiers, checked and approved."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

FROMBOX: Mapping[str, Message] = {
    "cover-unknown": Message(
        "This cover sheet has the code {code}, which no registered dossier has.",
        "The pages behind it belong to no dossier until that is known.",
        "Register the dossier, or file the pages by hand with: luutru scan attach",
    ),
    "cover-doubtful": Message(
        "This looks like a cover sheet, but its code is none of ours: {code}",
        "The code is damaged or forged, or the sheet says two things at once.",
        "Look at the page, then file what lies behind it by hand with: luutru scan attach",
    ),
    "cover-without-pages": Message(
        "Nothing lies behind this cover sheet ({code}).",
        "It is the last sheet of the batch, or another cover follows at once.",
        "Look for the paper; where there is none, settle it with: luutru scan detach",
    ),
    "pages-before-cover": Message(
        "These pages lie before the first cover sheet of a dossier.",
        "Nothing in the batch says where they belong.",
        "File them by hand with: luutru scan attach",
    ),
    "name-ambiguous": Message(
        "The file name “{code}” fits more than one dossier.",
        "Of two that it may mean, neither is chosen.",
        "File it by hand with: luutru scan attach",
    ),
    "pages-outside-scan": Message(
        "The scan {reference} has {count} pages; {pages} is not among them.",
        "A scan that is not opened yet can only be filed whole.",
        "Look at its pages with: luutru scan show {reference}",
        Exit.USAGE,
    ),
    "pages-filed-already": Message(
        "Pages {pages} of the scan {reference} belong to dossier {dossier} already.",
        "A page belongs to one dossier.",
        "If that is wrong, first take them away with: luutru scan detach {reference} --pages …",
        Exit.FINDINGS,
        409,
    ),
    "nothing-filed": Message(
        "No pages of the scan {reference} there are filed under a dossier.",
        "",
        "Look at its parts with: luutru scan show {reference}",
        Exit.NOT_FOUND,
        404,
    ),
    "several-filed": Message(
        "The scan {reference} has several parts: {filed}",
        "It must be clear which of them is meant.",
        "Name the pages with --pages.",
        Exit.USAGE,
    ),
    "part-not-whole": Message(
        "{pages} cuts a part of the scan {reference} in two: {filed}",
        "Only whole parts are taken away.",
        "Name all pages of the part, then file those that shall stay with: luutru scan attach",
        Exit.USAGE,
    ),
    "one-signer": Message(
        "One person signs this; {count} were named.",
        "",
        "Name the one who did it with --signer.",
        Exit.USAGE,
    ),
    "signer-role-wrong": Message(
        "{signer} cannot sign this as {role}.",
        "It is signed as: {roles}",
        "Let one of them sign, or name the role with the code, as in NV01:archivist.",
        Exit.FINDINGS,
        403,
    ),
    "dossier-not-read": Message(
        "Dossier {dossier} cannot be checked yet.",
        "Nothing was scanned of it, or not all of that is read.",
        "Look with: luutru dossier digitized {dossier}",
    ),
    "difference-without-reason": Message(
        "Dossier {dossier} differs from its record in {count} points.",
        "Whoever checks it in spite of that says why.",
        "Scan what is missing, or give --reason.",
    ),
    "dossier-not-checked": Message(
        "Dossier {dossier} is not checked as it is now.",
        "Nobody checked it, or scans were filed or taken away since.",
        "Let it be checked first with: luutru scan check {dossier}",
    ),
    "approval-by-checker": Message(
        "{person} checked dossier {dossier} and cannot approve it as well.",
        "Two people answer for what was digitized.",
        "Let an archivist or leader approve who did not check it.",
        Exit.FINDINGS,
        403,
    ),
    "withdrawal-without-reason": Message(
        "Why the check of dossier {dossier} is taken back is missing.",
        "",
        "Give --reason.",
        Exit.USAGE,
    ),
    "leaves-out-not-as-record": Message(
        "Dossier {dossier}: {counted} leaves were counted out, {leaves} are on record.",
        "",
        "Count again with a second person; write down what is missing as an incident.",
    ),
    "leaves-back-not-as-out": Message(
        "Dossier {dossier}: {counted} leaves came back, not as many as went out.",
        "",
        "Search the station at once, and write it down as an incident.",
    ),
    "pages-of-dossier-failed": Message(
        "Dossier {dossier}: {count} of its pages could not be read.",
        "",
        "Look at them with luutru scan show, and scan those leaves again.",
    ),
    "leaves-not-on-record": Message(
        "Dossier {dossier}: {pages} pages are scanned, but the register does not say how many leaves it has.",
        "",
        "Count its leaves and correct the record.",
    ),
}
