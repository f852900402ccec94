"""Filing scans under their dossiers: the cover sheets in them, their names, or a person who says so.

`file_scan` is run at the end of every reading, and by the tick for scans whose dossier was registered later; run again
it changes nothing. What it cannot decide is shown to a person: a sheet with an unknown or forged code, pages before the
first cover, a name that fits two dossiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlmodel import Session, col

from archive import parts, scans
from archive.catalogue_tables import DossierRow
from archive.dossier_names import find_by_name
from archive.part_tables import ScanPart
from archive.parts import COVER, NAME, NOTHING_LEFT, Wanted
from archive.refs import Kind, read_ref
from archive.tables import Page, Scan
from custody.entries import Entry
from custody.entries_scans import ScansFiled, ScansUnfiled
from custody.errors import CustodyError
from custody.recording import record
from custody.rules import Signer
from desk import custodial
from desk.office import Office
from digitize.batches import DOUBTFUL, Range, is_doubtful, split
from labels.read import find_cover

Signing = Sequence[Signer | tuple[str, str]]
KEEPERS = ("archivist", "clerk")
AT_ONCE = 50
FLAGS = frozenset({"cover-unknown", "cover-doubtful", "cover-without-pages", "pages-before-cover", "name-ambiguous"})


@dataclass(frozen=True)
class Matched:
    """What a pass over the scans did: how many were looked at, and how many parts more are filed now."""

    looked: int
    filed: int


def name_cover(grey: NDArray[np.uint8]) -> tuple[str, ...]:
    """Name the cover sheet that a scanned page is: "D/7K3M9QXZ2", or "?" and its text where it is in doubt."""
    sheet = find_cover(grey, grey.shape[1], grey.shape[0])
    if sheet is None:
        return ()
    ref = sheet.ref
    return (f"{ref.kind}/{ref.code}",) if ref is not None else (DOUBTFUL + sheet.text,)


def file_scan(session: Session, scan_id: int, now: datetime) -> int:
    """File one scan as far as it can be decided now, and return how many parts of it more are filed than before.

    What a person decided stands.
    """
    scan = parts.hold(session, scan_id)
    before = sum(row.dossier is not None for row in parts.standing(session, scan_id))
    newest = newest_dossier(session)
    if scan.state in (scans.RECEIVED, scans.READING) and parts.standing(session, scan_id):
        # It is being read again: how its pages are filed is decided anew when that is done.
        parts.count(session, scan)
    else:
        parts.settle(session, scan, list(_wanted(session, scan)), now)
    stands = parts.standing(session, scan_id)
    _flag(session, scan_id, stands)
    scan.sought = NOTHING_LEFT if stands and all(row.dossier for row in stands) else newest
    session.add(scan)
    session.flush()
    return sum(row.dossier is not None for row in stands) - before


def newest_dossier(session: Session) -> int:
    """Return the number of the dossier registered last, 0 where there is none."""
    return int(session.execute(select(func.max(col(DossierRow.id)))).scalar() or 0)


def match(office: Office, most: int | None = None) -> Matched:
    """File what could not be filed when it was read; at most so many scans, the oldest first."""
    looked = filed = 0
    while most is None or looked < most:
        with office.database.atomic() as session:
            wanted = (
                col(Scan.sought) >= 0,
                col(Scan.sought) < newest_dossier(session),
                col(Scan.state) != scans.READING,
            )
            found = session.execute(select(col(Scan.id)).where(*wanted).order_by(col(Scan.sought)).limit(AT_ONCE))
            chosen = list(found.scalars())
            filed += sum(file_scan(session, scan_id, office.clock.now()) for scan_id in chosen)
        looked += len(chosen)
        if len(chosen) < AT_ONCE:
            break
    return Matched(looked, filed)


def attach(
    office: Office, reference: str, dossier: str, pages: tuple[int, int] | None, signing: Signing
) -> tuple[Scan, ScanPart]:
    """File pages of a scan by hand, signed by a clerk or archivist; see archive.parts.attach for what is refused."""
    by = keeper(office, signing)
    with office.database.atomic() as session:
        scan = parts.hold(session, scans.find(session, reference).id or 0)
        made = parts.attach(session, scan, dossier, pages, by.code, office.clock.now())
        file_scan(session, made.scan_id, office.clock.now())
        write(office, session, ScansFiled(scan.sha256, made.first_page, made.last_page or 0, str(made.dossier)), by)
        return scan, made


def detach(
    office: Office, reference: str, pages: tuple[int, int] | None, signing: Sequence[tuple[str, str]]
) -> tuple[Scan, list[ScanPart]]:
    """Take pages away from their dossier by hand; the program does not file them there again."""
    by = keeper(office, signing)
    with office.database.atomic() as session:
        scan = parts.hold(session, scans.find(session, reference).id or 0)
        ended = parts.detach(session, scan, pages, by.code, office.clock.now())
        file_scan(session, ended[0].scan_id, office.clock.now())
        for each in ended:
            last = each.last_page or 0
            write(office, session, ScansUnfiled(scan.sha256, each.first_page, last, each.dossier or ""), by)
        return scan, ended


def count_open(office: Office) -> int:
    """Count the parts that need eyes."""
    open_ones = (col(ScanPart.ended_at).is_(None), col(ScanPart.dossier).is_(None))
    with office.database.reading() as session:
        return int(session.execute(select(func.count()).select_from(ScanPart).where(*open_ones)).scalar_one())


def open_parts(office: Office, limit: int = 100) -> list[dict[str, Any]]:
    """Return parts that need eyes, the oldest first, with stable keys."""
    query = (
        select(ScanPart, Scan)
        .join(Scan, col(Scan.id) == col(ScanPart.scan_id))
        .where(col(ScanPart.ended_at).is_(None), col(ScanPart.dossier).is_(None))
        .order_by(col(ScanPart.id))
        .limit(limit)
    )
    with office.database.reading() as session:
        return [
            {**part_as_json(row), "scan": scan.public_id, "name": scan.name} for row, scan in session.execute(query)
        ]


def part_as_json(row: ScanPart) -> dict[str, Any]:
    """Return a part with stable keys."""
    return row.model_dump(exclude={"id", "scan_id"})


def write(office: Office, session: Session, entry: Entry, by: Signer) -> None:
    """Enter into the custody log what a person decided, in the transaction that does it."""
    record(session, entry, custodial.HERE.stamp(custodial.local_now(office), (by.code,)), [by])


def keeper(office: Office, signing: Signing, roles: Sequence[str] = KEEPERS) -> Signer:
    """Return the one person who signs, in one of these roles; CustodyError "signer-role-wrong" or "one-signer"."""
    if len(signing) != 1:
        raise CustodyError("one-signer", count=len(signing))
    signer = signing[0] if isinstance(signing[0], Signer) else custodial.authenticate(office, *signing[0])
    if signer.role not in roles:
        raise CustodyError("signer-role-wrong", signer=signer.code, role=signer.role, roles=list(roles))
    return signer


def _wanted(session: Session, scan: Scan) -> Iterator[Wanted]:
    """Yield the parts a scan should have: by its covers where it has any, otherwise by its name."""
    rows = session.execute(
        select(col(Page.number), col(Page.cover), col(Page.source)).where(col(Page.scan_id) == scan.id)
    ).all()
    covers = {number: cover for number, cover, _ in rows if cover is not None}
    ended = scan.state in (scans.READ, scans.UNREADABLE)
    if ended and covers and scan.page_count is not None and len(rows) == scan.page_count:
        blank = {number for number, _, source in rows if source == "blank"}
        cut = split([covers.get(number) for number in range(1, scan.page_count + 1)], blank)
        known = _labelled(session, covers.values())
        for each in cut.ranges:
            yield from _by_cover(each, known, cut.two_sided)
        return
    if covers:
        return
    found = find_by_name(session, scan.name)
    if found.dossier:
        yield Wanted(1, None, found.dossier, NAME, scan.name)
    elif found.several:
        yield Wanted(1, None, None, NAME, scan.name, reason="name-ambiguous")


def _by_cover(each: Range, known: Mapping[str, str], two_sided: bool) -> Iterator[Wanted]:
    ref = read_ref(each.code) if each.code and not is_doubtful(each.code) else None
    if each.code and each.count == 0:
        if ref is None or ref.kind != Kind.BOX:
            yield Wanted(each.cover, each.cover, None, COVER, each.code, each.cover, "cover-without-pages")
        return
    dossier, reason = known.get(each.code), None
    if not each.code or (ref is not None and ref.kind == Kind.BOX):
        reason = "pages-before-cover"
    elif dossier is None:
        reason = "cover-unknown" if ref is not None else "cover-doubtful"
    yield Wanted(each.first, each.last, dossier, COVER, each.code, each.cover, reason, two_sided)


def _labelled(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Return what a cover says → the dossier with that label, for those that are registered."""
    refs = {text: ref for text in set(codes) if not is_doubtful(text) and (ref := read_ref(text)) is not None}
    labels = {ref.code for ref in refs.values()}
    rows = session.execute(select(col(DossierRow.label), col(DossierRow.code)).where(col(DossierRow.label).in_(labels)))
    known = {label: code for label, code in rows}  # noqa: C416  # dict() of rows has no type
    return {text: known[ref.code] for text, ref in refs.items() if ref.kind != Kind.BOX and ref.code in known}


def _flag(session: Session, scan_id: int, stands: Sequence[ScanPart]) -> None:
    """Let the pages that tell of an open question ask for eyes, and those whose question is answered no more."""
    asks = {row.cover_page or row.first_page: row for row in stands if row.reason}
    query = select(Page).where(col(Page.scan_id) == scan_id, col(Page.wants_eyes) | col(Page.number).in_(list(asks)))
    for page in session.execute(query).scalars():
        kept = [each for each in page.reasons if each["code"] not in FLAGS]
        row = asks.get(page.number)
        if row is not None:
            kept.append({"code": row.reason, "facts": {"code": row.code.removeprefix(DOUBTFUL)}})
        if kept != page.reasons:
            # A page that a person accepted asks again only for what is new.
            page.reasons, page.wants_eyes = kept, bool(kept) and (page.wants_eyes or row is not None)
            session.add(page)
    session.flush()
