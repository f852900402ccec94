"""Values of F12, the book of rounds, from a round in the log: each point with its hour, or left out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from archive import people, posts
from archive.errors import ArchiveError
from archive.refs import is_code, show_code
from custody.holdings import Package
from custody.projections import Projections
from custody.round_results import UNSCANNED, Result
from custody.rounds import Round
from desk import rounds
from desk.enclosures import text_of
from desk.office import Office

# The book is Vietnamese, whatever language the station speaks.
FINDINGS = {"intact": "nguyên vẹn", "damaged": "hư hại", "broken": "rách, đứt", "missing": "không thấy", UNSCANNED: ""}
EXTRA, MOVED, INCIDENT = "ngoài danh sách", "để sai chỗ", "sự cố {number}"


def round_values(office: Office, code: str) -> dict[str, Any]:
    """Return the values of F12 for a round that was begun or missed; CustodyError "round-unknown"."""
    found, results = rounds.look(office, code)
    names = rounds.names_of(office, [*found.points, *(each.point for each in results)])
    with office.database.reading() as session:
        holdings = Projections(session)
        boxes = {each.point: holdings.one(Package, each.point) for each in results}
        post = {each.code: each.name for each in posts.every(session)}.get(found.guarded, "")
        guards = []
        for each in found.by:
            try:
                guards.append(f"{people.find(session, each).name} ({each})")
            except ArchiveError:
                guards.append(each)
    rows = [_row(number, each, boxes[each.point], names) for number, each in enumerate(results, 1)]
    values: dict[str, Any] = {
        "post": f"{post} ({found.guarded})" if post else found.guarded,
        "round": found.code,
        "window": _window(found),
        "rows": rows,
        "checked": found.scanned,
        "missed": len(found.unscanned),
        "reason": text_of(office, found.reason) or "không",
    }
    return {**values, "guard": ", ".join(guards)} if guards else values


def _row(number: int, result: Result, box: Package | None, names: dict[str, str]) -> dict[str, Any]:
    notes = [EXTRA] if not result.listed else []
    notes += [MOVED] if result.moved else []
    notes += [INCIDENT.format(number=result.incident)] if result.incident else []
    name = names.get(result.point, result.point)
    return {
        "no": number,
        "time": f"{datetime.fromisoformat(result.at):%H:%M}" if result.at else "",
        "point": show_code(result.point) if is_code(result.point) else result.point,
        "location": result.seen_at or (box.place if box else "" if name == result.point else name),
        "finding": FINDINGS[result.finding],
        "note": "; ".join(notes),
    }


def _window(found: Round) -> str:
    due, closes = datetime.fromisoformat(found.due), datetime.fromisoformat(found.closes)
    return f"{due:%H:%M} – {closes:%H:%M} ngày {due:%d/%m/%Y}"
