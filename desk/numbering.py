"""I16 on paper: what the numbers of forms, covers, labels and badges break, beside the codes the log itself gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from archive import numbers
from archive.catalogue_tables import DossierRow
from archive.numbers import Number
from archive.people_tables import PersonRow, PlaceRow
from archive.refs import Kind
from custody.errors import Finding
from custody.projection_tables import PackageRow
from desk.office import Office

# Where the codes of things stand: the letter on the label, the code, and the name a label is registered under.
_THINGS = (
    (Kind.BOX, col(PackageRow.code), col(PackageRow.code)),
    (Kind.DOSSIER, col(DossierRow.label), col(DossierRow.code)),
    (Kind.PLACE, col(PlaceRow.code), col(PlaceRow.path)),
    (Kind.BADGE, col(PersonRow.badge), col(PersonRow.code)),
)


def judge_numbers(office: Office) -> Mapping[int, Sequence[Finding]]:
    """Return what breaks I16: a code that means two things, a label of nothing, a void number used, a print lost."""
    with office.database.reading() as session:
        return {16: list(_findings(session))}


def _findings(session: Session) -> Iterator[Finding]:
    things: dict[str, tuple[Kind, str]] = {}
    for kind, code, name in _THINGS:
        for row in session.execute(select(code, name)):
            if (other := things.setdefault(row[0], (kind, row[1]))) != (kind, row[1]):
                yield Finding("code-means-two", facts={"number": row[0], "about": other[1], "other": row[1]})
    recorded = numbers.prints_recorded(session)
    for each in numbers.every(session):
        yield from _about(each, things.get(each.code), recorded.get(each.code, 0))


def _about(each: Number, thing: tuple[Kind, str] | None, recorded: int) -> Iterator[Finding]:
    if thing is not None and (thing[0] is not each.kind or (each.about and each.about != thing[1])):
        yield Finding(
            "code-means-two", facts={"number": each.shown, "about": each.about or each.form, "other": thing[1]}
        )
    names_a_thing = each.kind in {kind for kind, _, _ in _THINGS} and each.about
    if thing is None and names_a_thing:
        yield Finding("printed-for-nothing", facts={"number": each.shown, "about": each.about})
    if each.voided_at is not None and each.entry is not None:
        yield Finding("void-number-used", each.entry, facts={"number": each.shown, "reason": each.void_reason})
    if each.prints != recorded:
        yield Finding("prints-miscounted", facts={"number": each.shown, "count": each.prints, "found": recorded})
