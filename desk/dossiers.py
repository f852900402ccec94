"""Dossiers as clerks ask for them: by code, label, number or words, with where each is and what the register says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from sqlmodel import Session, col, select

from archive.catalogue_tables import DossierRow
from archive.near_codes import near
from archive.normalize import fold
from archive.refs import read_ref
from custody import ledger
from custody.entries import Entry, Stamp, read_body
from custody.entries_register import DossierAmended, DossiersRegistered
from custody.errors import CustodyError
from custody.holdings import IN_PACKAGE, ON_LOAN, Dossier
from custody.projections import ASKED_AT_ONCE, Projections
from desk.office import Office


@dataclass(frozen=True)
class Wanted:
    """What a list of dossiers is narrowed by; "" leaves a condition out. `place` is a place or one it stands in."""

    state: str = ""
    place: str = ""
    package: str = ""
    holder: str = ""
    fonds: str = ""
    words: str = ""


@dataclass(frozen=True)
class Seen:
    """A dossier as custody knows it, with its title and retention from the register ("" where it is not there)."""

    dossier: Dossier
    fonds: str = ""
    title: str = ""
    retention: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it with stable keys."""
        return {**asdict(self.dossier), "fonds": self.fonds, "title": self.title, "retention": self.retention}


def resolve(session: Session, references: Sequence[str]) -> list[str]:
    """Return the code of each dossier named by its code, its label, or its number where one fonds alone has it.

    Raises CustodyError "dossier-unknown", "dossier-unknown-near" or "dossier-ambiguous".
    """
    return [_code_of(session, " ".join(each.split())) for each in references]


def known(holdings: Projections, code: str) -> Dossier:
    """Return a dossier; CustodyError "dossier-unknown"."""
    found = holdings.dossiers([code]).get(code)
    if found is None:
        raise CustodyError("dossier-unknown", dossier=code)
    return found


def listed(office: Office, wanted: Wanted, limit: int, offset: int) -> list[Seen]:
    """Return the dossiers that fit, by code."""
    with office.database.reading() as session:
        return list(islice(_fitting(session, wanted), offset, offset + limit))


def described(session: Session, found: Dossier) -> Seen:
    """Return a dossier with what the register says of it."""
    return Seen(found, *_rows(session, [found.code]).get(found.code, ("", "", "")))


def described_all(session: Session, found: Sequence[Dossier]) -> list[Seen]:
    """Return dossiers with what the register says of them, in their order."""
    rows = dict[str, tuple[str, str, str]]()
    for start in range(0, len(found), ASKED_AT_ONCE):
        rows |= _rows(session, [each.code for each in found[start : start + ASKED_AT_ONCE]])
    return [Seen(each, *rows.get(each.code, ("", "", ""))) for each in found]


def facts_of(entry: Any, code: str) -> dict[str, Any]:
    """Return the facts of an entry, of a part of a register only those about this dossier."""
    facts = asdict(entry)
    if isinstance(entry, DossiersRegistered):
        facts["dossiers"] = [each for each in entry.dossiers if each[0] == code]
    return facts


def history(session: Session, code: str) -> list[tuple[int, Entry, Stamp]]:
    """Return every entry that names a dossier, the oldest first."""
    # As it stands in a body: JSON escapes quotes and the like.
    named = json.dumps(code, ensure_ascii=False)[1:-1]
    found = []
    for stored in ledger.naming(session, named):
        entry, stamp = read_body(stored.body)
        if code in _named_in(entry):
            found.append((stored.seq, entry, stamp))
    return found


def said_leaves(session: Session, code: str) -> int:
    """Return the entry that last said how many leaves a dossier has: what a correction corrects."""
    found = [seq for seq, entry, _ in history(session, code) if isinstance(entry, DossiersRegistered | DossierAmended)]
    if not found:
        raise CustodyError("dossier-unknown", dossier=code)
    return found[-1]


def _named_in(entry: Any) -> Sequence[str]:
    if isinstance(entry, DossiersRegistered):
        return [code for code, _, _ in entry.dossiers]
    return getattr(entry, "dossiers", None) or (getattr(entry, "dossier", ""),)


def _code_of(session: Session, text: str) -> str:
    if not text:
        raise CustodyError("dossiers-absent")
    if text and Projections(session).dossiers([text]):
        return text
    ref = read_ref(text)
    matching = (col(DossierRow.code) == text) | (col(DossierRow.number) == text)
    matching |= col(DossierRow.label) == (ref.code if ref else text)
    found = sorted(set(session.execute(select(col(DossierRow.code)).where(matching)).scalars()))
    if len(found) == 1:
        return str(found[0])
    if found:
        raise CustodyError("dossier-ambiguous", dossier=text, near=found[:10])
    if meant := near(text, session.execute(select(col(DossierRow.code))).scalars()):
        raise CustodyError("dossier-unknown-near", dossier=text, near=meant)
    raise CustodyError("dossier-unknown", dossier=text)


def _fitting(session: Session, wanted: Wanted) -> Iterator[Seen]:
    words = [fold(each) for each in wanted.words.split()]
    some: list[Dossier] = []
    for each in Projections(session).every(Dossier):
        if _fits(each, wanted):
            some.append(each)
        if len(some) == ASKED_AT_ONCE:
            yield from _described(session, some, wanted, words)
            some = []
    yield from _described(session, some, wanted, words)


def _fits(each: Dossier, wanted: Wanted) -> bool:
    inside = each.where if each.state == IN_PACKAGE else ""
    held = each.where if each.state == ON_LOAN else ""
    under = not wanted.place or each.where == wanted.place or each.where.startswith(f"{wanted.place}/")
    return (
        wanted.state in ("", each.state)
        and wanted.package in ("", inside)
        and wanted.holder in ("", held)
        and (under and not (wanted.place and (inside or held)))
    )


def _described(session: Session, some: Sequence[Dossier], wanted: Wanted, words: Sequence[str]) -> Iterator[Seen]:
    """Yield dossiers with what the register says of them, those that fit fonds and words."""
    rows = _rows(session, [each.code for each in some])
    for each in some:
        seen = Seen(each, *rows.get(each.code, ("", "", "")))
        text = f" {fold(seen.dossier.code)} {fold(seen.title)} "
        if wanted.fonds.upper() in ("", seen.fonds) and all(word in text for word in words):
            yield seen


def _rows(session: Session, codes: Sequence[str]) -> Mapping[str, tuple[str, str, str]]:
    columns = (col(DossierRow.code), col(DossierRow.fonds), col(DossierRow.title), col(DossierRow.retention))
    asked = select(*columns).where(col(DossierRow.code).in_(codes))
    return (
        {code: (fonds, title, retention) for code, fonds, title, retention in session.execute(asked)} if codes else {}
    )
