"""Places in entries, compared with the tree of places: a box is never entered at a place that does not exist.

An office that has not written down its places yet may name them as it likes. With a tree a place is named by its path
or by the code of its label, the entry has the path, and its store is the first step of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from sqlalchemy import func, select
from sqlmodel import Session, col

from archive import places
from archive.people_tables import PlaceRow
from archive.places import PlaceError
from custody.entries import Entry
from custody.entries_register import DossierFound, DossierReturned, DossiersMoved
from custody.errors import CustodyError

# Where `where` of a moved dossier names a place: a station, a receiver and a package are none.
ON_PLACES = frozenset({"shelf", "review"})


def with_known_places(session: Session, entry: Entry) -> Entry:
    """Return the entry with its places as the tree writes them; CustodyError "place-not-in-tree"."""
    named: Any = entry
    if isinstance(entry, DossierReturned | DossierFound) or (
        isinstance(entry, DossiersMoved) and entry.to in ON_PLACES
    ):
        return cast(Entry, replace(named, where=path_of(session, named.where)))
    if not entry.KIND.startswith("package-"):
        return entry
    place, store = getattr(entry, "place", ""), getattr(entry, "store", "")
    if place:
        place = path_of(session, place)
        return cast(Entry, replace(named, place=place, store=place.split("/")[0] if _has_tree(session) else store))
    return cast(Entry, replace(named, store=path_of(session, store))) if store else entry


def suggested(session: Session, text: str, most: int = 20) -> list[str]:
    """Return paths that have what somebody types, the shortest first; the most alike where none has it."""
    wanted = " ".join(text.split())
    path = col(PlaceRow.path)
    having = select(path).where(path.contains(wanted, autoescape=True)).order_by(func.length(path), path).limit(most)
    found = list(session.execute(having).scalars())
    return found or (places.nearest(session, wanted, most) if wanted else [])


def path_of(session: Session, reference: str) -> str:
    """Return the path of a place; the reference itself where it is empty or there is no tree."""
    if not reference or not _has_tree(session):
        return reference
    try:
        return places.find(session, reference).path
    except PlaceError:
        nearest = places.nearest(session, reference)
        code = "place-not-in-tree" if nearest else "place-not-in-tree-at-all"
        raise CustodyError(code, place=reference, nearest=nearest) from None


def _has_tree(session: Session) -> bool:
    return places.is_any(session)
