"""What the review desk refuses, and the short words for why a page waits."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.cli.spoken import mark
from desk.message import Message

PAGE_REVIEW: Mapping[str, Message] = {
    "page-changed": Message(
        "Somebody changed page {page} meanwhile: {by}, {moment}.",
        "What you looked at is not what stands there now.",
        "Compare with what stands there now, then do it again.",
        Exit.FINDINGS,
        409,
    ),
    "page-text-empty": Message(
        "There is no text to save for page {page}.", "", "Type the text, or say that the page is blank."
    ),
    "page-text-long": Message(
        "The text of page {page} is too long: {count} characters.",
        "At most {bound} are kept of one page.",
        "Shorten it to what stands on the page.",
    ),
    "page-blank-already": Message("Page {page} is known as blank already.", "", "Go on to the next page."),
    "page-wants-no-eyes": Message(
        "Page {page} waits no longer.", "Somebody may have been faster.", "Go on to the next page."
    ),
    "nothing-to-undo": Message(
        "Nothing was done to page {page} that could be taken back.", "", "Its acts are listed with the page."
    ),
    "review-act-unknown": Message(
        "“{act}” is nothing that can be done with a page.", "", "Press one of the buttons of the page."
    ),
}
# Why a page waits, for counts of many pages.
REASONS: Mapping[str, str] = {
    "page-kills-reader": mark("The reader broke off on it"),
    "failed": mark("Could not be read"),
    "layer-partial": mark("Part of its text layer cannot be used"),
    "layer-unreadable": mark("Its text layer cannot be used"),
    "turned": mark("Turned"),
    "blank": mark("Blank"),
    "no-text": mark("Ink but no text"),
    "faint": mark("Faint"),
    "low-confidence": mark("Read with little confidence"),
    "low-resolution": mark("Below 200 dpi"),
    "skewed": mark("Skewed"),
    "cut-off": mark("Text cut off at the edge"),
    "mostly-handwriting": mark("Mostly handwriting"),
    "cover-unknown": mark("Cover sheet of an unknown dossier"),
    "cover-doubtful": mark("Cover sheet in doubt"),
    "cover-without-pages": mark("Cover sheet without pages"),
    "pages-before-cover": mark("Pages before the first cover sheet"),
    "name-ambiguous": mark("Name fits several dossiers"),
}
