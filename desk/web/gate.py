"""The gate every request passes: who is signed in, and whether they may open this address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from archive import sessions
from archive.errors import ArchiveError
from archive.people import Person
from archive.sessions import Known
from desk.parts import is_loopback
from desk.web.guard import SAFE_METHODS
from desk.web.permits import EVERYBODY, OPEN, permit_of
from desk.web.room import InRoom, Room, room_of

COOKIE = "luutru_session"
# Browsers take this name only with Secure and for the whole host (RFC 6265bis, cookie name prefixes).
SECURE_COOKIE = "__Host-luutru_session"
BEARER = "bearer "


class GateError(ArchiveError):
    """A request that nobody signed in for, or that the person signed in may not make."""


def pass_gate(request: Request) -> None:
    """Let a request through to its route, or raise GateError "sign-in-needed" or "not-permitted"."""
    room = room_of(request)
    room.refresh()
    if request.method not in SAFE_METHODS:
        room.showing.forget()
    known = request.state.known = recognise(request, room)
    permit = permit_of(request.method, getattr(request.scope.get("route"), "path", ""))
    if permit is EVERYBODY:
        return
    if known is None:
        if OPEN in permit and is_open(room):
            return
        raise GateError("sign-in-needed")
    if not known.person.roles & permit:
        raise GateError("not-permitted", person=known.person.code, roles=sorted(known.person.roles))


def recognise(request: Request, room: Room) -> Known | None:
    """Return who makes this request: by the token it carries, else by the browser's cookie."""
    told = request.headers.get("authorization", "")
    is_token = told.lower().startswith(BEARER)
    secret = told[len(BEARER) :].strip() if is_token else request.cookies.get(cookie_of(request), "")
    if not secret or (told and not is_token):
        return None
    now = room.office.clock.now()
    with room.office.database.reading() as session:
        known = sessions.recognise(session, secret, now)
    if known is None or (known.kind == sessions.TOKEN) is not is_token:
        return None
    room.seen.note(known, now)
    return known


def cookie_of(request: Request) -> str:
    """Return the name of the cookie: over HTTPS another, which no plain page of the same host can set or read."""
    return SECURE_COOKIE if request.url.scheme == "https" else COOKIE


def is_open(room: Room) -> bool:
    """Tell whether nobody has to sign in yet: bound to this computer, and no administrator was made."""
    return is_loopback(room.office.settings.host) and not room.seen.has_administrator()


def person_of(request: Request) -> Person | None:
    """Return who is signed in."""
    known: Known | None = getattr(request.state, "known", None)
    return known.person if known else None


def signed_in(request: Request) -> Known:
    """Return the session of a request that only people who are signed in can make."""
    known: Known | None = request.state.known
    if known is None:
        raise GateError("sign-in-needed")
    return known


SignedIn = Annotated[Known, Depends(signed_in)]
__all__ = [
    "COOKIE",
    "SECURE_COOKIE",
    "GateError",
    "InRoom",
    "SignedIn",
    "cookie_of",
    "is_open",
    "pass_gate",
    "person_of",
    "recognise",
]
