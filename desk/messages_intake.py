"""What intake can find about a file that came in, and what the balance can find when files do not add up."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

INTAKE: Mapping[str, Message] = {
    "arriving": Message("The file is still arriving.", "It changes, or a program still writes it.", "Nothing to do."),
    "not-whole": Message(
        "The file never became whole.",
        "Its end is missing; copying or scanning stopped early.",
        "Scan the paper again, or copy the file again and let the copy finish.",
    ),
    "no-end": Message(
        "The PDF never became whole.",
        "Its end mark is missing; copying or scanning stopped early.",
        "Scan the paper again, or copy the file again and let the copy finish.",
    ),
    "pdf-without-end": Message(
        "The end of the PDF is missing.",
        "Copying or scanning stopped early.",
        "Scan the paper again, or copy the file again and let the copy finish.",
    ),
    "pdf-no-pages": Message(
        "The PDF has no pages.", "", "Scan the paper again, or copy the file again and let the copy finish."
    ),
    "image-not-whole": Message(
        "The image is not whole.",
        "Page {page} of it ends too early.",
        "Scan the paper again, or copy the file again and let the copy finish.",
    ),
    "only-zeros": Message(
        "The file holds nothing but zeros ({bytes}).",
        "Space was set aside for it, but its content never came; a copy that broke off looks like this.",
        "Scan the paper again, or copy the file again and let the copy finish.",
    ),
    "too-short": Message(
        "The file is too short to be anything ({bytes}).",
        "",
        "Scan the paper again, or copy the file again and let the copy finish.",
    ),
    "image-needs-too-much-memory": Message(
        "Opening the image needs too much memory (page {page}).",
        "",
        "Scan it at 200 or 300 dpi and drop it in the inbox again.",
    ),
    "needs-too-much-memory": Message(
        "Opening the file needs too much memory.",
        "",
        "Split it or save it anew, and drop it in the inbox again.",
    ),
    "examining-too-much-memory": Message(
        "Opening the file needs too much memory.",
        "",
        "Split it or save it anew, and drop it in the inbox again.",
    ),
    "examining-too-long": Message(
        "Looking into the file took too long.",
        "",
        "Save it anew or scan the paper again, and drop it in the inbox.",
    ),
    "examining-crashed": Message(
        "The program that looks into files was ended by this file.",
        "The file is broken, or made to do harm.",
        "Do not open it by hand unless you know where it comes from; scan the paper again.",
    ),
    "cannot-read": Message(
        "The file cannot be read.",
        "",
        "Give the user who runs the station the right to read it, then have it tried again.",
    ),
    "not-a-file": Message(
        "This is not a file but something else with a name.",
        "Pipes, devices and sockets have no content that could be kept.",
        "Take it out of the inbox.",
    ),
    "symlink": Message(
        "This is a link to another place, not a file.",
        "Links are never followed: they could lead to any file of the machine.",
        "Copy the file itself into the inbox.",
    ),
    "arrival-unknown": Message(
        "No file is called {reference}.",
        "",
        "The station page lists what was set aside, with identifiers.",
        Exit.NOT_FOUND,
        404,
    ),
    "arrival-ambiguous": Message(
        "More than one file begins with {reference}.",
        "",
        "Give more characters of the identifier.",
        Exit.NOT_FOUND,
        404,
    ),
    "rows-missing": Message(
        "{count} records of files that came in are missing from the database.",
        "",
        "Restore the missing part from a backup and keep a copy of the home folder as it is now.",
    ),
    "state-unknown": Message(
        "{count} files are in a state this release does not know: {examples}", "", "Update the program."
    ),
    "set-aside-file-missing": Message(
        "{count} files are no longer in the set-aside folder: {examples}",
        "Somebody removed or moved them by hand.",
        "Put them back, or leave it; it stays visible here.",
    ),
    "stored-bytes-missing": Message(
        "{count} stored files are missing from the vault or have another size: {examples}",
        "",
        "Restore the missing part from a backup and keep a copy of the home folder as it is now.",
    ),
    "stored-without-scan": Message(
        "{count} files count as stored but no scan holds them.",
        "",
        "Restore the missing part from a backup and keep a copy of the home folder as it is now.",
    ),
    "vault-orphan": Message(
        "The vault holds a file that no scan names: {sha256}",
        "A crash between two steps of intake leaves this; it does no harm.",
        "Nothing to do; the next intake of the same file uses it.",
    ),
    "file-kills-reader": Message(
        "Opening the file ended its reading worker {tries} times.",
        "The file is broken, or made to do harm.",
        "Scan the paper again.",
    ),
    "file-kills-writer": Message(
        "The searchable PDF could not be made: its writer was ended several times.",
        "",
        "The original and its text are kept and can be found; nothing to do.",
    ),
    "page-kills-reader": Message(
        "A page ended its reading worker {tries} times.",
        "It is left unread so that the rest of the file could be finished.",
        "Look at the page; scan it again, or press Retry after an update of the program.",
    ),
    "no-page-read": Message("No page of the file could be read.", "Pages: {pages}", "Look at it and scan it again."),
    "pages-failed": Message("Some pages could not be read: {pages}", "", "Look at them and scan those pages again."),
    "layers-failed": Message(
        "The searchable PDF could not be made.",
        "",
        "The original and its text are kept and can be found; nothing to do.",
    ),
    "backup-missing": Message("A file of the backup is missing: {path}", "", "Use another backup.", Exit.STORAGE),
    "backup-changed": Message("A file of the backup has changed: {path}", "", "Use another backup.", Exit.STORAGE),
    "backup-inside-home": Message(
        "The backup may not lie inside the station's own folder: {path}",
        "What destroys the one would destroy the other.",
        "Choose a folder on another disk.",
        Exit.SETTINGS,
    ),
    "backup-exists": Message("There is a backup of that name already: {path}", "", "Try again in a moment.", Exit.BUSY),
    "backup-none": Message("There is no backup in {path}.", "", "Check the folder.", Exit.NOT_FOUND, 404),
    "backup-broken": Message("The backup in {path} is damaged.", "", "Use an older one.", Exit.STORAGE),
    "restore-incomplete": Message(
        "The restored database names {rows} originals, but {originals} came back.",
        "",
        "Use another backup; nothing that stood before was replaced.",
        Exit.STORAGE,
    ),
    "restore-would-overwrite": Message(
        "Something stands already at {path}; it is not replaced.", "", "Restore into an empty folder.", Exit.SETTINGS
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
