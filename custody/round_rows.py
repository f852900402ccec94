"""Shell: what rounds keep beside the log: results as they come, what can be looked at, how far misses are recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, text
from sqlmodel import Session, col

from archive.database import run
from custody.holdings import OPENED, PACKED, SEALED, SUSPECT, Package
from custody.ledger import LOCK
from custody.projection_tables import PackageRow
from custody.projections import Projections
from custody.round_results import Result, body_of
from custody.rounds import Head, Plan, Round
from custody.rounds_tables import ResultRow, SettledRow
from custody.state import State

# A package in one of these stands in its place and has something to look at.
PRESENT = (PACKED, SEALED, OPENED, SUSPECT)
_ALL = "all"


class Remembering(Projections):
    """Projections that ask for each announced head once: every plan of every day looks for the same few."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._heads: dict[str, Any] = {}

    def one(self, kind: type[Any], key: str) -> Any:
        """Return the value of a kind with this key, None where there is none."""
        if kind is not Head:
            return super().one(kind, key)
        if key not in self._heads:
            self._heads[key] = super().one(kind, key)
        return self._heads[key]


def loaded(session: Session) -> State:
    """Return every plan, round and announced head in memory, for who looks at all of them."""
    state, asked = State(), Projections(session)
    for kind in (Plan, Round, Head):
        for value in asked.every(kind):
            state.put(value)
    return state


def hold(session: Session) -> None:
    """Let no other writer in until this transaction ends: results have numbers without gaps, and their end a root."""
    # SQLite has one writer at a time anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def bodies_of(session: Session, code: str) -> list[bytes]:
    """Return the results of a round so far, by number, as the bytes that are hashed."""
    # By the driver alone: a year has thousands of rounds, and each is asked for.
    found = run(session, "SELECT body FROM round_result WHERE round = ? ORDER BY number", (code,)).fetchall()
    # A hand that edits the file may leave text where bytes were; what it says is hashed all the same.
    return [body.encode() if isinstance(body, str) else bytes(body) for (body,) in found]


def add_results(session: Session, code: str, start: int, results: Iterable[Result]) -> None:
    """Write results from number `start` on."""
    rows = [
        {"round": code, "number": number, "point": each.point, "body": body_of(each)}
        for number, each in enumerate(results, start)
    ]
    if rows:
        session.execute(insert(ResultRow), rows)


def present_in(session: Session, place: str) -> list[str]:
    """Return the packages that can be looked at in a place or inside it, everywhere for "", by code."""
    query = select(col(PackageRow.code)).where(col(PackageRow.state).in_(PRESENT))
    if place:
        inside = col(PackageRow.place).startswith(f"{place}/", autoescape=True)
        query = query.where(or_(col(PackageRow.place) == place, col(PackageRow.store) == place, inside))
    return sorted(session.execute(query).scalars())


def was_present_in(state: State, place: str) -> list[str]:
    """Return what `present_in` returned when the log had led to `state`."""
    return sorted(each.code for each in state.packages() if each.state in PRESENT and is_in(each, place))


def is_in(box: Package, place: str) -> bool:
    """Tell whether a package is recorded in a place or inside it."""
    return not place or place in {box.place, box.store} or box.place.startswith(f"{place}/")


def settled_until(session: Session) -> datetime | None:
    """Return the moment up to which every miss is recorded, None at the very beginning."""
    found = session.get(SettledRow, _ALL)
    return found.until if found is not None else None


def settle(session: Session, until: datetime) -> None:
    """Note that every miss up to a moment is recorded; it never goes back."""
    found = session.get(SettledRow, _ALL) or SettledRow(name=_ALL, until=until)
    found.until = max(found.until, until)
    session.add(found)
