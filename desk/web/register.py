"""The register of what must exist, from a page: an empty list to fill in, a list looked at, and then imported."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from archive import catalogue
from archive.errors import ArchiveError
from archive.register_template import text_template, workbook_template
from custody.errors import CustodyError
from desk import dossier_pages, list_uploads, registering
from desk.list_uploads import Upload
from desk.register_words import ENCODINGS, FIELD_WORDS
from desk.registering import Look
from desk.web import filled
from desk.web.files import attachment
from desk.web.filled import Filled
from desk.web.gate import InRoom, SignedIn
from desk.web.room import Room
from desk.web.signing import first_signer, signing_roles

router = APIRouter(include_in_schema=False)
MOST_SHOWN = 200
TEMPLATES = {
    "xlsx": (workbook_template, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (text_template, "text/csv; charset=utf-8"),
}
KEEPERS = ("clerk", "archivist")


@router.get("/register/import")
def ask_list(
    request: Request,
    room: InRoom,
    known: SignedIn,
    added: Annotated[int | None, Query(ge=0)] = None,
    amended: Annotated[int | None, Query(ge=0)] = None,
    unchanged: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """Ask for a list, or say what the import that was just made has written."""
    return show_form(request, room, done=(added, amended, unchanged) if added is not None else None)


@router.post("/register/import")
def look_at_list(request: Request, room: InRoom, known: SignedIn, form: Filled) -> Response:
    """Read an uploaded list and show what was understood, with every fault; nothing is written yet."""
    fonds = filled.text_of(form, "fonds")
    try:
        upload = upload_of(room, form)
        seen = registering.look(room.office, upload.raw, upload.name, fonds, filled.text_of(form, "sheet") or None)
    except (CustodyError, ArchiveError) as refused:
        return show_form(request, room, form=form, refused=refused)
    return show_look(request, room, upload, seen)


@router.post("/register/import/write")
def write_list(request: Request, room: InRoom, known: SignedIn, form: Filled) -> Response:
    """Write a list that was looked at into the register, signed by whoever is signed in; twice changes nothing."""
    try:
        upload = list_uploads.find(room.office, filled.text_of(form, "list"), filled.text_of(form, "name"))
        sheet, fonds = filled.text_of(form, "sheet") or None, filled.text_of(form, "fonds")
        seen = registering.look(room.office, upload.raw, upload.name, fonds, sheet)
        if seen.faults and not filled.text_of(form, "good"):
            return show_look(request, room, upload, seen, status=422)
        role = next((each for each in signing_roles(known) if each in KEEPERS), "")
        recorder = registering.in_the_log(room.office, [first_signer(known, role)])
        batch = registering.write(room.office, seen, recorder)
    except (CustodyError, ArchiveError) as refused:
        return show_form(request, room, form=form, refused=refused)
    list_uploads.drop(room.office, upload)
    counts = f"added={len(batch.added)}&amended={len(batch.amended)}&unchanged={batch.unchanged}"
    return RedirectResponse(f"/register/import?{counts}", 303)


@router.post("/register/fonds")
def add_fonds(request: Request, room: InRoom, known: SignedIn, form: Filled) -> Response:
    """Add a fonds, so that a list can be brought into it."""
    try:
        with room.office.database.atomic() as session:
            name = filled.text_of(form, "name")
            catalogue.add_fonds(session, filled.text_of(form, "code"), name, "", room.office.clock.now())
    except ArchiveError as refused:
        return show_form(request, room, form=form, refused=refused)
    return RedirectResponse("/register/import", 303)


@router.get("/register/template/{kind}")
def give_template(kind: str) -> Response:
    """Give an empty list to fill in, as a workbook or as text."""
    if kind not in TEMPLATES:
        raise ArchiveError("list-kind-unknown", path=kind)
    make, media_type = TEMPLATES[kind]
    headers = {"Content-Disposition": attachment(f"Mục lục hồ sơ.{kind}")}
    return Response(make(), media_type=media_type, headers=headers)


def upload_of(room: Room, form: FormData) -> Upload:
    """Return the list that was sent with a form, or the one that was sent before and is looked at again."""
    sent = form.get("file")
    if isinstance(sent, UploadFile) and sent.filename:
        return list_uploads.keep(room.office, sent.file, sent.filename)
    return list_uploads.find(room.office, filled.text_of(form, "list"), filled.text_of(form, "name"))


def show_form(
    request: Request,
    room: Room,
    form: FormData | None = None,
    refused: ArchiveError | CustodyError | None = None,
    done: tuple[int | None, ...] | None = None,
) -> Response:
    """Show the form for a list."""
    return room.showing.page(
        request,
        "registerimport.html",
        status=422 if refused else 200,
        every_fonds=dossier_pages.fonds(room.office),
        typed=filled.kept(form),
        refused=refused,
        done=done,
    )


def show_look(request: Request, room: Room, upload: Upload, seen: Look, status: int = 200) -> Response:
    """Show how a list was understood, what is wrong with it, and what importing it would do."""
    values: dict[str, Any] = {"fields": FIELD_WORDS, "encodings": ENCODINGS, "most": MOST_SHOWN}
    faulty = len({each.row for each in seen.faults if each.row})
    return room.showing.page(
        request, "registerlook.html", status=status, **values, upload=upload, seen=seen, how=seen.reading.understood,
        faulty=faulty,
    )  # fmt: skip  # what the page shows
