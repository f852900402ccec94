"""Places and guard posts on pages: the tree level by level, ranges with a preview, labels; for the administrator."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from archive import places, posts
from archive.errors import ArchiveError
from archive.places import Place, PlaceKind
from archive.posts import Watch
from desk import administering, papers_asked
from desk.web.gate import SignedIn
from desk.web.room import InRoom, Room
from desk.web.showing import to_query
from desk.web.staff import Then, agree, pdf
from desk.web.station import local_path
from labels.errors import LabelError

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=500)]
At = Annotated[str, Query(max_length=500)]
Watches = Annotated[str, Form(max_length=2000)]
# Labels of a whole store are thousands of pages; a browser waits for so many.
MOST_LABELS = 2000


@router.get("/places")
def show_places(request: Request, room: InRoom, at: At = "", done: str = "") -> Response:
    """Show what stands in a place, or the stores of the office."""
    return _places(request, room, at, done=done)


@router.post("/places")
def add_place(
    request: Request, room: InRoom, known: SignedIn, name: Text, kind: Text, at: Text = "", then: Then = ""
) -> Response:
    """Add one place."""
    try:
        made = administering.add_place(room.office, known.person.code, at, kind, name)
    except ArchiveError as refused:
        return _places(request, room, at, status=422, failed=refused, given={"name": name, "kind": kind, "then": then})
    return _go_on(then, f"/places{to_query({'at': made.code, 'done': 'added'})}")


@router.post("/places/ranges")
def add_ranges(
    request: Request, room: InRoom, known: SignedIn, at: Text = "", shelf: Text = "", bay: Text = "",
    level: Text = "", room_range: Text = "", act: Text = "look", then: Then = "",
) -> Response:  # fmt: skip  # the fields of a form
    """Say how many places ranges would make, or, with `act` = write, write them down."""
    given = {"room_range": room_range, "shelf": shelf, "bay": bay, "level": level, "then": then}
    try:
        ranges = ranges_of(given)
        if act != "write":
            planned = administering.preview_ranges(room.office, at, ranges)
            return _places(request, room, at, given=given, planned=planned)
        made = administering.add_ranges(room.office, known.person.code, at, ranges)
    except ArchiveError as refused:
        return _places(request, room, at, status=422, failed=refused, given=given)
    return _go_on(then, f"/places{to_query({'at': at, 'done': f'{len(made)}'})}")


@router.post("/places/labels")
def print_labels(room: InRoom, known: SignedIn, at: Text, inside: Text = "", stock: Text = "place") -> Response:
    """Draw the label of a place, or of everything in it."""
    try:
        with room.office.database.reading() as session:
            count = len(places.inside(session, places.find(session, at).path)) if inside else 1
        if count > MOST_LABELS:
            raise ArchiveError("labels-too-many", count=count, limit=MOST_LABELS)
        drawn = papers_asked.place_labels(room.office, known.person.code, at, inside=bool(inside), stock=stock)
    except LabelError as refused:
        raise ArchiveError(refused.code, **refused.facts) from refused
    return pdf(drawn, "places.pdf")


def ranges_of(given: dict[str, str]) -> list[str]:
    """Return the ranges of a form as `places.read_range` reads them, the widest first; empty fields make none."""
    kinds = (("room", "room_range"), ("shelf", "shelf"), ("bay", "bay"), ("level", "level"))
    return [f"{kind}={given[field].strip()}" for kind, field in kinds if given.get(field, "").strip()]


@router.get("/posts")
def show_posts(request: Request, room: InRoom, done: str = "") -> Response:
    """List the guard posts with what they need."""
    return _posts(request, room, done=done)


@router.post("/posts")
def add_post(
    request: Request, room: InRoom, known: SignedIn, code: Text, name: Text, place: Text = "", watches: Watches = "",
    then: Then = "",
) -> Response:  # fmt: skip  # the fields of a form
    """Add a guard post."""
    try:
        made = administering.add_post(
            room.office, known.person.code, code=code, name=name, place=place, watches=watches_of(watches)
        )
    except ArchiveError as refused:
        given = {"code": code, "name": name, "place": place, "watches": watches, "then": then}
        return _posts(request, room, status=422, failed=refused, given=given)
    return _go_on(then, f"/posts?done={made.code}")


@router.post("/posts/{code}/watches")
def change_post(
    request: Request, room: InRoom, known: SignedIn, code: Annotated[str, Path(max_length=32)], watches: Watches = ""
) -> Response:
    """Give a post other watches from now on."""
    try:
        made = administering.change_post(room.office, known.person.code, code, watches_of(watches))
    except ArchiveError as refused:
        return _posts(request, room, status=422, failed=refused, changed={code: watches})
    return RedirectResponse(f"/posts?done={made.code}", 303)


@router.post("/posts/{code}/retire")
def retire_post(
    request: Request,
    room: InRoom,
    known: SignedIn,
    code: Annotated[str, Path(max_length=32)],
    sure: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Give a post up, once that was agreed to."""
    try:
        agree(sure)
        left = administering.retire_post(room.office, known.person.code, code)
    except ArchiveError as refused:
        return _posts(request, room, status=422, failed=refused)
    return RedirectResponse(f"/posts?done={left.code}", 303)


