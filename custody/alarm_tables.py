"""Shell: the rows of alarms, of what was told about them, and of what the minute tick remembers.

They are rows, not entries of the log: an alarm follows from facts that stand there, or from the state of the machine.
Nothing here is deleted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from archive.database import Moment

_BIG = BigInteger().with_variant(Integer, "sqlite")


def _moment(*, nullable: bool = True, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=nullable, index=index))


def _facts() -> Any:
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


def _key() -> Any:
    return Field(default=None, sa_column=Column(_BIG, primary_key=True))


class AlarmRow(SQLModel, table=True):
    """One alarm; members as those of `custody.alarms.Alarm`. At most one of a code and subject is not cleared."""

    __tablename__ = "alarm"

    number: int | None = _key()
    code: str = Field(max_length=60)
    about: str = Field(max_length=200)
    level: str = Field(max_length=10)
    since: datetime = _moment(nullable=False)
    raised_at: datetime = _moment(nullable=False, index=True)
    facts: dict[str, Any] = _facts()
    gone_at: datetime | None = _moment()
    cleared_at: datetime | None = _moment(index=True)
    acked_by: str = Field(default="", max_length=32)
    acked_at: datetime | None = _moment()
    quiet_by: str = Field(default="", max_length=32)
    quiet_until: datetime | None = _moment()
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    rung: int = -1
    told: int = 0
    told_at: datetime | None = _moment()
    flaps: int = 0

    __table_args__ = (
        Index(
            "alarm_open",
            "code",
            "about",
            unique=True,
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )


class AlarmEventRow(SQLModel, table=True):
    """One thing that happened to an alarm: a verb of `custody.alarms`, "acknowledged" or "quieted", and by whom."""

    __tablename__ = "alarm_event"

    id: int | None = _key()
    alarm: int = Field(sa_column=Column(_BIG, nullable=False, index=True))
    at: datetime = _moment(nullable=False)
    verb: str = Field(max_length=20)
    person: str = Field(default="", max_length=32)
    facts: dict[str, Any] = _facts()


class AlarmMessageRow(SQLModel, table=True):
    """One telling by one channel, kept until it is sent, given up, or not wanted any more.

    `channel` names the kind of a channel and a digest of its address, never the address: that holds passwords.
    """

    __tablename__ = "alarm_message"

    id: int | None = _key()
    alarm: int = Field(sa_column=Column(_BIG, nullable=False, index=True))
    level: str = Field(max_length=10)
    rung: int
    turn: int
    role: str = Field(max_length=20)
    channel: str = Field(max_length=64)
    made_at: datetime = _moment(nullable=False)
    tries: int = 0
    tried_at: datetime | None = _moment()
    next_at: datetime | None = _moment(index=True)
    sent_at: datetime | None = _moment()
    error: str = Field(default="", sa_column=Column(String(200), nullable=False))

    __table_args__ = (UniqueConstraint("alarm", "level", "rung", "turn", "channel"),)


class ObservationRow(SQLModel, table=True):
    """What the tick saw last of one thing: when the log was last checked and what was found, the last backup."""

    __tablename__ = "observation"

    name: str = Field(primary_key=True, max_length=60)
    at: datetime = _moment(nullable=False)
    facts: dict[str, Any] = _facts()


class RefusalRow(SQLModel, table=True):
    """Something shown to the station that should not exist: a code nobody gave, a seal number already used."""

    __tablename__ = "refusal"

    id: int | None = _key()
    at: datetime = _moment(nullable=False, index=True)
    code: str = Field(max_length=60)
    about: str = Field(max_length=100)
    person: str = Field(default="", max_length=32)
    place: str = Field(default="", max_length=100)


class SightingRow(SQLModel, table=True):
    """Where a package was last seen, and where the record said it was at that moment."""

    __tablename__ = "sighting"

    package: str = Field(primary_key=True, max_length=100)
    place: str = Field(max_length=100)
    recorded: str = Field(max_length=100)
    at: datetime = _moment(nullable=False)
    person: str = Field(default="", max_length=32)


class DeviceContactRow(SQLModel, table=True):
    """What a phone last said: its own time against ours, the number its next entry will have, how many it still holds.

    `skew_seconds` is its clock minus ours.
    """

    __tablename__ = "device_contact"

    device: str = Field(primary_key=True, max_length=100)
    heard_at: datetime = _moment(nullable=False)
    skew_seconds: int = 0
    next_seq: int = Field(default=0, sa_column=Column(_BIG, nullable=False))
    owing: int = 0
