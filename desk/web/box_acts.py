"""The acts of packages as forms, one page each: what was typed is kept beside a refusal, the PINs never are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from archive import people
from archive.errors import ArchiveError
from archive.sessions import Known
from custody.errors import CustodyError
from custody.holdings import Package
from desk import box_lists, boxes, counts, custodial, dossier_moves
from desk.box_entries import ACTS
from desk.box_lists import Sifted
from desk.papers import retention_of
from desk.web import filled
from desk.web.box_forms import DEADLINES, roles_given, signing_with_pin, told_of
from desk.web.boxes import HERE, box_code, places_at_hand
from desk.web.entering import person_code
from desk.web.filled import Filled
from desk.web.gate import InRoom, SignedIn
from desk.web.room import Room
from desk.web.signing import first_signer, signing_roles
from desk.words import translator

router = APIRouter(include_in_schema=False)
Code = Annotated[str, Path(max_length=200)]
Answer = Callable[..., Response]
APPLYING = frozenset({"seal", "reseal", "clear"})
# For these one more may sign, and need not.
ONE_MORE = frozenset({"move", "receive", "refuse"})


@router.get("/packages/{code}/add")
def ask_codes(request: Request, room: InRoom, known: SignedIn, code: Code) -> Response:
    """Ask for the codes of dossiers."""
    return show_adding(request, room, known, box_code(code))


@router.post("/packages/{code}/add")
def add(request: Request, room: InRoom, known: SignedIn, code: Code, form: Filled) -> Response:
    """Put dossiers into a package; where a code is refused nothing goes in, unless the good ones are asked for."""
    code, sifted = box_code(code), None
    try:
        signer = first_signer(known, role_for("add", known))
        sifted = box_lists.sift(room.office, code, filled.lines_of(form, "codes"), signer)
        if sifted.good and (not sifted.refused or filled.text_of(form, "good")):
            chosen = [each.code for each in sifted.good]
            counted = dossier_moves.Counted(custodial.local_now(room.office).date())
            custodial.perform(
                room.office,
                lambda _holdings, session: dossier_moves.moved(session, chosen, "package", code, counted),
                [signer],
                where=HERE,
            )
            return RedirectResponse(f"/packages/{code}?done=added", 303)
        if not sifted.refused:
            raise CustodyError("dossiers-absent")
    except (CustodyError, ArchiveError) as refused:
        return show_adding(request, room, known, code, form, refused, sifted)
    return show_adding(request, room, known, code, form, None, sifted)


@router.get("/packages/{code}/count")
def ask_count(request: Request, room: InRoom, known: SignedIn, code: Code) -> Response:
    """Ask one person for a count; nobody else's is shown."""
    return show_counting(request, room, known, box_code(code))


@router.post("/packages/{code}/count")
def count(request: Request, room: InRoom, known: SignedIn, code: Code, form: Filled) -> Response:
    """Seal the count of whoever gives code and PIN: the person signed in, or whoever took the seat."""
    code = box_code(code)
    try:
        person = person_code(room, filled.text_of(form, "signer")) or known.person.code
        dossiers, leaves = filled.number_of(form, "dossiers"), filled.number_of(form, "leaves_counted")
        if dossiers is None or leaves is None:
            raise CustodyError("count-unusable", counted=[])
        counts.keep(room.office, code, (person, str(form.get("pin", ""))), (dossiers, leaves))
    except (CustodyError, ArchiveError) as refused:
        return show_counting(request, room, known, code, form, refused)
    return RedirectResponse(f"/packages/{code}/count?done=kept", 303)


@router.post("/packages/{code}/count/withdraw")
def withdraw(room: InRoom, known: SignedIn, code: Code) -> Response:
    """Take one's own count back: nothing was signed with it."""
    code = box_code(code)
    counts.withdraw(room.office, code, known.person.code)
    return RedirectResponse(f"/packages/{code}/count?done=withdrawn", 303)


def show_adding(
    request: Request,
    room: Room,
    known: Known,
    code: str,
    form: FormData | None = None,
    refused: ArchiveError | CustodyError | None = None,
    sifted: Sifted | None = None,
) -> Response:
    """Show the form for codes, with those that were refused by name."""
    inside = box_lists.look(room.office, code)
    may_do("add", inside.box, known)
    values: dict[str, Any] = {"typed": filled.kept(form), "refused": refused, "sifted": sifted}
    status = 422 if refused or sifted else 200
    return room.showing.page(
        request, "boxadd.html", status=status, **values, inside=inside, box=inside.box, spoken=box_lists.spoken
    )


