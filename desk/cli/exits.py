"""The exit codes of `luutru`, in one list: scripts may rely on them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended; each member's sentence stands in docs/cli.md."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    SETTINGS = 3
    NOT_READY = 4
    SET_ASIDE = 5
    FINDINGS = 6
    NOT_FOUND = 7
    BUSY = 8
    STORAGE = 9
    UNFINISHED = 10
    INTERRUPTED = 130


MEANING = {
    Exit.OK: "Everything that was asked for is done.",
    Exit.UNEXPECTED: "A fault of the program; its trace is in the log file that the message names.",
    Exit.USAGE: "The command line was not understood.",
    Exit.SETTINGS: "A setting cannot be used.",
    Exit.NOT_READY: "The home, its database or a program it needs is not ready.",
    Exit.SET_ASIDE: "At least one file was set aside; everything else is stored.",
    Exit.FINDINGS: "The check went through and found something that a person must look at.",
    Exit.NOT_FOUND: "No scan, page or file of that name.",
    Exit.BUSY: "Something else is in the way (another station, a used port, a locked database); try again later.",
    Exit.STORAGE: "The disk is full, or the vault is not writable, missing bytes or changed.",
    Exit.UNFINISHED: "The time to wait was over before the work was.",
    Exit.INTERRUPTED: "Stopped by the person or the system (Ctrl-C, SIGTERM).",
}
