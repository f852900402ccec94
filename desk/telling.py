"""Sending what alarms have to tell: an outbox of rows, tried again with longer and longer pauses, each once by plan.

A message is marked sent after the service took it, so a crash between the two sends it a second time, with the same
identifier: at least once. Nothing here holds a transaction while it waits for a service.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from archive.errors import ArchiveError
from custody import alarming
from custody.alarm_tables import AlarmMessageRow
from custody.alarms import ARCHIVIST, GUARD, LEADER, Alarm
from custody.errors import CustodyError
from desk import channels
from desk.alarm_words import compose
from desk.channels import Channel
from desk.office import Office

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
GIVE_UP = timedelta(hours=24)
AT_ONCE = 50
LOOK_SECONDS = 5.0
# What a `tick --once` may spend on sending before it ends.
ONCE_SECONDS = 30.0

log = logging.getLogger(__name__)
Send = Callable[[Channel, str, str], str]


@dataclass(frozen=True)
class Outcome:
    """How one try went: `error` is "" where the service took the message."""

    identifier: str
    channel: str
    error: str


def send_due(office: Office, send: Send = channels.send, seconds: float | None = None) -> list[Outcome]:
    """Send every message that is due now, until `seconds` have passed; failures are tried again later."""
    known = {each.name: each for each in channels.channels_of(office.settings)}
    began, done = office.clock.ticks(), list[Outcome]()
    for row, alarm in _waiting(office):
        if seconds is not None and office.clock.ticks() - began > seconds:
            break
        channel = known.get(row.channel)
        identifier = identifier_of(row)
        if not _claim(office, row):
            continue
        if channel is None:
            _finish(office, row, "the channel is not in the settings any more", give_up=True)
            continue
        title, body = compose(alarm, identifier, office.settings.lang)
        error = send(channel, title, body)
        _finish(office, row, error)
        done.append(Outcome(identifier, row.channel, error))
    return done


def identifier_of(row: AlarmMessageRow) -> str:
    """Return the name of a message that stays the same however often it is tried: "12-urgent-2-0-json-1f2e3d4c"."""
    return f"{row.alarm}-{row.level}-{row.rung}-{row.turn}-{row.channel}"


def run(office: Office, stop: threading.Event) -> None:
    """Send until `stop` is set; whatever goes wrong is tried again at the next look."""
    while not stop.is_set():
        try:
            send_due(office)
        except (ArchiveError, CustodyError, SQLAlchemyError, OSError) as error:
            log.warning("messages about alarms wait: %s", error)
        stop.wait(LOOK_SECONDS)


def try_out(office: Office, role: str, send: Send = channels.send) -> list[Outcome]:
    """Send a message that says it is only a test by every channel of a role, of all roles where it is ""."""
    chosen = {each.name: each for each in channels.channels_of(office.settings) if role in {"", each.role}}
    if not chosen:
        raise CustodyError("alarm-channels-none", role=role or f"{GUARD}, {ARCHIVIST}, {LEADER}")
    now = office.clock.now()
    trial = Alarm("alarm-test", "", "notice", now, now)
    title, body = compose(trial, f"test-{int(now.timestamp())}", office.settings.lang)
    return [Outcome("test", each.name, send(each, title, body)) for each in chosen.values()]


def _waiting(office: Office) -> list[tuple[AlarmMessageRow, Alarm]]:
    now = office.clock.now()
    with office.database.reading() as session:
        # What waits for a moment far ahead was put off before the clock was set back.
        misdated = col(AlarmMessageRow.next_at) > now + 2 * LONGEST_PAUSE
        asked = select(AlarmMessageRow).where(or_(col(AlarmMessageRow.next_at) <= now, misdated))
        rows = list(session.execute(asked.order_by(col(AlarmMessageRow.id)).limit(AT_ONCE)).scalars())
        return [(row, alarming.one(session, row.alarm)) for row in rows]


def _claim(office: Office, row: AlarmMessageRow) -> bool:
    """Take a message in hand, so that a second sender leaves it; a crash gives it back after the first pause."""
    ours = col(AlarmMessageRow.id) == row.id, col(AlarmMessageRow.next_at) == row.next_at
    with office.database.atomic() as session:
        held = session.execute(update(AlarmMessageRow).where(*ours).values(next_at=office.clock.now() + FIRST_PAUSE))
        return bool(held.rowcount)  # type: ignore[attr-defined]  # an update has a count


def _finish(office: Office, row: AlarmMessageRow, error: str, *, give_up: bool = False) -> None:
    now: datetime = office.clock.now()
    tries = row.tries + 1
    pause = min(FIRST_PAUSE * 2 ** min(row.tries, 10), LONGEST_PAUSE)
    again = now + pause if error and not give_up and now - row.made_at < GIVE_UP else None
    values = {"tries": tries, "tried_at": now, "error": error, "sent_at": None if error else now, "next_at": again}
    with office.database.atomic() as session:
        session.execute(update(AlarmMessageRow).where(col(AlarmMessageRow.id) == row.id).values(**values))
