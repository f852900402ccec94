"""Whether an entry may be made: the row of its table, its signers, and all that the move needs.

`check(holdings, entry, stamp, signers)` raises the first CustodyError, or returns. The correction of an earlier entry
needs that entry's signers, which the caller looks up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from custody import dossier, needs, needs_dossier, package, seals
from custody.entries import Entry, Stamp
from custody.entries_duty import HoldingsDigested, KeyRotated, LogCorrected, LossAccepted
from custody.entries_register import DossierAmended, DossierFound, DossiersMoved, DossiersRegistered
from custody.entries_seals import RollIssued, SealSpoiled
from custody.errors import CustodyError
from custody.families import BY_KIND
from custody.holdings import UNREGISTERED, Dossier, Holdings, Package, Roll
from custody.moves import ARCHIVIST, CLERK, LEADER, STATION, Move, by
from custody.rules import Signer, check_signers

_ROLL = Move("roll-issued", frozenset(), "", (by(ARCHIVIST, LEADER),))
_SPOILED = Move("seal-spoiled", frozenset(), "", (by(ARCHIVIST, CLERK),))
_LOG: Mapping[str, Move] = {
    LogCorrected.KIND: Move(LogCorrected.KIND, frozenset(), "", (by(), by())),
    KeyRotated.KIND: Move(KeyRotated.KIND, frozenset(), "", (by(LEADER),)),
    LossAccepted.KIND: Move(LossAccepted.KIND, frozenset(), "", (by(LEADER), by())),
    HoldingsDigested.KIND: Move(HoldingsDigested.KIND, frozenset(), "", (by(STATION),)),
}

_BY_PEOPLE = frozenset({LogCorrected.KIND, KeyRotated.KIND, LossAccepted.KIND})


def check(holdings: Holdings, entry: Entry, stamp: Stamp, signers: Sequence[Signer]) -> None:
    """Refuse an entry that may not be made now; kinds without moves need only their signers."""
    _check_device(holdings, stamp)
    _check_station(entry, signers)
    if entry.KIND in package.MOVES:
        _check_package(holdings, entry, stamp, signers)
    elif entry.KIND.partition("-")[0] in {"dossier", "dossiers", "hold"}:
        _check_dossiers(holdings, entry, stamp, signers)
    elif isinstance(entry, RollIssued):
        check_signers(_ROLL, entry, stamp, signers)
        seals.check_roll(
            holdings, Roll(entry.roll, entry.prefix, entry.first, entry.size, entry.width, unused=entry.size)
        )
    elif isinstance(entry, SealSpoiled):
        check_signers(_SPOILED, entry, stamp, signers)
        seals.check_unused(holdings, (entry.number,))
    elif (family := BY_KIND.get(entry.KIND)) is not None:
        family.check(holdings, entry, stamp, signers)
    else:
        move = _LOG.get(entry.KIND) or Move(entry.KIND, frozenset(), "", (by(),))
        check_signers(move, entry, stamp, signers)


def check_correction(entry: Entry, wrong: Entry, stamp: Stamp, signed_before: Sequence[str]) -> None:
    """Refuse a correction of an entry about something else, or that only those sign who signed that entry."""
    if isinstance(entry, DossierAmended) and entry.dossier not in _dossiers_of(wrong):
        raise CustodyError("entry-not-of-dossier", entry=entry.corrects, dossier=entry.dossier)
    if not set(stamp.by) - set(signed_before):
        raise CustodyError("correction-by-same-people", entry=getattr(entry, "corrects", None), signers=stamp.by)


def _dossiers_of(entry: Entry) -> set[str]:
    """Return the codes of the dossiers that an entry is about."""
    if isinstance(entry, DossiersRegistered):
        return {code for code, _, _ in entry.dossiers}
    return {*getattr(entry, "dossiers", ()), getattr(entry, "dossier", "")} - {""}


def _check_station(entry: Entry, signers: Sequence[Signer]) -> None:
    """Refuse the station as a signer of what people answer for; the families of guarding say so themselves."""
    own = entry.KIND in BY_KIND or (entry.KIND.startswith("log-") and entry.KIND not in _BY_PEOPLE)
    if not own and any(each.role == STATION for each in signers):
        raise CustodyError(
            "signers-not-entitled", kind=entry.KIND, signers=[each.code for each in signers], wanted=["*"]
        )


def _check_package(holdings: Holdings, entry: Entry, stamp: Stamp, signers: Sequence[Signer]) -> None:
    move = package.MOVES[entry.KIND]
    code: str = getattr(entry, "package")  # noqa: B009  # every kind of this table has it
    found = holdings.package(code)
    if move.before:
        if found is None:
            raise CustodyError("package-unknown", package=code)
        if found.state not in move.before:
            raise CustodyError("move-not-allowed", about=code, kind=move.kind, state=found.state)
        if move.state_after(entry, found.state) is None:
            raise CustodyError("finding-unknown", package=code, finding=getattr(entry, move.by_fact))
    check_signers(move, entry, stamp, signers)
    for name in move.needs:
        needs.NEEDS[name](holdings, found or Package(code), entry, stamp)


def _check_dossiers(holdings: Holdings, entry: Entry, stamp: Stamp, signers: Sequence[Signer]) -> None:
    if isinstance(entry, DossiersRegistered):
        check_signers(dossier.MOVES[entry.KIND], entry, stamp, signers)
        _check_part(holdings, entry, stamp)
        return
    codes = entry.dossiers if isinstance(entry, DossiersMoved) else (getattr(entry, "dossier"),)  # noqa: B009
    known = holdings.dossiers(codes)
    if isinstance(entry, DossierFound) and not known:
        check_signers(Move(entry.KIND, frozenset(), "", (by(),)), entry, stamp, signers)
        needs_dossier.NEEDS["where"](holdings, (), entry, stamp)
        return
    if not codes or len(set(codes)) < len(codes):
        raise CustodyError("dossiers-doubled" if codes else "dossiers-absent", dossiers=list(codes))
    key = f"{entry.KIND}/{entry.to}" if isinstance(entry, DossiersMoved) else entry.KIND
    if (move := dossier.MOVES.get(key)) is None:
        raise CustodyError("move-unknown", kind=key)
    if len(codes) > needs_dossier.MOST_IN_PART:
        raise CustodyError("dossiers-too-many", count=len(codes), most=needs_dossier.MOST_IN_PART)
    listed: list[Dossier] = []
    for code in codes:
        if code not in known:
            raise CustodyError("dossier-unknown", dossier=code)
        if known[code].state not in move.before:
            raise CustodyError("move-not-allowed", about=code, kind=move.kind, state=known[code].state)
        listed.append(known[code])
    check_signers(move, entry, stamp, signers)
    for name in move.needs:
        needs_dossier.NEEDS[name](holdings, listed, entry, stamp)


def _check_part(holdings: Holdings, entry: DossiersRegistered, stamp: Stamp) -> None:
    """Refuse a part of a register that is too large, doubled, or would change what is frozen or gone.

    A list that says another number of leaves than is on record is a correction like any other: two people sign it.
    """
    codes = [code for code, _, _ in entry.dossiers]
    if not 0 < len(codes) <= needs_dossier.MOST_IN_PART:
        raise CustodyError("dossiers-too-many", count=len(codes), most=needs_dossier.MOST_IN_PART)
    if len(set(codes)) < len(codes) or not all(codes):
        raise CustodyError("dossiers-doubled", dossiers=sorted({code for code in codes if codes.count(code) > 1}))
    known = holdings.dossiers(codes)
    for code, leaves, _record in entry.dossiers:
        if leaves < 0:
            raise CustodyError("leaves-negative", dossier=code, leaves=leaves)
        if (found := known.get(code)) is not None and found.leaves != leaves:
            if found.state in dossier.GONE:
                raise CustodyError("move-not-allowed", about=code, kind=entry.KIND, state=found.state)
            needs_dossier.check_frozen(holdings, found)
            if found.state != UNREGISTERED and found.leaves and len(stamp.by) < 2:
                raise CustodyError("leaves-changed-alone", dossier=code, leaves=leaves, expected=found.leaves)


def _check_device(holdings: Holdings, stamp: Stamp) -> None:
    """Refuse a phone's entry that came before, or that overtook one still owed."""
    if not stamp.device:
        return
    known = holdings.device(stamp.device)
    due = known.due if known else 0
    if stamp.device_seq < due:
        raise CustodyError("device-entry-known", device=stamp.device, number=stamp.device_seq)
    if stamp.device_seq > due:
        raise CustodyError("device-entry-owed", device=stamp.device, number=stamp.device_seq, due=due)
