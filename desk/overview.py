"""The store at a glance: boxes by place, how far each fonds is digitized, and the pages read each day.

Only counts leave the database: a city's store is counted as fast as an office's cupboard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlmodel import col

from archive.catalogue_tables import FondsRow
from archive.settings import zone_of
from archive.tables import Scan
from custody.holdings import DRAFT, IN_TRANSIT, LIVE, MISSING, OPENED, PACKED, SEALED, SUSPECT, Package
from custody.projections import TABLES
from desk import digitizing
from desk.office import Office

# The columns of the table of places; what is not named here is no longer in the store.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sealed": (SEALED,),
    "open": (OPENED,),
    "packing": (DRAFT, PACKED),
    "away": (IN_TRANSIT,),
    "doubtful": (SUSPECT,),
    "missing": (MISSING,),
}
_COLUMN_OF = {state: name for name, states in COLUMNS.items() for state in states}
# A store of more places inside one place shows the first, and how many more there are.
MOST_PLACES = 200
PACE_DAYS = 14


@dataclass(frozen=True)
class PlaceCount:
    """One place of the tree with all inside it: its path, how deep it is, and live packages by column."""

    path: str
    name: str
    depth: int
    total: int
    counts: Mapping[str, int]
    inner: int
    is_open: bool = False


@dataclass(frozen=True)
class Boxes:
    """Packages of the whole store: by column, by place, and those that left for good by their state."""

    total: int
    counts: Mapping[str, int]
    places: tuple[PlaceCount, ...]
    gone: Mapping[str, int]
    left_out: int = 0


@dataclass(frozen=True)
class FondsProgress:
    """A fonds and how many of its dossiers are digitized."""

    code: str
    name: str
    digitized: int
    dossiers: int

    @property
    def share(self) -> float:
        """Return the part that is digitized, 0 to 1."""
        return self.digitized / self.dossiers if self.dossiers else 0.0


@dataclass(frozen=True)
class Progress:
    """Digitization by fonds, and the pages of the scans that were read on each of the last days."""

    fonds: tuple[FondsProgress, ...]
    days: tuple[tuple[date, int], ...]

    @property
    def digitized(self) -> int:
        """Return the digitized dossiers of all fonds."""
        return sum(each.digitized for each in self.fonds)

    @property
    def dossiers(self) -> int:
        """Return the dossiers of all fonds."""
        return sum(each.dossiers for each in self.fonds)


@dataclass
class _Node:
    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    inner: set[str] = field(default_factory=set)


def boxes(office: Office, opened: str = "") -> Boxes:
    """Return packages by place: the roots, and what is inside every place on the way to `opened`."""
    columns = TABLES[Package].c
    asked = select(columns.place, columns.state, func.count()).group_by(columns.place, columns.state)
    with office.database.reading() as session:
        rows = [(str(place), str(state), int(count)) for place, state, count in session.execute(asked)]
    nodes: dict[str, _Node] = {}
    whole, gone = Counter[str](), Counter[str]()
    for place, state, count in rows:
        if state not in LIVE:
            gone[state] += count
            continue
        column = _COLUMN_OF[state]
        whole[column] += count
        for path in _paths(place):
            node = nodes.setdefault(path, _Node())
            node.total += count
            node.counts[column] += count
        for outer, inner in zip(_paths(place), _paths(place)[1:], strict=False):
            nodes[outer].inner.add(inner)
    shown = _shown(nodes, opened)
    kept = tuple(shown[:MOST_PLACES])
    return Boxes(sum(whole.values()), whole, kept, gone, len(shown) - len(kept))


def _paths(place: str) -> list[str]:
    parts = place.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def _shown(nodes: Mapping[str, _Node], opened: str) -> list[PlaceCount]:
    way = set(_paths(opened)) if opened else set[str]()
    found: list[PlaceCount] = []

    def tell(path: str, depth: int) -> None:
        node = nodes[path]
        is_open = path in way
        name = path.rpartition("/")[2]
        found.append(PlaceCount(path, name, depth, node.total, node.counts, len(node.inner), is_open))
        for inner in sorted(node.inner) if is_open else ():
            tell(inner, depth + 1)

    for path in sorted(each for each in nodes if "/" not in each):
        tell(path, 0)
    return found


def progress(office: Office) -> Progress:
    """Return how far each fonds is, and the pages read on each of the last days."""
    shares = digitizing.by_fonds(office)
    zone = zone_of(office.settings)
    today = office.clock.now().astimezone(zone).date()
    begin = datetime.combine(today - timedelta(days=PACE_DAYS - 1), time(), zone)
    with office.database.reading() as session:
        fonds = session.execute(select(col(FondsRow.code), col(FondsRow.name)))
        names = {row.code: row.name for row in fonds}
        # Of scans, not of pages: their rows are few and small.
        asked = select(col(Scan.read_at), col(Scan.pages_done)).where(col(Scan.read_at) >= begin)
        read = Counter[date]()
        for at, pages in session.execute(asked):
            if at is not None:
                read[at.astimezone(zone).date()] += pages
    days = [today - timedelta(days=back) for back in reversed(range(PACE_DAYS))]
    return Progress(
        tuple(
            FondsProgress(code, names.get(code, ""), share.digitized, share.dossiers) for code, share in shares.items()
        ),
        tuple((day, read[day]) for day in days),
    )
