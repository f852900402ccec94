"""Custody at the desk: who signs, what is written, and how the twenty invariants stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import Session

from archive.near_codes import near
from archive.refs import new_code, show_code
from custody import ledger
from custody.entries import Entry, Stamp
from custody.errors import CustodyError
from custody.holdings import Dossier, Package
from custody.invariants import Facts, Verdict, judge
from custody.ledger import Appended
from custody.manifest import digest_of
from custody.moments import format_moment
from custody.projections import Projections, Replay, load
from custody.recording import record
from custody.rules import Signer
from desk import ledgering
from desk.judging import fixity_of, intake_of, pages_of
from desk.office import Office
from desk.placing import with_known_places
from desk.signers import by_pin
from desk.spelling import spelled
from desk.watching_custody import note_refusal

# Turns a person's code and PIN into a signer, or raises; a code may name the role signed in: "NV01:archivist".
Authenticate = Callable[[Office, str, str], Signer]
Make = Callable[[Projections], Entry]
MakeAll = Callable[[Projections, Session], Iterable[Entry]]
Finish = Callable[[Session], None]
DESK = "command-line"
DAY_ENDS = time(17)
DAY = re.compile(r"\d{4}-\d\d-\d\d")
CODES_TRIED = 20

# Tests put another way of signing here.
authenticate: Authenticate = by_pin


@dataclass(frozen=True)
class Where:
    """Where an act is done: at a desk or a guard's post, and by which phone with its own count, if one sent it.

    A phone that sends several entries of one act counts each: `device_seq` is the number of the first.
    """

    desk: str = DESK
    post: str = ""
    device: str = ""
    device_seq: int = -1
    device_at: datetime | None = None

    def stamp(self, at: datetime, by: Sequence[str], nth: int = 0) -> Stamp:
        """Return the stamp of the entry `nth` of an act."""
        seq = self.device_seq + nth if self.device else -1
        return Stamp(at, tuple(by), self.desk, self.post, self.device, seq, self.device_at)


HERE = Where()


def act(office: Office, make: Make, signing: Sequence[tuple[str, str]], where: Where = HERE) -> tuple[Appended, Entry]:
    """Record the entry that `make` builds from the state now, signed by (code, PIN) in order; all of it or nothing."""
    return perform(office, lambda holdings, _session: (make(holdings),), signing, where=where)[0]


def perform(
    office: Office,
    make: MakeAll,
    signing: Sequence[tuple[str, str] | Signer],
    finish: Finish | None = None,
    where: Where = HERE,
) -> list[tuple[Appended, Entry]]:
    """Record the entries that `make` builds, in their order, in one transaction, signed as `act` is.

    Who has signed before, at most ten minutes ago, stands among `signing` as a Signer. Places are compared with the
    tree of places (desk/placing.py). `finish` runs last in the same transaction: what it refuses is recorded nowhere.
    """
    signers = [each if isinstance(each, Signer) else authenticate(office, *each) for each in signing]
    codes, now = [each.code for each in signers], local_now(office)
    done: list[tuple[Appended, Entry]] = []
    try:
        with office.database.atomic() as session:
            for nth, made in enumerate(make(Projections(session), session)):
                entry = with_known_places(session, spelled(made))
                done.append((record(session, entry, where.stamp(now, codes, nth), signers), entry))
            if finish is not None:
                finish(session)
    except CustodyError as refused:
        # A code nobody gave, or a seal number used before, is refused and told: nothing else would ever show it.
        note_refusal(office, refused, codes[0] if codes else "", where.post or where.desk)
        raise
    return done


def local_now(office: Office) -> datetime:
    """Return the moment in this machine's zone, to the second."""
    return office.clock.now().astimezone().replace(microsecond=0)


def until(office: Office, text: str) -> str:
    """Return a deadline as entries write it; a day alone ends with its work, and none at all is the end of today.

    Raises CustodyError "moment-unreadable", or "working-day-over" where none is given and today's work has ended.
    """
    now = local_now(office)
    if not text and now.time() >= DAY_ENDS:
        later = datetime.combine(now.date() + timedelta(days=1), DAY_ENDS)
        raise CustodyError("working-day-over", ended=f"{DAY_ENDS:%H:%M}", example=f"{later:%Y-%m-%dT%H:%M}")
    try:
        given = datetime.fromisoformat(text) if text else datetime.combine(now.date(), DAY_ENDS)
        if DAY.fullmatch(text):
            given = datetime.combine(given.date(), DAY_ENDS)
    except ValueError:
        raise CustodyError("moment-unreadable", value=text) from None
    return format_moment((given if given.tzinfo else given.replace(tzinfo=now.tzinfo)).replace(microsecond=0))


def moment(office: Office, text: str) -> str:
    """Return a moment of the past as entries write it, on the office's clocks where it names no zone.

    Raises CustodyError "moment-unreadable"; a day alone is no moment.
    """
    try:
        given = datetime.fromisoformat(text)
        if DAY.fullmatch(text):
            raise ValueError
    except ValueError:
        raise CustodyError("moment-unreadable", value=text) from None
    return format_moment(
        (given if given.tzinfo else given.replace(tzinfo=local_now(office).tzinfo)).replace(microsecond=0)
    )


def unused_code(session: Session) -> str:
    """Return a package code that was never given."""
    asked = Projections(session)
    for _ in range(CODES_TRIED):
        if asked.package(code := new_code()) is None:
            return code
    raise CustodyError("package-code-used", package=code)


def known(holdings: Projections, code: str) -> Package:
    """Return a package; raises CustodyError "package-unknown", with the codes one slip away where there are any."""
    found = holdings.package(code)
    if found is None:
        if not code.strip():
            raise CustodyError("package-absent")
        if meant := near(code, (each.code for each in holdings.every(Package))):
            raise CustodyError("package-unknown-near", package=code, near=[show_code(each) for each in meant])
        raise CustodyError("package-unknown", package=code)
    return found


def sealing(
    holdings: Projections, code: str, numbers: Sequence[str], place: str, store: str, to: str
) -> tuple[str, str, tuple[str, ...], str, str, str]:
    """Return what sealing a package, the first time or again, has as facts: giver, receiver, seals, place, manifest."""
    box = known(holdings, code)
    digest = digest_of(code, holdings.contents(code))
    return box.custodian, to, tuple(numbers), place or box.place, store or box.store, digest


def look(office: Office, code: str) -> tuple[Package, list[Dossier]]:
    """Return a package and what is in it."""
    with office.database.reading() as session:
        asked = Projections(session)
        return known(asked, code), asked.contents(code)


def everything(office: Office, state: str = "") -> list[Package]:
    """Return all packages, of one state where it is named, by code."""
    with office.database.reading() as session:
        return [each for each in Projections(session).every(Package) if not state or each.state == state]


def verify(office: Office, advance: ledgering.Advance) -> tuple[list[Verdict], int]:
    """Judge the invariants over the log and the state; return them and the number of entries looked at."""
    # Imported here because the parts of guarding act by way of this file.
    from desk.duty import findings_of

    replay = Replay()
    found = ledgering.check(office, advance, replay).findings
    with office.database.reading() as session:
        facts = Facts(
            # Where the projections are what the entries lead to, that state is at hand; entries made meanwhile wait.
            replay.state if replay.agrees else load(session),
            local_now(office),
            ledger=found,
            intake=intake_of(office),
            fixity=fixity_of(office),
            pages=pages_of(office),
            duty=findings_of(office),
        )
        return judge(facts), ledger.size(session)
