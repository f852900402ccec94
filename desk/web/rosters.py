"""Rosters on pages: the repeating plan of a post, four weeks of it with their holes, single days, and publication."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from archive import posts, rosters
from archive.errors import ArchiveError
from archive.people import Role, everyone
from archive.rosters import HOLIDAY, TET, Holiday, Roster
from custody.errors import CustodyError
from custody.roster import read_guards
from desk import custodial, daybars, roster_days, rostering
from desk.custodial import Where
from desk.web import roster_forms
from desk.web.gate import SignedIn
from desk.web.permits import permit_of
from desk.web.room import InRoom, Room
from desk.web.showing import to_query
from desk.web.signing import signing_of, signing_roles
from desk.web.staff import agree

router = APIRouter(include_in_schema=False)
PAGE = Where("page")
Code = Annotated[str, Path(max_length=32)]
Text = Annotated[str, Form(max_length=200)]
Asked = Annotated[str, Query(max_length=40)]
# So far ahead a leader publishes at a time unless another day is chosen.
AHEAD = timedelta(days=27)


@router.get("/rosters")
def show_rosters(request: Request, room: InRoom, known: SignedIn, done: Asked = "") -> Response:
    """Show every post with its plan, and the holidays."""
    return _list(request, room, known, done=done)


@router.post("/holidays")
def add_holiday(
    request: Request, room: InRoom, known: SignedIn, day: Text = "", name: Text = "", tet: Text = ""
) -> Response:
    """Add a holiday, or name it anew."""
    try:
        made = Holiday(roster_forms.read_day(day), name, TET if tet else HOLIDAY)
        rostering.set_holiday(room.office, made, known.person.code)
    except ArchiveError as refused:
        return _list(request, room, known, failed=refused, given={"day": day, "name": name, "tet": tet})
    return RedirectResponse("/rosters?done=holiday#holidays", 303)


@router.post("/holidays/fill")
def fill_holidays(request: Request, room: InRoom, known: SignedIn, year: Text = "") -> Response:
    """Fill in the days off of a year as far as law and moon tell them."""
    try:
        asked = int(year) if year.isascii() and year.isdigit() else 0
        rostering.fill_holidays(room.office, asked, known.person.code)
    except ArchiveError as refused:
        return _list(request, room, known, failed=refused)
    return RedirectResponse("/rosters?done=holiday#holidays", 303)


@router.post("/holidays/drop")
def drop_holiday(request: Request, room: InRoom, known: SignedIn, day: Text = "") -> Response:
    """Make a holiday a day like others."""
    try:
        rostering.drop_holiday(room.office, roster_forms.read_day(day), known.person.code)
    except ArchiveError as refused:
        return _list(request, room, known, failed=refused)
    return RedirectResponse("/rosters?done=holiday#holidays", 303)


@router.get("/rosters/{code}")
def show_roster(
    request: Request, room: InRoom, known: SignedIn, code: Code, start: Asked = "", plan: Asked = "", day: Asked = "",
    shift: Asked = "", done: Asked = "",
) -> Response:  # fmt: skip  # what a link can ask for
    """Show the plan of a post: `start` is the first of the days shown, `plan` the day on which the plan begins."""
    return _page(request, room, known, code, start=start, plan=plan, chosen=(day, shift), done=done)


@router.post("/rosters/{code}/plan")
async def keep_plan(request: Request, room: InRoom, known: SignedIn, code: Code) -> Response:
    """Look at a plan as it stands in the form, fill its grid, or keep it."""
    return await run_in_threadpool(_keep, request, room, known, code, await request.form())


def _keep(request: Request, room: Room, known: Any, code: str, form: FormData) -> Response:
    act, drawn = str(form.get("act", "look")), roster_forms.read(form)
    if act == "turn":
        drawn = roster_forms.turned(drawn)
    try:
        made = roster_forms.roster_in(drawn, code.upper())
        rostering.check(room.office, made)
        if act == "keep":
            rostering.set_roster(room.office, made, known.person.code)
    except (CustodyError, ArchiveError) as refused:
        # A grid that is only being laid out is not wrong yet.
        failed = refused if act == "keep" else None
        return _page(request, room, known, code, drawn=drawn, failed=failed, unfinished=refused, status=422)
    if act != "keep":
        return _page(request, room, known, code, drawn=drawn, draft=made)
    room.recent.forget()
    return RedirectResponse(f"/rosters/{made.post}{to_query({'plan': made.begins, 'done': 'kept'})}#days", 303)


@router.post("/rosters/{code}/drop")
def drop_plan(
    request: Request, room: InRoom, known: SignedIn, code: Code, begins: Text = "", sure: Text = ""
) -> Response:
    """Take a plan out, once that was agreed to."""
    try:
        agree(sure)
        rostering.drop_roster(room.office, code, roster_forms.read_day(begins), known.person.code)
    except ArchiveError as refused:
        return _page(request, room, known, code, failed=refused, status=422)
    room.recent.forget()
    return RedirectResponse(f"/rosters/{code.upper()}?done=dropped", 303)


@router.post("/rosters/{code}/day")
def change_day(
    request: Request, room: InRoom, known: SignedIn, code: Code, day: Text = "", shift: Text = "", guards: Text = "",
    start: Text = "", act: Text = "",
) -> Response:  # fmt: skip  # the fields of a form
    """Plan one shift of one day otherwise, or as the repeating plan says again."""
    try:
        chosen = None if act == "again" else read_guards(guards)
        when = roster_forms.read_day(day)
        rostering.set_day(room.office, code.upper(), when, shift, chosen, known.person.code)
    except (CustodyError, ArchiveError) as refused:
        told = {"guards": guards}
        return _page(
            request, room, known, code, start=start, chosen=(day, shift), failed=refused, told=told, status=422
        )
    room.recent.forget()
    return RedirectResponse(f"/rosters/{code.upper()}{to_query({'start': start, 'done': 'day'})}#days", 303)


@router.post("/rosters/{code}/publish")
async def publish(request: Request, room: InRoom, known: SignedIn, code: Code) -> Response:
    """Publish the plan for some days, signed."""
    return await run_in_threadpool(_publish, request, room, known, code, await request.form())


def _publish(request: Request, room: Room, known: Any, code: str, form: FormData) -> Response:
    first, last = (str(form.get(name, "")) for name in ("first", "last"))
    try:
        days = roster_forms.read_day(first), roster_forms.read_day(last)
        if days[1] < days[0]:
            raise CustodyError("roster-backwards", post=code.upper(), begins=days[0], ends=days[1])
        made = rostering.publish(room.office, code, *days, signing_of(room, known, form), PAGE)
    except (CustodyError, ArchiveError) as refused:
        told = {"first": first, "last": last}
        return _page(request, room, known, code, failed=refused, told=told, status=422)
    room.recent.forget()
    done = "same" if made.entry is None else f"entry{made.entry}"
    return RedirectResponse(f"/rosters/{made.post}{to_query({'start': first, 'done': done})}#days", 303)


def _list(
    request: Request, room: Room, known: Any, *, done: str = "", failed: Any = None, given: dict[str, str] | None = None
) -> Response:
    today = custodial.local_now(room.office).date()
    with room.office.database.reading() as session:
        every = [each for each in posts.every(session) if each.active]
        plans = {each.code: rosters.rosters(session, each.code) for each in every}
        off = rosters.holidays(session, today - timedelta(days=7))
    return room.showing.page(
        request,
        "rosters.html",
        status=422 if failed else 200,
        posts=[(each, *_next_weeks(room, each.code, today)) for each in every],
        plans=plans,
        holidays=off,
        today=today,
        may_plan=bool(known.person.roles & permit_of("POST", "/holidays")),
        done=done,
        failed=failed,
        given=defaultdict(str, given or {}),
    )


def _next_weeks(room: Room, code: str, today: date) -> tuple[int, int]:
    """Return how many holes the plan of a post leaves in four weeks, and how many turns are not published."""
    days = roster_days.look(room.office, code, today)
    gaps = sum(gap.is_ahead for day in days for gap in day.gaps)
    changed = [named.state for day in days for cell in day.cells for named in cell.guards if not cell.is_begun]
    return gaps, sum(state != roster_days.PUBLISHED for state in changed)


def _page(
    request: Request, room: Room, known: Any, code: str, *, status: int = 200, start: str = "", plan: str = "",
    chosen: tuple[str, str] = ("", ""), drawn: roster_forms.Drawn | None = None, draft: Roster | None = None,
    failed: Any = None, unfinished: Any = None, told: dict[str, str] | None = None, done: str = "",
) -> Response:  # fmt: skip  # what a page of many forms keeps
    today = custodial.local_now(room.office).date()
    with room.office.database.reading() as session:
        post = posts.find(session, code)
        kept = rosters.rosters(session, post.code)
        guards = [each for each in everyone(session) if each.active and Role.GUARD in each.roles]
    monday = today - timedelta(days=today.weekday())
    first = roster_forms.read_day(start) if start else max(draft.begins, monday) if draft else monday
    shown = next((each for each in kept if str(each.begins) == plan), _in_force(kept, today))
    if drawn is None:
        drawn = roster_forms.drawn_of(shown) if shown and plan != "new" else roster_forms.empty(today)
    days = roster_days.look(room.office, post.code, first, draft=draft)
    return room.showing.page(
        request,
        "roster.html",
        status=status if failed else 200,
        post=post,
        kept=kept,
        drawn=drawn,
        is_draft=draft is not None,
        is_open=bool(draft or unfinished or plan == "new" or not kept),
        days=days,
        cell=_chosen(days, *chosen),
        weeks=(first - timedelta(days=7 * roster_days.WEEKS), first, first + timedelta(days=7 * roster_days.WEEKS)),
        guards=guards,
        names=daybars.names_of(room.office),
        roles=[each for each in signing_roles(known) if each == Role.LEADER.value],
        may_plan=bool(known.person.roles & permit_of("POST", "/holidays")),
        may_publish=bool(known.person.roles & permit_of("POST", "/rosters/{code}/publish")),
        until=max(today, first) + AHEAD,
        today=today,
        failed=failed,
        unfinished=unfinished,
        told=defaultdict(str, told or {}),
        done=done,
    )


def _in_force(kept: list[Roster], today: date) -> Roster | None:
    """Return the plan that holds today, or else the next one."""
    begun = [each for each in kept if each.begins <= today]
    return begun[-1] if begun else kept[0] if kept else None


def _chosen(days: tuple[roster_days.DayPlan, ...], day: str, shift: str) -> Any:
    return next(
        ((each, cell) for each in days if str(each.day) == day for cell in each.cells if cell.shift == shift), None
    )
