"""Shell: alarms kept as rows, with every step, every answer, and every message that is still to be sent.

A step, its event and its messages are written in one transaction, so a crash leaves either all of them or none: no
alarm is lost, and the message of a step is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from custody.alarm_tables import AlarmEventRow, AlarmMessageRow, AlarmRow, ObservationRow
from custody.alarms import FLAPPING, Alarm, Ladder, Step, evaluate
from custody.due import URGENT, Due
from custody.errors import CustodyError

# Beside the log's own among PostgreSQL's advisory locks: two ticks must not raise one alarm twice.
LOCK = 0x6C75757473
# A part of the guarding that could not tell what is due; until it can, nothing is taken to be over.
WATCH_FAILED = "watch-failed"
ACKNOWLEDGED, QUIETED = "acknowledged", "quieted"
MEMBERS = tuple(each.name for each in fields(Alarm))
LONGEST_CODE, LONGEST_SUBJECT = 60, 200
# Asked many times each minute: made once, and read past the mapper.
_OBSERVATIONS = ObservationRow.__table__  # type: ignore[attr-defined]  # given by SQLModel
_OBSERVED = select(_OBSERVATIONS.c.at, _OBSERVATIONS.c.facts).where(_OBSERVATIONS.c.name == bindparam("wanted"))
# Tells by which channels a role is reached.
Channels = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class Seen:
    """What the tick saw last of one thing, and when."""

    at: datetime
    facts: Mapping[str, Any]


def evaluate_now(
    session: Session, dues: Iterable[Due], now: datetime, ladder: Ladder, channels: Channels
) -> list[Step]:
    """Evaluate what is due against the alarms there are and keep the outcome, inside `Database.atomic()`."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    shortened = [_fitting(each) for each in dues]
    complete = all(each.code != WATCH_FAILED for each in shortened)
    steps = evaluate(shortened, recent(session, now), now, ladder, complete=complete)
    given: dict[tuple[str, str], int] = {}
    for step in steps:
        identity = (step.alarm.code, step.alarm.about)
        number = step.alarm.number or given.get(identity, 0)
        given[identity] = row_of(session, step.alarm, number)
        roles = [ladder[rung].role for rung, _ in step.tell]
        note(session, given[identity], now, step.verb, facts={"roles": roles} if roles else {})
        _make_messages(session, given[identity], step, now, ladder, channels)
    observe(session, "alarms-evaluated", now, due=len(shortened))
    return steps


def recent(session: Session, now: datetime) -> list[Alarm]:
    """Return the alarms that are open, and those cleared so lately that they may come back."""
    lately = or_(col(AlarmRow.cleared_at).is_(None), col(AlarmRow.cleared_at) >= now - FLAPPING)
    rows = session.execute(select(AlarmRow).where(lately).order_by(col(AlarmRow.number))).scalars()
    return [_alarm(row) for row in rows]


def listed(session: Session) -> list[Alarm]:
    """Return the alarms a person should see now: open ones, and urgent ones nobody ever acknowledged; worst first."""
    unanswered = (col(AlarmRow.level) == URGENT) & col(AlarmRow.acked_at).is_(None)
    wanted = or_(col(AlarmRow.cleared_at).is_(None), unanswered)
    found = [_alarm(row) for row in session.execute(select(AlarmRow).where(wanted)).scalars()]
    return sorted(
        found, key=lambda each: (each.acked_at is not None, not each.is_open, each.level != URGENT, each.since)
    )


def history(session: Session, limit: int) -> list[Alarm]:
    """Return the last alarms, the newest first."""
    rows = session.execute(select(AlarmRow).order_by(col(AlarmRow.number).desc()).limit(limit)).scalars()
    return [_alarm(row) for row in rows]


def one(session: Session, number: int) -> Alarm:
    """Return one alarm; raises CustodyError "alarm-unknown"."""
    row = session.get(AlarmRow, number)
    if row is None:
        raise CustodyError("alarm-unknown", alarm=number)
    return _alarm(row)


def events(session: Session, number: int) -> list[AlarmEventRow]:
    """Return what happened to an alarm, in order."""
    asked = select(AlarmEventRow).where(col(AlarmEventRow.alarm) == number).order_by(col(AlarmEventRow.id))
    return list(session.execute(asked).scalars())


