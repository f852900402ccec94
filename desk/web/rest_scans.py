"""Scans over REST: sending one in, how far its reading is, its text and its searchable PDF, and search."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import Path, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from archive import durable, scans
from archive.errors import ArchiveError
from archive.tables import Scan
from desk.standing import stand
from desk.web import files
from desk.web.api import to_json
from desk.web.gate import InRoom, SignedIn
from desk.web.once import HEADER, KEY, Once, ReplayError, digest_of
from desk.web.rest import PDF, Cursor, Limit, Page, offset_of, page_of, router_of
from desk.web.rest_limits import LARGEST_SCAN
from desk.web.searching import DEEPEST, Asked, ask

router = router_of("scans")
ScanId = Annotated[str, Path(max_length=64, description="The scan's public id.")]
Name = Annotated[
    str,
    Query(min_length=1, max_length=200, pattern=r"^[^/\\\x00-\x1f.~][^/\\\x00-\x1f]*$", examples=["0001.pdf"]),
]
Station = Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$", examples=["may-scan-1"])]
UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
PLAIN: dict[int | str, dict[str, Any]] = {
    200: {"description": "The text.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


class ScanNameError(ArchiveError):
    """A name a scan cannot have: "scan-name-unusable"."""


class Sent(BaseModel):
    """A scan that lies in the inbox now."""

    name: str = Field(description="The name it lies there under.")
    station: str = Field(description="The station it came from.")
    sha256: str = Field(description="SHA-256 of its bytes; /scans/by-content/{sha256} finds it once it is taken in.")
    bytes: int = Field(description="Its size.")


class ScanOut(BaseModel):
    """A scan that was taken in."""

    id: str = Field(description="Its public id.")
    sha256: str = Field(description="SHA-256 of its bytes.")
    bytes: int
    kind: str = Field(description="pdf, jpeg, png, tiff, …")
    name: str
    station: str
    arrived_at: datetime
    state: str = Field(description="received, reading, read or unreadable.")
    pages: int | None = Field(description="Pages, once they are counted.")
    pages_done: int = Field(description="Pages read by now.")
    dossier: str | None = Field(description="The one dossier its pages belong to.")


class Hit(BaseModel):
    """One page that was found."""

    scan: str = Field(description="Public id of the scan.")
    page: int
    name: str
    station: str
    arrived_at: datetime
    snippet: str
    matches: list[str] = Field(description="The words that fit.")


def shown(scan: Scan) -> ScanOut:
    """Return a scan as it is told."""
    return ScanOut(
        id=scan.public_id,
        sha256=scan.sha256,
        bytes=scan.size,
        kind=scan.kind,
        name=scan.name,
        station=scan.station,
        arrived_at=scan.arrived_at,
        state=scan.state,
        pages=scan.page_count,
        pages_done=scan.pages_done,
        dossier=scan.dossier,
    )


@router.get("/status")
def show_status(room: InRoom) -> dict[str, Any]:
    """Return the balance of the station, how far reading is, and the processes' signs of life."""
    return stand(room.office)


@router.get("/search")
def search_pages(
    room: InRoom,
    q: Annotated[str, Query(max_length=1000, description="What is sought; accents may be missing.")],
    station: Annotated[str, Query(max_length=255)] = "",
    since: Annotated[str, Query(pattern=r"^(\d{4}-\d\d-\d\d)?$")] = "",
    until: Annotated[str, Query(pattern=r"^(\d{4}-\d\d-\d\d)?$")] = "",
    dossier: Annotated[str, Query(max_length=100)] = "",
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[Hit]:
    """Find pages by their words, the best first."""
    start = min(offset_of(cursor), DEEPEST)
    with room.office.database.reading() as session:
        found = ask(session, Asked(q, station, since, until, dossier, start), limit=limit)
    hits = [Hit(**to_json(each)) for each in found.hits]
    return Page[Hit](**page_of(hits, cursor, limit, min(found.total, DEEPEST)))


@router.post("/scans", status_code=202, openapi_extra=UPLOAD)
async def send_scan(request: Request, room: InRoom, known: SignedIn, name: Name, station: Station) -> Sent:
    """Send a scan as the body; it goes through the inbox as if the scanner had put it there."""
    key = request.headers.get(HEADER, "")
    if not KEY.fullmatch(key):
        raise ReplayError("idempotency-key-unusable" if key else "idempotency-key-needed", key=key[:200])
    folder = room.office.settings.inbox_folder / station
    part = folder / f".{secrets.token_hex(8)}.part"
    await run_in_threadpool(durable.make_folder, folder)
    digest, size = hashlib.sha256(), 0
    try:
        with part.open("xb") as out:
            async for block in request.stream():
                size += len(block)
                if size > LARGEST_SCAN:
                    raise HTTPException(413)
                digest.update(block)
                await run_in_threadpool(out.write, block)
            await run_in_threadpool(_settle, out)
        once = Once(room, known, digest_of(request, known, key, digest.hexdigest().encode()))
        told = Sent(name=name, station=station, sha256=digest.hexdigest(), bytes=size)
        return await run_in_threadpool(once.by_steps, lambda _room: _deliver(part, folder, told), 202)
    finally:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()


def _settle(out: Any) -> None:
    out.flush()
    os.fsync(out.fileno())


def _deliver(part: FilePath, folder: FilePath, told: Sent) -> Sent:
    """Give the bytes their name; a file of that name with the same bytes is the same delivery."""
    target = folder / told.name
    try:
        if durable.hash_file(target)[0] == told.sha256:
            return told
    except FileNotFoundError:
        pass
    except OSError as broken:
        raise ScanNameError("scan-name-unusable", name=told.name) from broken
    return told.model_copy(update={"name": durable.move_new(part, target).name})


@router.get("/scans/by-content/{sha256}")
def find_scan(room: InRoom, sha256: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]) -> ScanOut:
    """Return the scan with these bytes."""
    with room.office.database.reading() as session:
        found = scans.by_sha256(session, sha256)
        if found is None:
            raise HTTPException(404)
        return shown(found)


@router.get("/scans/{public_id}", response_model=ScanOut)
def show_scan(request: Request, room: InRoom, public_id: ScanId, response: Response) -> Any:
    """Return how far a scan is; the ETag changes with its state."""
    with room.office.database.reading() as session:
        told = shown(scans.find(session, public_id))
    tag = f'"{told.sha256[:32]}-{told.state}-{told.pages_done}-{told.dossier or ""}"'.encode(
        "ascii", "replace"
    ).decode()
    if files.is_known(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return told


@router.get("/scans/{public_id}/text", responses=PLAIN, response_class=PlainTextResponse)
def read_scan(room: InRoom, public_id: ScanId) -> Response:
    """Return the text of every page that was read, pages parted by form feeds."""
    return files.give_text(room, public_id)


@router.get("/scans/{public_id}/pdf", responses=PDF, response_class=Response)
def fetch_searchable(room: InRoom, public_id: ScanId) -> Response:
    """Return the searchable PDF."""
    return files.give_searchable(room, public_id)


@router.get("/scans/{public_id}/original", responses=PDF, response_class=Response)
def fetch_original(request: Request, room: InRoom, public_id: ScanId) -> Response:
    """Return the stored bytes exactly as they came in."""
    return files.give_original(request, room, public_id)
