"""The single-file verifier put together from its parts, so that a stranger gets one file and we read short ones."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
# The part that is imported comes first; the last one has the program's own words on top.
PARTS = ("verifier_heads.py", "verifier.py")
_OURS = re.compile(r"^from desk\.verifier_\w+ import (?:\([^)]*\)|.*)\n", re.MULTILINE)


def verifier_program() -> bytes:
    """Return verify.py: the parts one after the other, without the lines by which they know each other."""
    *parts, last = ((HERE / name).read_text(encoding="utf-8") for name in PARTS)
    head, future, body = last.partition("from __future__ import annotations\n")
    inner = "".join(_OURS.sub("", part).partition(future)[2] for part in parts)
    return (head + future + inner + _OURS.sub("", body)).encode()
