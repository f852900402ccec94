"""Paper forms filled in while there was no power, keyed in afterwards with the form's number and its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from archive import numbers, posts
from custody.entries_duty import PaperEntered
from custody.errors import CustodyError
from custody.paper import PaperForm
from custody.projections import Projections
from desk import answering, custodial
from desk.enclosures import enclose
from desk.office import Office

Signing = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Written:
    """What stands on the sheet: its number, which form it is, when and where it was written, and who signed it.

    `present` are those who were on duty at the post `where` from `start` until `end`: it counts as their presence.
    """

    number: str
    form: str
    start: str
    end: str
    where: str
    people: tuple[str, ...]
    about: str = ""
    present: tuple[str, ...] = ()


def key_in(
    office: Office, sheet: Written, signing: Signing, *, text: str = "", photos: Sequence[Path] = ()
) -> PaperForm:
    """Record a sheet; signed by one who signed the paper and one more person. Its picture must be enclosed.

    A number this station could have printed must be one it gave to that form, neither void nor keyed in: NumberError.
    Numbers of a book from elsewhere are taken as they are. A sheet that says who was on duty is signed by a leader who
    was not among them.
    """
    own = numbers.read_number(sheet.number)
    number = own or sheet.number.strip().upper()
    if not photos:
        raise CustodyError("paper-without-picture", number=number)
    start = custodial.until(office, sheet.start)
    end = custodial.until(office, sheet.end) if sheet.end else ""
    with enclose(office, files=photos, text=text) as enclosed:

        def make(_holdings: Projections, session: Session) -> list[PaperEntered]:
            form = sheet.form.strip().upper()
            if own is not None:
                numbers.find(session, f"{form}-{own}")
            place, there = sheet.where, tuple(each.strip().upper() for each in sheet.present)
            signed = tuple(each.strip().upper() for each in sheet.people) if there else sheet.people
            if there:
                place = posts.find(session, place).code
                answering.must_have_been_free(office, session, place, there, start, end or start)
            return [PaperEntered(number, form, start, end, place, signed, sheet.about, enclosed.names, there)]

        def finish(session: Session) -> None:
            enclosed.keep(office.vault)
            entered = Projections(session).one(PaperForm, number) if own is not None else None
            if entered is not None:
                numbers.note_entered(session, number, entered.entry)

        custodial.perform(office, make, signing, finish)
    with office.database.reading() as session:
        found = Projections(session).one(PaperForm, number)
    assert found is not None
    return found


def every(office: Office) -> list[PaperForm]:
    """Return the forms that were keyed in, by number."""
    with office.database.reading() as session:
        return list(Projections(session).every(PaperForm))
