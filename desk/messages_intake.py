"""What intake can find about a file that came in, and what the balance can find when files do not add up."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

INTAKE: Mapping[str, Message] = {
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
    "check-timeout": Message(
        "Looking into the file took too long.",
        "It was given up after {seconds}.",
        "Save it anew or scan the paper again, and drop it in the inbox.",
    ),
    "check-crashed": Message(
        "The program that looks into files was ended by this file.",
        "The file is broken, too large for the memory, or made to do harm.",
        "Do not open it by hand unless you know where it comes from; scan the paper again.",
    ),
    "fifo": Message(
        "This is a pipe, not a file.",
        "Pipes, devices and sockets have no content that could be kept.",
        "Take it out of the inbox.",
    ),
    "socket": Message(
        "This is a socket, not a file.",
        "Pipes, devices and sockets have no content that could be kept.",
        "Take it out of the inbox.",
    ),
    "device": Message(
        "This is a device, not a file.",
        "Pipes, devices and sockets have no content that could be kept.",
        "Take it out of the inbox.",
    ),
    "folder-unreadable": Message(
        "A folder in the inbox cannot be looked into.",
        "The user who runs the station has no right to.",
        "Give that user the right to read and change the folder; it is tried again by itself.",
    ),
    "name-says-unfinished": Message(
        "The name of the file says that it is still being written.",
        "Names such as .part or .tmp belong to copies under way.",
        "Wait until the copy is done, or give the file its real name.",
    ),
    "changing": Message("The file is still changing.", "", "Nothing to do; it is taken in when it rests."),
    "being-written": Message(
        "A program still holds the file open for writing.", "", "Nothing to do; it is taken in when it is closed."
    ),
    "no-permission": Message(
        "The file may not be read.",
        "The user who runs the station has no right to.",
        "Give that user the right to read and move it; it is tried again by itself.",
    ),
    "cannot-clear-inbox": Message(
        "The file is stored, but it cannot be moved out of the inbox.",
        "The user who runs the station may not change that folder.",
        "Give that user the right to change the folder; it is tried again by itself.",
    ),
    "gone-before-intake": Message(
        "The file was gone before it could be taken in.",
        "Somebody moved, renamed or removed it.",
        "If it should be in the archive, drop it in the inbox again.",
    ),
    "taken-from-set-aside": Message(
        "The file was taken out of the set-aside folder by hand.",
        "",
        "If it should be in the archive, drop it in the inbox again.",
    ),
    "arrival-not-set-aside": Message(
        "The file {name} is not set aside.",
        "It is {state} by now.",
        "Nothing to do.",
        Exit.NOT_FOUND,
        409,
    ),
    "inbox-unreachable": Message(
        "The inbox cannot be reached: {path}",
        "It answered: {detail}",
        "Check the folder, or the network share it is on; the station goes on by itself.",
        Exit.STORAGE,
        503,
    ),
    "file-trouble": Message(
        "The system refused something at {path}.",
        "It answered: {detail}",
        "Check the rights and the disk; the station goes on by itself.",
        Exit.STORAGE,
        503,
    ),
    "disk-nearly-full": Message(
        "The disk of {path} has only {free_mb} MB left.",
        "Intake keeps {keep_free_mb} MB free and waits below that; every file stays in the inbox.",
        "Make room on that disk; the station goes on by itself.",
        Exit.STORAGE,
        507,
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
}
