"""The gate on a phone: visitors come in and leave, keys go out and come back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from archive import people
from desk import gatekeeping
from desk.gatekeeping import Guest
from desk.stock_words import PURPOSES
from desk.web.entering import person_code
from desk.web.gate import SignedIn
from desk.web.phone_forms import Typed, attempt, said, show, where_of
from desk.web.room import InRoom, Room
from desk.web.signing import first_signer

router = APIRouter(include_in_schema=False)
FIELDS = ("name", "paper", "body", "host", "purpose", "place")


@router.get("/guard/visitors")
def show_visitors(request: Request, room: InRoom, known: SignedIn, done: str = "") -> Response:
    """Show who is inside."""
    return show(request, room, "phone_visitors.html", inside=gatekeeping.visits(room.office, inside=True), done=done)


@router.get("/guard/visitors/in")
def show_visitor_in(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Ask who comes."""
    return _show_in(request, room, {})


def _show_in(request: Request, room: Room, values: Mapping[str, Any]) -> Response:
    shown = {"given": dict.fromkeys(FIELDS, ""), **values}
    return show(request, room, "phone_visitor_in.html", purposes=PURPOSES, hosts=_staff(room), **shown)


@router.post("/guard/visitors/in")
def visitor_in(request: Request, room: InRoom, known: SignedIn, form: Typed) -> Response:
    """Let a visitor in."""
    given = {name: said(form, name, 200) for name in FIELDS}

    def run() -> str:
        guest = Guest(given["name"], given["paper"], given["body"])
        host, signing = person_code(room, given["host"]), [first_signer(known)]
        where = where_of(room, known)
        made = gatekeeping.come_in(room.office, guest, host, given["purpose"], given["place"], signing, where)
        return f"/guard/visitors?done={made.number}"

    return attempt(request, room, run, lambda values: _show_in(request, room, {"given": given, **values}))


@router.post("/guard/visitors/out")
def visitor_out(request: Request, room: InRoom, known: SignedIn, form: Typed) -> Response:
    """Record that a visitor left."""

    def run() -> str:
        gatekeeping.leave(room.office, said(form, "visit", 64), [first_signer(known)], where_of(room, known))
        return "/guard/visitors?done=out"

    def again(values: Mapping[str, Any]) -> Response:
        inside = gatekeeping.visits(room.office, inside=True)
        return show(request, room, "phone_visitors.html", inside=inside, **values)

    return attempt(request, room, run, again)


@router.get("/guard/keys")
def show_keys(request: Request, room: InRoom, known: SignedIn, done: str = "") -> Response:
    """Show the key box: which keys are out, and who has them."""
    return _show_keys(request, room, {"done": done})


def _show_keys(request: Request, room: Room, values: Mapping[str, Any]) -> Response:
    shown = {"given": {"key": "", "holder": ""}, **values}
    return show(request, room, "phone_keys.html", keys=gatekeeping.keys(room.office), people=_staff(room), **shown)


@router.post("/guard/keys/take")
def take_key(request: Request, room: InRoom, known: SignedIn, form: Typed) -> Response:
    """Give a key out: to me, or to somebody who signs with their own PIN on this form."""
    given = {name: said(form, name, 200) for name in ("key", "holder")}

    def run() -> str:
        me, holder = known.person.code, person_code(room, given["holder"]).upper() or known.person.code
        signing = [first_signer(known)] if holder == me else [(holder, said(form, "pin", 64))]
        until = said(form, "until", 32)
        taken = gatekeeping.take_key(room.office, given["key"], holder, until, signing, where_of(room, known))
        return f"/guard/keys?done={taken.code}"

    return attempt(request, room, run, lambda values: _show_keys(request, room, {"given": given, **values}))


@router.post("/guard/keys/return")
def return_key(request: Request, room: InRoom, known: SignedIn, form: Typed) -> Response:
    """Record that a key came back."""

    def run() -> str:
        gatekeeping.return_key(room.office, said(form, "key", 64), [first_signer(known)], where_of(room, known))
        return "/guard/keys?done=back"

    return attempt(request, room, run, lambda values: _show_keys(request, room, values))


def _staff(room: Room) -> list[people.Person]:
    with room.office.database.reading() as session:
        return [each for each in people.everyone(session) if each.active]
