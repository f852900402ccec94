"""The rows of printed numbers: each code that ever stood on paper, and each time it was printed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from archive.database import Moment

_BIG = BigInteger().with_variant(Integer, "sqlite")
# Rows that stay for ever: the database itself refuses to remove them.
FOR_EVER = ("paper_number", "paper_print")


def _moment(*, nullable: bool) -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=nullable))


class NumberRow(SQLModel, table=True):
    """One code that stands on paper; `kind` is its letter, `form` the record it numbers ("F9"), `about` what it names.

    `entry` is the entry of the log under which a blank that was written by hand was keyed in.
    """

    __tablename__ = "paper_number"

    code: str = Field(primary_key=True, max_length=9)
    kind: str = Field(max_length=1, index=True)
    form: str = Field(default="", max_length=4)
    about: str = Field(default="", sa_type=Text)
    blank: bool = False
    prints: int = 0
    given_at: datetime = _moment(nullable=False)
    given_by: str = Field(default="", max_length=32)
    voided_at: datetime | None = _moment(nullable=True)
    voided_by: str = Field(default="", max_length=32)
    void_reason: str = Field(default="", sa_type=Text)
    entry: int | None = Field(default=None, sa_column=Column(_BIG, nullable=True))


class PrintRow(SQLModel, table=True):
    """One printing of a code on one kind of paper ("strip A0001"); the first on that paper has the ordinal 1."""

    __tablename__ = "paper_print"

    id: int | None = Field(default=None, sa_column=Column(_BIG, primary_key=True))
    code: str = Field(foreign_key="paper_number.code", max_length=9)
    paper: str = Field(default="", sa_type=Text)
    ordinal: int
    at: datetime = _moment(nullable=False)
    by: str = Field(default="", max_length=32)

    __table_args__ = (UniqueConstraint("code", "paper", "ordinal"),)
