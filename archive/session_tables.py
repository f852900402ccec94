"""The rows by which people stay signed in, and links that work once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from archive.database import Moment


def _moment(*, nullable: bool = True) -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=nullable))


class WebSessionRow(SQLModel, table=True):
    """One browser, or one program with a token, in which a person is signed in; the secret itself is not kept."""

    __tablename__ = "web_session"

    id: str = Field(primary_key=True, max_length=36)
    secret: str = Field(unique=True, max_length=64)
    person: str = Field(max_length=32, index=True)
    kind: str = Field(default="page", max_length=8)
    name: str = Field(default="", sa_type=Text)
    made_at: datetime = _moment(nullable=False)
    seen_at: datetime = _moment(nullable=False)
    ends_at: datetime = _moment(nullable=False)
    revoked_at: datetime | None = _moment()


class OneTimeLinkRow(SQLModel, table=True):
    """A link that works once: who opens it may become the first administrator."""

    __tablename__ = "one_time_link"

    secret: str = Field(primary_key=True, max_length=64)
    purpose: str = Field(max_length=16)
    made_at: datetime = _moment(nullable=False)
    ends_at: datetime = _moment(nullable=False)
    used_at: datetime | None = _moment()
