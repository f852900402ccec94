"""What the database, the vault and the disk can refuse or notice."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

STORAGE: Mapping[str, Message] = {
    "sqlite-too-old": Message(
        "The SQLite library is too old: {found}.",
        "Releases before {wanted} can damage a database when two processes write to it.",
        "Install the program's own environment again with ./run",
        Exit.NOT_READY,
        503,
    ),
    "database-on-network-share": Message(
        "The database may not stand on a network share ({kind}): {path}",
        "File locks cannot be trusted there, and the database could be damaged.",
        "Keep the home on a local disk; the inbox alone may be on a share (setting inbox).",
        Exit.SETTINGS,
        503,
    ),
    "database-kind-unknown": Message(
        "The database {url} is of a kind the station does not know.",
        "It works with sqlite:///… and postgresql://…",
        "Mend the setting database in luutru.toml.",
        Exit.SETTINGS,
        503,
    ),
    "database-from-later-release": Message(
        "The database was written by a later release of this program (revision {found}).",
        "This release knows revisions up to {newest} and could damage what it does not know.",
        "Update the program, or go back to the home of this release from a backup.",
        Exit.NOT_READY,
        503,
    ),
    "database-busy": Message(
        "The database is busy.",
        "Another process has held it for longer than the station waits.",
        "Try again in a moment; luutru status shows which processes run.",
        Exit.BUSY,
        503,
    ),
    "database-unreachable": Message(
        "The database cannot be opened.",
        "It answered: {detail}",
        "Check that it runs and that the setting database is right; luutru doctor looks further.",
        Exit.NOT_READY,
        503,
    ),
    "database-damaged": Message(
        "The database is damaged.",
        "Its own check says: {detail}",
        "Stop the station, keep a copy of the home folder as it is, and restore the last backup.",
        Exit.STORAGE,
        503,
    ),
    "time-without-zone": Message(
        "A time without its zone was to be written: {value}",
        "It could be seven hours wrong, so it is refused.",
        "This is a fault of the program; please report it.",
        Exit.UNEXPECTED,
        500,
    ),
    "not-a-sha256": Message(
        "{value} is not a SHA-256 name.",
        "",
        "A SHA-256 has 64 digits from 0 to 9 and a to f.",
        Exit.USAGE,
        400,
    ),
    "disk-full": Message(
        "The disk is full: {path}",
        "Intake has stopped; every file stays in the inbox until there is room.",
        "Make room on that disk; the station goes on by itself.",
        Exit.STORAGE,
        507,
    ),
    "disk-low": Message(
        "The disk of {path} has only {free_bytes} left.",
        "Intake keeps {keep_bytes} free and waits below that; every file stays in the inbox.",
        "Make room on that disk; the station goes on by itself.",
        Exit.STORAGE,
        507,
    ),
    "vault-read-only": Message(
        "The vault cannot be written: {path}",
        "The disk is mounted read-only or the folder belongs to another user.",
        "Give the user who runs the station the right to write there; every file stays in the inbox until then.",
        Exit.STORAGE,
        503,
    ),
    "vault-bytes-missing": Message(
        "A stored scan is missing from the vault: {path}",
        "Its row is there but its file is not; somebody or something removed it.",
        "Put the file {sha256} back from a backup, then run: luutru fixity",
        Exit.STORAGE,
        500,
    ),
    "vault-bytes-changed": Message(
        "A stored scan has changed in the vault: {path}",
        "Its bytes no longer have the SHA-256 they were stored under; the disk may be failing.",
        "Put the file {sha256} back from a backup and have the disk checked, then run: luutru fixity",
        Exit.STORAGE,
        500,
    ),
    "vault-unreadable": Message(
        "A stored scan cannot be read from the vault: {path}",
        "The system answered: {error}",
        "Check the rights on the vault folder and the health of the disk, then run: luutru fixity",
        Exit.STORAGE,
        500,
    ),
    "lease-lost": Message(
        "Another worker has taken over the scan {scan}.",
        "This worker was silent for too long; what it still wanted to write was refused.",
        "Nothing to do: the other worker finishes the scan.",
        Exit.BUSY,
        409,
    ),
    "index-other-version": Message(
        "The search index was written by another release.",
        "Its words are folded in another way than this release asks for them.",
        "Build it anew with: luutru reindex",
    ),
    "index-page-missing": Message(
        "{count} pages are missing from the search index.", "", "Build it anew with: luutru reindex"
    ),
    "index-page-surplus": Message(
        "The search index names {count} pages that are gone.", "", "Build it anew with: luutru reindex"
    ),
    "index-broken": Message("The search index is damaged.", "", "Build it anew with: luutru reindex"),
}
