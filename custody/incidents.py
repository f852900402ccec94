"""Incidents: something happened that needs an answer, and who answered it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from custody.entries import Entry, Stamp
from custody.entries_duty import IncidentClosed, IncidentOpened
from custody.errors import CustodyError
from custody.holdings import Holdings, Value, altered
from custody.moments import parse_moment
from custody.moves import ARCHIVIST, LEADER, Move, by
from custody.rules import Signer, check_signers

OPEN, CLOSED = "open", "closed"
# How long an incident may wait for its answer, by how grave it is.
ANSWER_WITHIN: Mapping[str, timedelta] = {
    "low": timedelta(days=7),
    "medium": timedelta(days=3),
    "high": timedelta(days=1),
}
UNRESOLVED = "unresolved"
OUTCOMES = frozenset({"explained", "corrected", "mistaken", "passed-on", UNRESOLVED})
_OPENED = Move("incident-opened", frozenset(), "", (by(),))
_CLOSED = Move("incident-closed", frozenset(), "", (by(ARCHIVIST, LEADER),))
# What is said about an unguarded post is a leader's word.
_ANSWERED = Move("incident-closed", frozenset(), "", (by(LEADER),))
_CLOSED_BY_TWO = Move("incident-closed", frozenset(), "", (by(LEADER), by()))


class Incident(Value, frozen=True, gc=False):
    """One incident; `about` is the code of what it concerns, `start` and `end` the span of a post's cover it is about.

    Both are RFC 3339 text, "" where it is about no span.
    """

    number: str
    state: str = OPEN
    about: str = ""
    severity: str = ""
    opened_at: str = ""
    opened_by: str = ""
    closed_at: str = ""
    closed_by: str = ""
    outcome: str = ""
    attachments: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    entry: int = -1

    @property
    def answers(self) -> bool:
        """Whether it was concluded in a way that answers for the span it is about."""
        return self.state == CLOSED and bool(self.start) and self.outcome != UNRESOLVED


ASKED: Mapping[type, tuple[str, ...]] = {Incident: ("state", "about")}


def check(holdings: Holdings, entry: Entry, stamp: Stamp, signers: Sequence[Signer]) -> None:
    """Refuse an incident that is opened twice or badly named, and a conclusion nobody may draw."""
    if isinstance(entry, IncidentOpened):
        check_signers(_OPENED, entry, stamp, signers)
        if not entry.incident or holdings.one(Incident, entry.incident) is not None:
            raise CustodyError("incident-number-used", incident=entry.incident)
        if not entry.about:
            raise CustodyError("incident-about-nothing", incident=entry.incident)
        if entry.severity not in ANSWER_WITHIN:
            raise CustodyError("severity-unknown", severity=entry.severity, known=sorted(ANSWER_WITHIN))
        _check_span(entry, stamp)
        return
    assert isinstance(entry, IncidentClosed)
    known = holdings.one(Incident, entry.incident)
    if known is None:
        raise CustodyError("incident-unknown", incident=entry.incident)
    if known.state != OPEN:
        raise CustodyError("incident-closed-already", incident=known.number, closed_at=known.closed_at)
    if entry.outcome not in OUTCOMES:
        raise CustodyError("outcome-unknown", outcome=entry.outcome, known=sorted(OUTCOMES))
    alone = _ANSWERED if known.start else _CLOSED
    check_signers(_CLOSED_BY_TWO if known.severity == "high" else alone, entry, stamp, signers)
    if not set(stamp.by) - {known.opened_by}:
        raise CustodyError("incident-closed-by-opener", incident=known.number, signer=known.opened_by)
    if known.start and not entry.attachments:
        raise CustodyError("answer-unexplained", incident=known.number, post=known.about)


def _check_span(entry: IncidentOpened, stamp: Stamp) -> None:
    """Refuse a span that is none, or that is not over: nobody answers beforehand."""
    if not entry.start and not entry.end:
        return
    if not entry.start or not entry.end or not parse_moment(entry.start) < parse_moment(entry.end) <= stamp.at:
        raise CustodyError("answer-span-wrong", post=entry.about, start=entry.start or None, end=entry.end or None)


def effects(holdings: Holdings, seq: int, entry: Entry, stamp: Stamp) -> list[Value]:
    """Return the incident as it is after an entry."""
    at = stamp.moment
    if isinstance(entry, IncidentOpened):
        fresh = Incident(entry.incident, OPEN, entry.about, entry.severity, at, stamp.by[0])
        return [altered(fresh, attachments=entry.attachments, start=entry.start, end=entry.end, entry=seq)]
    assert isinstance(entry, IncidentClosed)
    known = holdings.one(Incident, entry.incident) or Incident(entry.incident)
    attachments = (*known.attachments, *entry.attachments)
    ended = altered(known, state=CLOSED, closed_at=at, closed_by=stamp.by[0], outcome=entry.outcome)
    return [altered(ended, attachments=attachments, entry=seq)]
