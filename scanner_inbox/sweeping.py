"""Shell: one reconcile of the inbox with the database: whatever happened meanwhile, afterwards every file has a place.

A sweep begins with what earlier runs left unfinished, then records what is new, takes in what is still and whole, sets
aside what needs a person, and looks again at files that may have grown after they were taken in.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from archive import arrivals
from archive.errors import ArchiveError
from archive.tables import Arrival
from scanner_inbox import walls
from scanner_inbox.aside import Aside
from scanner_inbox.candidates import Candidate, Outcome
from scanner_inbox.inbox import Known, Plan, Stillness, compare
from scanner_inbox.intake import Intake
from scanner_inbox.keeping import look, record_growth, remove_old_copies
from scanner_inbox.names import is_temporary, read_path
from scanner_inbox.verdict import Seen

# Reasons that depend on the moment and not on the bytes: asked again at every sweep.
PASSING = {"being-written", "changing", "no-permission", "unreadable"}
GROWTH_HOURS = 1


@dataclass(frozen=True)
class Rules:
    """When a file counts as finished and when waiting ends; `keep` is False where stored files are removed at last."""

    stable_seconds: float = 5.0
    give_up_minutes: float = 30.0
    keep: bool = True
    delete_after_hours: float = 24.0


@dataclass
class Report:
    """What one sweep did, as counts; `soon` is in how many seconds a waiting file may be finished."""

    new: int = 0
    stored: int = 0
    duplicate: int = 0
    set_aside: int = 0
    vanished: int = 0
    waiting: int = 0
    litter: int = 0
    unreadable: tuple[bytes, ...] = ()
    soon: float | None = None


@dataclass
class Sweeper:
    """Sweeps one inbox; its memory of what it tried follows the inbox and is rebuilt after a restart.

    `going` is asked between two groups of files; where it says no, the sweep ends early and the next one goes on.
    """

    intake: Intake
    aside: Aside
    rules: Rules = field(default_factory=Rules)
    going: Callable[[], bool] = lambda: True
    _doubted_since: float | None = None
    _still: Stillness = field(default_factory=Stillness)
    _tried: dict[bytes, tuple[tuple[int, int, int], str, dict[str, object]]] = field(default_factory=dict)

    def sweep(self) -> Report:
        """Reconcile once. Raises what the vault, the database or an unreachable inbox raise; nothing is lost then."""
        with walls.inbox_lock(self.intake.places.home):
            report = Report()
            self._finish([row for row in self._open_rows(("inbox",)) if row.state != arrivals.WAITING])
            self._settle_others(report)
            listing = list(walls.list_inbox(self.intake.places.inbox))
            rows = self._open_rows(("inbox",))
            self._doubt(listing, rows)
            plan = compare(listing, {row.path: _known(row) for row in rows})
            report.litter, report.unreadable = plan.litter, plan.unreadable
            waiting = self._record(plan, report)
            by_path = {seen.path: seen for seen in listing}
            grown = {row.path for row in self._open_rows(("grown",))}
            self._still.forget_except(grown | by_path.keys())
            self._tried = {path: value for path, value in self._tried.items() if path in by_path or path in grown}
            self._try(waiting, by_path, report)
            return report

    def _doubt(self, listing: Sequence[Seen], rows: Sequence[Arrival]) -> None:
        """Refuse, for a while, to believe that every waiting file has gone: a share may only be unmounted.

        Its empty mount point is another device. Device numbers also change when a machine starts, so that in the end
        the empty inbox is believed. Raises ArchiveError "inbox-unreachable".
        """
        ticks, inbox = self.intake.clock.ticks(), self.intake.places.inbox
        waiting = {row.device for row in rows if row.state == arrivals.WAITING and row.kept_path is None}
        if listing or not waiting or walls.device_of(inbox) in waiting:
            self._doubted_since = None
            return
        if self._doubted_since is None:
            self._doubted_since = ticks
        if ticks - self._doubted_since < self.rules.give_up_minutes * 60:
            raise ArchiveError("inbox-unreachable", path=str(inbox), detail=os.strerror(errno.ENODEV))

    def _open_rows(self, origins: Iterable[str]) -> Sequence[Arrival]:
        with self.intake.database.reading() as session:
            return arrivals.open_rows(session, origins)

    def _record(self, plan: Plan, report: Report) -> list[Arrival]:
        """Write what the comparison found in one transaction; returns the rows that wait."""
        now = self.intake.clock.now()
        report.new = len(plan.new) + len(plan.replaced)
        moving = {known.id for known in plan.gone if known.kept_path is not None}
        # Linked into the inbox, but a crash came before the set-aside name went: the file stands under both.
        halfway = {known.id for known, _ in (*plan.waiting, *plan.changed) if known.kept_path is not None}
        with self.intake.database.atomic() as session:
            for known in (*plan.cleared, *(known for known, _ in plan.replaced)):
                arrivals.write(session, known.id, cleared=True)
            for known in plan.gone:
                if known.kept_path is None:
                    report.vanished += 1
                    arrivals.write(
                        session,
                        known.id,
                        state=arrivals.VANISHED,
                        reason="gone-before-intake",
                        settled_at=now,
                        cleared=True,
                    )
            fresh = (*plan.new, *(seen for _, seen in plan.replaced))
            arrivals.add_all(session, [_newcomer(seen) for seen in fresh], now)
            for known, seen in plan.changed:
                size, mtime_ns, inode = seen.stamp
                arrivals.write(session, known.id, size=size, mtime_ns=mtime_ns, inode=inode, changed_at=now)
        rows = self._open_rows(("inbox",))
        for row in rows:
            if row.id in halfway:
                self.aside.finish_back(row)
            elif row.id in moving and not self.aside.finish_back(row):
                self._vanish(row, "gone-before-intake")
        return [row for row in rows if row.state == arrivals.WAITING]

    def _finish(self, rows: Sequence[Arrival]) -> None:
        stored = [row for row in rows if row.state in (arrivals.STORED, arrivals.DUPLICATE)]
        if stored:
            self.intake.finish(stored)
        for row in rows:
            if row.state == arrivals.SET_ASIDE:
                self.aside.finish(Candidate.of(row), row.reason or "", row.facts)

    def _try(self, rows: Sequence[Arrival], by_path: dict[bytes, Seen], report: Report) -> None:
        ticks, ready = self.intake.clock.ticks(), []
        for row in rows:
            seen = by_path.get(row.path)
            if seen is None:
                report.waiting += 1
                continue
            if seen.kind != "file":
                self._put(Candidate.of(row), seen.kind, {}, report)
                continue
            left = self.rules.stable_seconds - self._still.seconds(seen, ticks)
            tried = self._tried.get(row.path)
            if left > 0:
                report.waiting += 1
                report.soon = left if report.soon is None else min(report.soon, left)
            elif tried is not None and tried[0] == seen.stamp and tried[1] not in PASSING and not self._is_due(row):
                self._wait(row, tried[1], tried[2], report)
            else:
                ready.append(row)
        self._take(ready, report)

    def _take(self, rows: Sequence[Arrival], report: Report) -> None:
        by_id = {row.id: row for row in rows}
        candidates = [replace(Candidate.of(row), had_its_time=self._is_due(row)) for row in rows]
        for outcome in self.intake.take(candidates, self.going):
            self._settle(by_id[outcome.candidate.arrival_id], outcome, report)

    def _is_due(self, row: Arrival) -> bool:
        """Tell whether a file kept its temporary name, unchanged, until nobody will rename it: its bytes decide now."""
        waited = self._still.so_far(row.path, self.intake.clock.ticks())
        return is_temporary(row.path) and waited >= self.rules.give_up_minutes * 60

    def _settle(self, row: Arrival, outcome: Outcome, report: Report) -> None:
        if outcome.state == arrivals.WAITING:
            self._tried[row.path] = (arrivals.stamp_of(row), outcome.code, outcome.facts)
            self._wait(row, outcome.code, outcome.facts, report)
        elif outcome.state == arrivals.SET_ASIDE:
            self._put(outcome.candidate, outcome.code, outcome.facts, report)
        elif outcome.state == arrivals.VANISHED:
            self._vanish(row, outcome.code)
            report.vanished += 1
        elif outcome.state == arrivals.STORED:
            report.stored += 1
        else:
            report.duplicate += 1

    def _wait(self, row: Arrival, code: str, facts: dict[str, object], report: Report) -> None:
        """Let a file wait with its reason, or set it aside when it never became whole."""
        assert row.id is not None
        # Not by the wall clock, which jumps when a PC with an empty battery finds the time server.
        waited = self._still.so_far(row.path, self.intake.clock.ticks())
        if waited >= self.rules.give_up_minutes * 60 and code not in PASSING:
            minutes = round(self.rules.give_up_minutes)
            self._put(Candidate.of(row), code, {**facts, "waited_minutes": minutes}, report)
            return
        report.waiting += 1
        if row.reason != code:
            with self.intake.database.atomic() as session:
                arrivals.write(session, row.id, reason=code, facts=facts)

    def _put(self, candidate: Candidate, code: str, facts: dict[str, object], report: Report) -> None:
        self.aside.put(candidate, code, facts)
        report.set_aside += 1

    def _vanish(self, row: Arrival, code: str) -> None:
        assert row.id is not None
        with self.intake.database.atomic() as session:
            arrivals.write(
                session,
                row.id,
                state=arrivals.VANISHED,
                reason=code,
                settled_at=self.intake.clock.now(),
                cleared=True,
            )

    def _settle_others(self, report: Report) -> None:
        """Finish what `ingest` left, follow files that grew after intake, changed set-aside files, and old copies."""
        for row in self._open_rows(("ingest",)):
            if row.state == arrivals.SET_ASIDE:
                self.aside.finish(Candidate.of(row), row.reason or "", row.facts)
            else:
                self._take([row], report)
        self._follow_growth(report)
        self._take_back_changed()
        if not self.rules.keep:
            now = self.intake.clock.now()
            before = now - timedelta(hours=self.rules.delete_after_hours)
            remove_old_copies(self.intake.database, self.intake.vault, before, now)

    def _follow_growth(self, report: Report) -> None:
        now = self.intake.clock.now()
        with self.intake.database.reading() as session:
            recent = arrivals.copies_since(session, now - timedelta(hours=GROWTH_HOURS))
        for copy in recent:
            seen = look(copy.path)
            if seen is not None and (seen.size, seen.mtime_ns) != (copy.size, copy.mtime_ns):
                record_growth(self.intake.database, copy.id, seen, now)
        self._take_grown(report)

    def _take_grown(self, report: Report) -> None:
        now, ready, by_path = self.intake.clock.now(), [], {}
        for row in self._open_rows(("grown",)):
            seen = look(row.path)
            if seen is None:
                self._vanish(row, "gone-before-intake")
            elif row.state == arrivals.SET_ASIDE:
                self.aside.finish(Candidate.of(row), row.reason or "", row.facts)
            elif row.state != arrivals.WAITING:
                self.intake.finish([row])
            elif seen.stamp != arrivals.stamp_of(row):
                with self.intake.database.atomic() as session:
                    size, mtime_ns, inode = seen.stamp
                    arrivals.write(session, row.id or 0, size=size, mtime_ns=mtime_ns, inode=inode, changed_at=now)
                report.waiting += 1
            else:
                ready.append(row)
                by_path[row.path] = seen
        self._try(ready, by_path, report)

    def _take_back_changed(self) -> None:
        with self.intake.database.reading() as session:
            rows = [row for row in arrivals.set_aside(session) if row.cleared]
        for row in rows:
            seen = look(row.kept_path)
            if seen is None:
                self._vanish(row, "taken-from-set-aside")
            elif seen.stamp != arrivals.stamp_of(row):
                self.aside.take_back([row])


def _newcomer(seen: Seen) -> arrivals.Newcomer:
    named = read_path(seen.path)
    return arrivals.Newcomer(seen.path, named.station, named.name, seen.stamp, seen.device)


def _known(row: Arrival) -> Known:
    assert row.id is not None
    return Known(row.id, row.path, row.state, arrivals.stamp_of(row), row.kept_path)
