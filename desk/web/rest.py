"""What all addresses for programs share: where they stand, how they refuse, how lists go on, what acts return."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from archive.errors import ArchiveError
from archive.sessions import Known
from custody.entries import Entry
from custody.ledger import Appended
from desk import shifts
from desk.custodial import Where
from desk.web import problems
from desk.web.room import Room

PREFIX = "/api/v1"
LARGEST_PAGE = 200
CURSOR = re.compile(r"o([0-9]{1,7})")
T = TypeVar("T")
WHY = {
    401: "Nobody is signed in: the token is missing, over or revoked.",
    403: "The person's roles may not do this.",
    404: "There is nothing of this name.",
    409: "The state of things does not allow it now.",
    413: "The request is too large.",
    422: "The request is malformed, or the rules of custody refuse it.",
    429: "Too many wrong PINs; the code is heard again after the seconds of Retry-After.",
    503: "The database is busy; try again after the seconds of Retry-After.",
}
_SHOWN = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": why, "content": _SHOWN} for status, why in WHY.items()
}
PDF: dict[int | str, dict[str, Any]] = {
    200: {"description": "The PDF.", "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


class CursorError(ArchiveError):
    """A cursor that no answer of ours held: "cursor-unusable"."""


class Made(BaseModel):
    """One entry an act wrote into the custody log."""

    seq: int = Field(description="Its place in the log, from 0.", examples=[41])
    kind: str = Field(description="Its kind.", examples=["package-sealed"])
    leaf: str = Field(description="Its RFC 6962 leaf hash, hex; what a proof of it proves.")


class Recorded(BaseModel):
    """What an act wrote; empty where nothing had to be written."""

    entries: list[Made] = Field(description="Entries in their order; /log/{seq} and /log/{seq}/proof certify each.")
    about: str = Field("", description="The code of what it was about.")


class Page(BaseModel, Generic[T]):
    """A part of a list."""

    items: list[T] = Field(description="Things in order.")
    next: str | None = Field(None, description="Cursor of the next part, null on the last.")
    total: int | None = Field(None, description="How many there are, where that is counted.")


def router_of(tag: str) -> APIRouter:
    """Return a router for addresses of one kind."""
    return APIRouter(prefix=PREFIX, tags=[tag], responses=REFUSALS)


Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="How many at most.")]
Cursor = Annotated[str, Query(max_length=40, description="The value of next from the part before; empty at first.")]


def offset_of(cursor: str) -> int:
    """Return where a list goes on; CursorError "cursor-unusable"."""
    if not cursor:
        return 0
    found = CURSOR.fullmatch(cursor)
    if not found:
        raise CursorError("cursor-unusable", cursor=cursor)
    return int(found[1])


def page_of(rows: Sequence[Any], cursor: str, limit: int, total: int | None = None) -> dict[str, Any]:
    """Return a part of a list from rows asked one more than `limit`, or from the whole list where `total` is given."""
    start = offset_of(cursor)
    more = len(rows) > limit or (total is not None and start + len(rows) < total)
    return {"items": list(rows[:limit]), "next": f"o{start + limit}" if more else None, "total": total}


def sliced(rows: Sequence[Any], cursor: str, limit: int) -> dict[str, Any]:
    """Return a part of a list that is whole at hand."""
    start = offset_of(cursor)
    return page_of(rows[start : start + limit], cursor, limit, len(rows))


def recorded(done: Sequence[tuple[Appended, Entry]], about: str = "") -> Recorded:
    """Return what an act wrote."""
    return Recorded(
        entries=[Made(seq=added.seq, kind=entry.KIND, leaf=added.leaf.hex()) for added, entry in done], about=about
    )


def where_of(room: Room, known: Known) -> Where:
    """Return where a program acts: by the interface for programs, at the post where its person is on duty."""
    duty = shifts.where_is(room.office, known.person.code)
    return Where("program", duty.post if duty else "")
