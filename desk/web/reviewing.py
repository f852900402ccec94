"""The review desk: the queue of pages that want eyes, and one page a screen with all that can be done about it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from archive.errors import ArchiveError
from archive.sessions import Known
from custody.errors import CustodyError
from custody.rules import Signer
from desk import box_lists, dossiers, filing, reviewing
from desk.messages_page_review import REASONS
from desk.web import filled
from desk.web.filled import Filled
from desk.web.gate import InRoom, SignedIn
from desk.web.room import Room
from desk.web.showing import to_query
from desk.web.signing import first_signer

router = APIRouter(include_in_schema=False)
ROWS, CHOICES = 50, 8
ScanId = Annotated[str, Path(max_length=64)]
PageNumber = Annotated[int, Path(ge=1, le=1_000_000)]


@router.get("/review")
def show_queue(request: Request, room: InRoom, start: Annotated[int, Query(ge=0, le=1_000_000)] = 0) -> Response:
    """List the pages that want eyes, the worst first."""
    queue = reviewing.waiting(room.office, ROWS, start)
    return room.showing.page(
        request, "review.html", queue=queue, reasons=REASONS, start=start, step=ROWS, first=reviewing.first(room.office)
    )


@router.get("/review/{public_id}/{number}")
def show_one(
    request: Request,
    room: InRoom,
    known: SignedIn,
    public_id: ScanId,
    number: PageNumber,
    done: Annotated[str, Query(max_length=16)] = "",
    at: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """Show one page with its reasons; `done` and `at` tell what was just done to which page."""
    last = (done, *at.rsplit("/", 1)) if done in reviewing.ACTS and "/" in at else None
    return show_form(request, room, known, (public_id, number), last=last)


@router.post("/review/{public_id}/{number}")
def act(
    request: Request, room: InRoom, known: SignedIn, public_id: ScanId, number: PageNumber, form: Filled
) -> Response:
    """Do what was pressed, and show the next page that waits."""
    name, office = filled.text_of(form, "act"), room.office
    by, seen = keeper_of(known), filled.text_of(form, "seen")
    told = form.get("text", "")
    after = reviewing.look(office, public_id, number).following
    try:
        if name == reviewing.CORRECT:
            reviewing.correct(office, public_id, number, told if isinstance(told, str) else "", by, seen)
        elif name == reviewing.BLANK:
            reviewing.call_blank(office, public_id, number, by, seen)
        elif name == reviewing.ACCEPT:
            reviewing.accept(office, public_id, number, by, seen)
        elif name == reviewing.UNDO:
            reviewing.undo(office, public_id, number, by, seen)
        elif name == reviewing.ATTACH:
            chosen = filled.text_of(form, "chosen") or filled.text_of(form, "dossier")
            reviewing.attach(office, public_id, number, chosen, filled.number_of(form, "last"), by)
        else:
            raise ArchiveError("review-act-unknown", act=name)
    except (ArchiveError, CustodyError) as refused:
        return show_form(request, room, known, (public_id, number), form, refused)
    room.sheet.forget()
    if name in (reviewing.UNDO, reviewing.ATTACH):
        after = (public_id, number)
    query = to_query({"done": name, "at": f"{public_id}/{number}"})
    where = after or reviewing.first(office) or (public_id, number)
    return RedirectResponse(f"/review/{where[0]}/{where[1]}{query}", 303)


def show_form(
    request: Request,
    room: Room,
    known: Known,
    place: tuple[str, int],
    form: FormData | None = None,
    refused: ArchiveError | CustodyError | None = None,
    last: tuple[str, ...] | None = None,
) -> Response:
    """Show a page under review; beside a refusal, what was typed stands as it was."""
    found = reviewing.look(room.office, *place)
    told = form.get("text") if form else None
    typed = filled.kept(form)
    sought = typed["dossier"]
    wanted = dossiers.Wanted(words=sought)
    choices = dossiers.listed(room.office, wanted, CHOICES, 0) if refused and sought else []
    is_changed = refused is not None and refused.code == "page-changed"
    with room.office.database.reading() as session:
        names = box_lists.names(session)
    return room.showing.page(
        request,
        "reviewpage.html",
        status=409 if is_changed else 422 if refused else 200,
        found=found,
        scan=found.scan,
        page=found.page,
        text=told if isinstance(told, str) else found.page.text,
        is_changed=is_changed,
        typed=typed,
        refused=refused,
        choices=choices,
        names=names,
        last=last,
        may_act=bool({each.value for each in known.person.roles} & set(filing.KEEPERS)),
        waiting=reviewing.count(room.office),
    )


def keeper_of(known: Known) -> Signer:
    """Return the person signed in as clerk or archivist; CustodyError "signer-without-role" where they are neither."""
    roles = {each.value for each in known.person.roles}
    return first_signer(known, next((each for each in filing.KEEPERS if each in roles), filing.KEEPERS[0]))
