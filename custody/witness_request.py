"""What a log asks of a witness (c2sp.org/tlog-witness, add-checkpoint): the proof that it only grew, and its head.

old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=      no line or more, the consistency proof from `old` to the head
                                                  an empty line
…                                                 the signed head
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from custody import merkle
from custody.errors import CustodyError

MOST_HASHES = 63
# A head of a hundred signatures and a whole proof are a fifth of it.
MOST_BYTES = 1 << 16
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True)
class Request:
    """The size of the head that was cosigned last, the proof from there on, and the note of the new head."""

    old: int
    proof: tuple[bytes, ...]
    note: str


def format_request(request: Request) -> bytes:
    """Return the body of a request."""
    lines = [f"old {request.old}", *(base64.b64encode(each).decode() for each in request.proof)]
    return ("\n".join(lines) + "\n\n" + request.note).encode()


def parse_request(body: bytes) -> Request:
    """Read the body of a request; raises CustodyError "request-broken"."""
    if len(body) > MOST_BYTES:
        raise CustodyError("request-broken", why="too-long")
    try:
        head, gap, note = body.decode().partition("\n\n")
        first, *lines = head.split("\n")
        proof = tuple(base64.b64decode(line, validate=True) for line in lines)
    except (UnicodeDecodeError, binascii.Error, ValueError) as broken:
        raise CustodyError("request-broken", why="form") from broken
    old = _OLD.fullmatch(first)
    if not gap or old is None or len(proof) > MOST_HASHES or any(len(each) != merkle.SIZE for each in proof):
        raise CustodyError("request-broken", why="form")
    return Request(int(old[1]), proof, note)
