"""Stocktakes, incidents, visitors and keys: what breaks I12, and what waits too long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from custody import incidents, stocktake
from custody.due import NOTICE, URGENT, WARNING, Due
from custody.errors import Finding
from custody.gate import INSIDE, OUT, KeyOut, Visit
from custody.incidents import Incident
from custody.moments import parse_moment
from custody.projections import Projections
from custody.stocktake import Line, Stocktake
from desk.office import Office

# A stocktake that is open for longer is forgotten, or something is wrong with it.
STOCKTAKE_WITHIN = timedelta(days=7)
# Nobody stays the night.
VISIT_WITHIN = timedelta(hours=12)
LEVELS: Mapping[str, str] = {"low": NOTICE, "medium": WARNING, "high": URGENT}


def judges(office: Office) -> Mapping[int, Sequence[Finding]]:
    """Return what breaks I12; nothing is answered for while there was never a stocktake."""
    with office.database.reading() as session:
        holdings = Projections(session)
        known = list(holdings.every(Stocktake))
        if not known:
            return {}
        return {12: tuple(stocktake.findings(known, holdings.every(Line)))}


def watches(office: Office) -> Iterator[Due]:
    """Yield stocktakes, incidents, visitors and keys that wait for too long."""
    now = office.clock.now()
    with office.database.reading() as session:
        holdings = Projections(session)
        for each in holdings.those(Stocktake, state=stocktake.OPEN):
            if (since := parse_moment(each.opened_at) + STOCKTAKE_WITHIN) <= now:
                yield Due("stocktake-open-long", each.code, since, NOTICE, {"opened_at": each.opened_at})
        for incident in holdings.those(Incident, state=incidents.OPEN):
            since = parse_moment(incident.opened_at) + incidents.ANSWER_WITHIN[incident.severity]
            if since <= now:
                facts = {"about": incident.about, "opened_at": incident.opened_at}
                yield Due("incident-unanswered", incident.number, since, LEVELS[incident.severity], facts)
        for visit in holdings.those(Visit, state=INSIDE):
            if (since := parse_moment(visit.came_at) + VISIT_WITHIN) <= now:
                facts = {"visitor": visit.visitor, "host": visit.host, "came_at": visit.came_at}
                yield Due("visitor-inside-long", visit.number, since, WARNING, facts)
        yield from _keys_late(holdings.those(KeyOut, state=OUT), now)


def _keys_late(keys: Sequence[KeyOut], now: datetime) -> Iterator[Due]:
    for each in keys:
        if (since := parse_moment(each.deadline)) <= now:
            yield Due("key-overdue", each.code, since, WARNING, {"holder": each.holder, "taken_at": each.since})
