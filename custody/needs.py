"""What a move of a package needs, each by the name it has in the table of moves.

Every check takes the state before, the package (a fresh one for a draft), the entry and its stamp, and raises a
CustodyError. None of them changes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from custody import seals
from custody.entries import Stamp
from custody.errors import CustodyError
from custody.holdings import SEALED, Holdings, Package
from custody.incidents import CLOSED, Incident
from custody.manifest import count_of, digest_of
from custody.moments import parse_moment

FINDINGS = frozenset({"intact", "damaged", "broken", "missing"})
# An entry of a kind that has the facts its check reads; the table pairs them.
Need = Callable[[Holdings, Package, Any, Stamp], None]


def _code_new(holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if not package.code or holdings.package(package.code) is not None:
        raise CustodyError("package-code-used", package=package.code)


def _contents(holdings: Holdings, package: Package, _entry: Any, _stamp: Stamp) -> None:
    if not holdings.contents(package.code):
        raise CustodyError("package-empty", package=package.code)


def _nothing_inside(holdings: Holdings, package: Package, _entry: Any, _stamp: Stamp) -> None:
    if inside := holdings.contents(package.code):
        raise CustodyError("package-not-empty", package=package.code, count=len(inside), dossiers=_few(inside))


def _counts_equal(_holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if entry.first_count != entry.second_count:
        raise CustodyError(
            "counts-differ", package=package.code, first=list(entry.first_count), second=list(entry.second_count)
        )


def _counts_as_registered(holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    expected = count_of(holdings.contents(package.code))
    if entry.second_count != expected:
        raise CustodyError(
            "count-not-as-registered", package=package.code, counted=list(entry.second_count), expected=list(expected)
        )


def _one_retention(_holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if len(set(entry.retention)) > 1 and not entry.reason:
        raise CustodyError("retention-mixed", package=package.code, classes=sorted(set(entry.retention)))


def _custodian_gives(_holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if entry.giver != package.custodian:
        raise CustodyError("giver-not-custodian", package=package.code, giver=entry.giver, custodian=package.custodian)


def _receiver_signs(_holdings: Holdings, package: Package, entry: Any, stamp: Stamp) -> None:
    if entry.receiver not in stamp.by:
        raise CustodyError("receiver-unsigned", package=package.code, receiver=entry.receiver)


def _sender_takes_back(_holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if entry.receiver != package.sender:
        raise CustodyError("receiver-not-sender", package=package.code, receiver=entry.receiver, sender=package.sender)


def _new_seals(holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if not entry.applied:
        raise CustodyError("seal-number-absent", package=package.code)
    seals.check_unused(holdings, entry.applied)


def _place(_holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if not entry.place or not entry.store:
        raise CustodyError("place-absent", package=package.code)


def _manifest(holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    expected = digest_of(package.code, holdings.contents(package.code))
    if entry.manifest != expected:
        raise CustodyError("manifest-differs", package=package.code, given=entry.manifest, expected=expected)


def _label_as_manifest(_holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if entry.label != package.manifest:
        raise CustodyError("manifest-differs", package=package.code, given=entry.label, expected=package.manifest)


def _alone_inside_store(_holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if entry.giver == entry.receiver and entry.store != package.store:
        raise CustodyError("alone-outside-store", package=package.code, store=package.store, other=entry.store)


def _seals_as_found(_holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if entry.finding not in FINDINGS:
        raise CustodyError("finding-unknown", package=package.code, finding=entry.finding)
    # The expected number is not told: whoever counts blind must not learn it from a refusal.
    if entry.finding == "intact" and sorted(entry.read) != sorted(package.seals):
        raise CustodyError("seal-number-differs", package=package.code, read=list(entry.read) or None)


def _seals_intact(holdings: Holdings, package: Package, entry: Any, stamp: Stamp) -> None:
    _seals_as_found(holdings, package, entry, stamp)
    if entry.finding != "intact":
        raise CustodyError("seal-not-intact", package=package.code, finding=entry.finding)


def _seals_compared(holdings: Holdings, package: Package, entry: Any, stamp: Stamp) -> None:
    _seals_as_found(holdings, package, entry, stamp)
    if entry.finding == "damaged" and sorted(entry.read) != sorted(package.seals):
        raise CustodyError("seal-number-differs", package=package.code, read=list(entry.read) or None)


def _cleared_whole(holdings: Holdings, package: Package, entry: Any, stamp: Stamp) -> None:
    if entry.outcome != SEALED:
        if entry.applied:
            raise CustodyError("seal-on-open-package", package=package.code, numbers=list(entry.applied))
        _decision(holdings, package, entry, stamp)
        check_deadline(entry.deadline, stamp)
        return
    for check in (_contents, _place, _manifest):
        check(holdings, package, entry, stamp)
    if entry.applied or not package.seals:
        _new_seals(holdings, package, entry, stamp)


def _found_as_sealed(holdings: Holdings, package: Package, entry: Any, stamp: Stamp) -> None:
    if entry.outcome != SEALED:
        return
    _seals_intact(holdings, package, entry, stamp)
    if not package.seals or package.manifest != digest_of(package.code, holdings.contents(package.code)):
        raise CustodyError("package-was-not-sealed", package=package.code)


def _decision(_holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if not entry.decision:
        raise CustodyError("decision-absent", about=package.code)


def _reason(_holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if not entry.reason:
        raise CustodyError("reason-absent", about=package.code)


def _incident(holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    check_incident(holdings, entry.incident, package.code)


def _destination(_holdings: Holdings, package: Package, entry: Any, _stamp: Stamp) -> None:
    if not entry.destination:
        raise CustodyError("destination-absent", package=package.code)


def _deadline_ahead(_holdings: Holdings, _package: Package, entry: Any, stamp: Stamp) -> None:
    check_deadline(entry.deadline, stamp)


def check_deadline(deadline: str, stamp: Stamp) -> None:
    """Refuse a deadline that is absent, unreadable or not ahead."""
    if not deadline:
        raise CustodyError("deadline-absent")
    if parse_moment(deadline) <= stamp.at:
        raise CustodyError("deadline-not-ahead", deadline=deadline)


def check_incident(holdings: Holdings, number: str, about: str) -> None:
    """Refuse an incident that is not named, that nobody opened, or that is closed: it has to be answered yet."""
    if not number:
        raise CustodyError("incident-absent", about=about)
    known = holdings.one(Incident, number)
    if known is None:
        raise CustodyError("incident-unknown", incident=number)
    if known.state == CLOSED:
        raise CustodyError("incident-closed-already", incident=number, closed_at=known.closed_at)


def _no_hold(holdings: Holdings, package: Package, _entry: Any, _stamp: Stamp) -> None:
    """Refuse where a dossier inside is held: what a law or a court holds does not leave the archive in a box either."""
    held = [each for each in holdings.contents(package.code) if each.holds]
    if held:
        holds = sorted({hold for each in held for hold in each.holds})
        raise CustodyError("package-held", package=package.code, count=len(held), dossiers=_few(held), holds=holds[:5])


def _few(inside: list[Any]) -> list[str]:
    return [each.code for each in inside[:5]]


NEEDS: Mapping[str, Need] = {
    "code-new": _code_new,
    "contents": _contents,
    "nothing-inside": _nothing_inside,
    "counts-equal": _counts_equal,
    "counts-as-registered": _counts_as_registered,
    "one-retention": _one_retention,
    "custodian-gives": _custodian_gives,
    "receiver-signs": _receiver_signs,
    "sender-takes-back": _sender_takes_back,
    "new-seals": _new_seals,
    "place": _place,
    "manifest": _manifest,
    "label-as-manifest": _label_as_manifest,
    "alone-inside-store": _alone_inside_store,
    "seals-as-found": _seals_as_found,
    "seals-intact": _seals_intact,
    "seals-compared": _seals_compared,
    "cleared-whole": _cleared_whole,
    "found-as-sealed": _found_as_sealed,
    "decision": _decision,
    "reason": _reason,
    "incident": _incident,
    "no-hold": _no_hold,
    "destination": _destination,
    "deadline-ahead": _deadline_ahead,
}
