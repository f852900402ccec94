"""Incidents at the desk: report what happened with its photos, draw a conclusion, list what waits for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlmodel import Session

from custody.entries_duty import IncidentClosed, IncidentOpened
from custody.errors import CustodyError
from custody.incidents import CLOSED, Incident
from custody.projections import Projections
from custody.rules import Signer
from desk import answering, custodial
from desk.custodial import HERE, Where
from desk.enclosures import enclose
from desk.numbers import INCIDENT, next_number
from desk.office import Office

Signing = Sequence[tuple[str, str] | Signer]


def report(
    office: Office,
    about: str,
    severity: str,
    signing: Signing,
    *,
    text: str = "",
    photos: Sequence[Path] = (),
    where: Where = HERE,
    span: tuple[str, str] = ("", ""),
) -> Incident:
    """Open an incident about a code (a package, a place, a person, a form); the finder alone is enough.

    With a span, from and to, it is about a post that was short of guards then: concluded by a leader it answers for it.
    Raises CustodyError "answer-span-wrong" and "answer-about-no-hole".
    """
    number = ""
    start, end = (custodial.moment(office, each) if each else "" for each in span)
    with enclose(office, files=photos, text=text) as enclosed:

        def make(_holdings: Projections, session: Session) -> list[IncidentOpened]:
            nonlocal number
            number = next_number(session, Incident, INCIDENT, custodial.local_now(office).date())
            concerned = about.strip()
            if start and end:
                concerned = answering.must_be_short(office, session, concerned, start, end)
            return [IncidentOpened(number, concerned, severity, enclosed.names, start, end)]

        custodial.perform(office, make, signing, lambda _session: enclosed.keep(office.vault), where)
    return look(office, number)


def conclude(
    office: Office,
    number: str,
    outcome: str,
    signing: Signing,
    *,
    text: str = "",
    photos: Sequence[Path] = (),
    where: Where = HERE,
) -> Incident:
    """Close an incident with its outcome; the conclusion in full is enclosed."""
    with enclose(office, files=photos, text=text) as enclosed:

        def make(_holdings: Projections, _session: Session) -> list[IncidentClosed]:
            return [IncidentClosed(number, outcome, enclosed.names)]

        custodial.perform(office, make, signing, lambda _session: enclosed.keep(office.vault), where)
    return look(office, number)


def opened(
    session: Session, number: str, about: str, severity: str, day: date, names: Sequence[str] = ()
) -> tuple[str, tuple[IncidentOpened, ...]]:
    """Return the number of the incident an entry names, and the entry that opens it: none where a number was given.

    Called inside the transaction. Raises CustodyError "incident-unknown" or "incident-closed-already" for a given
    number that no open incident has.
    """
    if not number.strip():
        number = next_number(session, Incident, INCIDENT, day)
        return number, (IncidentOpened(number, about, severity, tuple(names)),)
    return must_be_open(session, number), ()


def must_be_open(session: Session, number: str) -> str:
    """Return the number of an open incident as it was given out; refuses any other as `opened` does."""
    holdings, typed = Projections(session), number.strip()
    found = holdings.one(Incident, typed) or holdings.one(Incident, typed.upper())
    if found is None:
        raise CustodyError("incident-unknown", incident=typed)
    if found.state == CLOSED:
        raise CustodyError("incident-closed-already", incident=found.number, closed_at=found.closed_at)
    return found.number


def look(office: Office, number: str) -> Incident:
    """Return an incident; CustodyError "incident-unknown"."""
    with office.database.reading() as session:
        found = Projections(session).one(Incident, number)
    if found is None:
        raise CustodyError("incident-unknown", incident=number)
    return found


def every(office: Office, state: str = "") -> list[Incident]:
    """Return all incidents, of one state where it is named, by number."""
    with office.database.reading() as session:
        holdings = Projections(session)
        return holdings.those(Incident, state=state) if state else list(holdings.every(Incident))
