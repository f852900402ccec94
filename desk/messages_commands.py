"""What commands about dossiers, counts, places, enclosures, items and phones can refuse."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

COMMANDS: Mapping[str, Message] = {
    "usage-no-such-file": Message(
        "{path} cannot be used for {parameter}.",
        "A file that is there and can be read is wanted.",
        "Check how its name is written.",
        Exit.USAGE,
        400,
    ),
    "place-for-file-missing": Message(
        "{path} cannot be written: its folder is not there.",
        "",
        "Make the folder first, or choose another.",
        Exit.USAGE,
    ),
    "entry-not-of-dossier": Message(
        "Entry {entry} says nothing about dossier {dossier}.", "", "See its entries with: luutru dossier show {dossier}"
    ),
    "count-absent": Message(
        "Package {package} has not been counted by {signers} yet.",
        "",
        "Each counts alone: luutru package count {package} --signer CODE",
    ),
    "count-unreadable": Message(
        "The kept count of {signer} for package {package} cannot be read with this PIN.",
        "A count opens only with the PIN it was made under.",
        "Let {signer} count again: luutru package count {package} --signer {signer}",
    ),
    "count-unusable": Message("Nobody can have counted {counted}.", "", "Enter dossiers and leaves, each from 0."),
    "counts-not-equal": Message(
        "The two counts of package {package} differ.",
        "Neither is told, so that the next count is as blind as the first.",
        "Both count again, each alone: luutru package count {package} --signer CODE",
    ),
    "package-not-countable": Message(
        "Package {package} is {state}; a count is taken before it is packed, sealed again or cleared.",
        "",
        "Look at it with: luutru package show {package}",
    ),
    "package-unknown-near": Message(
        "There is no package {package}.",
        "Nearly the same: {near}",
        "Read the label again, or list all: luutru package list",
        Exit.NOT_FOUND,
        404,
    ),
    "package-not-yet": Message(
        "Package {package} was not begun yet at {moment}.",
        "",
        "See its whole way: luutru package history {package}",
        Exit.NOT_FOUND,
        404,
    ),
    "place-not-in-tree": Message(
        "There is no place {place}.",
        "Most like it: {nearest}",
        "Take one of these, list them with luutru place list, or add the place first.",
        Exit.NOT_FOUND,
        404,
    ),
    "place-not-in-tree-at-all": Message(
        "There is no place {place}.",
        "No place has a name like it.",
        "List the places with luutru place list, or add this one first.",
        Exit.NOT_FOUND,
        404,
    ),
    "enclosure-unreadable": Message(
        "{name} cannot be read.", "", "Check that the file is there, can be opened, and holds text in UTF-8 or a photo."
    ),
    "enclosure-empty": Message("{name} is empty.", "", "Choose the right file."),
    "enclosure-too-large": Message("{name} is larger than {limit}.", "", "Take a smaller photo."),
    "text-too-long": Message(
        "The text is longer than {limit} letters.", "", "Write it shorter, or enclose it as a photo."
    ),
    "not-agreed": Message("Nothing was done.", "", "Answer yes, or give --yes, to do it."),
    "dossier-unknown-near": Message(
        "There is no dossier {dossier} in the register.",
        "Nearly the same: {near}",
        "Take its whole code, or search: luutru dossier find WORDS",
        Exit.NOT_FOUND,
        404,
    ),
    "dossier-ambiguous": Message(
        "Several dossiers are meant by {dossier}: {near}", "", "Give the whole code, with its fonds.", Exit.USAGE
    ),
    "dossier-not-registered": Message(
        "There is no dossier {dossier} in the register.",
        "",
        "Paper that nobody registered is recorded with --unregistered, under the code it shall get.",
        Exit.NOT_FOUND,
        404,
    ),
    "dossier-known": Message(
        "Dossier {dossier} is known here ({state}).", "", "Record it as found without --unregistered."
    ),
    "dossier-without-home": Message(
        "Dossier {dossier} did not come out of a package that is still open.",
        "",
        "Say where it goes: --place PLACE, or --package CODE for an open package.",
    ),
    "leaves-differ-many": Message(
        "{counted} leaves counted, {expected} on record, over {count} dossiers.",
        "An incident has to name the one dossier that differs.",
        "Record them one at a time, each with its own leaves.",
    ),
    "leaves-differ-asks": Message(
        "{dossiers}: {counted} leaves counted, {expected} on record.",
        "",
        "Count again. If the difference stays, repeat the command with --differs: an incident is opened with it.",
    ),
    "leaves-as-before": Message(
        "Dossier {dossier} has {leaves} leaves on record already.", "", "Nothing has to be corrected."
    ),
    "device-number-taken": Message(
        "Entry {number} of the phone {device} is recorded with other contents.",
        "",
        "An incident was opened with what came now; look at the phone.",
    ),
    "kind-not-from-phones": Message(
        "A phone cannot make an entry of the kind {kind}.", "", "Record this at a desk of the office."
    ),
    "item-dossier-missing": Message(
        "The list does not say to which dossier its documents belong.",
        "",
        "Name it with --dossier CODE, or add a column “Mã hồ sơ”.",
        Exit.USAGE,
    ),
    "item-dossier-unknown": Message("No dossier {value} is registered in fonds {fonds}.", "", "Check the number."),
    "item-twice": Message("Ordinal {value} stands in row {line} already.", "", "Give each document its own ordinal."),
    "items-header-missing": Message(
        "No header of a list of documents was found in the first {rows} rows.",
        "Columns for the number, the day and the subject of each document are looked for.",
        "Take the empty list from luutru register items template FILE.xlsx",
    ),
}
