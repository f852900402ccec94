"""Shell: the rows of witnessing: who cosigns our heads, what they signed, and the logs of others we look after."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Text
from sqlmodel import Field, SQLModel

from archive.database import Moment

_BIG = BigInteger().with_variant(Integer, "sqlite")


class NeighbourRow(SQLModel, table=True):
    """A neighbour that is asked to cosign our heads; `trouble` is the code of what came of it last, "" when it did."""

    __tablename__ = "ledger_neighbour"

    name: str = Field(sa_column=Column("name", String(100), primary_key=True))
    key: str = Field(sa_column=Column("key", Text, nullable=False))
    url: str = Field(sa_column=Column("url", Text, nullable=False))
    size: int = Field(sa_column=Column("size", _BIG, nullable=False))
    asked_at: datetime | None = Field(default=None, sa_column=Column("asked_at", Moment(), nullable=True))
    trouble: str = Field(default="", sa_column=Column("trouble", String(60), nullable=False))
    detail: str = Field(default="", sa_column=Column("detail", Text, nullable=False))


class CosignatureRow(SQLModel, table=True):
    """A neighbour's signature under one of our heads, for ever; `key` is the neighbour's verifier key."""

    __tablename__ = "ledger_cosignature"

    size: int = Field(sa_column=Column("size", _BIG, primary_key=True, autoincrement=False))
    key: str = Field(sa_column=Column("key", String(400), primary_key=True))
    line: str = Field(sa_column=Column("line", Text, nullable=False))


class WatchedRow(SQLModel, table=True):
    """Another office's log: its keys, one a line, and the only thing that is kept of it, the last head we cosigned."""

    __tablename__ = "ledger_watched"

    origin: str = Field(sa_column=Column("origin", String(200), primary_key=True))
    keys: str = Field(sa_column=Column("keys", Text, nullable=False))
    size: int = Field(sa_column=Column("size", _BIG, nullable=False))
    root: bytes = Field(sa_column=Column("root", LargeBinary, nullable=False))
    note: str = Field(sa_column=Column("note", Text, nullable=False))
    cosigned_at: datetime | None = Field(default=None, sa_column=Column("cosigned_at", Moment(), nullable=True))
