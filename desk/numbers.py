"""Running numbers of the office's own records, "SV-2026-0007": the next one of its year."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from custody.projections import TABLES

# Sự việc (as the minutes F16 are called), kiểm kê, khách: the words an office writes before such numbers.
INCIDENT, STOCKTAKE, VISIT = "SV", "KK", "KH"


def next_number(session: Session, kind: type[Any], prefix: str, day: date) -> str:
    """Return the number after the highest of this year among the values of a kind; called inside the transaction."""
    table = TABLES[kind]
    key = next(iter(table.primary_key))
    head = f"{prefix}-{day.year}-"
    # Numbers written longer than four digits come after all shorter ones.
    highest = session.execute(
        select(key).where(key.startswith(head, autoescape=True)).order_by(func.length(key).desc(), key.desc()).limit(1)
    ).scalar_one_or_none()
    tail = str(highest or "").removeprefix(head)
    return f"{head}{(int(tail) if tail.isdecimal() else 0) + 1:04d}"
