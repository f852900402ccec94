"""Alarms: from what is due now and the alarms there are, what is raised, told, told again, and cleared. Values only.

    steps = evaluate(dues, alarms, now, ladder)

An alarm is told rung by rung: each rung of the ladder is a role and how long after the raising it hears of it. A rung
hears at most `1 + repeats` times; whoever acknowledges stops the climb, and whoever quiets it stops it until a moment.
What comes and goes is one alarm that flaps, not many: it is cleared only after it was gone for SETTLE, and what comes
back within FLAPPING is the same alarm again, told no sooner than its next repeat.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from custody.due import NOTICE, URGENT, WARNING, Due
from custody.errors import CustodyError

LEVELS = (NOTICE, WARNING, URGENT)
GUARD, ARCHIVIST, LEADER, ADMINISTRATOR = "guard", "archivist", "leader", "administrator"
RUNGS = (GUARD, ARCHIVIST, LEADER, ADMINISTRATOR)
SETTLE, FLAPPING = timedelta(minutes=5), timedelta(hours=1)
# Nobody can quiet an alarm for longer than this at a time: who quiets it must look again.
QUIET_LONGEST = timedelta(days=3)
# Moments further ahead than this mean that the clock was set back since they were written.
AHEAD = timedelta(minutes=2)
RAISED, REOPENED, GONE, BACK, CLEARED, ESCALATED, REPEATED, RAISED_LEVEL = (
    "raised",
    "reopened",
    "gone",
    "back",
    "cleared",
    "escalated",
    "repeated",
    "level-raised",
)
# Its moments lay ahead of the clock, which was set back.
REDATED = "redated"


@dataclass(frozen=True)
class Rung:
    """One rung of the ladder: who hears of an alarm, how long after it was raised, and how often again."""

    role: str
    after: timedelta
    every: timedelta = timedelta(minutes=15)
    repeats: int = 2


Ladder = tuple[Rung, ...]
LADDER: Ladder = (
    Rung(GUARD, timedelta(0)),
    Rung(ARCHIVIST, timedelta(minutes=10)),
    Rung(LEADER, timedelta(minutes=30), timedelta(minutes=30)),
    Rung(ADMINISTRATOR, timedelta(minutes=60), timedelta(hours=4)),
)


@dataclass(frozen=True)
class Alarm:
    """One thing that was or is wrong; `number` is 0 until it is kept.

    `rung` is the highest that was told (-1: nobody yet), `told` how often that rung was, `told_at` when last.
    `gone_at` is set while it is not due any more but not yet cleared.
    """

    code: str
    about: str
    level: str
    since: datetime
    raised_at: datetime
    facts: Mapping[str, object] = field(default_factory=dict)
    number: int = 0
    gone_at: datetime | None = None
    cleared_at: datetime | None = None
    acked_by: str = ""
    acked_at: datetime | None = None
    quiet_by: str = ""
    quiet_until: datetime | None = None
    reason: str = ""
    rung: int = -1
    told: int = 0
    told_at: datetime | None = None
    flaps: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is not cleared."""
        return self.cleared_at is None

    @property
    def wants_person(self) -> bool:
        """Whether somebody must still look at it: open and not acknowledged, or urgent and never acknowledged."""
        return self.acked_at is None and (self.is_open or self.level == URGENT)

    def is_quiet(self, now: datetime) -> bool:
        """Whether a person has silenced it until later."""
        return self.quiet_until is not None and now < self.quiet_until


@dataclass(frozen=True)
class Step:
    """What becomes of one alarm: the verb, the alarm after it, and (rung, turn) for each telling it calls for."""

    verb: str
    alarm: Alarm
    tell: tuple[tuple[int, int], ...] = ()


def evaluate(
    dues: Iterable[Due], alarms: Sequence[Alarm], now: datetime, ladder: Ladder = LADDER, *, complete: bool = True
) -> list[Step]:
    """Return the steps to take now; asked again at the same moment with their outcome, there are none.

    `alarms` are the open ones, and those cleared within FLAPPING. Alarms that stay as they are get no step. Where
    `dues` is not `complete`, because somebody who should tell could not, what it does not name stays as it is.
    """
    before = {(each.code, each.about): each for each in sorted(alarms, key=lambda one: (one.is_open, one.raised_at))}
    known = {identity: _bring_to(each, now) for identity, each in before.items()}
    steps = [Step(REDATED, each) for identity, each in known.items() if each is not before[identity]]
    wanted = _merged(dues)
    for identity, due in wanted.items():
        steps += _follow(due, known.get(identity), now, ladder)
    for identity, alarm in known.items():
        if complete and identity not in wanted and alarm.is_open:
            steps += _leave(alarm, now)
    return steps


