"""The way of a package: what the log says of it, who held it at a moment, and where to look when it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from archive.near_codes import near
from custody import ledger, package
from custody.entries import Entry, Stamp, read_body
from custody.entries_duty import LogCorrected
from custody.entries_register import DossiersMoved
from custody.errors import CustodyError
from custody.holdings import LIVE, Package
from custody.moments import format_moment
from custody.projections import Projections
from custody.state import State
from desk import custodial
from desk.office import Office

# A shift of guards lasts at most so long: whatever was moved in it may have been mixed up.
SHIFT = timedelta(hours=8)
MOST_NEIGHBOURS = 50
MOVES = frozenset({"package-placed", "package-sealed", "package-resealed", "package-received", "package-dispatched",
                   "package-refused", "package-found", "package-cleared", "package-opened"})  # fmt: skip  # one list


@dataclass(frozen=True)
class Step:
    """One entry about a package, and the package after it; `corrected` are entries that say it was wrong."""

    seq: int
    entry: Entry
    stamp: Stamp
    after: Package
    corrected: tuple[int, ...] = ()


@dataclass(frozen=True)
class Clues:
    """Where to look for a package: itself as on record, its last step, and what may have been mistaken for it."""

    package: Package
    last: Step
    neighbours: tuple[Package, ...]
    moved: tuple[tuple[int, datetime, str, str], ...]
    alike: tuple[Package, ...]


def history(office: Office, code: str) -> list[Step]:
    """Return every step of a package, the oldest first; CustodyError "package-unknown"."""
    with office.database.reading() as session:
        custodial.known(Projections(session), code)
        corrected: dict[int, tuple[int, ...]] = {}
        steps = list(_steps(session, code, corrected))
    return [replace(each, corrected=corrected.get(each.seq, ())) for each in steps]


def at(office: Office, code: str, moment: datetime) -> Step:
    """Return the last step of a package at a moment: its `after` tells who held it, where, under which seals.

    The order is that of the log; a step counts when its server time is not after the moment. Raises CustodyError
    "package-unknown", "package-not-yet" where its first entry is later.
    """
    steps = [each for each in history(office, code) if each.stamp.at <= moment]
    if not steps:
        raise CustodyError("package-not-yet", package=code, moment=format_moment(moment))
    return steps[-1]


def clues(office: Office, code: str) -> Clues:
    """Return where to look for a package: neighbours of its last place, moves of the same shift, codes alike."""
    with office.database.reading() as session:
        holdings = Projections(session)
        box = custodial.known(holdings, code)
        last = list(_steps(session, code))[-1]
        seen = _last_seen(session, code) or last
        every = {each.code: each for each in holdings.every(Package) if each.code != code}
        moved = tuple(_moved_about(session, code, seen.stamp.at))
    here = box.place.rpartition("/")[0] or box.place
    live = [each for each in every.values() if each.state in LIVE]
    beside = [each for each in live if here and (each.place == box.place or each.place.startswith(f"{here}/"))]
    beside.sort(key=lambda each: (each.place != box.place, each.place, each.code))
    alike = near(code, every)
    return Clues(box, seen, tuple(beside[:MOST_NEIGHBOURS]), moved, tuple(every[each] for each in alike))


def _last_seen(session: Session, code: str) -> Step | None:
    """Return the last step at which somebody had the package in hand or looked at its seals."""
    seen = [each for each in _steps(session, code) if each.entry.KIND in MOVES | {"package-checked"}]
    return seen[-1] if seen else None


def _moved_about(session: Session, code: str, moment: datetime) -> Iterator[tuple[int, datetime, str, str]]:
    """Yield (entry, moment, kind, package) of other packages moved within a shift of a moment."""
    for stored in ledger.read(session):
        if stored.kind not in MOVES:
            continue
        entry, stamp = read_body(stored.body)
        other: str = getattr(entry, "package", "")
        if other != code and abs(stamp.at - moment) <= SHIFT:
            yield stored.seq, stamp.at, entry.KIND, other


def _steps(session: Session, code: str, corrected: dict[int, tuple[int, ...]] | None = None) -> Iterator[Step]:
    """Yield the entries that name a package, folded over them alone: its dossiers are not needed for its own way.

    What corrects an entry is noted in `corrected`.
    """
    state = State()
    if corrected is not None:
        for stored in ledger.of_kind(session, LogCorrected.KIND):
            told, _ = read_body(stored.body)
            wrong: int = getattr(told, "corrects", -1)
            corrected[wrong] = (*corrected.get(wrong, ()), stored.seq)
    for stored in ledger.naming(session, code):
        entry, stamp = read_body(stored.body)
        if entry.KIND in package.MOVES and getattr(entry, "package", "") == code:
            state.apply(stored.seq, entry, stamp)
        elif not _carries(entry, code):
            continue
        if (after := state.package(code)) is not None:
            yield Step(stored.seq, entry, stamp, after)


def _carries(entry: Entry, code: str) -> bool:
    """Tell whether an entry put dossiers into the package."""
    return isinstance(entry, DossiersMoved) and entry.to == "package" and entry.where == code
