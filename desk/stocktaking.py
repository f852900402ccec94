"""Stocktakes at the desk: open one over places, count blind by several people, settle what differs, close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlmodel import Session

from archive import places as tree
from archive.places import PlaceError
from archive.refs import read_code
from custody import stocktake
from custody.entries_stocktake import StocktakeClosed, StocktakeCounted, StocktakeOpened
from custody.errors import CustodyError
from custody.holdings import Package
from custody.projections import TABLES, Projections
from custody.round_rows import present_in
from custody.rules import Signer
from custody.stocktake import Difference, Line, Stocktake
from desk import custodial
from desk.custodial import HERE, Where
from desk.numbers import STOCKTAKE, next_number
from desk.office import Office
from desk.sightings import note_seen, note_unknown

Signing = Sequence[tuple[str, str] | Signer]


@dataclass(frozen=True)
class Counted:
    """What a count answered at once: the codes new to this stocktake, counted before, and of no package at all."""

    place: str
    fresh: tuple[str, ...]
    again: tuple[str, ...]
    unknown: tuple[str, ...]


def open_stocktake(office: Office, scope: Sequence[str], signing: Signing, where: Where = HERE) -> Stocktake:
    """Open a stocktake over places and all inside them; what should be there is fixed from the record now.

    Raises PlaceError "place-unknown" for a place that stands nowhere and holds nothing.
    """
    number = ""

    def make(holdings: Projections, session: Session) -> list[StocktakeOpened]:
        nonlocal number
        number = next_number(session, Stocktake, STOCKTAKE, custodial.local_now(office).date())
        places = tuple(dict.fromkeys(_must_be_known(session, each) for each in scope))
        return [StocktakeOpened(number, places, tuple(_expected(session, places)))]

    custodial.perform(office, make, signing, where=where)
    return look(office, number)


def _must_be_known(session: Session, text: str) -> str:
    place = place_of(session, text)
    # An office that has not written down its places names them as its packages do.
    return place if present_in(session, place) else tree.find(session, text).path


def count(
    office: Office, number: str, place: str, found: Mapping[str, str], signing: Signing, where: Where = HERE
) -> Counted:
    """Record what one person found at one place: package codes as scanned or typed, each with its seals' finding."""
    answer: Counted | None = None

    def make(holdings: Projections, session: Session) -> list[StocktakeCounted]:
        nonlocal answer
        here = place_of(session, place)
        codes = {read_code(code) or code.strip().upper(): finding for code, finding in found.items()}
        lines = {each.package: each for each in holdings.those(Line, stocktake=number)}
        again = tuple(code for code in codes if code in lines and lines[code].times)
        boxes = {code: holdings.package(code) for code in codes}
        unknown = tuple(code for code, box in boxes.items() if box is None)
        _note_scans(office, session, boxes, here, signing)
        answer = Counted(here, tuple(code for code in codes if code not in again), again, unknown)
        return [StocktakeCounted(number, here, tuple(codes.items()))]

    custodial.perform(office, make, signing, where=where)
    assert answer is not None
    return answer


def _note_scans(
    office: Office, session: Session, boxes: Mapping[str, Package | None], place: str, signing: Signing
) -> None:
    """Tell where the counted packages were seen, and which codes nobody gave."""
    now, first = office.clock.now(), signing[0]
    by = first.code if isinstance(first, Signer) else first[0].partition(":")[0].strip().upper()
    note_seen(session, ((box, place) for box in boxes.values() if box is not None), now, by)
    note_unknown(session, (code for code, box in boxes.items() if box is None), now, by, place)


def compare(office: Office, number: str) -> tuple[Stocktake, int, list[Difference]]:
    """Return a stocktake, how many packages were found where they belong, and every difference."""
    with office.database.reading() as session:
        holdings = Projections(session)
        known = _known(holdings, number)
        return known, *stocktake.reconcile(holdings, known)


def close(office: Office, number: str, signing: Signing, *, abandon: str = "", where: Where = HERE) -> Stocktake:
    """Close a stocktake whose differences are all settled, or abandon it for a reason."""

    def make(holdings: Projections, _session: Session) -> list[StocktakeClosed]:
        known = _known(holdings, number)
        found, differ = stocktake.reconcile(holdings, known)
        if abandon:
            return [StocktakeClosed(number, stocktake.ABANDONED, abandon, found, ())]
        settled = tuple((each.package, each.kind, each.settles) for each in differ)
        return [StocktakeClosed(number, stocktake.COMPLETE, "", found, settled)]

    custodial.perform(office, make, signing, where=where)
    return look(office, number)


def look(office: Office, number: str) -> Stocktake:
    """Return a stocktake; CustodyError "stocktake-unknown"."""
    with office.database.reading() as session:
        return _known(Projections(session), number)


def lines_of(office: Office, number: str) -> list[Line]:
    """Return the lines of a stocktake by package."""
    with office.database.reading() as session:
        holdings = Projections(session)
        _known(holdings, number)
        return holdings.those(Line, stocktake=number)


def every(office: Office) -> list[Stocktake]:
    """Return all stocktakes by number."""
    with office.database.reading() as session:
        return list(Projections(session).every(Stocktake))


def place_of(session: Session, given: str) -> str:
    """Return the path of a place that was scanned or typed; what the tree does not hold stays as it was written."""
    try:
        return tree.find(session, given).path
    except PlaceError:
        return "/".join(" ".join(each.split()) for each in given.split("/")).strip("/")


def _expected(session: Session, scope: Sequence[str]) -> list[tuple[str, str]]:
    columns = TABLES[Package].c
    inside = [
        or_(columns.place == each, columns.place.startswith(f"{each}/", autoescape=True)) for each in scope if each
    ]
    if not inside:
        return []
    asked = select(columns.code, columns.place).where(or_(*inside), columns.state.in_(sorted(stocktake.PRESENT)))
    return sorted((str(code), str(place)) for code, place in session.execute(asked))


def _known(holdings: Projections, number: str) -> Stocktake:
    found = holdings.one(Stocktake, number)
    if found is None:
        raise CustodyError("stocktake-unknown", stocktake=number)
    return found
