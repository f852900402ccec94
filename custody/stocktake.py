"""Stocktakes: what should be there against what several people count at once, until every difference is settled.

The counters see no expected number. A package that is counted again counts where it was last seen. A difference is
settled by what has become of the package since, which is checked, never by a word alone:

    missing     expected, not counted          "reported": it is missing by an entry; "moved": it left by an entry since
    misplaced   counted at another place       "recorded": its record names the place where it was counted
    unexpected  counted, not expected here     "recorded"; or "incident:NUMBER" that is about it
    unknown     no package has this code       "incident:NUMBER"
    seal        its seal was not found intact  "suspected": it is in doubt, or was since; or "incident:NUMBER"

An incident settles while it is open, or where it was opened or concluded since the stocktake began: what was answered
before cannot have been about what is found now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from custody.entries import Entry, Stamp
from custody.entries_stocktake import StocktakeClosed, StocktakeCounted, StocktakeOpened
from custody.errors import CustodyError, Finding
from custody.holdings import DRAFT, LOST, MISSING, OPENED, PACKED, SEALED, SUSPECT, Holdings, Package, Value, altered
from custody.incidents import OPEN as IS_OPEN
from custody.incidents import Incident
from custody.moves import ARCHIVIST, LEADER, Move, by
from custody.rules import Signer, check_signers

OPEN, COMPLETE, ABANDONED = "open", "complete", "abandoned"
# Where a package stands on a shelf or a table of the place it is recorded at.
PRESENT = frozenset({DRAFT, PACKED, SEALED, OPENED, SUSPECT})
FINDINGS = frozenset({"intact", "damaged", "broken", "missing"})
MISSED, MISPLACED, UNEXPECTED, UNKNOWN, SEAL = "missing", "misplaced", "unexpected", "unknown", "seal"
REPORTED, MOVED, RECORDED, SUSPECTED, INCIDENT = "reported", "moved", "recorded", "suspected", "incident:"
NAMED = 5
_OPENED = Move("stocktake-opened", frozenset(), "", (by(ARCHIVIST, LEADER),))
_COUNTED = Move("stocktake-counted", frozenset(), "", (by(),))
_CLOSED = Move("stocktake-closed", frozenset(), "", (by(ARCHIVIST, LEADER), by()))


class Stocktake(Value, frozen=True, gc=False):
    """One stocktake: `opened` is the number of the entry that began it, `found` what was counted where it belongs."""

    code: str
    state: str = OPEN
    places: tuple[str, ...] = ()
    expected: int = 0
    found: int = 0
    opened: int = -1
    opened_at: str = ""
    opened_by: str = ""
    closed_at: str = ""
    reason: str = ""
    entry: int = -1


class Line(Value, frozen=True, gc=False):
    """One package in one stocktake: where it should be ("" nowhere here), and where and how it was last counted."""

    key: str
    stocktake: str
    package: str
    expected: str = ""
    counted: str = ""
    finding: str = ""
    by: str = ""
    at: str = ""
    times: int = 0
    settled: tuple[tuple[str, str], ...] = ()
    entry: int = -1


@dataclass(frozen=True)
class Difference:
    """What is not as it should be, and how what is on record since would settle it ("" not yet)."""

    package: str
    kind: str
    expected: str
    counted: str
    finding: str
    settles: str = ""


ASKED: Mapping[type, tuple[str, ...]] = {
    Stocktake: ("state",),
    Line: ("stocktake",),
    Package: ("place",),
}


def differences(
    line: Line, package: Package | None, opened: int, incidents: Iterable[Incident] = ()
) -> list[Difference]:
    """Return what is wrong with one line, each with what settles it by the record as it is now."""
    kinds: list[str] = []
    if not line.times:
        kinds.append(MISSED)
    elif package is None:
        kinds.append(UNKNOWN)
    elif not line.expected:
        kinds.append(UNEXPECTED)
    elif not _is_at(line.expected, line.counted):
        kinds.append(MISPLACED)
    if line.times and package is not None and line.finding != "intact":
        kinds.append(SEAL)
    about = [each.number for each in incidents if each.about == line.package and _is_of_now(each, opened)]
    return [
        Difference(
            line.package, kind, line.expected, line.counted, line.finding, _settles(kind, line, package, opened, about)
        )
        for kind in kinds
    ]


def is_found(line: Line) -> bool:
    """Tell whether a package was counted where it belongs."""
    return bool(line.expected and line.times and _is_at(line.expected, line.counted))


def _is_of_now(incident: Incident, opened: int) -> bool:
    return incident.state == IS_OPEN or incident.entry > opened


def _is_at(place: str, counted: str) -> bool:
    """A package counted at a wider place stands there: at "Kho 1/03" it is also at "Kho 1/03/A/5"."""
    return place == counted or place.startswith(counted + "/")


def _settles(kind: str, line: Line, package: Package | None, opened: int, about: Sequence[str]) -> str:
    if package is not None:
        if kind == MISSED and package.state in {MISSING, LOST}:
            return REPORTED
        if (
            kind == MISSED
            and package.entry > opened
            and (package.place != line.expected or package.state not in PRESENT)
        ):
            return MOVED
        if kind in {MISPLACED, UNEXPECTED} and package.state in PRESENT and _is_at(package.place, line.counted):
            return RECORDED
        if kind == SEAL and (package.state == SUSPECT or package.entry > line.entry):
            return SUSPECTED
    return f"{INCIDENT}{about[0]}" if about and kind in {UNEXPECTED, UNKNOWN, SEAL} else ""


def reconcile(holdings: Holdings, stocktake: Stocktake) -> tuple[int, list[Difference]]:
    """Return how many packages were found where they belong, and every difference, by package."""
    found, differ = 0, list[Difference]()
    for line in holdings.those(Line, stocktake=stocktake.code):
        found += is_found(line)
        package = holdings.package(line.package)
        concern = holdings.those(Incident, about=line.package)
        differ += differences(line, package, stocktake.opened, concern)
    return found, differ


def check(holdings: Holdings, entry: Entry, stamp: Stamp, signers: Sequence[Signer]) -> None:
    """Refuse an entry about a stocktake that may not be made now."""
    if isinstance(entry, StocktakeOpened):
        check_signers(_OPENED, entry, stamp, signers)
        _check_opening(holdings, entry)
        return
    assert isinstance(entry, StocktakeCounted | StocktakeClosed)
    known = holdings.one(Stocktake, entry.stocktake)
    if known is None:
        raise CustodyError("stocktake-unknown", stocktake=entry.stocktake)
    if known.state != OPEN:
        raise CustodyError("stocktake-not-open", stocktake=known.code, state=known.state)
    if isinstance(entry, StocktakeCounted):
        check_signers(_COUNTED, entry, stamp, signers)
        _check_count(entry)
    else:
        check_signers(_CLOSED, entry, stamp, signers)
        _check_closing(holdings, known, entry)


def _check_opening(holdings: Holdings, entry: StocktakeOpened) -> None:
    if not entry.stocktake or holdings.one(Stocktake, entry.stocktake) is not None:
        raise CustodyError("stocktake-number-used", stocktake=entry.stocktake)
    if not entry.places:
        raise CustodyError("stocktake-without-place", stocktake=entry.stocktake)
    expected = dict(entry.expected)
    if len(expected) < len(entry.expected):
        raise CustodyError("stocktake-expects-twice", stocktake=entry.stocktake)
    for place in {*entry.places, *expected.values()}:
        here = {each.code for each in holdings.those(Package, place=place) if each.state in PRESENT}
        if here != {code for code, where in entry.expected if where == place}:
            raise CustodyError("stocktake-expects-wrongly", stocktake=entry.stocktake, place=place)


def _check_count(entry: StocktakeCounted) -> None:
    codes = [code for code, _ in entry.counted]
    if not codes or not entry.place:
        raise CustodyError("stocktake-count-empty", stocktake=entry.stocktake)
    if len(set(codes)) < len(codes):
        raise CustodyError("stocktake-counts-twice", package=next(each for each in codes if codes.count(each) > 1))
    for code, finding in entry.counted:
        if finding not in FINDINGS:
            raise CustodyError("finding-unknown", package=code, finding=finding)


def _check_closing(holdings: Holdings, known: Stocktake, entry: StocktakeClosed) -> None:
    """I12: it closes only when every difference is settled by what is on record."""
    if entry.outcome == ABANDONED:
        if not entry.reason:
            raise CustodyError("reason-absent", about=known.code)
        return
    if entry.outcome != COMPLETE:
        raise CustodyError("stocktake-outcome-unknown", outcome=entry.outcome)
    found, differ = reconcile(holdings, known)
    if unsettled := [each for each in differ if not each.settles]:
        raise CustodyError(
            "stocktake-unsettled",
            stocktake=known.code,
            count=len(unsettled),
            packages=[each.package for each in unsettled[:NAMED]],
        )
    told = sorted((each.package, each.kind, each.settles) for each in differ)
    if found != entry.found or told != sorted(entry.settled):
        raise CustodyError("stocktake-told-wrongly", stocktake=known.code)


def effects(holdings: Holdings, seq: int, entry: Entry, stamp: Stamp) -> list[Value]:
    """Return the stocktake and the lines that are new or different after an entry."""
    at = stamp.moment
    if isinstance(entry, StocktakeOpened):
        fresh = Stocktake(entry.stocktake, OPEN, entry.places, len(entry.expected), 0, seq, at, stamp.by[0], entry=seq)
        lines = [
            Line(_key(entry.stocktake, code), entry.stocktake, code, place, entry=seq) for code, place in entry.expected
        ]
        return [fresh, *lines]
    told: Any = entry
    known = holdings.one(Stocktake, told.stocktake) or Stocktake(told.stocktake)
    if isinstance(entry, StocktakeCounted):
        changed: list[Value] = [altered(known, entry=seq)]
        for code, finding in entry.counted:
            key = _key(entry.stocktake, code)
            before = holdings.one(Line, key) or Line(key, entry.stocktake, code)
            seen = altered(before, counted=entry.place, finding=finding, times=before.times + 1)
            changed.append(altered(seen, by=stamp.by[0], at=at, entry=seq))
        return changed
    assert isinstance(entry, StocktakeClosed)
    ended = altered(known, state=entry.outcome, found=entry.found, closed_at=at, reason=entry.reason, entry=seq)
    settled: dict[str, list[tuple[str, str]]] = {}
    for code, kind, how in entry.settled:
        settled.setdefault(code, []).append((kind, how))
    lines = [
        altered(line, settled=tuple(sorted(some)), entry=seq)
        for code, some in settled.items()
        if (line := holdings.one(Line, _key(entry.stocktake, code))) is not None
    ]
    return [ended, *lines]


def findings(stocktakes: Iterable[Stocktake], lines: Iterable[Line]) -> Iterator[Finding]:
    """I12: in a complete stocktake each expected package was found or disposed of, and each other one resolved."""
    complete = {each.code for each in stocktakes if each.state == COMPLETE}
    for line in lines:
        if line.stocktake in complete and not is_found(line) and not line.settled:
            facts = {"stocktake": line.stocktake, "package": line.package}
            yield Finding("stocktake-line-unsettled", line.entry, facts=facts)


def _key(stocktake: str, package: str) -> str:
    return f"{stocktake}|{package}"
