"""Hand-overs that do not come to their end: refused with a reason, given up, or forgotten; and heads still owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from archive import posts, reliefs
from archive.reliefs import Draft
from custody import signing as heads
from custody.checkpoint import read
from custody.entries import Entry
from custody.entries_duty import IncidentOpened
from custody.entries_shifts import ReliefCounted
from custody.errors import CustodyError
from custody.incidents import Incident
from custody.projections import TABLES, Projections
from custody.shifts import CLOSED, Relief
from desk import custodial, ledgering
from desk.custodial import HERE, Where
from desk.enclosures import enclose
from desk.numbers import INCIDENT, next_number
from desk.office import Office
from desk.reliefs import look
from desk.shifts import Signing, areas_of, at

# A draft nobody touched for this long is void: its count says nothing any more.
FORGOTTEN_AFTER = timedelta(hours=12)


def refuse(office: Office, code: str, reason: str, signing: Signing, where: Where = HERE) -> Relief:
    """Let the incoming guard refuse to take over, with a reason and an incident; the giver stays responsible."""
    with office.database.reading() as session:
        draft = reliefs.find(session, code)
    if not reason.strip():
        raise CustodyError("reason-absent", about=draft.post)
    with enclose(office, reason=reason) as enclosed:

        def make(_holdings: Projections, session: Session) -> Iterator[Entry]:
            number = next_number(session, Incident, INCIDENT, custodial.local_now(office).date())
            areas = areas_of(session, posts.find(session, draft.post))
            counted = tuple(reliefs.scanned(session, code))
            yield IncidentOpened(number, draft.post, "high", enclosed.names)
            yield ReliefCounted(
                code, draft.giver, draft.receiver, areas, counted, enclosed.reason, number, enclosed.names
            )
            reliefs.set_state(session, code, reliefs.VOID, office.clock.now())
            enclosed.keep(office.vault)

        custodial.perform(office, make, signing, where=at(draft.post, where))
    return look(office, code)


def give_up(office: Office, code: str) -> Draft:
    """Void a draft; a count that is in stays in the log, and the giver stays responsible."""
    with office.database.atomic() as session:
        return reliefs.set_state(session, code, reliefs.VOID, office.clock.now())


def settle(office: Office) -> None:
    """Void drafts that everybody forgot, and sign the head of a hand-over whose process died before it could.

    The second call at once does nothing.
    """
    oldest = office.clock.now() - FORGOTTEN_AFTER
    with office.database.reading() as session:
        forgotten = [each.code for each in reliefs.going_on(session) if each.changed_at < oldest]
        owed = _is_head_owed(office, session)
    for code in forgotten:
        give_up(office, code)
    if owed:
        ledgering.sign_head(office, "hand-over")


def _is_head_owed(office: Office, session: Session) -> bool:
    table = TABLES[Relief]
    last = session.execute(select(func.max(table.c.entry)).where(table.c.state == CLOSED)).scalar_one()
    if last is None:
        return False
    note = heads.last_note(session)
    keys = ledgering.open_keys(office.settings)
    return note is None or read(note, keys.known, keys.origin).size <= last
