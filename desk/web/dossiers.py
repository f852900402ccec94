"""The pages of dossiers: the list, and one with its register, place, way and scans; and its acts as forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from archive import people
from archive.errors import ArchiveError
from archive.sessions import Known
from custody.errors import CustodyError
from custody.projections import Projections
from desk import box_lists, custodial, dossier_acts, dossier_pages, dossiers, paper_orders
from desk.dossier_acts import ACTS, Told
from desk.enclosures import text_of as reason_of
from desk.entry_words import kind_in_words
from desk.papers import retention_of
from desk.register_words import FIELD_WORDS
from desk.web import filled
from desk.web.boxes import HERE, box_code, places_at_hand
from desk.web.entering import person_code
from desk.web.files import SANDBOX, attachment
from desk.web.filled import Filled
from desk.web.gate import InRoom, SignedIn, person_of
from desk.web.room import Room
from desk.web.signing import signing_of, signing_roles
from desk.words import Words, translator

router = APIRouter(include_in_schema=False)
ROWS = 50
STATES = ("registered", "on-shelf", "in-package", "at-station", "on-loan", "missing", "found", "in-review",
          "transferred", "destroyed")  # fmt: skip  # one list
Reference = Annotated[str, Path(max_length=300)]
Word = Annotated[str, Query(max_length=200)]
Answer = Callable[..., Response]
DEADLINES = frozenset({"station", "lend"})


@router.get("/dossiers")
def show_dossiers(
    request: Request,
    room: InRoom,
    q: Word = "",
    fonds: Annotated[str, Query(max_length=40)] = "",
    state: Annotated[str, Query(max_length=16)] = "",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """List dossiers by words of title or code, fonds and state."""
    wanted = dossiers.Wanted(state=state if state in STATES else "", fonds=fonds, words=q)
    found = dossiers.listed(room.office, wanted, ROWS + 1, start)
    with room.office.database.reading() as session:
        names = box_lists.names(session)
    return room.showing.page(
        request,
        "dossiers.html",
        rows=found[:ROWS],
        more=len(found) > ROWS,
        wanted=wanted,
        start=start,
        step=ROWS,
        states=STATES,
        every_fonds=dossier_pages.fonds(room.office),
        names=names,
    )


@router.post("/dossiers/{code:path}/cover")
def give_cover(room: InRoom, known: SignedIn, code: Reference) -> Response:
    """Print the cover sheet of a dossier."""
    whole = dossier_pages.look(room.office, code)
    made = paper_orders.cover(room.office, whole.code, known.person.code)
    headers = {"Content-Disposition": attachment(f"{whole.code.replace('/', '-')}-bia.pdf"), **SANDBOX}
    return Response(made.pdf, media_type="application/pdf", headers=headers)


def show_act(
    request: Request,
    room: Room,
    known: Known,
    name: str,
    code: str,
    form: FormData | None = None,
    refused: ArchiveError | CustodyError | None = None,
) -> Response:
    """Show the form of an act of a dossier."""
    whole = dossier_pages.look(room.office, code)
    if name not in acts_of(room, whole, known):
        state = whole.held.state if whole.held else ""
        raise CustodyError("move-not-allowed", about=whole.code, kind=ACTS[name][0], state=state)
    with room.office.database.reading() as session:
        everybody = [each for each in people.everyone(session) if each.active]
    wanted = dossier_acts.move_of(name).signatures
    roles = signing_roles(known)
    return room.showing.page(
        request,
        "dossieract.html",
        status=422 if refused else 200,
        act=name,
        whole=whole,
        typed=filled.kept(form, entry=request.query_params.get("entry", "")),
        refused=refused,
        people=everybody,
        roles=[each for each in roles if any(not one.roles or each in one.roles for one in wanted)],
        others=max(0, len(wanted) - 1),
        wanted=[sorted(each.roles) for each in wanted],
        today_ends=custodial.until(room.office, "")[:16],
        **places_at_hand(room),
    )


def do_act(request: Request, room: Room, known: Known, name: str, code: str, form: FormData) -> Response:
    """Do an act of a dossier as its form says, and show it then."""
    try:
        signing = signing_of(room, known, form)
        told = said_of(room, name, form)
        reason, text = filled.text_of(form, "reason"), filled.text_of(form, "text")
        with filled.photos_of(form) as photos:
            dossier_acts.act(
                room.office, name, code, told, signing, reason=reason, photos=photos, text=text, where=HERE
            )
    except (CustodyError, ArchiveError) as refused:
        return show_act(request, room, known, name, code, form, refused)
    return RedirectResponse(f"/dossiers/{code}?done={name}", 303)


def said_of(room: Room, name: str, form: FormData) -> Told:
    """Return what a form says of an act."""
    until, named = filled.text_of(form, "until"), filled.text_of(form, "signer")
    borrower = person_code(room, named).partition(":")[0] if name == "lend" else ""
    return Told(
        place=filled.text_of(form, "place"),
        package=box_code(filled.text_of(form, "package")),
        station=filled.text_of(form, "station"),
        receiver=borrower,
        permission=filled.text_of(form, "permission"),
        deadline=custodial.until(room.office, until) if name in DEADLINES else "",
        leaves=filled.number_of(form, "leaves"),
        differs=bool(filled.text_of(form, "differs")),
        incident=filled.text_of(form, "incident"),
        entry=filled.number_of(form, "entry"),
    )


def acts_of(room: Room, whole: dossier_pages.Whole, known: Known | None) -> list[str]:
    """Return the acts that a person may begin on a dossier now."""
    if whole.held is None or known is None:
        return []
    with room.office.database.reading() as session:
        return dossier_acts.allowed(Projections(session), whole.held, frozenset(signing_roles(known)))


def _asking(name: str) -> Answer:
    def ask(request: Request, room: InRoom, known: SignedIn, code: Reference) -> Response:
        return show_act(request, room, known, name, code)

    return ask


def _doing(name: str) -> Answer:
    def do(request: Request, room: InRoom, known: SignedIn, code: Reference, form: Filled) -> Response:
        return do_act(request, room, known, name, code, form)

    return do


for _act in ACTS:
    router.add_api_route(f"/dossiers/{{code:path}}/do/{_act}", _asking(_act), methods=["GET"])
    router.add_api_route(f"/dossiers/{{code:path}}/do/{_act}", _doing(_act), methods=["POST"])


# Last: the code of a dossier has slashes in it, and this address would take those of its acts for codes.
@router.get("/dossiers/{code:path}")
def show_dossier(
    request: Request, room: InRoom, code: Reference, done: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Show everything of one dossier."""
    whole = dossier_pages.look(room.office, code)
    known: Known | None = getattr(request.state, "known", None)
    who = person_of(request)
    with room.office.database.reading() as session:
        names = box_lists.names(session)
    return room.showing.page(
        request,
        "dossier.html",
        whole=whole,
        steps=[
            told(room, whole, each, names, translator(room.showing.language(request))) for each in reversed(whole.steps)
        ],
        acts=acts_of(room, whole, known),
        may_print=bool(who and whole.row and who.roles & {"clerk", "archivist"}),
        names=names,
        done=done,
        fields=FIELD_WORDS,
        facts=facts_of(whole, translator(room.showing.language(request))),
        most_thumbs=dossier_pages.MOST_THUMBS,
        deadline=datetime.fromisoformat(whole.held.deadline) if whole.held and whole.held.deadline else None,
        spoken=box_lists.spoken,
    )


