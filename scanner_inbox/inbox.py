"""One sweep: what the folder holds against what is known of it, as a list of things to do.

Events of the operating system are hints and some are never sent; this comparison is what finds every file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scanner_inbox.names import is_litter
from scanner_inbox.verdict import Seen


@dataclass(frozen=True, slots=True)
class Known:
    """An arrival whose file is not cleared from the inbox yet."""

    id: int
    path: bytes
    state: str
    stamp: tuple[int, int, int]
    kept_path: bytes | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sweep found: files nobody knew, waiting files that changed, ones to try, ones gone, ones to clear.

    `replaced` are settled arrivals whose name now holds another file; `litter` counts leftovers of operating systems,
    which are left alone; `unreadable` are folders nobody may look into.
    """

    new: tuple[Seen, ...]
    changed: tuple[tuple[Known, Seen], ...]
    waiting: tuple[tuple[Known, Seen], ...]
    gone: tuple[Known, ...]
    to_clear: tuple[tuple[Known, Seen], ...]
    cleared: tuple[Known, ...]
    replaced: tuple[tuple[Known, Seen], ...]
    litter: int
    unreadable: tuple[bytes, ...]


def compare(listing: Iterable[Seen], known: Mapping[bytes, Known]) -> Plan:
    """Compare a listing with the open arrivals; each file and each arrival falls in exactly one place."""
    new: list[Seen] = []
    changed: list[tuple[Known, Seen]] = []
    waiting: list[tuple[Known, Seen]] = []
    to_clear: list[tuple[Known, Seen]] = []
    replaced: list[tuple[Known, Seen]] = []
    found: set[bytes] = set()
    unreadable: list[bytes] = []
    litter = 0
    for seen in listing:
        if is_litter(seen.path):
            litter += 1
            continue
        if seen.kind == "folder-unreadable":
            unreadable.append(seen.path)
            continue
        found.add(seen.path)
        row = known.get(seen.path)
        if row is None:
            new.append(seen)
        elif row.state == "waiting":
            (waiting if row.stamp == seen.stamp else changed).append((row, seen))
        elif row.stamp == seen.stamp:
            to_clear.append((row, seen))
        else:
            replaced.append((row, seen))
    # What lies in a folder that cannot be read is not gone.
    hidden = tuple(path + b"/" for path in unreadable)
    missing = [row for path, row in known.items() if path not in found and not path.startswith(hidden)]
    return Plan(
        new=tuple(new),
        changed=tuple(changed),
        waiting=tuple(waiting),
        gone=tuple(row for row in missing if row.state == "waiting"),
        to_clear=tuple(to_clear),
        cleared=tuple(row for row in missing if row.state != "waiting"),
        replaced=tuple(replaced),
        litter=litter,
        unreadable=tuple(unreadable),
    )


class Stillness:
    """How long each file has not changed, by a clock that nobody can set: jumps of the wall clock change nothing."""

    def __init__(self) -> None:
        self._since: dict[bytes, tuple[tuple[int, int, int], float]] = {}

    def seconds(self, seen: Seen, ticks: float) -> float:
        """Return for how many seconds this exact stamp has been seen; 0 when it is new or changed."""
        before = self._since.get(seen.path)
        if before is None or before[0] != seen.stamp:
            self._since[seen.path] = (seen.stamp, ticks)
            return 0.0
        return ticks - before[1]

    def so_far(self, path: bytes, ticks: float) -> float:
        """Return for how many seconds the last stamp of a path has been seen, without looking again."""
        before = self._since.get(path)
        return ticks - before[1] if before is not None else 0.0

    def forget_except(self, paths: Iterable[bytes]) -> None:
        """Keep only these paths, so that memory follows the inbox and not its history."""
        keep = set(paths)
        self._since = {path: value for path, value in self._since.items() if path in keep}
