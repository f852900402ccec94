"""The hand-over of a shift: a blind count that survives every interruption, then one transaction that closes it.

    draft = begin(office, post, giver, receiver)     a draft, or the one that was interrupted
    scan(office, draft.code, lines)                  kept scan by scan; nothing tells what is expected
    count(office, draft.code, signing)               the incoming guard signs the count; from here differences are shown
    hand_over(office, draft.code, signing, …)        both PINs; incidents, custody and presence change together

Killed before the commit nothing has changed and the draft goes on; killed after it the hand-over stands, and the tick
signs the head that is owed. `reach` is told every step, for tests that end the process there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from hashlib import sha256

from sqlmodel import Session

from archive import places, posts, reliefs
from archive.places import PlaceError
from archive.refs import read_ref
from archive.reliefs import Draft, ReliefError, Signature
from custody.checkpoint import Checkpoint
from custody.entries import Entry
from custody.entries_duty import IncidentOpened
from custody.entries_package import PackageMissed, PackageSuspected
from custody.entries_shifts import HandedOver, ReliefCounted
from custody.errors import CustodyError
from custody.holdings import Package
from custody.incidents import Incident
from custody.needs import FINDINGS
from custody.projections import Projections
from custody.relief import ABSENT, FOUND_AGAIN, SEAL, UNEXPECTED, UNKNOWN, WRONG_PLACE, is_inside
from custody.rules import WINDOW, Signer
from custody.shifts import COUNTED, Relief
from desk import custodial, ledgering
from desk.custodial import HERE, Where
from desk.enclosures import enclose
from desk.numbers import INCIDENT, next_number
from desk.office import Office
from desk.shifts import Signing, areas_of, at, giver_at, known_post
from desk.sightings import note_seen, note_unknown

Reach = Callable[[str], None]
# How grave a difference is where its incident is opened with the hand-over.
SEVERITY = {ABSENT: "high", UNKNOWN: "high", FOUND_AGAIN: "medium", UNEXPECTED: "medium", WRONG_PLACE: "low"}
AT = "@"


@dataclass(frozen=True)
class Closing:
    """What is said at the end of a hand-over.

    `incidents` name an open incident by package, or by (package, what); with `open_incidents` the others are opened.
    `stead` is the leader who signs for a giver who cannot.
    """

    incidents: Mapping[str, str] = field(default_factory=dict)
    open_incidents: bool = False
    keys: Sequence[str] = ()
    situation: str = ""
    stead: str = ""


@dataclass(frozen=True)
class Closed:
    """A hand-over as it was closed, or None with who must still sign; `head` is the head signed with it."""

    relief: Relief | None
    waits_for: tuple[str, ...] = ()
    head: Checkpoint | None = None
    situation: str = ""
    keys: tuple[str, ...] = ()


def pass_by(_step: str) -> None:
    """Go on."""


def begin(office: Office, post: str, giver: str, receiver: str) -> Draft:
    """Return the draft of a hand-over; one of the same people that was interrupted goes on where it was."""
    known, person = known_post(office, post), receiver.upper()
    with office.database.atomic() as session:
        named = giver_at(Projections(session), known.code, person, giver)
        if named == person:
            raise CustodyError("relief-of-oneself", guard=person)
        return reliefs.begin(session, known.code, named, person, office.clock.now())


def going_on(office: Office, post: str, giver: str = "", receiver: str = "") -> Draft:
    """Return the newest hand-over in progress at a post; ReliefError "relief-not-begun"."""
    code = known_post(office, post).code
    with office.database.reading() as session:
        for each in reliefs.going_on(session, code):
            if giver.upper() in {"", each.giver} and receiver.upper() in {"", each.receiver}:
                return each
    raise ReliefError("relief-not-begun", post=code)


def scan(office: Office, code: str, lines: Iterable[str], reach: Reach = pass_by) -> int:
    """Keep what was scanned or typed and return how many packages the draft has now.

    A line is a package's code or QR text, with a finding behind it where the seal is not intact ("7K3M9QXZ2 damaged");
    the label of a place, or "@K1/G2", says where what follows was found. CustodyError "finding-unknown".
    """
    with office.database.atomic() as session:
        reliefs.scan(session, code, list(read_scans(session, lines)), office.clock.now())
        count = len(reliefs.scanned(session, code))
    reach("scanned")
    return count


def read_scans(session: Session, lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (package, place, finding) for scanned lines; what is no code at all is kept as it was read."""
    holdings, place = Projections(session), ""
    for line in lines:
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0].startswith(AT):
            place = _place(session, line.strip().removeprefix(AT)) or line.strip().removeprefix(AT)
            continue
        ref = read_ref(words[0])
        text = ref.code if ref is not None else words[0].upper()
        package = text if holdings.package(text) is not None else ""
        if not package and len(words) == 1 and (named := _place(session, text)):
            place = named
            continue
        finding = words[1].lower() if len(words) > 1 else "intact"
        if finding not in FINDINGS:
            raise CustodyError("finding-unknown", package=text, finding=finding)
        yield package or text, place, finding


