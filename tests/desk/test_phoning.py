"""Late phones: whatever they send, in whatever order and however often, stands in the log once and in their order."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from dataclasses import asdict, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from archive.clock import HandClock
from custody import checking, ledger
from custody.entries import Entry, Stamp, read_body
from custody.entries_duty import IncidentOpened
from custody.entries_package import PackageChecked, PackageDrafted, PackageMissed, PackageSuspected
from custody.entries_register import DossierMissing, DossiersRegistered
from custody.entries_seals import RollIssued
from custody.errors import CustodyError
from custody.package import MOVES
from custody.projections import load, replay
from custody.recording import record
from custody.rules import Signer
from desk import custodial, phoning
from desk.office import open_office, prepare
from desk.phoning import Accepted, Note, Outcome
from tests.custody.fitting import fit_package
from tests.custody.office_day import BINH, LAN, MINH, TUAN, reads

BOXES = ("BOX1", "BOX2")
BROKEN = (
    b"",
    b"[]",
    b"\xff\xfe",
    b'{"kind":"package-burnt"}',
    b'{"kind":"log-opened","origin":"x","release":"y"}',
    b'{"attachments":[],"finding":1.5,"kind":"package-checked","package":"BOX1","read":[]}',
    b"[" * 90_000,
)
SIGNERS = ((BINH,), (BINH, BINH), (MINH,), (LAN, MINH, TUAN), tuple(Signer(f"X{n}", "guard", "U") for n in range(9)))


def told(entry: Entry) -> bytes:
    """Return the facts of an entry as a phone sends them, in no order that means anything."""
    return json.dumps({"kind": entry.KIND, **asdict(entry)}, ensure_ascii=False, indent=1).encode()  # type: ignore[call-overload]


@cache
def empty_home() -> Path:
    """Return a prepared home with an empty database, made once."""
    room = Path(tempfile.mkdtemp(prefix="luutru-phones-"))
    atexit.register(shutil.rmtree, room, True)
    prepare(room / "home", {})
    open_office(room / "home", {}, HandClock()).close()
    return room / "home"


class Phones(RuleBasedStateMachine):
    """An office with two boxes, and two phones that are often offline and send again what they sent before."""

    def __init__(self) -> None:
        super().__init__()
        self.room = Path(tempfile.mkdtemp(prefix="luutru-phones-"))
        shutil.copytree(empty_home(), self.room / "home")
        self.clock = HandClock()
        self.office = open_office(self.room / "home", {}, self.clock)
        self.notes: dict[str, list[Note]] = {"phone-1": [], "phone-2": []}
        self.became: dict[tuple[str, int], Accepted] = {}

    def teardown(self) -> None:
        """Give the office's room back."""
        self.office.close()
        shutil.rmtree(self.room)

    def write(self, entry: Entry, *signers: Signer) -> None:
        """Record an entry at a desk."""
        self.clock.sleep(60)
        stamp = Stamp(custodial.local_now(self.office), reads(signers), "counter")
        with self.office.database.atomic() as session:
            record(session, entry, stamp, signers)

    def size(self) -> int:
        """Return how long the log is."""
        with self.office.database.reading() as session:
            return ledger.size(session)

    @initialize()
    def begin(self) -> None:
        """Issue a roll, register dossiers, begin two boxes."""
        self.write(RollIssued("R1", "A", 1, 12, 2), TUAN)
        for number in ("SV1", "SV2", "SV3", "SV5", "SV9"):
            self.write(IncidentOpened(number, "K1", "high"), BINH)
        self.write(DossiersRegistered("import-1", "P01", (("P01.1", 10, "ab" * 32), ("P01.2", 10, "ab" * 32))), LAN)
        for box in BOXES:
            self.write(PackageDrafted(box, "LAN"), LAN)

    @rule(box=st.sampled_from(BOXES), kind=st.sampled_from(sorted(MOVES)))
    def move(self, box: str, kind: str) -> None:
        """A desk goes on meanwhile, so that what a phone noted may be refused when it arrives."""
        with self.office.database.reading() as session:
            state = load(session)
        found = state.package(box)
        fit = fit_package(state, found, kind, custodial.local_now(self.office)) if found else None
        if fit is not None:
            self.write(fit[0], *fit[1])

    @rule(
        phone=st.sampled_from(["phone-1", "phone-2"]),
        entry=st.sampled_from(
            [PackageChecked("BOX1", "intact", ("A01",)), PackageChecked("BOX2", "broken", ()),
             PackageSuspected("BOX1", "torn", "SV9"), PackageMissed("BOX2", "SV7"), DossierMissing("P01.1", "SV5")]
        ),
        broken=st.none() | st.sampled_from(BROKEN),
        signers=st.sampled_from(SIGNERS),
    )  # fmt: skip  # a list of entries
    def note(self, phone: str, entry: Entry, broken: bytes | None, signers: tuple[Signer, ...]) -> None:
        """A phone notes something, or something is broken in it."""
        facts = told(entry) if broken is None else broken
        at = custodial.local_now(self.office) - timedelta(minutes=len(self.notes[phone]))
        self.notes[phone].append(Note(len(self.notes[phone]), at, facts, signers))

    @rule(phone=st.sampled_from(["phone-1", "phone-2"]), data=st.data())
    def deliver(self, phone: str, data: st.DataObject) -> None:
        """Some of the notes arrive, in any order, some for the second time, some before one that is owed."""
        if not self.notes[phone]:
            return
        batch = data.draw(st.lists(st.sampled_from(self.notes[phone]), max_size=8))
        due = phoning.due(self.office, phone)
        before, answers = self.size(), phoning.accept(self.office, phone, "gate", batch)
        assert [each.number for each in answers] == sorted(each.number for each in batch)
        new = [each for each in answers if each.outcome in (Outcome.RECORDED, Outcome.INCIDENT)]
        assert self.size() == before + len(new)
        assert [each.number for each in new] == list(range(due, due + len(new)))
        for each in answers:
            if each in new:
                self.became[phone, each.number] = each
            elif each.outcome is Outcome.KNOWN:
                assert each.entry == self.became[phone, each.number].entry
            else:
                assert each.number > phoning.due(self.office, phone)

    @rule(phone=st.sampled_from(["phone-1", "phone-2"]))
    def tamper(self, phone: str) -> None:
        """A known number with other contents becomes an incident beside the phone's count, once."""
        if not (due := phoning.due(self.office, phone)):
            return
        other = replace(self.notes[phone][due - 1], facts=told(PackageMissed("BOX1", f"changed-{due}")))
        (first,) = phoning.accept(self.office, phone, "gate", [other])
        size = self.size()
        (again,) = phoning.accept(self.office, phone, "gate", [other])
        assert (first.refusal, again.outcome, again.entry) == ("device-number-taken", Outcome.KNOWN, first.entry)
        assert (self.size(), phoning.due(self.office, phone)) == (size, due)

    @invariant()
    def nothing_is_dropped(self) -> None:
        """The log is whole and without gaps; each note stands there as itself or as an incident with its bytes."""
        with self.office.database.reading() as session:
            fare = lambda sha256: "" if self.office.vault.exists(sha256) else "missing"  # noqa: E731
            assert checking.check(session, (), "test", attachments=fare).findings == ()
            assert list(replay(session)) == []
            entries = {stored.seq: read_body(stored.body) for stored in ledger.read(session)}
        for (phone, number), became in self.became.items():
            entry, stamp = entries[became.entry]
            assert (stamp.device, stamp.device_seq) == (phone, number)
            if became.outcome is Outcome.INCIDENT:
                assert isinstance(entry, IncidentOpened)
                with self.office.vault.open(entry.attachments[0]) as kept:
                    assert kept.read() == self.notes[phone][number].facts
                with self.office.vault.open(entry.attachments[1]) as why:
                    assert json.loads(why.read())["refusal"] == became.refusal


