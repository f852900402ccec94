"""The catalogue: fonds, the dossiers that must exist, and the documents inside them.

A list is imported in two steps. `plan` compares the records of a list with what is registered: rows match by number
inside their fonds, whatever the case, so the same list twice changes nothing. `store` writes the plan and returns the
batch of what is new or amended, for the custody log. A field whose column a later list leaves out keeps its value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlmodel import Session, SQLModel, col

from archive.catalogue_tables import DossierAmendmentRow, DossierRow, FondsRow, ItemRow, RegisterImportRow
from archive.dossier_names import fold_code
from archive.errors import ArchiveError
from archive.refs import new_code, new_public_id, read_code
from archive.register_reading import Fault, Record, digest_of

FONDS_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,39}")
LONGEST_CODE = 100
_AT_ONCE = 500
# Columns that also give these fields: a list that has the one speaks for the other.
_IMPLIED = {"period": {"start", "end"}, "leaves": {"pages"}, "number": {"file_code"}}


class CatalogueError(ArchiveError):
    """A fonds or dossier cannot be added or found as asked."""


@dataclass(frozen=True)
class Fonds:
    """The records of one body, and how many dossiers of it are registered."""

    code: str
    name: str
    body: str
    dossiers: int = 0


@dataclass(frozen=True)
class Amended:
    """A dossier whose row in a new list says something else: all facts before and after."""

    code: str
    record: Record
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """What an import would do; `faults` are rows that fit no code of this fonds."""

    fonds: str
    added: tuple[Record, ...]
    amended: tuple[Amended, ...]
    unchanged: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Registered:
    """One dossier as the custody log names it: code, leaves (None where unknown), SHA-256 of its record."""

    code: str
    leaves: int | None
    digest: str


@dataclass(frozen=True)
class Batch:
    """What one import wrote."""

    import_id: str
    fonds: str
    added: tuple[Registered, ...]
    amended: tuple[Registered, ...]
    unchanged: int


def add_fonds(session: Session, code: str, name: str, body: str, now: datetime) -> Fonds:
    """Add a fonds; CatalogueError "fonds-code-unusable", "fonds-exists", "fonds-incomplete"."""
    key = code.strip().upper()
    if not FONDS_CODE.fullmatch(key):
        raise CatalogueError("fonds-code-unusable", fonds=code)
    if session.get(FondsRow, key) is not None:
        raise CatalogueError("fonds-exists", fonds=key)
    if not name.strip():
        raise CatalogueError("fonds-incomplete", fonds=key)
    row = FondsRow(code=key, name=" ".join(name.split()), body=" ".join(body.split()), added_at=now)
    session.add(row)
    session.flush()
    return Fonds(row.code, row.name, row.body)


def every_fonds(session: Session) -> list[Fonds]:
    """Return all fonds by code with their numbers of dossiers."""
    counts = {
        row[0]: row[1]
        for row in session.execute(select(col(DossierRow.fonds), func.count()).group_by(col(DossierRow.fonds)))
    }
    rows = session.execute(select(FondsRow).order_by(col(FondsRow.code))).scalars()
    return [Fonds(row.code, row.name, row.body, counts.get(row.code, 0)) for row in rows]


def code_of(fonds: str, number: str) -> str:
    """Return the code of a dossier: its fonds, a full stop, and the register's own number."""
    return number if number.upper().startswith(f"{fonds}.") else f"{fonds}.{number}"


def plan(
    session: Session, fonds: str, records: Sequence[Record], fields: Collection[str], *, lock: bool = False
) -> Plan:
    """Return what storing these records would do; `fields` are those the list has columns for.

    With `lock` no other import into this fonds can pass until the transaction ends. CatalogueError "fonds-unknown".
    """
    key = _fonds_key(session, fonds, lock=lock)
    known = {row.number.casefold(): row for row in _stored(session, key)}
    spoken = set(fields).union(*(_IMPLIED.get(each, set()) for each in fields))
    added, amended, faults, unchanged = [], [], [], 0
    fresh: dict[str, Record] = {}
    for record in records:
        code = code_of(key, record.number)
        row = known.get(record.number.casefold())
        if row is not None:
            kept = {name: value for name, value in row.facts.items() if name not in spoken}
            after = {**kept, **record.facts}
            if after == row.facts:
                unchanged += 1
            else:
                amended.append(Amended(row.code, record, row.facts, after))
        elif len(code) > LONGEST_CODE:
            faults.append(Fault("dossier-code-too-long", record.row, facts={"value": code, "limit": LONGEST_CODE}))
        else:
            fresh[code] = record
    taken = _taken(session, fresh)
    for code, record in fresh.items():
        if code in taken:
            faults.append(Fault("dossier-code-taken", record.row, facts={"value": code, "fonds": taken[code]}))
        else:
            added.append(record)
    return Plan(key, tuple(added), tuple(amended), unchanged, tuple(faults))


