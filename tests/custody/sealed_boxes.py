"""Sealed packages for tests that are not about sealing: real entries, written without their signers being asked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from custody import ledger
from custody.entries import Entry, Stamp, body_of
from custody.entries_package import PackageDrafted, PackageSealed
from custody.projections import Projections


def seal_boxes(session: Session, stamp: Stamp, codes: Sequence[str], custodian: str, place: str, store: str) -> None:
    """Draft and seal packages for a custodian; the log and the state agree about them."""
    entries: list[Entry] = [PackageDrafted(code, custodian, place, store) for code in codes]
    entries += [PackageSealed(code, custodian, custodian, (f"S-{code}",), place, store, "00" * 32) for code in codes]
    holdings = Projections(session)
    added = ledger.append(session, [body_of(each, stamp) for each in entries])
    for each, entry in zip(added, entries, strict=True):
        holdings.apply(each.seq, entry, stamp)
