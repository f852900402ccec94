"""Dossiers and the register over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from archive import catalogue
from custody.projections import Projections
from desk import dossier_acts, dossiers, paper_orders, registering
from desk.dossier_acts import ACTS
from desk.web.dossiers import said_of
from desk.web.files import SANDBOX, attachment
from desk.web.gate import InRoom, SignedIn
from desk.web.once import DoOnce
from desk.web.rest import PDF, Cursor, Limit, Page, Recorded, offset_of, page_of, recorded, router_of, where_of
from desk.web.rest_bodies import DossierAct, ListImport, NewFonds, photos_as_files
from desk.web.room import Room
from desk.web.signing import signing_of, signing_with

router = router_of("dossiers")
Reference = Annotated[str, Path(max_length=300, description="Code, label or number.", examples=["P01.001/UB"])]


class DossierOut(BaseModel):
    """A dossier, as custody and the register know it."""

    code: str = Field(description="Its code.")
    state: str = Field(description="registered, on-shelf, in-package, at-station, on-loan, missing, …")
    where: str = Field(description="The one place, package or person it is at.")
    leaves: int = Field(description="Leaves on record.")
    deadline: str = Field(description="By when it is due back, empty where it is not out.")
    fonds: str = Field(description="Its fonds.")
    title: str = Field(description="Its title.")
    retention: str = Field(description="permanent, or years.")
    entry: int = Field(description="The last entry about it.")


class DossierStep(BaseModel):
    """One entry that names a dossier."""

    seq: int = Field(description="The entry.")
    kind: str = Field(description="Its kind.")
    at: str = Field(description="When.")
    by: list[str] = Field(description="Who signed.")


class FondsOut(BaseModel):
    """A fonds."""

    code: str
    name: str
    dossiers: int = Field(description="Dossiers registered in it.")


def shown(seen: dossiers.Seen) -> DossierOut:
    """Return a dossier as it is told."""
    held = seen.dossier
    return DossierOut(
        code=held.code,
        state=held.state,
        where=held.where,
        leaves=held.leaves,
        deadline=held.deadline,
        fonds=seen.fonds,
        title=seen.title,
        retention=seen.retention,
        entry=held.entry,
    )


@router.get("/dossiers")
def list_dossiers(
    room: InRoom,
    q: Annotated[str, Query(max_length=200, description="Words of the title or the code.")] = "",
    fonds: Annotated[str, Query(max_length=40)] = "",
    state: Annotated[str, Query(max_length=16)] = "",
    package: Annotated[str, Query(max_length=40)] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[DossierOut]:
    """List dossiers by code."""
    wanted = dossiers.Wanted(state=state, fonds=fonds, words=q, package=package)
    found = dossiers.listed(room.office, wanted, limit + 1, offset_of(cursor))
    return Page[DossierOut](**page_of([shown(each) for each in found], cursor, limit))


@router.get("/fonds")
def list_fonds(room: InRoom) -> list[FondsOut]:
    """List the fonds of the register."""
    with room.office.database.reading() as session:
        found = catalogue.every_fonds(session)
    return [FondsOut(code=each.code, name=each.name, dossiers=each.dossiers) for each in found]


@router.post("/fonds", status_code=201)
def add_fonds(once: DoOnce, body: NewFonds) -> FondsOut:
    """Add a fonds, so that a list can be brought into it."""

    def act(room: Room) -> FondsOut:
        with room.office.database.atomic() as session:
            made = catalogue.add_fonds(session, body.code, body.name, "", room.office.clock.now())
        return FondsOut(code=made.code, name=made.name, dossiers=0)

    return once.do(act, 201)


@router.post("/register/import")
def import_list(once: DoOnce, known: SignedIn, body: ListImport) -> dict[str, Any]:
    """Look at a list of dossiers, or write its good rows into the register; writing twice changes nothing."""

    def act(room: Room) -> dict[str, Any]:
        seen = registering.look(room.office, body.content, body.name, body.fonds, body.sheet or None)
        if not body.write:
            return registering.as_json(seen, None)
        signing = signing_with(room, known, body.role, body.pairs())
        batch = registering.write(room.office, seen, registering.in_the_log(room.office, signing))
        return registering.as_json(seen, batch)

    return once.do(act)


@router.post("/dossiers/{code:path}/cover", responses=PDF, response_class=Response)
def print_cover(once: DoOnce, known: SignedIn, code: Reference) -> Response:
    """Print the cover of a dossier."""

    def act(room: Room) -> Response:
        made = paper_orders.cover(room.office, code, known.person.code)
        headers = {"Content-Disposition": attachment(made.name), **SANDBOX}
        return Response(made.pdf, media_type="application/pdf", headers=headers)

    return once.by_steps(act)


@router.get("/dossiers/{code:path}/history")
def trace_dossier(room: InRoom, code: Reference) -> list[DossierStep]:
    """Return every entry that names a dossier, the oldest first."""
    with room.office.database.reading() as session:
        (known,) = dossiers.resolve(session, [code])
        found = dossiers.history(session, known)
    return [
        DossierStep(seq=seq, kind=entry.KIND, at=stamp.at.isoformat(), by=list(stamp.by)) for seq, entry, stamp in found
    ]


def _doing(name: str) -> Callable[..., Any]:
    def do(once: DoOnce, known: SignedIn, code: Reference, body: DossierAct) -> Recorded:
        def act(room: Room) -> Recorded:
            form = body.form()
            signing, told = signing_of(room, known, form), said_of(room, name, form)
            with photos_as_files(body.photos) as photos:
                done = dossier_acts.act(
                    room.office,
                    name,
                    code,
                    told,
                    signing,
                    reason=body.reason.strip(),
                    photos=photos,
                    text=body.text.strip(),
                    where=where_of(room, known),
                )
            return recorded(done, code)

        return once.do(act)

    return do


for _act in ACTS:
    router.add_api_route(
        f"/dossiers/{{code:path}}/do/{_act}",
        _doing(_act),
        methods=["POST"],
        name=f"{_act}_dossier",
        response_model=Recorded,
        summary=f"Dossier: {_act}",
    )


# Last: the code of a dossier has slashes in it.
@router.get("/dossiers/{code:path}")
def show_dossier(room: InRoom, code: Reference) -> DossierOut:
    """Return a dossier."""
    with room.office.database.reading() as session:
        (known,) = dossiers.resolve(session, [code])
        return shown(dossiers.described(session, dossiers.known(Projections(session), known)))
