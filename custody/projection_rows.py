"""Shell: values of current state as rows of their tables and back, by the driver alone.

Each statement is built once for its table: to build one costs many times what running it does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, get_origin, get_type_hints

from sqlalchemy import Select, Table, bindparam, select
from sqlalchemy.dialects import sqlite
from sqlmodel import Session

from archive.database import run, run_many
from custody.holdings import Value

Of = TypeVar("Of", bound=Value)


def put(session: Session, table: Table, values: Sequence[Value]) -> None:
    """Write values of one kind in the place of the former."""
    plan = _plan(type(values[0]))
    rows = []
    for each in values:
        row = list(plan.members(each))
        for at in plan.lists:
            row[at] = json.dumps(row[at], ensure_ascii=False, separators=(",", ":")) if row[at] else "[]"
        rows.append(row)
    run_many(session, _upsert(table), rows)


def where(session: Session, kind: type[Of], table: Table, member: str, wanted: str) -> list[Of]:
    """Return the values of a kind of which one member is so, in no order."""
    return [value(kind, row) for row in run(session, _equal(table, member), (wanted,)).fetchall()]


def after(session: Session, kind: type[Of], table: Table, key: str | None, most: int) -> list[Of]:
    """Return the next values by key, behind one key or from the first on, at most so many."""
    asked: tuple[object, ...] = (most,) if key is None else (key, most)
    return [value(kind, row) for row in run(session, _page(table, key is None), asked).fetchall()]


def value(kind: type[Of], row: Sequence[Any]) -> Of:
    """Return the value that a row holds."""
    plan = _plan(kind)
    told = list(row)
    for at in plan.lists:
        told[at] = () if row[at] == "[]" else _read(row[at])
    for at in plan.answers:
        # SQLite knows only numbers.
        told[at] = bool(row[at])
    return kind(*told)


@dataclass(frozen=True)
class _Plan:
    """The members of a kind, in the order of its table; where among them lists stand, and answers of yes and no."""

    members: Callable[[object], tuple[Any, ...]]
    lists: tuple[int, ...]
    answers: tuple[int, ...]


@cache
def _plan(kind: type[Any]) -> _Plan:
    hints, names = get_type_hints(kind), kind.__struct_fields__
    return _Plan(
        attrgetter(*names),
        tuple(at for at, name in enumerate(names) if get_origin(hints[name]) is tuple),
        tuple(at for at, name in enumerate(names) if hints[name] is bool),
    )


@cache
def _upsert(table: Table) -> str:
    insert = sqlite.insert(table)
    others = {each.key: insert.excluded[each.key] for each in table.columns if not each.primary_key}
    keys = [each.name for each in table.primary_key]
    # PostgreSQL writes it no other way.
    made = insert.on_conflict_do_update(index_elements=keys, set_=others).compile(dialect=_DIALECT)
    assert list(made.positiontup or ()) == [each.key for each in table.columns]
    return str(made)


@cache
def _equal(table: Table, member: str) -> str:
    return _text(select(table).where(table.c[member] == bindparam("asked")))


@cache
def _page(table: Table, is_first: bool) -> str:
    (key,) = table.primary_key
    asked = select(table).order_by(key)
    return _text(asked if is_first else asked.where(key > bindparam("last"))) + " LIMIT ?"


def _text(statement: Select[Any]) -> str:
    return str(statement.compile(dialect=_DIALECT))


def _read(text: str) -> tuple[Any, ...]:
    return tuple(tuple(each) if isinstance(each, list) else each for each in json.loads(text))


_DIALECT = sqlite.dialect()
