"""People, seals and entries from which the tests make their histories."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from archive.database import Database
from custody import entries_package as package
from custody import entries_register as register
from custody.entries import Entry, Stamp
from custody.entries_duty import IncidentOpened
from custody.entries_seals import RollIssued
from custody.holdings import Dossier, Package
from custody.ledger import Appended
from custody.manifest import count_of, digest_of
from custody.moments import format_moment
from custody.projections import Projections
from custody.recording import record
from custody.rules import Signer

HANOI = timezone(timedelta(hours=7))
START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC).astimezone(HANOI)
LAN = Signer("LAN", "clerk", "Văn phòng")
MINH = Signer("MINH", "clerk", "Tư pháp")
HOA = Signer("HOA", "clerk", "Văn phòng")
TUAN = Signer("TUAN", "archivist", "Lưu trữ")
THU = Signer("THU", "archivist", "Lưu trữ")
BINH = Signer("BINH", "guard", "Bảo vệ")
CHU = Signer("CHU", "leader", "Lãnh đạo")
STAFF = {each.code: each for each in (LAN, MINH, HOA, TUAN, THU, BINH, CHU)}
BOX = "7K3M9QXZ2"


def reads(signers: tuple[Signer, ...]) -> tuple[str, ...]:
    """Return the codes of signers."""
    return tuple(each.code for each in signers)


@dataclass
class Day:
    """A history being made: each entry a minute after the one before."""

    database: Database
    now: datetime = field(default_factory=lambda: START)

    def write(self, entry: Entry, *signers: Signer, **stamped: object) -> Appended:
        """Record one entry in its own transaction."""
        self.now += timedelta(minutes=1)
        stamp = Stamp(self.now, reads(signers), "counter", **stamped)  # type: ignore[arg-type]
        with self.database.atomic() as session:
            return record(session, entry, stamp, signers)

    def later(self, **passed: float) -> str:
        """Return a moment as text, so long after now."""
        return format_moment(self.now + timedelta(**passed))

    def package(self, code: str = BOX) -> Package:
        """Return a package as it is now."""
        with self.database.reading() as session:
            found = Projections(session).package(code)
        assert found is not None
        return found

    def contents(self, code: str = BOX) -> list[Dossier]:
        """Return what is in a package now."""
        with self.database.reading() as session:
            return Projections(session).contents(code)

    def dossier(self, code: str) -> Dossier:
        """Return a dossier as it is now."""
        with self.database.reading() as session:
            return Projections(session).dossiers([code])[code]

    def register(self, *codes: str, leaves: int = 10) -> None:
        """Register dossiers."""
        rows = tuple((code, leaves, "ab" * 32) for code in codes)
        self.write(register.DossiersRegistered("import-1", "P01", rows), LAN)

    def issue(self) -> None:
        """Issue a roll of a hundred seals, A0001 to A0100."""
        self.write(RollIssued("ROLL1", "A", 1, 100, 4), TUAN)

    def fill(self, *codes: str, box: str = BOX) -> None:
        """Draft a package and put dossiers into it."""
        self.write(package.PackageDrafted(box, "LAN"), LAN)
        counted = sum(self.dossier(code).leaves for code in codes)
        self.write(register.DossiersMoved(codes, "package", box, counted), LAN)

    def pack(self, box: str = BOX) -> None:
        """Count the contents twice and close the list."""
        count = count_of(self.contents(box))
        self.write(package.PackagePacked(box, count, count), LAN, MINH)

    def seal(self, *numbers: str, box: str = BOX) -> None:
        """Seal a packed package; the archivist becomes its custodian."""
        digest = digest_of(box, self.contents(box))
        self.write(package.PackageSealed(box, "LAN", "TUAN", numbers, "K1/G2", "K1", digest), TUAN, LAN)

    def sealed_box(self) -> None:
        """Go from nothing to a sealed package of three dossiers."""
        self.register("P01.1", "P01.2", "P01.3", "P01.4")
        self.issue()
        self.fill("P01.1", "P01.2", "P01.3")
        self.pack()
        self.seal("A0001")

    def open_incident(self, number: str, about: str = BOX) -> str:
        """Open an incident and return its number."""
        self.write(IncidentOpened(number, about, "high"), BINH)
        return number

    def open_box(self) -> None:
        """Open the sealed package under a decision."""
        opened = package.PackageOpened(
            BOX, "TUAN", "TUAN", "12/QĐ", "digitize", "intact", self.package().seals, self.later(hours=8)
        )
        self.write(opened, CHU, TUAN, BINH)