TestPhones = Phones.TestCase
TestPhones.settings = settings(
    max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_what_only_an_office_may_enter_is_refused_to_a_phone(tmp_path: Path) -> None:
    """A phone that sends a head or a roll has its bytes kept in an incident."""
    prepare(tmp_path / "home", {})
    office = open_office(tmp_path / "home", {}, HandClock())
    at = custodial.local_now(office)
    sent = [Note(0, at, told(RollIssued("R1", "A", 1, 12, 2)), (TUAN,)), Note(2, at, b"{}", (TUAN,))]
    first, second = phoning.accept(office, "phone", "gate", sent)
    assert (first.outcome, first.refusal) == (Outcome.INCIDENT, "kind-not-from-phones")
    assert (second.outcome, second.entry, phoning.due(office, "phone")) == (Outcome.OWED, -1, 1)
    office.close()


def test_a_failure_that_is_no_refusal_stops_the_batch_and_keeps_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is nobody's wrong entry: the phone is told nothing is taken and sends again."""
    prepare(tmp_path / "home", {})
    office = open_office(tmp_path / "home", {}, HandClock())
    at = custodial.local_now(office)
    notes = [Note(number, at, told(PackageDrafted(f"B{number}", "LAN")), (LAN,)) for number in range(3)]
    real = phoning.record

    def fail(session: object, entry: PackageDrafted, *rest: object) -> object:
        if entry.package == "B1":
            raise OSError(28, "no space left")
        return real(session, entry, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(phoning, "record", fail)
    with pytest.raises(OSError, match="no space"):
        phoning.accept(office, "phone", "gate", notes)
    monkeypatch.setattr(phoning, "record", real)
    assert phoning.due(office, "phone") == 1
    assert [each.outcome for each in phoning.accept(office, "phone", "gate", notes)] == [
        "known",
        "recorded",
        "recorded",
    ]
    with pytest.raises(CustodyError, match="entry-unknown"), office.database.reading() as session:
        phoning._recorded(session, "phone", 9, 2)
    office.close()
