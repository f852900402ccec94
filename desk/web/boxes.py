"""The pages of packages: the list, a new one, and everything of one on one page, now or at a moment of the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from archive.errors import ArchiveError
from archive.refs import read_ref
from custody.entries_package import PackageDrafted
from custody.errors import CustodyError
from desk import box_lists, boxes, custodial, paper_orders, placing, resolving, tracing
from desk.box_lists import Wanted
from desk.enclosures import text_of as reason_of
from desk.entry_words import kind_in_words
from desk.tracing import Step
from desk.web import filled
from desk.web.files import SANDBOX, attachment
from desk.web.filled import Filled
from desk.web.gate import InRoom, SignedIn, person_of
from desk.web.permits import READERS, SIGNERS
from desk.web.room import Room
from desk.web.showing import to_query
from desk.web.signing import first_signer, signing_roles
from desk.words import Words, translator

router = APIRouter(include_in_schema=False)
ROWS = 50
HERE = custodial.Where("page")
STATES = ("live", "draft", "packed", "sealed", "in-transit", "opened", "suspect", "missing",
          "emptied", "handed-out", "lost", "void")  # fmt: skip  # one list
Code = Annotated[str, Path(max_length=200)]
Word = Annotated[str, Query(max_length=200)]


@router.get("/packages")
def show_boxes(
    request: Request,
    room: InRoom,
    state: Annotated[str, Query(max_length=16)] = "live",
    place: Annotated[str, Query(max_length=500)] = "",
    q: Word = "",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """List packages; a code, seal number or dossier that means one thing leads straight to it."""
    if q and (found := found_at(room, q)):
        return RedirectResponse(found, 303)
    wanted, refused = Wanted(state if state in STATES else "", place.strip(), q), None
    try:
        sheet = box_lists.listed(room.office, wanted, ROWS, start)
    except CustodyError as error:
        refused, sheet = error, box_lists.Sheet((), 0, {})
    with room.office.database.reading() as session:
        names = box_lists.names(session)
    values: dict[str, Any] = {
        "sheet": sheet,
        "wanted": wanted,
        "start": start,
        "step": ROWS,
        "states": STATES,
        "moment": moment_of,
        "refused": refused,
    }
    return room.showing.page(request, "boxes.html", **values, names=names, spoken=box_lists.spoken)


@router.get("/packages/places")
def suggest_places(request: Request, room: InRoom, place: Annotated[str, Query(max_length=500)] = "") -> Response:
    """Give places that fit what somebody types, as the options of a field."""
    with room.office.database.reading() as session:
        found = placing.suggested(session, place)
    return room.showing.page(request, "placelist.html", places=found)


@router.get("/packages/new")
def ask_new(request: Request, room: InRoom, known: SignedIn) -> Response:
    """Ask where a new package stands."""
    return room.showing.page(request, "boxnew.html", typed=filled.kept(None), refused=None, **places_at_hand(room))


@router.post("/packages/new")
def begin(request: Request, room: InRoom, known: SignedIn, form: Filled) -> Response:
    """Begin a package for whoever is signed in."""
    try:
        signer = first_signer(known, "clerk")
        with room.office.database.reading() as session:
            code = custodial.unused_code(session)
        entry = PackageDrafted(code, signer.code, filled.text_of(form, "place"))
        custodial.perform(room.office, lambda _holdings, _session: (entry,), [signer], where=HERE)
    except (CustodyError, ArchiveError) as refused:
        values = {"typed": filled.kept(form), "refused": refused, **places_at_hand(room)}
        return room.showing.page(request, "boxnew.html", status=422, **values)
    return RedirectResponse(f"/packages/{code}?done=begun", 303)


@router.get("/packages/{code}")
def show_box(
    request: Request,
    room: InRoom,
    code: Code,
    at: Annotated[str, Query(max_length=40)] = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show everything of one package and what may be done with it now; `at` also how it stood at a moment."""
    code = box_code(code)
    inside = box_lists.look(room.office, code)
    steps = tracing.history(room.office, code)
    then, then_at, refused = None, None, None
    if at:
        try:
            then_at = datetime.fromisoformat(custodial.until(room.office, at))
            then = tracing.at(room.office, code, then_at)
        except CustodyError as error:
            refused = CustodyError(error.code, **{**error.facts, "moment": then_at} if then_at else error.facts)
    roles = signing_roles(known) if (known := getattr(request.state, "known", None)) else []
    with room.office.database.reading() as session:
        names = box_lists.names(session)
    who = person_of(request)
    is_reader = who is None or bool(who.roles & READERS)
    papers = paper_orders.offered(inside.box, {each.entry.KIND for each in steps}, bool(inside.contents))
    return room.showing.page(
        request,
        "box.html",
        inside=inside,
        box=inside.box,
        steps=[told(room, each, names, translator(room.showing.language(request))) for each in reversed(steps)],
        clues=tracing.clues(room.office, code) if inside.box.state == "missing" else None,
        then=then,
        then_at=then_at,
        asked_at=at,
        at_refused=refused,
        acts=boxes.allowed(inside.box, roles),
        corrects=bool(who and who.roles & SIGNERS),
        papers=papers if who and who.roles & {"clerk", "archivist"} else [],
        names=names,
        is_reader=is_reader,
        hides_counts=not is_reader and inside.box.state in ("draft", "opened", "suspect"),
        done=done,
        spoken=box_lists.spoken,
        moment=moment_of,
    )


