"""Writing so that it survives a power cut: temp in the same file system, fsync, link or rename, fsync the folder.

Order matters more than speed here. A name must never point at bytes that are not on the disk yet, so the file is
synced before it gets its name and the folder is synced after. See "Files are hard" (Pillai et al., OSDI 2014) for
what file systems may reorder otherwise.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

BLOCK = 1 << 20


def sync_folder(folder: Path) -> None:
    """Make the names inside `folder` survive a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_folder(folder: Path) -> None:
    """Create `folder` and its missing parents, each synced into its parent."""
    missing: list[Path] = []
    probe = folder
    while not probe.exists():
        missing.append(probe)
        probe = probe.parent
    for each in reversed(missing):
        with _told_of(each):
            each.mkdir(exist_ok=True)
        sync_folder(each.parent)


def copy_hashing(source: BinaryIO, target: Path, limit: int | None = None) -> tuple[str, int]:
    """Copy an open file into the new file `target`, sync it, and return its SHA-256 (hex) and size in bytes.

    Raises FileExistsError when `target` stands already, and OSError(EFBIG) as soon as more than `limit` bytes came.
    """
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as out:
        while block := source.read(BLOCK):
            size += len(block)
            if limit is not None and size > limit:
                raise OSError(errno.EFBIG, "more bytes than the limit", str(target))
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def hash_file(path: Path) -> tuple[str, int]:
    """Return the SHA-256 (hex) and the size of a file, read once from start to end."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put `data` at `path` in one step: readers see the old content or the new, never a part."""
    temp = path.with_name(f".{path.name[:60]}.{os.getpid()}.{threading.get_ident()}.part")
    with _told_of(path), temp.open("wb") as out:
        os.fchmod(out.fileno(), mode)
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    temp.replace(path)
    sync_folder(path.parent)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Hand out a temp path beside `path`; on a clean exit it is synced and takes the name, otherwise it is removed."""
    temp = path.with_name(f".{path.name[:60]}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        yield temp
        with temp.open("rb+") as out:
            os.fsync(out.fileno())
        temp.replace(path)
        sync_folder(path.parent)
    finally:
        temp.unlink(missing_ok=True)


def move_new(source: Path, target: Path) -> Path:
    """Move a file to `target` or, where that name is taken, to the next free "name (2)"; return where it went.

    Never replaces a file. Within one file system it is a hard link and an unlink; across file systems the bytes are
    copied, synced and compared before the source goes.
    """
    for candidate in free_names(target):
        try:
            os.link(source, candidate, follow_symlinks=False)
        except FileExistsError:
            # A crash between link and unlink leaves one file under both names: finish that move.
            if not os.path.samestat(source.lstat(), candidate.lstat()):
                continue
        except OSError as error:
            if error.errno not in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK):
                raise
            _copy_new(source, candidate)
        sync_folder(candidate.parent)
        source.unlink()
        sync_folder(source.parent)
        return candidate
    raise FileExistsError(errno.EEXIST, "no free name", str(target))


def free_names(target: Path) -> Iterator[Path]:
    """Yield `target`, then "target (2)", "target (3)" …, each at most 255 bytes long."""
    yield target
    for number in range(2, 10_000):
        tail = f" ({number}){target.suffix[:16]}"
        stem = os.fsencode(target.stem)[: 250 - len(os.fsencode(tail))]
        yield target.with_name(os.fsdecode(stem) + tail)


@contextlib.contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Let a failure name the path somebody asked for, and say what "not found" means in a folder that is there.

    The kernel's own folders (/proc) answer every new name with ENOENT although the folder stands: nothing is missing
    there, nothing may be written there.
    """
    try:
        yield
    except OSError as error:
        number = error.errno or errno.EIO
        if number == errno.ENOENT and path.parent.is_dir():
            number = errno.EROFS
        raise OSError(number, os.strerror(number), str(path)) from error


def _copy_new(source: Path, target: Path) -> None:
    with source.open("rb") as readable:
        wanted = copy_hashing(readable, target)
    shutil.copystat(source, target)
    if hash_file(target) != wanted or hash_file(source) != wanted:
        target.unlink()
        raise OSError(errno.EIO, "the copy differs from its source", str(source))
