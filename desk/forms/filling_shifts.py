"""Sheet F11 of a hand-over, filled in from what the log says, with the head that was signed with it in its foot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive import people, places, posts
from archive.durable import write_whole
from archive.places import PlaceError
from archive.refs import new_code
from archive.settings import zone_of
from custody.cover import moment_at
from custody.holdings import Package
from custody.projections import Projections
from custody.relief import SEAL
from custody.shifts import Relief, on_duty
from desk.forms import drawing, model
from desk.office import Office
from desk.reliefs import Closed
from desk.shift_words import DIFFERENCES
from desk.words import translator

CODE = "F11"


def values_of(office: Office, done: Closed) -> dict[str, Any]:
    """Return the values of sheet F11; names stand beside codes, because it is signed in ink."""
    relief, zone, t = done.relief, zone_of(office.settings), translator("vi")
    assert relief is not None
    closed = moment_at(relief.closed_at, zone)
    suspect = sorted({code for code, what in relief.differences if what.startswith(SEAL)})
    with office.database.reading() as session:
        holdings = Projections(session)
        post = posts.find(session, relief.post)
        names = [_name(session, code) for code in (relief.giver, relief.receiver)]
        there = [_name(session, each.guard) for each in on_duty(holdings, relief.post)]
        rows = [
            {
                "no": number,
                "package": code,
                "location": _place(session, holdings.package(code)),
                "finding": t(DIFFERENCES[what]),
                "incident": incident,
            }
            for number, ((code, what), incident) in enumerate(_named(relief), 1)
        ]
    return {
        "post": f"{post.code} – {post.name}",
        "shift": f"{names[0]} → {names[1]}",
        "time": f"{closed:%H:%M:%S} ngày {closed:%d/%m/%Y}",
        "guards": f"{len(there)}: {'; '.join(there)}",
        "expected": relief.expected,
        "counted": len(relief.present),
        "difference": len(relief.differences),
        "seals_ok": len(relief.present) - len(suspect),
        "seals_suspect": len(suspect),
        "keys": ", ".join(done.keys),
        "events": done.situation,
        "follow_up": ", ".join(dict.fromkeys(relief.incidents)),
        "rows": rows,
    }


def write_sheet(office: Office, done: Closed, path: Path, name: str = "", parent: str = "") -> str:
    """Write sheet F11 as PDF and return its number."""
    wording = model.load(CODE, office.settings.home / "forms")
    sheet = drawing.Filled(wording, new_code(), name, parent, head=done.head, values=values_of(office, done))
    write_whole(path.absolute(), drawing.draw([sheet]))
    return sheet.number


def _named(relief: Relief) -> list[tuple[tuple[str, str], str]]:
    return list(zip(relief.differences, relief.incidents, strict=True))


def _name(session: Any, code: str) -> str:
    try:
        return f"{people.find(session, code).name} ({code})"
    except people.PersonError:
        return code


def _place(session: Any, package: Package | None) -> str:
    if package is None:
        return ""
    try:
        return places.find(session, package.place).path
    except PlaceError:
        return package.place