def told(
    room: Room, whole: dossier_pages.Whole, step: tuple[int, Any, Any], names: Mapping[str, str], t: Words
) -> dict[str, Any]:
    """Return a step of a dossier as its page tells it."""
    seq, entry, stamp = step
    reason = getattr(entry, "reason", "") or getattr(entry, "decision", "") or getattr(entry, "permission", "")
    return {
        "seq": seq,
        "word": kind_in_words(entry.KIND, t, getattr(entry, "to", "")),
        "signers": [names.get(each, each) for each in stamp.by],
        "stamp": stamp,
        "to": getattr(entry, "to", ""),
        "where": getattr(entry, "where", "") or getattr(entry, "receiver", "") or getattr(entry, "register", ""),
        "leaves": leaves_of(entry, whole.code),
        "reason": reason_of(room.office, reason) if reason else "",
        "incident": getattr(entry, "incident", ""),
        "corrects": getattr(entry, "corrects", None),
        "corrected": whole.corrected.get(seq),
        "says_leaves": entry.KIND in ("dossiers-registered", "dossier-amended"),
    }


def facts_of(whole: dossier_pages.Whole, t: Words) -> dict[str, str]:
    """Return what the register says beside title and leaves, by field, as people read it."""
    told = {name: str(value) for name, value in whole.facts.items() if value not in ("", None)}
    if "retention" in told:
        told["retention"] = retention_of([told["retention"]], t)
    return {name: told[name] for name in FIELD_WORDS if name in told and name not in ("title", "leaves", "ordinal")}


def leaves_of(entry: Any, code: str) -> int | None:
    """Return how many leaves an entry says a dossier has, None where it says nothing of this one alone."""
    if entry.KIND == "dossiers-registered":
        return next((leaves for each, leaves, _record in entry.dossiers if each == code), None)
    if len(getattr(entry, "dossiers", (code,))) > 1:
        return None
    found: int | None = getattr(entry, "counted", getattr(entry, "leaves", None))
    return found
