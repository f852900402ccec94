"""The board: invariants, boxes by place, progress, lateness, duty, alarms and the last head, on one page."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from archive.refs import is_code, show_code
from desk import alarming, daybars, head_copies, lateness, overview, verdicts
from desk.alarm_words import LEVEL_WORDS, explain_alarm
from desk.board_words import COLUMNS, LATE, REASONS, evidence_in_words, links_of
from desk.custody_words import state_in_words
from desk.invariant_words import name_of
from desk.web.gate import SignedIn
from desk.web.permits import permit_of
from desk.web.room import InRoom, Room
from desk.words import translator, visible

router = APIRouter(include_in_schema=False)
# How old what the board shows may be, in seconds, by how dear it is to work out.
FRESH, FRESHER, DEAR = 10.0, 4.0, 60.0
MOST_LATE, MOST_ALARMS = 25, 30
Place = Annotated[str, Query(max_length=500)]


@router.get("/board")
def show_board(request: Request, room: InRoom, known: SignedIn, place: Place = "", began: str = "") -> Response:
    """Show how the whole station stands."""
    lang = room.showing.language(request)
    return room.showing.page(request, "board.html", **look(room, lang, place), began=began, known=known)


@router.post("/board/judge")
def judge(room: InRoom, known: SignedIn) -> Response:
    """Begin to judge all invariants now, and show the board, which tells when that is done."""
    room.judge.begin(room.office, known.person.code)
    # A short log is judged before the page is shown again.
    room.judge.wait(1.5)
    return RedirectResponse("/board#invariants", 303)


def look(room: Room, lang: str, place: str) -> dict[str, Any]:
    """Return everything the board shows."""
    office, recent = room.office, room.recent
    late = recent.of("late", FRESHER, lambda: lateness.late(office))
    seen = alarming.board(office)
    return {
        "judgement": verdicts.last(office),
        "judging": room.judge.is_judging,
        "judge_failed": room.judge.failed,
        "name_of": name_of,
        "evidence": lambda kept: evidence_in_words(kept, translator(lang)),
        "links_of": lambda one: list(links_of(one.facts, one.entry)),
        "boxes": recent.of(("boxes", place), FRESH, lambda: overview.boxes(office, place)),
        "columns": COLUMNS,
        "state_in_words": lambda state: state_in_words(state, translator(lang)),
        "progress": recent.of("progress", DEAR, lambda: overview.progress(office)),
        "late": late[:MOST_LATE],
        "late_count": sum(each.is_late for each in late),
        "late_total": len(late),
        "late_words": LATE,
        "late_link": late_link,
        "day": recent.of("day", FRESHER, lambda: daybars.day_bars(office)),
        "names": recent.of("names", DEAR, lambda: daybars.names_of(office)),
        "copies": recent.of("copies", FRESH, lambda: head_copies.copies(office)),
        "reasons": REASONS,
        **about_alarms(seen, lang),
        "may_post": lambda who, path: bool(who.roles & permit_of("POST", path)),
        "place": place,
        "show": show,
    }


def about_alarms(seen: alarming.Board, lang: str) -> dict[str, Any]:
    """Return what the list of alarms shows."""
    waiting = [each for each in seen.alarms if each.wants_person]
    return {
        "alarms": seen.alarms[:MOST_ALARMS],
        "alarm_total": len(seen.alarms),
        "waiting": len(waiting),
        "newest_alarm": max((each.number for each in waiting), default=0),
        "is_urgent": any(each.level == "urgent" for each in waiting),
        "seen": seen,
        "say_alarm": lambda each: explain_alarm(each, lang),
        "levels": LEVEL_WORDS,
    }


def late_link(each: lateness.Late) -> str:
    """Return the page about something late."""
    pages = {
        lateness.TRANSIT: "/ask?package=",
        lateness.RESEAL: "/ask?package=",
        lateness.ROUND: "/rounds/",
        lateness.STOCKTAKE: "/stocktakes/",
        lateness.INCIDENT: "/incidents/",
    }
    # A round that nobody began has no page yet: its plan tells more.
    if each.kind == lateness.ROUND and not each.who:
        return "/rounds"
    return f"{pages.get(each.kind, '/log?text=')}{each.about}"


def show(code: str) -> str:
    """Return a code as its label shows it; anything else as it can be shown."""
    return show_code(code) if is_code(code) else visible(code)
