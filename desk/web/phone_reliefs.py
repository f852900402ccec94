"""The hand-over on a phone: the blind count, what differs, and the two PINs that close it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from archive import people
from archive import reliefs as drafts
from archive.reliefs import Draft
from archive.sessions import Known
from custody.errors import CustodyError
from custody.shifts import Relief
from desk import on_watch, relief_ends, reliefs
from desk.custodial import Where
from desk.reliefs import Closing
from desk.shift_words import DIFFERENCES
from desk.web.entering import person_code
from desk.web.gate import SignedIn
from desk.web.phone_forms import Typed, attempt, read_lines, said, show
from desk.web.room import InRoom, Room

router = APIRouter(include_in_schema=False)
Code = Annotated[str, Path(max_length=64)]
PHONE = Where("phone")


@router.get("/guard/handover")
def show_begin(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Ask who takes over, or who gives."""
    watch = on_watch.watch_of(room.office, known.person.code)
    posts = on_watch.posts_for(room.office, known.person.code)
    return show(request, room, "phone_handover.html", watch=watch, posts=posts, given={"other": "", "post": ""})


@router.post("/guard/handover")
def begin(request: Request, room: InRoom, known: SignedIn, form: Typed) -> Response:
    """Begin the count of a hand-over, or go on with the one that was interrupted."""
    me, given = known.person.code, {name: said(form, name) for name in ("other", "post")}
    watch = on_watch.watch_of(room.office, me)

    def run() -> str:
        other = person_code(room, given["other"])
        giver, receiver = (me, other) if watch.post else (other, me)
        with room.office.database.reading() as session:
            receiver = people.find(session, receiver).code
        post = watch.post.post if watch.post else given["post"]
        return f"/guard/handover/{reliefs.begin(room.office, post, giver, receiver).code}"

    def again(values: Mapping[str, Any]) -> Response:
        posts = on_watch.posts_for(room.office, me)
        return show(request, room, "phone_handover.html", watch=watch, posts=posts, given=given, **values)

    return attempt(request, room, run, again)


@router.get("/guard/handover/{relief}")
def show_relief(request: Request, room: InRoom, known: SignedIn, relief: Code, done: str = "") -> Response:
    """Show a hand-over where it stands: counting, counted, or over."""
    return _show(request, room, relief, {"done": done})


def _show(request: Request, room: Room, code: str, values: Mapping[str, Any]) -> Response:
    with room.office.database.reading() as session:
        draft, scanned = drafts.find(session, code), drafts.scanned(session, code)
        names = {code: people.find(session, code).name for code in (draft.giver, draft.receiver)}
    found = None if draft.state == drafts.OPEN else counted(room, code)
    blank = dict.fromkeys(("situation", "keys", "codes", "stead", "reason"), "")
    shown = {"draft": draft, "names": names, **blank, **values}
    if found is None and draft.state == drafts.OPEN:
        return show(request, room, "phone_count.html", scanned=scanned, **shown)
    return show(request, room, "phone_close.html", relief=found, differences=DIFFERENCES, **shown)


def _kept(form: FormData) -> dict[str, str]:
    return {"codes": said(form, "codes", 100_000)}


def counted(room: Room, code: str) -> Relief | None:
    """Return a hand-over whose count is in, None before."""
    try:
        return reliefs.look(room.office, code)
    except CustodyError:
        return None


@router.post("/guard/handover/{relief}/scan")
def scan(request: Request, room: InRoom, known: SignedIn, relief: Code, form: Typed) -> Response:
    """Keep what was scanned so far."""

    def run() -> str:
        mine(room, known, relief)
        reliefs.scan(room.office, relief, read_lines(form))
        return f"/guard/handover/{relief}?done=kept"

    return attempt(request, room, run, lambda values: _show(request, room, relief, {**values, **_kept(form)}))


@router.post("/guard/handover/{relief}/count")
def count(request: Request, room: InRoom, known: SignedIn, relief: Code, form: Typed) -> Response:
    """Put the count in, signed by who takes over; from here on the differences are shown."""

    def run() -> str:
        draft = mine(room, known, relief)
        if lines := read_lines(form):
            reliefs.scan(room.office, relief, lines)
        reliefs.count(room.office, relief, [(f"{draft.receiver}:guard", said(form, "pin", 64))], PHONE)
        return f"/guard/handover/{relief}"

    return attempt(request, room, run, lambda values: _show(request, room, relief, {**values, **_kept(form)}))


@router.post("/guard/handover/{relief}/close")
def close(request: Request, room: InRoom, known: SignedIn, relief: Code, form: Typed) -> Response:
    """Close a hand-over: both PINs on this form, or one of them here and the other on another phone."""
    told = {name: said(form, name) for name in ("situation", "keys", "stead")}

    def run() -> str:
        draft = mine(room, known, relief)
        stead = person_code(room, told["stead"]) if told["stead"] else ""
        signing = [
            (code, pin)
            for code, pin in (
                (f"{stead}:leader" if stead else f"{draft.giver}:guard", said(form, "giver_pin", 64)),
                (f"{draft.receiver}:guard", said(form, "receiver_pin", 64)),
            )
            if pin
        ]
        if not signing:
            raise CustodyError("signer-incomplete", signer=draft.receiver)
        closing = Closing(_incidents(form), True, tuple(told["keys"].upper().split()), told["situation"], stead)
        waits = reliefs.hand_over(room.office, relief, signing, closing, PHONE).waits_for
        return f"/guard/handover/{relief}?done={'waits' if waits else 'over'}"

    return attempt(request, room, run, lambda values: _show(request, room, relief, {**values, **told}))


def _incidents(form: FormData) -> dict[str, str]:
    """Return the open incidents that were named for differences, by package and what differs."""
    named = {name.removeprefix("incident:"): said(form, name) for name in form if name.startswith("incident:")}
    return {what: number for what, number in named.items() if number}


@router.post("/guard/handover/{relief}/refuse")
def refuse(request: Request, room: InRoom, known: SignedIn, relief: Code, form: Typed) -> Response:
    """Let who should take over refuse, with a reason."""

    def run() -> str:
        draft = mine(room, known, relief)
        signing = [(f"{draft.receiver}:guard", said(form, "pin", 64))]
        relief_ends.refuse(room.office, relief, said(form, "reason"), signing, PHONE)
        return f"/guard/handover/{relief}?done=refused"

    return attempt(
        request, room, run, lambda values: _show(request, room, relief, {**values, "reason": said(form, "reason")})
    )


@router.post("/guard/handover/{relief}/void")
def void(request: Request, room: InRoom, known: SignedIn, relief: Code) -> Response:
    """Give up a hand-over in progress; who gives stays responsible."""

    def run() -> str:
        mine(room, known, relief)
        relief_ends.give_up(room.office, relief)
        return "/guard?done=void"

    return attempt(request, room, run, lambda values: _show(request, room, relief, values))


def mine(room: Room, known: Known, code: str) -> Draft:
    """Return a hand-over of the person signed in; CustodyError "relief-of-others"."""
    with room.office.database.reading() as session:
        draft = drafts.find(session, code)
    roles = {each.value for each in known.person.roles}
    if known.person.code not in {draft.giver, draft.receiver} and "leader" not in roles:
        raise CustodyError("relief-of-others", giver=draft.giver, receiver=draft.receiver)
    return draft
