"""What time stamps of the custody log's heads can be refused for."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

STAMPS: Mapping[str, Message] = {
    "timestamps-part-missing": Message(
        "Time stamps are set, but the program that reads them is not installed.",
        "It is the extra timestamps (package rfc3161-client).",
        "Install it, or empty the setting timestamp_url.",
        Exit.NOT_READY,
        503,
    ),
    "timestamp-root-unreadable": Message(
        "The certificates of the time-stamp authority cannot be read: {path}",
        "Without them nobody can tell a real time stamp from a forged one.",
        "Put the PEM file of the authority there, or mend the setting timestamp_root.",
        Exit.SETTINGS,
        422,
    ),
    "timestamp-refused": Message(
        "The time-stamp authority does not stamp (status {status}).",
        "The address may be wrong, or the service is closed.",
        "Nothing is lost: it is asked again each minute. If it lasts, compare the setting timestamp_url.",
        Exit.NOT_READY,
        503,
    ),
    "timestamp-wrong": Message(
        "A time stamp is not that of its head ({size} entries): {path}",
        "The head or the stamp was changed, or another authority gave it.",
        "Keep it and report it; the head itself is checked by its signature.",
        Exit.FINDINGS,
        422,
    ),
}
