"""What is late, and what will be within a day: returns, journeys, boxes left open, rounds, stocktakes, incidents, keys.

    for each in late(office):
        each.kind, each.about, each.due, each.is_late

What the alarms say is wrong; this also says what is coming, so that nobody need be told by an alarm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from custody import incidents, stocktake
from custody.errors import CustodyError
from custody.gate import INSIDE, OUT, KeyOut, Visit
from custody.holdings import AT_STATION, IN_TRANSIT, ON_LOAN, OPENED, Dossier, Package
from custody.incidents import Incident
from custody.moments import parse_moment
from custody.projections import Projections
from custody.round_rows import Remembering
from custody.stocktake import Stocktake
from desk import rounds
from desk.duty_stock import STOCKTAKE_WITHIN, VISIT_WITHIN
from desk.office import Office

SOON = timedelta(hours=24)
TRANSIT, RESEAL, STATION, LOAN = "transit", "reseal", "station", "loan"
ROUND, STOCKTAKE, INCIDENT, KEY, VISITOR = "round", "stocktake", "incident", "key", "visitor"


@dataclass(frozen=True)
class Late:
    """One thing with a deadline: what kind, the code it is about, when it is due, and who has it."""

    kind: str
    about: str
    due: datetime
    is_late: bool
    who: str = ""
    where: str = ""
    facts: dict[str, str] = field(default_factory=dict)


def late(office: Office, within: timedelta = SOON) -> list[Late]:
    """Return what is late or falls due within a span from now, the latest first."""
    now = office.clock.now()
    with office.database.reading() as session:
        asked = Projections(session)
        found = [*_papers(asked, now), *_duties(asked, now)]
        for owed in rounds.due_in(Remembering(session), now):
            if owed.walked is None:
                found.append(Late(ROUND, owed.code, owed.closes, owed.closes <= now, where=owed.guarded))
            else:
                ends = _moment(owed.walked.deadline, now)
                found.append(Late(ROUND, owed.code, ends, ends <= now, ", ".join(owed.walked.by), owed.guarded))
    return sorted((each for each in found if each.due <= now + within), key=lambda each: (each.due, each.about))


def _papers(asked: Projections, now: datetime) -> Iterator[Late]:
    for state, kind in ((IN_TRANSIT, TRANSIT), (OPENED, RESEAL)):
        for box in asked.those(Package, state=state):
            due = _moment(box.deadline, now)
            yield Late(kind, box.code, due, due <= now, box.custodian, box.destination or box.place)
    for state, kind in ((AT_STATION, STATION), (ON_LOAN, LOAN)):
        for each in asked.those(Dossier, state=state):
            due = _moment(each.deadline, now)
            who = each.where if kind == LOAN else ""
            yield Late(kind, each.code, due, due <= now, who, "" if kind == LOAN else each.where)


def _duties(asked: Projections, now: datetime) -> Iterator[Late]:
    for taken in asked.those(Stocktake, state=stocktake.OPEN):
        due = parse_moment(taken.opened_at) + STOCKTAKE_WITHIN
        yield Late(STOCKTAKE, taken.code, due, due <= now, taken.opened_by, ", ".join(taken.places))
    for each in asked.those(Incident, state=incidents.OPEN):
        due = parse_moment(each.opened_at) + incidents.ANSWER_WITHIN[each.severity]
        yield Late(INCIDENT, each.number, due, due <= now, each.opened_by, each.about)
    for visit in asked.those(Visit, state=INSIDE):
        due = parse_moment(visit.came_at) + VISIT_WITHIN
        yield Late(VISITOR, visit.number, due, due <= now, visit.host)
    for key in asked.those(KeyOut, state=OUT):
        due = _moment(key.deadline, now)
        yield Late(KEY, key.code, due, due <= now, key.holder)


def _moment(text: str, now: datetime) -> datetime:
    """Return a deadline; one that cannot be read was never kept, so it is late."""
    try:
        return parse_moment(text)
    except CustodyError:
        return now
