"""One way for every code that comes in: from a camera, a hand scanner, an uploaded photo or a keyboard.

    resolve(office, "http://any.host/B/7K3M9QXZ2")   a QR code; the host does not matter
    resolve(office, "7k3 m9q xz2")                    nine characters, typed
    resolve(office, "hềtp//…/b/7K3M9QXZ2")            a hand scanner under a Vietnamese keyboard: its last nine count
    resolve(office, "F11-7K3M9QXZ2")                  the number of a form
    resolve(office, "HEAD/1204/6497B7EECDF1E5BC")     the head in a form's foot, compared with the log
    resolve(office, "A0001"), "P01.001/UB", "Kho 1/03"   a seal, a dossier, a place, by the name people use

A code with a slip is never taken for another: the check character refuses it, and what is one slip away is suggested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlmodel import Session, col

from archive.catalogue_tables import DossierRow
from archive.near_codes import slips_of
from archive.number_tables import NumberRow
from archive.people_tables import PersonRow, PlaceRow
from archive.refs import LENGTH, Kind, read_code, read_ref
from custody.errors import CustodyError
from custody.holdings import Package
from custody.projection_tables import PackageRow
from custody.projections import Projections
from desk import ledgering
from desk.office import Office
from desk.sightings import note_unknown

BOX, DOSSIER, PLACE, BADGE, FORM, COVER, SEAL, HEAD = (
    "box", "dossier", "place", "badge", "form", "cover", "seal", "head",
)  # fmt: skip  # one line of names reads better than eight
_LETTERS = {BOX: Kind.BOX, DOSSIER: Kind.DOSSIER, PLACE: Kind.PLACE, BADGE: Kind.BADGE, FORM: Kind.FORM}
_FORM = re.compile(r"F\d{1,2}\s*[-/–]\s*(.+)", re.IGNORECASE)
_HEAD = re.compile(r"(?:.*/)?HEAD/(\d{1,18})/([0-9A-F]{16})", re.IGNORECASE)
_NOT_OF_CODES = re.compile(r"[^0-9A-Z]+")
LONGEST = 500
# Where a code was shown that somebody only looked up.
LOOKED_UP = "resolve"


@dataclass(frozen=True)
class Meaning:
    """What a code is: `name` as people say it, `where` from the nearest holder outwards, `custodian` by code.

    `state` is a code; `other` is the letter the label bore where it does not fit what the code is, "" otherwise.
    """

    kind: str
    code: str
    name: str
    title: str = ""
    state: str = ""
    where: tuple[str, ...] = ()
    custodian: str = ""
    other: str = ""


@dataclass(frozen=True)
class Resolved:
    """What a text means (None: nothing here), and what is one slip away from it."""

    text: str
    meaning: Meaning | None
    suggestions: tuple[Meaning, ...] = ()


def resolve(office: Office, text: str) -> Resolved:
    """Return what a text means; it never raises for a text that means nothing."""
    text = " ".join(text.split())[:LONGEST]
    if found := _HEAD.fullmatch(text):
        return Resolved(text, _head(office, int(found[1]), found[2].lower()))
    with office.database.reading() as session:
        if (meaning := _meaning(session, text)) is not None:
            return Resolved(text, meaning)
        letters = _NOT_OF_CODES.sub("", text.upper())
        slips = sorted(set(slips_of(letters)) | set(slips_of(letters[-LENGTH:])))
        near = [each for code in _known(session, slips) if (each := _of_code(session, code)) is not None]
    _note(office, text)
    return Resolved(text, None, tuple(near))


def _note(office: Office, text: str) -> None:
    """Remember a code that was never given: its check character is right, so it is hardly a slip."""
    ref = read_ref(text)
    if ref is not None:
        with office.database.atomic() as session:
            note_unknown(session, (ref.code,), office.clock.now(), place=LOOKED_UP)


def _meaning(session: Session, text: str) -> Meaning | None:
    form = _FORM.fullmatch(text)
    ref = read_ref(form[1] if form else text)
    if ref is not None and (found := _of_code(session, ref.code)) is not None:
        letter = _LETTERS.get(found.kind)
        if ref.kind not in (None, Kind.SEPARATOR, letter):
            return replace(found, other=str(ref.kind))
        return found
    if (named := _of_name(session, text)) is not None:
        return named
    # What a hand scanner types may be spoilt by the keyboard's language, but for the digits and letters at its end.
    code = read_code(_NOT_OF_CODES.sub("", text.upper())[-LENGTH:])
    return _of_code(session, code) if code is not None and len(text) > LENGTH else None


def _of_code(session: Session, code: str) -> Meaning | None:
    if (box := Projections(session).package(code)) is not None:
        return _box(box)
    dossier = session.execute(select(DossierRow).where(col(DossierRow.label) == code)).scalar_one_or_none()
    if dossier is not None:
        return _dossier(session, dossier)
    place = session.get(PlaceRow, code)
    if place is not None:
        return _place(place)
    person = session.execute(select(PersonRow).where(col(PersonRow.badge) == code)).scalar_one_or_none()
    if person is not None:
        return _person(person)
    number = session.get(NumberRow, code)
    return _number(number) if number is not None else None


def _of_name(session: Session, text: str) -> Meaning | None:
    """Return what has this name: a seal, a dossier by its number, a place by its path, a person by code."""
    asked = Projections(session)
    if (seal := asked.seal(text.upper())) is not None:
        box = asked.package(seal.package) if seal.package else None
        where = (box.code, *_box(box).where) if box is not None else ()
        return Meaning(SEAL, seal.number, seal.number, state=seal.state, where=where, title=seal.roll)
    dossier = session.execute(select(DossierRow).where(col(DossierRow.code) == text)).scalar_one_or_none()
    if dossier is not None:
        return _dossier(session, dossier)
    place = session.execute(select(PlaceRow).where(col(PlaceRow.path) == text.strip("/"))).scalar_one_or_none()
    if place is not None:
        return _place(place)
    person = session.get(PersonRow, text.upper())
    return _person(person) if person is not None else None


def _box(box: Package) -> Meaning:
    where = tuple(dict.fromkeys(each for each in (box.place, box.store) if each))
    return Meaning(BOX, box.code, box.code, state=box.state, where=where, custodian=box.custodian)


def _dossier(session: Session, row: DossierRow) -> Meaning:
    held = Projections(session).dossiers([row.code]).get(row.code)
    if held is None:
        return Meaning(DOSSIER, row.label, row.code, row.title)
    box = Projections(session).package(held.where) if held.where else None
    outer = _box(box) if box is not None else None
    where = (held.where, *(outer.where if outer else ())) if held.where else ()
    return Meaning(DOSSIER, row.label, row.code, row.title, held.state, where, outer.custodian if outer else "")


def _place(row: PlaceRow) -> Meaning:
    above = row.path.rpartition("/")[0]
    return Meaning(PLACE, row.code, row.path, row.name, row.kind, (above,) if above else ())


def _person(row: PersonRow) -> Meaning:
    return Meaning(BADGE, row.badge, row.code, row.name, "active" if row.active else "left", (row.unit,))


def _number(row: NumberRow) -> Meaning:
    state = "void" if row.voided_at else "keyed-in" if row.entry is not None else "blank" if row.blank else "printed"
    if row.kind == Kind.FORM.value:
        return Meaning(FORM, row.code, f"{row.form}-{row.code}", row.about, state)
    return Meaning(COVER, row.code, row.code, row.about, state)


def _head(office: Office, size: int, short: str) -> Meaning:
    with office.database.reading() as session:
        try:
            head = ledgering.head_of(session, ledgering.open_keys(office.settings).origin, size)
        except CustodyError:
            return Meaning(HEAD, short, str(size), state="longer-than-log")
    return Meaning(HEAD, short, str(size), head.origin, "agrees" if head.short() == short else "differs")


def _known(session: Session, codes: Iterable[str]) -> list[str]:
    """Return those codes that name something here."""
    listed, found = list(codes), set[str]()
    columns = (PackageRow.code, DossierRow.label, PlaceRow.code, PersonRow.badge, NumberRow.code)
    for column in map(col, columns):
        found |= set(session.execute(select(column).where(column.in_(listed))).scalars())
    return sorted(found)
