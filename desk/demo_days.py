"""The last days of a playground, lived through the same functions as any office's, on a clock that is set back.

What happens: lists come in, boxes are packed, counted blind by two, sealed and set on shelves; one travels, one is
opened and a dossier lent; guards relieve each other every twelve hours and walk their rounds; a broken seal is found,
a visitor comes, and a stocktake finds a box on the wrong shelf.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from sqlmodel import Session

from archive.settings import zone_of
from custody.entries import Entry
from custody.entries_package import (
    PackageDispatched,
    PackageOpened,
    PackagePlaced,
)  # fmt: skip  # one list
from custody.entries_register import DossierLent
from custody.entries_rounds import RoundPlanned
from custody.holdings import Package
from custody.projections import Projections
from desk import (
    custodial,
    dossier_moves,
    dossiers,
    gatekeeping,
    ledgering,
    reliefs,
    rostering,
    round_scans,
    rounds,
    shifts,
    stocktaking,
    ticking,
)  # fmt: skip  # the same
from desk.demo_boxes import FONDS, SHELVES, STORE, Days, pack_and_seal
from desk.demo_papers import IN_BOX
from desk.dossier_moves import Counted
from desk.gatekeeping import Guest
from desk.rostering import roster_of

POST = "K1"
GUARDS = ("BV01", "BV02", "BV03")
SHIFT = timedelta(hours=12)
SHIFTS_BACK = 4
ROUND_TIMES = ("01:00", "04:00", "09:00", "14:00", "20:00", "23:00")
# One round of these days was not walked, and one found a seal damaged: a board that shows only green teaches nothing.
FORGOTTEN, BROKEN = 2, 4


def play(days: Days) -> None:
    """Live the days up to now, event by event in their order."""
    zone = zone_of(days.office.settings)
    here = days.now.astimezone(zone)
    boundary = here.replace(hour=18 if here.hour >= 18 else 6, minute=0, second=0, microsecond=0)
    if here.hour < 6:
        boundary = (here - timedelta(days=1)).replace(hour=18, minute=0, second=0, microsecond=0)
    if here - boundary < timedelta(minutes=30):
        boundary -= SHIFT
    first = boundary - SHIFTS_BACK * SHIFT
    begun = first - timedelta(hours=6)
    days.clock.moment = begun
    pack_and_seal(days)
    plan_guards(days, first.date())
    events = sorted(
        [*guard_events(days, first, here), *store_events(days, first, here)], key=lambda each: (each[0], each[1])
    )
    for at, _, run in events:
        if at <= here:
            days.clock.moment = max(at, days.clock.moment)
            run()
    days.clock.moment = max(days.now, days.clock.moment)
    ticking.look_after(days.office)
    ledgering.sign_head(days.office, "asked")


def plan_guards(days: Days, first: date) -> None:
    """Plan twelve-hour shifts of three guards for a fortnight, and rounds through the store."""
    office = days.office
    teams = [f"{name}={guard}" for name, guard in zip("ABC", GUARDS, strict=True)]
    cycle = ("A B", "C A", "B C")
    roster = roster_of(POST, ("ngày=06:00-18:00", "đêm=18:00-06:00"), teams, cycle, first, None, weekly=False)
    rostering.set_roster(office, roster)
    rostering.publish(office, POST, first, first + timedelta(days=14), days.sign("LD01"))
    targets = (f"place {STORE}", f"boxes {STORE}")
    plan = RoundPlanned(
        "TUANTRA", "round", POST, targets, tuple(f"at {each}" for each in ROUND_TIMES), (), 45, 60, 0, "+07:00"
    )
    rounds.add_plan(office, plan, days.sign("LD01"))


def _guard_of(shift: int) -> str:
    """Return who guards the shift of that number, counted from the morning of the first day."""
    return GUARDS[shift % len(GUARDS)]


def _hand_on(days: Days, code: str, seal: str, giver: str, receiver: str) -> None:
    def placed(holdings: Projections, _session: Session) -> tuple[Entry, ...]:
        box = custodial.known(holdings, code)
        return (PackagePlaced(code, giver, receiver, box.place, STORE, "intact", (seal,)),)

    days.do(placed, giver, receiver)


Event = tuple[datetime, int, Callable[[], None]]


def guard_events(days: Days, first: datetime, until: datetime) -> Iterator[Event]:
    """Yield the shifts, hand-overs and rounds from the first shift on."""
    offset = 0 if first.hour == 6 else 1
    yield first, 0, lambda: _begin(days, _guard_of(offset))
    for number in range(1, SHIFTS_BACK + 1):
        giver, receiver = (_guard_of(offset + each) for each in (number - 1, number))
        yield first + number * SHIFT, 0, _bound(_relieve, days, giver, receiver)
    walked = 0
    for day in range((until.date() - first.date()).days + 1):
        for text in ROUND_TIMES:
            hour, minute = map(int, text.split(":"))
            due = (first + timedelta(days=day)).replace(hour=hour, minute=minute)
            if first < due < until - timedelta(minutes=30):
                walked += 1
                guard = _guard_of(offset + (due - first) // SHIFT)
                if walked != FORGOTTEN:
                    yield due + timedelta(minutes=3), 1, _bound(_walk, days, guard, walked)


def _bound(run: Callable[..., None], *given: object) -> Callable[[], None]:
    return lambda: run(*given)


def _begin(days: Days, guard: str) -> None:
    """Begin the first shift; the archivist hands the sealed boxes on to whoever guards them."""
    shifts.start(days.office, POST, guard, days.sign(guard))
    for code, seal in zip(days.boxes, itertools.count(1)):
        _hand_on(days, code, f"A{seal:04}", "NV02", guard)


def _relieve(days: Days, giver: str, receiver: str) -> None:
    """Hand the post over: the incoming guard counts blind, both sign, and the head of the log is signed with it."""
    office = days.office
    shifts.start(office, POST, receiver, days.sign(receiver))
    draft = reliefs.begin(office, POST, giver, receiver)
    with office.database.reading() as session:
        held = Projections(session).those(Package, custodian=giver)
    reliefs.scan(office, draft.code, [line for each in held for line in (f"@{each.place}", each.code)])
    reliefs.count(office, draft.code, days.sign(receiver))
    days.clock.sleep(120)
    reliefs.hand_over(office, draft.code, days.sign(giver, receiver), reliefs.Closing(open_incidents=True))
    days.done["hand_overs"] = days.done.get("hand_overs", 0) + 1


def _walk(days: Days, guard: str, ordinal: int) -> None:
    office = days.office
    found = rounds.start(office, "", days.sign(guard))
    # Many codes in one sweep, as a phone sends them; what is not intact is said of one at a time.
    damaged = days.boxes[3] if ordinal == BROKEN else ""
    days.clock.sleep(20 * len(found.points))
    round_scans.scan(office, [each for each in found.points if each != damaged], days.sign(guard))
    if damaged in found.points:
        round_scans.scan(office, [damaged], days.sign(guard), finding="damaged")
    days.clock.sleep(60)
    rounds.end(office, found.code, days.sign(guard))
    days.done["rounds"] = days.done.get("rounds", 0) + 1


def store_events(days: Days, first: datetime, until: datetime) -> Iterator[Event]:
    """Yield what happens in the store: one box away, one opened, a dossier lent, a visitor, a stocktake."""
    yield first + timedelta(hours=2), 2, lambda: _send(days, until)
    yield first + timedelta(hours=3), 2, lambda: _open(days, until)
    yield first + timedelta(hours=26), 2, lambda: _visit(days)
    yield first + timedelta(hours=30), 2, lambda: _take_stock(days)


def _holder(days: Days, code: str) -> str:
    with days.office.database.reading() as session:
        return custodial.known(Projections(session), code).custodian


def _send(days: Days, until: datetime) -> None:
    code, giver = days.boxes[0], _holder(days, days.boxes[0])
    deadline = custodial.until(days.office, f"{(until + timedelta(days=2)):%Y-%m-%d}")

    def sent(_holdings: Projections, _session: Session) -> tuple[Entry, ...]:
        return (PackageDispatched(code, giver, "NV02", "Kho lưu trữ quận", deadline, "intact", ("A0001",)),)

    days.do(sent, giver, "NV02")
    days.done["away"] = 1


def _open(days: Days, until: datetime) -> None:
    code, giver = days.boxes[1], _holder(days, days.boxes[1])
    deadline = custodial.until(days.office, f"{(until + timedelta(days=3)):%Y-%m-%d}")

    def opened(_holdings: Projections, _session: Session) -> tuple[Entry, ...]:
        facts = ("15/QĐ-UBND", "digitization", "intact", ("A0002",), deadline, ())
        return (PackageOpened(code, giver, "NV02", *facts),)

    days.do(opened, "LD01", "NV02", "NV04")
    name = f"{FONDS}.{IN_BOX + 3:03}/HS"

    def lent(_holdings: Projections, session: Session) -> tuple[Entry, ...]:
        (found,) = dossiers.resolve(session, [name])

        def entry(leaves: int, number: str) -> Entry:
            return DossierLent(found, "NV01", "PM-12", deadline, leaves, number)

        return dossier_moves.single(session, found, Counted(custodial.local_now(days.office).date()), entry)

    days.do(lent, "NV02", "NV01")
    days.done |= {"opened": 1, "lent": 1}


def _visit(days: Days) -> None:
    guest = Guest("Lý Văn Khách", "", "Công ty Thang máy Sen Vàng")
    shown = gatekeeping.come_in(days.office, guest, "NV02", "repair", STORE, days.sign("NV02"))
    days.clock.sleep(2400)
    gatekeeping.leave(days.office, shown.number, days.sign("NV02"))


def _take_stock(days: Days) -> None:
    """Count the first two shelves: one box stands where another shelf has it on record, and waits to be settled."""
    office = days.office
    opened = stocktaking.open_stocktake(office, [f"{STORE}/1", f"{STORE}/2"], days.sign("NV02"))
    with office.database.reading() as session:
        standing = {each: custodial.known(Projections(session), each) for each in days.boxes}
    for shelf in SHELVES[:5]:
        there = {code: "intact" for code, box in standing.items() if box.place == shelf and code in days.boxes[2:4]}
        if shelf == SHELVES[0]:
            there[days.boxes[4]] = "intact"
        if there:
            stocktaking.count(office, opened.code, shelf, there, days.sign("NV01"))
    days.done["stocktakes"] = 1
