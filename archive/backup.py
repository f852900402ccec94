"""Backup and restore: a folder on another disk that can bring a whole station back.

Layout of the backup folder: `vault/` holds every original under its SHA-256, shared by all snapshots, so that a nightly
backup copies only what is new; `snapshots/<moment>/` holds the database, the settings and SHA256SUMS, which names
them and every original of this snapshot in the form that `sha256sum -c` checks without this program.

Blobs go first, then the database, then the few blobs that came in between: a backup cut short has no SHA256SUMS and is
no snapshot, and a snapshot never names an original that the folder does not hold.
"""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from archive import backup_aside, dumps, durable, schema, settings
from archive.database import Database
from archive.errors import ArchiveError, VaultError
from archive.settings import Settings
from archive.tables import Scan
from archive.vault import FolderVault, Vault

SUMS, FACTS = "SHA256SUMS", "snapshot.json"
# Small folders of the home without which a restored station could not sign its custody log again.
COMPANIONS = ("keys", "heads")
# Told how many files are done, and of how many.
Advance = Callable[[int, int], None]


def _tell_nobody(_done: int, _total: int) -> None:
    """Be told nothing: the default of callers that show no progress."""


@dataclass(frozen=True)
class Snapshot:
    """A finished backup: its folder, how many originals it names and how many of them were copied this time."""

    folder: Path
    originals: int
    copied: int


@dataclass(frozen=True)
class Finding:
    """What is wrong with a backup: a code ("backup-missing", "backup-changed") and the path inside the folder."""

    code: str
    path: str


def back_up(
    database: Database,
    vault: Vault,
    home: Path,
    folder: Path,
    now: datetime,
    advance: Advance = _tell_nobody,
    aside: Path | None = None,
) -> Snapshot:
    """Write a snapshot of a station into `folder`, copying only originals that the folder does not hold yet.

    `aside` is the folder of files that were set aside; what still waits in the inbox is not part of a backup.
    Raises ArchiveError "backup-inside-home", "backup-unwritable", "backup-exists", and what the vault and the
    database raise.
    """
    if home.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise ArchiveError("backup-inside-home", path=str(folder))
    kept = FolderVault(folder / "vault")
    _prepare(folder, kept)
    copied = _copy(vault, kept, list(vault.names()), advance)
    place = folder / "snapshots" / now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    if place.exists():
        raise ArchiveError("backup-exists", path=str(place))
    durable.make_folder(place)
    # Before the database: a head of the log that is newer than the database would refuse the restored station.
    files = _save_companions(home, place)
    dumped, names = dumps.dump(database, place)
    copied += _copy(vault, kept, names)
    facts = {"format": 1, "made_at": now.isoformat(), "revision": schema.current(database), "originals": len(names)}
    durable.write_whole(place / FACTS, json.dumps(facts, indent=1).encode())
    with dumped.open("rb+") as written:
        os.fsync(written.fileno())
    files += [place / FACTS, dumped]
    left_aside: list[str] = []
    if aside is not None:
        left_aside = backup_aside.save(aside, kept, place)
        files.append(place / backup_aside.FILE)
    if (home / settings.FILE).exists():
        durable.write_whole(place / settings.FILE, (home / settings.FILE).read_bytes(), 0o600)
        files.append(place / settings.FILE)
    lines = [f"{durable.hash_file(each)[0]}  {each.relative_to(place)}" for each in files]
    lines += [f"{name}  ../../vault/sha256/{name[:2]}/{name[2:4]}/{name}" for name in [*sorted(names), *left_aside]]
    durable.write_whole(place / SUMS, ("\n".join(lines) + "\n").encode())
    return Snapshot(place, len(names), copied)


def _prepare(folder: Path, kept: FolderVault) -> None:
    # Named as the backup's folder: the station's own vault is well, and its owner must not be sent to mend it.
    try:
        durable.make_folder(folder)
        kept.prepare()
        durable.make_folder(folder / "snapshots")
        with tempfile.TemporaryFile(dir=folder):
            pass
    except VaultError as error:
        if error.code != "vault-read-only":
            raise
        raise ArchiveError("backup-unwritable", path=str(folder), detail=os.strerror(errno.EROFS)) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ArchiveError("backup-unwritable", path=str(folder), detail=error.strerror) from error


def snapshots(folder: Path) -> list[Path]:
    """Return the finished snapshots of a backup folder, oldest first."""
    return sorted(each.parent for each in (folder / "snapshots").glob(f"*/{SUMS}"))


