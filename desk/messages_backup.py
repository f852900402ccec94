"""What backup, restore and the parts of the city set-up can refuse."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

BACKUP: Mapping[str, Message] = {
    "program-missing": Message(
        "The program {program} was not found.",
        "A backup of PostgreSQL needs it.",
        "Install it with: sudo apt-get install postgresql-client",
        Exit.NOT_READY,
        503,
    ),
    "program-failed": Message(
        "The program {program} failed.", "It said: {detail}", "Mend what it names, then try again.", Exit.STORAGE, 503
    ),
    "database-broken": Message(
        "The copy of the database at {path} is damaged.",
        "Its own check says: {findings}",
        "Try again; if it comes back, check the disk and use an older backup.",
        Exit.STORAGE,
    ),
    "database-trouble": Message(
        "The database refused.",
        "It answered: {detail}",
        "The station tries again by itself; luutru doctor looks further.",
        Exit.NOT_READY,
        503,
    ),
    "backup-missing": Message("A file of the backup is missing: {path}", "", "Use another backup.", Exit.STORAGE),
    "backup-changed": Message("A file of the backup has changed: {path}", "", "Use another backup.", Exit.STORAGE),
    "backup-inside-home": Message(
        "The backup may not lie inside the station's own folder: {path}",
        "What destroys the one would destroy the other.",
        "Choose a folder on another disk.",
        Exit.SETTINGS,
    ),
    "backup-unwritable": Message(
        "The backup cannot be written to {path}.",
        "The system answered: {detail}",
        "Check that the disk is plugged in and that this user may write there, or name another folder.",
        Exit.STORAGE,
    ),
    "backup-exists": Message("There is a backup of that name already: {path}", "", "Try again in a moment.", Exit.BUSY),
    "backup-none": Message(
        "There is no finished backup in {path}.",
        "A backup that was cut short does not count.",
        "Check the folder; its part snapshots/ lists the backups by their moment.",
        Exit.NOT_FOUND,
        404,
    ),
    "backup-broken": Message("The backup in {path} is damaged.", "", "Use an older one.", Exit.STORAGE),
    "restore-incomplete": Message(
        "The restored database names {rows} originals, but {originals} came back.",
        "",
        "Use another backup; nothing that stood before was replaced.",
        Exit.STORAGE,
    ),
    "restore-would-overwrite": Message(
        "Something stands already at {path}; it is not replaced.",
        "",
        "Restore into a new folder: luutru restore FOLDER --home NEW_FOLDER",
        Exit.SETTINGS,
    ),
    "restore-other-engine": Message(
        "The backup {path} belongs to another kind of database than {engine}.",
        "",
        "Set database in luutru.toml to the kind the backup was made from.",
        Exit.SETTINGS,
    ),
    "city-part-missing": Message(
        "The program part {part} for the city set-up is not installed.",
        "",
        "Install it with: uv pip sync --require-hashes requirements-city.lock",
        Exit.NOT_READY,
        503,
    ),
    "vault-refused": Message("The store {path} refused: {error}", "", "Check its keys and rights.", Exit.STORAGE, 503),
    "vault-unreachable": Message(
        "The store {path} cannot be reached: {error}",
        "Every file stays in the inbox until it can.",
        "Check the network and the store.",
        Exit.STORAGE,
        503,
    ),
}
