"""The rows of phones that send what guards noted on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from archive.database import Moment


def _moment() -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=False))


class DeviceRow(SQLModel, table=True):
    """One browser of one person, with a count of its own; the name is what the browser calls itself."""

    __tablename__ = "device"

    code: str = Field(primary_key=True, max_length=16)
    person: str = Field(max_length=32, index=True)
    name: str = Field(default="", sa_type=Text)
    made_at: datetime = _moment()
