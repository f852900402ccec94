"""Signing in and out, the link that makes the first administrator, and what a person sees of their own sessions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import RedirectResponse, Response

from archive import people, sessions
from archive.errors import ArchiveError
from archive.people import Role, SignInError
from archive.refs import read_code
from desk.web.gate import SignedIn, cookie_of, is_open, person_of
from desk.web.permits import permit_of
from desk.web.room import InRoom, Room
from desk.web.station import local_path

router = APIRouter(include_in_schema=False)
Code = Annotated[str, Form(max_length=200)]
Pin = Annotated[str, Form(max_length=64)]
Secret = Annotated[str, Path(max_length=64)]
LONGEST_TOKEN_DAYS = 400
# Where each role's day begins; the first that a person has counts.
HOMES = ((Role.GUARD, "/guard"), (Role.LEADER, "/board"), (Role.INSPECTOR, "/board"))


class EnteringError(ArchiveError):
    """What was typed while signing in or setting up does not go together."""


@router.get("/sign-in")
def show_sign_in(request: Request, room: InRoom, back: str = "/") -> Response:
    """Ask for a code and a PIN; whoever is signed in already goes on."""
    if person_of(request) is not None:
        return RedirectResponse(local_path(back), 303)
    return room.showing.page(request, "signin.html", back=local_path(back), code="", failed=None, unset=is_open(room))


@router.post("/sign-in")
def sign_in(
    request: Request, room: InRoom, code: Code, pin: Pin, back: Annotated[str, Form(max_length=4000)] = "/"
) -> Response:
    """Sign a person in by code or badge, and PIN."""
    now = room.office.clock.now()
    try:
        who = people.authenticate(room.office.database, person_code(room, code), pin, now)
    except SignInError as refused:
        values: dict[str, Any] = {"back": local_path(back), "code": code, "failed": refused, "unset": is_open(room)}
        return room.showing.page(request, "signin.html", status=401, **values)
    return enter(request, room, who.code, local_path(back))


@router.post("/sign-out")
def sign_out(request: Request, room: InRoom) -> Response:
    """End this session; the answer tells the browser to forget what it kept of it."""
    if (known := request.state.known) is not None:
        with room.office.database.atomic() as session:
            sessions.revoke(session, known.person.code, room.office.clock.now(), only=known.session)
    answer = RedirectResponse("/sign-in", 303)
    secure = request.url.scheme == "https"
    answer.delete_cookie(cookie_of(request), secure=secure, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@router.get("/setup/{secret}")
def show_setup(request: Request, room: InRoom, secret: Secret) -> Response:
    """Show the page on which the first administrator is made."""
    with room.office.database.reading() as session:
        sessions.check_link(session, secret, room.office.clock.now())
    return room.showing.page(request, "setup.html", secret=secret, given={}, failed=None)


@router.post("/setup/{secret}")
def set_up(
    request: Request,
    room: InRoom,
    secret: Secret,
    code: Code,
    name: Annotated[str, Form(max_length=200)],
    pin: Pin,
    again: Pin,
    unit: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Make the first administrator and sign them in; the link works no more then."""
    now = room.office.clock.now()
    try:
        if pin != again:
            raise EnteringError("pins-differ")
        with room.office.database.atomic() as session:
            sessions.use_link(session, secret, now)
            who = people.add(session, code=code, name=name, unit=unit, roles=(Role.ADMINISTRATOR,), pin=pin, now=now)
    except (EnteringError, people.PersonError) as refused:
        given = {"code": code, "name": name, "unit": unit}
        return room.showing.page(request, "setup.html", status=422, secret=secret, given=given, failed=refused)
    return enter(request, room, who.code, "/")


@router.get("/me")
def show_me(request: Request, room: InRoom, known: SignedIn, done: str = "") -> Response:
    """Show a person's own roles, sessions and tokens."""
    return room.showing.page(request, "me.html", **about_me(room, known), done=done, failed=None, token="")


@router.post("/me/pin")
def change_pin(request: Request, room: InRoom, known: SignedIn, old: Pin, pin: Pin, again: Pin) -> Response:
    """Give oneself a new PIN; every other session ends."""
    now, who = room.office.clock.now(), known.person.code
    try:
        if pin != again:
            raise EnteringError("pins-differ")
        people.authenticate(room.office.database, who, old, now)
        with room.office.database.atomic() as session:
            people.set_pin(session, who, pin)
            sessions.revoke(session, who, now, but=known.session)
    except (EnteringError, SignInError, people.PersonError) as refused:
        values = about_me(room, known)
        return room.showing.page(request, "me.html", status=422, **values, done="", failed=refused, token="")
    return RedirectResponse("/me?done=pin", 303)


@router.post("/me/sessions/end")
def end_session(room: InRoom, known: SignedIn, only: Annotated[str, Form(max_length=36)] = "") -> Response:
    """End one session or token, or all but this one."""
    with room.office.database.atomic() as session:
        now = room.office.clock.now()
        sessions.revoke(session, known.person.code, now, only=only, but="" if only else known.session)
    return RedirectResponse("/me?done=ended", 303)


@router.post("/me/tokens")
def give_token(
    request: Request,
    room: InRoom,
    known: SignedIn,
    name: Annotated[str, Form(max_length=200)],
    days: Annotated[int, Form(ge=1, le=LONGEST_TOKEN_DAYS)] = 90,
) -> Response:
    """Make a token for a program; its secret is shown this once."""
    with room.office.database.atomic() as session:
        token = sessions.give_token(
            session, known.person.code, room.office.clock.now(), name=" ".join(name.split()), days=days
        )
    return room.showing.page(request, "me.html", **about_me(room, known), done="", failed=None, token=token)


def enter(request: Request, room: Room, code: str, back: str) -> Response:
    """Begin a session in this browser and go to where the person wanted, or to where their day begins."""
    browser = request.headers.get("user-agent", "")
    with room.office.database.atomic() as session:
        roles = people.find(session, code).roles
        secret = sessions.begin(session, code, room.office.clock.now(), name=browser)
    answer = RedirectResponse(back if back != "/" else home_of(roles), 303)
    answer.set_cookie(
        cookie_of(request),
        secret,
        max_age=int(sessions.LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


def home_of(roles: frozenset[Role]) -> str:
    """Return the page where the day of these roles begins."""
    first = next((path for role, path in HOMES if role in roles and role in permit_of("GET", path)), "/")
    return first if roles & permit_of("GET", first) else "/me"


def person_code(room: Room, text: str) -> str:
    """Return the code of the person whose badge was scanned or whose code was typed."""
    if (badge := read_code(text)) is None:
        return text
    with room.office.database.reading() as session:
        try:
            return people.find(session, badge).code
        except people.PersonError:
            return text


def about_me(room: Room, known: Any) -> dict[str, Any]:
    """Return what the page about oneself shows."""
    with room.office.database.reading() as session:
        opened = sessions.of_person(session, known.person.code, room.office.clock.now())
    return {"person": known.person, "sessions": opened, "current": known.session}
