"""Phones without network: their code, what they send later, and the worker that shows pages meanwhile."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from archive import devices
from archive.sessions import Known
from custody.errors import CustodyError
from desk import phone_notes, phoning
from desk.messages import explain
from desk.phone_notes import Scanned
from desk.phoning import Accepted, Outcome
from desk.round_words import say_scan, tone_of
from desk.web.gate import SignedIn
from desk.web.phone_forms import PhotoError, show
from desk.web.room import InRoom, Room
from desk.web.signing import first_signer
from desk.words import Words, translator

router = APIRouter(include_in_schema=False)
MOST_BYTES = 40_000_000


@router.get("/guard/sw.js")
def give_worker(room: InRoom) -> Response:
    """Give the service worker; its scope is the pages of guards alone."""
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/guard"}
    return Response(room.showing.assets["phone-worker.js"].data, media_type="text/javascript", headers=headers)


@router.get("/guard/manifest.webmanifest")
def give_manifest(request: Request, room: InRoom) -> Response:
    """Give the names by which a phone installs the pages: an installed site keeps its notes longer."""
    t = translator(room.showing.language(request))
    told = {
        "name": t("Guard duty"),
        "short_name": t("Guard duty"),
        "start_url": "/guard",
        "scope": "/guard",
        "display": "standalone",
        "background_color": "#123f50",
        "theme_color": "#123f50",
        "icons": [{"src": room.showing.assets["mark.svg"].address, "sizes": "any", "type": "image/svg+xml"}],
    }
    return JSONResponse(told, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@router.get("/guard/offline")
def show_offline(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Show what can be done without network, and what has not been sent."""
    return show(request, room, "phone_offline.html")


@router.post("/phone/device")
def register(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Give this browser a code under which it counts its notes."""
    code = phone_notes.register(room.office, known.person.code, request.headers.get("user-agent", ""))
    return JSONResponse({"device": code, "person": known.person.code, "due": 0})


async def sent(request: Request) -> dict[str, Any]:
    """Return what a phone sent; CustodyError "notes-malformed", PhotoError "photo-too-large"."""
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise PhotoError("photo-too-large", bytes=0, limit=MOST_BYTES)
    try:
        told = json.loads(await request.body())
    except (ValueError, RecursionError) as broken:
        raise CustodyError("notes-malformed", detail=type(broken).__name__) from broken
    lists = isinstance(told, dict) and all(isinstance(told.get(name, []), list) for name in ("notes", "scans"))
    if not lists or not all(isinstance(each, dict) for name in ("notes", "scans") for each in told.get(name, [])):
        raise CustodyError("notes-malformed", detail="notes")
    return dict(told)


@router.post("/phone/notes")
async def take_notes(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Take what a phone noted; it may be sent again as often as the network asks for."""
    told = await sent(request)
    return await run_in_threadpool(lambda: JSONResponse(_take(request, room, known, told)))


def _take(request: Request, room: Room, known: Known, told: dict[str, Any]) -> dict[str, Any]:
    lang, device = room.showing.language(request), str(told.get("device", ""))
    if told.get("person") != known.person.code:
        raise devices.DeviceError("device-of-another", device=device, person=str(told.get("person", ""))[:32])
    signer, t = first_signer(known), translator(lang)
    notes = phone_notes.accept_notes(room.office, device, signer, told.get("notes", []))
    scans = phone_notes.scan_rounds(room.office, device, signer, told.get("scans", []))
    return {
        "due": phoning.due(room.office, device),
        "notes": [_say_note(each, t, lang) for each in notes],
        "scans": [_say_scans(each, t, lang) for each in scans],
    }


def _say_note(each: Accepted, t: Words, lang: str) -> dict[str, Any]:
    said = {"number": each.number, "outcome": each.outcome.value, "entry": each.entry}
    if each.outcome is Outcome.OWED:
        return {**said, "told": []}
    if each.refusal:
        sentence = t("Recorded as incident {incident}:", incident=each.incident)
        return {**said, "told": [{"tone": "wrong", "text": f"{sentence} {explain(each.refusal, {}, lang).what}"}]}
    return {**said, "told": [{"tone": "well", "text": t("Recorded as entry {entry}", entry=str(each.entry))}]}


def _say_scans(each: Scanned, t: Words, lang: str) -> dict[str, Any]:
    if each.refusal:
        explained = explain(each.refusal, each.facts, lang)
        text = " ".join(part for part in (explained.what, explained.next) if part)
        return {"id": each.id, "refused": True, "told": [{"tone": "wrong", "text": text}]}
    told = [{"tone": tone_of(one), "text": say_scan(one, t), "point": one.point} for one in each.scans]
    return {"id": each.id, "refused": False, "told": told}
