"""Shell: the set-aside folder, where a file that needs a person stands with a slip that says why and what to do.

A set-aside file comes back by itself when it changes, or when somebody asks for another try. Nothing is ever deleted
here by the program; a file that a person takes away is recorded as vanished.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive import arrivals, durable
from archive.clock import Clock
from archive.database import Database
from archive.errors import ArchiveError
from archive.tables import Arrival
from archive.vault import NO_ROOM, Reach, pass_by
from scanner_inbox import walls
from scanner_inbox.candidates import Candidate, Places
from scanner_inbox.intake import CANNOT_MOVE
from scanner_inbox.names import file_name, safe_folder, show

SLIP_END = ".slip.txt"

WriteSlip = Callable[[str, dict[str, object], str], str]


def plain_slip(code: str, facts: dict[str, object], name: str) -> str:
    """Return a slip of bare facts, for use without a catalogue of sentences."""
    return "\n".join([name, code, *(f"{key}: {value}" for key, value in facts.items()), ""])


@dataclass(frozen=True)
class Aside:
    """Sets files aside and takes them back; `write_slip` turns code, facts and name into text for people."""

    places: Places
    database: Database
    clock: Clock
    write_slip: WriteSlip = plain_slip
    reach: Reach = pass_by

    def put(self, candidate: Candidate, code: str, facts: dict[str, object]) -> None:
        """Record the reason, then move the file (or copy it, when it was handed to `ingest`) and write its slip."""
        with self.database.atomic() as session:
            arrivals.write(
                session,
                candidate.arrival_id,
                state=arrivals.SET_ASIDE,
                reason=code,
                facts=facts,
                settled_at=self.clock.now(),
                kept_path=None,
            )
        self.reach("aside.recorded")
        self.finish(candidate, code, facts)

    def finish(self, candidate: Candidate, code: str, facts: dict[str, object]) -> None:
        """Move a file whose reason is recorded; also after a crash or when it could not be moved before."""
        folder = self.places.aside / safe_folder(candidate.station)
        target = folder / os.fsdecode(file_name(candidate.path))
        try:
            moved = self._bring(candidate, target)
        except OSError as error:
            # A named file lies anywhere, on a stick that is dying or in /proc: whatever the system answers about it is
            # its own trouble, and must not keep the sweep from all the others. A full disk is everybody's.
            own = candidate.origin == "ingest" and error.errno not in NO_ROOM
            if error.errno not in CANNOT_MOVE and not own:
                raise
            return  # it stays where it is with its reason; the next sweep tries again
        self.reach("aside.moved")
        if moved is None:
            with self.database.atomic() as session:
                arrivals.write(
                    session, candidate.arrival_id, state=arrivals.VANISHED, reason="gone-before-intake", cleared=True
                )
            return
        if moved.seen is None:
            # Other bytes stand under the name by now: they wait like any new file.
            with self.database.atomic() as session:
                arrivals.write(session, candidate.arrival_id, state=arrivals.WAITING, reason=None, facts={})
            return
        text = self.write_slip(code, facts, show(file_name(candidate.path)))
        durable.write_whole(slip_path(moved.path), text.encode("utf-8", "replace"))
        durable.sync_folder(folder)
        self.reach("aside.slip")
        with self.database.atomic() as session:
            size, mtime_ns, inode = moved.seen.stamp
            arrivals.write(
                session,
                candidate.arrival_id,
                cleared=True,
                kept_path=os.fsencode(moved.path),
                size=size,
                mtime_ns=mtime_ns,
                inode=inode,
            )
        self.reach("aside.cleared")

    def retry(self, reference: str) -> Arrival:
        """Put a set-aside file back into the inbox to be tried again; returns its arrival.

        Raises ArchiveError "arrival-unknown", "arrival-not-set-aside" or "set-aside-file-missing".
        """
        with self.database.reading() as session:
            row = arrivals.find(session, reference)
        if row.state != arrivals.SET_ASIDE:
            raise ArchiveError("arrival-not-set-aside", name=row.name, state=row.state)
        if not row.cleared or row.kept_path is None or not os.path.lexists(row.kept_path):
            raise ArchiveError("set-aside-file-missing", name=row.name)
        self.take_back([row])
        return row

    def take_back(self, rows: Sequence[Arrival]) -> None:
        """Let set-aside files wait in the inbox again: the row first, so that a crash in between loses neither."""
        for row in rows:
            assert row.id is not None
            back = self._free_inbox_path(row)
            with self.database.atomic() as session:
                arrivals.write(
                    session,
                    row.id,
                    state=arrivals.WAITING,
                    origin="inbox",
                    path=back,
                    reason=None,
                    facts={},
                    cleared=False,
                    settled_at=None,
                    changed_at=self.clock.now(),
                    retries=row.retries + 1,
                )
            self.reach("retry.recorded")
            row.path, row.origin = back, "inbox"
            self.finish_back(row)

    def finish_back(self, row: Arrival) -> bool:
        """Move a waiting row's file from the set-aside folder to the inbox; False when it is in neither."""
        assert row.id is not None
        kept = Path(os.fsdecode(row.kept_path or b""))
        if row.kept_path is None or not os.path.lexists(kept):
            return False
        found = kept.lstat()
        where = walls.put_in(self.places.inbox, row.path, kept)
        self.reach("retry.moved")
        slip_path(kept).unlink(missing_ok=True)
        with self.database.atomic() as session:
            seen = walls.see(row.path, found)
            arrivals.write(
                session,
                row.id,
                path=where,
                kept_path=None,
                size=seen.size,
                mtime_ns=seen.mtime_ns,
                inode=seen.inode,
                device=seen.device,
            )
        return True

    def _bring(self, candidate: Candidate, target: Path) -> walls.Moved | None:
        durable.make_folder(target.parent)
        if candidate.origin != "ingest":
            inbox = self.places.inbox
            root, path = inbox, candidate.path
            if candidate.origin == "grown":
                folder, path = os.path.split(candidate.path)
                root = Path(os.fsdecode(folder))
            return walls.take_out(root, path, target, candidate.ticket, candidate.stamp)
        for place in durable.free_names(target):
            try:
                with Path(os.fsdecode(candidate.path)).open("rb") as source:
                    durable.copy_hashing(source, place)
            except FileExistsError:
                continue
            except FileNotFoundError:
                return None
            except OSError:
                place.unlink(missing_ok=True)  # half a copy; the next sweep begins anew
                raise
            return walls.Moved(place, walls.see(candidate.path, place.lstat()))
        return None

    def _free_inbox_path(self, row: Arrival) -> bytes:
        if row.origin == "inbox":
            wanted = self.places.inbox / os.fsdecode(row.path)
        else:
            wanted = self.places.inbox / safe_folder(row.station) / os.fsdecode(file_name(row.path))
        for place in durable.free_names(wanted):
            if not os.path.lexists(place):
                return os.fsencode(place.relative_to(self.places.inbox))
        return os.fsencode(wanted.relative_to(self.places.inbox))


def slip_path(kept: Path) -> Path:
    """Return where the slip of a set-aside file stands."""
    if len(os.fsencode(kept.name)) + len(SLIP_END) <= 255:
        return kept.with_name(kept.name + SLIP_END)
    return kept.with_name(os.fsdecode(os.fsencode(kept.name)[: 255 - len(SLIP_END)]) + SLIP_END)
