"""What the invariants about the digital half are judged by: the balance of files, stored scans, pages of dossiers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import col

from archive.fixity import SOUND
from archive.tables import Arrival, Scan
from custody.invariants import Fixity, Intake
from custody.scanned import Scanned
from desk.office import Office
from desk.standing import balance_of

MOST_NAMED = 100


def intake_of(office: Office) -> Intake:
    """Return what became of the files that entered (I17); a file without a place has only entered."""
    balance = balance_of(office)
    placed = balance.stored + balance.duplicate + balance.set_aside
    with office.database.reading() as session:
        unexplained = session.execute(
            select(func.count())
            .select_from(Arrival)
            .where(col(Arrival.state) == "set_aside", col(Arrival.reason).is_(None))
        ).scalar_one()
    lost = 0 if balance.balanced else max(1, len(balance.differences))
    return Intake(placed + lost, balance.stored, balance.duplicate, balance.set_aside, unexplained)


def fixity_of(office: Office) -> Fixity:
    """Return which scans failed their last comparison and which are late for one (I18).

    A scan was read back when it was taken in, so its first turn comes `fixity_days` after it arrived.
    """
    oldest = office.clock.now() - timedelta(days=office.settings.fixity_days)
    with office.database.reading() as session:
        count = session.execute(select(func.count()).select_from(Scan)).scalar_one()
        named = select(col(Scan.public_id)).order_by(col(Scan.id)).limit(MOST_NAMED)
        failed = session.execute(named.where(col(Scan.fixity).is_not(None), col(Scan.fixity) != SOUND)).scalars()
        last = func.coalesce(col(Scan.fixity_at), col(Scan.arrived_at))
        overdue = session.execute(named.where(last <= oldest)).scalars()
        return Fixity(count, tuple(failed), tuple(overdue))


def pages_of(office: Office) -> dict[str, Scanned]:
    """Return what was scanned of each dossier whose scans are all read (I19)."""
    # Not known while this module loads: filing asks custody who signs, and custody asks here how it stands.
    from desk.digitizing import scanned_of

    with office.database.reading() as session:
        return scanned_of(session)
