"""What the pages of packages, dossiers and the register refuse by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

PAGE_CLERK: Mapping[str, Message] = {
    "act-not-now": Message(
        "That cannot be done with package {package} now: it is {state}.",
        "Its state does not allow it, or it is not part of what your roles sign; somebody may have been faster.",
        "Go back to the package: it shows what can be done.",
    ),
    "dossier-inside-already": Message("Dossier {dossier} is in package {package} already.", "", "Leave this line out."),
    "leaves-uncounted": Message(
        "The leaves were not counted.",
        "This act compares them with the record.",
        "Count the leaves and write down how many.",
    ),
    "correction-empty": Message(
        "The correction of entry {entry} says nothing.", "", "Write what is right, and what was wrong."
    ),
    "paper-unknown": Message(
        "There is no paper “{paper}” about a package.", "", "Choose one of those that are offered.", Exit.NOT_FOUND, 404
    ),
    "list-upload-empty": Message("The file {name} is empty.", "", "Choose the file with the list."),
    "list-upload-large": Message(
        "The file {name} is too large for a list.",
        "At most {limit_bytes} are read.",
        "Divide the list by fonds or by year.",
    ),
    "list-upload-gone": Message(
        "The list {name} does not wait here any more.",
        "A list waits for a day, or it was imported already.",
        "Choose the file and read it again; importing it twice changes nothing.",
    ),
}
