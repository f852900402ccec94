"""Incidents on pages: what waits for a conclusion, one with its photos, and closing it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from archive.errors import ArchiveError
from custody.errors import CustodyError
from custody.incidents import ANSWER_WITHIN, OPEN, Incident
from custody.moments import parse_moment
from desk import daybars, incidents, logreading
from desk.custodial import Where
from desk.entry_words import kind_in_words
from desk.stock_words import OUTCOMES, SEVERITIES
from desk.web.gate import SignedIn
from desk.web.permits import permit_of
from desk.web.room import InRoom, Room
from desk.web.signing import signing_of, signing_roles
from desk.words import translator

router = APIRouter(include_in_schema=False)
Code = Annotated[str, Path(max_length=60)]
MOST = 200
PAGE = Where("page")


@router.get("/incidents")
def show_incidents(request: Request, room: InRoom, state: Annotated[str, Query(max_length=10)] = "open") -> Response:
    """Show incidents, those that wait longest first; with state=all the closed ones too, newest first."""
    found = incidents.every(room.office, OPEN)
    if state == "all":
        found = sorted(incidents.every(room.office), key=lambda each: each.opened_at, reverse=True)
    else:
        found.sort(key=lambda each: parse_moment(each.opened_at) + ANSWER_WITHIN[each.severity])
    return room.showing.page(
        request,
        "incidents.html",
        found=[(each, parse_moment(each.opened_at), answer_by(each)) for each in found[:MOST]],
        total=len(found),
        state=state,
        **_words(room),
    )


@router.get("/incidents/{code}")
def show_incident(request: Request, room: InRoom, known: SignedIn, code: Code) -> Response:
    """Show one incident, its entries and what is enclosed, and the form that closes it."""
    return room.showing.page(
        request, "incident.html", **look(request, room, known, code), given=defaultdict(str), failed=None
    )


@router.post("/incidents/{code}/close")
async def close_incident(request: Request, room: InRoom, known: SignedIn, code: Code) -> Response:
    """Close an incident with its outcome."""
    form = await request.form()
    return await run_in_threadpool(_close, request, room, known, code, form)


def _close(request: Request, room: Room, known: Any, code: str, form: FormData) -> Response:
    given = {name: str(form.get(name, "")).strip() for name in ("outcome", "text")}
    try:
        incidents.conclude(
            room.office, code, given["outcome"], signing_of(room, known, form), text=given["text"], where=PAGE
        )
    except (CustodyError, ArchiveError) as refused:
        values = look(request, room, known, code)
        return room.showing.page(
            request, "incident.html", status=422, **values, given=defaultdict(str, given), failed=refused
        )
    room.recent.forget()
    return RedirectResponse(f"/incidents/{code}", 303)


def look(request: Request, room: Room, known: Any, code: str) -> dict[str, Any]:
    """Return what the page of one incident shows."""
    words = translator(room.showing.language(request))
    found = incidents.look(room.office, code)
    entries = logreading.naming(room.office, code)
    enclosed = []
    for told in entries:
        named = told.facts.get("attachments", [])
        enclosed += [(told.seq, each) for each in named if each in found.attachments]
    return {
        "incident": found,
        "opened_at": parse_moment(found.opened_at),
        "closed_at": parse_moment(found.closed_at) if found.closed_at else None,
        "due": answer_by(found),
        "entries": entries,
        "enclosed": list(dict.fromkeys(enclosed)),
        "texts": _texts(room, [each for _, each in enclosed]),
        "roles": signing_roles(known),
        "may_close": bool(known.person.roles & permit_of("POST", "/incidents/{code}/close")),
        # Closing a grave one takes a leader and another person; of any other, somebody else than who reported it.
        "others": 1 if found.severity == "high" or found.opened_by == known.person.code else 0,
        "in_words": lambda told: kind_in_words(told.kind, words),
        **_words(room),
    }


def answer_by(each: Incident) -> datetime:
    """Return by when an incident must be answered."""
    return parse_moment(each.opened_at) + ANSWER_WITHIN[each.severity]


def _texts(room: Room, names: list[str]) -> dict[str, str]:
    """Return the texts among what is enclosed; photos are left out."""
    from desk.enclosures import LONGEST_TEXT

    found = {}
    for name in dict.fromkeys(names):
        try:
            with room.office.vault.open(name) as source:
                data = source.read(LONGEST_TEXT)
            found[name] = data.decode("utf-8")
        except (ArchiveError, UnicodeDecodeError, OSError):
            continue
    return {name: text for name, text in found.items() if "\x00" not in text}


def _words(room: Room) -> dict[str, Any]:
    return {"severities": SEVERITIES, "outcomes": OUTCOMES, "names": daybars.names_of(room.office)}
