"""Shell: the one way in for custody: check the move, append the entry, bring current state forward, or leave no trace.

Everything happens inside the caller's `Database.atomic()`; an error rolls all of it back.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from custody import ledger
from custody.entries import Entry, Stamp, body_of, read_body
from custody.entries_duty import LogCorrected
from custody.entries_register import DossierAmended
from custody.ledger import Appended
from custody.permitting import check, check_correction
from custody.projections import Projections
from custody.rules import Signer


def record(session: Session, entry: Entry, stamp: Stamp, signers: Sequence[Signer]) -> Appended:
    """Record one entry; raises CustodyError where the move is not allowed now, and nothing is written then.

    The order of entries is the order of these calls, whatever times they name.
    """
    # Before anything is read, so that two desks cannot both find the same move allowed.
    ledger.hold(session)
    body = body_of(entry, stamp)
    holdings = Projections(session)
    check(holdings, entry, stamp, signers)
    if isinstance(entry, LogCorrected | DossierAmended):
        wrong, before = read_body(ledger.entry(session, entry.corrects).body)
        check_correction(entry, wrong, stamp, before.by)
    (added,) = ledger.append(session, [body])
    holdings.apply(added.seq, entry, stamp)
    return added
