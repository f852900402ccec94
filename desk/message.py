"""One message: three msgids (what, why, next step), the exit code of a command and the HTTP status of a page."""

from __future__ import annotations

from dataclasses import dataclass

from desk.cli.exits import Exit


@dataclass(frozen=True)
class Message:
    """What happened, why, and the next step, as English msgids with {placeholders}; "" where there is none."""

    what: str
    why: str
    next: str
    exit: Exit = Exit.FINDINGS
    status: int = 422
