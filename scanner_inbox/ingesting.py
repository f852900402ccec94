"""Shell: takes files in that a person names, leaving them where they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive import arrivals
from archive.errors import ArchiveError
from scanner_inbox import walls
from scanner_inbox.aside import Aside
from scanner_inbox.candidates import GROUP_FILES, Candidate, Outcome
from scanner_inbox.intake import Intake
from scanner_inbox.names import file_name, is_litter, read_path, show
from scanner_inbox.verdict import Seen


@dataclass(frozen=True)
class Ingested:
    """What became of one named file; `code` also says when stored bytes did not read back as they were written."""

    path: Path
    state: str
    code: str
    facts: dict[str, object]
    sha256: str


def ingest(
    intake: Intake,
    aside: Aside,
    paths: Sequence[Path],
    station: str,
    tell: Callable[[Ingested], None] = lambda _each: None,
) -> list[Ingested]:
    """Take in files and everything in folders; each is stored, found to be a duplicate, or copied to set aside.

    A path inside the inbox is taken as the inbox's own file and cleared from it. Raises ArchiveError "path-missing"
    before anything is taken in.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise ArchiveError("path-missing", path=str(path))
    done: list[Ingested] = []
    named: set[bytes] = set()
    with walls.inbox_lock(intake.places.home):
        group: list[Seen] = []
        for path in paths:
            for seen in _walk(path):
                if seen.path in named:
                    continue  # named twice, or below a named folder: it is one file all the same
                named.add(seen.path)
                group.append(seen)
                if len(group) == GROUP_FILES:
                    done += _take(intake, aside, _record(intake, group, station), tell)
                    group = []
        done += _take(intake, aside, _record(intake, group, station), tell)
    return done


def _walk(path: Path) -> Iterator[Seen]:
    """Yield everything to take in, by its absolute path; a folder's links are named, never followed."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100  # resolve() would follow the last link
    if absolute.is_dir() and not absolute.is_symlink():
        for seen in walls.list_inbox(absolute):
            if not is_litter(seen.path):
                whole = os.fsencode(absolute) + b"/" + seen.path
                yield Seen(whole, seen.kind, seen.size, seen.mtime_ns, seen.inode, seen.device)
        return
    yield walls.see(os.fsencode(absolute), absolute.lstat())


def _record(intake: Intake, group: Sequence[Seen], station: str) -> list[tuple[Candidate, Seen]]:
    """Give each file of a group its row, in one transaction; one that an interrupted run left open is used again."""
    inbox = os.path.realpath(os.fsencode(intake.places.inbox)) + b"/"
    now, placed = intake.clock.now(), dict[tuple[str, bytes], Seen]()
    for seen in group:
        real = os.path.join(os.path.realpath(os.path.dirname(seen.path)), file_name(seen.path))  # noqa: PTH118, PTH120
        inside = real.startswith(inbox)
        # Two paths may lead to one file of the inbox through a linked folder.
        placed["inbox" if inside else "ingest", real[len(inbox) :] if inside else seen.path] = seen
    with intake.database.atomic() as session:
        rows = {(row.origin, row.path): row for row in arrivals.open_at(session, placed)}
        for (origin, path), seen in placed.items():
            row = rows.get((origin, path))
            if row is not None:
                arrivals.set_stamp(row, seen.stamp, now)
                continue
            rows[origin, path] = arrivals.add(
                session,
                path=path,
                station=read_path(path).station if origin == "inbox" else station,
                name=show(file_name(path)),
                stamp=seen.stamp,
                device=seen.device,
                now=now,
                origin=origin,
            )
        session.flush()
        return [(Candidate.of(rows[place]), seen) for place, seen in placed.items()]


def _take(
    intake: Intake, aside: Aside, group: Sequence[tuple[Candidate, Seen]], tell: Callable[[Ingested], None]
) -> list[Ingested]:
    done = []
    files = [candidate for candidate, seen in group if seen.kind == "file"]
    odd = [Outcome(candidate, arrivals.SET_ASIDE, seen.kind) for candidate, seen in group if seen.kind != "file"]
    for outcome in (*odd, *intake.take(files)):
        state = outcome.state
        if state in (arrivals.WAITING, arrivals.SET_ASIDE):
            # Nobody waits for a named file to grow: what is not whole now is set aside now.
            state = arrivals.SET_ASIDE
            if outcome in odd and outcome.candidate.origin == "ingest":
                _note(intake, outcome)
            else:
                aside.put(outcome.candidate, outcome.code, outcome.facts)
        elif state == arrivals.VANISHED:
            _note(intake, outcome)
        each = Ingested(Path(os.fsdecode(outcome.candidate.path)), state, outcome.code, outcome.facts, outcome.sha256)
        tell(each)
        done.append(each)
    return done


def _note(intake: Intake, outcome: Outcome) -> None:
    """Record what cannot be copied anywhere: a link, pipe or device stays where it is and nothing of it is kept."""
    with intake.database.atomic() as session:
        arrivals.write(
            session,
            outcome.candidate.arrival_id,
            state=arrivals.VANISHED,
            reason=outcome.code,
            settled_at=intake.clock.now(),
            cleared=True,
        )
