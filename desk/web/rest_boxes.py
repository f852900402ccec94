"""Packages over REST: lists, one with its way, and every act that pages have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from archive.people import Person
from custody.entries_package import PackageDrafted
from custody.errors import CustodyError
from custody.holdings import Package
from desk import box_lists, boxes, counts, custodial, dossier_moves, paper_orders, tracing
from desk.box_entries import ACTS
from desk.box_lists import Wanted
from desk.web.box_acts import role_for
from desk.web.box_forms import roles_given, signing_with_pin, told_of
from desk.web.boxes import STATES, box_code
from desk.web.entering import person_code
from desk.web.files import SANDBOX, attachment
from desk.web.gate import InRoom, SignedIn, person_of
from desk.web.once import DoOnce
from desk.web.permits import READERS
from desk.web.rest import PDF, Cursor, Limit, Page, Recorded, offset_of, page_of, recorded, router_of, where_of
from desk.web.rest_bodies import BlindCount, BoxAct, Codes, NewBox, photos_as_files
from desk.web.room import Room
from desk.web.signing import first_signer

router = router_of("packages")
Code = Annotated[str, Path(max_length=200, description="Code of the package, as printed.", examples=["7K3M9QXZ2"])]
# What a guard who will count must not be shown before.
UNCOUNTED = frozenset({"draft", "opened", "suspect"})
ONE_LINE = {
    "pack": "Close a package whose dossiers two people counted blind: own_pin and one signer, whose counts are opened.",
    "seal": "Seal it: numbers, place, photos, one signer; keeps says who answers for it.",
    "check": "Check its seals: numbers as read, found.",
    "move": "Hand it from one person to another, or to another place: place, one signer.",
    "send": "Send it: destination, until, one signer.",
    "receive": "Take it in after it was sent: numbers, found, place.",
    "refuse": "Refuse it on arrival: numbers, found, reason.",
    "open": "Open it: decision, reason, numbers, found, until; leader, archivist and witness sign.",
    "reseal": "Seal it again: numbers, own_pin and one signer after two blind counts.",
}


class Box(BaseModel):
    """A package. Seals and counts are null for those who must not know them before they look or count."""

    code: str = Field(description="Its code.")
    state: str = Field(description="draft, packed, sealed, in-transit, opened, suspect, missing, or how it ended.")
    custodian: str = Field(description="Code of who answers for it.")
    place: str = Field(description="Path of its place.")
    seals: list[str] | None = Field(description="Seal numbers on it.")
    dossiers: int | None = Field(description="Dossiers in it.")
    leaves: int | None = Field(description="Leaves in it.")
    deadline: str = Field(description="By when it must be sealed again or arrive, empty where there is none.")
    checked: str = Field(description="When its seals were checked last.")
    entry: int = Field(description="The last entry about it; changes with every act.")


class BoxWhole(BaseModel):
    """A package with its contents."""

    package: Box
    contents: list[str] | None = Field(description="Codes of the dossiers in it.")
    acts: list[str] = Field(description="Acts its state and the token's roles allow now.")


class BoxStep(BaseModel):
    """One step on the way of a package."""

    seq: int = Field(description="The entry.")
    kind: str = Field(description="Its kind.")
    at: datetime = Field(description="When, by the station's clock.")
    by: list[str] = Field(description="Who signed.")
    state: str = Field(description="Its state after it.")
    custodian: str = Field(description="Who answered for it then.")
    place: str = Field(description="Where it was then.")
    corrected: list[int] = Field(description="Entries that correct this one.")


def shown(box: Package, who: Person | None) -> Box:
    """Return a package as a person may see it."""
    is_reader = who is None or bool(who.roles & READERS)
    hides = not is_reader and box.state in UNCOUNTED
    return Box(
        code=box.code,
        state=box.state,
        custodian=box.custodian,
        place=box.place,
        seals=list(box.seals) if is_reader and box.state != "in-transit" else None,
        dossiers=None if hides else box.dossiers,
        leaves=None if hides else box.leaves,
        deadline=box.deadline,
        checked=box.checked,
        entry=box.entry,
    )


def step_of(step: tracing.Step) -> BoxStep:
    """Return a step as it is told."""
    after = step.after
    return BoxStep(
        seq=step.seq,
        kind=step.entry.KIND,
        at=step.stamp.at,
        by=list(step.stamp.by),
        state=after.state,
        custodian=after.custodian,
        place=after.place,
        corrected=list(step.corrected),
    )


@router.get("/packages")
def list_packages(
    request: Request,
    room: InRoom,
    state: Annotated[str, Query(max_length=16, description=f"One of {', '.join(STATES)}.")] = "live",
    place: Annotated[str, Query(max_length=500, description="Only those at this place or inside it.")] = "",
    q: Annotated[str, Query(max_length=200, description="Words: part of a code, place or name.")] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[Box]:
    """List packages, those that wait for something first."""
    wanted = Wanted(state if state in STATES else "", place.strip(), q)
    sheet = box_lists.listed(room.office, wanted, limit, offset_of(cursor))
    who = person_of(request)
    return Page[Box](**page_of([shown(box, who) for box, _ in sheet.rows], cursor, limit, sheet.total))


@router.post("/packages", status_code=201)
def begin_package(once: DoOnce, known: SignedIn, body: NewBox) -> Recorded:
    """Begin a package; the token's person answers for it."""

    def act(room: Room) -> Recorded:
        signer = first_signer(known, "clerk")
        with room.office.database.reading() as session:
            code = custodial.unused_code(session)
        entry = PackageDrafted(code, signer.code, body.place)
        done = custodial.perform(
            room.office, lambda _holdings, _session: (entry,), [signer], where=where_of(room, known)
        )
        return recorded(done, code)

    return once.do(act, 201)


