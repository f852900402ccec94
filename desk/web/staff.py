"""The people of the office on pages: who is there, their roles, PINs, badges and sessions; for the administrator."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from archive import office_acts, people, sessions
from archive.errors import ArchiveError
from archive.people import Person
from desk import administering, papers_asked
from desk.web.entering import EnteringError
from desk.web.gate import SignedIn
from desk.web.room import InRoom, Room
from desk.web.station import local_path
from labels.errors import LabelError

router = APIRouter(include_in_schema=False)
Code = Annotated[str, Path(max_length=32)]
Text = Annotated[str, Form(max_length=200)]
Pin = Annotated[str, Form(max_length=64)]
Roles = Annotated[list[str], Form(max_length=20)]
# Where a form goes on: the wizard's step, from which it was sent.
Then = Annotated[str, Form(max_length=100)]
Sure = Annotated[str, Form(max_length=8)]
MADE_PIN_DIGITS = 6
ACTS_SHOWN = 20
PDF = "application/pdf"


@router.get("/people")
def show_people(request: Request, room: InRoom, left: bool = False) -> Response:
    """List the people of the office, those who left only where they are asked for."""
    return _list(request, room, left=left)


@router.post("/people")
def add_person(
    request: Request, room: InRoom, known: SignedIn, code: Text, name: Text, unit: Text = "", pin: Pin = "",
    then: Then = "", roles: Roles = [],  # noqa: B006  # FastAPI copies the default of a form's list
) -> Response:  # fmt: skip  # the fields of a form
    """Add a person; where no PIN was typed the station makes one and shows it this once."""
    made_pin = pin or make_pin(code)
    try:
        made = administering.add_person(
            room.office, known.person.code, code=code, name=name, unit=unit, roles=roles, pin=made_pin
        )
    except people.PersonError as refused:
        given = {"code": code, "name": name, "unit": unit, "roles": roles, "then": then}
        return _list(request, room, status=422, given=given, failed=refused)
    return _person(request, room, made.code, done="added", shown_pin="" if pin else made_pin, then=then)


@router.post("/people/badges")
def print_badges(room: InRoom, known: SignedIn, code: Annotated[list[str], Form()] = []) -> Response:  # noqa: B006
    """Draw the badges of the people named, of everybody where nobody is."""
    try:
        drawn = papers_asked.badges(room.office, known.person.code, code)
    except LabelError as refused:
        raise ArchiveError(refused.code, **refused.facts) from refused
    return pdf(drawn, "badges.pdf")


@router.get("/people/{code}")
def show_person(request: Request, room: InRoom, code: Code, done: str = "") -> Response:
    """Show one person with what may be changed about them."""
    return _person(request, room, code, done=done)


@router.post("/people/{code}/change")
def change_person(
    request: Request, room: InRoom, known: SignedIn, code: Code, name: Text, unit: Text = "",
    roles: Roles = [],  # noqa: B006  # the same
) -> Response:  # fmt: skip  # the fields of a form
    """Give a person another name, unit or roles."""
    try:
        administering.change_person(room.office, known.person.code, code, name=name, unit=unit, roles=roles)
    except ArchiveError as refused:
        given = {"name": name, "unit": unit, "roles": roles}
        return _person(request, room, code, status=422, failed=refused, given=given)
    return RedirectResponse(f"/people/{code}?done=changed", 303)


@router.post("/people/{code}/pin")
def give_pin(request: Request, room: InRoom, known: SignedIn, code: Code, pin: Pin = "", again: Pin = "") -> Response:
    """Give a person a new PIN, made by the station where none is typed; their sessions end."""
    made_pin = pin or make_pin(code)
    try:
        if pin and pin != again:
            raise EnteringError("pins-differ")
        administering.set_pin(room.office, known.person.code, code, made_pin)
    except ArchiveError as refused:
        return _person(request, room, code, status=422, failed=refused)
    return _person(request, room, code, done="pin", shown_pin="" if pin else made_pin)


@router.post("/people/{code}/retire")
def retire(request: Request, room: InRoom, known: SignedIn, code: Code, sure: Sure = "") -> Response:
    """Let a person sign no more; asked for twice, since it is not undone."""
    try:
        agree(sure)
        administering.retire(room.office, known.person.code, code)
    except ArchiveError as refused:
        return _person(request, room, code, status=422, failed=refused)
    return RedirectResponse(f"/people/{code}?done=retired", 303)


@router.post("/people/{code}/sign-out")
def sign_out(room: InRoom, known: SignedIn, code: Code) -> Response:
    """End every session and token of a person."""
    administering.sign_out(room.office, known.person.code, code)
    return RedirectResponse(f"/people/{code}?done=signed-out", 303)


def agree(sure: str) -> None:
    """Refuse what cannot be undone and was not agreed to; ArchiveError "not-agreed"."""
    if sure != "yes":
        raise ArchiveError("not-agreed")


def make_pin(code: str) -> str:
    """Return a PIN by chance that is none of those anybody would try."""
    while people.is_weak(pin := f"{secrets.randbelow(10**MADE_PIN_DIGITS):0{MADE_PIN_DIGITS}d}", code):
        continue
    return pin


def pdf(drawn: bytes, name: str) -> Response:
    """Return a PDF that the browser shows, with a name for keeping it."""
    return Response(drawn, media_type=PDF, headers={"Content-Disposition": f'inline; filename="{name}"'})


def _list(
    request: Request,
    room: Room,
    *,
    status: int = 200,
    left: bool = False,
    given: dict[str, Any] | None = None,
    failed: ArchiveError | None = None,
) -> Response:
    with room.office.database.reading() as session:
        everyone = people.everyone(session)
    here = [each for each in everyone if each.active]
    return room.showing.page(
        request,
        "people.html",
        status=status,
        people=everyone if left else here,
        left=left,
        left_count=len(everyone) - len(here),
        missing=missing_roles(here),
        roles=administering.ROLES,
        given=given or {},
        failed=failed,
    )


def missing_roles(here: list[Person]) -> list[str]:
    """Return the roles without which no box can be packed, sealed and guarded, as far as nobody has them."""
    had = {role.value for each in here for role in each.roles}
    return [each for each in ("clerk", "archivist", "leader", "guard") if each not in had]


def _person(
    request: Request,
    room: Room,
    code: str,
    *,
    status: int = 200,
    done: str = "",
    shown_pin: str = "",
    then: str = "",
    given: dict[str, Any] | None = None,
    failed: ArchiveError | None = None,
) -> Response:
    with room.office.database.reading() as session:
        person = people.find(session, code)
        opened = sessions.of_person(session, person.code, room.office.clock.now())
        acts = office_acts.newest(session, about=person.code, limit=ACTS_SHOWN)
    return room.showing.page(
        request,
        "people_one.html",
        status=status,
        person=person,
        opened=opened,
        acts=acts,
        roles=administering.ROLES,
        given=given or {"name": person.name, "unit": person.unit, "roles": [each.value for each in person.roles]},
        done=done,
        shown_pin=shown_pin,
        then=local_path(then) if then else "",
        failed=failed,
    )
