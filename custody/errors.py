"""Refusals of the paper half, and findings: both are a code and facts, never a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class CustodyError(Exception):
    """What nobody can go on from: a move that is not allowed, a log that must not be trusted.

    `code` is kebab-case and stable; `facts` are the values its sentence names.
    """

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{code} {facts}" if facts else code)


@dataclass(frozen=True)
class Finding:
    """One thing a check found wrong.

    `entry` is the sequence number it is about (None for the log as a whole), `proven` the last entry that is still
    known to be good (-1 where none is). `answered` is the incident or the sheet that answers for it, "" while it is
    open: it stays in sight, and is no breach any more.
    """

    code: str
    entry: int | None = None
    proven: int = -1
    facts: Mapping[str, object] = field(default_factory=dict)
    answered: str = ""
