"""What a person asks of the holdings by hand: take files in, wait for the reading, rebuild the index, compare bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from archive.scans import READ, UNREADABLE
from archive.tables import Scan
from desk.office import Office
from desk.running import open_door
from scanner_inbox.ingesting import Ingested
from scanner_inbox.ingesting import ingest as take_in

Advance = Callable[[int, int | None], None]
LOOK_SECONDS = 1.0


def ingest(office: Office, paths: Sequence[Path], station: str, advance: Advance) -> list[Ingested]:
    """Take files in by the steps of the inbox, telling `advance` how many are done."""
    count = 0

    def tell(_each: Ingested) -> None:
        nonlocal count
        count += 1
        advance(count, None)

    with open_door(office) as door:
        return take_in(door.intake, door.aside, paths, station, tell)


def wait_until_read(office: Office, hashes: Iterable[str], advance: Advance, seconds: float | None) -> int:
    """Wait until these scans are read or given to a person; return how many are not when the time is over."""
    wanted, waited = sorted({each for each in hashes if each}), 0.0
    while left := len(wanted) - _ended(office, wanted):
        advance(len(wanted) - left, len(wanted))
        if seconds is not None and waited >= seconds:
            return left
        office.clock.sleep(LOOK_SECONDS)
        waited += LOOK_SECONDS
    return 0


def _ended(office: Office, hashes: Sequence[str]) -> int:
    ended = 0
    with office.database.reading() as session:
        # Engines bound the number of values in one question.
        for start in range(0, len(hashes), 500):
            chosen = col(Scan.sha256).in_(hashes[start : start + 500])
            ended += session.execute(
                select(func.count()).select_from(Scan).where(chosen, col(Scan.state).in_((READ, UNREADABLE)))
            ).scalar_one()
    return ended


def compare_stored(office: Office, advance: Advance, *, due_only: bool) -> tuple[int, list[dict[str, Any]]]:
    """Re-read stored scans; return how many, and what is not as it was: code, facts, and whether it is serious."""
    from archive import fixity

    days = office.settings.fixity_days if due_only else 0
    with office.database.reading() as session:
        total = fixity.due(session, office.clock.now(), days)
    count, findings = 0, list[dict[str, Any]]()
    for result in fixity.check(office.database, office.vault, office.clock, days=days):
        count += 1
        advance(count, total)
        if not result.is_sound:
            code = {"missing": "vault-bytes-missing", "changed": "vault-bytes-changed"}.get(
                result.result, "vault-unreadable"
            )
            facts = {"sha256": result.sha256, "path": result.sha256, "name": result.name, "scan": result.public_id}
            findings.append({"code": code, "serious": True, "facts": facts})
    for sha256 in fixity.orphans(office.database, office.vault):
        findings.append({"code": "vault-orphan", "serious": False, "facts": {"sha256": sha256}})
    return count, findings
