"""Shell: current state in the database: asked as `Holdings`, brought forward with each entry, compared with the log.

Rows hold exactly the values of `custody.holdings`; lists are canonical JSON text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, select
from sqlmodel import Session

from custody import ledger, projection_rows
from custody.entries import Entry, Stamp, read_body, read_closely, read_told
from custody.errors import CustodyError, Finding
from custody.folding import effects, effects_of_told
from custody.gate import KeyOut, Visit
from custody.holdings import IN_PACKAGE, Device, Dossier, Kept, Package, Roll, Seal, Totals, Value, key_name, key_of
from custody.incidents import Incident
from custody.ledger import Row
from custody.ordinary import Said
from custody.paper import PaperForm
from custody.projection_tables import DeviceRow, DossierRow, PackageRow, RollRow, SealRow, TotalsRow
from custody.rounds import Head, Plan, Round
from custody.rounds_tables import HeadRow, RoundPlanRow, RoundRow
from custody.shift_tables import OnDutyRow, PlannedRow, ReliefRow
from custody.shifts import OnDuty, Planned, Relief
from custody.state import State
from custody.stock_tables import IncidentRow, KeyRow, LineRow, PaperRow, StocktakeRow, VisitRow
from custody.stocktake import Line, Stocktake

ASKED_AT_ONCE, READ_AT_ONCE = 500, 2000


def _table(row: type) -> Table:
    return cast(Table, row.__table__)  # type: ignore[attr-defined]  # given by SQLModel


TABLES: Mapping[type[Any], Table] = {
    Package: _table(PackageRow),
    Dossier: _table(DossierRow),
    Roll: _table(RollRow),
    Seal: _table(SealRow),
    Device: _table(DeviceRow),
    Totals: _table(TotalsRow),
    Plan: _table(RoundPlanRow),
    Round: _table(RoundRow),
    Head: _table(HeadRow),
    Planned: _table(PlannedRow),
    OnDuty: _table(OnDutyRow),
    Relief: _table(ReliefRow),
    Stocktake: _table(StocktakeRow),
    Line: _table(LineRow),
    Incident: _table(IncidentRow),
    Visit: _table(VisitRow),
    KeyOut: _table(KeyRow),
    PaperForm: _table(PaperRow),
}


class Projections:
    """The current state in the database of one session; a `Holdings`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def package(self, code: str) -> Package | None:
        """Return a package, None where the code was never given."""
        return cast(Package | None, self._one(Package, "code", code))

    def dossiers(self, codes: Iterable[str]) -> dict[str, Dossier]:
        """Return the dossiers that are known among `codes`."""
        found: dict[str, Dossier] = {}
        listed = list(codes)
        for start in range(0, len(listed), ASKED_AT_ONCE):
            column = TABLES[Dossier].c.code
            some = self._some(Dossier, column.in_(listed[start : start + ASKED_AT_ONCE]))
            found |= {each.code: each for each in some}
        return {code: found[code] for code in listed if code in found}

    def contents(self, package: str) -> list[Dossier]:
        """Return the dossiers in a package, by code."""
        columns = TABLES[Dossier].c
        found = self._some(Dossier, (columns.where == package) & (columns.state == IN_PACKAGE))
        return sorted(found, key=lambda each: each.code)

    def away(self, package: str) -> list[Dossier]:
        """Return the dossiers that left a package while it was open and are still out, by code."""
        return sorted(self._some(Dossier, TABLES[Dossier].c.home == package), key=lambda each: each.code)

    def roll(self, code: str) -> Roll | None:
        """Return an issued roll."""
        return cast(Roll | None, self._one(Roll, "code", code))

    def rolls_like(self, prefix: str, width: int) -> list[Roll]:
        """Return the rolls whose numbers have this prefix and width."""
        columns = TABLES[Roll].c
        return self._some(Roll, (columns.prefix == prefix) & (columns.width == width))

    def seal(self, number: str) -> Seal | None:
        """Return a seal, None while it is unused or unknown."""
        return cast(Seal | None, self._one(Seal, "number", number))

    def device(self, name: str) -> Device | None:
        """Return a phone's count."""
        return cast(Device | None, self._one(Device, "name", name))

    def totals(self) -> Totals:
        """Return what was ever registered."""
        return self._one(Totals, "name", "all") or Totals()

    def one(self, kind: type[Kept], key: str) -> Kept | None:
        """Return the value of a kind with this key, None where there is none."""
        return cast(Kept | None, self._one(kind, key_name(kind), key))

    def those(self, kind: type[Kept], **member: str) -> list[Kept]:
        """Return the values of a kind of which one member, named among `custody.families.ASKED`, is so; by key."""
        ((name, wanted),) = member.items()
        return sorted(projection_rows.where(self._session, kind, TABLES[kind], name, wanted), key=key_of)

    def every(self, kind: type[Any]) -> Iterator[Any]:
        """Yield every value of a kind, by key."""
        last: str | None = None
        while True:
            some = projection_rows.after(self._session, kind, TABLES[kind], last, READ_AT_ONCE)
            yield from some
            if len(some) < READ_AT_ONCE:
                return
            last = key_of(some[-1])

    def put(self, values: Sequence[Value]) -> None:
        """Write values in the place of the former; the last of a key counts."""
        kinds = {type(each) for each in values}
        for kind, table in TABLES.items():
            if kind in kinds:
                # By key, so that two writers take locks in one order.
                latest = {key_of(each): each for each in values if type(each) is kind}
                projection_rows.put(self._session, table, [latest[key] for key in sorted(latest)])

    def apply(self, seq: int, entry: Entry, stamp: Stamp) -> None:
        """Bring current state forward by one entry."""
        self.put(effects(self, seq, entry, stamp))

    def _one(self, kind: type[Any], key: str, wanted: str) -> Any:
        return next(iter(projection_rows.where(self._session, kind, TABLES[kind], key, wanted)), None)

    def _some(self, kind: type[Any], condition: Any) -> list[Any]:
        return [
            projection_rows.value(kind, row) for row in self._session.execute(select(TABLES[kind]).where(condition))
        ]


