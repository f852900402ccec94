"""Settings, what was done to people and settings, and the phones, on pages; for the administrator."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from archive import office_acts, people, settings_file
from archive.errors import ArchiveError
from archive.settings import Settings, explained
from desk import administering, devices, papers_asked, restarting
from desk.web.gate import SignedIn
from desk.web.room import InRoom, Room
from desk.web.staff import pdf
from labels.errors import LabelError

router = APIRouter(include_in_schema=False)
ACTS = 50
CHOICES = {
    "lang": ("vi", "en"),
    "witness": ("off", "on"),
    "https": ("auto", "on", "off"),
    "after_intake": ("move", "delete"),
    "printer_dpi": ("203", "300", "600"),
    "doorbell": ("", "procrastinate"),
}


@dataclass(frozen=True)
class Shown:
    """One setting as the page shows it; `running` is what the station works with now."""

    key: str
    value: object
    running: object
    default: object
    sentence: str
    choices: tuple[str, ...]
    is_here: bool
    is_at_once: bool
    is_outside: bool

    @property
    def waits(self) -> bool:
        """Whether the station works with another value until it begins again."""
        return self.value != self.running and not self.is_outside


@router.get("/office")
def show_office(request: Request, room: InRoom) -> Response:
    """Show what an administrator looks after, and what of it is still to be done."""
    from desk.web.wizard import steps_of

    return room.showing.page(request, "office.html", steps=steps_of(room))


@router.get("/settings")
def show_settings(request: Request, room: InRoom, done: str = "") -> Response:
    """Show every setting with its sentence."""
    return _settings(request, room, done=done)


@router.post("/settings")
def change_setting(
    request: Request,
    room: InRoom,
    known: SignedIn,
    key: Annotated[str, Form(max_length=64)],
    value: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Write one setting into the file."""
    try:
        administering.set_settings(room.office, known.person.code, {key: value})
    except ArchiveError as refused:
        return _settings(request, room, status=422, failed=refused, given={key: value})
    room.refresh()
    return RedirectResponse(f"/settings?done={key}#{key}", 303)


@router.post("/settings/restart")
def restart(room: InRoom, known: SignedIn) -> Response:
    """Let the processes of the station begin again, so that every setting holds; pages are back in a moment."""
    restarting.ask(room.office, known.person.code)
    return RedirectResponse("/settings?done=restart", 303)


@router.post("/settings/calibration")
def print_calibration(request: Request, room: InRoom) -> Response:
    """Draw the page that shows how far the printer is off."""
    words = room.showing.words(request)
    try:
        return pdf(papers_asked.calibration(room.office.settings, words), "calibration.pdf")
    except LabelError as refused:
        raise ArchiveError(refused.code, **refused.facts) from refused


@router.get("/acts")
def show_acts(
    request: Request,
    room: InRoom,
    about: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[int, Query(ge=0, le=2**62)] = 0,
) -> Response:
    """Show what was done to people, places, posts and settings, the newest first."""
    with room.office.database.reading() as session:
        found = office_acts.newest(session, about=about, before=before, limit=ACTS + 1)
        names = {each.code: each.name for each in people.everyone(session)}
    older = found[ACTS - 1].id if len(found) > ACTS else 0
    return room.showing.page(request, "acts.html", acts=found[:ACTS], older=older, about=about, names=names)


@router.get("/devices")
def show_devices(request: Request, room: InRoom) -> Response:
    """Show the phones by which guards record."""
    return room.showing.page(
        request,
        "devices.html",
        devices=devices.heard(room.office),
        silent_after=devices.SILENT_AFTER.total_seconds(),
    )


def _settings(
    request: Request,
    room: Room,
    *,
    status: int = 200,
    done: str = "",
    given: dict[str, str] | None = None,
    failed: ArchiveError | None = None,
) -> Response:
    settings = room.office.settings
    standing = settings_file.read_values(settings.home)
    plain = {each.name: each.default for each in fields(Settings)}
    rows = [
        Shown(
            key=key,
            value=standing.get(key, plain[key]),
            running=room.begun_with[key] if key not in administering.AT_ONCE else running,
            default=plain[key],
            sentence=sentence,
            choices=CHOICES.get(key, ()),
            is_here=key not in administering.ONLY_AT_THE_MACHINE,
            is_at_once=key in administering.AT_ONCE,
            is_outside=key in room.given_outside,
        )
        for key, running, sentence in explained(settings)
    ]
    return room.showing.page(
        request,
        "settings.html",
        status=status,
        rows=rows,
        given=given or {},
        done=done,
        failed=failed,
        can_restart=restarting.can(settings.home),
        path=settings.home / "luutru.toml",
    )