def _place(session: Session, reference: str) -> str:
    try:
        return places.find(session, reference).path
    except PlaceError:
        return ""


def count(office: Office, code: str, signing: Signing, where: Where = HERE, reach: Reach = pass_by) -> Relief:
    """Put the count in, signed by the incoming guard; from here on the differences are known and shown."""

    def make(_holdings: Projections, session: Session) -> Iterator[Entry]:
        draft = _live(session, code)
        areas = areas_of(session, posts.find(session, draft.post))
        counted = tuple(reliefs.scanned(session, code))
        yield ReliefCounted(code, draft.giver, draft.receiver, areas, counted)
        _note_scans(office, session, draft, areas, counted)
        reliefs.set_state(session, code, reliefs.COUNTED, office.clock.now())
        reach("counting")

    with office.database.reading() as session:
        post = _live(session, code).post
    custodial.perform(office, make, signing, where=at(post, where))
    reach("counted")
    return look(office, code)


def _note_scans(
    office: Office, session: Session, draft: Draft, areas: Sequence[str], counted: Sequence[tuple[str, str, str]]
) -> None:
    """Tell where the counted packages were seen, and which codes nobody gave."""
    now, holdings = office.clock.now(), Projections(session)
    known = {code: holdings.package(code) for code, _, _ in counted}
    # Without a place it was seen somewhere in what the post guards: where it stands, if that lies there.
    here = {code: place or _area_of(known[code], areas) for code, place, _ in counted}
    note_seen(session, ((box, here[code]) for code, box in known.items() if box is not None), now, draft.receiver)
    note_unknown(session, (code for code, box in known.items() if box is None), now, draft.receiver, draft.post)


def _area_of(box: Package | None, areas: Sequence[str]) -> str:
    return "" if box is None or not areas or is_inside(box, areas) else areas[0]


def look(office: Office, code: str) -> Relief:
    """Return a hand-over that was counted; CustodyError "relief-not-counted" while its count is not in."""
    with office.database.reading() as session:
        found = Projections(session).one(Relief, code)
    if found is None:
        raise CustodyError("relief-not-counted", relief=code)
    return found


