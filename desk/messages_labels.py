"""What can stand in the way of printing labels and cover sheets."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

LABELS: Mapping[str, Message] = {
    "stock-unknown": Message(
        "No label sheet is called {stock}.",
        "Known sheets are: {known}",
        "Name one of these, or describe your sheet by ten measures in mm as shown by: luutru label --help",
        Exit.USAGE,
        400,
    ),
    "stock-does-not-fit": Message(
        "A sheet with the measures {stock} cannot be: its labels overlap, leave the page or are under 15 mm.",
        "",
        "Measure the sheet again: page, columns and rows, label, first label from the left and top, distance to the "
        "next.",
        Exit.USAGE,
        400,
    ),
    "start-not-on-sheet": Message(
        "A sheet {stock} has {cells} labels; there is no label number {start} to begin with.",
        "",
        "Count from 1, row by row from the upper left.",
        Exit.USAGE,
        400,
    ),
    "no-labels": Message("The list is empty: there is nothing to print.", "", "Check the list.", Exit.USAGE, 400),
    "cell-too-small": Message(
        "The label has {room} mm for a code that needs {needed} mm on this printer.",
        "Smaller modules than three dots are lost when ink spreads.",
        "Take a larger label, a printer with more dots per inch, or a shorter --address.",
        Exit.USAGE,
        400,
    ),
    "payload-too-long": Message(
        "The address is too long for a code: {length} characters, at most {most}.",
        "",
        "Give a shorter name with --address.",
        Exit.USAGE,
        400,
    ),
    "payload-not-alphanumeric": Message(
        "A code cannot hold this text: {payload}",
        "It holds the letters A–Z, digits, and the signs / : . - $ % * +",
        "Give a plain host name with --address.",
        Exit.USAGE,
        400,
    ),
    "list-unreadable": Message(
        "The list {path} cannot be read.",
        "The reader said: {detail}",
        "A list is JSON (an array of objects) or CSV in UTF-8 with a header; one column is called code.",
        Exit.USAGE,
        400,
    ),
    "list-codes-wrong": Message(
        "{count} lines of {path} have no code, a mistyped code, or one that stands there twice; nothing was printed.",
        "Line and code: {faults}",
        "Correct these lines and print again.",
        Exit.USAGE,
        400,
    ),
}
