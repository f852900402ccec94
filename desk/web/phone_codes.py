"""Codes on a phone: the addresses inside our QR codes, what a code means, and codes read from a photo.

Whoever opens a label's address without being signed in reads what a finder should do, the same for every code.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from desk import resolving
from desk.custody_words import state_in_words
from desk.entry_words import dossier_state_in_words
from desk.resolving import BOX, DOSSIER, PLACE, Meaning, Resolved
from desk.web.gate import SignedIn, person_of
from desk.web.permits import CARRIERS
from desk.web.phone_forms import Typed, read_photo, show, uploads
from desk.web.room import InRoom, Room
from desk.words import Words, translator

router = APIRouter(include_in_schema=False)
Code = Annotated[str, Path(max_length=64)]
Text = Annotated[str, Query(max_length=resolving.LONGEST)]


@router.get("/B/{code}")
@router.get("/D/{code}")
@router.get("/S/{code}")
@router.get("/P/{code}")
@router.get("/L/{code}")
@router.get("/R/{code}")
@router.get("/G/{code}")
def open_code(request: Request, room: InRoom, code: Code) -> Response:
    """Show the thing a label stands on to who is signed in, and to a finder what to do with it."""
    who = person_of(request)
    if who is None or not who.roles & CARRIERS:
        return show(request, room, "finder.html")
    found = resolving.resolve(room.office, request.url.path)
    status = 200 if found.meaning else 404
    if found.meaning is None:
        # What the camera link misread may still be a code one slip away.
        found = resolving.resolve(room.office, code)
    return _show(request, room, found, status)


@router.get("/guard/code")
def show_code(request: Request, room: InRoom, known: SignedIn, text: Text = "") -> Response:
    """Say what a code is that was typed or scanned."""
    if not text:
        return show(request, room, "phone_look.html")
    found = resolving.resolve(room.office, text)
    if found.meaning is not None and found.meaning.kind == BOX:
        return RedirectResponse(f"/B/{found.meaning.code}", 303)
    return _show(request, room, found, 200 if found.meaning else 404)


@router.get("/guard/resolve")
def tell_code(request: Request, room: InRoom, known: SignedIn, text: Text, blind: bool = False) -> Response:
    """Return what a code means as JSON; a blind count is told only whether it is a code of ours and of what kind."""
    return JSONResponse(told(resolving.resolve(room.office, text), translator(room.showing.language(request)), blind))


@router.post("/guard/read")
def read(request: Request, room: InRoom, known: SignedIn, form: Typed) -> Response:
    """Return the codes on a photo of labels as JSON."""
    found = [code for photo in uploads(form, "label") for code in read_photo(photo.file)]
    return JSONResponse({"codes": list(dict.fromkeys(found))})


def told(found: Resolved, t: Words, blind: bool) -> dict[str, Any]:
    """Return the meaning of a code for the scanner of a page."""
    each = found.meaning
    if each is None:
        near = [] if blind else [{"code": one.code, "name": one.name} for one in found.suggestions]
        return {"text": found.text, "kind": "", "code": "", "near": near}
    if blind and each.kind != PLACE:
        return {"text": found.text, "kind": each.kind, "code": each.code, "near": []}
    return {
        "text": found.text,
        "kind": each.kind,
        "code": each.code,
        "name": each.name,
        "title": each.title,
        "state": state_of(each, t),
        "where": list(each.where),
        "near": [],
    }


def state_of(each: Meaning, t: Words) -> str:
    """Return the word for the state of a box or dossier, "" for other things."""
    if each.kind == DOSSIER:
        return dossier_state_in_words(each.state, t)
    return state_in_words(each.state, t) if each.kind == BOX else ""


def _show(request: Request, room: Room, found: Resolved, status: int) -> Response:
    t = translator(room.showing.language(request))
    state = state_of(found.meaning, t) if found.meaning else ""
    return show(request, room, "phone_code.html", status=status, found=found, state=state)
