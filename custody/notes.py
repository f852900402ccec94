"""Signed notes (c2sp.org/signed-note): a text and lines of signatures that many tools can check.

    luutru/phuong-01                        the text, every line ended by a newline
    3
    qpUKzF+uXEJgJfsU8bgHVBmYClWTM0jrkCYpyGYa5O8=
                                            an empty line
    — luutru/phuong-01 xxxxxxxx…            em dash, name, base64(key hash of 4 bytes ‖ signature)

A verifier key is `name+hash+key`: the first 4 bytes of SHA-256(name ‖ "\\n" ‖ 0x01 ‖ public key) in hex, and base64 of
0x01 ‖ public key (0x01 says Ed25519). A signer key is `PRIVATE+KEY+name+hash+` and base64 of 0x01 ‖ seed. Keys that
cosign (custody/cosignature.py) have 0x04 in that place.
Lines of unknown keys are passed over; a line of a known key that does not verify refuses the whole note.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from custody.errors import CustodyError

ED25519, COSIGNATURE = b"\x01", b"\x04"
_LEAD, _PRIVATE = "— ", "PRIVATE+KEY+"
# Far more lines than witnesses; a bound on what a hostile note may cost.
MOST_LINES, MOST_BYTES = 100, 1_000_000


@dataclass(frozen=True)
class VerifierKey:
    """A named public key: 32 bytes of Ed25519, and what it signs: notes, or cosignatures."""

    name: str
    public: bytes
    algorithm: bytes = ED25519

    @property
    def key_hash(self) -> bytes:
        """Return the four bytes that stand before each signature of this key."""
        return sha256(self.name.encode() + b"\n" + self.algorithm + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_hash.hex()}+{_text(self.algorithm + self.public)}"


@dataclass(frozen=True)
class SignerKey:
    """A named private key: the 32-byte seed of Ed25519. It is never printed by accident."""

    name: str
    seed: bytes
    algorithm: bytes = ED25519

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(self.name, public.public_bytes(Encoding.Raw, PublicFormat.Raw), self.algorithm)

    def written(self) -> str:
        """Return the text of the key file."""
        return f"{_PRIVATE}{self.name}+{self.verifier.key_hash.hex()}+{_text(self.algorithm + self.seed)}"

    def __repr__(self) -> str:
        return f"SignerKey({self.name!r})"


@dataclass(frozen=True)
class Note:
    """An opened note: its text and the keys that are known to have signed it."""

    text: str
    signers: tuple[VerifierKey, ...]


def new_key(name: str, algorithm: bytes = ED25519) -> SignerKey:
    """Make a key; `name` holds no space and no plus sign (CustodyError "key-name-wrong")."""
    _examine_name(name)
    return SignerKey(name, Ed25519PrivateKey.generate().private_bytes_raw(), algorithm)


def parse_verifier(text: str, algorithm: bytes = ED25519) -> VerifierKey:
    """Read a verifier key; raises CustodyError "key-broken"."""
    name, key_hash, material = _take_apart(text, algorithm)
    key = VerifierKey(name, material, algorithm)
    if key.key_hash != key_hash:
        raise CustodyError("key-broken", why="hash")
    return key


def parse_signer(text: str, algorithm: bytes = ED25519) -> SignerKey:
    """Read a signer key; raises CustodyError "key-broken"."""
    if not text.startswith(_PRIVATE):
        raise CustodyError("key-broken", why="not-private")
    name, key_hash, material = _take_apart(text.removeprefix(_PRIVATE), algorithm)
    key = SignerKey(name, material, algorithm)
    if key.verifier.key_hash != key_hash:
        raise CustodyError("key-broken", why="hash")
    return key


def sign(text: str, keys: Iterable[SignerKey]) -> str:
    """Return the note of `text`, which ends with a newline and holds no control characters, signed by `keys`."""
    _examine_text(text)
    return text + "\n" + "".join(_line(text, key) for key in keys)


def add_signature(note: str, key: SignerKey) -> str:
    """Return the note with one signature more: what a witness does."""
    text, _ = cut(note)
    return note + _line(text, key)


def open_note(note: str, known: Iterable[VerifierKey]) -> Note:
    """Return the text and who signed it; at least one known key must have.

    Raises CustodyError "note-broken", "note-unsigned" (no known key) or "note-forged" (a known key's line is wrong).
    """
    text, lines = cut(note)
    keys = {(key.name, key.key_hash): key for key in known}
    signers: list[VerifierKey] = []
    for name, key_hash, signature in lines:
        key = keys.get((name, key_hash))
        if key is None or key in signers:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError) as forged:
            raise CustodyError("note-forged", key=str(key)) from forged
        signers.append(key)
    if not signers:
        raise CustodyError("note-unsigned", names=[name for name, _, _ in lines])
    return Note(text, tuple(signers))


def _line(text: str, key: SignerKey) -> str:
    signature = Ed25519PrivateKey.from_private_bytes(key.seed).sign(text.encode())
    return format_line(key.verifier, signature)


def format_line(key: VerifierKey, signature: bytes) -> str:
    """Return a signature as the line of a note."""
    return f"{_LEAD}{key.name} {_text(key.key_hash + signature)}\n"


def cut(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Return the text of a note and (name, key hash, signature) of each line, unchecked; CustodyError "note-broken"."""
    if len(note.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise CustodyError("note-broken", why="too-long")
    at = note.rfind("\n\n")
    if at < 0 or not note.endswith("\n"):
        raise CustodyError("note-broken", why="no-signatures")
    text, tail = note[: at + 1], note[at + 2 :]
    _examine_text(text)
    lines = tail.removesuffix("\n").split("\n")
    if len(lines) > MOST_LINES:
        raise CustodyError("note-broken", why="too-many-signatures")
    return text, [_take_line(line) for line in lines]


def _take_line(line: str) -> tuple[str, bytes, bytes]:
    name, _, coded = line.removeprefix(_LEAD).partition(" ")
    if not line.startswith(_LEAD) or not name or "+" in name:
        raise CustodyError("note-broken", why="signature-line")
    told = _bytes(coded, "note-broken")
    if len(told) < 5:
        raise CustodyError("note-broken", why="signature-line")
    return name, told[:4], told[4:]


def _take_apart(text: str, algorithm: bytes) -> tuple[str, bytes, bytes]:
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise CustodyError("key-broken", why="form")
    name, told_hash, coded = parts
    _examine_name(name)
    material = _bytes(coded, "key-broken")
    if len(material) != 33 or material[:1] != algorithm:
        raise CustodyError("key-broken", why="kind")
    try:
        return name, bytes.fromhex(told_hash), material[1:]
    except ValueError as broken:
        raise CustodyError("key-broken", why="hash") from broken


def _examine_name(name: str) -> None:
    if not name or "+" in name or any(letter.isspace() or not letter.isprintable() for letter in name):
        raise CustodyError("key-name-wrong", name=name)


def _examine_text(text: str) -> None:
    if not text.endswith("\n") or any(ord(letter) < 32 and letter != "\n" for letter in text):
        raise CustodyError("note-broken", why="text")


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str, code: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as broken:
        raise CustodyError(code, why="base64") from broken
