"""What can stand in the way of numbers on paper, of labels and forms filled from facts, and of reading a code."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

PAPERS: Mapping[str, Message] = {
    "numbers-too-many": Message(
        "{count} numbers at once are not given; at most {limit}.", "", "Print them in several runs.", Exit.USAGE, 400
    ),
    "number-means-another": Message(
        "The code {number} was printed as {about} before; it cannot be printed as {other}.",
        "A code means one thing for ever.",
        "Check the code. If both are right, call whoever looks after the station: luutru verify shows more.",
        Exit.FINDINGS,
        409,
    ),
    "number-void": Message(
        "The number {number} is void: {reason}",
        "A void number stays void, so that nobody can use a spoiled paper later.",
        "Take a new number.",
        Exit.FINDINGS,
        409,
    ),
    "number-unknown": Message(
        "This station never gave the number {number}.",
        "",
        "Read it again from the paper: the form, a dash and nine characters, such as F11-7K3M9QXZ2.",
        Exit.NOT_FOUND,
        404,
    ),
    "number-of-another-form": Message(
        "The number {number} was given to a form {form}.",
        "",
        "Read the number again from the paper.",
        Exit.NOT_FOUND,
        404,
    ),
    "number-names-a-thing": Message(
        "The code {number} names {about}; only numbers of forms and blank covers can be made void.",
        "The thing goes on being there, whatever becomes of its label.",
        "Print the label again instead; it will say that it is a reprint.",
        Exit.USAGE,
        409,
    ),
    "number-keyed-in": Message(
        "The paper {number} was keyed in already, as entry {entry}.",
        "",
        "Correct that entry if it is wrong.",
        Exit.FINDINGS,
        409,
    ),
    "void-without-reason": Message(
        "A number is made void only with a reason.", "", "Say why, with --reason.", Exit.USAGE, 400
    ),
    "label-of-unsealed": Message(
        "Not sealed, so there is nothing a label could state: {packages}",
        "The label of a package names its seal, the two people who sealed it and the digest of its contents.",
        "Seal the package first: luutru package seal CODE",
        Exit.FINDINGS,
        409,
    ),
    "none-sealed": Message(
        "No package is sealed there, so there is no label to print.",
        "The label of a package names its seal, the two people who sealed it and the digest of its contents.",
        "See what there is with: luutru package list",
        Exit.NOT_FOUND,
        404,
    ),
    "form-not-filled-from": Message(
        "The form {form} is not filled in from that.",
        "It takes one of: {wanted}",
        "Name what it is about, or give its values with --values or --set; see: luutru form list",
        Exit.USAGE,
        400,
    ),
    "form-by-values": Message(
        "The form {form} tells of guarding; it is not filled in from packages, dossiers or fonds.",
        "",
        "Give its values with --values or --set, or print it blank.",
        Exit.USAGE,
        400,
    ),
    "form-about-one": Message(
        "This form is about one package, not {count}.", "", "Print one for each package.", Exit.USAGE, 400
    ),
    "form-package-state": Message(
        "Form {form} cannot be filled in from package {package}: what it tells of has not happened to it.",
        "",
        "Look at the package with: luutru package show {package}",
        Exit.FINDINGS,
        409,
    ),
    "form-several-journeys": Message(
        "These packages did not travel together.",
        "One form {form} is for one giver, one escort and one destination: {ways}",
        "Print one for each journey.",
        Exit.USAGE,
        409,
    ),
    "code-unknown": Message(
        "Nothing here has the code or name {text}.",
        "",
        "Read it again. If it stands on a label of this office, call whoever looks after the station.",
        Exit.NOT_FOUND,
        404,
    ),
    "code-mistyped": Message(
        "Nothing here has the code {text}.", "Very like it: {suggestions}", "Read the code again.", Exit.NOT_FOUND, 404
    ),
    "scans-differ-from-digest": Message(
        "The scans that had arrived when the log was pinned on {moment} are no longer those it was pinned with: "
        "{count} then, {found} now.",
        "A scan was taken out of the database, put in behind, or its record changed.",
        "Compare with a backup of that night; luutru fixity names bytes that changed.",
    ),
    "code-means-two": Message(
        "The code {number} means two things: {about} and {other}",
        "",
        "Call whoever looks after the station: one of the two must get a new label.",
    ),
    "printed-for-nothing": Message(
        "The label {number} was printed for {about}, which is not there.",
        "",
        "Find the label and keep it. Compare with a backup: something was taken out of the database.",
    ),
    "void-number-used": Message(
        "The void number {number} was keyed in all the same.", "", "Look at the paper and at the entry."
    ),
    "prints-miscounted": Message(
        "The number {number} should have been printed {count} times, and {found} prints are on record.",
        "",
        "Compare with a backup: something was taken out of the database.",
    ),
}
