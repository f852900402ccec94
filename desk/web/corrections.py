"""The page on which a signed entry is corrected: what it says stands there, and what is right is added beside it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from archive import people
from archive.errors import ArchiveError
from archive.sessions import Known
from custody.errors import CustodyError
from desk import box_lists, corrections
from desk.entry_words import kind_in_words
from desk.web import filled
from desk.web.boxes import HERE
from desk.web.filled import Filled
from desk.web.gate import InRoom, SignedIn
from desk.web.room import Room
from desk.web.signing import signing_of, signing_roles
from desk.web.station import local_path
from desk.words import translator

router = APIRouter(include_in_schema=False)
Number = Annotated[int, Path(ge=0, le=2**62)]
# What a person recognises an entry by; digests and the like are left out.
TOLD = ("package", "dossier", "place", "destination", "decision", "finding", "read", "applied", "deadline", "where")


@router.get("/entries/{number}/correct")
def ask_correction(
    request: Request, room: InRoom, known: SignedIn, number: Number, back: Annotated[str, Query(max_length=300)] = "/"
) -> Response:
    """Show an entry and ask what is right."""
    return show_form(request, room, known, number, back)


@router.post("/entries/{number}/correct")
def correct(request: Request, room: InRoom, known: SignedIn, number: Number, form: Filled) -> Response:
    """Add the correction, and go back to where the entry was read."""
    back = local_path(filled.text_of(form, "back") or "/")
    try:
        with filled.photos_of(form) as photos:
            signing, text = signing_of(room, known, form), filled.text_of(form, "text")
            corrections.correct(room.office, number, signing, text=text, photos=photos, where=HERE)
    except (CustodyError, ArchiveError) as refused:
        return show_form(request, room, known, number, back, form, refused)
    return RedirectResponse(f"{back}#entry-{number}", 303)


def show_form(
    request: Request,
    room: Room,
    known: Known,
    number: int,
    back: str,
    form: FormData | None = None,
    refused: ArchiveError | CustodyError | None = None,
) -> Response:
    """Show the form of a correction."""
    entry, stamp = corrections.look(room.office, number)
    facts: dict[str, Any] = asdict(entry)  # type: ignore[call-overload]  # every entry is a dataclass
    with room.office.database.reading() as session:
        names = box_lists.names(session)
        everybody = [each for each in people.everyone(session) if each.active]
    t = translator(room.showing.language(request))
    return room.showing.page(
        request,
        "correction.html",
        status=422 if refused else 200,
        number=number,
        word=kind_in_words(entry.KIND, t, getattr(entry, "to", "")),
        stamp=stamp,
        signers=[names.get(each, each) for each in stamp.by],
        facts=[(name, facts[name]) for name in TOLD if facts.get(name)],
        back=local_path(back),
        typed=filled.kept(form),
        refused=refused,
        people=everybody,
        roles=signing_roles(known),
    )
