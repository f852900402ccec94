"""The vault: every original under its SHA-256, created once, never changed, never deleted.

Local layout: `<root>/sha256/ab/cd/<64 hex digits>`, mode 0440; `<root>/incoming/` holds bytes that have no name yet.
A crash leaves at most an unnamed file in `incoming/`, never a name without its bytes.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from archive import durable
from archive.errors import VaultError
from archive.refs import new_public_id

HEX = re.compile(r"[0-9a-f]{64}")
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
NOT_WRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM}

Reach = Callable[[str], None]


def pass_by(_step: str) -> None:
    """Do nothing at a step's end; tests hand in one that kills the process there."""


@dataclass(frozen=True)
class Held:
    """Bytes copied, hashed and synced, but without a name in the vault yet."""

    temp: Path
    sha256: str
    size: int


class Vault(Protocol):
    """A create-only store of bytes named by their SHA-256."""

    def prepare(self) -> None:
        """Create what the vault needs, or refuse with the reason (VaultError)."""
        ...

    def hold(self, source: BinaryIO, limit: int | None = None) -> Held:
        """Copy and hash `source` into the vault's own file system, synced; nothing has a name yet."""
        ...

    def keep(self, held: Held, reach: Reach = pass_by) -> bool:
        """Give held bytes their name; True when they are new, False when the vault had them already."""
        ...

    def drop(self, held: Held) -> None:
        """Forget held bytes that shall not be kept."""
        ...

    def verify(self, sha256: str) -> int:
        """Re-read stored bytes from start to end and return their size; VaultError when missing or changed."""
        ...

    def exists(self, sha256: str) -> bool:
        """Tell whether these bytes are stored."""
        ...

    def size(self, sha256: str) -> int | None:
        """Return the stored size in bytes, None when missing; the bytes are not read."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Open stored bytes for reading."""
        ...

    def path(self, sha256: str) -> AbstractContextManager[Path]:
        """Hand out a readable local file with these bytes for the length of a `with` block."""
        ...

    def names(self) -> Iterator[str]:
        """Yield the SHA-256 of everything stored, in no order."""
        ...

    def sweep_incoming(self, older_than_seconds: float, now: float) -> int:
        """Remove bytes that crashed intakes left without a name; returns how many."""
        ...

    def free_bytes(self) -> int:
        """Return the room left where incoming bytes are written."""
        ...


@dataclass(frozen=True)
class FolderVault:
    """A vault in a local folder."""

    root: Path

    def prepare(self) -> None:
        """Create the folders; raises VaultError "vault-read-only" or "disk-full"."""
        with _named_trouble(self.root):
            durable.make_folder(self.root / "sha256")
            durable.make_folder(self.root / "incoming")

    def where(self, sha256: str) -> Path:
        """Return the path that these bytes have or would have."""
        if not HEX.fullmatch(sha256):
            raise VaultError("not-a-sha256", value=sha256)
        return self.root / "sha256" / sha256[:2] / sha256[2:4] / sha256

    def hold(self, source: BinaryIO, limit: int | None = None) -> Held:
        """Copy and hash into `incoming/`, synced."""
        temp = self.root / "incoming" / new_public_id()
        try:
            with _named_trouble(self.root):
                sha256, size = durable.copy_hashing(source, temp, limit)
        except BaseException:
            temp.unlink(missing_ok=True)
            raise
        return Held(temp, sha256, size)

    def keep(self, held: Held, reach: Reach = pass_by) -> bool:
        """Link under the hash, sync the folder, then drop the temp name. The link fails rather than replaces."""
        final = self.where(held.sha256)
        with _named_trouble(self.root):
            durable.make_folder(final.parent)
            held.temp.chmod(0o440)
            try:
                os.link(held.temp, final)
                new = True
            except FileExistsError:
                new = False
            reach("vault.linked")
            if not new and self.size(held.sha256) != held.size:
                raise VaultError("vault-bytes-changed", sha256=held.sha256, path=str(final))
            durable.sync_folder(final.parent)
            reach("vault.folder-synced")
            held.temp.unlink()
        return new

    def drop(self, held: Held) -> None:
        """Remove the temp file."""
        held.temp.unlink(missing_ok=True)

    def verify(self, sha256: str) -> int:
        """Re-read and hash; VaultError "vault-bytes-missing" or "vault-bytes-changed"."""
        path = self.where(sha256)
        try:
            found, size = durable.hash_file(path)
        except FileNotFoundError:
            raise VaultError("vault-bytes-missing", sha256=sha256, path=str(path)) from None
        except OSError as error:
            raise VaultError("vault-unreadable", sha256=sha256, path=str(path), error=error.strerror) from error
        if found != sha256:
            raise VaultError("vault-bytes-changed", sha256=sha256, path=str(path), found=found)
        return size

    def exists(self, sha256: str) -> bool:
        """Look for the name."""
        return self.where(sha256).is_file()

    def size(self, sha256: str) -> int | None:
        """Ask the file system."""
        try:
            return self.where(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def open(self, sha256: str) -> BinaryIO:
        """Open for reading; VaultError "vault-bytes-missing"."""
        try:
            return self.where(sha256).open("rb")
        except FileNotFoundError:
            raise VaultError("vault-bytes-missing", sha256=sha256, path=str(self.where(sha256))) from None

    @contextmanager
    def path(self, sha256: str) -> Iterator[Path]:
        """Hand out the stored file itself; it is mode 0440 and must not be changed."""
        path = self.where(sha256)
        if not path.is_file():
            raise VaultError("vault-bytes-missing", sha256=sha256, path=str(path))
        yield path

    def names(self) -> Iterator[str]:
        """Walk the folders."""
        for first in sorted((self.root / "sha256").iterdir()):
            for second in sorted(first.iterdir()):
                yield from (entry.name for entry in os.scandir(second) if HEX.fullmatch(entry.name))

    def sweep_incoming(self, older_than_seconds: float, now: float) -> int:
        """Remove unnamed leftovers of crashed intakes; returns how many. Their sources are still in the inbox."""
        removed = 0
        for entry in os.scandir(self.root / "incoming"):
            if now - entry.stat(follow_symlinks=False).st_mtime > older_than_seconds:
                Path(entry.path).unlink(missing_ok=True)
                removed += 1
        return removed

    def free_bytes(self) -> int:
        """Return the room left on the vault's file system."""
        return shutil.disk_usage(self.root).free


@contextmanager
def _named_trouble(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise VaultError("disk-full", path=str(root)) from error
        if error.errno in NOT_WRITABLE:
            raise VaultError("vault-read-only", path=str(root)) from error
        raise
