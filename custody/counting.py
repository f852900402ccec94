"""Shell: counts that wait, sealed, until both people have counted.

A count is encrypted under a key made from the PIN of whoever counted, so that the second person cannot read the first
count before both sign together, neither on a page nor with a tool for databases. What this does not stop: somebody
who holds the file and tries every PIN, at about a tenth of a second each.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any, cast

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, LargeBinary, String, Table, delete, insert, select
from sqlmodel import Field, Session, SQLModel

from archive.database import Moment
from custody.errors import CustodyError

Count = tuple[int, int]
MOST = 10**9
SALT, NONCE, DIGITS = 16, 12, 10


class CountRow(SQLModel, table=True):
    """One person's count of one package, until it is packed or counted again."""

    __tablename__ = "sealed_count"

    package: str = Field(sa_column=Column("package", String(100), primary_key=True))
    person: str = Field(sa_column=Column("person", String(100), primary_key=True))
    sealed: bytes = Field(sa_column=Column("sealed", LargeBinary, nullable=False))
    at: datetime = Field(sa_column=Column("at", Moment, nullable=False))


_TABLE = cast(Table, CountRow.__table__)  # type: ignore[attr-defined]  # given by SQLModel


def keep(session: Session, package: str, person: str, pin: str, count: Count, now: datetime) -> None:
    """Keep a person's count (dossiers, leaves) of a package in the place of an earlier one.

    Raises CustodyError "count-unusable" for what nobody can have counted.
    """
    if not all(0 <= each <= MOST for each in count):
        raise CustodyError("count-unusable", counted=list(count))
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    # Of one length whatever was counted: the length of what is sealed must not speak.
    told = "".join(f"{each:0{DIGITS}d}" for each in count).encode()
    hidden = AESGCM(_key(pin, salt)).encrypt(nonce, told, _bound(package, person))
    session.execute(delete(_TABLE).where(_of(package) & (_TABLE.c.person == person)))
    session.execute(
        insert(_TABLE), [{"package": package, "person": person, "sealed": salt + nonce + hidden, "at": now}]
    )


def reveal(session: Session, package: str, person: str, pin: str) -> Count | None:
    """Return a person's kept count, None where there is none; CustodyError "count-unreadable" under another PIN."""
    asked = select(_TABLE.c.sealed).where(_of(package) & (_TABLE.c.person == person))
    sealed = session.execute(asked).scalar_one_or_none()
    if sealed is None:
        return None
    whole = bytes(sealed)
    salt, nonce, hidden = whole[:SALT], whole[SALT : SALT + NONCE], whole[SALT + NONCE :]
    try:
        told = AESGCM(_key(pin, salt)).decrypt(nonce, hidden, _bound(package, person)).decode()
    except InvalidTag:
        raise CustodyError("count-unreadable", package=package, signer=person) from None
    return int(told[:DIGITS]), int(told[DIGITS:])


def counted_by(session: Session, package: str) -> list[tuple[str, datetime]]:
    """Return who has counted a package, and when, in that order; never what."""
    rows = session.execute(select(_TABLE.c.person, _TABLE.c.at).where(_of(package)))
    return sorted(((person, at) for person, at in rows), key=lambda each: (each[1], each[0]))


def forget(session: Session, package: str, person: str = "") -> None:
    """Drop the counts of a package, or one person's: it is packed, or must be counted again."""
    session.execute(delete(_TABLE).where(_of(package) & (_TABLE.c.person == person) if person else _of(package)))


def _of(package: str) -> Any:
    return _TABLE.c.package == package


def _bound(package: str, person: str) -> bytes:
    """Return what a sealed count belongs to, so that it cannot be put under another name or package."""
    return f"{package}\0{person}".encode()


def _key(pin: str, salt: bytes) -> bytes:
    # The cost of a PIN's own hash (archive/people.py), twice over.
    return hash_secret_raw(
        pin.encode(), salt, time_cost=4, memory_cost=19 * 1024, parallelism=1, hash_len=32, type=Type.ID
    )
