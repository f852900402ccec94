"""Bytes: page images, the original, the searchable PDF, the text, and the page's own style and script."""

from __future__ import annotations

import contextlib
import unicodedata
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from archive import pages, scans
from archive.errors import ArchiveError
from desk.web.room import InRoom, Room

router = APIRouter(include_in_schema=False)
FOR_EVER = "private, max-age=31536000, immutable"
# Pictures may be drawn anew by a later release, so browsers ask again, with the tag.
ASK_AGAIN = "private, max-age=0, must-revalidate"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "webp": "image/webp",
    "heic": "image/heic",
}
# A stored file that a browser opens all the same must not run anything.
SANDBOX = {"Content-Security-Policy": "default-src 'none'; sandbox"}
ScanId = Annotated[str, Path(max_length=64)]
PageNumber = Annotated[int, Path(ge=1, le=1_000_000)]
GET = ["GET", "HEAD"]


@router.api_route("/scan/{public_id}/page/{number}/image/{size}", methods=GET)
def give_image(
    request: Request,
    room: InRoom,
    public_id: ScanId,
    number: PageNumber,
    size: Literal["thumb", "small", "large", "full"],
) -> Response:
    """Give a page as an image that browsers can show."""
    with room.office.database.reading() as session:
        scan = scans.find(session, public_id)
    tag = f'"{scan.sha256[:32]}-{number}-{size}"'
    if is_known(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": ASK_AGAIN})
    picture = room.pictures.of_page(room.office.vault, scan.sha256, number, size)
    headers = {"ETag": tag, "Cache-Control": ASK_AGAIN, **SANDBOX}
    return FileResponse(picture.path, media_type=picture.media_type, headers=headers)


@router.api_route("/scan/{public_id}/original", methods=GET)
def give_original(request: Request, room: InRoom, public_id: ScanId) -> Response:
    """Give the stored bytes exactly as they came in."""
    with room.office.database.reading() as session:
        scan = scans.find(session, public_id)
    tag = f'"{scan.sha256}"'
    if is_known(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    held = contextlib.ExitStack()
    path = held.enter_context(room.office.vault.path(scan.sha256))
    return FileResponse(
        path,
        media_type=MEDIA_TYPES.get(scan.kind, "application/octet-stream"),
        headers={"ETag": tag, "Cache-Control": FOR_EVER, "Content-Disposition": attachment(scan.name), **SANDBOX},
        background=BackgroundTask(held.close),
    )


@router.api_route("/scan/{public_id}/pdf", methods=GET)
def give_searchable(room: InRoom, public_id: ScanId) -> Response:
    """Give the searchable PDF."""
    with room.office.database.reading() as session:
        scan = scans.find(session, public_id)
    path = searchable_path(room, scan.sha256)
    if not path.is_file():
        raise ArchiveError("pdf-not-made", name=scan.name, reference=scan.public_id)
    name = f"{PurePosixPath(scan.name).stem}.pdf" if scan.kind != "pdf" else scan.name
    headers = {"Content-Disposition": attachment(name), "Cache-Control": ASK_AGAIN, **SANDBOX}
    return FileResponse(path, media_type="application/pdf", headers=headers)


@router.api_route("/scan/{public_id}/text", methods=GET)
def give_text(room: InRoom, public_id: ScanId) -> Response:
    """Give the text of every page that was read, pages parted by form feeds."""
    with room.office.database.reading() as session:
        scan = scans.find(session, public_id)
        text = "\n\f".join(page.text for page in pages.of_scan(session, scan.id or 0))
    name = f"{PurePosixPath(scan.name).stem}.txt"
    headers = {"Content-Disposition": attachment(name), **SANDBOX}
    return Response(text.encode("utf-8", "replace"), media_type="text/plain; charset=utf-8", headers=headers)


@router.api_route("/static/{digest}/{name}", methods=GET)
def give_asset(room: InRoom, digest: str, name: str) -> Response:
    """Give a style sheet, script or mark of the pages."""
    asset = room.showing.assets.get(name)
    if asset is None or asset.address != f"/static/{digest}/{name}":
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(asset.data, media_type=asset.media_type, headers=headers)


@router.api_route("/favicon.ico", methods=GET)
def give_mark(room: InRoom) -> Response:
    """Give the mark to browsers that ask for it by its old name."""
    return Response(room.showing.assets["mark.svg"].data, media_type="image/svg+xml")


def searchable_path(room: Room, sha256: str) -> FilePath:
    """Return where the searchable PDF of a scan stands once it is made."""
    # The reading libraries load as long as everything else of the page: they must not delay its start.
    from digitize.worker import derived_path

    return derived_path(room.office.settings.derived_folder, sha256, ".pdf")


def is_known(request: Request, tag: str) -> bool:
    """Tell whether the browser has these bytes already."""
    return tag in {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}


def attachment(name: str) -> str:
    """Return a Content-Disposition that saves under a safe form of `name` (RFC 6266, RFC 8187).

    Folders, control characters and marks that turn the reading direction are dropped, so that "gpj.exe" written
    backwards cannot pass for a picture.
    """
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    safe = "".join("_" if unicodedata.category(c)[0] == "C" or c in '"<>:|?*' else c for c in base).strip(" .")
    safe = shorten(safe or "scan")
    folded = unicodedata.normalize("NFD", safe.replace("đ", "d").replace("Đ", "D"))
    ascii_name = "".join(c for c in folded if c.isascii()) or "scan"
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(safe, safe='')}"


def shorten(name: str, most: int = 120) -> str:
    """Return a name of at most `most` characters that keeps its ending."""
    path = PurePosixPath(name)
    return name if len(name) <= most else path.stem[: most - 16] + path.suffix[:16]
