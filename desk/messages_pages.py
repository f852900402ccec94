"""What the station page itself can refuse or fail at."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

PAGES: Mapping[str, Message] = {
    "not-found": Message(
        "There is no page at this address.",
        "The address may be mistyped, or the link is old.",
        "Begin at the station page, or search for what you need.",
        Exit.NOT_FOUND,
        404,
    ),
    "method-refused": Message(
        "This address cannot be used in that way.",
        "The request was of a kind ({method}) that the address does not answer.",
        "Go back and use the buttons of the page.",
        Exit.USAGE,
        405,
    ),
    "host-refused": Message(
        "The station does not answer to the name {host}.",
        "Until people sign in, it answers only on this computer and under its own names, so that no other site can "
        "read it through your browser.",
        "Open http://127.0.0.1 with the port of the station on the computer where it runs.",
        Exit.USAGE,
        421,
    ),
    "origin-refused": Message(
        "The station refused this action.",
        "The request did not come from one of its own pages.",
        "Open the station page and press the button there.",
        Exit.USAGE,
        403,
    ),
    "forbidden": Message(
        "This is not open to you.",
        "",
        "Go back to the station page.",
        Exit.USAGE,
        403,
    ),
    "input-wrong": Message(
        "Something in the address or the form cannot be used: {fields}.",
        "A date is written as 2025-06-17, a page is a whole number from 1 on.",
        "Go back, correct it and try again.",
        Exit.USAGE,
        422,
    ),
    "page-fault": Message(
        "The page could not be made because of a fault in the program.",
        "No file was touched by it: what is stored stays stored.",
        "Try again. If it comes back, keep the time {moment} and show the station's log to whoever looks after it.",
        Exit.UNEXPECTED,
        500,
    ),
    "page-not-read": Message(
        "Page {page} of {name} cannot be shown.",
        "The scan has {pages} pages, of which {done} are read so far.",
        "Choose one of its pages, or wait until it is read.",
        Exit.NOT_FOUND,
        404,
    ),
    "retry-needless": Message(
        "{name} need not be tried again.",
        "It is not set aside any more, or it is read already.",
        "Look at where it stands now in the list of files.",
        Exit.USAGE,
        409,
    ),
    "picture-busy": Message(
        "The picture of this page has to wait.",
        "Many pages are being drawn at this moment.",
        "Load the page again in a moment.",
        Exit.BUSY,
        503,
    ),
    "picture-timeout": Message(
        "The picture of this page took too long to draw.",
        "It was given up after {seconds}, so that other pages are not held up.",
        "Download the original and open it with another program.",
        Exit.FINDINGS,
        422,
    ),
    "picture-failed": Message(
        "The picture of this page cannot be drawn.",
        "The page is damaged or of a kind that cannot be shown. {detail}",
        "Download the original and open it with another program.",
        Exit.FINDINGS,
        422,
    ),
}
