"""Shell: the rows of rounds: plans, rounds and announced heads as the entries leave them, and what was found on rounds.

The first three follow from the entries alone. Results are written as points are scanned, and never changed; the root
over them stands in the entry that ends the round.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Text
from sqlmodel import Field, SQLModel

from archive.database import Moment

_BIG = BigInteger().with_variant(Integer, "sqlite")


class RoundPlanRow(SQLModel, table=True):
    """A plan of rounds now."""

    __tablename__ = "custody_round_plan"

    code: str = Field(sa_column=Column("code", String(100), primary_key=True))
    sort: str = Field(sa_column=Column("sort", String(20), nullable=False))
    guarded: str = Field(sa_column=Column("guarded", String(100), nullable=False))
    targets: str = Field(sa_column=Column("targets", Text, nullable=False))
    times: str = Field(sa_column=Column("times", Text, nullable=False))
    days: str = Field(sa_column=Column("days", Text, nullable=False))
    minutes: int = Field(sa_column=Column("minutes", _BIG, nullable=False))
    grace: int = Field(sa_column=Column("grace", _BIG, nullable=False))
    least: int = Field(sa_column=Column("least", _BIG, nullable=False))
    zone: str = Field(sa_column=Column("zone", String(100), nullable=False))
    state: str = Field(sa_column=Column("state", String(20), nullable=False, index=True))
    since: str = Field(sa_column=Column("since", String(25), nullable=False))
    until: str = Field(sa_column=Column("until", String(25), nullable=False))
    planned: int = Field(sa_column=Column("planned", _BIG, nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class RoundRow(SQLModel, table=True):
    """A round that was begun or missed."""

    __tablename__ = "custody_round"

    code: str = Field(sa_column=Column("code", String(100), primary_key=True))
    plan: str = Field(sa_column=Column("plan", String(100), nullable=False))
    sort: str = Field(sa_column=Column("sort", String(20), nullable=False))
    guarded: str = Field(sa_column=Column("guarded", String(100), nullable=False))
    day: str = Field(sa_column=Column("day", String(10), nullable=False, index=True))
    touched: str = Field(sa_column=Column("touched", String(10), nullable=False, index=True))
    state: str = Field(sa_column=Column("state", String(20), nullable=False, index=True))
    due: str = Field(sa_column=Column("due", String(25), nullable=False))
    closes: str = Field(sa_column=Column("closes", String(25), nullable=False))
    deadline: str = Field(sa_column=Column("deadline", String(25), nullable=False))
    points: str = Field(sa_column=Column("points", Text, nullable=False))
    drawn: int = Field(sa_column=Column("drawn", _BIG, nullable=False))
    by: str = Field(sa_column=Column("signers", Text, nullable=False, key="by"))
    started: str = Field(sa_column=Column("started", String(25), nullable=False))
    ended: str = Field(sa_column=Column("ended", String(25), nullable=False))
    scanned: int = Field(sa_column=Column("scanned", _BIG, nullable=False))
    unscanned: str = Field(sa_column=Column("unscanned", Text, nullable=False))
    results: int = Field(sa_column=Column("results", _BIG, nullable=False))
    root: str = Field(sa_column=Column("root", String(64), nullable=False))
    reason: str = Field(sa_column=Column("reason", Text, nullable=False))
    missed_at: int = Field(sa_column=Column("missed_at", _BIG, nullable=False))
    begun_at: int = Field(sa_column=Column("begun_at", _BIG, nullable=False))
    off_duty: str = Field(sa_column=Column("off_duty", Text, nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class HeadRow(SQLModel, table=True):
    """A head of the log that was announced."""

    __tablename__ = "custody_head"

    key: str = Field(sa_column=Column("key", String(20), primary_key=True))
    at: str = Field(sa_column=Column("announced", String(25), nullable=False, key="at"))
    size: int = Field(sa_column=Column("size", _BIG, nullable=False))
    root: str = Field(sa_column=Column("root", String(64), nullable=False))
    before: str = Field(sa_column=Column("before", String(20), nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class ResultRow(SQLModel, table=True):
    """What was found at one point: `body` holds the exact bytes that are hashed; `point` is a copy for look-ups."""

    __tablename__ = "round_result"

    round: str = Field(sa_column=Column("round", String(100), primary_key=True))
    number: int = Field(sa_column=Column("number", Integer, primary_key=True, autoincrement=False))
    point: str = Field(sa_column=Column("point", String(100), nullable=False))
    body: bytes = Field(sa_column=Column("body", LargeBinary, nullable=False))


class SettledRow(SQLModel, table=True):
    """Up to when every missed round is recorded: where the tick goes on looking. Whoever judges looks at all of it."""

    __tablename__ = "round_settled"

    name: str = Field(sa_column=Column("name", String(20), primary_key=True))
    until: datetime = Field(sa_column=Column("until", Moment, nullable=False))
