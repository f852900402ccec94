"""What stands in custody and in the register about a package, gathered for paper: labels, minutes, lists.

Paper speaks Vietnamese, whatever language its printer reads: `paper_words()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from archive.catalogue_tables import DossierRow, FondsRow
from archive.people_tables import PersonRow
from archive.refs import read_code
from custody import ledger
from custody.entries import Entry, Stamp, read_body
from custody.errors import CustodyError
from custody.holdings import Dossier, Package
from custody.ledger_tables import EntryRow
from custody.projections import Projections
from desk.words import Words, translator

ASKED_AT_ONCE = 500
_DIGITS = re.compile(r"(\d+)")


def paper_words() -> Words:
    """Return the words of printed records."""
    return translator("vi")


@dataclass(frozen=True)
class Content:
    """One dossier as its package holds it and the register describes it; days as exactly as the list knew them."""

    code: str
    number: str
    label: str = ""
    fonds: str = ""
    title: str = ""
    retention: str = ""
    box: str = ""
    leaves: int = 0
    facts: Mapping[str, Any] | None = None

    def fact(self, name: str) -> str:
        """Return what the list said in a field, "" where it said nothing."""
        return str((self.facts or {}).get(name, ""))


@dataclass(frozen=True)
class Named:
    """A person as paper names one: name, and roles with unit."""

    code: str
    name: str
    post: str = ""


@dataclass(frozen=True)
class BoxPaper:
    """A package with its contents in the order of their numbers, and how it was sealed last (None: it is not)."""

    box: Package
    contents: tuple[Content, ...]
    fonds: tuple[tuple[str, str], ...]
    sealers: tuple[Named, ...]
    custodian: Named
    sealed_at: datetime | None = None

    @property
    def dossiers(self) -> int:
        """How many dossiers it holds: as counted when it was sealed, where it is."""
        return self.box.dossiers if self.box.manifest else len(self.contents)

    @property
    def leaves(self) -> int:
        """How many leaves it holds."""
        return self.box.leaves if self.box.manifest else sum(each.leaves for each in self.contents)

    @property
    def number(self) -> str:
        """The box numbers the register gives its dossiers, "" for none."""
        return ", ".join(sorted({each.box for each in self.contents if each.box}, key=in_order))

    @property
    def span(self) -> tuple[str, str]:
        """The first and the last number of its dossiers."""
        return (self.contents[0].number, self.contents[-1].number) if self.contents else ("", "")

    @property
    def fonds_named(self) -> str:
        """The fonds by code and name."""
        return "; ".join(f"{code} – {name}" if name else code for code, name in self.fonds)

    def dates(self) -> str:
        """Return the time its documents are from, "2001 – 2004"."""
        return period_of(self.contents)

    def retention(self, t: Words) -> str:
        """Return how long it is kept, the longest first."""
        return retention_of((each.retention for each in self.contents), t)


def box_paper(session: Session, code: str) -> BoxPaper:
    """Gather one package; raises CustodyError "package-unknown"."""
    (found,) = box_papers(session, [code])
    return found


def box_papers(session: Session, codes: Sequence[str]) -> list[BoxPaper]:
    """Gather packages in the order of `codes`, written as on their labels; CustodyError "package-unknown"."""
    asked, boxes = Projections(session), list[Package]()
    for code in codes:
        if (box := asked.package(read_code(code) or code)) is None:
            raise CustodyError("package-unknown", package=code)
        boxes.append(box)
    inside = {box.code: asked.contents(box.code) for box in boxes}
    described = contents_of(session, [each for some in inside.values() for each in some])
    fonds = {row[0]: row[1] for row in session.execute(select(col(FondsRow.code), col(FondsRow.name)))}
    people = people_named(session, {code for box in boxes for code in (*box.sealers, box.custodian)})
    papers = []
    for box in boxes:
        contents = sorted((described[each.code] for each in inside[box.code]), key=lambda each: in_order(each.number))
        names = tuple((code, fonds.get(code, "")) for code in sorted({each.fonds for each in contents if each.fonds}))
        sealers = tuple(people[code] for code in box.sealers) if box.seals else ()
        papers.append(
            BoxPaper(box, tuple(contents), names, sealers, people[box.custodian], _sealed_at(session, asked, box))
        )
    return papers


def contents_of(session: Session, dossiers: Sequence[Dossier]) -> dict[str, Content]:
    """Return dossiers with what the register says of them; one it does not know has its code alone."""
    found = {each.code: Content(each.code, each.code, leaves=each.leaves) for each in dossiers}
    listed = sorted(found)
    for start in range(0, len(listed), ASKED_AT_ONCE):
        chosen = col(DossierRow.code).in_(listed[start : start + ASKED_AT_ONCE])
        for row in session.execute(select(DossierRow).where(chosen)).scalars():
            found[row.code] = content_of(row, found[row.code].leaves)
    return found


def content_of(row: DossierRow, leaves: int | None = None) -> Content:
    """Return a dossier of the register; `leaves` as custody counted them, where it did."""
    counted = (row.leaves or 0) if leaves is None else leaves
    return Content(row.code, row.number, row.label, row.fonds, row.title, row.retention, row.box, counted, row.facts)


def people_named(session: Session, codes: Iterable[str]) -> dict[str, Named]:
    """Return how people are named on paper; who is not in the table is named by the code."""
    t, wanted = paper_words(), {code for code in codes if code}
    found = {code: Named(code, code) for code in {*wanted, ""}}
    for row in session.execute(select(PersonRow).where(col(PersonRow.code).in_(wanted))).scalars():
        roles = ", ".join(t(each) for each in row.roles)
        roles = roles[:1].upper() + roles[1:]
        unit = "" if row.unit.casefold() == roles.casefold() else row.unit
        found[row.code] = Named(row.code, row.name, ", ".join(each for each in (roles, unit) if each))
    return found


def history(session: Session, code: str, kinds: Sequence[str]) -> list[tuple[int, Entry, Stamp]]:
    """Return the entries of these kinds about a package, the oldest first."""
    return list(_entries(session, kinds, code))


def entries_of(session: Session, kinds: Sequence[str]) -> Iterator[tuple[int, Entry, Stamp]]:
    """Yield the entries of these kinds, the oldest first."""
    return _entries(session, kinds, "")


def _entries(session: Session, kinds: Sequence[str], package: str) -> Iterator[tuple[int, Entry, Stamp]]:
    query = select(col(EntryRow.seq), col(EntryRow.body)).where(col(EntryRow.kind).in_(kinds))
    for row in session.execute(query.order_by(col(EntryRow.seq)).execution_options(yield_per=ASKED_AT_ONCE)):
        # Reading a body costs far more than looking for nine letters in it.
        if package.encode() in row.body:
            entry, stamp = read_body(row.body)
            if not package or getattr(entry, "package", "") == package:
                yield row.seq, entry, stamp


def _sealed_at(session: Session, asked: Projections, box: Package) -> datetime | None:
    applied = [seal.entry for number in box.seals if (seal := asked.seal(number)) is not None]
    return read_body(ledger.entry(session, max(applied)).body)[1].at if applied else None


def in_order(number: str) -> list[tuple[int, int | str]]:
    """Return what numbers are sorted by, so that 9/UB comes before 10/UB."""
    return [(0, int(part)) if part.isdigit() else (1, part) for part in _DIGITS.split(number) if part]


def period_of(contents: Iterable[Content]) -> str:
    """Return the years that dossiers cover; as the list wrote it where only one period is known and unreadable."""
    days, written = list[str](), set[str]()
    for each in contents:
        some = [each.fact(name) for name in ("start", "end") if each.fact(name)]
        days += some
        written |= {each.fact("period")} if not some and each.fact("period") else set()
    if not days:
        return ", ".join(sorted(written)[:2])
    first, last = min(days)[:4], max(days)[:4]
    return first if first == last else f"{first} – {last}"


def retention_of(values: Iterable[str], t: Words) -> str:
    """Return retentions in words, the longest first, each once."""

    def length(value: str) -> tuple[int, int]:
        return (0, 0) if value == "permanent" else (1, -int(value)) if value.isdigit() else (2, 0)

    def told(value: str) -> str:
        if value == "permanent":
            return t("Label: permanent")
        return t.n("Label: {number} year", "Label: {number} years", int(value)) if value.isdigit() else value

    return "; ".join(told(each) for each in sorted({each for each in values if each}, key=length))


def day_on_paper(moment: datetime) -> str:
    """Return a day as minutes write it after "ngày": "25 tháng 11 năm 2026"."""
    return f"{moment.day} tháng {moment.month} năm {moment.year}"


def time_on_paper(moment: datetime) -> str:
    """Return a time of day as minutes write it after "hồi": "8 giờ 05 phút"."""
    return f"{moment.hour} giờ {moment.minute:02} phút"
