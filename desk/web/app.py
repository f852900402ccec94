"""The station page as an application: `create_app(office)` puts routes, walls and failures together."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator, Hashable

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import OperationalError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from archive import activity, settings
from archive.database import is_busy
from archive.errors import ArchiveError
from archive.settings import explained
from custody import alarming, ledger
from custody.errors import CustodyError
from desk import faults, verdicts
from desk.beginning import Waiting
from desk.messages import explain
from desk.office import Office
from desk.web import (
    alarms,
    api,
    asking,
    board,
    box_acts,
    boxes,
    corrections,
    description,
    dossiers,
    entering,
    files,
    governing,
    incidents,
    lists,
    log,
    openings,
    parts,
    phone,
    phone_alarms,
    phone_codes,
    phone_counts,
    phone_gate,
    phone_incidents,
    phone_notes,
    phone_reliefs,
    phone_rounds,
    problems,
    register,
    rest_boxes,
    rest_dossiers,
    rest_duty,
    rest_gate,
    rest_limits,
    rest_office,
    rest_records,
    rest_rounds,
    rest_scans,
    reviewing,
    rosters,
    round_plans,
    rounds,
    searching,
    sites,
    staff,
    station,
    stocktakes,
    trusting,
    viewing,
    witnessing,
    wizard,
)
from desk.web.gate import GateError, pass_gate
from desk.web.guard import Guard, protect
from desk.web.live import News
from desk.web.pictures import Pictures, prepare
from desk.web.room import BalanceSheet, Room
from desk.web.seen import Seen
from desk.web.showing import Showing, to_query, to_words

BOARD = (board, alarms, asking, log, openings, incidents, stocktakes, rounds, rosters, round_plans)
PAPER = (boxes, box_acts, dossiers, register, corrections, reviewing)
# The pages of guards.
PHONES = (
    phone,
    phone_alarms,
    phone_reliefs,
    phone_rounds,
    phone_counts,
    phone_gate,
    phone_incidents,
    phone_codes,
    phone_notes,
)
ADMINISTRATION = (staff, sites, governing, wizard, trusting)
PROGRAMS = (rest_office, rest_boxes, rest_dossiers, rest_duty, rest_rounds, rest_gate, rest_records, rest_scans)
PAGES = (station, lists, searching, viewing, files, entering, api, *PAPER, *BOARD, *PHONES, *ADMINISTRATION, *PROGRAMS)
HTTP_CODES = {
    400: "body-unreadable",
    403: "forbidden",
    404: "not-found",
    405: "method-refused",
    413: "body-too-large",
}


def create_app(office: Office) -> FastAPI:
    """Return the station page of an opened office; nothing runs until a request comes."""
    room = Room(
        office=office,
        showing=Showing(office.settings, office.clock),
        pictures=Pictures(prepare(office.settings.derived_folder)),
        news=News(lambda: _look(office)),
        sheet=BalanceSheet(lambda: parts.balance(office)),
        seen=Seen(office),
        read_settings=lambda: settings.load(office.settings.home, os.environ),
        given_outside=frozenset(
            key for key, _, _ in explained(office.settings) if f"LUUTRU_{key.upper()}" in os.environ
        ),
    )
    waiting = Waiting(lambda: room.office)
    room.showing.todo, room.showing.forget = waiting.todo, waiting.forget

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        room.news.close()
        room.pictures.close()

    # The interactive API pages load their scripts from another host; the description alone stays.
    app = FastAPI(
        title="luutru",
        docs_url=None,
        redoc_url=None,
        openapi_url=description.ADDRESS,
        generate_unique_id_function=description.name_of,
        lifespan=lifespan,
        dependencies=[Depends(pass_gate)],
    )
    app.state.room = room
    app.openapi = lambda: description.describe(app)  # type: ignore[method-assign]
    for each in PAGES:
        _answer_heads(each.router)
        app.include_router(each.router)
    is_witness = office.settings.witness == "on"
    if is_witness:
        app.include_router(witnessing.router)
    _add_failures(app, room)
    app.add_middleware(rest_limits.Limit, refuse=lambda request, code, facts: _fail(room, request, code, facts))
    app.add_middleware(
        Guard,
        bound=office.settings.host,
        named=office.settings.label_host,
        open_paths=frozenset({witnessing.PATH} if is_witness else ()),
        refuse=lambda request, code, facts: _fail(room, request, code, facts),
    )
    return app


def _answer_heads(router: APIRouter) -> None:
    """Let every page that can be got be asked for its headers alone; the server leaves the body out."""
    for route in list(router.routes):
        if not isinstance(route, Route) or "GET" not in (route.methods or ()) or "HEAD" in (route.methods or ()):
            continue
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            route.methods = {*(route.methods or ()), "HEAD"}
        elif not any(
            (getattr(each, "path", ""), getattr(each, "methods", None)) == (route.path, {"HEAD"})
            for each in router.routes
        ):
            # In the description each operation stands once, under the method that has an answer.
            path = route.path.removeprefix(router.prefix)
            router.add_api_route(path, route.endpoint, methods=["HEAD"], include_in_schema=False, response_model=None)


def _look(office: Office) -> Hashable:
    with office.database.reading() as session:
        judged = alarming.observed(session, verdicts.NAME)
        custody = ledger.size(session), alarming.events_ever(session), judged and judged.at
        return activity.fingerprint(session), custody


def wants_json(request: Request) -> bool:
    """Tell whether a program asks: at the address of one, or a script of a page that says so."""
    return request.url.path.startswith("/api/") or request.headers.get("accept", "") == "application/json"


def _fail(room: Room, request: Request, code: str, facts: dict[str, object], status: int | None = None) -> Response:
    if problems.is_for_programs(request):
        return problems.answer(request, room.office.settings.lang, code, facts, status)
    if not wants_json(request):
        return room.showing.failure(request, code, facts, status)
    explained = explain(code, facts, room.showing.language(request))
    plain = {name: value if isinstance(value, int | float) else str(value) for name, value in facts.items()}
    return JSONResponse({**to_words(explained), "facts": plain}, status or explained.status)


def _add_failures(app: FastAPI, room: Room) -> None:
    @app.exception_handler(GateError)
    async def turn_away(request: Request, error: GateError) -> Response:
        is_page = request.method in {"GET", "HEAD"} and not request.url.path.startswith("/api/")
        if error.code == "sign-in-needed" and is_page and "text/html" in request.headers.get("accept", "*/*"):
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/sign-in{to_query({'back': back})}", 303)
        return _fail(room, request, error.code, error.facts)

    @app.exception_handler(ArchiveError)
    @app.exception_handler(CustodyError)
    async def refuse(request: Request, error: ArchiveError | CustodyError) -> Response:
        return _fail(room, request, error.code, dict(error.facts))

    @app.exception_handler(HTTPException)
    async def answer(request: Request, error: HTTPException) -> Response:
        code = HTTP_CODES.get(error.status_code, "not-found" if error.status_code < 500 else "page-fault")
        facts: dict[str, object] = {"method": request.method, "moment": room.office.clock.now()}
        response = _fail(room, request, code, facts, error.status_code)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    async def correct(request: Request, error: RequestValidationError) -> Response:
        fields = sorted({str(each["loc"][-1]) for each in error.errors() if each.get("loc")})
        if problems.is_for_programs(request):
            lang = room.office.settings.lang
            return problems.answer(request, lang, "input-wrong", {"fields": fields}, 422, error.errors())
        return _fail(room, request, "input-wrong", {"fields": fields})

    @app.exception_handler(OperationalError)
    async def wait(request: Request, error: OperationalError) -> Response:
        code = "database-busy" if is_busy(error) else "database-unreachable"
        response = _fail(room, request, code, {"detail": str(error.orig)}, 503)
        response.headers["Retry-After"] = "5"
        return response

    @app.exception_handler(Exception)
    async def apologise(request: Request, error: Exception) -> Response:
        faults.note_error(room.office.settings.home, os.environ, error)
        # Starlette answers these outside of all middleware, so the walls' headers are set here.
        response = _fail(room, request, "page-fault", {"moment": room.office.clock.now()}, 500)
        protect(MutableHeaders(raw=response.raw_headers))
        return response
