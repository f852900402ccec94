"""Custody at the desk: who signs, what is written, and how the twenty invariants stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time

from sqlmodel import Session

from archive.refs import new_code
from custody import entries_package as package
from custody import ledger
from custody.entries import Entry, Stamp
from custody.entries_register import DossiersMoved
from custody.errors import CustodyError
from custody.holdings import Dossier, Package
from custody.invariants import Facts, Verdict, judge
from custody.ledger import Appended
from custody.manifest import digest_of
from custody.moments import format_moment
from custody.projections import Projections, load
from custody.recording import record
from custody.rules import Signer
from desk import ledgering
from desk.duty import findings_of
from desk.judging import fixity_of, intake_of
from desk.office import Office
from desk.signers import by_pin
from desk.watching_custody import note_refusal

# Turns a person's code and PIN into a signer, or raises; a code may name the role signed in: "NV01:archivist".
Authenticate = Callable[[Office, str, str], Signer]
Make = Callable[[Projections], Entry]
DESK = "command-line"
DAY_ENDS = time(17)
CODES_TRIED = 20


# Tests put another way of signing here.
authenticate: Authenticate = by_pin


def act(office: Office, make: Make, signing: Sequence[tuple[str, str]]) -> tuple[Appended, Entry]:
    """Record the entry that `make` builds from the state now, signed by (code, PIN) in order; all of it or nothing."""
    signers = [authenticate(office, code, pin) for code, pin in signing]
    now = local_now(office)
    try:
        with office.database.atomic() as session:
            entry = make(Projections(session))
            stamp = Stamp(now, tuple(each.code for each in signers), DESK)
            return record(session, entry, stamp, signers), entry
    except CustodyError as refused:
        # A code nobody gave, or a seal number used before, is refused and told: nothing else would ever show it.
        note_refusal(office, refused, signers[0].code if signers else "", DESK)
        raise


def local_now(office: Office) -> datetime:
    """Return the moment in this machine's zone, to the second."""
    return office.clock.now().astimezone().replace(microsecond=0)


def until(office: Office, text: str) -> str:
    """Return a deadline as entries write it: a moment, or the end of the working day where none was given."""
    now = local_now(office)
    try:
        given = datetime.fromisoformat(text) if text else datetime.combine(now.date(), DAY_ENDS)
    except ValueError:
        raise CustodyError("moment-unreadable", value=text) from None
    return format_moment((given if given.tzinfo else given.replace(tzinfo=now.tzinfo)).replace(microsecond=0))


def unused_code(session: Session) -> str:
    """Return a package code that was never given."""
    asked = Projections(session)
    for _ in range(CODES_TRIED):
        if asked.package(code := new_code()) is None:
            return code
    raise CustodyError("package-code-used", package=code)


def known(holdings: Projections, code: str) -> Package:
    """Return a package; raises CustodyError "package-unknown"."""
    found = holdings.package(code)
    if found is None:
        raise CustodyError("package-unknown", package=code)
    return found


def put_in(holdings: Projections, code: str, dossiers: Sequence[str], counted: int | None) -> Entry:
    """Build the entry that puts dossiers into an open package; leaves as on record unless they were counted."""
    known(holdings, code)
    leaves = sum(each.leaves for each in holdings.dossiers(dossiers).values())
    return DossiersMoved(tuple(dossiers), "package", code, leaves if counted is None else counted)


def seal(
    holdings: Projections, code: str, numbers: Sequence[str], place: str, store: str, to: str, count: package.Count
) -> Entry:
    """Build the entry that seals a packed package, or seals an opened one again."""
    box = known(holdings, code)
    digest = digest_of(code, holdings.contents(code))
    place, store, applied = place or box.place, store or box.store, tuple(numbers)
    if box.state == "opened":
        return package.PackageResealed(code, box.custodian, to, applied, place, store, digest, count, count)
    return package.PackageSealed(code, box.custodian, to, applied, place, store, digest)


def look(office: Office, code: str) -> tuple[Package, list[Dossier]]:
    """Return a package and what is in it."""
    with office.database.reading() as session:
        asked = Projections(session)
        return known(asked, code), asked.contents(code)


def everything(office: Office, state: str = "") -> list[Package]:
    """Return all packages, of one state where it is named, by code."""
    with office.database.reading() as session:
        return [each for each in Projections(session).every(Package) if not state or each.state == state]


def verify(office: Office, advance: ledgering.Advance) -> tuple[list[Verdict], int]:
    """Judge the invariants over the log and the state; return them and the number of entries looked at."""
    found = ledgering.check(office, advance).findings
    with office.database.reading() as session:
        facts = Facts(
            load(session),
            local_now(office),
            ledger=found,
            intake=intake_of(office),
            fixity=fixity_of(office),
            duty=findings_of(office),
        )
        return judge(facts), ledger.size(session)
