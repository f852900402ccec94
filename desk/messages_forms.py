"""What printing a form can refuse."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

FORMS: Mapping[str, Message] = {
    "form-unknown": Message(
        "There is no form {form}.",
        "Known are: {known}",
        "List them with: luutru form list",
        Exit.NOT_FOUND,
        404,
    ),
    "form-template-broken": Message(
        "The wording of a form cannot be used: {path}",
        "{detail}",
        "Mend the file, or move it away: the wording that comes with the program is used then.",
        Exit.SETTINGS,
    ),
    "form-value-wrong": Message(
        "The form {form} has no place for the value {key}, or the value has the wrong shape.",
        "It takes: {known}. A table takes a list of rows.",
        "Mend the name in the file of values.",
        Exit.USAGE,
    ),
    "form-values-unreadable": Message(
        "The file of values cannot be read: {path}",
        "{detail}",
        "It must be a JSON object in UTF-8, with a member for each value.",
        Exit.USAGE,
    ),
}
