"""What may be said of a file in the inbox: values, decided by the core, acted on by the shells."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Seen:
    """A directory entry as one sweep saw it; `path` is relative to the inbox, in raw bytes.

    `kind`: file, symlink, fifo, socket, device, folder-unreadable. `size` in bytes, `mtime_ns` since 1970.
    """

    path: bytes
    kind: str
    size: int
    mtime_ns: int
    inode: int
    device: int

    @property
    def stamp(self) -> tuple[int, int, int]:
        """What changes when the file does: size, modification time, inode."""
        return (self.size, self.mtime_ns, self.inode)


@dataclass(frozen=True, slots=True)
class Whole:
    """The file is complete: its kind by content and its number of pages."""

    kind: str
    pages: int


@dataclass(frozen=True, slots=True)
class Arriving:
    """The file is not complete yet, or may not be: it is looked at again, and set aside when it never becomes whole."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """The file needs a person: foreign, encrypted, broken, over a limit, or not a file at all."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)


Verdict = Whole | Arriving | Refused


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file: bytes, pages, and pixels of one page."""

    file_bytes: int = 2048 << 20
    pages: int = 5000
    page_pixels: int = 200_000_000
