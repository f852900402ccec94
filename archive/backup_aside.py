"""Files that were set aside, in a backup: the vault never held them, so a snapshot must carry them itself.

`set_aside.json` in a snapshot names the folder they stood in and each file with its SHA-256 and time; the bytes lie
with the originals, once for all snapshots. A restore may put them into another folder: rows that name the old one are
written anew.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path, PurePath

from sqlalchemy import select
from sqlmodel import col

from archive import durable
from archive.database import Database
from archive.tables import Arrival
from archive.vault import Vault

FILE = "set_aside.json"


def save(folder: Path, kept: Vault, place: Path) -> list[str]:
    """Copy every file of the set-aside folder to `kept`, write the list into `place`, and return the SHA-256s.

    A file that a person takes away meanwhile is left out.
    """
    files = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            with path.open("rb") as source:
                held = kept.hold(source)
                modified = os.fstat(source.fileno()).st_mtime_ns
        except FileNotFoundError:
            continue
        kept.keep(held)
        # Names of any bytes: what is not UTF-8 travels as lone surrogates, which JSON escapes.
        files.append({"path": str(path.relative_to(folder)), "sha256": held.sha256, "mtime_ns": modified})
    listed = {"folder": str(folder), "files": files}
    durable.write_whole(place / FILE, json.dumps(listed, indent=1).encode(), 0o600)
    return [str(each["sha256"]) for each in files]


def bring_back(place: Path, kept: Vault, folder: Path, database: Database) -> int:
    """Put the set-aside files of a snapshot into `folder` and let the rows name it; return how many there are.

    Nothing that stands is overwritten; a snapshot of an older release has no list, and then there are none.
    """
    if not (place / FILE).exists():
        return 0
    listed = json.loads((place / FILE).read_bytes())
    for each in listed["files"]:
        path = folder / each["path"]
        if ".." in PurePath(each["path"]).parts or not path.is_relative_to(folder) or os.path.lexists(path):
            continue
        durable.make_folder(path.parent)
        with closing(kept.open(each["sha256"])) as source, durable.whole_file(path) as temp:
            temp.write_bytes(source.read())
        os.utime(path, ns=(each["mtime_ns"], each["mtime_ns"]))
    _name_folder(database, os.fsencode(listed["folder"]) + b"/", os.fsencode(folder) + b"/")
    return len(listed["files"])


def _name_folder(database: Database, old: bytes, new: bytes) -> None:
    if old == new:
        return
    with database.atomic() as session:
        rows = session.execute(select(Arrival).where(col(Arrival.kept_path).is_not(None))).scalars()
        for row in rows:
            if row.kept_path is not None and row.kept_path.startswith(old):
                row.kept_path = new + row.kept_path.removeprefix(old)
                session.add(row)
