"""Shell: arrivals on their way through intake: where they lie, what is tried, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive import arrivals
from archive.tables import Arrival

GROUP_FILES = 64
GROUP_BYTES = 256 << 20


@dataclass(frozen=True)
class Places:
    """The folders of one station's inbox; `home` holds the lock."""

    home: Path
    inbox: Path
    done: Path
    aside: Path


@dataclass(frozen=True)
class Candidate:
    """An arrival to be tried; `stamp` is what it looked like when it was last still.

    `had_its_time`: it kept the name of a file in the making so long that the name is no longer believed.
    """

    arrival_id: int
    ticket: str
    origin: str
    path: bytes
    station: str
    stamp: tuple[int, int, int]
    had_its_time: bool = False

    @staticmethod
    def of(row: Arrival) -> Candidate:
        """Return the candidate of an arrival row."""
        assert row.id is not None
        return Candidate(row.id, row.public_id, row.origin, row.path, row.station, arrivals.stamp_of(row))


@dataclass(frozen=True)
class Outcome:
    """What became of a candidate: stored, duplicate, set_aside, waiting or vanished, and why."""

    candidate: Candidate
    state: str
    code: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    sha256: str = ""


def in_groups(candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Yield candidates in groups of bounded number and size, so that one commit serves several."""
    group: list[Candidate] = []
    for candidate in candidates:
        if group and (len(group) >= GROUP_FILES or sum(c.stamp[0] for c in group) + candidate.stamp[0] > GROUP_BYTES):
            yield group
            group = []
        group.append(candidate)
    if group:
        yield group
