"""The rows of people, places and posts: who may sign, where things stand, what is guarded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Text
from sqlmodel import Field, SQLModel

from archive.database import Moment


def _moment(*, nullable: bool = True) -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=nullable))


def _names(table: str, *, length: int, nullable: bool = True) -> Any:
    return Field(default=None, foreign_key=f"{table}.code", max_length=length, nullable=nullable, index=True)


class PersonRow(SQLModel, table=True):
    """One person who can sign; never deleted, because old entries name them. `pin_hash` is an Argon2id string."""

    __tablename__ = "person"

    code: str = Field(primary_key=True, max_length=32)
    name: str = Field(sa_type=Text)
    unit: str = Field(sa_type=Text)
    roles: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    badge: str = Field(unique=True, max_length=9)
    pin_hash: str | None = Field(default=None, sa_type=Text)
    active: bool = True
    added_at: datetime = _moment(nullable=False)
    retired_at: datetime | None = _moment()


class SignInRow(SQLModel, table=True):
    """How often in a row a code was tried with a wrong PIN, and until when it is not heard; unknown codes likewise."""

    __tablename__ = "sign_in"

    code: str = Field(primary_key=True, max_length=32)
    failures: int = 0
    tried_at: datetime = _moment(nullable=False)
    wait_until: datetime | None = _moment()


class PlaceRow(SQLModel, table=True):
    """One node of the tree of places; `path` is the names from the root down, and `code` stands on its label."""

    __tablename__ = "place"

    code: str = Field(primary_key=True, max_length=9)
    parent: str | None = Field(
        default=None, sa_column=Column("parent", ForeignKey("place.code"), nullable=True, index=True)
    )
    kind: str = Field(max_length=16)
    name: str = Field(max_length=100)
    path: str = Field(unique=True, max_length=500)
    added_at: datetime = _moment(nullable=False)


class PostRow(SQLModel, table=True):
    """A place or route that guards cover; `watches` is a list of [from, to, guards] in office time, "HH:MM"."""

    __tablename__ = "post"

    code: str = Field(primary_key=True, max_length=32)
    name: str = Field(sa_type=Text)
    place: str | None = _names("place", length=9)
    watches: list[list[Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    active: bool = True
    added_at: datetime = _moment(nullable=False)