def check(place: Path, advance: Advance = _tell_nobody) -> list[Finding]:
    """Re-read everything one snapshot names, from start to end, and return what is missing or changed."""
    findings = []
    sums = _sums(place)
    for count, (wanted, name) in enumerate(sums, 1):
        path = place / name
        try:
            if durable.hash_file(path)[0] != wanted:
                findings.append(Finding("backup-changed", name))
        except OSError:
            findings.append(Finding("backup-missing", name))
        advance(count, len(sums))
    return findings


def restore(
    folder: Path,
    home: Path,
    environment: Mapping[str, str],
    open_vault: Callable[[Settings, Mapping[str, str]], Vault],
    name: str | None = None,
    advance: Advance = _tell_nobody,
) -> int:
    """Bring a station back into `home` from a snapshot, the newest unless named; return how many originals it has.

    Nothing that stands is overwritten. The database comes last, so a restore cut short is begun again by the same call.
    Raises ArchiveError "backup-none", "backup-broken", "restore-would-overwrite", "restore-incomplete".
    """
    found = [each for each in snapshots(folder) if name in (None, each.name)]
    if not found:
        raise ArchiveError("backup-none", path=str(folder), name=name or "")
    place = found[-1]
    total = 2 * len(_sums(place))
    if findings := check(place, lambda done, _: advance(done, total)):
        raise ArchiveError("backup-broken", path=str(place), findings=[(f.code, f.path) for f in findings[:5]])
    _restore_settings(place, home)
    _restore_companions(place, home)
    loaded = settings.load(home, environment)
    dumps.refuse_used(loaded.database_url)
    vault = open_vault(loaded, environment)
    vault.prepare()
    # Files that were set aside are listed after the originals and go back to a folder of their own.
    count = json.loads((place / FACTS).read_bytes())["originals"]
    originals = [Path(path).name for _, path in _sums(place) if path.startswith("../")][:count]
    _copy(FolderVault(folder / "vault"), vault, originals, lambda done, of: advance(total - of + done, total))
    dumped = next(place / each for each in (dumps.SQLITE, dumps.POSTGRES) if (place / each).exists())
    database = dumps.load(dumped, loaded.database_url)
    try:
        with database.reading() as session:
            rows = session.execute(select(col(Scan.sha256), col(Scan.size))).all()
        lost = [sha256 for sha256, size in rows if vault.size(sha256) != size]
        if lost or len(rows) != len(originals):
            raise ArchiveError("restore-incomplete", missing=lost[:5], rows=len(rows), originals=len(originals))
        backup_aside.bring_back(place, FolderVault(folder / "vault"), loaded.aside_folder, database)
    finally:
        database.close()
    return len(rows)


def _restore_settings(place: Path, home: Path) -> None:
    durable.make_folder(home)
    saved, stands = place / settings.FILE, home / settings.FILE
    if not saved.exists():
        return
    if not stands.exists():
        durable.write_whole(stands, saved.read_bytes())


def _save_companions(home: Path, place: Path) -> list[Path]:
    saved = []
    for name in COMPANIONS:
        for path in sorted((home / name).glob("*")):
            if path.is_file() and not path.is_symlink():
                durable.make_folder(place / name)
                durable.write_whole(place / name / path.name, path.read_bytes(), 0o600)
                saved.append(place / name / path.name)
    return saved


def _restore_companions(place: Path, home: Path) -> None:
    for name in COMPANIONS:
        for saved in sorted((place / name).glob("*")):
            stands = home / name / saved.name
            if not stands.exists():
                durable.make_folder(stands.parent)
                durable.write_whole(stands, saved.read_bytes(), 0o600)


def _copy(source: Vault, target: Vault, names: Sequence[str], advance: Advance = _tell_nobody) -> int:
    copied = 0
    for done, name in enumerate(names):
        advance(done, len(names))
        if target.exists(name):
            continue
        with closing(source.open(name)) as stored:
            held = target.hold(stored)
        if held.sha256 != name:
            target.drop(held)
            raise VaultError("vault-bytes-changed", sha256=name, path="", found=held.sha256)
        copied += target.keep(held)
        target.verify(name)
    return copied


def _sums(place: Path) -> list[tuple[str, str]]:
    lines = (place / SUMS).read_text(encoding="utf-8").splitlines()
    return [(line[:64], line[66:]) for line in lines]