@router.get("/packages/{code}")
def show_package(request: Request, room: InRoom, known: SignedIn, code: Code) -> BoxWhole:
    """Return a package with what is in it and what may be done with it now."""
    box, inside = custodial.look(room.office, box_code(code))
    roles = {each.value for each in known.person.roles}
    is_reader = bool(known.person.roles & READERS)
    return BoxWhole(
        package=shown(box, person_of(request)),
        contents=[each.code for each in inside] if is_reader else None,
        acts=list(boxes.allowed(box, roles)),
    )


@router.get("/packages/{code}/history")
def trace_package(room: InRoom, code: Code, limit: Limit = 50, cursor: Cursor = "") -> Page[BoxStep]:
    """Return the way of a package, the oldest step first."""
    steps = tracing.history(room.office, box_code(code))
    start = offset_of(cursor)
    told = [step_of(each) for each in steps[start : start + limit]]
    return Page[BoxStep](**page_of(told, cursor, limit, len(steps)))


@router.get("/packages/{code}/at")
def recall_package(
    room: InRoom,
    code: Code,
    moment: Annotated[
        datetime, Query(description="The moment, with its zone.", examples=["2026-11-17T02:15:00+07:00"])
    ],
) -> BoxStep:
    """Return who held a package, where and in which state, at a moment of the past."""
    if moment.tzinfo is None:
        raise CustodyError("moment-unreadable", value=moment.isoformat())
    return step_of(tracing.at(room.office, box_code(code), moment))


@router.post("/packages/{code}/dossiers")
def add_dossiers(once: DoOnce, known: SignedIn, code: Code, body: Codes) -> Recorded:
    """Put dossiers into a package, all or none."""

    def act(room: Room) -> Recorded:
        signer = first_signer(known, role_for("add", known))
        sifted = box_lists.sift(room.office, box_code(code), body.codes, signer)
        if sifted.refused:
            first = sifted.refused[0]
            raise CustodyError(first.code, **dict(first.facts))
        chosen = [each.code for each in sifted.good]
        counted = dossier_moves.Counted(custodial.local_now(room.office).date())
        done = custodial.perform(
            room.office,
            lambda _holdings, session: dossier_moves.moved(session, chosen, "package", box_code(code), counted),
            [signer],
            where=where_of(room, known),
        )
        return recorded(done, box_code(code))

    return once.do(act)


@router.post("/packages/{code}/count")
def count_package(once: DoOnce, known: SignedIn, code: Code, body: BlindCount) -> Recorded:
    """Seal what one person counted; the next act that needs two counts opens it with that person's PIN."""

    def act(room: Room) -> Recorded:
        person = person_code(room, body.person) or known.person.code
        counts.keep(room.office, box_code(code), (person, body.pin), (body.dossiers, body.leaves))
        return recorded([], box_code(code))

    return once.do(act)


@router.post("/packages/{code}/count/withdraw")
def withdraw_count(once: DoOnce, known: SignedIn, code: Code) -> Recorded:
    """Take one's own count back: nothing was signed with it."""

    def act(room: Room) -> Recorded:
        counts.withdraw(room.office, box_code(code), known.person.code)
        return recorded([], box_code(code))

    return once.do(act)


@router.post("/packages/{code}/papers/{paper}", responses=PDF, response_class=Response)
def print_package_paper(
    once: DoOnce, known: SignedIn, code: Code, paper: Annotated[str, Path(max_length=20, examples=["label"])]
) -> Response:
    """Print a label, a strip, a front, covers or minutes; it is counted as printed by the token's person."""

    def act(room: Room) -> Response:
        made = paper_orders.order(room.office, box_code(code), paper, known.person.code)
        headers = {"Content-Disposition": attachment(made.name), **SANDBOX}
        return Response(made.pdf, media_type="application/pdf", headers=headers)

    # What is printed carries a signed head, which is copied to the second place at once.
    return once.by_steps(act)


def _doing(name: str) -> Callable[..., Any]:
    def do(once: DoOnce, known: SignedIn, code: Code, body: BoxAct) -> Recorded:
        def act(room: Room) -> Recorded:
            box, form = box_code(code), body.form()
            signing = roles_given(room, name, signing_with_pin(room, name, known, form))
            told = told_of(room, name, box, signing, form)
            with photos_as_files(body.photos) as photos:
                done = boxes.act(
                    room.office,
                    name,
                    box,
                    told,
                    signing,
                    reason=body.reason.strip(),
                    photos=photos,
                    text=body.text.strip(),
                    where=where_of(room, known),
                )
            return recorded(done, box)

        return once.do(act)

    return do


for _act in ACTS:
    router.add_api_route(
        f"/packages/{{code}}/{_act}",
        _doing(_act),
        methods=["POST"],
        name=f"{_act.replace('-', '_')}_package",
        response_model=Recorded,
        summary=f"Package: {_act}",
        description=ONE_LINE.get(_act, "See the page of this act for what it needs."),
    )
