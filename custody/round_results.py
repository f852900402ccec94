"""The results of a round, each provable alone under the root that stands in the entry of its end.

A result is canonical JSON (`custody.canonical`); the leaves, in the order of their numbers, make an RFC 6962 tree:

    leaf = SHA-256(0x00 ‖ result)        node = SHA-256(0x01 ‖ left ‖ right)

A proof is one text, checked in this order, with SHA-256 and an Ed25519 signature and nothing of ours:

    luutru-round-proof 1
    result {"at":"2026-01-05T22:31:07+07:00",…,"point":"7K3M9QXZ2",…}
    index 3 of 12
    <base64 of each hash of the path, lowest level first>

    <a .tlog-proof of the entry "round-ended", with the entry's bytes as `extra`>

1. Hash the bytes after "result " as a leaf; go up the path (RFC 9162, 2.1.3.2): that is the round's root.
2. The entry in `extra` is of kind "round-ended", names the same round, has this root (hex) and "results":12.
3. The rest is a C2SP tlog-proof: its own path leads from the entry to the root of a signed head of the log.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from custody import merkle
from custody.canonical import decode, encode
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError
from custody.notes import VerifierKey
from custody.proof import check_proof, parse_proof

UNSCANNED = "unscanned"
_HEAD = "luutru-round-proof 1"
_INDEX = re.compile(r"index (\d{1,9}) of (\d{1,9})")


@dataclass(frozen=True)
class Result:
    """What was found at one point: `finding` is intact, damaged, broken, missing, or "unscanned" (then `at` is "").

    `listed` tells whether the point was on the round's list; `seen_at` is the place whose code was scanned before it,
    `moved` whether the point should stand elsewhere. `photos` are SHA-256.
    """

    round: str
    point: str
    finding: str
    at: str = ""
    by: str = ""
    listed: bool = True
    seen_at: str = ""
    moved: bool = False
    incident: str = ""
    photos: tuple[str, ...] = ()


def body_of(result: Result) -> bytes:
    """Return the canonical bytes of a result."""
    return encode({"v": 1, **{name: getattr(result, name) for name in Result.__dataclass_fields__}})


def read_body(body: bytes) -> Result:
    """Return the result that canonical bytes stand for; raises CustodyError "not-canonical" or "round-proof-broken"."""
    told = decode(body)
    if told.pop("v", None) != 1 or set(told) != set(Result.__dataclass_fields__):
        raise CustodyError("round-proof-broken", why="result")
    return Result(**{**told, "photos": tuple(told["photos"])})


def root_of(bodies: Iterable[bytes]) -> bytes:
    """Return the root over results, in the order of their numbers."""
    tree = merkle.Frontier()
    for body in bodies:
        tree.add(merkle.leaf_hash(body))
    return tree.root()


def prove(bodies: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the audit path of one result, lowest level first."""
    nodes: dict[tuple[int, int], bytes] = {}
    for seq, body in enumerate(bodies):
        for level, at, hashed in merkle.grow(seq, merkle.leaf_hash(body), lambda level, at: nodes[level, at]):
            nodes[level, at] = hashed
    return merkle.prove_inclusion(index, len(bodies), lambda level, at: nodes[level, at])


def format_proof(bodies: Sequence[bytes], index: int, entry_proof: str) -> str:
    """Return the text that proves result `index`; `entry_proof` is the .tlog-proof of the round's end."""
    path = [base64.b64encode(each).decode() for each in prove(bodies, index)]
    head = [_HEAD, f"result {bodies[index].decode()}", f"index {index} of {len(bodies)}", *path]
    return "\n".join(head) + "\n\n" + entry_proof


def check_round_proof(text: str, known: Iterable[VerifierKey], origin: str | None = None) -> tuple[Result, Checkpoint]:
    """Return the result that a text proves, and the head it is proven under.

    Raises CustodyError "round-proof-broken" for any other form, "round-proof-wrong" where the path does not lead to the
    entry's root, and what `custody.proof.check_proof` raises.
    """
    head, _, rest = text.partition("\n\n")
    lines = head.split("\n")
    found = _INDEX.fullmatch(lines[2]) if len(lines) > 2 else None
    if found is None or lines[0] != _HEAD or not lines[1].startswith("result "):
        raise CustodyError("round-proof-broken", why="form")
    body, index, size = lines[1][7:].encode(), int(found[1]), int(found[2])
    try:
        path = tuple(base64.b64decode(line, validate=True) for line in lines[3:])
    except (binascii.Error, ValueError) as broken:
        raise CustodyError("round-proof-broken", why="base64") from broken
    result, proof = read_body(body), parse_proof(rest)
    ended = decode(proof.extra or b"{}")
    try:
        root = bytes.fromhex(str(ended.get("root", "")))
    except ValueError as broken:
        raise CustodyError("round-proof-broken", why="root") from broken
    same = (ended.get("kind"), ended.get("round"), ended.get("results")) == ("round-ended", result.round, size)
    if not same or not merkle.check_inclusion(index, size, merkle.leaf_hash(body), path, root):
        raise CustodyError("round-proof-wrong", round=result.round, point=result.point)
    return result, check_proof(proof, proof.extra or b"", known, origin)
