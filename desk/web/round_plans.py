"""Plans of rounds and spot checks on pages: those in force, a new one, and stopping one."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from archive import places, posts
from archive.errors import ArchiveError
from custody.entries_rounds import RoundPlanned
from custody.errors import CustodyError
from custody.rounds import ACTIVE
from desk import round_plans, rounds
from desk.custodial import Where
from desk.plan_words import DAYS, target_in_words, times_in_words
from desk.web.gate import SignedIn
from desk.web.permits import permit_of
from desk.web.room import InRoom, Room
from desk.web.showing import to_query
from desk.web.signing import signing_of, signing_roles
from desk.web.staff import agree
from desk.words import translator

router = APIRouter(include_in_schema=False)
PAGE = Where("page")
MOST_PLACES = 500
LONGEST = 20_000
# What the form begins with.
USUAL = {"sort": "round", "minutes": "30", "late": "15", "least": "0", "day": "mon", "at": "08:00", "wait": "4"}


@router.get("/round-plans")
def show_plans(
    request: Request, room: InRoom, known: SignedIn, done: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Show the plans, and the forms on which one is made or stopped."""
    return _page(request, room, known, done=done)


@router.post("/round-plans")
async def add_plan(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Publish a plan, signed; it never changes afterwards."""
    return await run_in_threadpool(_add, request, room, known, await request.form())


def _add(request: Request, room: Room, known: Any, form: FormData) -> Response:
    try:
        made = planned_in(form, room.office.settings.zone)
        signing = signing_of(room, known, form)
        kept = rounds.add_plan(room.office, made, signing, PAGE)
    except (CustodyError, ArchiveError) as refused:
        return _page(request, room, known, failed=refused, given=typed(form))
    room.recent.forget()
    return RedirectResponse(f"/round-plans{to_query({'done': kept.code})}", 303)


@router.post("/round-plans/{code}/stop")
async def stop_plan(
    request: Request, room: InRoom, known: SignedIn, code: Annotated[str, Path(max_length=60)]
) -> Response:
    """Stop a plan for good, for a reason."""
    return await run_in_threadpool(_stop, request, room, known, code, await request.form())


def _stop(request: Request, room: Room, known: Any, code: str, form: FormData) -> Response:
    reason = str(form.get("reason", "")).strip()
    try:
        agree(str(form.get("sure", "")))
        if not reason:
            raise CustodyError("reason-absent", about=code)
        rounds.stop_plan(room.office, code, reason, signing_of(room, known, form), PAGE)
    except (CustodyError, ArchiveError) as refused:
        return _page(request, room, known, failed=refused, stopping=(code, reason))
    room.recent.forget()
    return RedirectResponse(f"/round-plans{to_query({'done': 'stopped'})}", 303)


def typed(form: FormData) -> dict[str, Any]:
    """Return what stands in the form, without signatures."""
    texts = {name: str(each).strip()[:LONGEST] for name, each in form.multi_items() if name not in {"pin", "signer"}}
    return {**texts, "days": [str(each) for each in form.getlist("days")]}


def planned_in(form: FormData, zone: str) -> RoundPlanned:
    """Return the plan a form describes; CustodyError "number-unreadable" where a number is none."""
    told = defaultdict(str, typed(form))
    code, post = told["code"], told["post"]
    if told["sort"] == "spot":
        count, wait = _number(told, "random_boxes"), _number(told, "wait")
        return round_plans.spot_checks(
            code, post, boxes=count, place=told["drawn_in"], day=told["day"], at=told["at"], wait_days=wait,
            minutes=_number(told, "minutes"), zone=zone,
        )  # fmt: skip
    window = f"{told['start']}-{told['until']}" if told["start"] or told["until"] else ""
    return round_plans.walked(
        code,
        post,
        round_plans.Looked(
            _lines(told["places"]), _lines(told["boxes"]), _lines(told["boxes_in"]), _number(told, "random_boxes"),
            told["drawn_in"],
        ),
        round_plans.When(
            tuple(told["fixed"].replace(",", " ").replace(";", " ").split()), _number(told, "every"),
            _number(told, "drawn"), (window,) if window else (), tuple(told["days"]),
        ),
        minutes=_number(told, "minutes"), late=_number(told, "late"), least=_number(told, "least"), zone=zone,
    )  # fmt: skip


def _lines(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.splitlines() if each.strip())


def _number(told: dict[str, Any], name: str) -> int:
    text = told[name].strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise CustodyError("number-unreadable", value=text)
    return int(text)


def _page(
    request: Request, room: Room, known: Any, *, failed: Any = None, given: dict[str, Any] | None = None,
    stopping: tuple[str, str] = ("", ""), done: str = "",
) -> Response:  # fmt: skip  # what a page of two forms keeps
    t = translator(room.showing.language(request))
    with room.office.database.reading() as session:
        known_posts = [each for each in posts.every(session) if each.active]
        paths = [each.path for each in places.inside(session, None)[:MOST_PLACES]]
    every = sorted(rounds.plans(room.office), key=lambda each: (each.state != ACTIVE, each.code))
    return room.showing.page(
        request,
        "round_plans.html",
        status=422 if failed else 200,
        plans=[(each, _read(each.since), _read(each.until)) for each in every],
        times_of=lambda plan: [times_in_words(each, t) for each in plan.times],
        targets_of=lambda plan: [target_in_words(each, t) for each in plan.targets],
        posts=known_posts,
        paths=paths,
        weekdays=DAYS,
        roles=[each for each in signing_roles(known) if each in permit_of("POST", "/round-plans")],
        may_plan=bool(known.person.roles & permit_of("POST", "/round-plans")),
        given=defaultdict(str, {**USUAL, "days": [], **(given or {})}),
        stopping=stopping,
        failed=failed,
        done=done,
    )


def _read(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
