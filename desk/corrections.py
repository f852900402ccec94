"""Correcting an entry of the log: a new one says what is right, and names the old one; nothing of that changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlmodel import Session

from custody import ledger
from custody.entries import Entry, Stamp, read_body
from custody.entries_duty import LogCorrected
from custody.errors import CustodyError
from custody.ledger import Appended
from custody.projections import Projections
from custody.rules import Signer
from desk import custodial
from desk.custodial import HERE, Where
from desk.enclosures import Enclosed, enclose
from desk.office import Office


def look(office: Office, number: int) -> tuple[Entry, Stamp]:
    """Return an entry of the log; CustodyError "entry-unknown"."""
    with office.database.reading() as session:
        return read_body(ledger.entry(session, number).body)


def made(number: int, enclosed: Enclosed) -> tuple[Entry, ...]:
    """Return the entry that corrects another."""
    return (LogCorrected(number, enclosed.reason, enclosed.names),)


def correct(
    office: Office,
    number: int,
    signing: Sequence[tuple[str, str] | Signer],
    *,
    text: str,
    reason: str = "mistyped",
    photos: Sequence[Path] = (),
    where: Where = HERE,
) -> list[tuple[Appended, Entry]]:
    """Say what is right in the place of an entry; two sign, one of whom did not sign that one.

    Raises CustodyError "correction-empty" where nothing is said, and what `custodial.perform` raises.
    """
    if not text.strip():
        raise CustodyError("correction-empty", entry=number)
    with enclose(office, reason=reason, files=photos, text=text) as enclosed:

        def make(_holdings: Projections, _session: Session) -> tuple[Entry, ...]:
            return made(number, enclosed)

        return custodial.perform(office, make, signing, lambda _session: enclosed.keep(office.vault), where)