def store(session: Session, planned: Plan, *, name: str, sha256: str, faults: int, now: datetime) -> Batch:
    """Write a plan made in the same transaction with `lock`, and return what is new or amended."""
    source = RegisterImportRow(id=new_public_id(), fonds=planned.fonds, name=name, sha256=sha256, at=now, faults=faults)
    source.added, source.amended, source.unchanged = len(planned.added), len(planned.amended), planned.unchanged
    session.add(source)
    session.flush()
    added = []
    for records in _cut(planned.added):
        rows = [
            {**_columns(record.number, record.facts), "code": code_of(planned.fonds, record.number), "label": label,
             "folded": fold_code(code_of(planned.fonds, record.number)),
             "fonds": planned.fonds, "number": record.number, "import_id": source.id, "registered_at": now}
            for record, label in zip(records, _new_labels(session, len(records)), strict=True)
        ]  # fmt: skip  # one row of the table
        session.connection().execute(insert(SQLModel.metadata.tables["dossier"]), rows)
        added += [Registered(row["code"], row["leaves"], row["digest"]) for row in rows]
    return Batch(source.id, planned.fonds, tuple(added), tuple(_amend(session, planned, source.id)), planned.unchanged)


def dossiers(session: Session, fonds: str | None = None, *, limit: int = 100, offset: int = 0) -> list[DossierRow]:
    """Return registered dossiers in the order they were registered."""
    query = select(DossierRow).order_by(col(DossierRow.id)).limit(limit).offset(offset)
    if fonds is not None:
        query = query.where(col(DossierRow.fonds) == _fonds_key(session, fonds))
    return list(session.execute(query).scalars())


def dossier(session: Session, reference: str) -> DossierRow:
    """Return one dossier by its code or the code of its label; CatalogueError "dossier-unknown"."""
    text = " ".join(reference.split())
    wanted = (col(DossierRow.code) == text) | (col(DossierRow.label) == (read_code(text) or text))
    row = session.execute(select(DossierRow).where(wanted)).scalars().first()
    if row is None:
        raise CatalogueError("dossier-unknown", dossier=reference)
    found: DossierRow = row
    return found


def amendments(session: Session, code: str) -> list[DossierAmendmentRow]:
    """Return what imports changed in a dossier, the oldest first."""
    query = select(DossierAmendmentRow).where(col(DossierAmendmentRow.dossier) == code)
    return list(session.execute(query.order_by(col(DossierAmendmentRow.id))).scalars())


def add_item(session: Session, code: str, *, number: str, issued: str, subject: str, author: str) -> ItemRow:
    """Add a document at the end of a dossier's list of documents."""
    holder = dossier(session, code)
    last = session.execute(select(func.max(ItemRow.ordinal)).where(col(ItemRow.dossier_id) == holder.id)).scalar()
    row = ItemRow(dossier_id=holder.id or 0, ordinal=(last or 0) + 1, number=number, issued=issued)
    row.subject, row.author = subject, author
    session.add(row)
    session.flush()
    return row


def items(session: Session, code: str) -> list[ItemRow]:
    """Return the documents of a dossier in their order."""
    holder = dossier(session, code)
    query = select(ItemRow).where(col(ItemRow.dossier_id) == holder.id).order_by(col(ItemRow.ordinal))
    return list(session.execute(query).scalars())


def _amend(session: Session, planned: Plan, import_id: str) -> Iterator[Registered]:
    table = SQLModel.metadata.tables["dossier"]
    change = update(table).where(table.c.code == bindparam("of_code"))
    for amended in _cut(planned.amended):
        rows = [{**_columns(each.record.number, each.after), "of_code": each.code} for each in amended]
        changes = change.values({name: bindparam(name) for name in rows[0] if name != "of_code"})
        session.connection().execute(changes, rows)
        history = [
            {"dossier": each.code, "import_id": import_id, "before": dict(each.before), "after": dict(each.after)}
            for each in amended
        ]
        session.connection().execute(insert(SQLModel.metadata.tables["dossier_amendment"]), history)
        yield from (Registered(row["of_code"], row["leaves"], row["digest"]) for row in rows)
    session.expire_all()


def _columns(number: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": facts.get("title", ""),
        "retention": facts.get("retention", ""),
        "box": facts.get("box", ""),
        "leaves": facts.get("leaves"),
        "facts": dict(facts),
        "digest": digest_of(number, facts),
    }


def _fonds_key(session: Session, fonds: str, *, lock: bool = False) -> str:
    query = select(FondsRow).where(col(FondsRow.code) == fonds.strip().upper())
    row = session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if row is None:
        raise CatalogueError("fonds-unknown", fonds=fonds)
    return str(row.code)


def _stored(session: Session, fonds: str) -> Iterator[Any]:
    columns = (col(DossierRow.code), col(DossierRow.number), col(DossierRow.facts))
    yield from session.execute(select(*columns).where(col(DossierRow.fonds) == fonds))


def _taken(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return those codes that another fonds has, with it: A + B.1 and A.B + 1 would be one code."""
    taken: dict[str, str] = {}
    for some in _cut(list(codes)):
        found = select(col(DossierRow.code), col(DossierRow.fonds)).where(col(DossierRow.code).in_(some))
        taken |= {row[0]: row[1] for row in session.execute(found)}
    return taken


def _new_labels(session: Session, count: int) -> list[str]:
    labels: list[str] = []
    while len(labels) < count:
        drawn = {new_code() for _ in range(count - len(labels))} - set(labels)
        known = session.execute(select(col(DossierRow.label)).where(col(DossierRow.label).in_(drawn))).scalars()
        labels += sorted(drawn - set(known))
    return labels


def _cut(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
