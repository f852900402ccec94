"""Guard shifts: what breaks I5 and I11, what is wrong or late now, and what the tick finishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import Session

from archive import reliefs
from archive.settings import zone_of
from custody.cover import DAY, Hole, moment_at, need_at
from custody.due import NOTICE, URGENT, WARNING, Due
from custody.errors import Finding
from custody.holdings import Package
from custody.incidents import Incident
from custody.projections import TABLES, Projections
from custody.shift_family import LEFT
from custody.shifts import CLOSED, OnDuty, Relief, on_duty, owed_by
from desk import covering
from desk.covering import Cover
from desk.office import Office

# Findings about one post; the oldest of more are counted, not named.
MOST_HOLES = 200
RELIEF_WITHIN = timedelta(hours=1)
AHEAD = DAY
_RELIEFS = TABLES[Relief].c
_IS_CLOSED = _RELIEFS.state == CLOSED


def judges(office: Office) -> Mapping[int, Sequence[Finding]]:
    """Return what breaks I5 and I11; an invariant is answered for once there is a post, or a hand-over."""
    judged: dict[int, list[Finding]] = {}
    with office.database.reading() as session:
        for cover in covering.each_cover(office, session, 0, covering.now_of(office)):
            judged.setdefault(5, []).extend(_uncovered(office, cover))
        was_closed = session.execute(select(_RELIEFS.code).where(_IS_CLOSED).limit(1)).first() is not None
        if was_closed:
            judged[11] = list(_all_unsettled(session))
    return judged


def _all_unsettled(session: Session) -> Iterator[Finding]:
    """Yield what is wrong with any closed hand-over; those of nothing without a difference are right as they stand."""
    empty, holdings = "[]", Projections(session)
    has_any = (_RELIEFS.expected != 0) | (_RELIEFS.present != empty)
    has_any |= (_RELIEFS.differences != empty) | (_RELIEFS.incidents != empty)
    for code in session.execute(select(_RELIEFS.code).where(_IS_CLOSED, has_any).order_by(_RELIEFS.entry)).scalars():
        if (relief := holdings.one(Relief, code)) is not None:
            yield from _unsettled(holdings, relief)


def _uncovered(office: Office, cover: Cover) -> Iterator[Finding]:
    """Yield the holes nobody answered for, then those that were answered, then what sheets keyed in later cover."""
    open_holes = cover.open_holes
    for each in open_holes[-MOST_HOLES:]:
        yield Finding("post-uncovered", facts=hole_facts(office, cover, each))
    if (more := len(open_holes) - MOST_HOLES) > 0:
        yield Finding("post-uncovered-more", facts={"post": cover.post, "count": more})
    for each in [each for each in cover.holes if each.answered][-MOST_HOLES:]:
        facts = hole_facts(office, cover, each) | {"incident": each.answered}
        yield Finding("post-uncovered-answered", facts=facts, answered=each.answered)
    zone = zone_of(office.settings)
    for sheet in cover.attested[-MOST_HOLES:]:
        told = {
            "post": cover.post,
            "guard": sheet.guard,
            "start": moment_at(sheet.start, zone),
            "end": moment_at(sheet.end, zone),
            "sheet": sheet.sheet,
            "people": list(sheet.people),
            "keyed_by": list(sheet.keyed_by),
        }
        yield Finding("post-covered-by-paper", sheet.entry, facts=told, answered=sheet.sheet)


def hole_facts(office: Office, cover: Cover, hole: Hole) -> dict[str, object]:
    """Return a hole with its moments on the office's clocks."""
    zone = zone_of(office.settings)
    return {
        "post": cover.post,
        "start": moment_at(hole.start, zone),
        "end": moment_at(hole.end, zone),
        "seconds": hole.end - hole.start,
        "needed": hole.needed,
        "short": hole.short,
        "responsible": list(hole.responsible) or None,
    }


def _unsettled(holdings: Projections, relief: Relief) -> Iterator[Finding]:
    """Yield what is wrong with a closed hand-over: a difference without an incident, or an incident that is none."""
    facts = {"relief": relief.code, "post": relief.post, "expected": relief.expected, "counted": len(relief.present)}
    absent = sum(what == "missing" for _, what in relief.differences)
    if relief.expected - len(relief.present) != absent or len(relief.incidents) != len(relief.differences):
        yield Finding("relief-not-settled", relief.entry, facts=facts)
        return
    for (package, what), incident in zip(relief.differences, relief.incidents, strict=True):
        if holdings.one(Incident, incident) is None:
            told = {**facts, "package": package, "difference": what, "incident": incident}
            yield Finding("relief-incident-unknown", relief.entry, facts=told)


def watches(office: Office) -> Iterator[Due]:
    """Yield posts that are uncovered or will be, guards who are absent, late or on duty too long, and open reliefs."""
    now = covering.now_of(office)
    with office.database.reading() as session:
        holdings = Projections(session)
        stood_in = _stood_in(session, now)
        for cover in covering.each_cover(office, session, now - 2 * DAY, now, ahead=AHEAD):
            yield from _post(office, session, cover, now, stood_in.get(cover.post, set()))
        yield from _too_long(office, session, now)
        yield from _open_reliefs(office, session)
        yield from _left_with_packages(holdings, session)


