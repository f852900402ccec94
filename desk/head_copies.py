"""The last signed head of the log, and every place that has a copy of it: second folder, neighbours, stamps, paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from archive.number_tables import NumberRow
from archive.refs import Kind
from custody import checkpoint, ledger, neighbours, signing
from custody.entries import read_body
from custody.errors import CustodyError
from custody.ledger_tables import CheckpointRow
from custody.neighbours import Neighbour
from desk import ledgering
from desk.office import Office

# Reasons of heads that stand in the foot of a paper.
ON_PAPER = ("hand-over", "form")
MOST_HEADS = 500


@dataclass(frozen=True)
class Head:
    """One signed head: how many entries it covers, its 16 digits, why it was signed, and when its last entry was made.

    `second` tells whether it lies in the second place, `cosigned` by which neighbours' names.
    """

    size: int
    short: str
    reason: str
    at: datetime | None
    second: bool
    cosigned: tuple[str, ...] = ()

    @property
    def is_on_paper(self) -> bool:
        """Whether it stands in the foot of a printed record."""
        return self.reason in ON_PAPER


@dataclass(frozen=True)
class Paper:
    """The last record that was printed with a head in its foot."""

    number: str
    form: str
    at: datetime


@dataclass(frozen=True)
class Copies:
    """The log's size, its last head, and where its copies are; `apart` is None where that cannot be told."""

    entries: int
    head: Head | None
    folder: Path
    newest_second: int
    apart: bool | None
    neighbours: tuple[Neighbour, ...]
    paper: Paper | None
    last_on_paper: Head | None

    @property
    def unsigned(self) -> int:
        """How many entries no head covers yet."""
        return self.entries - (self.head.size if self.head else 0)


def copies(office: Office) -> Copies:
    """Return the last head and where its copies are."""
    folder = office.settings.heads_folder
    held = held_sizes(folder)
    with office.database.reading() as session:
        heads = _heads(session, office, held, 1)
        on_paper = _heads(session, office, held, 1, ON_PAPER)
        return Copies(
            ledger.size(session),
            heads[0] if heads else None,
            folder,
            max(held, default=-1),
            _is_apart(office, folder),
            tuple(neighbours.everyone(session)),
            _last_paper(session),
            on_paper[0] if on_paper else None,
        )


def heads(office: Office, before: int | None = None, most: int = 50) -> list[Head]:
    """Return signed heads, the newest first; only those smaller than `before` where that is named."""
    held = held_sizes(office.settings.heads_folder)
    with office.database.reading() as session:
        return _heads(session, office, held, min(most, MOST_HEADS), (), before)


def held_sizes(folder: Path) -> set[int]:
    """Return the sizes of the heads in the second place, by the names of their files alone."""
    return {int(path.stem[5:]) for path in folder.glob("head-*.txt") if path.stem[5:].isdecimal()}


def _heads(
    session: Session,
    office: Office,
    held: set[int],
    most: int,
    reasons: tuple[str, ...] = (),
    before: int | None = None,
) -> list[Head]:
    asked = select(CheckpointRow).order_by(col(CheckpointRow.size).desc()).limit(most)
    if reasons:
        asked = asked.where(col(CheckpointRow.reason).in_(reasons))
    if before is not None:
        asked = asked.where(col(CheckpointRow.size) < before)
    names = {str(each.key): each.name for each in neighbours.everyone(session)}
    return [
        Head(
            row.size,
            _short(row.note, office),
            row.reason,
            _made_at(session, row.size),
            row.size in held,
            _cosigners(session, row, names),
        )
        for row in session.execute(asked).scalars()
    ]


def _cosigners(session: Session, row: CheckpointRow, names: Mapping[str, str]) -> tuple[str, ...]:
    _, signed = neighbours.cosigned(session, row.note, row.size)
    return tuple(names.get(str(each.key), each.key.name) for each in signed)


def _short(note: str, office: Office) -> str:
    known = signing.read_known(ledgering.keys_folder(office.settings))
    try:
        return checkpoint.read(note, known, known[0].name if known else "").short()
    except CustodyError:
        # The check of the log tells of a head that no key of ours signed.
        return ""


def _made_at(session: Session, size: int) -> datetime | None:
    try:
        return read_body(ledger.entry(session, size - 1).body)[1].at if size else None
    except CustodyError:
        return None


def _last_paper(session: Session) -> Paper | None:
    asked = select(NumberRow).where(col(NumberRow.kind) == Kind.FORM.value, col(NumberRow.blank).is_(False))
    row = session.execute(asked.order_by(col(NumberRow.given_at).desc()).limit(1)).scalar_one_or_none()
    return Paper(row.code, row.form, row.given_at) if row is not None else None


def _is_apart(office: Office, folder: Path) -> bool | None:
    try:
        return folder.stat().st_dev != office.settings.home.stat().st_dev
    except OSError:
        return None
