"""What keys, accepted losses and neighbours of the custody log can be refused for, and what a check finds there."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

NEIGHBOURS: Mapping[str, Message] = {
    "key-rotated": Message(
        "The log's key was exchanged meanwhile, in entry {entry}.",
        "What was read before that signs no longer.",
        "Do it again. If this comes back, the folder keys is older than the database: put the newest one back.",
        Exit.BUSY,
        409,
    ),
    "head-old-key": Message(
        "A signed head (of {size} entries) carries only a key that had been exchanged by then.",
        "Since the exchange the new key signs every head; somebody else may hold the old one.",
        "Keep it and report it: heads that the new key signed are good.",
        Exit.FINDINGS,
        422,
    ),
    "loss-none": Message(
        "Nothing is lost: the log holds all its {size} entries that were signed.",
        "No head in the second place is longer.",
        "There is nothing to accept. Start the station as usual.",
        Exit.FINDINGS,
        409,
    ),
    "loss-is-a-change": Message(
        "This is no loss: an entry before number {signed} is not the one that was signed.",
        "The proof is {path}",
        "Keep everything as it is and run: luutru ledger check. A changed log cannot be accepted.",
        Exit.STORAGE,
        409,
    ),
    "loss-on-damaged-log": Message(
        "The loss cannot be accepted: what is left of the log is damaged too (first finding: {finding}).",
        "An older backup agrees with itself; this database does not.",
        "Put back another backup, then look again with: luutru ledger check",
        Exit.STORAGE,
        409,
    ),
    "lost-head-missing": Message(
        "Entry {entry} accepts a loss and names a signed head that is no longer kept.",
        "SHA-256 {sha256}",
        "Look for it in backups of the second place (folders lost-…) and put it back.",
        Exit.FINDINGS,
        422,
    ),
    "cosignature-forged": Message(
        "The signature of a neighbour under a head is wrong: {name}",
        "The head or the signature was changed after it was given.",
        "Keep it and report it. Ask that office which head it signed.",
        Exit.FINDINGS,
        422,
    ),
    "neighbour-known": Message(
        "This neighbour cosigns already: {name}",
        "Each name and each key stands once.",
        "See who cosigns with: luutru ledger witness list",
        Exit.BUSY,
        409,
    ),
    "neighbour-unknown": Message(
        "No neighbour is called {name}.",
        "It was not taken in, or was removed.",
        "See who cosigns with: luutru ledger witness list",
        Exit.NOT_FOUND,
        404,
    ),
    "neighbour-url-wrong": Message(
        "This is no address of a neighbour: {url}",
        "An address begins with https:// or http:// and has no question mark.",
        "Ask the neighbour for its address; it often ends with /witness",
        Exit.USAGE,
        422,
    ),
    "neighbour-holds-longer-head": Message(
        "The neighbour {name} signed a longer log than this one.",
        "It remembers what this database does not: an older one was put in its place ({detail}).",
        "Put back the newest backup. If there is none: luutru ledger accept-loss",
        Exit.FINDINGS,
        422,
    ),
    "neighbour-contradicts": Message(
        "The neighbour {name} signed another history of this log.",
        "What it saw does not lead to the newest head ({detail}).",
        "Keep everything as it is and run: luutru ledger check. If a loss was accepted, ask that office to begin anew.",
        Exit.FINDINGS,
        422,
    ),
    "neighbour-knows-other-key": Message(
        "The neighbour {name} does not know the key of this log.",
        "The log's key was exchanged, or that office was given another one.",
        "Send it the key that luutru ledger checkpoint prints.",
        Exit.NOT_READY,
        409,
    ),
    "neighbour-does-not-know-us": Message(
        "The neighbour {name} was not told of this log.",
        "It cosigns only logs that somebody introduced there.",
        "Send that office the key that luutru ledger checkpoint prints; it runs: luutru ledger watched add KEY",
        Exit.NOT_READY,
        409,
    ),
    "neighbour-signs-otherwise": Message(
        "The neighbour {name} answered without a signature of the key that is known here.",
        "Its key was exchanged, or another program answers at that address.",
        "Compare the key with that office; then remove the neighbour and add it again.",
        Exit.NOT_READY,
        409,
    ),
    "neighbour-failed": Message(
        "The neighbour {name} could not sign.",
        "Its answer: {detail}",
        "It is asked again each minute. If it lasts, tell that office.",
        Exit.NOT_READY,
        503,
    ),
    "neighbour-unreachable": Message(
        "The neighbour {name} is not reached.",
        "{url}: {detail}",
        "Nothing is lost: it is asked again each minute.",
        Exit.NOT_READY,
        503,
    ),
    "log-not-watched": Message(
        "This station does not cosign a log called {origin}.",
        "It was not introduced, or was removed.",
        "See which logs are cosigned with: luutru ledger watched list",
        Exit.NOT_FOUND,
        404,
    ),
    "origin-too-long": Message(
        "A log cannot have this name.",
        "A name is one line of at most {most} characters.",
        "Ask the other office for the name of its log: it is the first line of each of its heads.",
        Exit.USAGE,
        422,
    ),
    "request-broken": Message(
        "This is no request to cosign a head ({why}).",
        "A request has a size, a proof and a signed head.",
        "Look at the description of tlog-witness.",
        Exit.FINDINGS,
        400,
    ),
}