def _post(office: Office, session: Session, cover: Cover, now: int, excused: set[str]) -> Iterator[Due]:
    zone = zone_of(office.settings)
    there = {each.guard for each in on_duty(Projections(session), cover.post)}
    if now >= cover.guarded_from and (short := need_at(cover.needs, now) - len(there)) > 0:
        run = _run_until(cover, now)
        facts = {
            "post": cover.post,
            "needed": need_at(cover.needs, now),
            "short": short,
            "responsible": _names(run) or _not_there(cover, there, now),
        }
        begun = run[0].start if run else now
        yield Due("post-uncovered-now", cover.post, moment_at(begun, zone), URGENT, facts)
    if cover.ahead:
        ahead = hole_facts(office, cover, cover.ahead[0]) | {"count": len(cover.ahead)}
        yield Due("cover-missing-ahead", cover.post, moment_at(now, zone), WARNING, ahead)
    yield from _absent(office, cover, there | excused, now)
    yield from _late(office, cover, there, now)


def _absent(office: Office, cover: Cover, excused: set[str], now: int) -> Iterator[Due]:
    """Yield planned guards who have not come, and for whom nobody was sent."""
    zone, grace = zone_of(office.settings), int(office.settings.shift_grace_minutes * 60)
    for guard, begin, until in cover.planned:
        if begin + grace <= now < until and guard not in excused and not _was_there(cover, guard, begin, now):
            facts = {
                "post": cover.post,
                "guard": guard,
                "start": moment_at(begin, zone),
                "minutes": (now - begin) // 60,
            }
            yield Due("guard-absent", f"{cover.post}:{guard}", moment_at(begin + grace, zone), WARNING, facts)


def _late(office: Office, cover: Cover, there: set[str], now: int) -> Iterator[Due]:
    """Yield guards who are still there after their turn, because nobody took over."""
    zone, grace = zone_of(office.settings), int(office.settings.shift_grace_minutes * 60)
    for guard in sorted(there):
        turns = [(begin, until) for who, begin, until in cover.planned if who == guard]
        ended = max((until for _, until in turns if until <= now), default=0)
        if any(begin <= now < until for begin, until in turns) or not ended or ended + grace > now:
            continue
        # One presence from before the end until now: under a clock that was set back, the present one lies ahead.
        if any(who == guard and begin < ended and now <= left for who, begin, left in cover.present):
            facts = {"post": cover.post, "guard": guard, "end": moment_at(ended, zone)}
            yield Due("relief-late", f"{cover.post}:{guard}", moment_at(ended, zone), NOTICE, facts)


def _was_there(cover: Cover, guard: str, start: int, end: int) -> bool:
    return any(who == guard and begin < end and until > start for who, begin, until in cover.present)


def _run_until(cover: Cover, now: int) -> list[Hole]:
    """Return the holes that adjoin each other and now."""
    run: list[Hole] = []
    for hole in reversed(cover.holes):
        if hole.end != (run[0].start if run else now):
            break
        run.insert(0, hole)
    return run


def _names(holes: Sequence[Hole]) -> list[str] | None:
    return sorted({guard for hole in holes for guard in hole.responsible}) or None


def _not_there(cover: Cover, there: set[str], now: int) -> list[str] | None:
    """Return who is planned at this second and absent."""
    return sorted({guard for guard, begin, until in cover.planned if begin <= now < until} - there) or None


def _stood_in(session: Session, now: int) -> dict[str, set[str]]:
    """Return the guards in whose place a leader sent somebody during the last day, by post."""
    rows, found = TABLES[OnDuty].c, dict[str, set[str]]()
    asked = select(rows.post, rows.instead).where((rows.start > now - DAY) & (rows.instead != ""))
    for post, instead in session.execute(asked):
        found.setdefault(post, set()).add(instead)
    return found


def _too_long(office: Office, session: Session, now: int) -> Iterator[Due]:
    longest, zone = int(office.settings.longest_duty_hours * 3600), zone_of(office.settings)
    rows = TABLES[OnDuty].c
    # Few are there now; asked for an order or a beginning as well, a database may walk all who ever were.
    asked = select(rows.guard, rows.post, rows.start).where(rows.until < 0)
    for guard, post, start in sorted(tuple(each) for each in session.execute(asked)):
        if start > now - longest:
            continue
        facts = {"post": post, "guard": guard, "start": moment_at(start, zone), "hours": (now - start) // 3600}
        yield Due("duty-too-long", guard, moment_at(start + longest, zone), WARNING, facts)


def _open_reliefs(office: Office, session: Session) -> Iterator[Due]:
    now = office.clock.now()
    for each in reliefs.going_on(session):
        if each.begun_at + RELIEF_WITHIN <= now:
            facts = {"giver": each.giver, "receiver": each.receiver, "post": each.post, "begun_at": each.begun_at}
            yield Due("relief-open-long", each.code, each.begun_at + RELIEF_WITHIN, WARNING, facts)


def _left_with_packages(holdings: Projections, session: Session) -> Iterator[Due]:
    """Yield guards who left without relief, are on duty nowhere, and still answer for packages that are there."""
    # From the few who answer for packages, not from the many who ever left.
    rows, boxes = TABLES[OnDuty].c, TABLES[Package].c
    holders = select(boxes.custodian).distinct()
    asked = select(rows.guard, rows.post, rows.until).where(rows.ending == LEFT, rows.guard.in_(holders))
    last = {guard: (post, until) for guard, post, until in session.execute(asked.order_by(rows.until))}
    for guard, (post, until) in last.items():
        if not holdings.those(OnDuty, is_guard=guard) and (held := owed_by(holdings, guard)):
            facts = {"post": post, "guard": guard, "count": len(held), "package": held[0].code}
            yield Due("left-without-relief", guard, moment_at(until), URGENT, facts)
