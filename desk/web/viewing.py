"""The viewer: a page of a scan as it is on paper, the found words boxed, its text beside it, and what to know of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session
from starlette.responses import JSONResponse, RedirectResponse, Response

from archive import activity, pages, scans
from archive.errors import ArchiveError
from archive.pages import WordBox
from archive.tables import Page, Scan
from desk.web import parts
from desk.web.files import searchable_path
from desk.web.lists import may_read_again
from desk.web.room import InRoom, Room
from desk.web.showing import to_query

router = APIRouter(include_in_schema=False)
ScanId = Annotated[str, Path(max_length=64)]
PageNumber = Annotated[int, Path(ge=1, le=1_000_000)]
Asked = Annotated[str, Query(max_length=10_000)]
# Thumbnails to each side of the page in view; the rest is a link away.
STRIP = 12


@dataclass(frozen=True)
class Leaf:
    """One page in the strip: read or not yet, and whether a person should look."""

    number: int
    is_read: bool
    wants_eyes: bool


@dataclass(frozen=True)
class Line:
    """A line of text in stretches of (text, whether it was searched for); `opens_block` begins a new paragraph."""

    stretches: tuple[tuple[str, bool], ...]
    opens_block: bool


@router.get("/scan/{public_id}")
def show_scan(request: Request, room: InRoom, public_id: ScanId, q: Asked = "", again: bool = False) -> Response:
    """Show the first page of a scan that has been read, or the wait for it."""
    with room.office.database.reading() as session:
        scan = scans.find(session, public_id)
        leaves = strip(session, scan)
        first = next((leaf.number for leaf in leaves if leaf.is_read), None)
        if first is not None and not again:
            return RedirectResponse(f"/scan/{scan.public_id}/page/{first}{to_query({'q': q})}", 303)
        return room.showing.page(request, "scan.html", **describe(room, session, scan), leaves=leaves, q=q, again=again)


@router.get("/scan/{public_id}/page/{number}")
def show_page(request: Request, room: InRoom, public_id: ScanId, number: PageNumber, q: Asked = "") -> Response:
    """Show one page."""
    with room.office.database.reading() as session:
        scan = scans.find(session, public_id)
        page = find_page(session, scan, number)
        words = pages.words(session, page.id or 0)
        found = set(parts.matching_words(q, words)) if q.strip() else set()
        leaves = strip(session, scan)
        numbers = [leaf.number for leaf in leaves if leaf.is_read]
        at = numbers.index(number)
        return room.showing.page(
            request,
            "page.html",
            **describe(room, session, scan),
            page=page,
            q=q,
            boxes=[words[index] for index in sorted(found)],
            lines=to_lines(words, found) or text_lines(page.text),
            word_count=len(words),
            leaves=[leaf for leaf in leaves if abs(leaf.number - number) <= STRIP],
            previous=numbers[at - 1] if at else None,
            following=numbers[at + 1] if at + 1 < len(numbers) else None,
            first=numbers[0],
            last=numbers[-1],
        )


@router.get("/scan/{public_id}/page/{number}/words")
def give_words(room: InRoom, public_id: ScanId, number: PageNumber) -> Response:
    """Give the words of a page as [text, x, y, width, height, confidence], boxes in pixels of the stored image."""
    with room.office.database.reading() as session:
        page = find_page(session, scans.find(session, public_id), number)
        words = pages.words(session, page.id or 0)
    rows = [[w.text, w.x, w.y, w.width, w.height, round(w.confidence)] for w in words]
    answer = {"width": page.width, "height": page.height, "words": rows}
    return JSONResponse(answer, headers={"Cache-Control": "private, max-age=60"})


def find_page(session: Session, scan: Scan, number: int) -> Page:
    """Return a saved page of a scan; ArchiveError "page-not-read"."""
    page = activity.page_of(session, scan.id or 0, number)
    if page is None:
        pages_known = scan.page_count if scan.page_count is not None else "?"
        raise ArchiveError("page-not-read", page=number, name=scan.name, pages=pages_known, done=scan.pages_done)
    return page


def strip(session: Session, scan: Scan) -> list[Leaf]:
    """Return every page of a scan, those not read yet among them."""
    read = {number: wants for number, _, wants in activity.page_states(session, scan.id or 0)}
    most = max(scan.page_count or 0, *read, 0) if read else scan.page_count or 0
    return [Leaf(number, number in read, read.get(number, False)) for number in range(1, most + 1)]


def describe(room: Room, session: Session, scan: Scan) -> dict[str, Any]:
    """Return what every view of a scan shows of it."""
    sources = [source for _, source, _ in activity.page_states(session, scan.id or 0)]
    return {
        "scan": scan,
        "is_open": scan.state in {scans.RECEIVED, scans.READING},
        "may_retry": may_read_again(scan.state, sources),
        "has_pdf": searchable_path(room, scan.sha256).is_file(),
        "doubles": activity.arrivals_of(session, scan.id or 0, limit=20),
    }


def to_lines(words: Sequence[WordBox], found: Collection[int]) -> list[Line]:
    """Put words back into their lines, neighbours of one kind joined."""
    lines: list[Line] = []
    stretches: list[tuple[str, bool]] = []
    place: tuple[int, int] | None = None
    block = opened = -1
    for index, word in enumerate(words):
        here = (word.block, word.line)
        if place is not None and here != place:
            lines.append(Line(tuple(stretches), opened != block))
            stretches, block = [], opened
        place, opened = here, word.block
        marked = index in found
        if stretches and stretches[-1][1] == marked:
            stretches[-1] = (f"{stretches[-1][0]} {word.text}", marked)
        else:
            if stretches:
                stretches.append((" ", False))
            stretches.append((word.text, marked))
    if stretches:
        lines.append(Line(tuple(stretches), opened != block))
    return lines


def text_lines(text: str) -> list[Line]:
    """Return the lines of a page that has text but no words."""
    lines, opens = [], True
    for line in text.splitlines():
        if line.strip():
            lines.append(Line(((line, False),), opens))
        opens = not line.strip()
    return lines
