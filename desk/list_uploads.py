"""Lists that were uploaded and wait, for a day, until somebody who saw what is in them says that they be imported.

They are derived data: a list that is gone is uploaded again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from archive.durable import make_folder, write_whole
from archive.errors import ArchiveError
from desk.office import Office

MOST_BYTES = 64 * 1024 * 1024
WAITS = timedelta(days=1)
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Upload:
    """An uploaded list: SHA-256, the name it came under, and its bytes."""

    digest: str
    name: str
    raw: bytes


def keep(office: Office, source: BinaryIO, name: str) -> Upload:
    """Keep an uploaded list; those that waited too long go. ArchiveError "list-too-large", "list-empty"."""
    raw = source.read(MOST_BYTES + 1)
    if not raw:
        raise ArchiveError("list-upload-empty", name=name)
    if len(raw) > MOST_BYTES:
        raise ArchiveError("list-upload-large", name=name, limit_bytes=MOST_BYTES)
    folder = _folder(office)
    make_folder(folder)
    for path in folder.iterdir():
        if office.clock.now() - datetime.fromtimestamp(path.stat().st_mtime, UTC) > WAITS:
            path.unlink(missing_ok=True)
    digest = hashlib.sha256(raw).hexdigest()
    write_whole(folder / digest, raw, 0o600)
    return Upload(digest, name, raw)


def find(office: Office, digest: str, name: str) -> Upload:
    """Return a list that waits; ArchiveError "list-upload-gone"."""
    try:
        if not _DIGEST.fullmatch(digest):
            raise FileNotFoundError
        return Upload(digest, name, (_folder(office) / digest).read_bytes())
    except FileNotFoundError:
        raise ArchiveError("list-upload-gone", name=name) from None


def drop(office: Office, upload: Upload) -> None:
    """Let go of a list that was imported."""
    (_folder(office) / upload.digest).unlink(missing_ok=True)


def _folder(office: Office) -> Path:
    return office.settings.derived_folder / "lists"
