"""What is wrong or late about paper: overdue, in doubt, missing, seen elsewhere, and codes that should not exist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from archive.refs import is_code
from custody import ledger
from custody.alarm_tables import RefusalRow, SightingRow
from custody.due import URGENT, WARNING, Due
from custody.errors import CustodyError
from custody.holdings import AT_STATION, IN_TRANSIT, LIVE, LOST, MISSING, ON_LOAN, OPENED, SUSPECT, Dossier, Package
from custody.moments import parse_moment
from custody.projections import Projections
from desk.office import Office

UNKNOWN_CODE, SEAL_AGAIN = "unknown-code-shown", "seal-number-again"
# How long a refused code counts as news; what it means is looked into by then.
REFUSAL_STAYS = timedelta(hours=24)
# What the log refuses, and the alarm it is worth.
REFUSALS = {"package-unknown": UNKNOWN_CODE, "package-unknown-near": UNKNOWN_CODE, "seal-number-used": SEAL_AGAIN}


def watch_packages(office: Office) -> Iterator[Due]:
    """Yield packages that are overdue, in doubt or missing."""
    now = office.clock.now()
    with office.database.reading() as session:
        asked = Projections(session)
        for state, code in ((SUSPECT, "package-suspect"), (MISSING, "package-missing")):
            for each in asked.those(Package, state=state):
                yield Due(code, each.code, _moment_of(session, each.entry, now), URGENT, _about(each))
        for state, code in ((IN_TRANSIT, "transit-overdue"), (OPENED, "reseal-overdue")):
            for each in asked.those(Package, state=state):
                if (passed := _passed(each.deadline, now)) is not None:
                    yield Due(code, each.code, passed, URGENT, _about(each))


def watch_dossiers(office: Office) -> Iterator[Due]:
    """Yield dossiers that are overdue or missing; those that were lost with a package are decided on already."""
    now = office.clock.now()
    with office.database.reading() as session:
        asked = Projections(session)
        for state, code in ((ON_LOAN, "return-overdue"), (AT_STATION, "station-overdue")):
            for each in asked.those(Dossier, state=state):
                if (passed := _passed(each.deadline, now)) is not None:
                    facts = {"dossier": each.code, "where": each.where, "deadline": each.deadline}
                    yield Due(code, each.code, passed, WARNING, facts)
        for each in asked.those(Dossier, state=MISSING):
            package = asked.package(each.where) if each.where else None
            if package is None or package.state != LOST:
                since = _moment_of(session, each.entry, now)
                yield Due("dossier-missing", each.code, since, WARNING, {"dossier": each.code, "where": each.where})


def watch_sightings(office: Office) -> Iterator[Due]:
    """Yield packages last seen elsewhere than where the record had them then, until the record or the eye says more."""
    with office.database.reading() as session:
        asked = Projections(session)
        rows = session.execute(select(SightingRow).where(col(SightingRow.place) != col(SightingRow.recorded)))
        for row in rows.scalars():
            package = asked.package(row.package)
            if package is not None and package.state in LIVE and package.place == row.recorded:
                facts = {"package": row.package, "place": row.place, "recorded": row.recorded}
                yield Due("box-at-two-places", row.package, row.at, URGENT, facts)


def watch_refusals(office: Office) -> Iterator[Due]:
    """Yield codes that were shown lately and should not exist."""
    since = office.clock.now() - REFUSAL_STAYS
    with office.database.reading() as session:
        asked = Projections(session)
        first = func.min(col(RefusalRow.at))
        columns = select(col(RefusalRow.code), col(RefusalRow.about), first, func.max(col(RefusalRow.place)))
        grouped = columns.where(col(RefusalRow.at) > since).group_by(col(RefusalRow.code), col(RefusalRow.about))
        for code, about, at, place in session.execute(grouped).all():
            facts = {"shown": about, "place": place or "–"}
            if code == SEAL_AGAIN:
                seal = asked.seal(about)
                facts = {"number": about, "package": seal.package if seal else "–", "place": place or "–"}
            yield Due(code, about, at, WARNING, facts)


def note_refusal(office: Office, refused: CustodyError, person: str = "", place: str = "") -> None:
    """Remember a refusal that is worth an alarm: a well-formed code nobody gave, a seal number used before."""
    code = REFUSALS.get(refused.code, "")
    about = str(refused.facts.get("package" if code == UNKNOWN_CODE else "number", ""))
    # A wrong check character is a slip of the fingers; a right one on an unknown code is not.
    if code and about and (code != UNKNOWN_CODE or is_code(about)):
        with office.database.atomic() as session:
            session.add(
                RefusalRow(at=office.clock.now(), code=code, about=about[:100], person=person, place=place[:100])
            )


def note_sighting(session: Session, package: str, place: str, at: datetime, person: str = "") -> None:
    """Remember where a package was seen, inside the caller's transaction; raises CustodyError "package-unknown"."""
    known = Projections(session).package(package)
    if known is None:
        raise CustodyError("package-unknown", package=package)
    row = session.get(SightingRow, package) or SightingRow(package=package, place=place, recorded=known.place, at=at)
    row.place, row.recorded, row.at, row.person = place, known.place, at, person
    session.add(row)


WATCHES = (watch_packages, watch_dossiers, watch_sightings, watch_refusals)


def _about(each: Package) -> dict[str, object]:
    facts: dict[str, object] = {"package": each.code, "place": each.place}
    facts |= {"deadline": each.deadline} if each.deadline else {}
    return facts | ({"destination": each.destination} if each.destination else {})


def _passed(deadline: str, now: datetime) -> datetime | None:
    """Return a deadline that is past, else None; one that cannot be read was never kept, so it is past since now."""
    try:
        moment = parse_moment(deadline)
    except CustodyError:
        return now
    return moment if moment < now else None


def _moment_of(session: Session, seq: int, now: datetime) -> datetime:
    try:
        return parse_moment(json.loads(ledger.entry(session, seq).body)["at"])
    except (CustodyError, ValueError, KeyError):
        return now