def _go_on(then: str, otherwise: str) -> Response:
    return RedirectResponse(local_path(then) if then else otherwise, 303)


def watches_of(text: str) -> list[Watch]:
    """Return the watches of a field with one on each line; PostError "watch-unusable"."""
    return [posts.read_watch(line) for line in text.replace(";", "\n").splitlines() if line.strip()]


def _places(
    request: Request,
    room: Room,
    at: str,
    *,
    status: int = 200,
    done: str = "",
    given: dict[str, Any] | None = None,
    planned: administering.Planned | None = None,
    failed: ArchiveError | None = None,
) -> Response:
    with room.office.database.reading() as session:
        here = places.find(session, at) if at else None
        values = about_places(session, here)
    return room.showing.page(
        request,
        "places.html",
        status=status,
        at=at,
        here_place=here,
        given=given or {},
        planned=planned,
        failed=failed,
        done=done,
        most_labels=MOST_LABELS,
        stocks=papers_asked.STOCK_NAMES,
        **values,
    )


def about_places(session: Session, here: Place | None) -> dict[str, Any]:
    """Return what a page about a place shows: the steps to it, what stands in it, and how much stands in each."""
    found = places.inside(session, here.path if here else None)
    depth = here.path.count("/") + 1 if here else 0
    children = [each for each in found if each.path.count("/") == depth]
    counts = Counter(each.path.split("/")[depth] for each in found if each.path.count("/") > depth)
    steps = []
    if here:
        names = here.path.split("/")
        steps = [places.find(session, "/".join(names[: number + 1])) for number in range(len(names) - 1)]
    kinds = list(PlaceKind)
    inner = kinds[kinds.index(here.kind) + 1 :] if here else kinds
    return {"children": children, "counts": counts, "steps": steps, "kinds": inner, "total": len(found)}


def _posts(
    request: Request,
    room: Room,
    *,
    status: int = 200,
    done: str = "",
    given: dict[str, str] | None = None,
    changed: dict[str, str] | None = None,
    failed: ArchiveError | None = None,
) -> Response:
    with room.office.database.reading() as session:
        every = posts.every(session)
        guarded = {each.code: each.path for each in places.inside(session, None) if each.code in _codes(every)}
    return room.showing.page(
        request,
        "posts.html",
        status=status,
        posts=every,
        guarded=guarded,
        given=given or {},
        changed=changed or {},
        done=done,
        failed=failed,
    )


def _codes(every: list[posts.Post]) -> set[str]:
    return {each.place for each in every if each.place}