def hand_over(
    office: Office,
    code: str,
    signing: Signing,
    closing: Closing | None = None,
    where: Where = HERE,
    reach: Reach = pass_by,
) -> Closed:
    """Close a hand-over with two signatures, given together or one by one within ten minutes.

    What the first signer says at the end the second signs too; `closing` None takes it as it was said. Opens the
    incidents that are missing if that is said, records what is missing or doubtful as such, and passes post and
    packages on, all in one transaction; then signs the head. With one signature it waits for the other.
    """
    relief, signers = look(office, code), [_signer(office, each) for each in signing]
    said, signers = _with_earlier(office, relief, signers, closing)
    wanted = [said.stead.upper() or relief.giver, relief.receiver]
    if missing := [each for each in wanted if each not in {one.code for one in signers}]:
        reach("signed-once")
        return Closed(None, tuple(missing))
    ordered = sorted(signers, key=lambda each: wanted.index(each.code) if each.code in wanted else len(wanted))
    with enclose(office, text=said.situation) as enclosed:

        def make(holdings: Projections, session: Session) -> Iterator[Entry]:
            yield from _closing(office, holdings, session, code, said, enclosed.names)
            reliefs.set_state(session, code, reliefs.ENDED, office.clock.now())
            enclosed.keep(office.vault)
            reach("recorded")

        custodial.perform(office, make, ordered, where=at(relief.post, where))
    reach("committed")
    head, _note, _copied = ledgering.sign_head(office, "hand-over")
    reach("head-signed")
    return Closed(look(office, code), (), head, said.situation, tuple(said.keys))


def _signer(office: Office, given: tuple[str, str] | Signer) -> Signer:
    if isinstance(given, Signer):
        return given
    found = custodial.authenticate(office, *given)
    return Signer(found.code, found.role, found.unit, custodial.local_now(office))


def _with_earlier(
    office: Office, relief: Relief, signers: Sequence[Signer], closing: Closing | None
) -> tuple[Closing, list[Signer]]:
    """Return what is signed, and by whom: these signers and whoever signed the same at most ten minutes ago.

    They are kept while the other is waited for. Once both have signed they are used up, whatever becomes of it.
    """
    now = office.clock.now()
    with office.database.atomic() as session:
        draft = _live(session, relief.code)
        said = Closing(**draft.closing) if closing is None and draft.closing else closing or Closing()
        digest = signed_digest(relief, said)
        for each in signers:
            reliefs.sign(session, draft.code, Signature(each.code, each.role, each.unit, digest, now))
        kept = reliefs.signatures(session, draft.code)
        fresh = [each for each in kept if each.digest == digest and timedelta() <= now - each.at <= WINDOW]
        if {said.stead.upper() or relief.giver, relief.receiver} <= {each.person for each in fresh}:
            reliefs.drop_signatures(session, draft.code)
        else:
            reliefs.set_closing(session, draft.code, asdict(said))
    return said, [Signer(each.person, each.role, each.unit, each.at.replace(microsecond=0)) for each in fresh]


def signed_digest(relief: Relief, said: Closing) -> str:
    """Return what a signature stands for: the count as it is recorded, and all that is said at the end."""
    told = [relief.code, relief.entry, relief.digest, relief.differences, asdict(said)]
    return sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _live(session: Session, code: str) -> Draft:
    draft = reliefs.find(session, code)
    if draft.state not in {reliefs.OPEN, reliefs.COUNTED}:
        raise ReliefError("relief-over", relief=code, state=draft.state)
    return draft


def _closing(
    office: Office, holdings: Projections, session: Session, code: str, said: Closing, enclosed: tuple[str, ...]
) -> Iterator[Entry]:
    relief = holdings.one(Relief, code)
    if relief is None or relief.state != COUNTED:
        raise CustodyError("relief-ended", relief=code)
    day, known = custodial.local_now(office).date(), dict(said.incidents)
    named: list[tuple[str, str, str]] = []
    for package, what in relief.differences:
        incident = known.get(f"{package}:{what}") or known.get(package, "")
        if not incident and said.open_incidents:
            incident = known[package] = next_number(session, Incident, INCIDENT, day)
            yield IncidentOpened(incident, package, SEVERITY.get(what, "high"))
        named.append((package, what, incident))
    situation = enclosed[0] if enclosed else ""
    present = len(relief.present)
    yield HandedOver(
        code,
        relief.giver,
        relief.receiver,
        relief.expected,
        present,
        tuple(named),
        tuple(said.keys),
        said.stead.upper(),
        situation,
        enclosed,
    )
    for package, what, incident in named:
        if what == ABSENT:
            yield PackageMissed(package, incident)
        elif what.startswith(SEAL):
            yield PackageSuspected(package, what.removeprefix(SEAL), incident)
