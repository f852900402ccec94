"""The rows of the register: fonds, dossiers, items, the imports they came by and what an import amended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from archive.database import Moment

_BIG = BigInteger().with_variant(Integer, "sqlite")


def _key() -> Any:
    return Field(default=None, sa_column=Column(_BIG, primary_key=True))


def _moment() -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=False))


class FondsRow(SQLModel, table=True):
    """The records of one body; `body` is the name of the office that made them."""

    __tablename__ = "fonds"

    code: str = Field(primary_key=True, max_length=40)
    name: str = Field(sa_type=Text)
    body: str = Field(default="", sa_type=Text)
    added_at: datetime = _moment()


class RegisterImportRow(SQLModel, table=True):
    """One import of a list into one fonds; `sha256` is that of the file."""

    __tablename__ = "register_import"

    id: str = Field(primary_key=True, max_length=36)
    fonds: str = Field(foreign_key="fonds.code", max_length=40, index=True)
    name: str = Field(sa_type=Text)
    sha256: str = Field(max_length=64)
    at: datetime = _moment()
    added: int = 0
    amended: int = 0
    unchanged: int = 0
    faults: int = 0


class DossierRow(SQLModel, table=True):
    """One dossier of the register: the unit that must exist.

    `code` is the fonds and the register's own number, `folded` the same as a file name may say it (see
    archive.dossier_names); `label` stands in its QR code. `facts` holds what the list said,
    by field; `digest` is the SHA-256 of the record's canonical text. `leaves` is None where the list did not say.
    """

    __tablename__ = "dossier"

    id: int | None = _key()
    code: str = Field(unique=True, max_length=100)
    folded: str = Field(default="", index=True, max_length=100, sa_column_kwargs={"server_default": ""})
    label: str = Field(unique=True, max_length=9)
    fonds: str = Field(foreign_key="fonds.code", max_length=40, index=True)
    number: str = Field(max_length=100)
    title: str = Field(sa_type=Text)
    retention: str = Field(default="", max_length=100)
    box: str = Field(default="", max_length=100)
    leaves: int | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    digest: str = Field(max_length=64)
    import_id: str = Field(foreign_key="register_import.id", max_length=36, index=True)
    registered_at: datetime = _moment()

    __table_args__ = (UniqueConstraint("fonds", "number"),)


class DossierAmendmentRow(SQLModel, table=True):
    """What one import changed in a dossier: the fields before and after; the dossier's history."""

    __tablename__ = "dossier_amendment"

    id: int | None = _key()
    dossier: str = Field(foreign_key="dossier.code", max_length=100, index=True)
    import_id: str = Field(foreign_key="register_import.id", max_length=36, index=True)
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    after: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class ItemRow(SQLModel, table=True):
    """One document inside a dossier, in its order; `facts` holds the other fields of the list of documents."""

    __tablename__ = "item"

    id: int | None = _key()
    dossier_id: int = Field(sa_column=Column(_BIG, ForeignKey("dossier.id"), nullable=False))
    ordinal: int
    number: str = Field(default="", max_length=100)
    issued: str = Field(default="", max_length=10)
    subject: str = Field(default="", sa_type=Text)
    author: str = Field(default="", sa_type=Text)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))

    __table_args__ = (UniqueConstraint("dossier_id", "ordinal"),)
