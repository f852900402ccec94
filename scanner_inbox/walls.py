"""Shell: the file system of the inbox, touched so that nobody can lead the program elsewhere.

The threat: whoever can write to the inbox (every scanner and clerk of the office) may place links, pipes, devices and
hostile names there, and swap them while they are looked at. So every path is walked from the inbox's own descriptor,
folder by folder, never through a link; nothing but regular files is opened; and a file is moved out by rename, which
takes whatever stands under the name in one step, and is looked at again before it is believed.

Accepted: somebody with write access can always delete or overwrite a file before it was taken in.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import signal
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive import durable
from scanner_inbox.verdict import Seen

DEEPEST = 40
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# The root itself is the office's own setting and may be a link, to a mounted share for instance.
_ROOT = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFLNK: "symlink",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}


def see(path: bytes, found: os.stat_result) -> Seen:
    """Return what a stat result tells of a path."""
    kind = _KINDS.get(stat.S_IFMT(found.st_mode), "device")
    return Seen(path, kind, found.st_size, _signed(found.st_mtime_ns), _signed(found.st_ino), _signed(found.st_dev))


def list_inbox(root: Path) -> Iterator[Seen]:
    """Yield everything below the inbox that is not a folder; a folder that cannot be read is yielded as such.

    Raises OSError when the inbox itself cannot be read.
    """
    fd = os.open(root, _ROOT)
    try:
        yield from _list(fd, b"", 0)
    finally:
        os.close(fd)


def device_of(root: Path) -> int:
    """Return the device that the inbox itself stands on, as `Seen` gives it."""
    return _signed(root.stat().st_dev)


def _list(folder: int, prefix: bytes, depth: int) -> Iterator[Seen]:
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + os.fsencode(entry.name)
            try:
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if not stat.S_ISDIR(found.st_mode):
                yield see(path, found)
                continue
            try:
                if depth >= DEEPEST:
                    raise OSError(errno.ELOOP, "too deep")
                child = os.open(entry.name, _FOLDER, dir_fd=folder)
            except FileNotFoundError:
                continue
            except OSError:
                yield Seen(path, "folder-unreadable", 0, 0, _signed(found.st_ino), _signed(found.st_dev))
                continue
            try:
                yield from _list(child, path + b"/", depth + 1)
            finally:
                os.close(child)


@contextlib.contextmanager
def parent_of(root: Path, path: bytes, *, create: bool = False) -> Iterator[tuple[int, bytes]]:
    """Open the folder of a path below `root` without following any link; gives its descriptor and the last name.

    With `create`, missing folders are made. A path that climbs (`..`) or leads through a link raises OSError.
    """
    *folders, name = path.split(b"/")
    if any(part in (b"", b".", b"..") for part in (*folders, name)):
        raise OSError(errno.EINVAL, "not a path below the inbox", os.fsdecode(path))
    fd = os.open(root, _ROOT)
    try:
        for part in folders:
            if create:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, dir_fd=fd)
                    os.fsync(fd)
            below = os.open(part, _FOLDER, dir_fd=fd)
            os.close(fd)
            fd = below
        yield fd, name
    finally:
        os.close(fd)


@contextlib.contextmanager
def open_file(root: Path, path: bytes) -> Iterator[tuple[BinaryIO, Seen]]:
    """Open a regular file below `root` for reading; OSError(EINVAL) when it is anything else by now."""
    with parent_of(root, path) as (folder, name):
        fd = os.open(name, _FILE, dir_fd=folder)
    with os.fdopen(fd, "rb") as opened:
        found = see(path, os.fstat(fd))
        if found.kind != "file":
            raise OSError(errno.EINVAL, "not a regular file", os.fsdecode(path))
        yield opened, found


def is_being_written(opened: BinaryIO) -> bool:
    """Tell whether some process on this machine still has the file open for writing (Linux file leases).

    False where the file system has no leases or the file is not ours: then only stillness and structure speak.
    """
    try:
        # A writer that comes in this instant breaks the lease with a signal; SIGURG is one that does nothing.
        fcntl.fcntl(opened.fileno(), fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(opened.fileno(), fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(opened.fileno(), fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    return False


@dataclass(frozen=True)
class Moved:
    """Where a file went and what it looks like there; `seen` is None when other bytes stood under the name."""

    path: Path
    seen: Seen | None


def take_out(root: Path, path: bytes, target: Path, ticket: str, stamp: tuple[int, int, int]) -> Moved | None:
    """Move the file with this stamp out of `root` to `target` or the next free name; None when it is gone.

    The steps: rename to a private name beside the target, compare, link the free name, drop the private one. After a
    crash between them, calling again with the same `ticket` finishes. A file with another stamp is put back.
    """
    durable.make_folder(target.parent)
    private = target.parent / f".moving-{ticket}"
    if not os.path.lexists(private):
        try:
            with parent_of(root, path) as (folder, name):
                _rename_or_copy(folder, name, private, stamp)
        except FileNotFoundError:
            return _moved_before(root, path, target, stamp)
    seen = see(path, private.lstat())
    if (seen.size, seen.mtime_ns) != stamp[:2]:
        put_in(root, path, private)
        # The name may have been used again after a crash: the file itself is then already where it belongs.
        return _moved_before(root, path, target, stamp) or Moved(target, None)
    for candidate in durable.free_names(target):
        try:
            os.link(private, candidate, follow_symlinks=False)
        except FileExistsError:
            if os.path.samestat(private.lstat(), candidate.lstat()):
                private.unlink()
                return Moved(candidate, see(path, candidate.lstat()))
            continue
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK):
                raise
            private.rename(candidate)  # a file system without links: the name was free a moment ago
            return Moved(candidate, see(path, candidate.lstat()))
        private.unlink()
        return Moved(candidate, see(path, candidate.lstat()))
    raise FileExistsError(errno.EEXIST, "no free name", str(target))


def _moved_before(root: Path, path: bytes, target: Path, stamp: tuple[int, int, int]) -> Moved | None:
    """Find a file that a try before the crash moved all the way. A copy on another disk has its own inode."""
    told_by = 3 if device_of(target.parent) == device_of(root) else 2
    for candidate in durable.free_names(target):
        if not os.path.lexists(candidate):
            return None
        seen = see(path, candidate.lstat())
        if seen.stamp[:told_by] == stamp[:told_by]:
            return Moved(candidate, seen)
    return None


def _rename_or_copy(folder: int, name: bytes, private: Path, stamp: tuple[int, int, int]) -> None:
    try:
        os.rename(name, private, src_dir_fd=folder)
        return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    # Another file system: copy, sync, compare by reading both, and only then let the source go.
    fd = os.open(name, _FILE, dir_fd=folder)
    with os.fdopen(fd, "rb") as source:
        before = os.fstat(fd)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.EXDEV, "only a regular file can be copied to another disk")
        part = private.with_name(private.name + ".part")
        part.unlink(missing_ok=True)
        wanted = durable.copy_hashing(source, part)
        os.utime(part, ns=(before.st_atime_ns, before.st_mtime_ns))
        if durable.hash_file(part) != wanted or (before.st_size, before.st_mtime_ns) != stamp[:2]:
            part.unlink()
            raise OSError(errno.EAGAIN, "the file changed while it was copied")
        part.rename(private)
        os.unlink(name, dir_fd=folder)


def put_in(root: Path, path: bytes, source: Path) -> bytes:
    """Move `source` to `path` below `root`, or to the next free name beside it; returns the path it got.

    Never through a link: where a folder of the path is one by now, the file goes directly into `root`. Never replaces
    a file; a crash between the two steps (link, unlink) is finished by calling again.
    """
    folders, slash, last = path.rpartition(b"/")
    try:
        got = _put(root, path, source)
    except OSError as error:
        if not slash or error.errno not in (errno.ELOOP, errno.ENOTDIR, errno.EINVAL):
            raise
        return _put(root, last, source)
    return folders + slash + got


def _put(root: Path, path: bytes, source: Path) -> bytes:
    """Return the last name that the file got."""
    with parent_of(root, path, create=True) as (folder, wanted):
        for candidate in durable.free_names(Path(os.fsdecode(wanted))):
            try:
                os.link(source, candidate, dst_dir_fd=folder, follow_symlinks=False)
            except FileExistsError:
                if not os.path.samestat(source.lstat(), os.lstat(candidate, dir_fd=folder)):
                    continue
            except OSError as error:
                if error.errno not in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK):
                    raise
                _copy_in(source, folder, candidate)
            os.fsync(folder)
            source.unlink()
            durable.sync_folder(source.parent)
            return os.fsencode(candidate)
    raise FileExistsError(errno.EEXIST, "no free name", os.fsdecode(path))


def _copy_in(source: Path, folder: int, name: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    if not source.is_file() or source.is_symlink():
        raise OSError(errno.EXDEV, "only a regular file can be copied to another disk", str(source))
    with source.open("rb") as readable, os.fdopen(os.open(name, flags, 0o644, dir_fd=folder), "wb") as out:
        shutil.copyfileobj(readable, out, durable.BLOCK)
        out.flush()
        os.fsync(out.fileno())
        if os.fstat(out.fileno()).st_size != os.fstat(readable.fileno()).st_size:
            raise OSError(errno.EIO, "the copy differs from its source", str(source))
        times = os.fstat(readable.fileno())
        os.utime(out.fileno(), ns=(times.st_atime_ns, times.st_mtime_ns))


@contextlib.contextmanager
def inbox_lock(home: Path) -> Iterator[None]:
    """Let one process at a time act on the inbox; waits for the other."""
    with (home / ".inbox.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _signed(number: int) -> int:
    return number - (1 << 64) if number >= 1 << 63 else number
