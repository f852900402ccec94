"""What programs are told that ask over REST."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

API: Mapping[str, Message] = {
    "idempotency-key-needed": Message(
        "This request changes something and names no key.",
        "Without a key, a request that is sent again after a broken connection would be done twice.",
        "Send a header Idempotency-Key with a fresh UUID, and the same one whenever you repeat this request.",
        Exit.FINDINGS,
        400,
    ),
    "idempotency-key-unusable": Message(
        "The Idempotency-Key “{key}” cannot be used.",
        "A key has 8 to 200 visible ASCII characters, without spaces.",
        "Send a fresh UUID.",
        Exit.FINDINGS,
        400,
    ),
    "idempotency-key-reused": Message(
        "The Idempotency-Key “{key}” belongs to another request, of {moment}.",
        "A key stands for one request with everything it says.",
        "Send this request with a fresh key.",
        Exit.FINDINGS,
        422,
    ),
    "idempotency-outcome-unknown": Message(
        "The request with the Idempotency-Key “{key}” is being done, or was when the station stopped.",
        "It is never done a second time under this key.",
        "Send it again in a moment. If this answer stays, look at what it was about, and use a fresh key only where"
        " nothing happened.",
        Exit.FINDINGS,
        409,
    ),
    "body-too-large": Message(
        "The request is too large.",
        "At most {limit_bytes} are read at this address.",
        "Send less at a time; scans go to the address for scans.",
        Exit.FINDINGS,
        413,
    ),
    "body-unreadable": Message(
        "The request cannot be read.", "", "Send what the description of this address asks for.", Exit.FINDINGS, 400
    ),
    "cursor-unusable": Message(
        "The cursor “{cursor}” is none of ours.", "", "Use the value of next from the page before, unchanged."
    ),
    "scan-name-unusable": Message(
        "A scan cannot be called “{name}”.",
        "A name has 1 to 200 characters and no folder in it.",
        "Send the name of the file alone, with its ending.",
    ),
}
