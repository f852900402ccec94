"""What each alarm says: what is wrong, what that can mean, and what to do now. Codes and places only, no names.

The refusals of answering an alarm stand at the end.
"""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

ABOUT_PAPER: Mapping[str, Message] = {
    "package-missing": Message(
        "Package {package} is missing. Last recorded at {place}.",
        "Whoever held it last still answers for it.",
        "Close the store, look at its place and the neighbouring ones, and call the archivist.",
    ),
    "package-suspect": Message(
        "Package {package} at {place}: its seal or its contents are in doubt.",
        "A seal was found damaged, broken or missing, or somebody reported the package.",
        "Do not touch it. Stay with it or lock the room, and call the archivist: three people must count it.",
    ),
    "dossier-missing": Message(
        "Dossier {dossier} is missing. Last recorded: {where}",
        "",
        "Look where it was last, in its package and in those beside it; tell the archivist.",
    ),
    "transit-overdue": Message(
        "Package {package} has not arrived at {destination}; it was due at {deadline}.",
        "",
        "Call the escort and the receiver now. If nobody knows where it is, report it as missing.",
    ),
    "reseal-overdue": Message(
        "Package {package} at {place} is still open; it was to be sealed again by {deadline}.",
        "An open package is guarded by nothing but the room.",
        "Seal it again with two people, or lock the room and ask the leader for a later deadline.",
    ),
    "return-overdue": Message(
        "Dossier {dossier} was lent to {where} and is not back; it was due at {deadline}.",
        "",
        "Call the borrower and record the return, or ask for a new written permission.",
    ),
    "station-overdue": Message(
        "Dossier {dossier} is still at the scanning station {where}; it was to be back by {deadline}.",
        "",
        "Put it back into its package or onto its shelf, and record that.",
    ),
    "box-at-two-places": Message(
        "Package {package} was seen at {place}, but the record says {recorded}.",
        "It was moved without being recorded, or there are two labels with this code.",
        "Look at both places. If it was moved, record the move; if there are two, report it as suspect.",
    ),
    "unknown-code-shown": Message(
        "A code that was never given was shown at {place}: {shown}",
        "Its check character is right, so it is hardly a slip: a label may have been made elsewhere.",
        "Keep the label, find out where it comes from, and tell the archivist.",
    ),
    "seal-number-again": Message(
        "Somebody tried to use seal number {number} again.",
        "A seal number is used once. It stands or stood on package {package}.",
        "Compare the seal in hand with the roll. If the number is really on it, keep it and tell the leader.",
    ),
}
ABOUT_LOG: Mapping[str, Message] = {
    "ledger-finding": Message(
        "The check of the custody log found {count} things wrong; the first: {finding}.",
        "The log, or the state that follows from it, was changed from outside or is damaged.",
        "Stop recording, keep a copy of the station's folder as it is, and run: luutru ledger check",
    ),
    "second-place-unreachable": Message(
        "The second place of the signed heads cannot be reached: {path}",
        "Without it, an older database put in the place of this one would not be noticed.",
        "Plug the disk or stick in again, or name another folder in the setting heads.",
    ),
    "head-not-copied": Message(
        "{count} signed heads are not in the second place: {path}",
        "",
        "See that the folder can be written; they are copied within a minute once it can be.",
    ),
    "device-entries-lost": Message(
        "Phone {device}: entries {first} to {last} were made, but never arrived and are not held any more.",
        "The phone was reset or its store was cleared.",
        "Ask the guard what was done then, and record it as a paper entry; keep the phone.",
    ),
    "device-silent": Message(
        "Phone {device} still holds {owing} entries and is silent.",
        "What is on it alone is lost if the phone is.",
        "Find the phone and bring it into the network until it shows that nothing is left to send.",
    ),
    "device-clock-skew": Message(
        "The clock of phone {device} differs from this station's by {skew_seconds}.",
        "The order of entries is right all the same, their times are in doubt.",
        "Set the phone's time to automatic. If several phones differ alike, this station's clock is wrong.",
    ),
    "clock-set-back": Message(
        "This machine's clock was set back: it reads {now}, but {seen} was seen before.",
        "Times written now would lie before older entries; deadlines would seem to be ahead.",
        "Set the clock with: sudo timedatectl set-ntp true, and find out who changed it.",
    ),
}
ABOUT_STATION: Mapping[str, Message] = {
    "fixity-finding": Message(
        "{count} stored scans are not what was stored, for example: {examples}",
        "The disk is failing, or somebody changed files of the vault.",
        "Put them back from a backup and run: luutru fixity. Look at the disk.",
    ),
    "fixity-late": Message(
        "{count} stored scans were not re-read in time.",
        "",
        "See that the station runs day and night; to catch up now: luutru fixity",
    ),
    "disk-filling": Message(
        "The disk of {path} has only {free_bytes} left.",
        "Nothing more is taken in when it is full; the inbox waits.",
        "Make room on the disk, or move old backups elsewhere.",
    ),
    "inbox-waiting": Message(
        "{count} files wait in the inbox for too long, the oldest since {oldest}.",
        "",
        "Look at the station page for what holds them up; run: luutru doctor",
    ),
    "part-not-alive": Message(
        "{part} gives no sign of life since {seen}.",
        "",
        "Look at log/station.log, then stop the station and start it: luutru serve",
    ),
    "part-restarting": Message(
        "{part} ended {count} times within two hours and was started again each time.",
        "",
        "Look at log/station.log for the lines before it ended, and show them to whoever looks after the station.",
    ),
    "backup-too-old": Message(
        "There was no backup since {made}.",
        "What came since then exists once.",
        "Plug the backup disk in and run: luutru backup FOLDER",
    ),
    "backup-never": Message(
        "There was never a backup of this station.",
        "Everything it holds exists once.",
        "Plug a disk in and run: luutru backup FOLDER",
    ),
    "watch-failed": Message(
        "A part of the guarding itself does not work: {watch} ({kind}).",
        "What it looks after is not watched until this is mended.",
        "Look at log/errors.log and show it to whoever looks after the station.",
    ),
    "channel-failing": Message(
        "Messages about alarms cannot be sent by {channel}: {error}",
        "{count} messages wait.",
        "Check the network and the address in the setting alarm_urls; try it with: luutru alarms test",
    ),
    "alarm-test": Message("This is only a test of the way by which alarms are told.", "", "Nothing to do: it arrived."),
}
ANSWERS: Mapping[str, Message] = {
    "alarm-unknown": Message(
        "There is no alarm {alarm}.", "", "List them with: luutru alarms list", Exit.NOT_FOUND, 404
    ),
    "alarm-acknowledged": Message(
        "Alarm {alarm} was acknowledged already, by {person} at {moment}.", "", "Nothing to do.", Exit.BUSY, 409
    ),
    "alarm-cleared": Message("Alarm {alarm} is over since {moment}.", "", "Nothing to do.", Exit.BUSY, 409),
    "alarm-reason-absent": Message("Alarm {alarm} cannot be silenced without a reason.", "", "Say why, with --reason."),
    "alarm-quiet-wrong": Message(
        "An alarm cannot be silenced until {until}.",
        "The moment must lie ahead, and by {days} days at most.",
        "Give a moment like 2026-01-05T18:00, or a length of time like 2h.",
    ),
    "alarm-quiet-refused": Message(
        "{signer} may not silence alarm {alarm}.",
        "Archivists and leaders may; everybody may acknowledge.",
        "Acknowledge it with: luutru alarms ack {alarm}",
        Exit.FINDINGS,
        403,
    ),
    "alarm-channels-none": Message(
        "No channel is set for: {role}",
        "Alarms are shown on the page and by luutru alarms list, and told to nobody.",
        "Name a channel in the setting alarm_urls.",
        Exit.SETTINGS,
    ),
    "alarm-urls-wrong": Message(
        "The setting alarm_urls is wrong at its address number {number}.",
        "Each is a role, = and an Apprise address, separated by spaces. Roles: {roles}",
        "Write it like: leader=mailto://user:password@example.org all=json://127.0.0.1:9000",
        Exit.SETTINGS,
    ),
    "alarm-ladder-wrong": Message(
        "The setting alarm_ladder is wrong at: {part}",
        "It lists roles with rising minutes. Roles: {roles}",
        "Write it like: guard 0, archivist 10, leader 30, administrator 60",
        Exit.SETTINGS,
    ),
}
ALARMS: Mapping[str, Message] = {**ABOUT_PAPER, **ABOUT_LOG, **ABOUT_STATION, **ANSWERS}
