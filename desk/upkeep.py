"""What a person asks of the holdings by hand: take files in, wait for the reading, rebuild the index, compare bytes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from archive import beats
from archive.arrivals import DUPLICATE, STORED
from archive.errors import VaultError
from archive.scans import READ, UNREADABLE
from archive.tables import Scan
from desk.intaking import taking_in
from desk.office import Office
from desk.parts import command_of, folder_of_program
from scanner_inbox.ingesting import Ingested
from scanner_inbox.ingesting import ingest as take_in

Advance = Callable[[int, int | None], None]
LOOK_SECONDS = 0.5
STOP_SECONDS = 10.0
NAMED = 5


def ingest(office: Office, paths: Sequence[Path], station: str, advance: Advance) -> list[Ingested]:
    """Take files in by the steps of the inbox, telling `advance` how many are done; the sources stay as they are."""
    count = 0

    def tell(_each: Ingested) -> None:
        nonlocal count
        count += 1
        advance(count, None)

    with taking_in(office) as desk:
        return take_in(desk.intake, desk.aside, paths, station, tell)


def raise_unread_back(done: Sequence[Ingested]) -> None:
    """Raise VaultError if the stored bytes of any file did not read back as they were written; `path` names them."""
    wrong = [each for each in done if each.code and each.state in (STORED, DUPLICATE)]
    if wrong:
        first, names = wrong[0], ", ".join(str(each.path) for each in wrong[:NAMED])
        more = f", … ({len(wrong)})" if len(wrong) > NAMED else ""
        raise VaultError(first.code, **{"sha256": first.sha256, **first.facts, "path": names + more})


def wait_until_read(office: Office, hashes: Iterable[str], advance: Advance, seconds: float | None) -> int:
    """Wait until these scans are read or given to a person; return how many are not when the time is over.

    Where no reading worker is alive, one is run for as long as this takes.
    """
    wanted, began = sorted({each for each in hashes if each}), office.clock.ticks()
    helper: subprocess.Popen[bytes] | None = None
    try:
        while left := len(wanted) - _ended(office, wanted):
            advance(len(wanted) - left, len(wanted))
            if seconds is not None and office.clock.ticks() - began >= seconds:
                return left
            if (helper is None or helper.poll() is not None) and not _is_being_read(office):
                helper = _start_reader(office)
            office.clock.sleep(LOOK_SECONDS)
        return 0
    finally:
        if helper is not None:
            helper.terminate()
            helper.wait(STOP_SECONDS)


def _is_being_read(office: Office) -> bool:
    with office.database.reading() as session:
        signs = beats.signs(session, office.clock.now())
    return any(sign.component.startswith("reader") and not sign.silent for sign in signs)


def _start_reader(office: Office) -> subprocess.Popen[bytes]:
    command = command_of(office.settings, office.settings.lang, "read", "--once", "--name", f"helper-{os.getpid()}")
    return subprocess.Popen(command, cwd=folder_of_program(), stdout=subprocess.DEVNULL)


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


def rebuild_index(office: Office, advance: Advance) -> int:
    """Make the search index again from the pages; returns how many there are."""
    from archive import reindex

    return reindex.rebuild(office.database, advance)


def check_index(office: Office) -> list[dict[str, Any]]:
    """Compare the search index with the pages; empty when they agree."""
    from archive import reindex

    return [{"code": each.code, "what": each.what, "count": each.count} for each in reindex.check(office.database)]
