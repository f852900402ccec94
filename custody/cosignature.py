"""Cosignatures (c2sp.org/tlog-cosignature): a neighbour says that it saw a log grow to a head, and when.

    — luutru/phuong-02/witness xxxxxxxx…      em dash, name, base64(key hash ‖ 8 bytes of POSIX seconds ‖ signature)

What is signed is `cosignature/v1`, `time 1679315147`, and the whole text of the head, each line ended by a newline. The
line stands under the head's own signatures, so a cosigned head is a signed note like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from custody import notes
from custody.errors import CustodyError
from custody.notes import SignerKey, VerifierKey

LATEST = 2**63 - 1
_TIME, _SIGNATURE = 8, 64


@dataclass(frozen=True)
class Cosignature:
    """One checked cosignature: whose it is, its POSIX seconds, and the line it stands in."""

    key: VerifierKey
    at: int
    line: str


def cosign(text: str, key: SignerKey, at: int) -> str:
    """Return the line with which `key` cosigns the text of a head at `at` POSIX seconds."""
    signature = Ed25519PrivateKey.from_private_bytes(key.seed).sign(_message(text, at))
    return notes.format_line(key.verifier, at.to_bytes(_TIME, "big") + signature)


def read_cosignatures(note: str, known: Iterable[VerifierKey]) -> tuple[Cosignature, ...]:
    """Return the cosignatures of known neighbours that stand under a head; lines of others are passed over.

    Raises CustodyError "note-broken", and "cosignature-forged" for a known neighbour's line that does not verify.
    """
    text, lines = notes.cut(note)
    keys = {(key.name, key.key_hash): key for key in known if key.algorithm == notes.COSIGNATURE}
    found: list[Cosignature] = []
    for name, key_hash, told in lines:
        if (key := keys.get((name, key_hash))) is None:
            continue
        at = int.from_bytes(told[:_TIME], "big")
        try:
            if len(told) != _TIME + _SIGNATURE or at > LATEST:
                raise ValueError("not a cosignature")
            Ed25519PublicKey.from_public_bytes(key.public).verify(told[_TIME:], _message(text, at))
        except (InvalidSignature, ValueError) as forged:
            raise CustodyError("cosignature-forged", name=name) from forged
        found.append(Cosignature(key, at, notes.format_line(key, told)))
    return tuple(found)


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
