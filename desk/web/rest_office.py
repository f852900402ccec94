"""Signing in for programs, people and places over REST, and the description of it all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Path, Query, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from archive import people, places, sessions
from desk.messages import MESSAGES, explain
from desk.web import problems
from desk.web.entering import person_code
from desk.web.gate import InRoom, SignedIn
from desk.web.problems import Problem
from desk.web.rest import Cursor, Limit, Page, router_of, sliced
from desk.web.rest_bodies import SignIn

router = router_of("office")


class Token(BaseModel):
    """A token for a program; it is shown this once."""

    token: str = Field(description="Send it as Authorization: Bearer ….")
    person: str = Field(description="Whom it stands for.")
    ends_at: datetime = Field(description="When it stops working.")


class PersonOut(BaseModel):
    """A person of the office."""

    code: str
    name: str
    unit: str
    roles: list[str] = Field(description="What they may do and sign as.")
    active: bool = Field(description="False for those who left.")


class PlaceOut(BaseModel):
    """A place of the tree of places."""

    code: str = Field(description="The code on its label.")
    path: str = Field(description="Its path, as entries name it.")
    kind: str


def shown(person: people.Person) -> PersonOut:
    """Return a person as they are told."""
    roles = sorted(each.value for each in person.roles)
    return PersonOut(code=person.code, name=person.name, unit=person.unit, roles=roles, active=person.active)


@router.post("/tokens", status_code=201)
def sign_in(room: InRoom, body: SignIn) -> Token:
    """Sign in with code and PIN for a token; wrong PINs make the code wait, longer each time."""
    office, now = room.office, room.office.clock.now()
    person = people.authenticate(office.database, person_code(room, body.code), body.pin, now)
    with office.database.atomic() as session:
        secret = sessions.give_token(session, person.code, now, name=body.name or "API", days=body.days)
    return Token(token=secret, person=person.code, ends_at=now + timedelta(days=body.days))


@router.delete("/tokens/current", status_code=204)
def sign_out(room: InRoom, known: SignedIn) -> Response:
    """Revoke the token this request carries."""
    with room.office.database.atomic() as session:
        sessions.revoke(session, known.person.code, room.office.clock.now(), only=known.session)
    return Response(status_code=204)


@router.get("/me")
def show_me(known: SignedIn) -> PersonOut:
    """Return whom the token stands for."""
    return shown(known.person)


@router.get("/people")
def list_people(room: InRoom, limit: Limit = 50, cursor: Cursor = "") -> Page[PersonOut]:
    """List people by code, those who left among them."""
    with room.office.database.reading() as session:
        found = [shown(each) for each in people.everyone(session)]
    return Page[PersonOut](**sliced(found, cursor, limit))


@router.get("/places")
def list_places(
    room: InRoom,
    inside: Annotated[str, Query(max_length=500, description="Only what is inside this path.")] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Page[PlaceOut]:
    """List places by path."""
    with room.office.database.reading() as session:
        found = places.inside(session, inside or None)
    told = [PlaceOut(code=each.code, path=each.path, kind=str(each.kind)) for each in found]
    return Page[PlaceOut](**sliced(told, cursor, limit))


@router.get("/problems/{code}")
def explain_problem(
    request: Request, room: InRoom, code: Annotated[str, Path(max_length=100, pattern=r"^[a-z0-9-]+$")]
) -> Problem:
    """Explain a kind of problem, in the language asked for."""
    lang = problems.language_of(request, room.office.settings.lang)
    if code not in MESSAGES:
        raise HTTPException(404)
    # Without the facts of one case, the sentences have gaps in their places.
    told = explain(code, {}, lang)
    return Problem(
        type=f"{problems.PREFIX}problems/{code}",
        title=told.what,
        status=told.status,
        detail=told.why,
        next=told.next,
        code=code,
        facts={},
    )


@router.get("/docs", include_in_schema=False)
def show_docs(request: Request, room: InRoom) -> Response:
    """Show the description as a page for people."""
    schema: dict[str, Any] = request.app.openapi()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            groups.setdefault(told["tags"][0], []).append({"path": path, "method": method.upper(), **told})
    return room.showing.page(request, "apidocs.html", groups=groups, schemas=schema["components"]["schemas"])
