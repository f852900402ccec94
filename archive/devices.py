"""Phones that keep notes while they have no network: each browser of each person has a code and a count of its own.

Two people who share a phone are two devices, so that nobody's notes wait for those of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from archive.device_tables import DeviceRow
from archive.errors import ArchiveError
from archive.refs import new_code

LONGEST_NAME = 200


class DeviceError(ArchiveError):
    """A phone nobody registered, or one of another person: "device-unknown", "device-of-another"."""


@dataclass(frozen=True)
class Phone:
    """One browser of one person."""

    code: str
    person: str
    name: str
    made_at: datetime


def register(session: Session, person: str, name: str, now: datetime) -> Phone:
    """Return a new device of a person."""
    row = DeviceRow(code=f"DT-{new_code()}", person=person, name=name[:LONGEST_NAME], made_at=now)
    session.add(row)
    session.flush()
    return _phone(row)


def find(session: Session, code: str, person: str) -> Phone:
    """Return a person's device; raises DeviceError."""
    row = session.get(DeviceRow, code)
    if row is None:
        raise DeviceError("device-unknown", device=code)
    if row.person != person:
        raise DeviceError("device-of-another", device=code, person=row.person)
    return _phone(row)


def _phone(row: DeviceRow) -> Phone:
    return Phone(row.code, row.person, row.name, row.made_at)
