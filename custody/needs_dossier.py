"""What a move of dossiers needs, each by the name it has in the table of moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from custody.entries import Stamp
from custody.errors import CustodyError
from custody.holdings import IN_PACKAGE, OPENED, SUSPECT, Dossier, Holdings
from custody.needs import check_deadline, check_incident
from custody.package import OPEN

MOST_IN_PART = 500
# The dossiers stand in the order of the entry; the table pairs the check with a kind that has the facts it reads.
Need = Callable[[Holdings, Sequence[Dossier], Any, Stamp], None]


def _not_frozen(holdings: Holdings, dossiers: Sequence[Dossier], entry: Any, _stamp: Stamp) -> None:
    """Refuse what would change the contents of a package that is not open.

    A count of a doubted package may show that a dossier is missing or its record wrong; that is written down then.
    """
    allowed = OPEN | {SUSPECT} if entry.KIND in {"dossier-missing", "dossier-amended"} else OPEN
    for each in dossiers:
        check_frozen(holdings, each, allowed)


def check_frozen(holdings: Holdings, dossier: Dossier, allowed: frozenset[str] = OPEN) -> None:
    """Refuse where a dossier lies in a package that is in none of the allowed states."""
    if dossier.state != IN_PACKAGE:
        return
    package = holdings.package(dossier.where)
    if package is None or package.state not in allowed:
        state = package.state if package else "unknown"
        raise CustodyError("dossier-frozen", dossier=dossier.code, package=dossier.where, state=state)


def _out_of_opened(holdings: Holdings, dossiers: Sequence[Dossier], _entry: Any, _stamp: Stamp) -> None:
    for each in dossiers:
        check_frozen(holdings, each, frozenset({OPENED}))


def _into_open_package(holdings: Holdings, _dossiers: Sequence[Dossier], entry: Any, _stamp: Stamp) -> None:
    package = holdings.package(entry.where)
    if package is None:
        raise CustodyError("package-unknown", package=entry.where)
    if package.state not in OPEN:
        raise CustodyError("package-closed", package=package.code, state=package.state)


def _where(_holdings: Holdings, dossiers: Sequence[Dossier], entry: Any, _stamp: Stamp) -> None:
    if not entry.where:
        raise CustodyError("place-absent", dossiers=[each.code for each in dossiers[:5]])


def _leaves_as_record(holdings: Holdings, dossiers: Sequence[Dossier], entry: Any, _stamp: Stamp) -> None:
    expected = sum(each.leaves for each in dossiers)
    if entry.incident:
        check_incident(holdings, entry.incident, dossiers[0].code)
    elif entry.counted != expected:
        raise CustodyError(
            "leaves-differ",
            dossiers=[each.code for each in dossiers[:5]],
            counted=entry.counted,
            expected=expected,
        )


def _leaves(_holdings: Holdings, dossiers: Sequence[Dossier], entry: Any, _stamp: Stamp) -> None:
    if entry.leaves < 0:
        raise CustodyError("leaves-negative", dossier=dossiers[0].code, leaves=entry.leaves)


def _corrects(_holdings: Holdings, dossiers: Sequence[Dossier], entry: Any, _stamp: Stamp) -> None:
    if not 0 <= entry.corrects <= max(each.entry for each in dossiers):
        raise CustodyError("entry-unknown", entry=entry.corrects)


def _deadline_ahead(_holdings: Holdings, _dossiers: Sequence[Dossier], entry: Any, stamp: Stamp) -> None:
    check_deadline(entry.deadline, stamp)


def _permission(_holdings: Holdings, dossiers: Sequence[Dossier], entry: Any, _stamp: Stamp) -> None:
    if not entry.permission:
        raise CustodyError("permission-absent", dossier=dossiers[0].code)


def _decision(_holdings: Holdings, dossiers: Sequence[Dossier], entry: Any, _stamp: Stamp) -> None:
    if not entry.decision:
        raise CustodyError("decision-absent", about=dossiers[0].code)


def _incident(holdings: Holdings, dossiers: Sequence[Dossier], entry: Any, _stamp: Stamp) -> None:
    check_incident(holdings, entry.incident, dossiers[0].code)


def _no_hold(_holdings: Holdings, dossiers: Sequence[Dossier], _entry: Any, _stamp: Stamp) -> None:
    for each in dossiers:
        if each.holds:
            raise CustodyError("dossier-held", dossier=each.code, holds=list(each.holds))


def _hold_new(_holdings: Holdings, dossiers: Sequence[Dossier], entry: Any, _stamp: Stamp) -> None:
    if not entry.hold or entry.hold in dossiers[0].holds:
        raise CustodyError("hold-code-used", dossier=dossiers[0].code, hold=entry.hold)


def _hold_stands(_holdings: Holdings, dossiers: Sequence[Dossier], entry: Any, _stamp: Stamp) -> None:
    if entry.hold not in dossiers[0].holds:
        raise CustodyError("hold-unknown", dossier=dossiers[0].code, hold=entry.hold)


NEEDS: Mapping[str, Need] = {
    "not-frozen": _not_frozen,
    "out-of-opened": _out_of_opened,
    "into-open-package": _into_open_package,
    "where": _where,
    "leaves-as-record": _leaves_as_record,
    "leaves-found": _leaves_as_record,
    "leaves": _leaves,
    "corrects": _corrects,
    "deadline-ahead": _deadline_ahead,
    "permission": _permission,
    "decision": _decision,
    "incident": _incident,
    "no-hold": _no_hold,
    "hold-new": _hold_new,
    "hold-stands": _hold_stands,
}
