"""The rows of answers that were given once and are given again to whoever repeats the request."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from archive.database import Moment


class ReplayRow(SQLModel, table=True):
    """One request of one person under a key they chose; `status` is 0 while its answer is not known."""

    __tablename__ = "replay"
    __table_args__ = (Index("ix_replay_at", "at"),)

    person: str = Field(primary_key=True, max_length=32)
    key: str = Field(primary_key=True, max_length=200)
    digest: str = Field(max_length=64)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    status: int = 0
    media_type: str = Field(default="", max_length=100)
    headers: str = Field(default="", max_length=2000)
    body: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
