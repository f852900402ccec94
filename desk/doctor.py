"""What a station needs and what of it was found: programs, folders, database, disk, clock, processes.

Every finding is a code with facts; its sentence and the command that mends it stand in desk/messages_doctor.py.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pysqlite3
from sqlalchemy.exc import SQLAlchemyError

from archive import beats, schema
from archive.clock import Clock, MachineClock
from archive.database import (
    NETWORK_FILE_SYSTEMS,
    OLDEST_SQLITE,
    Database,
    file_system_of,
    integrity_findings,
    open_database,
)
from archive.errors import ArchiveError
from archive.settings import FILE, Settings, load
from desk import faults
from desk.parts import is_loopback, is_secured
from desk.supervisor import read_holder

# Releases are younger than this moment, so a clock before it is wrong.
RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
RECENT = timedelta(days=7)
# Every phone has to be touched before the office's own authority ends.
AUTHORITY_WARNING = timedelta(days=120)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `level` is "ok", "note" (works, but know it) or "wrong"."""

    code: str
    level: str
    facts: dict[str, object] = field(default_factory=dict)


def examine(home: Path, environment: Mapping[str, str], clock: Clock | None = None) -> list[Finding]:
    """Look at everything and return all findings; nothing is changed and no finding stops the next."""
    clock = clock or MachineClock()
    findings = [*look_at_programs(), look_at_fonts(), look_at_clock(clock)]
    try:
        settings = load(home, environment)
    except ArchiveError as error:
        return [*findings, Finding(error.code, "wrong", dict(error.facts))]
    findings += look_at_engine(settings)
    if not (home / FILE).exists():
        return [*findings, Finding("home-missing", "wrong", {"path": str(home)})]
    findings += [*look_at_folders(settings), *look_at_disk(settings), *look_at_database(settings, clock)]
    findings += look_at_certificates(settings, clock)
    return [*findings, *look_at_faults(settings, clock)]


def look_at_programs() -> list[Finding]:
    """Look for the page renderer and the SQLite library."""
    found = []
    if path := shutil.which("pdftoppm"):
        found.append(Finding("program-found", "ok", {"name": "pdftoppm", "path": path}))
    else:
        found.append(Finding("poppler-missing", "wrong"))
    if pysqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        found.append(Finding("sqlite-too-old", "wrong", {"found": pysqlite3.sqlite_version, "wanted": wanted}))
    else:
        found.append(Finding("sqlite-found", "ok", {"version": pysqlite3.sqlite_version}))
    return found


def look_at_engine(settings: Settings) -> list[Finding]:
    """Look for the reading engine and its language data."""
    from digitize.ocr import engine_facts

    facts = engine_facts(settings.engine)
    if not facts.get("found"):
        return [Finding(str(facts.get("code", "engine-missing")), "wrong", facts)]
    found = [Finding("engine-found", "ok", facts)]
    languages = facts.get("languages", ())
    for language in settings.language.split("+"):
        present = isinstance(languages, list | tuple | set) and language in languages
        code = "language-found" if present else "language-missing"
        found.append(Finding(code, "ok" if present else "wrong", {"language": language, **facts}))
    return found


