"""A guard's own pages: where I am on duty and what comes next, beginning and leaving a shift, what I answer for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk import on_watch, seal_checks, shifts
from desk.web.gate import SignedIn
from desk.web.phone_forms import Typed, attempt, photos_of, read_lines, said, show, where_of
from desk.web.room import InRoom
from desk.web.signing import first_signer

router = APIRouter(include_in_schema=False)
FINDINGS = ("intact", "damaged", "broken", "missing")


@router.get("/guard")
def show_home(request: Request, room: InRoom, known: SignedIn, done: str = "") -> Response:
    """Show who I am, my post, and what is next."""
    watch = on_watch.watch_of(room.office, known.person.code)
    return show(request, room, "phone.html", watch=watch, done=done)


@router.get("/guard/start")
def show_start(request: Request, room: InRoom, known: SignedIn, post: str = "") -> Response:
    """Let a guard choose the post to take up."""
    posts = on_watch.posts_for(room.office, known.person.code)
    chosen = post.upper() or (posts[0].post if len(posts) == 1 else "")
    return show(request, room, "phone_start.html", posts=posts, chosen=chosen)


@router.post("/guard/start")
def start(request: Request, room: InRoom, known: SignedIn, form: Typed) -> Response:
    """Begin a shift; the guard's own PIN confirms it."""
    me, post = known.person.code, said(form, "post")

    def run() -> str:
        shifts.start(room.office, post, me, [(f"{me}:guard", said(form, "pin", 64))], where_of(room, known))
        return "/guard?done=started"

    def again(values: Mapping[str, Any]) -> Response:
        posts = on_watch.posts_for(room.office, me)
        return show(request, room, "phone_start.html", posts=posts, chosen=post, **values)

    return attempt(request, room, run, again)


@router.get("/guard/leave")
def show_leave(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Ask before a guard leaves without a hand-over."""
    return show(request, room, "phone_leave.html", watch=on_watch.watch_of(room.office, known.person.code), reason="")


@router.post("/guard/leave")
def leave(request: Request, room: InRoom, known: SignedIn, form: Typed) -> Response:
    """End a shift without a hand-over; what that leaves uncovered is recorded."""
    me, reason = known.person.code, said(form, "reason")
    watch = on_watch.watch_of(room.office, me)

    def run() -> str:
        signing = [(f"{me}:guard", said(form, "pin", 64))]
        post = watch.post.post if watch.post else said(form, "post")
        _, entry = shifts.leave(room.office, post, me, signing, reason, where_of(room, known))
        return "/guard?done=left" if getattr(entry, "relieved", False) else "/guard?done=left-uncovered"

    return attempt(
        request,
        room,
        run,
        lambda values: show(request, room, "phone_leave.html", watch=watch, reason=reason, **values),
    )


@router.get("/guard/boxes")
def show_boxes(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Show what I answer for; while a count is blind it is not shown."""
    boxes = on_watch.boxes_of(room.office, known.person.code)
    return show(request, room, "phone_boxes.html", boxes=boxes)


@router.get("/guard/seal")
def show_seal(request: Request, room: InRoom, known: SignedIn, code: str = "", done: str = "") -> Response:
    """Ask which box, the numbers on its seals and how they were found."""
    given = {"codes": code[:200], "numbers": "", "finding": ""}
    return show(request, room, "phone_seal.html", given=given, findings=FINDINGS, done=done)


@router.post("/guard/seal")
def check_seal(request: Request, room: InRoom, known: SignedIn, form: Typed) -> Response:
    """Record a seal check."""
    given = {name: said(form, name) for name in ("codes", "numbers", "finding")}

    def run() -> str:
        lines = read_lines(form)
        given["codes"] = lines[0] if lines else ""
        with photos_of(form) as photos:
            code = seal_checks.check(
                room.office,
                given["codes"],
                given["finding"],
                given["numbers"].replace(",", " ").split(),
                [first_signer(known)],
                photos=photos,
                where=where_of(room, known),
            )
        return f"/guard/seal?done={code}"

    return attempt(
        request,
        room,
        run,
        lambda values: show(request, room, "phone_seal.html", given=given, findings=FINDINGS, **values),
    )
