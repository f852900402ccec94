"""Blind counts at the desk: each person counts alone, and nobody learns the other's count before both are in.

A count waits sealed (custody/counting.py) until its package is packed, sealed again or cleared. Counts that differ are
dropped without being told: both people count again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NoReturn

from sqlmodel import Session, col, select

from archive.catalogue_tables import DossierRow
from custody import counting
from custody.counting import Count
from custody.errors import CustodyError
from custody.holdings import DRAFT, OPENED, SUSPECT, Dossier
from custody.projections import ASKED_AT_ONCE, Projections
from desk import custodial
from desk.office import Office

COUNTABLE = frozenset({DRAFT, OPENED, SUSPECT})
DIFFERENCES = frozenset({"counts-differ", "count-not-as-registered"})


def keep(office: Office, code: str, signing: tuple[str, str], count: Count) -> list[str]:
    """Seal a person's count of a package; return who has counted it by now.

    Raises CustodyError "package-unknown", "package-not-countable", "count-unusable" and what signing in raises.
    """
    signer = custodial.authenticate(office, *signing)
    with office.database.atomic() as session:
        check_countable(Projections(session), code)
        counting.keep(session, code, signer.code, signing[1], count, office.clock.now())
        return [person for person, _ in counting.counted_by(session, code)]


def withdraw(office: Office, code: str, person: str) -> None:
    """Take a person's own count back, as long as nothing was signed with it; CustodyError "count-absent"."""
    with office.database.atomic() as session:
        if person not in dict(counting.counted_by(session, code)):
            raise CustodyError("count-absent", package=code, signers=[person])
        counting.forget(session, code, person)


def check_countable(holdings: Projections, code: str) -> None:
    """Refuse a package that is not there, or not in a state in which it is counted."""
    box = custodial.known(holdings, code)
    if box.state not in COUNTABLE:
        raise CustodyError("package-not-countable", package=code, state=box.state)


def look(office: Office, code: str) -> None:
    """Refuse what `check_countable` does, before anybody is asked for a count."""
    with office.database.reading() as session:
        check_countable(Projections(session), code)


def waiting(office: Office, code: str) -> list[str]:
    """Return who has counted a package that is not packed yet."""
    with office.database.reading() as session:
        return [person for person, _ in counting.counted_by(session, code)]


def counted(office: Office, code: str) -> list[tuple[str, datetime]]:
    """Return who has counted a package that is not packed yet, and when; never what."""
    with office.database.reading() as session:
        return counting.counted_by(session, code)


def of_two(session: Session, code: str, signing: Sequence[tuple[str, str]]) -> tuple[Count, Count]:
    """Return the counts of the first two signers who counted; CustodyError "count-absent" names who has not.

    The caller drops them with `counting.forget` in the transaction that uses them.
    """
    found: list[Count] = []
    absent: list[str] = []
    for named, pin in signing:
        person = named.partition(":")[0].strip().upper()
        count = counting.reveal(session, code, person, pin)
        if count is None:
            absent.append(person)
        else:
            found.append(count)
    if len(found) < 2:
        raise CustodyError("count-absent", package=code, signers=absent or [each for each, _ in signing])
    return found[0], found[1]


def drop_after(office: Office, code: str, refused: CustodyError) -> NoReturn:
    """After counts that differ, drop both and raise a refusal that tells neither; pass any other refusal on."""
    if refused.code not in DIFFERENCES:
        raise refused
    with office.database.atomic() as session:
        counting.forget(session, code)
    if refused.code == "counts-differ":
        raise CustodyError("counts-not-equal", package=code) from refused
    raise refused


def retention_of(session: Session, inside: Sequence[Dossier]) -> tuple[str, ...]:
    """Return the retention classes the register gives the dossiers, sorted; those without one are left out."""
    codes = [each.code for each in inside]
    found: set[str] = set()
    for start in range(0, len(codes), ASKED_AT_ONCE):
        some = col(DossierRow.code).in_(codes[start : start + ASKED_AT_ONCE])
        found |= set(session.execute(select(col(DossierRow.retention)).where(some)).scalars())
    return tuple(sorted(found - {""}))
