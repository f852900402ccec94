"""Shell: the rows of what is known of guard shifts; they follow from the entries, like all current state."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Text
from sqlmodel import Field, SQLModel

from custody.projection_tables import PackageRow

_BIG = BigInteger().with_variant(Integer, "sqlite")

# A hand-over asks for everything in a store.
Index("ix_custody_package_store", PackageRow.__table__.c.store)  # type: ignore[attr-defined]  # given by SQLModel


class PlannedRow(SQLModel, table=True):
    """One guard's turn at a post, as planned."""

    __tablename__ = "custody_planned"
    # A post's years are asked for alone, and so is its first turn.
    __table_args__ = (Index("ix_custody_planned_post_start", "post", "start"),)

    key: str = Field(sa_column=Column("key", String(120), primary_key=True))
    period: str = Field(sa_column=Column("period", String(60), nullable=False, index=True))
    post: str = Field(sa_column=Column("post", String(32), nullable=False))
    guard: str = Field(sa_column=Column("guard", String(100), nullable=False))
    shift: str = Field(sa_column=Column("shift", String(100), nullable=False))
    start: int = Field(sa_column=Column("start", _BIG, nullable=False, index=True))
    until: int = Field(sa_column=Column("until", _BIG, nullable=False))
    void: bool = Field(sa_column=Column("void", Boolean, nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class OnDutyRow(SQLModel, table=True):
    """One guard's presence at a post."""

    __tablename__ = "custody_on_duty"
    __table_args__ = (
        Index("ix_custody_on_duty_post_start", "post", "start"),
        Index("ix_custody_on_duty_ending_guard", "ending", "guard"),
    )

    key: str = Field(sa_column=Column("key", String(120), primary_key=True))
    post: str = Field(sa_column=Column("post", String(32), nullable=False))
    guard: str = Field(sa_column=Column("guard", String(100), nullable=False))
    start: int = Field(sa_column=Column("start", _BIG, nullable=False, index=True))
    until: int = Field(sa_column=Column("until", _BIG, nullable=False, index=True))
    at_post: str = Field(sa_column=Column("at_post", String(32), nullable=False, index=True))
    is_guard: str = Field(sa_column=Column("is_guard", String(100), nullable=False, index=True))
    instead: str = Field(sa_column=Column("instead", String(100), nullable=False))
    ending: str = Field(sa_column=Column("ending", String(20), nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class ReliefRow(SQLModel, table=True):
    """One hand-over of a shift."""

    __tablename__ = "custody_relief"

    code: str = Field(sa_column=Column("code", String(100), primary_key=True))
    post: str = Field(sa_column=Column("post", String(32), nullable=False))
    giver: str = Field(sa_column=Column("giver", String(100), nullable=False))
    receiver: str = Field(sa_column=Column("receiver", String(100), nullable=False))
    state: str = Field(sa_column=Column("state", String(20), nullable=False))
    areas: str = Field(sa_column=Column("areas", Text, nullable=False))
    counted_at: int = Field(sa_column=Column("counted_at", _BIG, nullable=False))
    expected: int = Field(sa_column=Column("expected", _BIG, nullable=False))
    digest: str = Field(sa_column=Column("digest", String(64), nullable=False))
    present: str = Field(sa_column=Column("present", Text, nullable=False))
    differences: str = Field(sa_column=Column("differences", Text, nullable=False))
    incidents: str = Field(sa_column=Column("incidents", Text, nullable=False))
    closed_at: int = Field(sa_column=Column("closed_at", _BIG, nullable=False))
    open_at: str = Field(sa_column=Column("open_at", String(32), nullable=False, index=True))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False, index=True))
