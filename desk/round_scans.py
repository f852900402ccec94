"""Scanning the points of a round: each is marked at once, kept at once, and raises the alarm at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session

from archive import places
from archive.near_codes import near
from archive.places import Place, PlaceError
from archive.refs import is_code, read_ref
from custody.entries import Entry
from custody.entries_duty import IncidentOpened
from custody.entries_package import PackageMissed, PackageSuspected
from custody.entries_rounds import PointScanned
from custody.errors import CustodyError
from custody.holdings import LIVE, MISSING, SUSPECT, Package
from custody.incidents import Incident
from custody.moments import format_moment, parse_moment
from custody.needs import FINDINGS
from custody.projections import Projections
from custody.round_results import Result, read_body
from custody.round_rows import add_results, bodies_of, hold, is_in
from custody.rounds import Round
from custody.rules import Signer
from desk import custodial
from desk.custodial import HERE, Where
from desk.enclosures import Enclosed, enclose
from desk.numbers import INCIDENT, next_number
from desk.office import Office
from desk.rounds import Signing, the_one_under_way
from desk.sightings import note_seen, note_unknown

# How a scan is marked: as it should be; again; a point of no list; a package of another place; one that counts as
# missing; a place that only tells where the guard stands; a code that fits nothing; no code at all.
SCANNED, AGAIN, UNLISTED, MOVED, WAS_MISSING = "scanned", "again", "unlisted", "moved", "was-missing"
HERE_NOW, UNKNOWN, UNREADABLE = "here-now", "unknown", "unreadable"
MOST_CODES, LONGEST = 500, 100


@dataclass(frozen=True)
class Scan:
    """What became of one code: its mark, the point it means, where it stands on record, the incident it opened."""

    code: str
    mark: str
    point: str = ""
    finding: str = ""
    place: str = ""
    incident: str = ""
    near: tuple[str, ...] = ()


@dataclass
class _Walk:
    """A round while codes are scanned: what was found so far, and where the guard stands."""

    round: Round
    holdings: Projections
    session: Session
    at: str
    by: str
    found: dict[str, str]
    here: str
    kept: list[Result]
    seen: list[tuple[Package, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def scan(
    office: Office,
    codes: Sequence[str],
    signing: Signing,
    *,
    code: str = "",
    finding: str = "intact",
    photos: Sequence[Path] = (),
    where: Where = HERE,
) -> list[Scan]:
    """Scan points of the round `code`, or of the only one under way, each found as `finding`.

    The place scanned last is where the guard stands. A finding other than intact is said of one point at a time; it
    opens an incident, and puts a package in doubt, or makes it missing, in the same transaction. Raises CustodyError
    "finding-unknown", "round-one-at-a-time", "round-too-many-codes" and "round-not-under-way".
    """
    if finding not in FINDINGS:
        raise CustodyError("finding-unknown", package=", ".join(codes), finding=finding)
    if len(codes) != 1 and (finding != "intact" or photos):
        raise CustodyError("round-one-at-a-time", finding=finding, count=len(codes))
    if len(codes) > MOST_CODES:
        raise CustodyError("round-too-many-codes", count=len(codes), most=MOST_CODES)
    scans: list[Scan] = []
    with enclose(office, files=photos) as enclosed:

        def make(holdings: Projections, session: Session) -> list[Entry]:
            hold(session)
            walk = _walk(office, holdings, session, code, signing, where)
            before = len(bodies_of(session, walk.round.code))
            entries: list[Entry] = []
            for each in codes:
                told, more = _scan_one(walk, each, finding, enclosed)
                scans.append(told)
                entries += more
            add_results(session, walk.round.code, before, walk.kept)
            now = office.clock.now()
            note_seen(session, walk.seen, now, walk.by)
            note_unknown(session, walk.unknown, now, walk.by, walk.here or walk.round.guarded)
            return entries

        custodial.perform(office, make, signing, lambda _session: enclosed.keep(office.vault), where)
    return scans


def _walk(office: Office, holdings: Projections, session: Session, code: str, signing: Signing, where: Where) -> _Walk:
    found = the_one_under_way(holdings, code)
    now = where.device_at if where.device and where.device_at is not None else custodial.local_now(office)
    results = [read_body(each) for each in bodies_of(session, found.code)]
    here = results[-1].seen_at if results else ""
    if results and (place := _place(session, results[-1].point)) is not None:
        here = place.path
    first = signing[0]
    by = first.code if isinstance(first, Signer) else first[0].partition(":")[0].strip().upper()
    known = {each.point: each.finding for each in results}
    return _Walk(found, holdings, session, format_moment(now), by, known, here, [])


def _scan_one(walk: _Walk, text: str, finding: str, enclosed: Enclosed) -> tuple[Scan, list[Entry]]:
    point, place = _read(walk, text)
    box = walk.holdings.package(point) if place is None else None
    listed = point in walk.round.points
    if place is not None:
        walk.here = place.path
        if not listed and finding == "intact":
            _keep(walk, Result(walk.round.code, point, finding, walk.at, walk.by, listed=False, seen_at=place.path))
            return Scan(text, HERE_NOW, point, finding, place.path), []
    if box is None and place is None and not listed:
        return _strange(walk, text, point), []
    moved = box is not None and bool(walk.here and box.place) and not is_in(box, walk.here)
    if box is not None and finding != "missing":
        walk.seen.append((box, walk.here if moved else ""))
    # Who finds it otherwise than before is heard again.
    if walk.found.get(point) == finding:
        return Scan(text, AGAIN, point, finding, box.place if box else ""), []
    number, entries = "", list[Entry]()
    if finding != "intact":
        number, entries = _alarm(walk, point, box, finding, enclosed)
    _keep(
        walk,
        Result(walk.round.code, point, finding, walk.at, walk.by, listed, walk.here, moved, number, enclosed.names),
    )
    mark = _mark(box, finding, listed, moved)
    return Scan(text, mark, point, finding, box.place if box else "", number), entries


def _mark(box: Package | None, finding: str, listed: bool, moved: bool) -> str:
    if box is not None and box.state == MISSING and finding != "missing":
        return WAS_MISSING
    if moved:
        return MOVED
    return SCANNED if listed else UNLISTED


def _alarm(walk: _Walk, point: str, box: Package | None, finding: str, enclosed: Enclosed) -> tuple[str, list[Entry]]:
    """Return the number of a new incident, and the entries that raise it."""
    number = next_number(walk.session, Incident, INCIDENT, parse_moment(walk.at).date())
    entries: list[Entry] = [IncidentOpened(number, point, "high", enclosed.names)]
    if box is not None and finding == "missing" and box.state in LIVE - {MISSING}:
        entries.append(PackageMissed(box.code, number, enclosed.names))
    if box is not None and finding != "missing" and box.state in LIVE - {MISSING, SUSPECT}:
        entries.append(PackageSuspected(box.code, finding, number, enclosed.names))
    entries.append(PointScanned(walk.round.code, point, finding, number, enclosed.names))
    return number, entries


def _strange(walk: _Walk, text: str, point: str) -> Scan:
    """Keep a sound code that nothing here has: a label of another office, or a forged one; a slip is only told."""
    if not is_code(point):
        close = near(text, walk.round.points)
        return Scan(text, UNREADABLE, near=tuple(close))
    _keep(walk, Result(walk.round.code, point, "intact", walk.at, walk.by, listed=False, seen_at=walk.here))
    walk.unknown.append(point)
    return Scan(text, UNKNOWN, point)


def _keep(walk: _Walk, result: Result) -> None:
    walk.kept.append(result)
    walk.found[result.point] = result.finding


def _read(walk: _Walk, text: str) -> tuple[str, Place | None]:
    """Return the point a code means, and the place where it is one."""
    read = read_ref(text)
    point = read.code if read else text.strip()[:LONGEST]
    if walk.holdings.package(point) is not None:
        return point, None
    place = _place(walk.session, point)
    return (place.code, place) if place is not None else (point, None)


def _place(session: Session, reference: str) -> Place | None:
    try:
        return places.find(session, reference)
    except PlaceError:
        return None
