"""Checkpoints (c2sp.org/tlog-checkpoint): one line of a log's name, its size, and its root, as the text of a note.

    luutru/phuong-01
    1204
    sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

Whoever holds one old checkpoint can tell whether anything before it was ever changed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from custody import notes
from custody.errors import CustodyError
from custody.notes import SignerKey, VerifierKey

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: `size` entries with the Merkle root `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def short(self) -> str:
        """Return the 16 hex digits printed in the foot of a form: SHA-256 of the text, cut to 8 bytes."""
        return sha256(self.text().encode()).hexdigest()[:16]


def parse(text: str) -> Checkpoint:
    """Read the text of a checkpoint; raises CustodyError "checkpoint-broken"."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not lines[0] or not all(lines[:-1]) or not _SIZE.fullmatch(lines[1]):
        raise CustodyError("checkpoint-broken", why="form")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError) as broken:
        raise CustodyError("checkpoint-broken", why="root") from broken
    if len(root) != 32:
        raise CustodyError("checkpoint-broken", why="root")
    return Checkpoint(lines[0], int(lines[1]), root)


def sign(checkpoint: Checkpoint, keys: Iterable[SignerKey]) -> str:
    """Return the signed note of a checkpoint."""
    return notes.sign(checkpoint.text(), keys)


def read(note: str, known: Iterable[VerifierKey], origin: str | None = None) -> Checkpoint:
    """Return the checkpoint of a note that a known key signed.

    Raises what `notes.open_note` raises, "checkpoint-broken", and "checkpoint-of-another-log" where the name is not
    `origin`.
    """
    return read_signed(note, known, origin)[0]


def read_signed(
    note: str, known: Iterable[VerifierKey], origin: str | None = None
) -> tuple[Checkpoint, tuple[VerifierKey, ...]]:
    """Return the checkpoint of a note and which known keys signed it; raises as `read` does."""
    opened = notes.open_note(note, known)
    checkpoint = parse(opened.text)
    if origin is not None and checkpoint.origin != origin:
        raise CustodyError("checkpoint-of-another-log", found=checkpoint.origin, wanted=origin)
    return checkpoint, opened.signers
