"""Phones by which guards record: how far each has counted, when it was last heard of, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from archive import people
from archive.people import PersonError
from custody import ledger
from custody.canonical import decode
from custody.holdings import Device
from custody.moments import parse_moment
from custody.projections import Projections
from desk.office import Office

# A phone that recorded nothing for this long is shown as silent: what it may still keep was not sent.
SILENT_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Heard:
    """One phone: the last number of its own count that came, when, and who signed that entry."""

    name: str
    last: int
    at: datetime
    by: str
    is_silent: bool


def heard(office: Office) -> list[Heard]:
    """Return all phones, the one heard of last first."""
    now = office.clock.now()
    with office.database.reading() as session:
        found = [_heard(session, each, now) for each in Projections(session).every(Device)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _heard(session: Session, device: Device, now: datetime) -> Heard:
    body = decode(ledger.entry(session, device.entry).body)
    at = parse_moment(str(body["at"]))
    signed = body.get("by")
    code = str(signed[0]) if isinstance(signed, list) and signed else ""
    try:
        who = people.find(session, code).name if code else ""
    except PersonError:
        who = code
    return Heard(device.name, device.due - 1, at, who, now - at > SILENT_AFTER)