@router.post("/packages/{code}/papers/{paper}")
def give_paper(room: InRoom, known: SignedIn, code: Code, paper: Annotated[str, Path(max_length=20)]) -> Response:
    """Print a paper about a package; it is counted as printed by whoever is signed in."""
    made = paper_orders.order(room.office, box_code(code), paper, known.person.code)
    headers = {"Content-Disposition": attachment(made.name), **SANDBOX}
    return Response(made.pdf, media_type="application/pdf", headers=headers)


def box_code(text: str) -> str:
    """Return a package code as it is typed, spoken or scanned; what is none is passed on and refused by name."""
    ref = read_ref(text)
    return ref.code if ref else text


def found_at(room: Room, text: str) -> str:
    """Return the address of the one thing a text means: a package, the package a seal is on, or a dossier."""
    meaning = resolving.resolve(room.office, text).meaning
    if meaning is None:
        return ""
    if meaning.kind == resolving.BOX:
        return f"/packages/{meaning.code}"
    if meaning.kind == resolving.SEAL and meaning.where:
        return f"/packages/{meaning.where[0]}"
    if meaning.kind == resolving.PLACE:
        return f"/packages{to_query({'place': meaning.name})}"
    return f"/dossiers/{meaning.code}" if meaning.kind == resolving.DOSSIER else ""


def told(room: Room, step: Step, names: Mapping[str, str], t: Words) -> dict[str, Any]:
    """Return a step of a package as its page tells it; seals on the way are not told before they are compared."""
    reason = getattr(step.entry, "reason", "") or getattr(step.entry, "decision", "")
    return {
        "step": step,
        "word": kind_in_words(step.entry.KIND, t, getattr(step.entry, "to", "")),
        "signers": [names.get(each, each) for each in step.stamp.by],
        "reason": reason_of(room.office, reason) if reason else "",
        "incident": getattr(step.entry, "incident", ""),
        "finding": getattr(step.entry, "finding", ""),
        "dossiers": list(getattr(step.entry, "dossiers", ())),
        "seals": list(getattr(step.entry, "applied", ())),
    }


def moment_of(text: str) -> datetime | None:
    """Return a moment of an entry."""
    return datetime.fromisoformat(text) if text else None


def places_at_hand(room: Room) -> dict[str, Any]:
    """Return the places a field offers before anything is typed."""
    with room.office.database.reading() as session:
        return {"places": placing.suggested(session, "")}
