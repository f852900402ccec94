"""What stocktakes, incidents, the gate and keyed-in paper refuse, and what of them waits too long."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

STOCKTAKES: Mapping[str, Message] = {
    "stocktake-unknown": Message(
        "There is no stocktake {stocktake}.", "", "List them with: luutru stocktake list", Exit.NOT_FOUND, 404
    ),
    "stocktake-not-open": Message(
        "Stocktake {stocktake} is closed.", "", "Begin another one with: luutru stocktake open PLACE"
    ),
    "stocktake-number-used": Message("The stocktake number {stocktake} was given before.", "", "Try again."),
    "stocktake-without-place": Message(
        "The stocktake names no place.", "", "Name at least one place: luutru stocktake open PLACE"
    ),
    "stocktake-expects-twice": Message(
        "Stocktake {stocktake} would expect a package twice.", "", "Open it again; the list is made from the record."
    ),
    "stocktake-expects-wrongly": Message(
        "What stocktake {stocktake} expects at {place} is not what is on record there.",
        "Something was moved while it was being opened.",
        "Open it again; the list is made from the record.",
    ),
    "stocktake-count-empty": Message(
        "Nothing was counted: a count needs a place and at least one code.", "", "Scan the labels at the place."
    ),
    "stocktake-counts-twice": Message(
        "Package {package} stands twice in one count.", "", "Send each code once; it counts where it was last seen."
    ),
    "stocktake-unsettled": Message(
        "Stocktake {stocktake} cannot be closed: {count} differences are not settled ({packages}).",
        "It closes only when each expected package is found or accounted for, and each other one resolved.",
        "See what to do about each with: luutru stocktake compare {stocktake}",
    ),
    "stocktake-told-wrongly": Message(
        "What is said about stocktake {stocktake} is not what its counts give.",
        "Something was counted or recorded in between.",
        "Compare again with: luutru stocktake compare {stocktake}",
    ),
    "stocktake-outcome-unknown": Message(
        "A stocktake does not end as {outcome}.", "", "It is complete, or abandoned with a reason."
    ),
    "stocktake-line-unsettled": Message(
        "Stocktake {stocktake} is closed, but package {package} was neither found nor accounted for.",
        "",
        "Look for the package and open an incident about it.",
    ),
    "stocktake-open-long": Message(
        "Stocktake {about} has been open since {opened_at}.", "", "Settle what is left and close it, or abandon it."
    ),
}
INCIDENTS: Mapping[str, Message] = {
    "incident-unknown": Message(
        "There is no incident {incident}.", "", "List them with: luutru incident list", Exit.NOT_FOUND, 404
    ),
    "incident-number-used": Message("The incident number {incident} was given before.", "", "Try again."),
    "incident-about-nothing": Message(
        "The incident does not say what it is about.", "", "Name the package, place, person or form: --about CODE"
    ),
    "severity-unknown": Message("{severity} is not a severity.", "", "Choose one of {known}."),
    "outcome-unknown": Message("{outcome} is not how an incident ends.", "", "Choose one of {known}."),
    "incident-closed-already": Message(
        "Incident {incident} was closed at {closed_at}.", "", "If it came up again, open a new one about the same code."
    ),
    "incident-closed-by-opener": Message(
        "{signer} reported incident {incident} and cannot be the only one to close it.",
        "A second person must agree with the conclusion.",
        "Let a leader or an archivist sign as well.",
    ),
    "incident-unanswered": Message(
        "Incident {about} has waited for a conclusion since {opened_at}.",
        "",
        "Find out what happened and close it: luutru incident close {about} --outcome …",
    ),
}
GATE: Mapping[str, Message] = {
    "visitor-incomplete": Message(
        "A visitor needs a name, and the number of a paper has at most {limit} characters.", "", "Write it again."
    ),
    "visitor-unknown": Message(
        "There is no visitor {visitor}.", "", "List visits with: luutru visitor list", Exit.NOT_FOUND, 404
    ),
    "visitor-inside": Message(
        "This visitor is inside already since {since} (visit {visit}).",
        "",
        "If the visitor left in between, record it first: luutru visitor out {visit}",
    ),
    "visit-unknown": Message(
        "There is no visit {visit}.", "", "List visits with: luutru visitor list", Exit.NOT_FOUND, 404
    ),
    "visit-not-open": Message(
        "Visit {visit} is unknown or has ended.", "", "See who is inside: luutru visitor list --inside"
    ),
    "visit-number-used": Message("The visit number {visit} was given before.", "", "Try again."),
    "visit-incomplete": Message(
        "A visit needs the visitor and the person who answers for them.", "", "Name both and try again."
    ),
    "purpose-unknown": Message("{purpose} is not a purpose of a visit.", "", "Choose one of {known}."),
    "visitor-inside-long": Message(
        "Visitor {visitor} is still inside since {came_at}; {host} answers for them.",
        "",
        "Ask {host}, then record the end: luutru visitor out {about}",
    ),
    "key-unknown": Message("There is no key {key}.", "", "List the keys with: luutru keys list", Exit.NOT_FOUND, 404),
    "key-exists": Message("Key {key} is written down already.", "", "Choose another code."),
    "key-code-unusable": Message(
        "{key} cannot be the code of a key.", "", "Use letters, digits and hyphens, at most 32 characters."
    ),
    "key-incomplete": Message("Key {key} needs a name that says what it opens.", "", "Add --name NAME."),
    "key-retired": Message("Key {key} is out of use.", "", "List the keys with: luutru keys list"),
    "key-is-out": Message(
        "Key {key} is with {holder} since {since}.", "", "Let {holder} return it first: luutru keys return {key}"
    ),
    "key-is-home": Message("Key {key} is not out.", "", "List the keys with: luutru keys list"),
    "key-of-another": Message("Key {key} was taken by {holder}, not by {given}.", "", "Return it under that name."),
    "key-overdue": Message(
        "Key {about} should be back; {holder} has it since {taken_at}.", "", "Ask {holder} for the key."
    ),
}
PAPER: Mapping[str, Message] = {
    "paper-incomplete": Message(
        "Sheet {number} needs its number, the people who signed it and where it was written.",
        "",
        "Add what is missing.",
    ),
    "paper-known": Message(
        "Sheet {number} was keyed in already, as entry {entry}.",
        "A numbered sheet counts once.",
        "If it was keyed in wrongly, correct that entry: luutru ledger correct {entry}",
    ),
    "paper-without-its-signer": Message(
        "Nobody who signed sheet {number} on paper signs here ({people}).", "", "Let one of them sign with their PIN."
    ),
    "paper-without-picture": Message(
        "Sheet {number} is keyed in without its picture.", "", "Photograph or scan the sheet and add --photo FILE."
    ),
    "paper-time-wrong": Message(
        "Sheet {number} cannot speak of the time from {start} until {end}.",
        "It ends before it begins, or has not been yet.",
        "Look at the times on the sheet.",
    ),
    "paper-too-old": Message(
        "Sheet {number} was written at {start}, more than {days} days ago.",
        "",
        "Open an incident about it and enclose its picture: luutru incident open --about {number}",
    ),
}
STOCK: Mapping[str, Message] = {**STOCKTAKES, **INCIDENTS, **GATE, **PAPER}
