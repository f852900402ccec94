"""Entries about rounds: what a guard goes to look at, when, and what was found.

The post stands in the plan as `guarded`; in the stamp stands where the entry was made. Moments are RFC 3339 text. Times
and targets are written as `custody.round_plans` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Names = tuple[str, ...]


@dataclass(frozen=True)
class RoundPlanned:
    """Rounds of a plan are owed from now on; `sort` is "round" or "spot". A plan never changes: stop it, make another.

    A round may take `minutes`, may begin until `grace` minutes after it is due, and needs a reason if it is over in
    less than `least` minutes. `days` are "mon" … "sun", every day where empty; times are read on the clock of `zone`.
    """

    KIND: ClassVar[str] = "round-planned"
    plan: str
    sort: str
    guarded: str
    targets: Names
    times: Names
    days: Names
    minutes: int
    grace: int
    least: int
    zone: str


@dataclass(frozen=True)
class RoundPlanStopped:
    """No round of this plan is owed that would fall due after this moment."""

    KIND: ClassVar[str] = "round-plan-stopped"
    plan: str
    reason: str


@dataclass(frozen=True)
class RoundStarted:
    """A round was begun: its points, and until when it may take.

    `drawn` is the size of the log's head that times and boxes were drawn from, -1 where nothing was left to chance.
    `off_duty` is why somebody walks it who is not on duty at the post: a short code, or the SHA-256 of an attachment.
    """

    KIND: ClassVar[str] = "round-started"
    round: str
    plan: str
    due: str
    deadline: str
    points: Names
    drawn: int
    off_duty: str = ""
    attachments: Names = ()


@dataclass(frozen=True)
class PointScanned:
    """A point of a round was found otherwise than it should be; recorded at once, before the round ends."""

    KIND: ClassVar[str] = "point-scanned"
    round: str
    point: str
    finding: str
    incident: str = ""
    attachments: Names = ()


@dataclass(frozen=True)
class RoundEnded:
    """A round was ended; what was missed has a reason.

    `root` (hex) is the RFC 6962 root over its `results` results, so that each can be proven alone
    (`custody.round_results`).
    """

    KIND: ClassVar[str] = "round-ended"
    round: str
    scanned: int
    missed: Names
    results: int
    root: str
    reason: str
    attachments: Names = ()


@dataclass(frozen=True)
class RoundMissed:
    """A planned round was not begun before `closed`; the station notes it, however late."""

    KIND: ClassVar[str] = "round-missed"
    round: str
    plan: str
    due: str
    closed: str
    drawn: int


ROUND_KINDS = (RoundPlanned, RoundPlanStopped, RoundStarted, PointScanned, RoundEnded, RoundMissed)
