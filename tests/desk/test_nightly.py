"""What the station does by itself at midnight: once, also after sleep, and signed by nobody who is a person."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from archive import people, scans
from archive.people import PersonError, SignInError
from custody import entries_package, ledger
from custody.entries import Stamp
from custody.entries_duty import HoldingsDigested
from custody.errors import CustodyError
from custody.recording import record
from custody.rules import Signer
from desk import ledgering, nightly
from desk.office import Office, open_office, prepare
from desk.signers import STATION


class Hands:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 15).astimezone()

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def ticks(self) -> float:
        """Return no time at all."""
        return 0.0

    def sleep(self, seconds: float) -> None:
        """Pass time at once."""
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def hands() -> Hands:
    """Give a clock at three in the afternoon."""
    return Hands()


@pytest.fixture
def office(tmp_path: Path, hands: Hands) -> Iterator[Office]:
    """Give a station that opened this afternoon."""
    prepare(tmp_path / "home", {})
    opened = open_office(tmp_path / "home", {}, hands)
    yield opened
    opened.close()


def keep(office: Office, content: bytes) -> str:
    """Store a scan that arrived now."""
    held = office.vault.hold(io.BytesIO(content))
    office.vault.keep(held)
    with office.database.atomic() as session:
        scans.receive(
            session,
            sha256=held.sha256,
            size=held.size,
            kind="pdf",
            name="a.pdf",
            station="t",
            now=office.clock.now(),
        )
    return held.sha256


def log_of(office: Office) -> list[tuple[str, int]]:
    """Return the kinds in the log, and how long each signed head is."""
    with office.database.reading() as session:
        return [(each.kind, each.seq) for each in ledger.read(session)]


def test_a_fresh_station_pins_nothing_before_its_first_midnight(office: Office, hands: Hands) -> None:
    """There is nothing to pin on the first afternoon, whatever was scanned on it, and nothing in an empty station."""
    nightly.close_day(office)
    keep(office, b"one")
    nightly.close_day(office)
    assert log_of(office) == []
    hands.sleep(24 * 3600)
    nightly.close_day(office)
    assert [kind for kind, _ in log_of(office)] == ["log-holdings-digest"]


def test_the_scans_of_the_day_are_pinned_once_under_a_signed_head(office: Office, hands: Hands) -> None:
    """The digest can be made again by anybody from the list of scans; after five nights asleep there is one entry."""
    names = sorted([keep(office, b"one"), keep(office, b"eleven")])
    sizes = {sha256(each).hexdigest(): len(each) for each in (b"one", b"eleven")}
    hands.sleep(5 * 24 * 3600)
    keep(office, b"of the morning after")
    for _ in range(3):
        nightly.close_day(office)
    with office.database.reading() as session:
        pinned = nightly.last_pinned(session)
        (stored,) = ledger.read(session)
    lines = "".join(f"{each} {sizes[each]}\n" for each in names)
    assert pinned is not None
    assert pinned.digest == HoldingsDigested(2, 9, sha256(lines.encode()).hexdigest())
    assert b'"by":["STATION"]' in stored.body
    report = ledgering.check(office, lambda _done, _total: None)
    assert (report.findings, report.proven) == ((), 0)
    hands.sleep(24 * 3600)
    nightly.close_day(office)
    assert len(log_of(office)) == 2


def test_nothing_is_pinned_while_an_intake_may_still_be_at_work(office: Office, hands: Hands) -> None:
    """In the first two minutes of the day a scan of the old day may still be on its way into the database."""
    keep(office, b"one")
    hands.sleep(9 * 3600 + 90)
    nightly.close_day(office)
    assert log_of(office) == []
    hands.sleep(60)
    nightly.close_day(office)
    assert len(log_of(office)) == 1


@pytest.mark.parametrize("change", ["DELETE FROM scan WHERE size = 3", "UPDATE scan SET size = 4 WHERE size = 3"])
def test_a_scan_that_left_the_database_by_night_is_found(office: Office, hands: Hands, change: str) -> None:
    """Verify makes the digest of the last night again; today's scans do not count in it."""
    keep(office, b"one")
    keep(office, b"eleven")
    assert nightly.judge_digest(office) == {}
    hands.sleep(24 * 3600)
    nightly.close_day(office)
    keep(office, b"of today")
    assert nightly.judge_digest(office) == {18: []}
    with office.database.atomic() as session:
        session.execute(text(change))
    (finding,) = nightly.judge_digest(office)[18]
    assert (finding.code, finding.entry, finding.facts["count"]) == ("scans-differ-from-digest", 0, 2)


def test_a_head_that_a_crash_kept_back_is_signed_at_the_next_tick(
    office: Office, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry stands, the head does not: one more tick heals it and adds no second entry."""
    keep(office, b"one")
    hands.sleep(24 * 3600)

    def crash(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(ledgering, "sign_head", crash)
        with pytest.raises(OSError, match="power cut"):
            nightly.close_day(office)
    nightly.close_day(office)
    assert len(log_of(office)) == 1
    assert ledgering.check(office, lambda _done, _total: None).proven == 0


def test_the_station_is_no_person_and_signs_for_none(office: Office) -> None:
    """Its code cannot be given or signed in with; it cannot begin a box, and no person can pin the scans."""
    now = office.clock.now()
    with pytest.raises(PersonError, match="person-code-unusable"), office.database.atomic() as session:
        people.add(session, code="station", name="Máy", unit="VP", roles=["clerk"], pin="739164", now=now)
    with pytest.raises(SignInError):
        people.authenticate(office.database, "STATION", "739164", now)
    clerk = Signer("NV01", "clerk", "VP")
    tries = (
        (entries_package.PackageDrafted("000000000", "STATION"), STATION),
        (HoldingsDigested(0, 0, "0" * 64), clerk),
    )
    for entry, signer in tries:
        with pytest.raises(CustodyError, match="signers-not-entitled"), office.database.atomic() as session:
            record(session, entry, Stamp(now, (signer.code,), "tick"), (signer,))


def test_a_digest_that_was_changed_by_hand_keeps_no_night_from_being_closed(office: Office, hands: Hands) -> None:
    """The check names the changed entry; the scans are judged by the digest before it, and pinned the next night."""
    keep(office, b"one")
    for _ in range(2):
        hands.sleep(24 * 3600)
        nightly.close_day(office)
    change = "UPDATE ledger_entry SET body = CAST(body || ' ' AS BLOB) WHERE seq = 1"
    with office.database.atomic() as session:
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'"
        guards = session.execute(text(asked)).all()
        for name, _ in guards:
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text(change))
        for _, sql in guards:
            session.connection().exec_driver_sql(sql)
    found = ledgering.check(office, lambda _done, _total: None).findings
    assert {(each.code, each.entry) for each in found} == {("entry-changed", 1), ("entry-unreadable", 1)}
    assert nightly.judge_digest(office) == {18: []}
    hands.sleep(24 * 3600)
    nightly.close_day(office)
    assert nightly.judge_digest(office) == {18: []}
    with office.database.reading() as session:
        pinned = nightly.last_pinned(session)
        assert pinned is not None
        assert pinned.seq == ledger.size(session) - 1
