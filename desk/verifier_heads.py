"""Keys, signed heads and what neighbours signed under them: the part of the single-file verifier that opens notes."""

from __future__ import annotations

import base64
import re
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Optional

TEXTS = {
    "entry-not-canonical": ("không đúng dạng chuẩn ({why})", "is not in canonical form ({why})"),
    "entry-changed": ("đã bị sửa", "was changed"),
    "entry-removed": ("đã bị bỏ đi", "was removed"),
    "entry-inserted": ("bị chèn thêm", "was inserted"),
    "entries-swapped": ("bị đổi chỗ với dòng kế tiếp", "was swapped with the next one"),
    "entries-missing": ("và các dòng sau đến dòng {last} không có", "and all up to {last} are missing"),
    "entries-unsigned": ("và các dòng sau không có mốc chốt nào bảo đảm", "and all after it are covered by no head"),
    "root-differs": ("đến dòng {last}: trái với mốc chốt {size} dòng", "to {last}: contradict the head of {size}"),
    "leaves-damaged": ("tệp leaves.bin không khớp các mốc chốt", "leaves.bin contradicts the signed heads"),
    "head-foreign-key": ("{name}: không do khóa nào đã biết ký", "{name}: signed by none of the known keys"),
    "head-forged": ("{name}: chữ ký sai", "{name}: its signature is wrong"),
    "head-broken": ("{name}: không đọc được", "{name}: cannot be read"),
    "head-of-another-log": ("{name}: thuộc nhật ký khác", "{name}: belongs to another log"),
    "head-old-key": ("{name}: khóa mới của nhật ký không ký", "{name}: the log's newer key did not sign it"),
    "cosignature-wrong": ("{name}: chữ ký của đơn vị bạn sai", "{name}: a neighbour's signature is wrong"),
    "lost-head-missing": ("nêu mốc chốt {name} mà gói này không có", "names the head {name}, which is not here"),
    "heads-fork": ("hai mốc chốt cùng {size} dòng nhưng khác nhau", "two heads of {size} entries differ"),
    "head-not-the-printed": ("mốc chốt mới nhất là {found}, không phải {wanted}", "newest head {found}, not {wanted}"),
    "proof-wrong": ("{name}: chứng minh sai ({why})", "{name}: the proof is wrong ({why})"),
}
decode64 = partial(base64.b64decode, validate=True)
NOTE, COSIGNATURE = b"\x01", b"\x04"
# {(name, key hash): public key}; the class is only known where `cryptography` is.
Keys = dict[tuple[str, bytes], Any]
Finding = tuple[str, Optional[int], dict[str, Any]]  # noqa: UP045  # read by Python 3.9 too


class Head(NamedTuple):
    """A signed head: size, root and text, the log's keys that signed it, and (neighbour, POSIX seconds) of others."""

    size: int
    root: bytes
    text: str
    signers: frozenset[tuple[str, bytes]]
    neighbours: tuple[tuple[str, int], ...]

    def short(self) -> str:
        """Return the 16 hex digits that stand on paper."""
        return sha256(self.text.encode()).hexdigest()[:16]


def read(path: Path) -> str:
    """Return a text exactly as it stands."""
    return path.read_bytes().decode("utf-8", "replace")


def read_key(line: str, kind: bytes) -> tuple[str, bytes, bytes]:
    """Return (name, key hash, public key) of a verifier key; raises ValueError."""
    name, told, coded = line.split("+", 2)
    raw = decode64(coded)
    key_hash = sha256(name.encode() + b"\n" + raw).digest()[:4]
    if raw[:1] != kind or len(raw) != 33 or key_hash.hex() != told:
        raise ValueError(line)
    return name, key_hash, raw[1:]


def read_keys(path: Path, kind: bytes = NOTE) -> Keys:
    """Return the keys of one kind in a file of verifier keys."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    keys: Keys = {}
    for line in read(path).split():
        try:
            name, key_hash, public = read_key(line, kind)
            keys[name, key_hash] = Ed25519PublicKey.from_public_bytes(public)
        except ValueError as error:
            raise OSError(f"{path}: không phải khóa / no key: {line[:80]}") from error
    return keys


def open_head(note: str, keys: Keys, origin: str, witnesses: Keys) -> Head:
    """Return a signed head; raises ValueError, with a code of TEXTS where there is one."""
    text, gap, lines = note.rpartition("\n\n")
    text, signers, neighbours = text + "\n", set(), []
    for line in lines[:-1].split("\n"):
        dash, name, coded = line.split(" ")
        raw = decode64(coded if dash == "—" else "head-broken")
        if (name, raw[:4]) in keys:
            verify(keys[name, raw[:4]], raw[4:], text.encode(), "head-forged")
            signers.add((name, raw[:4]))
        elif (name, raw[:4]) in witnesses:
            at = int.from_bytes(raw[4:12], "big")
            message = f"cosignature/v1\ntime {at}\n{text}".encode()
            verify(witnesses[name, raw[:4]], raw[12:], message, "cosignature-wrong")
            neighbours.append((name, at))
    found, size, root, *_ = text.split("\n")
    if not gap or lines[-1:] != "\n" or not re.fullmatch("0|[1-9][0-9]{0,18}", size) or len(decode64(root)) != 32:
        raise ValueError("head-broken")
    if not signers or found != origin:
        raise ValueError("head-of-another-log" if signers else "head-foreign-key")
    return Head(int(size), decode64(root), text, frozenset(signers), tuple(neighbours))


def verify(key: Any, signature: bytes, message: bytes, code: str) -> None:
    """Raise ValueError(code) where a signature is wrong."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, message)
    except InvalidSignature:
        raise ValueError(code) from None


def read_heads(
    folder: Path, keys: Keys, origin: str, witnesses: Keys, findings: list[Finding]
) -> list[tuple[str, Head]]:
    """Return (file name, head) of every head in a bundle that a known key signed."""
    heads: list[tuple[str, Head]] = []
    for path in [*sorted((folder / "heads").glob("*.txt")), *sorted((folder / "proofs").glob("*.tlog-proof"))]:
        try:
            note = read(path).split("\n\n", path.suffix != ".txt")[-1]
            heads.append((path.name, open_head(note, keys, origin, witnesses)))
        except ValueError as error:
            findings.append((str(error) if str(error) in TEXTS else "head-broken", None, {"name": path.name}))
    return heads
