"""What a stranger can recompute about rounds: the draws of a day, and the proof of one result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from archive import places
from archive.places import PlaceError
from archive.refs import read_ref
from custody import exporting, ledger
from custody.entries import read_body as read_entry
from custody.errors import CustodyError
from custody.holdings import Holdings
from custody.projections import Projections
from custody.round_plans import points_of, read_target
from custody.round_results import format_proof, read_body
from custody.round_rows import Remembering, bodies_of, was_present_in
from custody.rounds import ENDED, Plan, Round, Slot, slots_on
from custody.state import State
from desk import ledgering
from desk.office import Office

# How a round of a day compares with its draw.
AS_DRAWN, OTHERWISE, NOT_COMPARED = "as-drawn", "otherwise", "not-compared"


@dataclass(frozen=True)
class Drawn:
    """A round of a day as its plan and seed draw it, and how the one that was walked compares.

    `size` and `root` are the seed's ("" where nothing was left to chance); `points` are drawn again where the draws are
    verified, and otherwise are those of the round that was begun.
    """

    code: str
    plan: str
    due: datetime
    size: int
    root: str
    state: str
    points: tuple[str, ...]
    compared: str = NOT_COMPARED


def draws_of(office: Office, day: date, *, verify: bool) -> list[Drawn]:
    """Return the rounds of a day; what is not due yet is told to nobody.

    To verify, the head each was drawn from is compared with the log, and the boxes are drawn again from the state the
    log had led to when the round was begun: the whole log is folded once.
    """
    now = office.clock.now()
    with office.database.reading() as session:
        holdings = Remembering(session)
        slots = [slot for plan in holdings.every(Plan) for slot in slots_on(holdings, plan, day) if slot.due <= now]
        slots.sort(key=lambda each: (each.due, each.code))
        rounds = {slot.code: holdings.one(Round, slot.code) for slot in slots}
        again = _drawn_again(session, slots, rounds) if verify else {}
        return [_drawn(session, slot, rounds[slot.code], again if verify else None) for slot in slots]


def _drawn(session: Session, slot: Slot, found: Round | None, again: Mapping[str, tuple[str, ...]] | None) -> Drawn:
    size, root = slot.drawn, slot.head.root if slot.head is not None and slot.drawn >= 0 else ""
    state = found.state if found is not None else ""
    points = found.points if found is not None else ()
    told = Drawn(slot.code, slot.plan.code, slot.due, size, root, state, points)
    if again is None:
        return told
    same = size < 0 or ledger.root(session, size).hex() == root
    if found is not None:
        same = same and found.drawn == size and datetime.fromisoformat(found.due) == slot.due
    if found is not None and slot.code in again:
        same, points = same and again[slot.code] == found.points, again[slot.code]
    compared = AS_DRAWN if same else OTHERWISE
    return Drawn(slot.code, slot.plan.code, slot.due, size, root, state, points, compared)


def _drawn_again(session: Session, slots: list[Slot], rounds: Mapping[str, Round | None]) -> dict[str, tuple[str, ...]]:
    """Return the points of each round that was begun, drawn from the packages there were at that entry."""
    wanted = {found.begun_at: slot for slot in slots if (found := rounds[slot.code]) and found.begun_at >= 0}
    points: dict[str, tuple[str, ...]] = {}
    state = State()
    for stored in ledger.read(session, 0, max(wanted, default=-1) + 1):
        if (slot := wanted.get(stored.seq)) is not None:
            present = {each: was_present_in(state, each) for each in _places(slot)}
            points[slot.code] = points_of(slot.plan.shape, slot.number, slot.urn, present.__getitem__)
        state.apply(stored.seq, *read_entry(stored.body))
    return points


def _places(slot: Slot) -> set[str]:
    return {read_target(each).name for each in slot.plan.targets if read_target(each).what in {"boxes", "random"}}


def point_of(office: Office, text: str) -> str:
    """Return the point a typed or scanned code, or the path of a place, means."""
    read = read_ref(text)
    if read is not None:
        return read.code
    with office.database.reading() as session:
        try:
            return places.find(session, text).code
        except PlaceError:
            return text.strip()


def prove(office: Office, code: str, point: str) -> str:
    """Sign a head and return the proof of a point's last result in a round that ended (`custody.round_results`).

    Raises CustodyError "round-unknown", "round-not-ended-yet", "round-point-absent" or "round-results-differ".
    """
    ledgering.sign_head(office, "proof")
    with office.database.reading() as session:
        found = _ended(Projections(session), code)
        bodies = bodies_of(session, found.code)
        numbers = [number for number, body in enumerate(bodies) if read_body(body).point == point]
        if not numbers:
            raise CustodyError("round-point-absent", round=found.code, point=point)
        keys = ledgering.open_keys(office.settings)
        entry = exporting.proofs_of(session, [found.entry], keys)[found.entry]
        return format_proof(bodies, numbers[-1], entry)


def _ended(holdings: Holdings, code: str) -> Round:
    found = holdings.one(Round, code)
    if found is None:
        raise CustodyError("round-unknown", round=code)
    if found.state != ENDED:
        raise CustodyError("round-not-ended-yet", round=code)
    return found
