"""What `luutru doctor` finds besides the refusals of the parts."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

DOCTOR: Mapping[str, Message] = {
    "program-found": Message("{name} was found: {path}", "", "", Exit.OK, 200),
    "sqlite-found": Message("SQLite {version} is new enough.", "", "", Exit.OK, 200),
    "engine-found": Message("Reading program: Tesseract {version}, {path}", "", "", Exit.OK, 200),
    "language-found": Message("Language data {language} is there.", "", "", Exit.OK, 200),
    "fonts-found": Message("Fonts with Vietnamese letters are there.", "", "", Exit.OK, 200),
    "fonts-missing": Message(
        "No font with Vietnamese letters was found.",
        "Printed forms and labels would show empty boxes.",
        "Install one with: sudo apt-get install fonts-dejavu-core",
    ),
    "clock-plausible": Message("The clock of this machine reads {moment}.", "", "", Exit.OK, 200),
    "clock-behind": Message(
        "The clock of this machine is wrong: it reads {moment}.",
        "That is before this program was made; every time written would be wrong.",
        "Set it with: sudo timedatectl set-ntp true",
    ),
    "folder-writable": Message("The folder {name} can be written: {path}", "", "", Exit.OK, 200),
    "folder-missing": Message(
        "The folder {name} is missing: {path}",
        "",
        "Create it with: luutru init",
    ),
    "folder-unwritable": Message(
        "The folder {name} cannot be written: {path}",
        "The system answered: {detail}",
        "Give the user who runs the station the right to write there, for example: sudo chown -R $USER {path}",
    ),
    "inbox-on-share": Message(
        "The inbox is on a network share ({kind}).",
        "Shares send no news of files, so it is looked through every {seconds}.",
        "Nothing to do.",
    ),
    "disk-room": Message("The disk of {path} has {free_bytes} left.", "", "", Exit.OK, 200),
    "database-current": Message(
        "The database is at revision {revision}, as this release wants it.", "", "", Exit.OK, 200
    ),
    "database-revision-other": Message(
        "The database is at revision {found}; this release works with {newest}.",
        "",
        "It is brought up to date at the next start: luutru init",
    ),
    "station-running": Message("The station runs (process {pid}).", "", "", Exit.OK, 200),
    "station-stopped": Message(
        "The station does not run.",
        "Files in the inbox wait until it does.",
        "Start it with: luutru serve",
    ),
    "part-alive": Message("{part} (process {pid}) is alive.", "", "", Exit.OK, 200),
    "part-silent": Message(
        "{part} (process {pid}) is silent since {moment}.",
        "It hangs, or it was ended without being started again.",
        "Look at log/station.log in the station's folder, then stop the station and start it: luutru serve",
    ),
    "faults-none": Message("No fault of the program is noted.", "", ""),
    "fault-noted": Message(
        "{moment}: a fault of the program ({kind}, {where}).",
        "Its trace stands in log/errors.log in the station's folder; no file is lost by it.",
        "If it comes again, show log/errors.log to whoever looks after the station.",
    ),
    "part-died-lately": Message(
        "{moment}: the process {part} ended unexpectedly (exit {exit}) and was started again.",
        "What it had in hand was taken up again.",
        "If it comes again, look at the lines before that moment in log/station.log.",
    ),
}
