"""Signs of life: each process of the station writes when it last did something, so that silence can be seen.

A beat is a claim of the process itself. It proves that its loop turned at that moment, not that its work is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from archive.tables import Beat

# A process is called silent when it missed this many of its own intervals; one late beat on a busy disk is ordinary.
MISSED = 4
INTERVAL_SECONDS = 15.0


@dataclass(frozen=True)
class Sign:
    """The last sign of life of one component; `silent` when it is overdue."""

    component: str
    pid: int
    started_at: datetime
    beat_at: datetime
    silent: bool
    facts: Mapping[str, Any]


def write(session: Session, component: str, *, pid: int, started_at: datetime, now: datetime, **facts: Any) -> None:
    """Record that `component` is alive at `now`; `facts` are what it is doing, shown by status and doctor."""
    row = session.get(Beat, component) or Beat(component=component, pid=pid, started_at=started_at, beat_at=now)
    row.pid, row.started_at, row.beat_at, row.facts = pid, started_at, now, dict(facts)
    session.add(row)


def drop(session: Session, component: str, pid: int) -> None:
    """Take a component off the list when it stops in good order; a successor's row under the same name stays."""
    session.execute(delete(Beat).where(col(Beat.component) == component, col(Beat.pid) == pid))


def signs(session: Session, now: datetime) -> list[Sign]:
    """Return every component's last sign of life, by name."""
    overdue = now - timedelta(seconds=INTERVAL_SECONDS * MISSED)
    return [
        Sign(row.component, row.pid, row.started_at, row.beat_at, row.beat_at < overdue, dict(row.facts))
        for row in session.execute(select(Beat).order_by(col(Beat.component))).scalars()
    ]