def fold(session: Session, end: int | None = None) -> State:
    """Return the state folded from the entries of the log; raises CustodyError for one that cannot be read."""
    state = State()
    for stored in ledger.read(session, 0, end):
        state.apply(stored.seq, *read_body(stored.body))
    return state


def load(session: Session) -> State:
    """Return the projections as a state in memory."""
    state, asked = State(), Projections(session)
    for kind in TABLES:
        for value in asked.every(kind):
            state.put(value)
    return state


class Replay:
    """The state folded from the log as it is read, block after block, and then compared with the projections."""

    def __init__(self) -> None:
        self.state = State()
        self.agrees = False
        self._trouble: Finding | None = None

    def take(self, entries: Sequence[Row], read: Sequence[Said | None], /) -> None:
        """Fold the next entries, which say `read` where that is known; the first that cannot be read ends it."""
        if self._trouble is not None:
            return
        state = self.state
        for (seq, _, body, _), told in zip(entries, read, strict=True):
            if told is not None:
                for value in effects_of_told(state, seq, told):
                    state.put(value)
                continue
            try:
                state.apply(seq, *read_closely(body))
            except CustodyError as refused:
                self._trouble = Finding("entry-unreadable", seq, facts={"why": refused.code, **refused.facts})
                return

    def compare(self, session: Session) -> Iterator[Finding]:
        """Yield what differs, by table and key; `agrees` tells afterwards whether nothing did."""
        if self._trouble is not None:
            yield self._trouble
            return
        asked, agrees = Projections(session), True
        for kind, table in TABLES.items():
            wanted = {key_of(each): each for each in self.state.every(kind)}
            for found in asked.every(kind):
                due = wanted.pop(key_of(found), None)
                if due != found:
                    agrees = False
                    yield from _differences(table.name, due, found)
            for missing in wanted.values():
                agrees = False
                yield from _differences(table.name, missing, None)
        self.agrees = agrees


def replay(session: Session) -> Iterator[Finding]:
    """Compare the projections with the state folded from the entries; yield what differs, by table and key."""
    fresh, size = Replay(), ledger.size(session)
    for start in range(0, size, READ_AT_ONCE):
        rows = ledger.read_rows(session, start, min(size, start + READ_AT_ONCE))
        fresh.take(rows, [read_told(kind, body) for _, kind, body, _ in rows])
    yield from fresh.compare(session)


def _differences(table: str, wanted: Value | None, found: Value | None) -> Iterator[Finding]:
    if wanted == found:
        return
    shown = wanted or found
    assert shown is not None
    names = [each for each in shown.__struct_fields__ if getattr(wanted, each, None) != getattr(found, each, None)]
    facts = {
        "table": table,
        "key": key_of(shown),
        "members": names,
        "expected": [str(getattr(wanted, name, None)) for name in names],
        "found": [str(getattr(found, name, None)) for name in names],
    }
    yield Finding("projection-differs", getattr(wanted, "entry", None), facts=facts)
