"""The gate at the desk: visitors come in and leave, keys are taken and come back. Names stand beside the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from archive import gate as books
from archive import people
from archive.gate import Visitor
from custody.entries_duty import KeyReturned, KeyTaken, VisitorIn, VisitorOut
from custody.errors import CustodyError
from custody.gate import INSIDE, OUT, KeyOut, Visit
from custody.projections import Projections
from custody.rules import Signer
from desk import custodial
from desk.custodial import HERE, Where
from desk.numbers import VISIT, next_number
from desk.office import Office
from desk.stocktaking import place_of

Signing = Sequence[tuple[str, str] | Signer]


@dataclass(frozen=True)
class Guest:
    """A visitor as told at the gate: name, number of the identity paper, and who sent them."""

    name: str
    paper: str = ""
    body: str = ""


def come_in(
    office: Office, guest: Guest, host: str, purpose: str, place: str, signing: Signing, where: Where = HERE
) -> Visit:
    """Let a visitor in: `host` is the person of the office who answers for them inside."""
    number = ""

    def make(_holdings: Projections, session: Session) -> list[VisitorIn]:
        nonlocal number
        now = office.clock.now()
        who = books.visitor(session, name=guest.name, paper=guest.paper, body=guest.body, now=now)
        host_code = people.find(session, host).code
        number = next_number(session, Visit, VISIT, custodial.local_now(office).date())
        return [VisitorIn(number, who.code, host_code, purpose, place_of(session, place) if place else "")]

    custodial.perform(office, make, signing, where=where)
    return look(office, number)


def leave(office: Office, visit: str, signing: Signing, where: Where = HERE) -> Visit:
    """Record that a visitor left; `visit` is its number or the visitor's code."""
    number = ""

    def make(holdings: Projections, _session: Session) -> list[VisitorOut]:
        nonlocal number
        inside = [each for each in holdings.those(Visit, visitor=visit) if each.state == INSIDE]
        number = inside[0].number if inside else visit
        return [VisitorOut(number)]

    custodial.perform(office, make, signing, where=where)
    return look(office, number)


def take_key(office: Office, key: str, holder: str, until: str, signing: Signing, where: Where = HERE) -> KeyOut:
    """Give a key out to the person who signs for it, back by a moment (the end of today's work where none is named)."""
    code = ""

    def make(_holdings: Projections, session: Session) -> list[KeyTaken]:
        nonlocal code
        known = books.key(session, key)
        if not known.active:
            raise CustodyError("key-retired", key=known.code)
        code = known.code
        return [KeyTaken(code, holder, custodial.until(office, until))]

    custodial.perform(office, make, signing, where=where)
    return _key(office, code)


def return_key(office: Office, key: str, signing: Signing, where: Where = HERE) -> KeyOut:
    """Record that a key came back, whoever brings it."""
    code = key.strip().upper()

    def make(holdings: Projections, _session: Session) -> list[KeyReturned]:
        known = holdings.one(KeyOut, code)
        return [KeyReturned(code, known.holder if known else "")]

    custodial.perform(office, make, signing, where=where)
    return _key(office, code)


def look(office: Office, number: str) -> Visit:
    """Return a visit; CustodyError "visit-unknown"."""
    with office.database.reading() as session:
        found = Projections(session).one(Visit, number)
    if found is None:
        raise CustodyError("visit-unknown", visit=number)
    return found


def visits(office: Office, *, inside: bool = False) -> list[tuple[Visit, Visitor | None]]:
    """Return visits by number, each with who it was where that is still known."""
    with office.database.reading() as session:
        holdings = Projections(session)
        found = holdings.those(Visit, state=INSIDE) if inside else list(holdings.every(Visit))
        known = books.visitors(session, (each.visitor for each in found)) if found else {}
        return [(each, known.get(each.visitor)) for each in found]


def keys(office: Office) -> list[tuple[books.Key, KeyOut | None]]:
    """Return every key of the key box, each with who has it where it is out."""
    with office.database.reading() as session:
        out = {each.code: each for each in Projections(session).those(KeyOut, state=OUT)}
        return [(each, out.get(each.code)) for each in books.keys(session)]


def _key(office: Office, code: str) -> KeyOut:
    with office.database.reading() as session:
        found = Projections(session).one(KeyOut, code)
    assert found is not None
    return found