def look_at_fonts() -> Finding:
    """Look for a font with Vietnamese letters, which printed forms and drawn pages need."""
    try:
        listed = subprocess.run(["fc-list", ":lang=vi", "family"], capture_output=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        listed = b""
    if listed.strip():
        return Finding("fonts-found", "ok", {"count": len(listed.splitlines())})
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    count = sum(1 for folder in folders if folder.is_dir() for _ in folder.rglob("*.[to]tf"))
    return Finding("fonts-found" if count else "fonts-missing", "ok" if count else "wrong", {"count": count})


def look_at_clock(clock: Clock) -> Finding:
    """Compare the machine's clock with what it cannot be before."""
    now = clock.now()
    return Finding(
        "clock-behind" if now < RELEASED else "clock-plausible", "wrong" if now < RELEASED else "ok", {"moment": now}
    )


def look_at_folders(settings: Settings) -> list[Finding]:
    """Try to write in every folder of the station."""
    folders = {
        "home": settings.home,
        "inbox": settings.inbox_folder,
        "done": settings.done_folder,
        "set_aside": settings.aside_folder,
        "derived": settings.derived_folder,
    }
    if "://" not in settings.vault_place:
        folders["vault"] = Path(settings.vault_place)
    findings = [_try_writing(name, folder) for name, folder in folders.items()]
    if (kind := file_system_of(settings.inbox_folder)) in NETWORK_FILE_SYSTEMS:
        findings.append(Finding("inbox-on-share", "note", {"kind": kind, "seconds": settings.share_sweep_seconds}))
    return findings


def _try_writing(name: str, folder: Path) -> Finding:
    facts: dict[str, object] = {"name": name, "path": str(folder)}
    if not folder.is_dir():
        return Finding("folder-missing", "wrong", facts)
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Finding("folder-writable", "ok", facts)
    except OSError as error:
        return Finding("folder-unwritable", "wrong", {**facts, "detail": error.strerror or ""})


def look_at_disk(settings: Settings) -> list[Finding]:
    """Compare the room left with what intake keeps free, once for each disk."""
    places = [settings.home] if "://" in settings.vault_place else [settings.home, Path(settings.vault_place)]
    by_disk = {place.stat().st_dev: place for place in places if place.exists()}
    found = []
    for place in by_disk.values():
        facts: dict[str, object] = {
            "path": str(place),
            "free_bytes": shutil.disk_usage(place).free,
            "keep_bytes": settings.keep_free_mb << 20,
        }
        low = shutil.disk_usage(place).free < settings.keep_free_mb << 20
        found.append(Finding("disk-low" if low else "disk-room", "wrong" if low else "ok", facts))
    return found


def look_at_certificates(settings: Settings, clock: Clock) -> list[Finding]:
    """Look at HTTPS where the page leaves this computer: certificates that end, keys that others can read."""
    from desk import certifying

    if not is_secured(settings):
        return [] if is_loopback(settings.host) else [Finding("https-off", "wrong")]
    try:
        held = certifying.look(settings)
    except ArchiveError as error:
        return [Finding(error.code, "wrong", dict(error.facts))]
    now, facts = clock.now(), {"leaf": held.leaf_until, "root": held.root_until}
    found = []
    if open_keys := certifying.loose_keys(settings):
        found.append(Finding("key-open", "wrong", {"keys": open_keys, "path": str(held.folder)}))
    if held.root_until - now < AUTHORITY_WARNING:
        found.append(Finding("authority-ends", "wrong" if held.root_until <= now else "note", dict(facts)))
    if held.leaf_until - now < certifying.RENEW_BEFORE - timedelta(days=2):
        found.append(Finding("certificate-ends", "wrong", dict(facts)))
    return found or [Finding("certificate-good", "ok", dict(facts))]


def look_at_faults(settings: Settings, clock: Clock) -> list[Finding]:
    """List the last faults of the program that were noted in the last days."""
    since = clock.now() - RECENT
    found = [each for each in faults.newest(settings.home) if each.moment >= since]
    return [Finding(each.code, "note", each.facts) for each in found] or [Finding("faults-none", "ok")]


def look_at_database(settings: Settings, clock: Clock) -> list[Finding]:
    """Open the database as it is (no migration) and look at its revision, soundness and the signs of life."""
    try:
        database = open_database(settings.database_url)
    except ArchiveError as error:
        return [Finding(error.code, "wrong", dict(error.facts))]
    try:
        return list(_look_inside(database, settings, clock))
    except SQLAlchemyError as error:
        detail = str(getattr(error, "orig", None) or error).splitlines()[0][:200]
        return [Finding("database-unreachable", "wrong", {"detail": detail})]
    finally:
        database.close()


def _look_inside(database: Database, settings: Settings, clock: Clock) -> Iterator[Finding]:
    found, newest = schema.current(database), schema.newest()
    if found != newest:
        yield Finding("database-revision-other", "note", {"found": found, "newest": newest})
        return
    yield Finding("database-current", "ok", {"revision": found})
    if troubles := integrity_findings(database):
        yield Finding("database-damaged", "wrong", {"detail": troubles[:3]})
    holder = read_holder(settings.home)
    if holder is None:
        yield Finding("station-stopped", "note")
        return
    yield Finding("station-running", "ok", {"pid": holder.get("pid")})
    with database.reading() as session:
        for sign in beats.signs(session, clock.now()):
            code = "part-silent" if sign.silent else "part-alive"
            yield Finding(
                code,
                "wrong" if sign.silent else "ok",
                {"part": sign.component, "pid": sign.pid, "moment": sign.beat_at},
            )
