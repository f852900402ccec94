"""Sheet F11 of a hand-over, filled in from what the log says, with the signed head in its foot."""

from __future__ import annotations

from typing import Any, BinaryIO

from sqlmodel import Session

from archive import people, places, posts
from archive.places import PlaceError
from archive.settings import zone_of
from custody import ledger
from custody.cover import moment_at
from custody.entries import read_body
from custody.entries_shifts import HandedOver
from custody.errors import CustodyError
from custody.holdings import Package
from custody.projections import Projections
from custody.relief import SEAL
from custody.shifts import Relief, on_duty
from desk.enclosures import text_of
from desk.forms import model
from desk.forms.filling_duty import hand_over
from desk.office import Office
from desk.printing import print_form
from desk.reliefs import look
from desk.shift_words import DIFFERENCES
from desk.words import translator

CODE = "F11"
# One for who gives and one for who takes.
ORIGINALS = 2


def values_of(office: Office, code: str) -> dict[str, Any]:
    """Return the values of sheet F11 for a closed hand-over; names stand beside codes, because it is signed in ink.

    Raises CustodyError "relief-not-counted" or "relief-not-closed".
    """
    relief, zone, t = look(office, code), zone_of(office.settings), translator("vi")
    with office.database.reading() as session:
        entry, _ = read_body(ledger.entry(session, relief.entry).body)
        if not isinstance(entry, HandedOver):
            raise CustodyError("relief-not-closed", relief=code)
        holdings = Projections(session)
        post = posts.find(session, relief.post)
        names = [_name(session, each) for each in (relief.giver, relief.receiver)]
        there = [_name(session, each.guard) for each in on_duty(holdings, relief.post)]
        rows = [
            {
                "no": number,
                "package": package,
                "location": _place(session, holdings.package(package)),
                "finding": t(DIFFERENCES[what]),
                "incident": incident,
            }
            for number, ((package, what), incident) in enumerate(_named(relief), 1)
        ]
    closed = moment_at(relief.closed_at, zone)
    suspect = sorted({package for package, what in relief.differences if what.startswith(SEAL)})
    return hand_over(
        {
            "post": f"{post.code} – {post.name}",
            "shift": f"{names[0]} → {names[1]}",
            "time": f"{closed:%H:%M:%S} ngày {closed:%d/%m/%Y}",
            "guards": f"{len(there)}: {'; '.join(there)}",
            "expected": relief.expected,
            "counted": len(relief.present),
            "difference": len(relief.differences),
            "seals_ok": len(relief.present) - len(suspect),
            "seals_suspect": len(suspect),
            "keys": ", ".join(entry.keys),
            "events": text_of(office, entry.situation),
            "follow_up": ", ".join(dict.fromkeys(relief.incidents)),
            "rows": rows,
        }
    )


def write_sheet(office: Office, code: str, target: BinaryIO) -> str:
    """Write two originals of sheet F11 as PDF and return its number, which is kept."""
    relief = look(office, code)
    wording = model.load(CODE, office.settings.home / "forms")
    values = values_of(office, code)
    printed = print_form(office, wording, values, about=code, copies=ORIGINALS, by=relief.receiver)
    target.write(printed.pdf)
    return printed.numbers[0].shown


def _named(relief: Relief) -> list[tuple[tuple[str, str], str]]:
    return list(zip(relief.differences, relief.incidents, strict=True))


def _name(session: Session, code: str) -> str:
    try:
        return f"{people.find(session, code).name} ({code})"
    except people.PersonError:
        return code


def _place(session: Session, package: Package | None) -> str:
    if package is None:
        return ""
    try:
        return places.find(session, package.place).path
    except PlaceError:
        return package.place
