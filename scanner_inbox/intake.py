"""Shell: takes files into the archive without losing a byte.

For every file, in this order, each step done before the next begins:

1. hash while copying to a temp file in the vault's file system, and sync it;
2. examine that copy (it cannot change any more): whole, still arriving, or in need of a person;
3. link it under its SHA-256 and sync the folder;
4. commit the rows (arrival and scan) in one transaction;
5. re-read the stored bytes and compare;
6. only then move the inbox file to the done folder.

A crash after any step leaves a state that the next sweep finishes. Files go through the steps in groups, so that one
commit serves several, and several hands work on a group: while one file waits for the disk the next is hashed. No file
of a group begins step 4 before every file of it has ended step 3.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from archive import arrivals, durable, scans
from archive.clock import Clock
from archive.database import Database
from archive.errors import VaultError
from archive.tables import Arrival
from archive.vault import Held, Reach, Vault, pass_by
from scanner_inbox import walls
from scanner_inbox.candidates import Candidate, Outcome, Places, in_groups
from scanner_inbox.checker import Check
from scanner_inbox.names import file_name, is_temporary, safe_folder, show
from scanner_inbox.verdict import Arriving, Limits, Seen, Verdict, Whole

# Hands wait for the disk most of the time: four are enough to keep two processors busy (benchmarks/inbox.py).
HANDS = 4
CANNOT_MOVE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EXDEV, errno.EAGAIN, errno.EBUSY}


@dataclass
class _Work:
    candidate: Candidate
    verdict: Verdict | None = None
    held: Held | None = None


@dataclass(frozen=True)
class Intake:
    """Takes candidates in; `reach` is told each step as it ends, by whichever of the `hands` (threads) did it."""

    places: Places
    database: Database
    vault: Vault
    clock: Clock
    check: Check
    limits: Limits = field(default_factory=Limits)
    reach: Reach = pass_by
    hands: int = HANDS

    def take(self, candidates: Sequence[Candidate], going: Callable[[], bool] = lambda: True) -> Iterator[Outcome]:
        """Take candidates in, group by group, until `going` says no.

        Stored and duplicate files are recorded and cleared from the inbox. Waiting and refused ones are only
        reported: their bytes are untouched.
        """
        for group in in_groups(candidates):
            if not going():
                return
            yield from self._take_group(group)

    def finish(self, rows: Sequence[Arrival]) -> None:
        """Verify and clear files whose rows were committed before a crash or a refusal to move."""
        with ThreadPoolExecutor(self.hands) as hands:
            troubles = hands.map(self._verify, [row.sha256 or "" for row in rows])
            sound = []
            for row, trouble in zip(rows, troubles, strict=True):
                if trouble is not None:
                    self._keep_in_inbox(row.id or 0, trouble.code)
                else:
                    sound.append((Candidate.of(row), self._done_path(Candidate.of(row), row.settled_at)))
            self._clear(sound, hands)

    def _take_group(self, group: Sequence[Candidate]) -> Iterator[Outcome]:
        works = [_Work(candidate) for candidate in group]
        try:
            # The block ends when all hands rest: after a trouble nothing goes on behind the next sweep's back.
            with ThreadPoolExecutor(self.hands) as hands:
                outcomes = self._take_works(works, hands)
        finally:
            for work in works:
                if work.held is not None:
                    self.vault.drop(work.held)
        yield from outcomes

    def _take_works(self, works: Sequence[_Work], hands: Executor) -> list[Outcome]:
        outcomes = [each for each in hands.map(self._hold, works) if each is not None]
        held = [work for work in works if work.held is not None]
        with self.database.reading() as session:
            known = scans.kinds_of(session, {work.held.sha256 for work in held if work.held is not None})
        outcomes += [each for each in hands.map(lambda work: self._keep(work, known), held) if each is not None]
        stored = self._record([work for work in held if work.held is not None])
        self.reach("intake.recorded")
        sound = []
        troubles = list(hands.map(self._verify, [outcome.sha256 for outcome in stored]))
        for at, (outcome, trouble) in enumerate(zip(stored, troubles, strict=True)):
            if trouble is not None:
                self._keep_in_inbox(outcome.candidate.arrival_id, trouble.code)
                stored[at] = replace(outcome, code=trouble.code, facts=dict(trouble.facts))
            else:
                sound.append((outcome.candidate, self._done_path(outcome.candidate, self.clock.now())))
        self.reach("intake.verified")
        self._clear(sound, hands)
        return [*outcomes, *stored]

    def _verify(self, sha256: str) -> VaultError | None:
        """Re-read stored bytes; returns what is wrong with them."""
        try:
            self.vault.verify(sha256)
        except VaultError as error:
            return error
        return None

    def _hold(self, work: _Work) -> Outcome | None:
        """Copy and examine one file; an Outcome when it goes no further."""
        candidate = work.candidate
        if candidate.stamp[0] > self.limits.file_bytes:
            facts: dict[str, object] = {"bytes": candidate.stamp[0], "limit": self.limits.file_bytes}
            return Outcome(candidate, arrivals.SET_ASIDE, "too-large", facts)
        if candidate.origin == "inbox" and is_temporary(candidate.path) and not candidate.had_its_time:
            return Outcome(candidate, arrivals.WAITING, "name-says-unfinished")
        try:
            with self.open_source(candidate) as (source, seen):
                if candidate.origin != "ingest" and seen.stamp != candidate.stamp:
                    return Outcome(candidate, arrivals.WAITING, "changing")
                if candidate.origin != "ingest" and walls.is_being_written(source):
                    return Outcome(candidate, arrivals.WAITING, "being-written")
                held = self.vault.hold(source, self.limits.file_bytes)
                self.reach("intake.held")
                after = walls.see(candidate.path, os.fstat(source.fileno()))
        except FileNotFoundError:
            return Outcome(candidate, arrivals.VANISHED, "gone-before-intake")
        except PermissionError:
            return Outcome(candidate, arrivals.WAITING, "no-permission")
        except OSError as error:
            if error.errno in (errno.EINVAL, errno.ELOOP, errno.ENOTDIR, errno.EISDIR):
                return Outcome(candidate, arrivals.WAITING, "changing")
            if error.errno == errno.EFBIG:
                return Outcome(candidate, arrivals.SET_ASIDE, "too-large", {"limit": self.limits.file_bytes})
            if error.errno == errno.EIO:
                return Outcome(candidate, arrivals.WAITING, "unreadable", {"detail": error.strerror or ""})
            raise
        if after.stamp != seen.stamp or held.size != seen.size:
            self.vault.drop(held)
            return Outcome(candidate, arrivals.WAITING, "changing")
        work.held = held
        return None

    def _keep(self, work: _Work, known: Mapping[str, tuple[str, int]]) -> Outcome | None:
        """Examine one copy and store it; an Outcome when it goes no further, and only this file stops."""
        held = work.held
        assert held is not None
        # Bytes that were examined and stored before need no second look.
        verdict = Whole(*known[held.sha256]) if held.sha256 in known else self.check(held.temp)
        if not isinstance(verdict, Whole):
            self._drop(work)
            state = arrivals.WAITING if isinstance(verdict, Arriving) else arrivals.SET_ASIDE
            return Outcome(work.candidate, state, verdict.code, verdict.facts, held.sha256)
        work.verdict = verdict
        try:
            self.vault.keep(held, self.reach)
        except VaultError as error:
            if error.code != "vault-bytes-changed":
                raise
            self._drop(work)
            return Outcome(work.candidate, arrivals.SET_ASIDE, error.code, dict(error.facts))
        self.reach("intake.kept")
        return None

    def _drop(self, work: _Work) -> None:
        if work.held is not None:
            self.vault.drop(work.held)
            work.held = None

    def _record(self, works: Sequence[_Work]) -> list[Outcome]:
        if not works:
            return []
        now, outcomes, rows = self.clock.now(), [], []
        held = {work.held.sha256: work for work in reversed(works) if work.held is not None}
        with self.database.atomic() as session:
            known = scans.ids_of(session, held)
            fresh = {sha256: work for sha256, work in held.items() if sha256 not in known}
            known |= scans.receive_all(session, [_received(work) for work in reversed(fresh.values())], now)
            for work in works:
                assert work.held is not None
                candidate, sha256 = work.candidate, work.held.sha256
                state = arrivals.STORED if fresh.get(sha256) is work else arrivals.DUPLICATE
                values: dict[str, Any] = {
                    "state": state,
                    "reason": None,
                    "facts": {},
                    "sha256": sha256,
                    "size": work.held.size,
                    "scan_id": known[sha256],
                    "settled_at": now,
                    "cleared": candidate.origin == "ingest",
                }
                rows.append((candidate.arrival_id, values))
                outcomes.append(Outcome(candidate, state, sha256=sha256))
            arrivals.write_all(session, rows)
        return outcomes

    def _clear(self, wanted: Sequence[tuple[Candidate, Path]], hands: Executor) -> None:
        """Move stored files out of the inbox; one whose bytes changed meanwhile stays and is a new arrival."""
        moved: list[tuple[Candidate, Path | None]] = []
        folders: set[Path] = set()
        inside = [each for each in wanted if each[0].origin == "inbox"]
        for (candidate, _), out in zip(inside, hands.map(self._move, inside), strict=True):
            if isinstance(out, OSError):
                self._keep_in_inbox(candidate.arrival_id, "cannot-clear-inbox")
            elif out is None or out.seen is None:
                moved.append((candidate, None))
            else:
                moved.append((candidate, out.path))
                folders |= {out.path.parent, (self.places.inbox / os.fsdecode(candidate.path)).parent}
        for folder in folders:
            if folder.is_dir():
                durable.sync_folder(folder)
        self.reach("intake.moved-all")
        moved += [(each, Path(os.fsdecode(each.path))) for each, _ in wanted if each.origin == "grown"]
        with self.database.atomic() as session:
            rows = [(each.arrival_id, os.fsencode(path) if path is not None else None) for each, path in moved]
            arrivals.write_all(
                session, [(row, {"cleared": True, "reason": None, "kept_path": kept}) for row, kept in rows]
            )
        self.reach("intake.cleared")

    def _move(self, wanted: tuple[Candidate, Path]) -> walls.Moved | OSError | None:
        """Move one stored file to done; the error when the inbox does not let it go."""
        candidate, target = wanted
        try:
            out = walls.take_out(self.places.inbox, candidate.path, target, candidate.ticket, candidate.stamp)
        except OSError as error:
            if error.errno not in CANNOT_MOVE:
                raise
            return error
        self.reach("intake.moved")
        return out

    def _keep_in_inbox(self, arrival_id: int, code: str) -> None:
        """Leave a stored file where it is, with the reason; the next sweep tries again."""
        with self.database.atomic() as session:
            arrivals.write(session, arrival_id, reason=code)

    def _done_path(self, candidate: Candidate, settled: datetime | None) -> Path:
        day = (settled or self.clock.now()).astimezone().strftime("%Y-%m-%d")
        return self.places.done / safe_folder(candidate.station) / day / os.fsdecode(file_name(candidate.path))

    def open_source(self, candidate: Candidate) -> AbstractContextManager[tuple[BinaryIO, Seen]]:
        """Open the candidate's file: below the inbox's walls, or at its absolute path for the other origins."""
        if candidate.origin == "inbox":
            return walls.open_file(self.places.inbox, candidate.path)
        return _open_absolute(candidate.path)


def _received(work: _Work) -> scans.Received:
    assert work.held is not None
    candidate, kind = work.candidate, getattr(work.verdict, "kind", "")
    name = show(file_name(candidate.path))
    return scans.Received(work.held.sha256, work.held.size, kind, name, candidate.station)


@contextmanager
def _open_absolute(path: bytes) -> Iterator[tuple[BinaryIO, Seen]]:
    folder, name = os.path.split(path)
    with walls.open_file(Path(os.fsdecode(os.path.realpath(folder))), name) as opened:
        yield opened
