"""Visitors by name, and the keys of the key box. The log names both by their codes alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from archive.errors import ArchiveError
from archive.gate_tables import KeyBoxRow, VisitorRow
from archive.people import CODE
from archive.refs import new_code

LONGEST_PAPER = 40


class GateError(ArchiveError):
    """A visitor or a key cannot be written down or found as asked."""


@dataclass(frozen=True)
class Visitor:
    """A visitor; `name`, `paper` (number of an identity paper) and `body` (who sent them) are "" once erased."""

    code: str
    name: str
    paper: str
    body: str
    erased: bool


@dataclass(frozen=True)
class Key:
    """A key of the key box and what it opens."""

    code: str
    name: str
    place: str
    active: bool


def visitor(session: Session, *, name: str, paper: str, body: str, now: datetime) -> Visitor:
    """Return the visitor with this identity paper and name, written down now where nobody has it.

    Raises GateError "visitor-incomplete".
    """
    name, paper, body = (" ".join(each.split()) for each in (name, paper, body))
    if not name or len(paper) > LONGEST_PAPER:
        raise GateError("visitor-incomplete", name=name, limit=LONGEST_PAPER)
    if paper:
        known = select(VisitorRow).where(col(VisitorRow.paper) == paper, col(VisitorRow.name) == name)
        if (row := session.execute(known.order_by(col(VisitorRow.added_at))).scalars().first()) is not None:
            row.body = body or row.body
            return _visitor(row)
    row = VisitorRow(code=new_code(), name=name, paper=paper or None, body=body or None, added_at=now)
    session.add(row)
    session.flush()
    return _visitor(row)


def visitors(session: Session, codes: Iterable[str]) -> dict[str, Visitor]:
    """Return the visitors that are known among `codes`."""
    found = session.execute(select(VisitorRow).where(col(VisitorRow.code).in_(sorted(set(codes))))).scalars()
    return {row.code: _visitor(row) for row in found}


def erase(session: Session, code: str, now: datetime) -> Visitor:
    """Forget who a visitor was; the entries of the log stay as they are. GateError "visitor-unknown"."""
    row = session.get(VisitorRow, code)
    if row is None:
        raise GateError("visitor-unknown", visitor=code)
    if row.erased_at is None:
        row.name, row.paper, row.body, row.erased_at = None, None, None, now
        session.flush()
    return _visitor(row)


def add_key(session: Session, *, code: str, name: str, place: str, now: datetime) -> Key:
    """Write a key down; GateError "key-code-unusable", "key-exists", "key-incomplete"."""
    key = code.strip().upper()
    if not CODE.fullmatch(key):
        raise GateError("key-code-unusable", key=code)
    if session.get(KeyBoxRow, key) is not None:
        raise GateError("key-exists", key=key)
    if not name.strip():
        raise GateError("key-incomplete", key=key)
    row = KeyBoxRow(code=key, name=" ".join(name.split()), place=place, added_at=now)
    session.add(row)
    session.flush()
    return _key(row)


def key(session: Session, code: str) -> Key:
    """Return a key; GateError "key-unknown"."""
    row = session.get(KeyBoxRow, code.strip().upper())
    if row is None:
        raise GateError("key-unknown", key=code, known=[each.code for each in keys(session)][:5])
    return _key(row)


def keys(session: Session) -> list[Key]:
    """Return all keys by code."""
    return [_key(row) for row in session.execute(select(KeyBoxRow).order_by(col(KeyBoxRow.code))).scalars()]


def retire_key(session: Session, code: str, now: datetime) -> Key:
    """Take a key out of use; it stays on the list. GateError "key-unknown"."""
    row = session.get(KeyBoxRow, code.strip().upper())
    if row is None:
        raise GateError("key-unknown", key=code, known=[])
    row.retired_at = row.retired_at or now
    session.flush()
    return _key(row)


def _visitor(row: VisitorRow) -> Visitor:
    return Visitor(row.code, row.name or "", row.paper or "", row.body or "", row.erased_at is not None)


def _key(row: KeyBoxRow) -> Key:
    return Key(row.code, row.name, row.place, row.retired_at is None)