def show_counting(
    request: Request,
    room: Room,
    known: Known,
    code: str,
    form: FormData | None = None,
    refused: ArchiveError | CustodyError | None = None,
) -> Response:
    """Show the form for a count, and who has counted by now."""
    with room.office.database.reading() as session:
        names = box_lists.names(session)
    box, _contents = custodial.look(room.office, code)
    may_do("count", box, known)
    values: dict[str, Any] = {
        "typed": filled.kept(form),
        "refused": refused,
        "done": request.query_params.get("done", ""),
    }
    return room.showing.page(
        request,
        "boxcount.html",
        status=422 if refused else 200,
        **values,
        box=box,
        counted=counts.counted(room.office, code),
        names=names,
        spoken=box_lists.spoken,
    )


def show_act(
    request: Request,
    room: Room,
    known: Known,
    name: str,
    code: str,
    form: FormData | None = None,
    refused: ArchiveError | CustodyError | None = None,
) -> Response:
    """Show the form of an act."""
    inside = box_lists.look(room.office, code)
    may_do(name, inside.box, known)
    with room.office.database.reading() as session:
        everybody = [each for each in people.everyone(session) if each.active]
        rolls = box_lists.next_seals(session) if name in APPLYING else []
    wanted = boxes.move_of(name).signatures
    return room.showing.page(
        request,
        "boxact.html",
        status=422 if refused else 200,
        act=name,
        box=inside.box,
        inside=inside,
        typed=filled.kept(form),
        refused=refused,
        people=everybody,
        rolls=rolls,
        names={each.code: each.name for each in everybody},
        roles=[each for each in signing_roles(known) if boxes.may_sign(name, {each})],
        others=max(0, len(wanted) - 1),
        is_optional=name in ONE_MORE,
        wanted=[sorted(each.roles) for each in wanted],
        needs_count=name in boxes.COUNTED,
        counted=[person for person, _ in inside.counted],
        classes=retention_of(inside.classes, translator(room.showing.language(request))),
        spoken=box_lists.spoken,
        today_ends=custodial.until(room.office, "")[:16] if name in DEADLINES else "",
        **places_at_hand(room),
    )


def do_act(request: Request, room: Room, known: Known, name: str, code: str, form: FormData) -> Response:
    """Do an act as its form says, and show the package then."""
    try:
        signing = roles_given(room, name, signing_with_pin(room, name, known, form))
        told = told_of(room, name, code, signing, form)
        reason, text = filled.text_of(form, "reason"), filled.text_of(form, "text")
        with filled.photos_of(form) as photos:
            boxes.act(room.office, name, code, told, signing, reason=reason, photos=photos, text=text, where=HERE)
    except (CustodyError, ArchiveError) as refused:
        return show_act(request, room, known, name, code, form, refused)
    return RedirectResponse(f"/packages/{code}?done={name}", 303)


def may_do(name: str, box: Package, known: Known) -> None:
    """Refuse an act that the state of a package does not allow now; CustodyError "act-not-now"."""
    if name not in boxes.allowed(box, signing_roles(known)):
        raise CustodyError("act-not-now", package=box.code, state=box.state)


def role_for(name: str, known: Known) -> str:
    """Return the role in which a person signs an act alone; "" leaves it to their first."""
    return next((each for each in signing_roles(known) if boxes.may_sign(name, {each})), "")


def _asking(name: str) -> Answer:
    def ask(request: Request, room: InRoom, known: SignedIn, code: Code) -> Response:
        return show_act(request, room, known, name, box_code(code))

    return ask


def _doing(name: str) -> Answer:
    def do(request: Request, room: InRoom, known: SignedIn, code: Code, form: Filled) -> Response:
        return do_act(request, room, known, name, box_code(code), form)

    return do


for _act in ACTS:
    router.add_api_route(f"/packages/{{code}}/{_act}", _asking(_act), methods=["GET"])
    router.add_api_route(f"/packages/{{code}}/{_act}", _doing(_act), methods=["POST"])
