"""The command `luutru cover`: how every post is covered, as a bar of 24 hours and a list of every hole.

Cover sheets of scanned stacks have the same name in English; with a list, --blank or --out they are meant, and as
`cover-sheet` they can be had under a name of their own.
"""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import click

from desk.cli.asked import Asked
from desk.cli.covers import cover as print_sheets
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.spoken import SpokenCommand, mark

if TYPE_CHECKING:
    from custody.cover import Hole, Presence
    from desk.covering import Cover

BOTH, UNPLANNED, PLANNED, SHORT, NOTHING, NOW = "█", "▓", "░", "!", "·", "▼"
PAPER, ANSWERED = "≡", "×"
DAY, MOST_DAYS = 86_400, 400
# A cell is half an hour where the terminal has room, an hour where it has not.
WIDE, NARROW = 48, 24
_UNITS = {"m": 60, "h": 3600, "d": DAY}
# Options that only cover sheets have.
SHEETS = frozenset({"--output", "--out", "--blank", "--list", "--package"})


class CoverCommand(SpokenCommand):
    """The cover of posts, or cover sheets where the options are theirs."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Begin the command that is meant."""
        if any(each.partition("=")[0] in SHEETS or each.startswith("-o") for each in args):
            return print_sheets.make_context(info_name, args, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(cls=CoverCommand, help=mark("Show how the posts are covered, and every hole with who answers for it."))
@click.option("--post", "only", multiple=True, metavar="POST", help=mark("Only this post; may be repeated."))
@click.option("--from", "start", default="", metavar="WHEN", help=mark("From this day or moment; otherwise today."))
@click.option("--to", "end", default="", metavar="WHEN", help=mark("Until this day or moment; otherwise now."))
@click.option("--ahead", default="24h", metavar="SPAN", help=mark("How far ahead the plan is looked at: 24h, 90m, 7d."))
@as_json
@click.pass_obj
def cover(asked: Asked, only: tuple[str, ...], start: str, end: str, ahead: str, as_json: bool) -> Exit:
    """Draw the cover; a hole makes the exit code non-zero."""
    from archive import posts
    from archive.settings import zone_of
    from desk import covering

    with asked.office() as office:
        zone, now = zone_of(office.settings), covering.now_of(office)
        first, last = _span(start, end, zone, now)
        with office.database.reading() as session:
            codes = [posts.find(session, each).code for each in only]
            found = covering.covers(office, session, first, last, codes, read_span(ahead))
    if as_json:
        asked.say_json([tell(each, zone) for each in found])
    else:
        _draw(asked, found, zone, (first, last, now))
    return Exit.FINDINGS if any(each.open_holes or each.ahead for each in found) else Exit.OK


def read_span(text: str) -> int:
    """Return the seconds of "24h", "90m" or "7d"; CustodyError "span-unreadable"."""
    from custody.errors import CustodyError

    found = re.fullmatch(r"\s*(\d{1,4})\s*([mhd])\s*", text)
    if found is None:
        raise CustodyError("span-unreadable", value=text)
    return min(int(found[1]) * _UNITS[found[2]], MOST_DAYS * DAY)


def read_when(text: str, zone: tzinfo) -> int:
    """Return the second of a day ("2026-01-05": its first) or a moment; CustodyError "moment-unreadable"."""
    from custody.cover import moment_of, second_of
    from custody.errors import CustodyError

    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return moment_of(zone, date.fromisoformat(text), 0)
        given = datetime.fromisoformat(text)
    except ValueError:
        raise CustodyError("moment-unreadable", value=text) from None
    if given.tzinfo is None:
        given = given.replace(tzinfo=zone)
    return second_of(given)


def _span(start: str, end: str, zone: tzinfo, now: int) -> tuple[int, int]:
    from custody.cover import day_of, moment_of
    from custody.errors import CustodyError

    first = read_when(start, zone) if start else moment_of(zone, day_of(zone, now), 0)
    last = read_when(end, zone) if end else max(now, first + 1)
    if not first < last or last - first > MOST_DAYS * DAY:
        raise CustodyError("span-unreadable", value=f"{start}…{end}")
    return first, last


def tell(each: Cover, zone: tzinfo) -> dict[str, Any]:
    """Return a cover with stable keys and its moments on the office's clocks."""
    from custody.cover import moment_at

    sheets = {(one.guard, one.start, one.end): one for one in each.attested}

    def span(presence: Presence) -> dict[str, object]:
        guard, begin, until = presence
        told: dict[str, object] = {"guard": guard, "from": moment_at(begin, zone), "to": moment_at(until, zone)}
        if (sheet := sheets.get(presence)) is not None:
            told["paper"] = {"sheet": sheet.sheet, "people": list(sheet.people), "keyed_by": list(sheet.keyed_by)}
        return told

    return {
        "post": each.post,
        "name": each.name,
        "guarded_from": moment_at(each.guarded_from, zone),
        "needs": [{"from": moment_at(at, zone), "guards": need} for at, need in each.needs],
        "present": [span(one) for one in each.present],
        "planned": [span(one) for one in each.planned],
        "holes": [tell_hole(one, zone) for one in each.holes],
        "ahead": [tell_hole(one, zone) for one in each.ahead],
    }


def tell_hole(hole: Hole, zone: tzinfo) -> dict[str, object]:
    """Return a hole with stable keys."""
    from custody.cover import moment_at

    return {
        "from": moment_at(hole.start, zone),
        "to": moment_at(hole.end, zone),
        "seconds": hole.end - hole.start,
        "needed": hole.needed,
        "short": hole.short,
        "responsible": list(hole.responsible),
        "absent": list(hole.absent),
        "left": hole.last,
        "answered": hole.answered or None,
    }


def _draw(asked: Asked, found: list[Cover], zone: tzinfo, span: tuple[int, int, int]) -> None:
    from custody.cover import day_of, days_between, moment_of

    t, (first, last, now) = asked.t, span
    if not found:
        asked.say(t("There is no post yet. Add one with: luutru post add"))
        return
    cells = WIDE if shutil.get_terminal_size().columns >= WIDE + 16 else NARROW
    wide = max(len(each.post) for each in found)
    for day in days_between(day_of(zone, first), day_of(zone, last - 1)):
        begin, until = (moment_of(zone, each, 0) for each in (day, day + timedelta(days=1)))
        asked.say(t("Cover on {day}", day=day))
        asked.say(" " * wide + "  " + "".join(f"{hour:<{cells // 4}}" for hour in range(0, 24, 6)))
        if begin <= now < until:
            asked.say(" " * (wide + 2 + (now - begin) * cells // (until - begin)) + NOW)
        for each in found:
            asked.say(f"{each.post:<{wide}}  {bar(each, begin, until, cells, now)}")
    asked.say(
        t(
            "{both} planned and there, {unplanned} there without a plan, {planned} planned only, {short} too few",
            both=BOTH,
            unplanned=UNPLANNED,
            planned=PLANNED,
            short=SHORT,
        )
    )
    if any(each.attested or any(hole.answered for hole in each.holes) for each in found):
        asked.say(t("{paper} from paper, {answered} too few and answered for", paper=PAPER, answered=ANSWERED))
    for each in found:
        for line in _holes(asked, each, zone):
            asked.say(line)
    if not any(each.holes or each.ahead for each in found):
        asked.say(t("No hole."))


def bar(each: Cover, begin: int, until: int, cells: int, now: int) -> str:
    """Return the day [begin, until) of a post as so many letters; one second with too few shows in its cell."""
    drawn = []
    for number in range(cells):
        start, end = (begin + (until - begin) * step // cells for step in (number, number + 1))

        def is_in(spans: Iterator[tuple[int, int]], start: int = start, end: int = end) -> bool:
            return any(one < end and two > start for one, two in spans)

        short = is_in((hole.start, hole.end) for hole in (*each.open_holes, *each.ahead))
        answered = is_in((hole.start, hole.end) for hole in each.holes if hole.answered)
        paper = is_in((one.start, one.end) for one in each.attested)
        there = is_in((one, min(two, now)) for _, one, two in each.present)
        planned = is_in((one, two) for _, one, two in each.planned)
        cell = BOTH if there and planned else UNPLANNED if there else PLANNED if planned else NOTHING
        drawn.append(SHORT if short else ANSWERED if answered else PAPER if paper else cell)
    return "".join(drawn)


def _holes(asked: Asked, each: Cover, zone: tzinfo) -> Iterator[str]:
    from custody.cover import moment_at

    t = asked.t
    for hole in each.holes:
        facts = {"post": each.post, "short": hole.short, "needed": hole.needed}
        who = list(hole.responsible) or t("nobody was planned")
        if hole.answered:
            yield t(
                "× {post}: {start} – {end}, {short} of {needed} missing; answered in incident {incident}",
                start=_clock(moment_at(hole.start, zone), t.lang),
                end=_clock(moment_at(hole.end, zone), t.lang),
                incident=hole.answered,
                **facts,
            )
            continue
        yield t(
            "! {post}: {start} – {end}, {short} of {needed} missing; answers for it: {who}",
            start=_clock(moment_at(hole.start, zone), t.lang),
            end=_clock(moment_at(hole.end, zone), t.lang),
            who=who,
            **facts,
        )
    for sheet in each.attested:
        yield t(
            "≡ {post}: {start} – {end}, {guard} was there as sheet {sheet} says; signed by {people}, "
            "keyed in by {keyed}",
            post=each.post,
            start=_clock(moment_at(sheet.start, zone), t.lang),
            end=_clock(moment_at(sheet.end, zone), t.lang),
            guard=sheet.guard,
            sheet=sheet.sheet,
            people=list(sheet.people),
            keyed=list(sheet.keyed_by),
        )
    for hole in each.ahead:
        yield t(
            "? {post}: {start} – {end}, {short} of {needed} not planned yet",
            post=each.post,
            start=_clock(moment_at(hole.start, zone), t.lang),
            end=_clock(moment_at(hole.end, zone), t.lang),
            short=hole.short,
            needed=hole.needed,
        )


def _clock(moment: datetime, lang: str) -> str:
    """Return a moment on the office's clocks, whatever zone this machine is in."""
    from babel.dates import format_datetime

    from desk.words import MOMENT_PATTERNS

    return str(format_datetime(moment, MOMENT_PATTERNS[lang], locale=lang))


sheets = copy.copy(print_sheets)
sheets.name = "cover-sheet"
COMMANDS: tuple[click.Command, ...] = (cover, sheets)
