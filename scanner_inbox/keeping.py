"""Shell: the copies that stand in the done folder after intake: they may still grow, and may be removed at last.

Only a copy that equals what the vault holds, both read again, is removed. One whose vault bytes are damaged may be the
last good copy: it stays, with the reason on its row, and is not asked about again.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from archive import arrivals, durable
from archive.database import Database
from archive.errors import VaultError
from archive.tables import Arrival
from archive.vault import Vault
from scanner_inbox import walls
from scanner_inbox.verdict import Seen


def look(path: bytes | None) -> Seen | None:
    """Return what stands at an absolute path itself, None where nothing does."""
    if path is None:
        return None
    try:
        return walls.see(path, os.lstat(path))
    except (FileNotFoundError, NotADirectoryError):
        return None


def record_growth(database: Database, row_id: int, seen: Seen, now: datetime) -> None:
    """Give a file that changed after its intake an arrival of its own; the earlier one lets the file go."""
    with database.atomic() as session:
        row = session.get_one(Arrival, row_id)
        arrivals.write(session, row_id, kept_path=None)
        arrivals.add(
            session,
            path=seen.path,
            station=row.station,
            name=row.name,
            stamp=seen.stamp,
            device=seen.device,
            now=now,
            origin="grown",
        )


def remove_old_copies(database: Database, vault: Vault, before: datetime, now: datetime) -> None:
    """Remove copies of files settled before a moment, each compared with the vault once more."""
    with database.reading() as session:
        rows = arrivals.kept_before(session, before)
    for row in rows:
        seen = look(row.kept_path)
        if seen is not None:
            path = Path(os.fsdecode(row.kept_path or b""))
            if seen.kind != "file" or durable.hash_file(path)[0] != row.sha256 or look(row.kept_path) != seen:
                record_growth(database, row.id or 0, seen, now)
                continue
            try:
                vault.verify(row.sha256 or "")
            except VaultError as error:
                with database.atomic() as session:
                    arrivals.write(session, row.id or 0, reason=error.code)
                continue
            path.unlink()
        with database.atomic() as session:
            arrivals.write(session, row.id or 0, kept_path=None)
