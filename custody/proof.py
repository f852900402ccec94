"""Offline proofs (c2sp.org/tlog-proof): that one entry stands in the log a checkpoint speaks of.

    c2sp.org/tlog-proof@v1
    index 73894
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=      one line for each hash of the path, lowest first
                                                      an empty line
    …                                                 the signed checkpoint

A proof of n entries takes about 44·log₂(n) bytes and is checked without the log.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass

from custody import checkpoint, merkle
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError
from custody.notes import VerifierKey

_HEAD = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
MOST_HASHES = 64


@dataclass(frozen=True)
class Proof:
    """The audit path of entry `index` and the signed checkpoint it leads to; `extra` has the application's meaning."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None


def format_proof(proof: Proof) -> str:
    """Return the text of a .tlog-proof file."""
    lines = [_HEAD]
    if proof.extra is not None:
        lines.append(f"extra {base64.b64encode(proof.extra).decode()}")
    lines.append(f"index {proof.index}")
    lines += [base64.b64encode(each).decode() for each in proof.path]
    return "\n".join(lines) + "\n\n" + proof.checkpoint


def parse_proof(text: str) -> Proof:
    """Read a .tlog-proof file; raises CustodyError "proof-broken"."""
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines.pop(0) != _HEAD or not lines or len(lines) > MOST_HASHES + 2:
        raise CustodyError("proof-broken", why="form")
    try:
        extra = base64.b64decode(lines.pop(0)[6:], validate=True) if lines[0].startswith("extra ") else None
        index = _INDEX.fullmatch(lines.pop(0)) if lines else None
        path = tuple(base64.b64decode(line, validate=True) for line in lines)
    except (binascii.Error, ValueError) as broken:
        raise CustodyError("proof-broken", why="base64") from broken
    if index is None or any(len(each) != merkle.SIZE for each in path):
        raise CustodyError("proof-broken", why="form")
    return Proof(int(index[1]), path, note, extra)


def check_proof(proof: Proof, body: bytes, known: Iterable[VerifierKey], origin: str | None = None) -> Checkpoint:
    """Return the checkpoint that is shown to hold the entry `body`.

    Raises CustodyError "proof-wrong" where the path does not lead there, and what `checkpoint.read` raises.
    """
    head = checkpoint.read(proof.checkpoint, known, origin)
    if not merkle.check_inclusion(proof.index, head.size, merkle.leaf_hash(body), proof.path, head.root):
        raise CustodyError("proof-wrong", entry=proof.index, size=head.size)
    return head
