"""Opening sealed boxes: what is open now and until when, and opening one with everybody who has to sign at the desk.

Nobody authorises an opening ahead: whoever allows it signs it, with the archivist and a witness, when it is done.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from archive.errors import ArchiveError
from custody.errors import CustodyError
from custody.holdings import Package
from custody.moments import parse_moment
from custody.moves import ARCHIVIST
from custody.rules import Signer
from desk import daybars, openings
from desk.custodial import Where
from desk.web.asking import code_of
from desk.web.gate import SignedIn
from desk.web.permits import permit_of
from desk.web.room import InRoom, Room
from desk.web.signing import Signing, signing_of, signing_roles

router = APIRouter(include_in_schema=False)
PAGE = Where("page")
FINDINGS = ("intact", "damaged", "broken", "missing")
FIELDS = ("package", "decision", "reason", "numbers", "found", "until")


@router.get("/openings")
def show_openings(request: Request, room: InRoom, known: SignedIn, package: str = "", done: str = "") -> Response:
    """Show what is open, and the form on which the next box is opened."""
    values = look(room, known)
    return room.showing.page(
        request, "openings.html", **values, given=defaultdict(str, package=package), failed=None, done=done
    )


@router.post("/openings")
async def open_box(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Open a sealed box, signed by who allows it, by the archivist, and by a witness."""
    form = await request.form()
    return await run_in_threadpool(_open, request, room, known, form)


def _open(request: Request, room: Room, known: Any, form: FormData) -> Response:
    given = {name: str(form.get(name, "")).strip() for name in FIELDS}
    code = code_of(given["package"])
    try:
        signing = signing_of(room, known, form)
        asked = openings.Asked(
            given["decision"],
            given["reason"],
            tuple(given["numbers"].replace(",", " ").split()),
            archivist_of(signing),
            given["found"] or "intact",
            given["until"],
        )
        openings.open_box(room.office, code, asked, signing, PAGE)
    except (CustodyError, ArchiveError) as refused:
        values = look(room, known)
        return room.showing.page(
            request, "openings.html", status=422, **values, given=defaultdict(str, given), failed=refused, done=""
        )
    room.recent.forget()
    return RedirectResponse(f"/openings?done={code}", 303)


def look(room: Room, known: Any) -> dict[str, Any]:
    """Return what the page shows: open boxes by their deadline."""
    now = room.office.clock.now()
    opened = openings.opened(room.office)
    return {
        "opened": [(each, deadline_of(each), (deadline_of(each) or now) < now) for each in opened],
        "findings": FINDINGS,
        "roles": signing_roles(known),
        "names": daybars.names_of(room.office),
        "may_open": bool(known.person.roles & permit_of("POST", "/openings")),
    }


def deadline_of(box: Package) -> datetime | None:
    """Return by when an open box must be sealed again, None where that cannot be read."""
    try:
        return parse_moment(box.deadline)
    except CustodyError:
        return None


def archivist_of(signing: Signing) -> str:
    """Return who answers for the open box: whoever signs as archivist, else the first of the others on the form."""
    first = signing[0]
    if isinstance(first, Signer) and first.role == ARCHIVIST:
        return first.code
    others = [each[0] for each in signing[1:] if not isinstance(each, Signer)]
    named = next((each for each in others if each.endswith(f":{ARCHIVIST}")), others[0] if others else "")
    return named.partition(":")[0].upper()
