"""What a move of dossiers can refuse, and an entry."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

CUSTODY: Mapping[str, Message] = {
    "correction-by-same-people": Message(
        "Entry {entry} can only be corrected together with somebody who did not sign it.",
        "",
        "Let somebody else sign as well.",
    ),
    "deadline-absent": Message(
        "A deadline is missing for what is away or open.", "", "Say until when it must be back."
    ),
    "deadline-not-ahead": Message(
        "The deadline {deadline} is not ahead.", "", "Give a deadline that is still to come."
    ),
    "deadline-passed": Message(
        "{about} should have been back by {deadline}.",
        "",
        "Find out where it is; record that it is back or closed again, or report it missing.",
    ),
    "decision-absent": Message(
        "The number of the decision is missing for {about}.", "", "Enter the number as it stands on the paper."
    ),
    "device-entry-known": Message(
        "Entry {number} of the phone {device} is recorded already.", "", "Nothing to do: it stands in the log once."
    ),
    "device-entry-owed": Message(
        "The phone {device} sends entry {number}, but still owes entry {due}.",
        "",
        "Let the phone send what it holds, in order.",
    ),
    "dossier-frozen": Message(
        "Dossier {dossier} lies in package {package}, which is not open.",
        "",
        "Open the package with authority, or report it, first.",
    ),
    "dossier-held": Message(
        "Dossier {dossier} is under a hold: {holds}", "", "A leader or inspector must lift it by decision first."
    ),
    "person-on-duty": Message(
        "{person} is on duty now: {posts}",
        "Who leaves the office must have handed the shift over.",
        "Hand the shift over with: luutru shift handover",
    ),
    "person-keeps-keys": Message(
        "{person} still has {count} keys: {keys}",
        "Who leaves the office must have given every key back.",
        "Take them back with: luutru keys return",
    ),
    "person-keeps-dossiers": Message(
        "{person} still has {count} borrowed dossiers: {dossiers}",
        "Who leaves the office must have given every dossier back.",
        "Take them back with: luutru dossier return",
    ),
    "person-keeps-boxes": Message(
        "{person} still answers for {count} boxes: {boxes}",
        "Every box has somebody who answers for it and can hand it on.",
        "Hand each on with both signing: luutru package move --to PERSON; who can sign no more, leaves with --anyway.",
    ),
    "dossier-unknown": Message(
        "There is no dossier {dossier} in the register.",
        "",
        "Check the number, or register the dossier first.",
        Exit.NOT_FOUND,
        404,
    ),
    "dossiers-absent": Message("No dossier was named.", "", "Name at least one."),
    "dossiers-doubled": Message(
        "The same dossier is named twice, or a number is empty: {dossiers}", "", "Name each dossier once."
    ),
    "dossiers-too-many": Message(
        "{count} dossiers in one entry; from 1 to {most} are possible.", "", "Record them in several entries."
    ),
    "entry-malformed": Message(
        "An entry is not of the form this release knows ({member}: {why}).",
        "",
        "Update the program if the entry is from a later release.",
    ),
    "entry-unreadable": Message(
        "Entry {entry} of the log cannot be read ({why}).",
        "",
        "Update the program if it is from a later release; otherwise keep a copy of the home folder and ask for help.",
    ),
    "hold-code-used": Message(
        "A hold {hold} stands on dossier {dossier} already, or it has no number.",
        "",
        "Give the hold a number of its own.",
    ),
    "hold-unknown": Message("No hold {hold} stands on dossier {dossier}.", "", "Check the number of the hold."),
    "incident-absent": Message(
        "The number of an incident is missing for {about}.", "", "Open an incident and enter its number."
    ),
    "leaves-differ": Message(
        "{dossiers}: {counted} leaves counted, {expected} on record.",
        "",
        "Count again; if the difference stays, open an incident and enter its number.",
    ),
    "leaves-negative": Message(
        "Dossier {dossier} cannot have {leaves} leaves.", "", "Nothing was recorded; mend this and try again."
    ),
    "moment-unreadable": Message(
        "{value} is not a moment with its zone.", "", "Write it like 2026-01-05T08:00:00+07:00."
    ),
    "move-not-allowed": Message(
        "{about} is {state}: this move ({kind}) is not possible from there.", "", "Look at it with: luutru package show"
    ),
    "move-unknown": Message("There is no such move: {kind}", "", "Choose one of those that are offered."),
    "leaves-changed-alone": Message(
        "The list says that dossier {dossier} has {leaves} leaves; {expected} are on record.",
        "Another number of leaves is a correction, which two people sign.",
        "Mend the list, or count the dossier again and let a second person sign the import with --signer.",
    ),
    "permission-absent": Message(
        "Dossier {dossier} cannot be lent without the number of a written permission.",
        "",
        "Enter the number of the permission.",
    ),
    "place-absent": Message("The place is missing.", "", "Name the place, and the store where one is asked for."),
    "reason-absent": Message("A reason is missing for {about}.", "", "Give the reason."),
    "signer-without-role": Message(
        "{signer} may not sign as {role}.",
        "This person may sign as: {roles}",
        "Name another person, or let the person's roles be mended.",
        Exit.FINDINGS,
        403,
    ),
    "working-day-over": Message(
        "The working day ended at {ended}: no deadline can be taken for granted.",
        "What is open or away needs a moment by which it must be back.",
        "Say until when, for example: --until {example}",
    ),
}
