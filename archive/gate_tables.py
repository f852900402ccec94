"""The rows beside the gate's entries: who visitors are, which can be erased, and which keys there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from archive.database import Moment


def _moment(*, nullable: bool = True) -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=nullable))


class VisitorRow(SQLModel, table=True):
    """A visitor under the code the log knows; the rest is empty once it was erased."""

    __tablename__ = "visitor"

    code: str = Field(primary_key=True, max_length=40)
    name: str | None = Field(default=None, sa_type=Text)
    paper: str | None = Field(default=None, max_length=40, index=True)
    body: str | None = Field(default=None, sa_type=Text)
    added_at: datetime = _moment(nullable=False)
    erased_at: datetime | None = _moment()


class KeyBoxRow(SQLModel, table=True):
    """A key and what it opens."""

    __tablename__ = "key_box"

    code: str = Field(primary_key=True, max_length=40)
    name: str = Field(sa_type=Text)
    place: str = Field(default="", max_length=500)
    added_at: datetime = _moment(nullable=False)
    retired_at: datetime | None = _moment()
