"""The entries of an office for years, in the mix in which they come: one log and the state it leads to.

A register of 50 000 dossiers, 2 500 boxes packed and sealed, then day after day: checks of boxes (over half of all),
boxes moved and sent, boxes opened, a dossier signed out to a station and back, and sealed again; visitors and loans.
Every entry is one the rules would have let through at its moment, so the invariants hold over the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from archive.database import Database
from custody import entries_package as package
from custody import entries_register as register
from custody import ledger, signing
from custody.entries import Entry, Stamp, body_of
from custody.entries_duty import VisitorIn, VisitorOut
from custody.entries_seals import RollIssued
from custody.holdings import Package
from custody.manifest import count_of, digest_of
from custody.moments import format_moment
from custody.projections import TABLES, Projections
from custody.seals import MOST_IN_ROLL
from custody.signing import Keys
from custody.state import State

DOSSIERS, BOXES, PART, INSIDE, LEAVES = 50_000, 2_500, 500, 20, 40
START = datetime(2026, 1, 5, 1, tzinfo=UTC).astimezone(timezone(timedelta(hours=7)))
FILL, HEAD_EVERY = 5_000, 20_000
PUT = 2_000


class Office:
    """An office that works without end."""

    def __init__(self, dossiers: int = DOSSIERS, boxes: int = BOXES) -> None:
        self.state, self.seq, self.now, self.seals = State(), 0, START, 0
        self.random, self.dossiers, self.boxes = Random(1), dossiers, boxes  # the same office each time

    def work(self) -> Iterator[bytes]:
        """Yield the bytes of entry after entry."""
        yield from self.begin()
        while True:
            box = self.state.package(f"BOX{self.random.randrange(self.boxes):05}")
            assert box is not None
            draw = self.random.random()
            if draw < 0.70:
                yield self.say(package.PackageChecked(box.code, "intact", box.seals), "BINH")
            elif draw < 0.85:
                place = f"K1-G{self.random.randrange(400):03}"
                yield self.say(
                    package.PackagePlaced(box.code, box.custodian, "TUAN", place, "K1", "intact", box.seals), "TUAN"
                )
            elif draw < 0.90:
                yield from self.send(box)
            elif draw < 0.95:
                yield from self.open(box)
            else:
                visit = f"V{self.seq}"
                yield self.say(VisitorIn(visit, f"KH{self.seq}", "LAN", "look-up", "K1"), "BINH")
                yield self.say(VisitorOut(visit), "BINH")

    def begin(self) -> Iterator[bytes]:
        """Register the dossiers and put them into sealed boxes."""
        for start in range(0, self.dossiers, PART):
            rows = tuple((f"P01.{start + n:06}", LEAVES, f"{start + n:064x}") for n in range(PART))
            yield self.say(register.DossiersRegistered("import-1", "P01", rows), "LAN")
        for number in range(self.boxes):
            code, first = f"BOX{number:05}", number * INSIDE
            inside = tuple(f"P01.{first + n:06}" for n in range(INSIDE))
            yield self.say(package.PackageDrafted(code, "LAN"), "LAN")
            yield self.say(register.DossiersMoved(inside, "package", code, INSIDE * LEAVES), "LAN")
            count = (INSIDE, INSIDE * LEAVES)
            yield self.say(package.PackagePacked(code, count, count), "LAN", "MINH")
            digest = digest_of(code, self.state.contents(code))
            yield from self.roll()
            sealed = package.PackageSealed(code, "LAN", "TUAN", (self.seal(),), "K1-G001", "K1", digest)
            yield self.say(sealed, "TUAN", "LAN")

    def send(self, box: Package) -> Iterator[bytes]:
        """Send a box to the other store, where it is taken in."""
        other = "THU" if box.custodian == "TUAN" else "TUAN"
        until = format_moment(self.now + timedelta(hours=8))
        sent = package.PackageDispatched(box.code, box.custodian, "MINH", "K2", until, "intact", box.seals)
        yield self.say(sent, box.custodian, "MINH")
        yield self.say(package.PackageReceived(box.code, "MINH", other, "K2-G01", "K2", "intact", box.seals), other)

    def open(self, box: Package) -> Iterator[bytes]:
        """Open a box, sign a dossier out to a station and back, and seal the box again."""
        until = format_moment(self.now + timedelta(hours=8))
        opened = package.PackageOpened(box.code, box.custodian, "TUAN", "12/QĐ", "scan", "intact", box.seals, until)
        yield self.say(opened, "CHU", "TUAN", "BINH")
        one = self.state.contents(box.code)[0].code
        yield self.say(register.DossiersMoved((one,), "station", "S1", LEAVES, until), "TUAN", "LAN")
        yield self.say(register.DossiersMoved((one,), "package", box.code, LEAVES), "LAN")
        contents = self.state.contents(box.code)
        count, digest = count_of(contents), digest_of(box.code, contents)
        yield from self.roll()
        resealed = package.PackageResealed(
            box.code, "TUAN", "TUAN", (self.seal(),), "K1-G002", "K1", digest, count, count
        )
        yield self.say(resealed, "TUAN", "MINH")

    def roll(self) -> Iterator[bytes]:
        """Issue the next roll where the last one is used up."""
        number, used = divmod(self.seals, MOST_IN_ROLL)
        if not used:
            yield self.say(RollIssued(f"R{number}", f"S{number}-", 0, MOST_IN_ROLL, 6), "TUAN")

    def seal(self) -> str:
        """Take the next seal."""
        number, used = divmod(self.seals, MOST_IN_ROLL)
        self.seals += 1
        return f"S{number}-{used:06}"

    def say(self, entry: Entry, *by: str) -> bytes:
        """Return the bytes of one entry, and let the state follow."""
        self.now += timedelta(seconds=40)
        stamp = Stamp(self.now, by, "quay-1")
        self.state.apply(self.seq, entry, stamp)
        self.seq += 1
        return body_of(entry, stamp)


def fill(database: Database, keys: Keys, count: int) -> datetime:
    """Write a log of `count` entries with heads and the state they lead to; return the moment of the last one."""
    office = Office()
    bodies = office.work()
    for start in range(0, count, FILL):
        with database.atomic() as session:
            ledger.append(session, [next(bodies) for _ in range(min(FILL, count - start))])
            if (start + FILL) % HEAD_EVERY == 0 or start + FILL >= count:
                signing.sign_head(session, keys, "asked")
    values = [value for kind in TABLES for value in office.state.every(kind)]
    for start in range(0, len(values), PUT):
        with database.atomic() as session:
            Projections(session).put(values[start : start + PUT])
    return office.now