def events_ever(session: Session) -> int:
    """Return a number that grows with everything that happens to any alarm."""
    return int(session.execute(select(func.max(col(AlarmEventRow.id)))).scalar() or 0)


def messages(session: Session, number: int) -> list[AlarmMessageRow]:
    """Return what was told about an alarm, or is still to be."""
    asked = select(AlarmMessageRow).where(col(AlarmMessageRow.alarm) == number).order_by(col(AlarmMessageRow.id))
    return list(session.execute(asked).scalars())


def answer(session: Session, alarm: Alarm, verb: str, person: str, now: datetime, **facts: object) -> None:
    """Keep an alarm that a person acknowledged or quieted; what was not sent about it yet need not be any more."""
    row_of(session, alarm, alarm.number)
    note(session, alarm.number, now, verb, person, facts)
    asked = select(AlarmMessageRow).where(
        col(AlarmMessageRow.alarm) == alarm.number, col(AlarmMessageRow.next_at).is_not(None)
    )
    for row in session.execute(asked).scalars():
        row.next_at, row.error = None, f"{verb} before it was sent"
        session.add(row)


def row_of(session: Session, alarm: Alarm, number: int) -> int:
    """Write an alarm in the place of its former row, or as a new one; return its number."""
    row = session.get(AlarmRow, number) if number else None
    row = row or AlarmRow(code=alarm.code, about=alarm.about, level=alarm.level)
    for name in MEMBERS:
        if name != "number":
            setattr(row, name, _plain(getattr(alarm, name)))
    session.add(row)
    session.flush()
    return int(row.number or 0)


def note(
    session: Session,
    number: int,
    at: datetime,
    verb: str,
    person: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    """Write down what happened to an alarm."""
    session.add(AlarmEventRow(alarm=number, at=at, verb=verb, person=person, facts=_plain(facts or {})))


def observe(session: Session, name: str, at: datetime, **facts: object) -> None:
    """Remember what was seen of one thing, in the place of what was seen before."""
    values = {"name": name, "at": at, "facts": _plain(facts)}
    made = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(made(_OBSERVATIONS).values(values).on_conflict_do_update(index_elements=["name"], set_=values))


def observed(session: Session, name: str) -> Seen | None:
    """Return what was seen last of one thing, None where it never was."""
    row = session.execute(_OBSERVED, {"wanted": name}).first()
    return Seen(row.at, row.facts) if row is not None else None


def counts(session: Session) -> Mapping[str, int]:
    """Return how many alarms are open, by level."""
    asked = select(col(AlarmRow.level), func.count()).where(col(AlarmRow.cleared_at).is_(None))
    return {level: int(count) for level, count in session.execute(asked.group_by(col(AlarmRow.level))).all()}


def _make_messages(
    session: Session, number: int, step: Step, now: datetime, ladder: Ladder, channels: Channels
) -> None:
    made: set[tuple[int, int, str]] = set()
    # One channel that stands for several rungs is told once by a step, not once for each.
    reached: set[str] = set()
    for rung, turn in sorted(step.tell, reverse=True):
        for channel in channels(ladder[rung].role):
            if channel in reached or (rung, turn, channel) in made:
                continue
            reached.add(channel)
            made.add((rung, turn, channel))
            session.add(
                AlarmMessageRow(
                    alarm=number, level=step.alarm.level, rung=rung, turn=turn, role=ladder[rung].role,
                    channel=channel, made_at=now, next_at=now,
                )
            )  # fmt: skip  # the key of a message in one line


def _fitting(due: Due) -> Due:
    if len(due.about) <= LONGEST_SUBJECT and len(due.code) <= LONGEST_CODE:
        return due
    return Due(due.code[:LONGEST_CODE], due.about[:LONGEST_SUBJECT], due.since, due.level, due.facts)


def _alarm(row: AlarmRow) -> Alarm:
    return Alarm(**{name: getattr(row, name) for name in MEMBERS})


def _plain(value: Any) -> Any:
    """Return facts as JSON holds them; moments of an alarm itself stay moments."""
    if isinstance(value, Mapping):
        return {str(name): _as_json(each) for name, each in value.items()}
    return value


def _as_json(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _as_json(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_as_json(each) for each in value]
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)
