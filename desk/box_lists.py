"""Packages as clerks look for them: lists by state, place and code, one with all that is known, and codes to put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from archive import people
from archive.near_codes import near
from archive.refs import read_code, show_code
from custody import counting, permitting
from custody.counting import Count
from custody.entries import Stamp
from custody.entries_register import DossiersMoved
from custody.errors import CustodyError
from custody.holdings import LIVE, Dossier, Package, Roll
from custody.manifest import count_of
from custody.needs_dossier import MOST_IN_PART
from custody.projections import Projections
from custody.rules import Signer
from custody.seals import number_of
from desk import counts, custodial, digitizing, dossiers
from desk.digitizing import Progress, Share
from desk.dossiers import Seen
from desk.office import Office
from desk.placing import path_of

# Rolls are used in order, but for a seal that was taken early or spoiled.
LOOK_AHEAD = 20
# What a list shows first: what waits for somebody, then what rests.
LIVE_FIRST = ("missing", "suspect", "opened", "in-transit", "packed", "draft", "sealed")


@dataclass(frozen=True)
class Wanted:
    """What a list of packages is narrowed by; "" leaves a condition out, state "live" is every one not ended."""

    state: str = ""
    place: str = ""
    words: str = ""


@dataclass(frozen=True)
class Sheet:
    """A page of a list: packages with how many of their dossiers are digitized, of how many that fit."""

    rows: Sequence[tuple[Package, Share]]
    total: int
    states: Mapping[str, int]
    near: Sequence[str] = ()


@dataclass(frozen=True)
class Inside:
    """All that is known of one package: what it holds, what is out of it, how far that is digitized, who counted it."""

    box: Package
    contents: Sequence[Seen]
    away: Sequence[Seen]
    progress: Mapping[str, Progress]
    share: Share
    counted: Sequence[tuple[str, object]]
    classes: Sequence[str]

    @property
    def totals(self) -> Count:
        """How many dossiers and leaves are in it now; a package on record keeps them only once it is sealed."""
        return count_of([each.dossier for each in self.contents])


@dataclass(frozen=True)
class Refused:
    """One line of codes that cannot be put in: its number, its text, and the code and facts of the refusal."""

    line: int
    text: str
    code: str
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Sifted:
    """Typed or scanned codes: the dossiers that may be put in, by code and once each, and what is refused."""

    good: Sequence[Dossier]
    refused: Sequence[Refused]


def listed(office: Office, wanted: Wanted, limit: int, offset: int) -> Sheet:
    """Return the packages that fit, those that wait for somebody first."""
    with office.database.reading() as session:
        everything = list(Projections(session).every(Package))
        place = path_of(session, wanted.place) if wanted.place else ""
    states: dict[str, int] = {}
    for each in everything:
        states[each.state] = states.get(each.state, 0) + 1
    text = "".join(letter for letter in wanted.words.upper() if letter.isalnum())
    found = [each for each in everything if _fits(each, wanted.state, place, text)]
    found.sort(key=lambda each: (_rank(each.state), -each.entry))
    chosen = found[offset : offset + limit]
    shares = digitizing.of_packages(office, [each.code for each in chosen])
    meant = near(text, (each.code for each in everything)) if text and not found else []
    return Sheet([(each, shares[each.code]) for each in chosen], len(found), states, meant)


def look(office: Office, code: str) -> Inside:
    """Return all that is known of a package; CustodyError "package-unknown", "package-unknown-near"."""
    with office.database.reading() as session:
        asked = Projections(session)
        box = custodial.known(asked, code)
        inside, away = asked.contents(code), asked.away(code)
        progress = {each.dossier: each for each in digitizing.of_held(session, [*inside, *away])}
        return Inside(
            box,
            dossiers.described_all(session, inside),
            dossiers.described_all(session, away),
            progress,
            digitizing.share_of(list(progress.values())),
            counting.counted_by(session, code),
            counts.retention_of(session, inside),
        )


def sift(office: Office, box: str, lines: Sequence[str], signer: Signer) -> Sifted:
    """Tell which of the codes typed, one a line, may be put into a package by this signer, and why others may not.

    Blank lines and codes that stand there twice are passed over. At most 500 dossiers go in at once.
    """
    good: dict[str, Dossier] = {}
    refused: list[Refused] = []
    stamp = Stamp(custodial.local_now(office), (signer.code,), custodial.DESK)
    with office.database.reading() as session:
        holdings = Projections(session)
        custodial.known(holdings, box)
        for number, line in enumerate(lines, 1):
            if not (text := " ".join(line.split())):
                continue
            try:
                (code,) = dossiers.resolve(session, [text])
                known = dossiers.known(holdings, code)
                if known.state == "in-package" and known.where == box:
                    raise CustodyError("dossier-inside-already", dossier=code, package=box)
                entry = DossiersMoved((code,), "package", box, known.leaves)
                permitting.check(holdings, entry, stamp, [signer])
                good[code] = known
                if len(good) > MOST_IN_PART:
                    raise CustodyError("dossiers-too-many", count=len(good), most=MOST_IN_PART)
            except CustodyError as error:
                refused.append(Refused(number, text, error.code, dict(error.facts)))
    return Sifted(list(good.values()), refused)


def next_seals(session: Session, most: int = 3) -> list[tuple[str, str, int]]:
    """Return (roll, its next number, how many are unused) of rolls that have some; "" where it is out of order."""
    holdings, found = Projections(session), list[tuple[str, str, int]]()
    for roll in holdings.every(Roll):
        if roll.unused and len(found) < most:
            used = roll.size - roll.unused
            numbers = (number_of(roll, index) for index in range(used, min(used + LOOK_AHEAD, roll.size)))
            found.append((roll.code, next((each for each in numbers if holdings.seal(each) is None), ""), roll.unused))
    return found


def names(session: Session) -> dict[str, str]:
    """Return code → name of everybody who is or was here."""
    return {each.code: each.name for each in people.everyone(session)}


def is_live(box: Package) -> bool:
    """Tell whether a package has not come to an end."""
    return box.state in LIVE


def spoken(code: str) -> str:
    """Return a code as it stands on a label, in groups of three."""
    return show_code(code) if read_code(code) else code


def _fits(box: Package, state: str, place: str, text: str) -> bool:
    return (
        (box.state == state if state not in ("", "live") else state == "" or box.state in LIVE)
        and (not place or box.place == place or box.place.startswith(f"{place}/"))
        and text in box.code
    )


def _rank(state: str) -> int:
    return LIVE_FIRST.index(state) if state in LIVE_FIRST else len(LIVE_FIRST)
