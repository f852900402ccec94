"""The rows of what people did to pages that were read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel

from archive.database import Moment

_BIG = BigInteger().with_variant(Integer, "sqlite")


def _moment(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=nullable))


class PageAct(SQLModel, table=True):
    """One act of a person on a page, with the page as it stood before; rows are added and ended, never removed.

    `act`: corrected, blank, accepted. `reading` is the `read_at` of the reading it is about: once a page is read
    again, earlier acts are history. `text`, `words` (packed by archive.pages.pack), `source` and `wanted_eyes` are
    those before the act, so the first act on a reading keeps what the machine read. `undone_at` is None while it holds.
    """

    __tablename__ = "page_act"

    id: int | None = Field(default=None, sa_column=Column(_BIG, primary_key=True))
    scan_id: int = Field(sa_column=Column(_BIG, ForeignKey("scan.id"), nullable=False))
    number: int
    reading: datetime = _moment()
    act: str = Field(max_length=16)
    by: str = Field(max_length=32)
    at: datetime = _moment()
    text: str = Field(sa_type=Text)
    words: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    source: str = Field(max_length=16)
    wanted_eyes: bool
    undone_by: str = Field(default="", max_length=32)
    undone_at: datetime | None = _moment(nullable=True)

    __table_args__ = (Index("page_act_page", "scan_id", "number", "id"),)
