"""Bringing a list of dossiers into the register: look first, then write all of it in one transaction.

The custody log takes a note of every import through a `recorder`, which runs in the same transaction: either both the
register and the log hold the batch, or neither does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from archive import catalogue
from archive.catalogue import Batch, Plan
from archive.register_reading import Fault, Reading, read_list
from custody.entries import Stamp
from custody.entries_register import DossiersRegistered
from custody.needs_dossier import MOST_IN_PART
from custody.recording import record
from custody.rules import Signer
from desk import custodial
from desk.office import Office

Recorder = Callable[[Session, Batch], None]


def in_the_log(office: Office, signing: Sequence[tuple[str, str] | Signer]) -> Recorder:
    """Return a recorder that enters every import into the custody log, signed in order by (code, PIN) or who is known.

    The signers are asked for at once, before anything is written; see desk/signers.py for what that raises.
    """
    signers = [each if isinstance(each, Signer) else custodial.authenticate(office, *each) for each in signing]

    def record_batch(session: Session, batch: Batch) -> None:
        stamp = Stamp(custodial.local_now(office), tuple(each.code for each in signers), custodial.DESK)
        everything = [(each.code, each.leaves or 0, each.digest) for each in (*batch.added, *batch.amended)]
        for start in range(0, len(everything), MOST_IN_PART):
            part = tuple(everything[start : start + MOST_IN_PART])
            record(session, DossiersRegistered(batch.import_id, batch.fonds, part), stamp, signers)

    return record_batch


def keep_no_record(_session: Session, _batch: Batch) -> None:
    """Record nothing: for a station without a custody log."""


@dataclass(frozen=True)
class Look:
    """What a file says and what importing it would do; nothing is written yet."""

    name: str
    reading: Reading
    plan: Plan

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong, by row."""
        return tuple(sorted((*self.reading.faults, *self.plan.faults), key=lambda each: (each.row, each.column)))

    @property
    def fields(self) -> frozenset[str]:
        """The fields the list has columns for."""
        return frozenset(each.field for each in self.reading.understood.columns if each.field)


def look(office: Office, raw: bytes, name: str, fonds: str, sheet: str | None = None) -> Look:
    """Read a list and compare it with the register; ListError, CatalogueError "fonds-unknown"."""
    with office.database.reading() as session:
        catalogue.plan(session, fonds, [], [])
    reading = read_list(raw, sheet)
    fields = {each.field for each in reading.understood.columns if each.field}
    with office.database.reading() as session:
        return Look(name, reading, catalogue.plan(session, fonds, reading.records, fields))


def write(office: Office, seen: Look, recorder: Recorder = keep_no_record) -> Batch:
    """Write the good rows of a list that was looked at and have them recorded; what changed since is planned anew."""
    with office.database.atomic() as session:
        planned = catalogue.plan(session, seen.plan.fonds, seen.reading.records, seen.fields, lock=True)
        batch = catalogue.store(
            session,
            planned,
            name=seen.name,
            sha256=seen.reading.sha256,
            faults=len(seen.faults),
            now=office.clock.now(),
        )
        if batch.added or batch.amended:
            recorder(session, batch)
    return batch


def as_json(seen: Look, batch: Batch | None) -> dict[str, Any]:
    """Return a look, and what was written if anything was, with stable keys."""
    return {
        "understood": asdict(seen.reading.understood),
        "sha256": seen.reading.sha256,
        "good": len(seen.reading.records),
        "faulty_rows": seen.reading.faulty_rows,
        "faults": [asdict(each) for each in seen.faults],
        "added": len(seen.plan.added),
        "amended": [each.code for each in seen.plan.amended],
        "unchanged": seen.plan.unchanged,
        "written": batch is not None,
        "import": batch.import_id if batch else None,
    }
