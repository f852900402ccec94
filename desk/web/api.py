"""The same values as the commands give with --json, for programs; and the question whether the page lives."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from archive import activity
from desk.standing import stand
from desk.web import parts
from desk.web.room import InRoom
from desk.web.searching import DEEPEST, Asked, ask

router = APIRouter(include_in_schema=False)


@router.api_route("/healthz", methods=["GET", "HEAD"])
def tell_health(room: InRoom) -> dict[str, str]:
    """Answer when the page and its database answer."""
    with room.office.database.reading() as session:
        activity.queue_length(session, room.office.clock.now())
    return {"status": "ok"}


@router.get("/api/status")
def give_status(room: InRoom) -> dict[str, Any]:
    """Return the balance of the station, how far reading is, and the processes' signs of life."""
    return stand(room.office)


@router.get("/api/search")
def give_search(
    room: InRoom,
    q: Annotated[str, Query(max_length=10_000)],
    station: Annotated[str, Query(max_length=255)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    dossier: Annotated[str, Query(max_length=100)] = "",
    start: Annotated[int, Query(ge=0, le=DEEPEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> dict[str, Any]:
    """Return what was found for `q`."""
    asked = Asked(q, station, since, until, dossier, start)
    with room.office.database.reading() as session:
        found = ask(session, asked, limit=limit)
    return {
        "query": q,
        "total": found.total,
        "capped": found.capped,
        "ranking": found.ranking,
        "suggestion": found.suggestion,
        "hits": [to_json(hit) for hit in found.hits],
    }


def to_json(hit: parts.Hit) -> dict[str, Any]:
    """Return one hit as plain values."""
    return {
        "scan": hit.public_id,
        "page": hit.number,
        "name": hit.name,
        "station": hit.station,
        "arrived_at": hit.arrived_at.isoformat(),
        "snippet": "".join(text for text, _ in hit.snippet),
        "matches": [text for text, matched in hit.snippet if matched],
    }
