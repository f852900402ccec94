"""Shell: the rows of current state. They follow from the entries alone and are written with them, never by hand."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Text
from sqlmodel import Field, SQLModel

_BIG = BigInteger().with_variant(Integer, "sqlite")


class PackageRow(SQLModel, table=True):
    """A package now."""

    __tablename__ = "custody_package"

    code: str = Field(sa_column=Column("code", String(100), primary_key=True))
    state: str = Field(sa_column=Column("state", String(20), nullable=False, index=True))
    custodian: str = Field(sa_column=Column("custodian", String(100), nullable=False, index=True))
    place: str = Field(sa_column=Column("place", String(500), nullable=False, index=True))
    store: str = Field(sa_column=Column("store", String(500), nullable=False))
    seals: str = Field(sa_column=Column("seals", Text, nullable=False))
    sealers: str = Field(sa_column=Column("sealers", Text, nullable=False))
    manifest: str = Field(sa_column=Column("manifest", String(64), nullable=False))
    label: str = Field(sa_column=Column("label", String(64), nullable=False))
    dossiers: int = Field(sa_column=Column("dossiers", _BIG, nullable=False))
    leaves: int = Field(sa_column=Column("leaves", _BIG, nullable=False))
    deadline: str = Field(sa_column=Column("deadline", String(25), nullable=False))
    decision: str = Field(sa_column=Column("decision", String(100), nullable=False))
    destination: str = Field(sa_column=Column("destination", String(500), nullable=False))
    sender: str = Field(sa_column=Column("sender", String(100), nullable=False))
    checked: str = Field(sa_column=Column("checked", String(25), nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))
    broken: int = Field(sa_column=Column("broken", _BIG, nullable=False))


class DossierRow(SQLModel, table=True):
    """A dossier now."""

    __tablename__ = "custody_dossier"

    code: str = Field(sa_column=Column("code", String(100), primary_key=True))
    leaves: int = Field(sa_column=Column("leaves", _BIG, nullable=False))
    state: str = Field(sa_column=Column("state", String(20), nullable=False, index=True))
    where: str = Field(sa_column=Column("location", String(500), nullable=False, index=True, key="where"))
    record: str = Field(sa_column=Column("record", String(64), nullable=False))
    deadline: str = Field(sa_column=Column("deadline", String(25), nullable=False))
    permission: str = Field(sa_column=Column("permission", String(100), nullable=False))
    decision: str = Field(sa_column=Column("decision", String(100), nullable=False))
    home: str = Field(sa_column=Column("home", String(100), nullable=False, index=True))
    holds: str = Field(sa_column=Column("holds", Text, nullable=False))
    went: int = Field(sa_column=Column("went", _BIG, nullable=False, server_default="-1"))
    came: int = Field(sa_column=Column("came", _BIG, nullable=False, server_default="-1"))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class RollRow(SQLModel, table=True):
    """An issued roll of seals and how many are unused."""

    __tablename__ = "custody_roll"

    code: str = Field(sa_column=Column("code", String(100), primary_key=True))
    prefix: str = Field(sa_column=Column("prefix", String(40), nullable=False, index=True))
    first: int = Field(sa_column=Column("first", _BIG, nullable=False))
    size: int = Field(sa_column=Column("size", _BIG, nullable=False))
    width: int = Field(sa_column=Column("width", _BIG, nullable=False))
    unused: int = Field(sa_column=Column("unused", _BIG, nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class SealRow(SQLModel, table=True):
    """A seal that is no longer unused."""

    __tablename__ = "custody_seal"

    number: str = Field(sa_column=Column("number", String(40), primary_key=True))
    roll: str = Field(sa_column=Column("roll", String(100), nullable=False, index=True))
    state: str = Field(sa_column=Column("state", String(20), nullable=False))
    package: str = Field(sa_column=Column("package", String(100), nullable=False, index=True))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class DeviceRow(SQLModel, table=True):
    """A phone's own count."""

    __tablename__ = "custody_device"

    name: str = Field(sa_column=Column("name", String(100), primary_key=True))
    due: int = Field(sa_column=Column("due", _BIG, nullable=False))
    entry: int = Field(sa_column=Column("entry", _BIG, nullable=False))


class TotalsRow(SQLModel, table=True):
    """What was ever registered."""

    __tablename__ = "custody_totals"

    name: str = Field(sa_column=Column("name", String(100), primary_key=True))
    dossiers: int = Field(sa_column=Column("dossiers", _BIG, nullable=False))
    leaves: int = Field(sa_column=Column("leaves", _BIG, nullable=False))
    reused: int = Field(sa_column=Column("reused", _BIG, nullable=False))
