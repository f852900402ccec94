"""Seal checks at the desk: one package, the numbers read off its seals, how they were found, photos of faults."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlmodel import Session

from custody.entries import Entry
from custody.entries_package import PackageChecked
from custody.projections import Projections
from custody.rules import Signer
from desk import custodial
from desk.custodial import HERE, Where
from desk.enclosures import enclose
from desk.office import Office
from desk.rounds import code_of

Signing = Sequence[tuple[str, str] | Signer]


def check(
    office: Office,
    package: str,
    finding: str,
    read: Sequence[str],
    signing: Signing,
    *,
    photos: Sequence[Path] = (),
    where: Where = HERE,
) -> str:
    """Record a seal check and return the package's code; whoever signs saw the seals and typed their numbers.

    Raises CustodyError "package-unknown", "seal-number-differs" (without telling the number) and what the move refuses.
    """
    numbers = tuple(dict.fromkeys(each.strip().upper() for each in read if each.strip()))
    code = code_of(package)
    with enclose(office, files=photos) as enclosed:

        def make(holdings: Projections, _session: Session) -> list[Entry]:
            return [PackageChecked(custodial.known(holdings, code).code, finding, numbers, enclosed.names)]

        custodial.perform(office, make, signing, lambda _session: enclosed.keep(office.vault), where)
    return code
