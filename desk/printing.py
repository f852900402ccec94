"""Printing that is remembered: numbers are given and prints are counted before a paper leaves the station.

What cannot be drawn is found out first, so that a refused print burns no number and counts as none.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from archive import numbers, people
from archive.numbers import Number, Print
from archive.refs import Kind
from custody.checkpoint import Checkpoint
from custody.projections import Projections
from desk import ledgering
from desk.forms import drawing
from desk.forms.filling import names_of
from desk.forms.model import Form, load
from desk.labelling_facts import Filled
from desk.office import Office
from labels.cover import Cover, draw_covers
from labels.geometry import Printer
from labels.sheet import Drawn, draw_sheets
from labels.stocks import Stock


@dataclass(frozen=True)
class Press:
    """How labels are printed: the printer, the host inside codes, who prints."""

    printer: Printer
    host: str
    by: str = ""


def print_labels(
    office: Office, filled: Sequence[Filled], stock: Stock, press: Press, target: BinaryIO, start: int = 1
) -> Drawn:
    """Draw labels, those that were printed before marked as reprints, and count the print of each.

    Raises NumberError "number-means-another", PersonError "person-unknown" and what `draw_sheets` raises.
    """
    draw_sheets([each.label for each in filled], stock, press.printer, press.host, io.BytesIO(), start)
    with office.database.atomic() as session:
        by = _printer_of(office, press.by)
        ordinals = numbers.note_prints(session, [each.print for each in filled], by, office.clock.now())
    marked = [each.numbered(ordinals[each.print.code]) for each in filled]
    return draw_sheets(marked, stock, press.printer, press.host, target, start)


def print_covers(office: Office, covers: Sequence[Cover], press: Press, target: BinaryIO) -> int:
    """Draw cover sheets and count the print of each; raises as `print_labels` does."""
    drawn = io.BytesIO()
    pages = draw_covers(covers, press.printer, press.host, drawn)
    with office.database.atomic() as session:
        by = _printer_of(office, press.by)
        # A cover stands for its dossier: the heading is the dossier's own code.
        told = [
            Print(each.kind, each.code, each.heading if each.kind is Kind.DOSSIER else "", "cover") for each in covers
        ]
        numbers.note_prints(session, told, by, office.clock.now())
    target.write(drawn.getvalue())
    return pages


def new_covers(office: Office, count: int, by: str, make: Callable[[str], Cover]) -> list[Cover]:
    """Give numbers to blank cover sheets; raises NumberError "numbers-too-many"."""
    return [make(each.code) for each in _give(office, Kind.SEPARATOR, "", count, "", True, by)]


@dataclass(frozen=True)
class Printed:
    """Forms that were printed: their numbers, the head in their foot, and the bytes of the PDF."""

    numbers: tuple[Number, ...]
    head: Checkpoint
    pdf: bytes


def print_form(
    office: Office,
    form: Form,
    values: dict[str, object],
    *,
    about: str = "",
    blank: bool = False,
    copies: int = 1,
    by: str = "",
    heading: tuple[str, str] = ("", ""),
    place_and_date: str = "",
) -> Printed:
    """Print a record: blanks with a number each, a filled record as so many originals of one number.

    A head of the custody log is signed for the foot. Raises FormError "form-value-wrong" before anything is given.
    """
    name, parent = heading
    plain = drawing.Filled(
        form,
        "000000000",
        name,
        parent,
        place_and_date,
        host=office.settings.label_host,
        # An office's own wording may have other people sign.
        named=names_of(form.code, values) if form.signers == load(form.code).signers else (),
        values=values,
    )
    drawing.draw([plain])
    # A printed head must be one that was signed and lies in the second place too.
    head, _note, _copied = ledgering.sign_head(office, "form")
    given = _give(office, Kind.FORM, form.code, copies if blank else 1, about, blank, by)
    sheets = [replace(plain, code=each.code, head=head) for each in given]
    return Printed(tuple(given), head, drawing.draw(sheets if blank else sheets * copies))


def _give(office: Office, kind: Kind, form: str, count: int, about: str, blank: bool, by: str) -> list[Number]:
    with office.database.atomic() as session:
        packages = Projections(session)
        return numbers.give(
            session,
            kind,
            form=form,
            count=count,
            about=about,
            blank=blank,
            by=_printer_of(office, by),
            now=office.clock.now(),
            is_taken=lambda code: packages.package(code) is not None,
        )


def _printer_of(office: Office, code: str) -> str:
    """Return the code of who prints, proven to be somebody; "" where nobody is named."""
    if not code:
        return ""
    with office.database.reading() as session:
        return people.find(session, code).code
