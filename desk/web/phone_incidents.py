"""Incidents on a phone: report what happened with photos, and see what waits for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk import incidents
from desk.stock_words import SEVERITIES
from desk.web.gate import SignedIn
from desk.web.phone_forms import Typed, attempt, photos_of, read_lines, said, show, where_of
from desk.web.room import InRoom, Room
from desk.web.signing import first_signer

router = APIRouter(include_in_schema=False)
NEWEST = 20


@router.get("/guard/incidents")
def show_incidents(request: Request, room: InRoom, known: SignedIn, done: str = "") -> Response:
    """Show the incidents that wait for an answer, the newest first."""
    found = incidents.every(room.office, "open")
    newest = sorted(found, key=lambda each: each.opened_at, reverse=True)[:NEWEST]
    return show(request, room, "phone_incidents.html", incidents=newest, total=len(found), words=SEVERITIES, done=done)


@router.get("/guard/incidents/new")
def show_report(request: Request, room: InRoom, known: SignedIn, about: str = "") -> Response:
    """Ask what happened."""
    return _show(request, room, {"given": {"codes": about[:200], "text": "", "severity": "medium"}})


def _show(request: Request, room: Room, values: Mapping[str, Any]) -> Response:
    return show(request, room, "phone_incident.html", severities=SEVERITIES, **values)


@router.post("/guard/incidents/new")
def report(request: Request, room: InRoom, known: SignedIn, form: Typed) -> Response:
    """Open an incident; the finder alone is enough."""
    given = {name: said(form, name) for name in ("codes", "text", "severity")}

    def run() -> str:
        lines = read_lines(form)
        given["codes"] = lines[0] if lines else ""
        with photos_of(form) as photos:
            made = incidents.report(
                room.office,
                given["codes"],
                given["severity"],
                [first_signer(known)],
                text=given["text"],
                photos=photos,
                where=where_of(room, known),
            )
        return f"/guard/incidents?done={made.number}"

    return attempt(request, room, run, lambda values: _show(request, room, {"given": given, **values}))
