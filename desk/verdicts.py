"""The last judgement of the twenty invariants, kept with its time, because judging a whole log takes a while.

It is kept in the database beside what the alarms observed, so that a restart shows what was known before. The tick
judges once a night, a person whenever they ask; `luutru verify` keeps what it finds as well.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from custody import alarming, ledger
from custody.errors import Finding
from custody.invariants import BREACHED, Verdict
from desk import custodial, faults, ledgering
from desk.office import Office

NAME = "verdict"
FORM = 1
# The log may be long: of each invariant the first findings are kept, and how many there are.
MOST_FINDINGS = 25
NIGHT_HOUR = 2
# Nobody waits for a judgement longer than this.
LONGEST_SECONDS = 3600.0
# Moments further ahead than this were written by a wrong clock.
AHEAD = timedelta(minutes=2)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


@dataclass(frozen=True)
class Kept:
    """One invariant as it was judged: the first findings, how many there are, and how much was looked at."""

    number: int
    outcome: str
    count: int
    findings: tuple[Finding, ...]
    evidence: Mapping[str, int]


@dataclass(frozen=True)
class Judgement:
    """What was judged: when, by whom ("" by the tick), over how many entries, in how many seconds."""

    at: datetime
    by: str
    entries: int
    seconds: float
    verdicts: tuple[Kept, ...]

    @property
    def breached(self) -> int:
        """How many invariants do not hold."""
        return sum(each.outcome == BREACHED for each in self.verdicts)


@dataclass
class Judge:
    """Lets one judgement run at a time in this process; `failed` is the code of what ended the last too early."""

    failed: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _running: threading.Thread | None = None

    @property
    def is_judging(self) -> bool:
        """Whether a judgement is under way."""
        running = self._running
        return running is not None and running.is_alive()

    def begin(self, office: Office, by: str) -> bool:
        """Begin to judge, unless that is under way; tell whether it was begun."""
        with self._lock:
            if self.is_judging:
                return False
            self.failed = ""
            self._running = threading.Thread(target=self._run, args=(office, by), name="judge", daemon=True)
            self._running.start()
            return True

    def wait(self, seconds: float) -> bool:
        """Wait for what is under way; tell whether it ended in time."""
        running = self._running
        if running is not None:
            running.join(seconds)
        return not self.is_judging

    def _run(self, office: Office, by: str) -> None:
        try:
            judge(office, by)
        except Exception as error:
            # Whatever it is, the page that waits must be told, and the trace kept for who mends it.
            self.failed = getattr(error, "code", "") or "page-fault"
            faults.note_error(office.settings.home, {}, error)


def judge(office: Office, by: str = "", advance: ledgering.Advance = lambda _done, _all: None) -> Judgement:
    """Judge all invariants now and keep what was found."""
    at, began = office.clock.now(), office.clock.ticks()
    verdicts, entries = custodial.verify(office, advance)
    return keep(office, verdicts, entries, at, by, office.clock.ticks() - began)


def keep(office: Office, verdicts: Sequence[Verdict], entries: int, at: datetime, by: str, seconds: float) -> Judgement:
    """Keep a judgement in the place of the one before."""
    kept = tuple(
        Kept(each.number, each.outcome, len(each.findings), each.findings[:MOST_FINDINGS], each.evidence)
        for each in verdicts
    )
    made = Judgement(at, by, entries, round(seconds, 3), kept)
    with office.database.atomic() as session:
        alarming.observe(session, NAME, at, **_told(made))
    return made


def last(office: Office) -> Judgement | None:
    """Return the last judgement, None where there is none, or none that this release can read."""
    with office.database.reading() as session:
        seen = alarming.observed(session, NAME)
    try:
        return _read(seen.at, seen.facts) if seen is not None and seen.facts["form"] == FORM else None
    except (ValueError, KeyError, TypeError):
        return None


def is_due(office: Office) -> bool:
    """Tell whether a night has passed since the last judgement, or there is none though the log has begun."""
    known, now = last(office), office.clock.now()
    if known is not None:
        return _is_night_since(known.at, now)
    with office.database.reading() as session:
        return ledger.size(session) > 0


def _is_night_since(at: datetime, now: datetime) -> bool:
    here, then = now.astimezone(), at.astimezone()
    if at > now + AHEAD:
        return True
    return here.date() > then.date() and (here.hour >= NIGHT_HOUR or now - at > timedelta(days=1))


def _told(made: Judgement) -> dict[str, Any]:
    return {
        "form": FORM,
        "by": made.by,
        "entries": made.entries,
        "seconds": made.seconds,
        "verdicts": [
            {
                "number": each.number,
                "outcome": each.outcome,
                "count": each.count,
                "evidence": dict(each.evidence),
                "findings": [
                    {
                        "code": one.code,
                        "entry": one.entry,
                        "proven": one.proven,
                        "facts": dict(one.facts),
                        "answered": one.answered,
                    }
                    for one in each.findings
                ],
            }
            for each in made.verdicts
        ],
    }


def _read(at: datetime, told: Mapping[str, Any]) -> Judgement:
    verdicts = tuple(
        Kept(
            int(each["number"]),
            str(each["outcome"]),
            int(each["count"]),
            tuple(
                Finding(one["code"], one["entry"], one["proven"], _facts(one["facts"]), one.get("answered", ""))
                for one in each["findings"]
            ),
            each["evidence"],
        )
        for each in told["verdicts"]
    )
    return Judgement(at, str(told["by"]), int(told["entries"]), float(told["seconds"]), verdicts)


def _facts(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts with their moments as moments again, so that they are shown as people write them."""
    return {name: _moment(value) if isinstance(value, str) else value for name, value in told.items()}


def _moment(text: str) -> object:
    if not MOMENT.match(text):
        return text
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text