def acknowledge(alarm: Alarm, by: str, now: datetime) -> Alarm:
    """Return the alarm as one that `by` has taken charge of; raises CustodyError "alarm-acknowledged"."""
    if alarm.acked_at is not None:
        raise CustodyError("alarm-acknowledged", alarm=alarm.number, person=alarm.acked_by, moment=alarm.acked_at)
    return replace(alarm, acked_by=by, acked_at=now)


def quiet(alarm: Alarm, by: str, until: datetime, reason: str, now: datetime) -> Alarm:
    """Return the alarm silenced until a moment.

    Raises CustodyError "alarm-cleared", "alarm-reason-absent", "alarm-quiet-wrong" (not ahead, or too far).
    """
    if not alarm.is_open:
        raise CustodyError("alarm-cleared", alarm=alarm.number, moment=alarm.cleared_at)
    if not reason.strip():
        raise CustodyError("alarm-reason-absent", alarm=alarm.number)
    if not now < until <= now + QUIET_LONGEST:
        raise CustodyError("alarm-quiet-wrong", until=until, days=QUIET_LONGEST.days)
    return replace(alarm, quiet_by=by, quiet_until=until, reason=" ".join(reason.split()))


def next_moment(alarms: Iterable[Alarm], now: datetime, ladder: Ladder = LADDER) -> datetime | None:
    """Return when the next of these alarms asks for a step if nothing else changes, None for never."""
    moments: list[datetime] = []
    for each in alarms:
        if each.is_open:
            moments += _moments_of(each, now, ladder)
    ahead = [moment for moment in moments if moment > now]
    return min(ahead) if ahead else None


def read_ladder(text: str) -> Ladder:
    """Return the ladder a setting describes, "guard 0, archivist 10, leader 30, administrator 60" (minutes).

    Raises CustodyError "alarm-ladder-wrong". An empty text is the ladder of the house.
    """
    if not text.strip():
        return LADDER
    usual = {each.role: each for each in LADDER}
    rungs: list[Rung] = []
    for part in text.split(","):
        role, _, minutes = part.strip().partition(" ")
        if role not in usual or not minutes.strip().isdigit():
            raise CustodyError("alarm-ladder-wrong", value=text, part=part.strip(), roles=list(RUNGS))
        rungs.append(replace(usual[role], after=timedelta(minutes=int(minutes))))
    if [each.after for each in rungs] != sorted(each.after for each in rungs) or len(
        {each.role for each in rungs}
    ) < len(rungs):
        raise CustodyError("alarm-ladder-wrong", value=text, part=text.strip(), roles=list(RUNGS))
    return tuple(rungs)


def waits(level: str, ladder: Ladder) -> list[timedelta]:
    """Return after how long each rung hears of an alarm of this level.

    A notice stays on the page. An urgent alarm reaches the leader, and all below, at once.
    """
    if level == NOTICE:
        return []
    if level != URGENT:
        return [each.after for each in ladder]
    skipped = next((each.after for each in ladder if each.role == LEADER), ladder[-1].after)
    return [max(timedelta(0), each.after - skipped) for each in ladder]


def _merged(dues: Iterable[Due]) -> dict[tuple[str, str], Due]:
    """Return one due thing for each identity: the earliest moment, and the highest level with its facts."""
    found: dict[tuple[str, str], Due] = {}
    for each in dues:
        other = found.get((each.code, each.about))
        if other is not None:
            worst = max(other, each, key=lambda one: LEVELS.index(one.level))
            each = replace(worst, since=min(other.since, each.since))
        found[each.code, each.about] = each
    return found


