"""The gate: visitors who come in and leave, keys that are taken and come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from custody.entries import Entry, Stamp
from custody.entries_duty import KeyReturned, KeyTaken, VisitorIn, VisitorOut
from custody.errors import CustodyError
from custody.holdings import Holdings, Value, altered
from custody.moves import Move, by
from custody.needs import check_deadline
from custody.rules import Signer, check_signers

INSIDE, LEFT = "inside", "left"
OUT, HOME = "out", "home"
PURPOSES = frozenset({"work", "inspection", "delivery", "repair", "cleaning", "reading", "other"})
_SIGNED = Move("visitor-in", frozenset(), "", (by(),))
_TAKEN = Move("key-taken", frozenset(), "", (by(party="holder"),))


class Visit(Value, frozen=True, gc=False):
    """One visit; `visitor` is a code, `host` the person who answers for the visitor inside."""

    number: str
    state: str = INSIDE
    visitor: str = ""
    host: str = ""
    purpose: str = ""
    place: str = ""
    came_at: str = ""
    left_at: str = ""
    guard: str = ""
    entry: int = -1


class KeyOut(Value, frozen=True, gc=False):
    """One key of the key box: who has it, and until when."""

    code: str
    state: str = HOME
    holder: str = ""
    since: str = ""
    deadline: str = ""
    entry: int = -1


ASKED: Mapping[type, tuple[str, ...]] = {Visit: ("state", "visitor"), KeyOut: ("state", "holder")}


def check(holdings: Holdings, entry: Entry, stamp: Stamp, signers: Sequence[Signer]) -> None:
    """Refuse a visitor who is inside already or never came, and a key that is not where it would be taken from."""
    if isinstance(entry, KeyTaken):
        check_signers(_TAKEN, entry, stamp, signers)
        known = holdings.one(KeyOut, entry.key)
        if known is not None and known.state == OUT:
            raise CustodyError("key-is-out", key=entry.key, holder=known.holder, since=known.since)
        check_deadline(entry.deadline, stamp)
        return
    check_signers(_SIGNED, entry, stamp, signers)
    if isinstance(entry, KeyReturned):
        known = holdings.one(KeyOut, entry.key)
        if known is None or known.state != OUT:
            raise CustodyError("key-is-home", key=entry.key)
        if known.holder != entry.holder:
            raise CustodyError("key-of-another", key=entry.key, holder=known.holder, given=entry.holder)
    elif isinstance(entry, VisitorIn):
        _check_visitor(holdings, entry)
    else:
        assert isinstance(entry, VisitorOut)
        visit = holdings.one(Visit, entry.visit)
        if visit is None or visit.state != INSIDE:
            raise CustodyError("visit-not-open", visit=entry.visit)


def _check_visitor(holdings: Holdings, entry: VisitorIn) -> None:
    if not entry.visit or holdings.one(Visit, entry.visit) is not None:
        raise CustodyError("visit-number-used", visit=entry.visit)
    if not entry.visitor or not entry.host:
        raise CustodyError("visit-incomplete", visit=entry.visit)
    if entry.purpose not in PURPOSES:
        raise CustodyError("purpose-unknown", purpose=entry.purpose, known=sorted(PURPOSES))
    for before in holdings.those(Visit, visitor=entry.visitor):
        if before.state == INSIDE:
            raise CustodyError("visitor-inside", visitor=entry.visitor, visit=before.number, since=before.came_at)


def effects(holdings: Holdings, seq: int, entry: Entry, stamp: Stamp) -> list[Value]:
    """Return the visit or the key as it is after an entry."""
    at = stamp.moment
    if isinstance(entry, VisitorIn):
        fresh = Visit(entry.visit, INSIDE, entry.visitor, entry.host, entry.purpose, entry.place, at)
        return [altered(fresh, guard=stamp.by[0], entry=seq)]
    if isinstance(entry, VisitorOut):
        known = holdings.one(Visit, entry.visit) or Visit(entry.visit)
        return [altered(known, state=LEFT, left_at=at, entry=seq)]
    if isinstance(entry, KeyTaken):
        return [KeyOut(entry.key, OUT, entry.holder, at, entry.deadline, seq)]
    assert isinstance(entry, KeyReturned)
    return [KeyOut(entry.key, HOME, "", at, "", seq)]
