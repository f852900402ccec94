"""What lists of dossiers, people, places and posts can be refused for, and what is wrong with single cells."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

PEOPLE: Mapping[str, Message] = {
    "person-code-unusable": Message(
        "A person's code has 1 to 32 letters without accents, digits, dots or dashes: {person}", "", "", Exit.USAGE
    ),
    "person-exists": Message("The code {person} belongs to somebody already.", "", "", Exit.USAGE, 409),
    "person-incomplete": Message("A person needs a name and at least one role: {person}", "", "", Exit.USAGE),
    "person-unknown": Message(
        "Nobody has the code {person}.", "", "All people: luutru people list", Exit.NOT_FOUND, 404
    ),
    "role-unknown": Message("There is no such role: {roles}", "", "The roles are: {known}", Exit.USAGE),
    "pin-unusable": Message("A PIN has four to eight digits.", "", "", Exit.USAGE),
    "pin-weak": Message(
        "This PIN is too easy to guess.",
        "Runs, repeats, years, dates and one's own code are what anybody tries first.",
        "Choose another PIN.",
        Exit.USAGE,
    ),
    "pins-differ": Message("The two PINs are not the same.", "", "Type the same PIN twice.", Exit.USAGE),
    "pin-not-in-file": Message(
        "The file {path} has no PIN of {person}.",
        "",
        "Add the line {person}=PIN to it, or leave --pins out and be asked.",
        Exit.USAGE,
    ),
    "pin-not-given": Message(
        "No PIN of {person} was given, so nothing was written.",
        "PINs are typed at the keyboard, and nobody is there to type one.",
        "Run the command at a terminal, or name a file of lines CODE=PIN with --pins.",
        Exit.USAGE,
    ),
    "count-not-given": Message(
        "{person} has not counted yet, so nothing was written.",
        "Two people count each on their own before a package is closed.",
        "Let {person} count first: luutru package count",
        Exit.USAGE,
    ),
    "pins-file-unusable": Message(
        "Line {line} of {path} cannot be used.", "Each line is written CODE=PIN.", "", Exit.USAGE
    ),
    "sign-in-refused": Message(
        "The code and the PIN do not fit together: {person}", "", "Type them again.", Exit.FINDINGS, 403
    ),
    "sign-in-waits": Message(
        "After too many wrong PINs the code {person} is not heard for another {seconds}.",
        "Otherwise a PIN could be found by trying.",
        "Wait, or have the PIN set anew: luutru people pin",
        Exit.BUSY,
        429,
    ),
}
PLACES: Mapping[str, Message] = {
    "place-kind-unknown": Message("There is no such kind of place: {kind}", "", "The kinds are: {known}", Exit.USAGE),
    "place-exists": Message("This place exists already: {path}", "", "", Exit.USAGE, 409),
    "place-unknown": Message(
        "There is no such place: {place}", "", "All places: luutru place list", Exit.NOT_FOUND, 404
    ),
    "place-misplaced": Message(
        "A place of kind {inner} cannot stand in one of kind {outer}.",
        "From the outside in: store, room, shelf, bay, level.",
        "",
        Exit.USAGE,
    ),
    "place-name-unusable": Message(
        "The name of a place cannot be used: {name}",
        "It has at most {limit} letters and no stroke (/), because the stroke stands between names in a path.",
        "",
        Exit.USAGE,
    ),
    "range-unusable": Message(
        "This range cannot be used: {range}", "", "Ranges are written shelf=1-20 or bay=A-F.", Exit.USAGE
    ),
    "too-many-places": Message(
        "{count} places are more than fit at once; the limit is {limit}.",
        "",
        "Give the range in parts, a few shelves at a time.",
        Exit.USAGE,
    ),
    "post-code-unusable": Message(
        "A post's code has 1 to 32 letters without accents, digits, dots or dashes: {post}", "", "", Exit.USAGE
    ),
    "post-exists": Message("This post exists already: {post}", "", "", Exit.USAGE, 409),
    "post-incomplete": Message("A post needs a name: {post}", "", "", Exit.USAGE),
    "watch-unusable": Message(
        "This watch cannot be used: {watch}",
        "",
        "Two guards by night are written 18:00-06:00=2. Without --watch one guard is needed at all hours.",
        Exit.USAGE,
    ),
}
CATALOGUE: Mapping[str, Message] = {
    "fonds-code-unusable": Message(
        "The code of a fonds has 1 to 40 letters without accents, digits, dots or dashes: {fonds}", "", "", Exit.USAGE
    ),
    "fonds-exists": Message("This fonds exists already: {fonds}", "", "", Exit.USAGE, 409),
    "fonds-incomplete": Message("A fonds needs a name: {fonds}", "", "", Exit.USAGE),
    "fonds-unknown": Message(
        "There is no fonds {fonds}.", "", "Add it first: luutru fonds add CODE --name NAME", Exit.NOT_FOUND, 404
    ),
    "dossier-unknown": Message(
        "No dossier {dossier} is registered.", "", "All dossiers: luutru register show", Exit.NOT_FOUND, 404
    ),
    "dossier-code-too-long": Message("The code {value} is longer than {limit} letters.", "", ""),
    "dossier-code-taken": Message("The code {value} belongs to a dossier of the fonds {fonds} already.", "", ""),
}
LISTS: Mapping[str, Message] = {
    "list-empty": Message("The list is empty.", "", "Fill it in first: luutru register template FILE"),
    "list-too-big": Message("The file is too big for a list: {bytes}; the limit is {limit}.", "", ""),
    "list-too-long": Message("The list has more than {limit} rows.", "", "Cut it into several files."),
    "list-old-excel": Message(
        "This is a workbook of the old kind (.xls) or one locked with a password.",
        "Only .xlsx and .csv are read.",
        "Open it in a spreadsheet program and save it as .xlsx without a password.",
    ),
    "list-not-a-table": Message(
        "This file is no list: it is neither a workbook (.xlsx) nor text (.csv).",
        "What counts is what is in the file, not its name.",
        "Save the list as .xlsx from a spreadsheet program.",
    ),
    "list-not-text": Message("The file is not text that can be read.", "", "Save the list as .xlsx."),
    "list-broken-utf8": Message(
        "Line {line} holds bytes that are no letters in the file's encoding.",
        "The file was damaged or put together from several encodings.",
        "Save the list again, best as .xlsx.",
    ),
    "list-workbook-broken": Message(
        "The workbook is damaged.", "", "Open it in a spreadsheet program and save it again as .xlsx."
    ),
    "list-workbook-bomb": Message(
        "The workbook is not opened: it would unpack to {bytes}, or was made to fill the memory.",
        "",
        "Copy the rows into a new workbook and save that.",
    ),
    "list-sheet-unknown": Message("The workbook has no sheet {sheet}.", "", "Its sheets are: {known}", Exit.USAGE),
    "list-header-missing": Message(
        "No header was found in the first {rows} rows.",
        "A list needs at least a column for the number and symbol and one for the title of the dossier.",
        "See how a list looks: luutru register template FILE",
    ),
    "list-foot-differs": Message(
        "The foot of the list speaks of {stated} dossiers, but it has {count} rows.",
        "",
        "See whether a page is missing.",
    ),
    "list-has-faults": Message(
        "Nothing was written: the list has {count} faults.",
        "",
        "Mend the list and import it again, or register the good rows alone with --good-rows.",
    ),
    "list-kind-unknown": Message("The name must end in .xlsx or .csv: {path}", "", "", Exit.USAGE),
    "file-exists": Message("The file exists already and is left as it is: {path}", "", "", Exit.USAGE, 409),
}
CELLS: Mapping[str, Message] = {
    "cell-missing": Message("is empty and must not be.", "", ""),
    "cell-too-long": Message("has {length} letters; the limit is {limit}.", "", ""),
    "cell-not-a-count": Message("is no whole number: {value}", "", ""),
    "cell-not-a-day": Message("is no day, month or year: {value}", "", ""),
    "cell-not-a-retention": Message("is no retention: {value}", "", ""),
    "cell-not-of-the-list": Message("is none of {known}: {value}", "", ""),
    "cell-formula-error": Message("is a formula that failed: {value}", "", ""),
    "cell-became-date": Message("was turned into a day by the spreadsheet program: {value}", "", ""),
    "number-twice": Message("{value} stands in row {line} already.", "", ""),
    "days-reversed": Message("ends before it begins: {start} to {end}", "", ""),
}
REGISTER: Mapping[str, Message] = {**PEOPLE, **PLACES, **CATALOGUE, **LISTS, **CELLS}
