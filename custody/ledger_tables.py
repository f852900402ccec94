"""Shell: the rows of the custody log. They are written once; the database itself refuses to change or remove them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Text
from sqlmodel import Field, SQLModel

_BIG = BigInteger().with_variant(Integer, "sqlite")

# Tables whose rows are for ever, in the order in which they are filled.
FOR_EVER = ("ledger_entry", "ledger_node", "ledger_checkpoint", "ledger_cosignature")


class EntryRow(SQLModel, table=True):
    """One entry: `body` holds its exact canonical bytes, `leaf` their leaf hash; `kind` is a copy for lists."""

    __tablename__ = "ledger_entry"

    seq: int = Field(sa_column=Column(_BIG, primary_key=True, autoincrement=False))
    kind: str = Field(sa_column=Column(String(40), nullable=False, index=True))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    leaf: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class NodeRow(SQLModel, table=True):
    """The hash of one full subtree of two leaves or more."""

    __tablename__ = "ledger_node"

    level: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    index: int = Field(sa_column=Column("position", _BIG, primary_key=True, autoincrement=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))

    __table_args__ = ({"sqlite_with_rowid": False},)


class CheckpointRow(SQLModel, table=True):
    """One signed head of the log, as the note that also lies in the second place."""

    __tablename__ = "ledger_checkpoint"

    size: int = Field(sa_column=Column(_BIG, primary_key=True, autoincrement=False))
    note: str = Field(sa_column=Column(Text, nullable=False))
    reason: str = Field(default="asked", sa_column=Column(String(40), nullable=False))
