"""What a guard who takes over must find, compared with what was counted blind.

A post guards areas: the texts that name its store, or a place inside one ("K1", "K1/G2"). Without areas a hand-over is
about what the giver answers for, wherever it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from custody.holdings import IN_TRANSIT, LIVE, MISSING, OPENED, PACKED, SEALED, SUSPECT, Holdings, Package

# What can differ; after "seal-" comes the finding.
ABSENT, UNKNOWN, UNEXPECTED, FOUND_AGAIN, WRONG_PLACE, SEAL = (
    "missing",
    "unknown",
    "unexpected",
    "found",
    "wrong-place",
    "seal-",
)
# In these a package must be in its store; in these as well where the giver answers for it.
STANDING, HELD = frozenset({SEALED, SUSPECT}), frozenset({SEALED, SUSPECT, PACKED, OPENED})


@dataclass(frozen=True)
class Outcome:
    """A count beside what was expected.

    `differences` are (package, what), in order; `present` the packages that should be there and are; `digest` stands
    for what was expected.
    """

    expected: int
    present: tuple[str, ...]
    differences: tuple[tuple[str, str], ...]
    digest: str


def expected_of(holdings: Holdings, giver: str, areas: Sequence[str]) -> dict[str, Package]:
    """Return the packages a post must have, by code."""
    if not areas:
        return {each.code: each for each in holdings.those(Package, custodian=giver) if each.state in HELD}
    found = [each for area in _stores(areas) for each in holdings.those(Package, store=area)]
    return {each.code: each for each in found if is_inside(each, areas) and _is_due(each, giver)}


def is_inside(package: Package, areas: Sequence[str]) -> bool:
    """Tell whether a package is recorded in one of the areas."""
    return any(area in (package.store, package.place) or package.place.startswith(f"{area}/") for area in areas)


def reconcile(holdings: Holdings, giver: str, areas: Sequence[str], counted: Sequence[tuple[str, str, str]]) -> Outcome:
    """Compare what was counted, (package, place or "", finding), with what should be there."""
    expected = expected_of(holdings, giver, areas)
    seen = {package for package, _, _ in counted}
    differences = {(code, ABSENT) for code in expected if code not in seen}
    for code, place, finding in counted:
        due = expected.get(code)
        if due is None:
            differences |= {(code, what) for what in _what(holdings.package(code), areas)}
            continue
        if place and place != due.place:
            differences.add((code, WRONG_PLACE))
        if finding != "intact" and due.state != SUSPECT:
            differences.add((code, SEAL + finding))
    return Outcome(len(expected), tuple(sorted(seen & set(expected))), tuple(sorted(differences)), digest_of(expected))


def digest_of(expected: Mapping[str, Package]) -> str:
    """Return the digest of what was expected: codes, states and places."""
    lines = [f"{code}|{expected[code].state}|{expected[code].place}\n" for code in sorted(expected)]
    return sha256("".join(lines).encode()).hexdigest()


def _stores(areas: Iterable[str]) -> list[str]:
    return sorted({part for area in areas for part in (area, area.partition("/")[0])})


def _is_due(package: Package, giver: str) -> bool:
    return package.state in STANDING or (package.custodian == giver and package.state in HELD)


def _what(package: Package | None, areas: Sequence[str]) -> tuple[str, ...]:
    """Return what is different about a counted package that was not expected; nothing for one being worked on there."""
    if package is None:
        return (UNKNOWN,)
    if package.state == MISSING:
        return (FOUND_AGAIN,)
    here = package.state in LIVE and package.state != IN_TRANSIT and is_inside(package, areas)
    return () if here else (UNEXPECTED,)
