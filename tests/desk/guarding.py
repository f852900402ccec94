"""An office with a guard post, places and sealed boxes, whose people sign without PINs, on a hand-set clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

import pytest

from archive import places, posts
from archive.clock import HandClock
from archive.refs import check_character
from custody import ledger
from custody.entries import Stamp
from custody.entries_package import PackageDrafted, PackagePacked, PackageSealed
from custody.entries_register import DossiersMoved, DossiersRegistered
from custody.entries_rounds import RoundPlanned
from custody.entries_seals import RollIssued
from custody.manifest import digest_of
from custody.projections import Projections
from custody.recording import record
from custody.rules import Signer
from desk import custodial, rounds, shifts
from desk.office import Office
from tests.custody.office_day import LAN, MINH, STAFF, TUAN

HANOI = timezone(timedelta(hours=7))
GUARD, LEADER = [("BINH", "")], [("CHU", "")]
BOXES = tuple(f"{number}A2B3C4D" + check_character(f"{number}A2B3C4D") for number in range(1, 7))
# Kinds that a test about rounds looks at.
KINDS = ("round", "point", "package-mis", "package-sus", "incident")


@dataclass
class Post:
    """One guarded post: what tests ask of it."""

    office: Office
    clock: HandClock
    store: str
    shelf: str

    def set(self, text: str) -> None:
        """Set the clock to a moment in Ha Noi, "2026-01-06 22:00"."""
        self.clock.moment = datetime.fromisoformat(text).replace(tzinfo=HANOI)

    def plan(self, *times: str, code: str = "DEM", **more: object) -> None:
        """Publish a plan of rounds past the store and all boxes in it."""
        asked = RoundPlanned(
            code, "round", "P1", (f"place {self.shelf}", "boxes Kho 1"), times, (), 30, 20, 0, "+07:00"
        )
        rounds.add_plan(self.office, replace(asked, **more), LEADER)  # type: ignore[arg-type]

    def kinds(self) -> list[str]:
        """Return the kinds of all entries about rounds, in order."""
        with self.office.database.reading() as session:
            return [each.kind for each in ledger.read(session) if each.kind.startswith(KINDS)]


def build(office: Office, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Make the post, two places and six sealed boxes: four on the first shelf, two on the second."""
    monkeypatch.setattr(custodial, "authenticate", lambda _office, code, _pin: STAFF[code])
    now = clock.now()
    with office.database.atomic() as session:
        places.add(session, None, "store", "Kho 1", now)
        shelf = places.add(session, "Kho 1", "shelf", "G1", now)
        places.add(session, "Kho 1", "shelf", "G2", now)
        posts.add(session, code="P1", name="Cổng chính", place="Kho 1", watches=(), now=now)
    write(office, RollIssued("R1", "A", 1, 100, 4), [TUAN])
    for number, code in enumerate(BOXES, 1):
        seal(office, code, f"A{number:04}", "Kho 1/G1" if number <= 4 else "Kho 1/G2")
    shifts.start(office, "P1", "BINH", GUARD)
    return Post(office, clock, "Kho 1", shelf.code)


def write(office: Office, entry: object, signers: Sequence[Signer]) -> None:
    """Record one entry."""
    stamp = Stamp(custodial.local_now(office), tuple(each.code for each in signers), "counter")
    with office.database.atomic() as session:
        record(session, entry, stamp, signers)  # type: ignore[arg-type]


def seal(office: Office, code: str, number: str, place: str) -> None:
    """Make one sealed box of one dossier."""
    dossier = f"P01.{code}"
    write(office, DossiersRegistered("import", "P01", ((dossier, 10, "ab" * 32),)), [LAN])
    write(office, PackageDrafted(code, "LAN"), [LAN])
    write(office, DossiersMoved((dossier,), "package", code, 10), [LAN])
    write(office, PackagePacked(code, (1, 10), (1, 10)), [LAN, MINH])
    with office.database.reading() as session:
        digest = digest_of(code, Projections(session).contents(code))
    write(office, PackageSealed(code, "LAN", "TUAN", (number,), place, "Kho 1", digest), [TUAN, LAN])
