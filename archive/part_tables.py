"""The rows that file scans under dossiers: parts of scans, and who checked and approved what was scanned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Text, text
from sqlmodel import Field, SQLModel

from archive.database import Moment

_BIG = BigInteger().with_variant(Integer, "sqlite")


def _key() -> Any:
    return Field(default=None, sa_column=Column(_BIG, primary_key=True))


class ScanPart(SQLModel, table=True):
    """A stretch of pages of one scan and the dossier they belong to; it is ended, never removed.

    `last_page` None means to the end of the file. `how`: cover, name, hand. `code` is what the cover or the file name
    said, `cover_page` the page of that cover (0 where there is none). Where `dossier` is None, `reason` says why a
    person must look. `pages` (without covers), `blanks` and `failed` are counted once the scan is read, which `counted`
    tells; `two_sided` tells that every leaf gave exactly two of the pages. `by` and `ended_by` name people; an
    end without a person was the program's own, because it knew better.
    """

    __tablename__ = "scan_part"

    id: int | None = _key()
    scan_id: int = Field(sa_column=Column(_BIG, ForeignKey("scan.id"), nullable=False))
    first_page: int
    last_page: int | None = None
    dossier: str | None = Field(default=None, foreign_key="dossier.code", max_length=100)
    how: str = Field(max_length=8)
    code: str = Field(default="", sa_type=Text)
    cover_page: int = 0
    reason: str | None = Field(default=None, max_length=32)
    two_sided: bool = False
    pages: int = 0
    blanks: int = 0
    failed: int = 0
    counted: bool = False
    by: str = Field(default="", max_length=32)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ended_by: str = Field(default="", max_length=32)
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))

    __table_args__ = (
        Index(
            "scan_part_stands",
            "scan_id",
            "first_page",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("scan_part_dossier", "dossier", "ended_at"),
        Index("scan_part_scan", "scan_id", "id"),
    )


class DossierReview(SQLModel, table=True):
    """That a person checked or approved what was scanned of a dossier, or withdrew that; rows are only added.

    `digest` is that of the parts they looked at: once another scan is filed under the dossier, it says nothing more.
    `reason` is why a difference between leaves and pages is accepted, or why the act was withdrawn.
    """

    __tablename__ = "dossier_review"

    id: int | None = _key()
    dossier: str = Field(foreign_key="dossier.code", max_length=100, index=True)
    act: str = Field(max_length=16)
    by: str = Field(max_length=32)
    at: datetime = Field(sa_column=Column(Moment, nullable=False))
    digest: str = Field(max_length=64)
    reason: str = Field(default="", sa_type=Text)
