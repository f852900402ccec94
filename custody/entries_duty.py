"""Entries about the log itself, and about visitors, keys, incidents and records first written on paper.

The post or desk stands in the stamp. Moments are RFC 3339 text; free text is an attachment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Names = tuple[str, ...]


@dataclass(frozen=True)
class LogOpened:
    """The log was begun."""

    KIND: ClassVar[str] = "log-opened"
    origin: str
    release: str


@dataclass(frozen=True)
class LogCheckpointed:
    """A signed head was made over `size` entries."""

    KIND: ClassVar[str] = "log-checkpointed"
    size: int
    root: str
    reason: str


@dataclass(frozen=True)
class ClockWarned:
    """The clock of a device or of this machine was off by `skew` seconds."""

    KIND: ClassVar[str] = "log-clock-warning"
    source: str
    skew: int


@dataclass(frozen=True)
class LogCorrected:
    """An earlier entry was wrong; the text attached says what is right."""

    KIND: ClassVar[str] = "log-corrected"
    corrects: int
    reason: str
    attachments: Names = ()


@dataclass(frozen=True)
class HoldingsDigested:
    """The stored scans were pinned: their number and one digest over them."""

    KIND: ClassVar[str] = "log-holdings-digest"
    scans: int
    size: int
    digest: str


@dataclass(frozen=True)
class KeyRotated:
    """A new signing key was taken into use."""

    KIND: ClassVar[str] = "log-key-rotated"
    old: str
    new: str


@dataclass(frozen=True)
class LossAccepted:
    """Entries `first` … `last` were signed once and are lost; `heads` are the SHA-256 of the signed heads that show it.

    `root` is the root of the newest of these heads, `decision` the paper by which the office accepts the loss.
    """

    KIND: ClassVar[str] = "log-loss-accepted"
    first: int
    last: int
    root: str
    heads: Names
    decision: str


@dataclass(frozen=True)
class LogVerified:
    """The whole log was checked."""

    KIND: ClassVar[str] = "log-verified"
    size: int
    root: str
    findings: int


@dataclass(frozen=True)
class VisitorIn:
    """A visitor came in; who it is stands beside the log under the code `visitor`, and can be erased."""

    KIND: ClassVar[str] = "visitor-in"
    visit: str
    visitor: str
    host: str
    purpose: str
    place: str
    attachments: Names = ()


@dataclass(frozen=True)
class VisitorOut:
    """A visitor left."""

    KIND: ClassVar[str] = "visitor-out"
    visit: str


@dataclass(frozen=True)
class KeyTaken:
    """A key was taken, to be back by `deadline`."""

    KIND: ClassVar[str] = "key-taken"
    key: str
    holder: str
    deadline: str


@dataclass(frozen=True)
class KeyReturned:
    """A key came back from its holder."""

    KIND: ClassVar[str] = "key-returned"
    key: str
    holder: str


@dataclass(frozen=True)
class IncidentOpened:
    """Something happened that needs an answer: `about` is the code it concerns, the story an attachment.

    Where it is about a post in [start, end), its conclusion answers for the seconds of that span without enough guards.
    """

    KIND: ClassVar[str] = "incident-opened"
    incident: str
    about: str
    severity: str
    attachments: Names = ()
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class IncidentClosed:
    """An incident was answered; the conclusion in full is an attachment."""

    KIND: ClassVar[str] = "incident-closed"
    incident: str
    outcome: str
    attachments: Names = ()


@dataclass(frozen=True)
class PaperEntered:
    """What was written on a numbered form while there was no power, keyed in.

    `people` signed on the paper; it speaks of the time from `written_at` until `ended_at` ("" for a moment) at the post
    or place `where`. Its picture is an attachment. `present` are those of them who were on duty there all that time.
    """

    KIND: ClassVar[str] = "paper-entry"
    number: str
    form: str
    written_at: str
    ended_at: str
    where: str
    people: Names
    about: str
    attachments: Names = ()
    present: Names = ()


LOG_KINDS = (
    LogOpened,
    LogCheckpointed,
    ClockWarned,
    LogCorrected,
    HoldingsDigested,
    KeyRotated,
    LossAccepted,
    LogVerified,
)
GATE_KINDS = (VisitorIn, VisitorOut, KeyTaken, KeyReturned)
INCIDENT_KINDS = (IncidentOpened, IncidentClosed)
DUTY_KINDS = (*GATE_KINDS, *INCIDENT_KINDS, PaperEntered)