def _follow(due: Due, alarm: Alarm | None, now: datetime, ladder: Ladder) -> Iterator[Step]:
    """What becomes of something that is due."""
    verbs: list[str] = []
    if alarm is None or (alarm.cleared_at is not None and now - alarm.cleared_at > FLAPPING):
        alarm = Alarm(due.code, due.about, due.level, due.since, now, dict(due.facts))
        verbs.append(RAISED)
    elif alarm.cleared_at is not None:
        # Whoever acknowledged it saw it end; its coming back is news, but no new storm.
        alarm = replace(
            alarm, cleared_at=None, gone_at=None, since=due.since, facts=dict(due.facts), flaps=alarm.flaps + 1,
            acked_by="", acked_at=None,
        )  # fmt: skip  # one change reads better in one place
        verbs.append(REOPENED)
    elif alarm.gone_at is not None:
        alarm = replace(alarm, gone_at=None, flaps=alarm.flaps + 1)
        verbs.append(BACK)
    if LEVELS.index(due.level) > LEVELS.index(alarm.level):
        # Worse than what was acknowledged or quieted: it is told from the beginning.
        alarm = replace(
            alarm, level=due.level, facts=dict(due.facts), raised_at=now, acked_by="", acked_at=None,
            quiet_by="", quiet_until=None, rung=-1, told=0, told_at=None,
        )  # fmt: skip  # one change reads better in one place
        verbs.append(RAISED_LEVEL)
    alarm, tell, told_verb = _tell(alarm, now, ladder)
    if told_verb and not verbs:
        verbs.append(told_verb)
    for verb in verbs[:-1]:
        yield Step(verb, alarm)
    if verbs:
        yield Step(verbs[-1], alarm, tell)


def _tell(alarm: Alarm, now: datetime, ladder: Ladder) -> tuple[Alarm, tuple[tuple[int, int], ...], str]:
    """Climb as far as the time that passed allows, or repeat on the rung that was reached."""
    if alarm.acked_at is not None or alarm.is_quiet(now):
        return alarm, (), ""
    passed = now - alarm.raised_at
    reached = sum(wait <= passed for wait in waits(alarm.level, ladder)) - 1
    if reached > alarm.rung:
        tell = tuple((rung, 0) for rung in range(alarm.rung + 1, reached + 1))
        return replace(alarm, rung=reached, told=1, told_at=now), tell, ESCALATED
    if 0 <= alarm.rung < len(ladder) and alarm.told_at is not None:
        rung = ladder[alarm.rung]
        if alarm.told <= rung.repeats and now - alarm.told_at >= rung.every:
            tell = ((alarm.rung, alarm.told),)
            return replace(alarm, told=alarm.told + 1, told_at=now), tell, REPEATED
    return alarm, (), ""


def _leave(alarm: Alarm, now: datetime) -> Iterator[Step]:
    """What becomes of an open alarm that is not due any more."""
    if alarm.gone_at is None:
        yield Step(GONE, replace(alarm, gone_at=now))
    elif now - alarm.gone_at >= SETTLE:
        yield Step(CLEARED, replace(alarm, cleared_at=now))


def _bring_to(alarm: Alarm, now: datetime) -> Alarm:
    """Bring moments that lie ahead to now: after the clock was set back, an alarm must not wait for the old time."""
    late: dict[str, Any] = {
        name: now
        for name in ("raised_at", "told_at", "gone_at", "cleared_at")
        if (moment := getattr(alarm, name)) is not None and moment > now + AHEAD
    }
    if alarm.quiet_until is not None and alarm.quiet_until > now + QUIET_LONGEST + AHEAD:
        return replace(alarm, **late, quiet_until=None)
    return replace(alarm, **late) if late else alarm


def _moments_of(alarm: Alarm, now: datetime, ladder: Ladder) -> Iterator[datetime]:
    if alarm.gone_at is not None:
        yield alarm.gone_at + SETTLE
        return
    if alarm.acked_at is not None:
        return
    if alarm.quiet_until is not None and alarm.quiet_until > now:
        yield alarm.quiet_until
        return
    yield from (alarm.raised_at + wait for wait in waits(alarm.level, ladder)[alarm.rung + 1 :])
    if 0 <= alarm.rung < len(ladder) and alarm.told_at is not None and alarm.told <= ladder[alarm.rung].repeats:
        yield alarm.told_at + ladder[alarm.rung].every
