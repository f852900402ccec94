"""What a scan tells beside its own purpose: where a package was seen, and that a code was shown which nobody gave.

Rounds, stocktakes and hand-overs call these inside their own transaction; the tick compares what they leave with the
record and raises the alarm (desk/watching_custody.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from archive import places
from archive.refs import is_code
from custody import ledger
from custody.alarm_tables import RefusalRow, SightingRow
from custody.entries import read_body
from custody.holdings import IN_TRANSIT, LIVE, Package
from custody.projections import Projections
from custody.round_rows import is_in
from desk import custodial
from desk.watching_custody import UNKNOWN_CODE

LONGEST, AT_ONCE = 100, 500
# The same code shown again so soon is no news.
SHOWN_AGAIN = timedelta(hours=1)
_SIGHTINGS = SightingRow.__table__  # type: ignore[attr-defined]  # given by SQLModel


def note_seen(session: Session, seen: Iterable[tuple[Package, str]], at: datetime, person: str = "") -> None:
    """Remember packages with where each was seen; "" or a place around its own says that it stands where it should.

    One on its way is expected nowhere and says nothing.
    """
    rows = {
        box.code: {
            "package": box.code,
            "place": (box.place if is_in(box, where) else where)[:LONGEST],
            "recorded": box.place[:LONGEST],
            "at": at,
            "person": person[:32],
        }
        for box, where in seen
        if box.state in LIVE - {IN_TRANSIT}
    }
    made = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    insert = made(_SIGHTINGS)
    newer = {name: insert.excluded[name] for name in ("place", "recorded", "at", "person")}
    listed = [rows[code] for code in sorted(rows)]
    for start in range(0, len(listed), AT_ONCE):
        part = listed[start : start + AT_ONCE]
        session.execute(insert.on_conflict_do_update(index_elements=["package"], set_=newer), part)


def note_checked(session: Session, code: str, place: str, person: str = "") -> tuple[str, str]:
    """Remember where a package stood when its check was recorded, last in the same transaction.

    Returns the place it was seen at and, where that is another one, the place on record ("" otherwise). Raises
    PlaceError "place-unknown".
    """
    box, where = custodial.known(Projections(session), code), places.find(session, place).path
    _entry, stamp = read_body(ledger.entry(session, ledger.size(session) - 1).body)
    note_seen(session, [(box, where)], stamp.at, person)
    return where, "" if is_in(box, where) or box.state == IN_TRANSIT else box.place


def note_unknown(session: Session, shown: Iterable[str], at: datetime, person: str = "", place: str = "") -> None:
    """Remember codes with a right check character that nothing here has; the same within an hour only once."""
    codes = sorted({each for each in shown if is_code(each)})
    if not codes:
        return
    lately = (col(RefusalRow.code) == UNKNOWN_CODE) & (col(RefusalRow.at) > at - SHOWN_AGAIN)
    known = set(session.execute(select(col(RefusalRow.about)).where(lately)).scalars())
    for each in codes:
        if each not in known:
            session.add(RefusalRow(at=at, code=UNKNOWN_CODE, about=each, person=person[:32], place=place[:LONGEST]))
