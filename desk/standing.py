"""How the station stands: the balance of files, what is being read, and which processes are alive.

The same value is printed by `luutru status`, served by the page, and looked at by `doctor`.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from archive import arrivals, beats, scans
from archive.tables import Page
from archive.vault import FolderVault
from desk.office import Office
from desk.supervisor import read_holder
from scanner_inbox import walls
from scanner_inbox.names import is_litter


def stand(office: Office) -> dict[str, Any]:
    """Return the state of the station with stable keys; it only reads, and takes about a second at 50 000 files."""
    settings, now = office.settings, office.clock.now()
    balance = balance_of(office)
    with office.database.reading() as session:
        states = scans.counts(session)
        read = session.execute(select(func.count()).select_from(Page)).scalar_one()
        eyes = session.execute(
            select(func.count()).select_from(Page).where(col(Page.wants_eyes).is_(True))
        ).scalar_one()
        signs = beats.signs(session, now)
    holder = read_holder(settings.home)
    return {
        **balance.as_json(),
        "scans": {state: states.get(state, 0) for state in ("received", "reading", "read", "unreadable")},
        "pages_read": read,
        "pages_for_eyes": eyes,
        "running": holder is not None,
        "processes": [asdict(sign) for sign in signs],
        "home": str(settings.home),
        "inbox": str(settings.inbox_folder),
        "address": f"http://{settings.host}:{(holder or {}).get('port', settings.port)}/",
        "at": now,
    }


def balance_of(office: Office) -> arrivals.Balance:
    """Count every file ever seen, from the database and the folders."""
    inside = {
        seen.path
        for seen in walls.list_inbox(office.settings.inbox_folder)
        if seen.kind != "folder-unreadable" and not is_litter(seen.path)
    }
    stored_size = office.vault.size if isinstance(office.vault, FolderVault) else None
    with office.database.reading() as session:
        return arrivals.balance(session, arrivals.Folders(inside, os.path.lexists, stored_size))
