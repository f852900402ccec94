"""What pages of guards share: forms with photos, and codes that come by camera, photo, scanner or keyboard."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Any

from fastapi import Depends, Request
from PIL import Image, UnidentifiedImageError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from archive.errors import ArchiveError
from archive.refs import show_code
from archive.sessions import Known
from custody.errors import CustodyError
from custody.moments import parse_moment
from desk import shifts
from desk.custodial import Where
from desk.messages import explain
from desk.web.room import Room

MOST_BYTES, MOST_PHOTOS, MOST_PIXELS = 20_000_000, 6, 80_000_000
MOST_LINES, LONGEST = 2000, 200
# A label fills enough of a photo to be read at this size, ten times faster than at the camera's own.
SIDE = 2400
# What every page of guards has, where its route says nothing else.
BLANK = {"failed": None, "done": "", "parsed": parse_moment, "spaced": show_code}
# Elsewhere no page may use the camera (desk/web/guard.py).
CAMERA = {"Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"}


class PhotoError(ArchiveError):
    """A photo that cannot be taken: "photo-too-large", "photo-unreadable", "photos-too-many"."""


async def typed(request: Request) -> FormData:
    """Return a form with its files; PhotoError "photo-too-large" before anything is read."""
    if int(request.headers.get("content-length") or 0) > MOST_BYTES * MOST_PHOTOS:
        raise PhotoError("photo-too-large", bytes=int(request.headers["content-length"]), limit=MOST_BYTES)
    return await request.form(max_files=2 * MOST_PHOTOS)


Typed = Annotated[FormData, Depends(typed)]


def said(form: FormData, name: str, most: int = 2000) -> str:
    """Return what was typed into one field, "" where nothing was."""
    told = form.get(name, "")
    return told.strip()[:most] if isinstance(told, str) else ""


def read_lines(form: FormData, name: str = "codes") -> list[str]:
    """Return the lines of codes that a form sends: those typed or scanned, then those read from a photo of labels."""
    told = form.get(name, "")
    lines = [each.strip()[:LONGEST] for each in (told if isinstance(told, str) else "").splitlines()]
    kept = [each for each in lines if each][:MOST_LINES]
    for photo in uploads(form, "label"):
        found = read_photo(photo.file)
        if not found:
            raise PhotoError("photo-without-code")
        kept += [each for each in found if each not in kept]
    return kept


def uploads(form: FormData, name: str) -> list[UploadFile]:
    """Return the files of a field that somebody chose."""
    found = [each for each in form.getlist(name) if isinstance(each, UploadFile) and each.filename]
    if len(found) > MOST_PHOTOS:
        raise PhotoError("photos-too-many", count=len(found), most=MOST_PHOTOS)
    return found


def read_photo(source: IO[bytes]) -> list[str]:
    """Return the codes on a photo of labels, from top to bottom; PhotoError "photo-unreadable"."""
    # The reading library takes as long to load as everything else of a page.
    from labels.read import read_codes

    try:
        image = Image.open(source, formats=("JPEG", "PNG", "WEBP"))
        if image.width * image.height > MOST_PIXELS:
            raise PhotoError("photo-too-large", bytes=0, limit=MOST_BYTES)
        image.draft("L", (SIDE, SIDE))
        grey = image.convert("L")
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as broken:
        raise PhotoError("photo-unreadable", detail=type(broken).__name__) from broken
    grey.thumbnail((SIDE, SIDE))
    marks = sorted(read_codes(grey, thoroughly=True), key=lambda each: (each.middle[1], each.middle[0]))
    return list(dict.fromkeys(each.ref.code for each in marks))


@contextmanager
def photos_of(form: FormData, name: str = "photo") -> Iterator[list[Path]]:
    """Give the photos of a form as files for the length of a `with` block; PhotoError."""
    with tempfile.TemporaryDirectory(prefix="luutru-photo-") as folder:
        yield [_written(Path(folder) / f"{nth}.jpg", each) for nth, each in enumerate(uploads(form, name))]


def _written(path: Path, photo: UploadFile) -> Path:
    if (photo.size or 0) > MOST_BYTES:
        raise PhotoError("photo-too-large", bytes=photo.size or 0, limit=MOST_BYTES)
    check_photo(photo.file)
    with path.open("wb") as target:
        shutil.copyfileobj(photo.file, target)
    return path


def check_photo(source: IO[bytes]) -> None:
    """Refuse what is no picture; PhotoError "photo-unreadable"."""
    try:
        with Image.open(source, formats=("JPEG", "PNG", "WEBP")) as image:
            image.verify()
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as broken:
        raise PhotoError("photo-unreadable", detail=type(broken).__name__) from broken
    finally:
        source.seek(0)


def where_of(room: Room, known: Known) -> Where:
    """Return where a person acts: by a phone, at the post where they are on duty."""
    duty = shifts.where_is(room.office, known.person.code)
    return Where("phone", duty.post if duty else "")


def show(request: Request, room: Room, template: str, *, status: int = 200, **values: Any) -> Response:
    """Render a page of guards; it may use the camera."""
    return room.showing.page(request, template, status=status, headers=CAMERA, **{**BLANK, **values})


def attempt(
    request: Request, room: Room, run: Callable[[], str], again: Callable[[Mapping[str, Any]], Response]
) -> Response:
    """Do an act and go to the address it returns, or show the form again with why it was refused."""
    try:
        return RedirectResponse(run(), 303)
    except (CustodyError, ArchiveError) as refused:
        failed = explain(refused.code, dict(refused.facts), room.showing.language(request))
        answer = again({"failed": failed})
        answer.status_code = failed.status if failed.status >= 400 else 422
        return answer
