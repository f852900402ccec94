"""The rows of what an administrator did: to people, places, posts and settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Integer
from sqlmodel import Field, SQLModel

from archive.database import Moment


class OfficeActRow(SQLModel, table=True):
    """One act of looking after the office: who, when, what, to what; it is written once and never changed."""

    __tablename__ = "office_act"

    id: int | None = Field(
        default=None, sa_column=Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    )
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    by: str = Field(max_length=32)
    kind: str = Field(max_length=32, index=True)
    about: str = Field(max_length=200, index=True)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
