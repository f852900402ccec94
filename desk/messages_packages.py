"""What a move of a package, its seals or its signers can refuse."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

PACKAGES: Mapping[str, Message] = {
    "signer-unknown": Message(
        "{signer} is not known here, so nobody can sign under that code.",
        "",
        "List who may sign with: luutru people list",
    ),
    "alone-outside-store": Message(
        "Package {package} would leave the store {store} for {other} with one person alone.",
        "",
        "Hand it to another custodian, or keep it inside the store.",
    ),
    "count-not-as-registered": Message(
        "Package {package}: counted {counted} (dossiers, leaves), registered {expected}.",
        "",
        "Count again; write down what is missing before you pack.",
    ),
    "counts-differ": Message(
        "Package {package}: the first count is {first} (dossiers, leaves), the second {second}.",
        "",
        "Both people count again, each alone.",
    ),
    "destination-absent": Message("Where package {package} goes is missing.", "", "Name the destination."),
    "finding-unknown": Message(
        "“{finding}” is not something a check of package {package} can find.",
        "",
        "Choose one of those that are offered.",
    ),
    "giver-not-custodian": Message(
        "{giver} cannot give package {package} away: {custodian} answers for it.",
        "",
        "The custodian on record must hand it over.",
    ),
    "package-absent": Message("No package was named.", "", "Name one by its code; luutru package list lists them."),
    "receiver-is-a-place": Message(
        "“{given}” is a place, not a person.",
        "Who answers for the package is named with --to, where it stands with --place.",
        "Name the place with --place, and the person who takes it over with --to.",
    ),
    "signer-absent": Message("A signer without a code.", "", "Name who signs with --signer CODE."),
    "package-held": Message(
        "Package {package} holds {count} dossiers under a hold ({holds}): {dossiers}",
        "What is under a hold does not leave the archive.",
        "A leader or inspector must lift the hold by decision first: luutru dossier hold lift",
    ),
    "manifest-differs": Message(
        "Package {package}: the digest of its contents is {expected}, not {given}.",
        "",
        "Print the list of contents anew and compare.",
    ),
    "package-closed": Message(
        "Package {package} is {state}; nothing can be put in.", "", "Open it with authority, or take another package."
    ),
    "package-code-used": Message(
        "The code {package} was given already; codes are never used again.", "", "Take a new code."
    ),
    "package-empty": Message("Package {package} is empty.", "", "Put dossiers in first."),
    "package-not-empty": Message("Package {package} is not empty.", "", "Take every dossier to another place first."),
    "package-unknown": Message(
        "There is no package {package}.", "", "Check the code; luutru package list shows them all.", Exit.NOT_FOUND, 404
    ),
    "package-was-not-sealed": Message(
        "Package {package} was not sealed, or its contents changed, before it went missing.",
        "",
        "Enter it as found in doubt; a team of three then counts it.",
    ),
    "receiver-not-sender": Message(
        "Package {package} goes back to {sender}, not to {receiver}.", "", "Whoever sent it takes it back."
    ),
    "receiver-unsigned": Message(
        "{receiver} is to answer for package {package} but did not sign.", "", "Let the new custodian sign."
    ),
    "retention-mixed": Message(
        "Package {package} mixes retention classes: {classes}", "", "Pack them apart, or give the reason (--reason)."
    ),
    "roll-code-used": Message("Roll {roll} was issued already.", "", "Give the roll a code of its own."),
    "roll-malformed": Message(
        "Roll {roll} cannot be: first number {first}, {size} seals, {width} digits.",
        "",
        "Copy the numbers from the roll itself; the letters before them must not end in a digit.",
    ),
    "roll-prefix-not-in-capitals": Message(
        "The letters of roll {roll} must be capitals: {prefix}",
        "Seal numbers have one spelling, so that no two seals differ by that alone.",
        "Enter the letters in capitals.",
    ),
    "roll-overlaps": Message(
        "Roll {roll} has numbers that roll {other} has too.", "", "Compare both rolls; one of them was entered wrongly."
    ),
    "seal-not-intact": Message(
        "The seal of package {package} is {finding}: it may not go on like this.",
        "",
        "Report the package: luutru package report",
    ),
    "seal-number-absent": Message(
        "Package {package} needs a seal number.", "", "Take the next seal of the roll and enter its number."
    ),
    "seal-number-differs": Message(
        "The number {read} is not the one on record for package {package}.",
        "",
        "Read the seal again; if it stays so, report the package.",
    ),
    "seal-number-doubled": Message("A seal number is entered twice: {numbers}", "", "Enter each number once."),
    "seal-number-unknown": Message(
        "The seal number {number} is of no issued roll.", "", "Read the number again, or have the roll issued first."
    ),
    "seal-number-used": Message(
        "The seal number {number} was used already ({state} {package}).",
        "",
        "Take a fresh seal; a number is used once.",
    ),
    "seal-on-open-package": Message(
        "Seals {numbers} were named, but package {package} stays open.", "", "Leave the numbers out, or seal it."
    ),
    "signature-outside-window": Message(
        "{signer} signed more than {minutes} minutes apart from the entry.",
        "",
        "All sign within ten minutes; let this person sign again.",
    ),
    "signer-doubled": Message("One person signed twice: {signers}", "", "Let somebody else sign as well."),
    "signers-not-entitled": Message(
        "{signers} may not sign this. Wanted: {wanted}", "", "Let the people sign whom the rule names."
    ),
    "signers-not-stamped": Message(
        "The signers {signers} are not those of the entry: {stamped}",
        "",
        "This is a fault of the program; nothing was entered.",
    ),
    "signers-of-one-unit": Message(
        "{signers} have the same role and unit; sealing takes a second person of another.",
        "",
        "Let somebody else sign as well.",
    ),
    "signers-too-few": Message("{found} signed; this takes {wanted} people.", "", "Let somebody else sign as well."),
    "signers-too-many": Message("{count} people signed; at most {most} can.", "", "Leave out who is not needed."),
}
