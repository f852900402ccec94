"""Places: a tree of stores, rooms, shelves, bays and levels, written down in ranges.

    add(session, None, "store", "Kho 1", now)
    generate(session, "Kho 1", [read_range("shelf=1-20"), read_range("bay=A-F"), read_range("level=1-5")], now)

Each place has a short code for its label and a readable path of the names from the root down ("Kho 1/03/A/5"). A range
of numbers is written with as many digits as its last one, so that paths sort as they stand.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from string import ascii_uppercase

from rapidfuzz import fuzz, process
from sqlalchemy import func, insert, or_, select
from sqlmodel import Session, SQLModel, col

from archive.errors import ArchiveError
from archive.normalize import fold
from archive.people_tables import PlaceRow
from archive.refs import new_code, read_code

MOST_AT_ONCE = 100_000
LONGEST_NAME, LONGEST_PATH = 100, 500
_RANGE = re.compile(r"\s*(\w+)\s*=\s*(?:(\d{1,5})|([A-Za-z]))\s*(?:(?:-|–|\.\.)\s*(?:(\d{1,5})|([A-Za-z])))?\s*")


class PlaceError(ArchiveError):
    """A place cannot be added, found or generated as asked."""


class PlaceKind(StrEnum):
    """What a place is, from the widest to the narrowest."""

    STORE = "store"
    ROOM = "room"
    SHELF = "shelf"
    BAY = "bay"
    LEVEL = "level"


@dataclass(frozen=True)
class Place:
    """One place; `parent` is the code of the one it stands in."""

    code: str
    parent: str | None
    kind: PlaceKind
    name: str
    path: str


@dataclass(frozen=True)
class Range:
    """The names of the places of one kind inside each place of the range before."""

    kind: PlaceKind
    names: tuple[str, ...]


def read_range(text: str) -> Range:
    """Return the range written "shelf=1-20" or "bay=A-F" (one value: "room=3"); PlaceError "range-unusable"."""
    found = _RANGE.fullmatch(text)
    if found is None:
        raise PlaceError("range-unusable", range=text)
    kind, first_number, first_letter, last_number, last_letter = found.groups()
    if kind.lower() not in {each.value for each in PlaceKind}:
        raise PlaceError("place-kind-unknown", kind=kind, known=[each.value for each in PlaceKind])
    if first_number and not last_letter:
        first, last = int(first_number), int(last_number or first_number)
        names = tuple(str(number).zfill(len(str(last))) for number in range(first, last + 1))
    elif first_letter and not last_number:
        first, last = (ascii_uppercase.index(each.upper()) for each in (first_letter, last_letter or first_letter))
        names = tuple(ascii_uppercase[first : last + 1])
    else:
        names = ()
    if not names:
        raise PlaceError("range-unusable", range=text)
    return Range(PlaceKind(kind.lower()), names)


def add(session: Session, parent: str | None, kind: str, name: str, now: datetime) -> Place:
    """Add one place inside `parent` (code or path; None for the root).

    Raises PlaceError "place-exists", "place-unknown", "place-kind-unknown", "place-misplaced", "place-name-unusable".
    """
    if kind not in {each.value for each in PlaceKind}:
        raise PlaceError("place-kind-unknown", kind=kind, known=[each.value for each in PlaceKind])
    above = find(session, parent) if parent else None
    name = " ".join(name.split())
    if not name or "/" in name or len(name) > LONGEST_NAME:
        raise PlaceError("place-name-unusable", name=name, limit=LONGEST_NAME)
    path = f"{above.path}/{name}" if above else name
    if session.execute(select(PlaceRow).where(col(PlaceRow.path) == path)).first() is not None:
        raise PlaceError("place-exists", path=path)
    _check_order([above.kind] if above else [], [PlaceKind(kind)])
    return _write(session, [Place("", above.code if above else None, PlaceKind(kind), name, path)], now)[0]


def generate(session: Session, parent: str | None, ranges: Sequence[Range], now: datetime) -> list[Place]:
    """Write every place of nested ranges inside `parent` and return the new ones; those that stand already stay.

    Raises PlaceError "too-many-places", "place-misplaced", "place-unknown".
    """
    above = find(session, parent) if parent else None
    total = sum(_sizes(ranges))
    if total > MOST_AT_ONCE:
        raise PlaceError("too-many-places", count=total, limit=MOST_AT_ONCE)
    _check_order([above.kind] if above else [], [each.kind for each in ranges])
    known = {each.path: each.code for each in inside(session, above.path if above else None)}
    made: list[Place] = []
    for depth in range(len(ranges)):
        level = []
        for names in itertools.product(*(each.names for each in ranges[: depth + 1])):
            steps = [*([above.path] if above else []), *names]
            path = "/".join(steps)
            if path not in known:
                level.append(Place("", known.get("/".join(steps[:-1])), ranges[depth].kind, names[-1], path))
        written = _write(session, level, now)
        known |= {each.path: each.code for each in written}
        made += written
    return made


def find(session: Session, reference: str) -> Place:
    """Return the place of a code (as typed or scanned) or of a path; PlaceError "place-unknown"."""
    path = "/".join(" ".join(each.split()) for each in reference.split("/"))
    code = read_code(reference)
    row = session.execute(
        select(PlaceRow).where(or_(col(PlaceRow.path) == path, col(PlaceRow.code) == (code or path)))
    ).scalar_one_or_none()
    if row is None:
        raise PlaceError("place-unknown", place=reference)
    return _place(row)


def inside(session: Session, path: str | None) -> list[Place]:
    """Return the place of a path and all inside it, by path; all places for None."""
    query = select(PlaceRow).order_by(col(PlaceRow.path))
    if path is not None:
        query = query.where(or_(col(PlaceRow.path) == path, col(PlaceRow.path).startswith(f"{path}/", autoescape=True)))
    # The server's own language may sort otherwise than the code points that paths are made for.
    return sorted((_place(row) for row in session.execute(query).scalars()), key=lambda each: each.path.split("/"))


def is_any(session: Session) -> bool:
    """Tell whether an office has written down its places at all."""
    return session.execute(select(col(PlaceRow.code)).limit(1)).first() is not None


def count(session: Session) -> int:
    """Return how many places there are."""
    return int(session.execute(select(func.count()).select_from(PlaceRow)).scalar_one())


def nearest(session: Session, reference: str, most: int = 5) -> list[str]:
    """Return the paths that are most like what somebody wrote, the likest first; [] where none is."""
    wanted = fold(reference).replace("/", " ")
    paths = list(session.execute(select(col(PlaceRow.path))).scalars())
    rated = process.extract(
        wanted,
        [fold(path.replace("/", " ")) for path in paths],
        scorer=fuzz.token_sort_ratio,
        limit=most,
        score_cutoff=55,
    )
    return [paths[at] for _text, _rating, at in rated]


def _sizes(ranges: Sequence[Range]) -> Iterator[int]:
    size = 1
    for each in ranges:
        size *= len(each.names)
        yield size


def _check_order(above: Sequence[PlaceKind], kinds: Sequence[PlaceKind]) -> None:
    order = list(PlaceKind)
    chain = [*above, *kinds]
    for outer, inner in itertools.pairwise(chain):
        if order.index(inner) <= order.index(outer):
            raise PlaceError("place-misplaced", inner=inner.value, outer=outer.value)


def _write(session: Session, places: Sequence[Place], now: datetime) -> list[Place]:
    if not places:
        return []
    if longest := next((each.path for each in places if len(each.path) > LONGEST_PATH), None):
        raise PlaceError("place-name-unusable", name=longest, limit=LONGEST_PATH)
    taken = set(session.execute(select(col(PlaceRow.code))).scalars())
    written = []
    for each in places:
        while (code := new_code()) in taken:
            continue
        taken.add(code)
        written.append(Place(code, each.parent, each.kind, each.name, each.path))
    rows = [
        {"code": p.code, "parent": p.parent, "kind": p.kind.value, "name": p.name, "path": p.path, "added_at": now}
        for p in written
    ]
    session.connection().execute(insert(SQLModel.metadata.tables["place"]), rows)
    return written


def _place(row: PlaceRow) -> Place:
    return Place(row.code, row.parent, PlaceKind(row.kind), row.name, row.path)
