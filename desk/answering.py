"""What answers for the seconds a post was short of guards: incidents a leader concluded, and sheets keyed in later.

    for hole in cut(cover.holes, answers(session).get(cover.post, ())):
        hole.answered

Both stay in sight: an answered hole is still a hole, and a presence from paper is still from paper. Nothing here
writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sqlalchemy import select
from sqlmodel import Session

from archive import people, posts
from archive.errors import ArchiveError
from archive.settings import zone_of
from custody.cover import Hole, moment_at, second_of
from custody.errors import CustodyError
from custody.incidents import Incident
from custody.moments import format_moment, parse_moment
from custody.paper import FROM_PAPER, PaperForm
from custody.projections import TABLES, Projections
from custody.shifts import OnDuty
from desk import covering
from desk.office import Office

GUARD = "guard"


@dataclass(frozen=True)
class Answer:
    """An incident answers for a post over [start, end), seconds since 1970."""

    incident: str
    start: int
    end: int


@dataclass(frozen=True)
class Attested:
    """A guard was at a post over [start, end) as a numbered sheet says; `keyed_by` signed when it was keyed in."""

    guard: str
    start: int
    end: int
    form: str
    number: str
    people: tuple[str, ...]
    keyed_by: tuple[str, ...]
    entry: int

    @property
    def sheet(self) -> str:
        """Return the sheet as people name it."""
        return f"{self.form} {self.number}"


def answers(session: Session) -> dict[str, list[Answer]]:
    """Return what was answered for, by post, by when the span begins and who was first to answer."""
    rows = TABLES[Incident].c
    asked = select(rows.number).where(rows.start != "").order_by(rows.closed_at, rows.number)
    holdings, found = Projections(session), dict[str, list[Answer]]()
    for number in session.execute(asked).scalars().all():
        known = holdings.one(Incident, number)
        if known is not None and known.answers:
            span = (second_of(parse_moment(each)) for each in (known.start, known.end))
            found.setdefault(known.about, []).append(Answer(known.number, *span))
    return found


def cut(holes: Iterable[Hole], given: Sequence[Answer]) -> Iterator[Hole]:
    """Yield holes in pieces, each answered by one incident or by none; the first that was concluded counts."""
    for hole in holes:
        near = [each for each in given if each.start < hole.end and each.end > hole.start]
        edges = {at for each in near for at in (each.start, each.end) if hole.start < at < hole.end}
        cuts = [hole.start, *sorted(edges), hole.end]
        last: Hole | None = None
        for begin, until in pairwise(cuts):
            by = next((each.incident for each in near if each.start <= begin < each.end), "")
            if last is not None and last.answered == by:
                last = replace(last, end=until)
                continue
            if last is not None:
                yield last
            last = replace(hole, start=begin, end=until, answered=by)
        if last is not None:
            yield last


def attested(session: Session, start: int, end: int) -> dict[str, list[Attested]]:
    """Return the presences in [start, end) that only sheets attest, by post and in order."""
    rows, sheets = TABLES[OnDuty].c, TABLES[PaperForm].c
    asked = (
        select(rows.post, rows.guard, rows.start, rows.until, sheets.number)
        .join(TABLES[PaperForm], sheets.entry == rows.entry)
        .where(rows.ending == FROM_PAPER)
    )
    # Sheets are few; asked for the span or an order as well, a database may walk everybody who was ever there.
    told = sorted((tuple(each) for each in session.execute(asked)), key=lambda each: (each[2], each[1]))
    holdings, found = Projections(session), dict[str, list[Attested]]()
    for post, guard, begin, until, number in told:
        if begin >= end or until <= start:
            continue
        sheet = holdings.one(PaperForm, number)
        assert sheet is not None
        facts = (sheet.form, sheet.number, sheet.people, sheet.keyed_by, sheet.entry)
        found.setdefault(post, []).append(Attested(guard, begin, until, *facts))
    return found


def must_be_short(office: Office, session: Session, post: str, start: str, end: str) -> str:
    """Return the code of a post that was short of guards somewhere in [start, end), RFC 3339 text of the past.

    Raises CustodyError "answer-about-no-hole" where nothing is left to answer for.
    """
    code = posts.find(session, post).code
    first, last = (second_of(parse_moment(each)) for each in (start, end))
    if not first < last <= covering.now_of(office):
        # What is no span of the past is refused as such when it is recorded.
        return code
    found = covering.covers(office, session, first, last, [code])
    if not any(not each.answered for cover in found for each in cover.holes):
        raise CustodyError("answer-about-no-hole", post=code, start=start, end=end)
    return code


def must_have_been_free(
    office: Office, session: Session, post: str, guards: Sequence[str], start: str, end: str
) -> None:
    """Refuse a sheet that puts a guard where they cannot have been.

    Raises CustodyError "paper-present-unknown" for who is no guard, and "paper-guard-elsewhere" for who was confirmed
    at another post in that span.
    """
    first, last = (second_of(parse_moment(each)) for each in (start, end))
    for guard in guards:
        try:
            known = GUARD in people.find(session, guard).roles
        except ArchiveError:
            known = False
        if not known:
            raise CustodyError("paper-present-unknown", guard=guard)
        rows = TABLES[OnDuty].c
        elsewhere = select(rows.post, rows.start).where(
            rows.guard == guard, rows.post != post, rows.start < last, (rows.until > first) | (rows.until < 0)
        )
        if (found := session.execute(elsewhere).first()) is not None:
            since = format_moment(moment_at(found[1], zone_of(office.settings)))
            raise CustodyError("paper-guard-elsewhere", guard=guard, post=found[0], since=since)
