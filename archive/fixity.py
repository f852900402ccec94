"""Re-reading what is stored, longest unchecked first, and saying what is missing, changed or unreadable.

What this does not catch: bytes that were wrong before they were hashed. It proves sameness since intake, no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlmodel import Session, col

from archive.clock import Clock
from archive.database import Database
from archive.errors import VaultError
from archive.tables import Scan
from archive.vault import Vault

SOUND = "sound"
_RESULTS = {"vault-bytes-missing": "missing", "vault-bytes-changed": "changed"}


@dataclass(frozen=True)
class Checked:
    """The result for one scan: sound, missing, changed or unreadable."""

    public_id: str
    sha256: str
    name: str
    size: int
    result: str

    @property
    def is_sound(self) -> bool:
        """Whether the stored bytes are what they were."""
        return self.result == SOUND


def due(session: Session, now: datetime, days: float) -> int:
    """Count the scans that were not checked within `days` before `now`."""
    return int(session.execute(select(func.count()).select_from(Scan).where(_is_due(now, days))).scalar_one())


def check(
    database: Database, vault: Vault, clock: Clock, *, days: float = 0, bytes_per_second: float | None = None
) -> Iterator[Checked]:
    """Re-read every scan that is due, longest unchecked first; each result is recorded before it is yielded.

    `bytes_per_second` holds the reading back so that scanners and readers keep the disk to themselves.
    """
    began = clock.now()
    after: tuple[datetime | None, int] = (None, 0)
    while True:
        with database.reading() as session:
            row = _next(session, began, days, after)
        if row is None:
            return
        assert row.id is not None
        after = (row.fixity_at, row.id)
        result = _read(vault, row.sha256, row.size)
        with database.atomic() as session:
            session.execute(update(Scan).where(col(Scan.id) == row.id).values(fixity_at=clock.now(), fixity=result))
        yield Checked(row.public_id, row.sha256, row.name, row.size, result)
        if bytes_per_second:
            clock.sleep(row.size / bytes_per_second)


def orphans(database: Database, vault: Vault) -> Iterator[str]:
    """Yield the SHA-256 of stored bytes that no scan names: left by a crash, harmless, used by the next such file."""
    for sha256 in vault.names():
        with database.reading() as session:
            if session.execute(select(col(Scan.id)).where(col(Scan.sha256) == sha256)).first() is None:
                yield sha256


def _is_due(now: datetime, days: float) -> ColumnElement[bool]:
    return or_(col(Scan.fixity_at).is_(None), col(Scan.fixity_at) <= now - timedelta(days=days))


def _next(session: Session, began: datetime, days: float, after: tuple[datetime | None, int]) -> Scan | None:
    """The next scan in turn: never checked ones by number, then the rest by when they were last checked."""
    moment, number = after
    due = select(Scan).where(_is_due(began, days)).limit(1)
    checked = due.where(col(Scan.fixity_at) < began).order_by(col(Scan.fixity_at), col(Scan.id))
    if moment is None:
        fresh = due.where(col(Scan.fixity_at).is_(None), col(Scan.id) > number).order_by(col(Scan.id))
        return session.execute(fresh).scalar_one_or_none() or session.execute(checked).scalar_one_or_none()
    later = or_(col(Scan.fixity_at) > moment, (col(Scan.fixity_at) == moment) & (col(Scan.id) > number))
    found: Scan | None = session.execute(checked.where(later)).scalar_one_or_none()
    return found


def _read(vault: Vault, sha256: str, size: int) -> str:
    try:
        return SOUND if vault.verify(sha256) == size else "changed"
    except VaultError as error:
        return _RESULTS.get(error.code, "unreadable")
    except OSError:
        return "unreadable"
