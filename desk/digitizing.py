"""How far each dossier is digitized: none, scanned, read, checked, approved; and leaves out = pages read = leaves back.

A dossier counts as digitized when all that was scanned of it is read and nothing differs, or two people approved the
pages as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from archive import catalogue, reviews, sheets
from archive.catalogue_tables import DossierRow, FondsRow
from archive.errors import ArchiveError
from archive.reviews import Review
from archive.sheets import Sheets
from custody import ledger
from custody.entries import read_body
from custody.entries_scans import ScansReviewed
from custody.errors import Finding
from custody.holdings import Dossier
from custody.projections import Projections
from custody.rules import Signer
from custody.scanned import Scanned, differences
from desk import custodial, filing
from desk.office import Office

NONE, SCANNED, READ, CHECKED, APPROVED = "none", "scanned", "read", "checked", "approved"
STATES = (NONE, SCANNED, READ, CHECKED, APPROVED)
APPROVERS = ("archivist", "leader")
_AT_ONCE = 500


@dataclass(frozen=True)
class Progress:
    """One dossier: its leaves on record and as counted (-1: not counted), its pages, its state, and what differs."""

    dossier: str
    leaves: int
    went: int
    came: int
    custody: str
    pages: int = 0
    blanks: int = 0
    failed: int = 0
    state: str = NONE
    checked_by: str = ""
    approved_by: str = ""
    reason: str = ""
    differences: tuple[Finding, ...] = ()

    @property
    def is_digitized(self) -> bool:
        """Whether all of it is read and nothing differs but what was approved."""
        return self.state in (READ, CHECKED, APPROVED) and not self.differences

    def as_json(self) -> dict[str, Any]:
        """Return plain values with stable keys."""
        told = [{"code": each.code, "facts": dict(each.facts)} for each in self.differences]
        return {**asdict(self), "differences": told, "digitized": self.is_digitized}


@dataclass(frozen=True)
class Share:
    """How many of how many dossiers are digitized."""

    digitized: int
    dossiers: int


def of_package(office: Office, code: str) -> list[Progress]:
    """Return how far the dossiers of a package are, those at a station among them; CustodyError "package-unknown"."""
    with office.database.reading() as session:
        asked = Projections(session)
        custodial.known(asked, code)
        held = {each.code: each for each in (*asked.contents(code), *asked.away(code))}
        return _progress(session, sorted(held), held)


def of_packages(office: Office, codes: Sequence[str]) -> dict[str, Share]:
    """Return package → how many of its dossiers are digitized, those at a station among them; for lists of many."""
    with office.database.reading() as session:
        asked = Projections(session)
        inside = {code: {each.code: each for each in (*asked.contents(code), *asked.away(code))} for code in codes}
        every = {code: each for some in inside.values() for code, each in some.items()}
        done = {each.dossier for each in _progress(session, sorted(every), every) if each.is_digitized}
    return {code: Share(len(done & some.keys()), len(some)) for code, some in inside.items()}


def of_fonds(office: Office, fonds: str) -> list[Progress]:
    """Return how far the dossiers of a fonds are, in the order of the register; CatalogueError "fonds-unknown"."""
    with office.database.reading() as session:
        catalogue.dossiers(session, fonds, limit=1)
        key = fonds.strip().upper()
        codes = select(col(DossierRow.code)).where(col(DossierRow.fonds) == key).order_by(col(DossierRow.id))
        return _progress(session, list(session.execute(codes).scalars()))


def of_dossiers(office: Office, references: Sequence[str]) -> list[Progress]:
    """Return how far these dossiers are; CatalogueError "dossier-unknown"."""
    with office.database.reading() as session:
        return _progress(session, [catalogue.dossier(session, each).code for each in references])


def by_fonds(office: Office) -> dict[str, Share]:
    """Return fonds → how many of its dossiers are digitized; only dossiers with scans are looked at one by one."""
    with office.database.reading() as session:
        counts = select(col(FondsRow.code), func.count(col(DossierRow.id))).select_from(FondsRow)
        counts = counts.outerjoin(DossierRow, col(DossierRow.fonds) == col(FondsRow.code))
        totals = session.execute(counts.group_by(col(FondsRow.code)).order_by(col(FondsRow.code))).all()
        done = [each.dossier for each in _progress(session, sorted(sheets.sheets(session))) if each.is_digitized]
        homes: dict[str, int] = {}
        for start in range(0, len(done), _AT_ONCE):
            some = col(DossierRow.code).in_(done[start : start + _AT_ONCE])
            for fonds, count in session.execute(
                select(col(DossierRow.fonds), func.count()).where(some).group_by(col(DossierRow.fonds))
            ):
                homes[fonds] = homes.get(fonds, 0) + count
    return {fonds: Share(homes.get(fonds, 0), total) for fonds, total in totals}


def of_held(session: Session, held: Sequence[Dossier]) -> list[Progress]:
    """Return how far dossiers are whose custody is at hand already."""
    known = {each.code: each for each in held}
    return _progress(session, sorted(known), known)


def share_of(found: Sequence[Progress]) -> Share:
    """Count the digitized ones."""
    return Share(sum(each.is_digitized for each in found), len(found))


def scanned_of(session: Session) -> dict[str, Scanned]:
    """Return what the invariant about pages and leaves is judged by: every dossier whose scans are all read.

    A difference is accepted only where the custody log says who approved exactly these pages.
    """
    logged = set()
    for stored in ledger.of_kind(session, ScansReviewed.KIND):
        entry, stamp = read_body(stored.body)
        assert isinstance(entry, ScansReviewed)
        logged.add((entry.dossier, entry.act, entry.digest, stamp.by))
    held = {
        code: each
        for code, each in reviews.reviews(session).items()
        if (code, reviews.APPROVED, each.digest, (each.approved_by,)) in logged
    }
    return {code: _scanned(each, held.get(code)) for code, each in sheets.sheets(session).items() if each.counted}


def check(office: Office, references: Sequence[str], signing: Sequence[tuple[str, str]], reason: str = "") -> list[str]:
    """Note that a clerk or archivist compared scans with paper; a difference needs a reason.

    Raises ArchiveError "dossier-not-read" or "difference-without-reason" for the first dossier in the way.
    """
    by = filing.keeper(office, signing)
    with office.database.atomic() as session:
        found = _progress(session, [catalogue.dossier(session, each).code for each in references])
        for each in found:
            if each.state in (NONE, SCANNED):
                raise ArchiveError("dossier-not-read", dossier=each.dossier)
            if each.differences and not reason.strip():
                raise ArchiveError("difference-without-reason", dossier=each.dossier, count=len(each.differences))
            why = reason.strip() if each.differences else ""
            digest = reviews.check(session, each.dossier, by.code, why, office.clock.now())
            _write(office, session, by, (each.dossier, reviews.CHECKED, digest), why)
    return [each.dossier for each in found]


def approve(office: Office, references: Sequence[str], signing: Sequence[tuple[str, str]]) -> list[str]:
    """Note that an archivist or leader who did not check approves; see archive.reviews.approve for what is refused."""
    by = filing.keeper(office, signing, APPROVERS)
    with office.database.atomic() as session:
        codes = [catalogue.dossier(session, each).code for each in references]
        for each in codes:
            digest = reviews.approve(session, each, by.code, office.clock.now())
            _write(office, session, by, (each, reviews.APPROVED, digest))
    return codes


def withdraw(
    office: Office, references: Sequence[str], signing: Sequence[tuple[str, str]], reason: str = ""
) -> list[str]:
    """Take back a check and its approval, with a reason: the dossier is "read" again."""
    by = filing.keeper(office, signing, (*APPROVERS, "clerk"))
    with office.database.atomic() as session:
        codes = [catalogue.dossier(session, each).code for each in references]
        for each in codes:
            digest = reviews.withdraw(session, each, by.code, reason.strip(), office.clock.now())
            _write(office, session, by, (each, reviews.WITHDRAWN, digest), reason.strip())
    return codes


def _write(office: Office, session: Session, by: Signer, told: tuple[str, str, str], why: str = "") -> None:
    """Enter an act into the custody log; of the words only their digest stands there."""
    reason = hashlib.sha256(why.encode()).hexdigest() if why else ""
    filing.write(office, session, ScansReviewed(*told, reason), by)


def _progress(session: Session, codes: Sequence[str], held: dict[str, Dossier] | None = None) -> list[Progress]:
    known = Projections(session).dossiers(codes) if held is None else held
    filed, looked = sheets.sheets(session, codes), reviews.reviews(session, set(codes))
    missing = [code for code in codes if code not in known]
    leaves = _registered_leaves(session, missing)
    return [
        _one(known.get(code) or Dossier(code, leaves.get(code, 0), ""), filed.get(code), looked.get(code))
        for code in codes
    ]


def _one(dossier: Dossier, filed: Sheets | None, review: Review | None) -> Progress:
    scanned = _scanned(filed, review) if filed else None
    state = NONE if filed is None else READ if filed.counted else SCANNED
    if state == READ and review is not None:
        state = APPROVED if review.approved_by else CHECKED
    return Progress(
        dossier.code,
        dossier.leaves,
        dossier.went,
        dossier.came,
        dossier.state,
        scanned.pages if scanned else 0,
        scanned.blanks if scanned else 0,
        scanned.failed if scanned else 0,
        state,
        review.checked_by if review else "",
        review.approved_by if review else "",
        review.reason if review else "",
        tuple(differences(dossier, scanned if filed and filed.counted else None)),
    )


def _scanned(filed: Sheets, review: Review | None) -> Scanned:
    accepted = review is not None and bool(review.approved_by)
    return Scanned(filed.pages, filed.low, filed.high, filed.blanks, filed.failed, accepted)


def _registered_leaves(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Return the leaves of dossiers that only the register knows, not the custody log."""
    found: dict[str, int] = {}
    listed = list(codes)
    for start in range(0, len(listed), _AT_ONCE):
        chosen = col(DossierRow.code).in_(listed[start : start + _AT_ONCE])
        for code, leaves in session.execute(select(col(DossierRow.code), col(DossierRow.leaves)).where(chosen)):
            found[code] = leaves or 0
    return found
