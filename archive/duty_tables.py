"""The rows of guard duty that are not entries: needs of posts, repeating plans, holidays, and counts in progress."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Date, ForeignKey, Integer, Text
from sqlmodel import Field, SQLModel

from archive.database import Moment

_BIG = BigInteger().with_variant(Integer, "sqlite")


def _post(*, key: bool = False) -> Any:
    return Field(sa_column=Column("post", ForeignKey("post.code"), nullable=False, index=not key, primary_key=key))


def _json() -> Any:
    return Field(sa_column=Column(JSON, nullable=False))


def _at() -> Any:
    return Field(sa_column=Column(Moment, nullable=False))


class PostNeedsRow(SQLModel, table=True):
    """What a post needs from a moment on; `watches` is a list of [from, to, guards, [kinds of days]] in office time."""

    __tablename__ = "post_needs"

    id: int | None = Field(default=None, sa_column=Column(_BIG, primary_key=True, autoincrement=True))
    post: str = _post()
    since: datetime = _at()
    watches: list[list[Any]] = _json()


class RosterRow(SQLModel, table=True):
    """A repeating plan of a post; shifts are [name, start, end] in seconds of the day, teams lists of people."""

    __tablename__ = "roster"

    post: str = _post(key=True)
    begins: date = Field(sa_column=Column(Date, primary_key=True))
    ends: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    weekly: bool = False
    shifts: list[list[Any]] = _json()
    teams: dict[str, list[str]] = _json()
    cycle: list[str] = _json()
    made_at: datetime = _at()


class RosterDayRow(SQLModel, table=True):
    """Who takes one shift of one day in the place of whom the plan names."""

    __tablename__ = "roster_day"

    post: str = _post(key=True)
    day: date = Field(sa_column=Column(Date, primary_key=True))
    shift: str = Field(primary_key=True, max_length=40)
    guards: list[str] = _json()
    made_at: datetime = _at()


class HolidayRow(SQLModel, table=True):
    """A day on which posts need what they need on holidays, or at Tết; `kind` is "holiday" or "tet"."""

    __tablename__ = "holiday"

    day: date = Field(sa_column=Column(Date, primary_key=True))
    name: str = Field(sa_type=Text)
    kind: str = Field(max_length=16)


class ReliefDraftRow(SQLModel, table=True):
    """A hand-over in progress; `state` is "open", "counted", "ended" or "void".

    `closing` is what the first signer said at its end.
    """

    __tablename__ = "relief_draft"

    code: str = Field(primary_key=True, max_length=36)
    post: str = _post()
    giver: str = Field(max_length=32)
    receiver: str = Field(max_length=32)
    state: str = Field(max_length=16, index=True)
    closing: dict[str, Any] = _json()
    begun_at: datetime = _at()
    changed_at: datetime = _at()


class ReliefScanRow(SQLModel, table=True):
    """One package as it was counted; the last scan of a package counts."""

    __tablename__ = "relief_scan"

    draft: str = Field(sa_column=Column("draft", ForeignKey("relief_draft.code"), primary_key=True))
    package: str = Field(primary_key=True, max_length=100)
    place: str = Field(max_length=500)
    finding: str = Field(max_length=16)
    at: datetime = _at()


class ReliefSignatureRow(SQLModel, table=True):
    """One of the two who sign has signed what `digest` stands for; both must within ten minutes."""

    __tablename__ = "relief_signature"

    draft: str = Field(sa_column=Column("draft", ForeignKey("relief_draft.code"), primary_key=True))
    person: str = Field(primary_key=True, max_length=32)
    role: str = Field(max_length=16)
    unit: str = Field(sa_type=Text)
    digest: str = Field(max_length=64)
    at: datetime = _at()
