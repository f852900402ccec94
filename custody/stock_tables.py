"""Shell: the rows of stocktakes, incidents, visits, keys and keyed-in forms; they follow from the entries alone."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Text
from sqlmodel import Field, SQLModel

_BIG = BigInteger().with_variant(Integer, "sqlite")


class StocktakeRow(SQLModel, table=True):
    """One stocktake."""

    __tablename__ = "custody_stocktake"

    code: str = Field(sa_column=Column("code", String(40), primary_key=True))
    state: str = Field(sa_column=Column("state", String(20), nullable=False, index=True))
    places: str = Field(sa_column=Column("places", Text, nullable=False))
    expected: int = Field(sa_column=Column("expected", _BIG, nullable=False))
    found: int = Field(sa_column=Column("found", _BIG, nullable=False))
    opened: int = Field(sa_column=Column("opened", _BIG, nullable=False))
    opened_at: str = Field(sa_column=Column("opened_at", String(25), nullable=False))
    opened_by: str = Field(sa_column=Column("opened_by", String(100), nullable=False))
    closed_at: str = Field(sa_column=Column("closed_at", String(25), nullable=False))
    reason: str = Field(sa_column=Column("reason", String(200), nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class LineRow(SQLModel, table=True):
    """One package in one stocktake."""

    __tablename__ = "custody_stocktake_line"

    key: str = Field(sa_column=Column("line", String(150), primary_key=True, key="key"))
    stocktake: str = Field(sa_column=Column("stocktake", String(40), nullable=False, index=True))
    package: str = Field(sa_column=Column("package", String(100), nullable=False))
    expected: str = Field(sa_column=Column("expected", String(500), nullable=False))
    counted: str = Field(sa_column=Column("counted", String(500), nullable=False))
    finding: str = Field(sa_column=Column("finding", String(20), nullable=False))
    by: str = Field(sa_column=Column("signer", String(100), nullable=False, key="by"))
    at: str = Field(sa_column=Column("moment", String(25), nullable=False, key="at"))
    times: int = Field(sa_column=Column("times", _BIG, nullable=False))
    settled: str = Field(sa_column=Column("settled", Text, nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class IncidentRow(SQLModel, table=True):
    """One incident."""

    __tablename__ = "custody_incident"

    number: str = Field(sa_column=Column("number", String(40), primary_key=True))
    state: str = Field(sa_column=Column("state", String(20), nullable=False, index=True))
    about: str = Field(sa_column=Column("about", String(100), nullable=False, index=True))
    severity: str = Field(sa_column=Column("severity", String(20), nullable=False))
    opened_at: str = Field(sa_column=Column("opened_at", String(25), nullable=False))
    opened_by: str = Field(sa_column=Column("opened_by", String(100), nullable=False))
    closed_at: str = Field(sa_column=Column("closed_at", String(25), nullable=False))
    closed_by: str = Field(sa_column=Column("closed_by", String(100), nullable=False))
    outcome: str = Field(sa_column=Column("outcome", String(20), nullable=False))
    attachments: str = Field(sa_column=Column("attachments", Text, nullable=False))
    start: str = Field(sa_column=Column("span_start", String(25), nullable=False, key="start"))
    end: str = Field(sa_column=Column("span_end", String(25), nullable=False, key="end"))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class VisitRow(SQLModel, table=True):
    """One visit."""

    __tablename__ = "custody_visit"

    number: str = Field(sa_column=Column("number", String(40), primary_key=True))
    state: str = Field(sa_column=Column("state", String(20), nullable=False, index=True))
    visitor: str = Field(sa_column=Column("visitor", String(40), nullable=False, index=True))
    host: str = Field(sa_column=Column("host", String(100), nullable=False))
    purpose: str = Field(sa_column=Column("purpose", String(20), nullable=False))
    place: str = Field(sa_column=Column("place", String(500), nullable=False))
    came_at: str = Field(sa_column=Column("came_at", String(25), nullable=False))
    left_at: str = Field(sa_column=Column("left_at", String(25), nullable=False))
    guard: str = Field(sa_column=Column("guard", String(100), nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class KeyRow(SQLModel, table=True):
    """One key of the key box."""

    __tablename__ = "custody_key"

    code: str = Field(sa_column=Column("code", String(40), primary_key=True))
    state: str = Field(sa_column=Column("state", String(20), nullable=False, index=True))
    holder: str = Field(sa_column=Column("holder", String(100), nullable=False, index=True))
    since: str = Field(sa_column=Column("since", String(25), nullable=False))
    deadline: str = Field(sa_column=Column("deadline", String(25), nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class PaperRow(SQLModel, table=True):
    """A numbered form that was keyed in."""

    __tablename__ = "custody_paper"

    number: str = Field(sa_column=Column("number", String(40), primary_key=True))
    form: str = Field(sa_column=Column("form", String(20), nullable=False))
    written_at: str = Field(sa_column=Column("written_at", String(25), nullable=False))
    ended_at: str = Field(sa_column=Column("ended_at", String(25), nullable=False))
    where: str = Field(sa_column=Column("location", String(500), nullable=False, index=True, key="where"))
    people: str = Field(sa_column=Column("people", Text, nullable=False))
    about: str = Field(sa_column=Column("about", String(100), nullable=False))
    attachments: str = Field(sa_column=Column("attachments", Text, nullable=False))
    present: str = Field(sa_column=Column("present", Text, nullable=False))
    keyed_by: str = Field(sa_column=Column("keyed_by", Text, nullable=False))
    keyed_at: str = Field(sa_column=Column("keyed_at", String(25), nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))
