"""Any minute of the past: who held a box, where, under which seals, and who was on duty at every post."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from archive.errors import ArchiveError
from archive.refs import read_ref
from archive.settings import zone_of
from custody.errors import CustodyError
from desk import daybars, logreading, proving, tracing
from desk.custody_words import state_in_words
from desk.entry_words import kind_in_words
from desk.web.downloads import send
from desk.web.room import InRoom, Room
from desk.words import translator

router = APIRouter(include_in_schema=False)
MOMENT = "%Y-%m-%dT%H:%M"
Code = Annotated[str, Query(max_length=200)]
When = Annotated[str, Query(max_length=40)]


@router.get("/ask")
def ask(request: Request, room: InRoom, package: Code = "", at: When = "") -> Response:
    """Answer what was known of a box at a minute, and who guarded then."""
    values = answer(room, package, at)
    t = translator(room.showing.language(request))
    status = 200 if values["failed"] is None else 422
    words: dict[str, Any] = {
        "state_in_words": lambda state: state_in_words(state, t),
        "kind_in_words": lambda entry: kind_in_words(entry.KIND, t, getattr(entry, "to", "")),
        "read": datetime.fromisoformat,
    }
    return room.showing.page(request, "ask.html", status=status, **values, **words)


@router.post("/ask/proofs")
def give_proofs(room: InRoom, package: Annotated[str, Form(max_length=200)]) -> Response:
    """Give the proof of every entry about a box as one file, with the keys and the program that check them."""
    code = code_of(package)
    path = proving.pack_package(room.office, code)
    return send(path, f"{code}-proofs.zip", "application/zip")


def answer(room: Room, package: str, at: str) -> dict[str, Any]:
    """Return what the page shows: the answer, or why there is none; a moment alone asks for the posts only."""
    office = room.office
    zone = zone_of(office.settings)
    now = office.clock.now().astimezone(zone)
    values: dict[str, Any] = {
        "package": package.strip(),
        "at": at or now.strftime(MOMENT),
        "asked": bool(package.strip() or at),
        "step": None,
        "steps": [],
        "day": None,
        "moment": now,
        "failed": None,
        "latest": now.strftime(MOMENT),
        "names": daybars.names_of(office),
    }
    try:
        values["moment"] = moment = read_moment(at, now)
        values["at"] = moment.strftime(MOMENT)
        if values["asked"]:
            values["day"] = daybars.day_bars(office, moment.date(), moment)
        if package.strip():
            code = code_of(package)
            values["package"] = code
            steps = tracing.history(office, code)
            # The minute that was asked for counts whole: what was recorded in it had happened by its end.
            until = moment + timedelta(seconds=59)
            values["steps"] = steps
            before = [each for each in steps if each.stamp.at <= until]
            values["step"] = before[-1] if before else None
            if not before:
                raise CustodyError("package-not-yet", package=code, moment=moment)
    except (CustodyError, ArchiveError) as refused:
        values["failed"] = refused
    values["signed"] = logreading.signed_size(office)
    return values


def read_moment(text: str, now: datetime) -> datetime:
    """Return the minute that was asked for on the office's clocks, now by default; CustodyError "moment-unreadable"."""
    if not text.strip():
        return now.replace(second=0, microsecond=0)
    with contextlib.suppress(ValueError):
        given = datetime.fromisoformat(text.strip())
        return given.astimezone(now.tzinfo) if given.tzinfo else given.replace(tzinfo=now.tzinfo)
    raise CustodyError("moment-unreadable", value=text)


def code_of(text: str) -> str:
    """Return the code of a box from what was typed or scanned."""
    read = read_ref(text)
    return read.code if read else text.strip().upper()
