"""The first steps on pages: /setup-steps, one thing a page; each can be put off and taken up again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from archive import catalogue, people, posts
from archive.errors import ArchiveError
from custody.errors import CustodyError
from desk import administering, papers_asked, setting_up
from desk.setting_up import STEPS, Step
from desk.web.gate import SignedIn
from desk.web.room import InRoom, Room
from desk.web.sites import about_places
from desk.web.staff import missing_roles
from desk.web.trusting import addresses_of
from labels.errors import LabelError

router = APIRouter(include_in_schema=False)
Name = Annotated[str, Path(max_length=16)]
Text = Annotated[str, Form(max_length=500)]
OFFICE_KEYS = ("office_name", "office_parent", "office_city")
# Only what an administrator chose for the phones, and only where people sign in.
EVERYWHERE, HERE_ONLY = "0.0.0.0", "127.0.0.1"  # noqa: S104


def steps_of(room: Room) -> list[Step]:
    """Return the steps as they stand now."""
    return setting_up.steps(room.office)


@router.get("/setup-steps")
def show_steps(request: Request, room: InRoom) -> Response:
    """Show all steps: what is done, what was put off, what comes next."""
    found = steps_of(room)
    return room.showing.page(request, "steps.html", steps=found, next_step=setting_up.next_step(found))


@router.get("/setup-steps/{step}")
def show_step(request: Request, room: InRoom, step: Name, done: str = "") -> Response:
    """Show one step."""
    return _step(request, room, step, done=done)


@router.post("/setup-steps/{step}/skip")
def skip(room: InRoom, known: SignedIn, step: Name) -> Response:
    """Put a step off and go on with the next."""
    setting_up.put_off(room.office, known.person.code, step)
    return RedirectResponse(_onward(room, step), 303)


@router.post("/setup-steps/office")
def save_office(
    request: Request, room: InRoom, known: SignedIn, office_name: Text, office_parent: Text = "", office_city: Text = ""
) -> Response:
    """Write the names of the office."""
    given = {"office_name": office_name, "office_parent": office_parent, "office_city": office_city}
    return _settings(request, room, known.person.code, "office", {key: given[key] for key in OFFICE_KEYS})


@router.post("/setup-steps/fonds")
def save_fonds(request: Request, room: InRoom, known: SignedIn, code: Text, name: Text, body: Text = "") -> Response:
    """Add a fonds; there may be more, so the page stays."""
    try:
        made = setting_up.add_fonds(room.office, known.person.code, code, name, body)
    except ArchiveError as refused:
        given = {"code": code, "name": name, "body": body}
        return _step(request, room, "fonds", status=422, failed=refused, given=given)
    return RedirectResponse(f"/setup-steps/fonds?done={made.code}", 303)


@router.post("/setup-steps/printer")
def save_printer(
    request: Request, room: InRoom, known: SignedIn, stock: Text, dpi: Text = "600", offset: Text = "0 0"
) -> Response:
    """Remember the label sheet and how far the printer is off."""
    try:
        setting_up.set_printer(room.office, known.person.code, stock=stock, dpi=dpi, offset=offset)
    except (ArchiveError, LabelError) as refused:
        given = {"stock": stock, "dpi": dpi, "offset": offset}
        return _step(request, room, "printer", status=422, failed=refused, given=given)
    room.refresh()
    return RedirectResponse(_onward(room, "printer"), 303)


@router.post("/setup-steps/heads")
def save_heads(request: Request, room: InRoom, known: SignedIn, path: Text, sure: Text = "") -> Response:
    """Choose the second folder; one on the same disk is taken only when that was agreed to."""
    try:
        second = setting_up.examine_second_place(room.office, path)
    except ArchiveError as refused:
        return _step(request, room, "heads", status=422, failed=refused, given={"path": path})
    if not second.is_other_disk and sure != "yes":
        same = ArchiveError("second-place-same-disk", path=str(second.path))
        return _step(request, room, "heads", status=422, failed=same, given={"path": path, "ask": "yes"})
    return _settings(request, room, known.person.code, "heads", {"heads": str(second.path)})


@router.post("/setup-steps/phones")
def save_phones(request: Request, room: InRoom, known: SignedIn, reach: Text) -> Response:
    """Choose whether the pages leave this computer; that holds when the station is started again."""
    told = {"host": EVERYWHERE if reach == "network" else HERE_ONLY}
    return _settings(request, room, known.person.code, "phones", told, stay=True)


def _settings(
    request: Request, room: Room, by: str, step: str, told: dict[str, str], *, stay: bool = False
) -> Response:
    try:
        administering.set_settings(room.office, by, told)
    except (ArchiveError, CustodyError) as refused:
        return _step(request, room, step, status=422, failed=refused, given=told)
    room.refresh()
    return RedirectResponse(f"/setup-steps/{step}?done=saved" if stay else _onward(room, step), 303)


def _onward(room: Room, step: str) -> str:
    """Return the address of the next open step, of the list of steps where none is left."""
    following = setting_up.next_step(steps_of(room), step)
    return f"/setup-steps/{following}" if following else "/setup-steps"


def _step(
    request: Request,
    room: Room,
    step: str,
    *,
    status: int = 200,
    done: str = "",
    failed: ArchiveError | CustodyError | LabelError | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    if step not in STEPS:
        raise ArchiveError("setup-step-unknown", step=step)
    found = steps_of(room)
    return room.showing.page(
        request,
        "step.html",
        status=status,
        step=next(each for each in found if each.name == step),
        steps=found,
        number=STEPS.index(step) + 1,
        following=setting_up.next_step(found, step),
        done=done,
        failed=failed,
        given=given or {},
        **_about(room, step),
    )


def _about(room: Room, step: str) -> dict[str, Any]:
    """Return what one step shows beside its form."""
    with room.office.database.reading() as session:
        if step == "fonds":
            return {"fonds": catalogue.every_fonds(session)}
        if step == "places":
            return {**about_places(session, None), "at": "", "planned": None}
        if step == "people":
            here = [each for each in people.everyone(session) if each.active]
            return {"people": here, "missing": missing_roles(here), "roles": administering.ROLES}
        if step == "posts":
            return {
                "posts": [each for each in posts.every(session) if each.active],
                "children": about_places(session, None)["children"],
            }
    if step == "printer":
        return {"stocks": papers_asked.STOCK_NAMES}
    if step == "phones":
        return {"addresses": addresses_of(room, secured=False), "running_host": room.begun_with["host"]}
    return {}
