"""The documents of dossiers, imported from lists: matched by dossier and ordinal, the same list twice changes nothing.

A document that a later list describes otherwise is amended, and the dossier's history keeps what stood there before.
Documents a later list leaves out stay, and a field whose column it leaves out keeps its value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Session, SQLModel, col

from archive.catalogue_tables import DossierAmendmentRow, DossierRow, ItemRow, RegisterImportRow
from archive.item_reading import ItemReading, ItemRecord
from archive.refs import new_public_id, read_code
from archive.register_reading import Fault

_AT_ONCE = 500
# Facts with columns of their own.
COLUMNS = ("number", "issued", "subject", "author")


@dataclass(frozen=True)
class Placed:
    """A document with the dossier it belongs to; `before` is what was known of it, None for a new one."""

    dossier: str
    fonds: str
    dossier_id: int
    record: ItemRecord
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ItemPlan:
    """What an import of documents would do; `faults` are rows whose dossier is not known or not one."""

    added: tuple[Placed, ...]
    amended: tuple[Placed, ...]
    unchanged: int
    faults: tuple[Fault, ...]


def plan(session: Session, reading: ItemReading, fonds: str | None = None) -> ItemPlan:
    """Return what storing a list of documents would do; a dossier is named by code, label, or number (in `fonds`)."""
    dossiers = _Dossiers(session, fonds)
    placed: list[Placed] = []
    faults: list[Fault] = []
    for record in reading.records:
        found = dossiers.find(record.dossier)
        if len(found) == 1:
            placed.append(Placed(found[0][0], found[0][1], found[0][2], record))
        elif found:
            facts = {"dossier": record.dossier, "near": [code for code, _, _ in found[:10]]}
            faults.append(Fault("dossier-ambiguous", record.row, facts=facts))
        else:
            faults.append(Fault("item-dossier-unknown", record.row, facts={"value": record.dossier, "fonds": fonds}))
    known = _known(session, sorted({each.dossier_id for each in placed}))
    added, amended, unchanged = [], [], 0
    for each in placed:
        before = known.get((each.dossier_id, each.record.ordinal))
        if before is None:
            added.append(each)
            continue
        kept = {name: value for name, value in before.items() if name not in reading.fields}
        after = {**kept, **each.record.facts}
        if before == after:
            unchanged += 1
        else:
            amended.append(replace(each, record=replace(each.record, facts=after), before=before))
    return ItemPlan(tuple(added), tuple(amended), unchanged, tuple(faults))


def store(session: Session, planned: ItemPlan, *, name: str, sha256: str, now: datetime) -> dict[str, str]:
    """Write a plan made in the same transaction; return the number of the import for each fonds it touched."""
    imports: dict[str, str] = {}
    for fonds in sorted({each.fonds for each in (*planned.added, *planned.amended)}):
        source = RegisterImportRow(id=new_public_id(), fonds=fonds, name=name, sha256=sha256, at=now)
        session.add(source)
        imports[fonds] = source.id
    session.flush()
    rows = [{"dossier_id": each.dossier_id, "ordinal": each.record.ordinal, **_columns(each)} for each in planned.added]
    table = SQLModel.metadata.tables["item"]
    for start in range(0, len(rows), _AT_ONCE):
        session.connection().execute(insert(table), rows[start : start + _AT_ONCE])
    for each in planned.amended:
        which = (table.c.dossier_id == each.dossier_id) & (table.c.ordinal == each.record.ordinal)
        session.connection().execute(update(table).where(which).values(**_columns(each)))
        key = f"document {each.record.ordinal}"
        history = DossierAmendmentRow(dossier=each.dossier, import_id=imports[each.fonds])
        history.before, history.after = {key: dict(each.before or {})}, {key: dict(each.record.facts)}
        session.add(history)
    session.flush()
    session.expire_all()
    return imports


def listed(session: Session, dossier: str) -> list[dict[str, Any]]:
    """Return the documents of a dossier in their order, each with its ordinal and all that is known of it."""
    holder = select(col(DossierRow.id)).where(col(DossierRow.code) == dossier).scalar_subquery()
    rows = session.execute(select(ItemRow).where(col(ItemRow.dossier_id) == holder).order_by(col(ItemRow.ordinal)))
    return [{"ordinal": row.ordinal, **_facts(row)} for row in rows.scalars()]


def count(session: Session, dossier: str) -> int:
    """Return how many documents of a dossier are listed."""
    holder = select(col(DossierRow.id)).where(col(DossierRow.code) == dossier).scalar_subquery()
    return int(session.execute(select(func.count()).where(col(ItemRow.dossier_id) == holder)).scalar_one())


class _Dossiers:
    """The dossiers of one fonds, or of all, by everything a list may call them."""

    def __init__(self, session: Session, fonds: str | None) -> None:
        columns = (
            col(DossierRow.code),
            col(DossierRow.fonds),
            col(DossierRow.id),
            col(DossierRow.number),
            col(DossierRow.label),
        )
        asked = select(*columns)
        if fonds is not None:
            asked = asked.where(col(DossierRow.fonds) == fonds.strip().upper())
        self.by_code: dict[str, tuple[str, str, int]] = {}
        self.by_number: dict[str, list[tuple[str, str, int]]] = {}
        for code, of, key, number, label in session.execute(asked):
            self.by_code[code.casefold()] = self.by_code[label.casefold()] = (code, of, key)
            self.by_number.setdefault(number.casefold(), []).append((code, of, key))

    def find(self, text: str) -> list[tuple[str, str, int]]:
        """Return the dossiers a list may mean: one, none, or several of different fonds."""
        wanted = " ".join(text.split()).casefold()
        if exact := self.by_code.get(wanted) or self.by_code.get((read_code(text) or "").casefold()):
            return [exact]
        return self.by_number.get(wanted, [])


def _known(session: Session, dossiers: Sequence[int]) -> dict[tuple[int, int], dict[str, Any]]:
    known: dict[tuple[int, int], dict[str, Any]] = {}
    for start in range(0, len(dossiers), _AT_ONCE):
        some = col(ItemRow.dossier_id).in_(dossiers[start : start + _AT_ONCE])
        for row in session.execute(select(ItemRow).where(some)).scalars():
            known[row.dossier_id, row.ordinal] = _facts(row)
    return known


def _facts(row: ItemRow) -> dict[str, Any]:
    """Return what is known of a document, the empty facts left out."""
    told = {name: getattr(row, name) for name in COLUMNS}
    return {**{name: value for name, value in told.items() if value}, **row.facts}


def _columns(placed: Placed) -> dict[str, Any]:
    facts = dict(placed.record.facts)
    own = {name: str(facts.pop(name, "")) for name in COLUMNS}
    return {**own, "facts": facts}
