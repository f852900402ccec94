"""The address where other offices' logs send their heads to be cosigned (c2sp.org/tlog-witness); off unless set on.

Nobody signs in: a head carries the signature of a log that somebody introduced with `luutru ledger watched add`.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from custody import witness_request, witnessing
from desk import ledgering
from desk.web.room import InRoom, Room

PATH = "/witness/add-checkpoint"

router = APIRouter()


@router.post(PATH, response_class=PlainTextResponse)
async def add_checkpoint(request: Request, room: InRoom) -> Response:
    """Cosign a head that continues the last one of its log; statuses and texts are those of the specification."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > witness_request.MOST_BYTES:
            return PlainTextResponse("request-broken\n", 413)
    answer = await run_in_threadpool(_answer, room, bytes(body))
    # Set whole: the content type of a size carries no charset in the specification.
    return Response(answer.text.encode(), answer.status, {"Content-Type": answer.kind})


def _answer(room: Room, body: bytes) -> witnessing.Answer:
    office = room.office
    key = ledgering.open_witness_key(office.settings)
    with office.database.atomic() as session:
        return witnessing.add_checkpoint(session, body, key, office.clock.now())
