"""What is enclosed with an entry: photos and free text go into the vault, the entry names their SHA-256.

A text can then be erased by law without breaking the log, and a photo cannot be exchanged unseen.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from archive.errors import VaultError
from archive.vault import HEX, Held, Vault
from custody.errors import CustodyError
from desk.office import Office

MOST_BYTES, LONGEST_TEXT = 64 * 1024 * 1024, 100_000
# A reason in this form stands in the entry as it is; any other is a text of its own.
SHORT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class Enclosed:
    """What an entry names: `reason` is a short code or the SHA-256 of its text, `names` every SHA-256 enclosed.

    `day` is the office's day of the act, by which its running numbers are given.
    """

    day: date
    reason: str = ""
    names: tuple[str, ...] = ()
    held: tuple[Held, ...] = ()

    def keep(self, vault: Vault) -> None:
        """Give the bytes their names; called inside the transaction of the entry, before it commits."""
        for each in self.held:
            vault.keep(each)


@contextmanager
def enclose(office: Office, *, reason: str = "", files: Sequence[Path] = (), text: str = "") -> Iterator[Enclosed]:
    """Copy photos and texts beside the vault for the length of a `with` block; what is not kept then is dropped.

    Raises CustodyError "enclosure-unreadable", "enclosure-empty", "enclosure-too-large".
    """
    held: list[Held] = []
    day = office.clock.now().astimezone().date()
    try:
        for path in files:
            held.append(_hold(office, path))
        reason = " ".join(reason.split())
        held += [hold_text(office, said) for said in (text, "" if SHORT.fullmatch(reason) else reason) if said.strip()]
        if reason and not SHORT.fullmatch(reason):
            reason = held[-1].sha256
        yield Enclosed(day, reason, tuple(dict.fromkeys(each.sha256 for each in held)), tuple(held))
    finally:
        for each in held:
            office.vault.drop(each)


def hold_text(office: Office, text: str) -> Held:
    """Copy a text beside the vault, as UTF-8; CustodyError "enclosure-too-large"."""
    if len(text) > LONGEST_TEXT:
        raise CustodyError("text-too-long", limit=LONGEST_TEXT)
    return office.vault.hold(io.BytesIO(text.encode("utf-8", "backslashreplace")))


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8; refuses what `enclose` does."""
    try:
        with path.open("rb") as source:
            raw = source.read(4 * LONGEST_TEXT + 1)
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CustodyError("enclosure-unreadable", name=str(path)) from error
    if not text.strip():
        raise CustodyError("enclosure-empty", name=str(path))
    if len(text) > LONGEST_TEXT:
        raise CustodyError("text-too-long", limit=LONGEST_TEXT)
    return text


def text_of(office: Office, told: str) -> str:
    """Return what a reason says: itself, or the text whose SHA-256 it is; itself too where the text was erased."""
    if not HEX.fullmatch(told):
        return told
    try:
        with office.vault.open(told) as source:
            return source.read(4 * LONGEST_TEXT).decode("utf-8", "replace")
    except (VaultError, OSError):
        return told


def _hold(office: Office, path: Path) -> Held:
    try:
        source = path.open("rb")
    except OSError as error:
        raise CustodyError("enclosure-unreadable", name=str(path)) from error
    with source:
        size = os.fstat(source.fileno()).st_size
        if not size:
            raise CustodyError("enclosure-empty", name=str(path))
        if size > MOST_BYTES:
            raise CustodyError("enclosure-too-large", name=str(path), bytes=size, limit=MOST_BYTES)
        return office.vault.hold(source, MOST_BYTES)
