"""Shifts at the desk: a hand-over from the first scan to the sheet, and every way in which it ends otherwise."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.reliefs import ReliefError
from custody import signing as heads
from custody.errors import CustodyError
from custody.incidents import Incident
from custody.projections import Projections
from desk import custodial, duty, incidents, ledgering, relief_ends, reliefs, shifts
from desk.enclosures import text_of
from desk.forms.filling_shifts import values_of, write_sheet
from desk.messages import explain
from desk.office import Office
from desk.reliefs import Closing
from tests.desk.guarded import BOXES, POST, box, by_name, furnish, pass_time, sign, there

OPEN_ALL = Closing(open_incidents=True)


@pytest.fixture(autouse=True)
def _sign_without_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custodial, "authenticate", by_name)


@pytest.fixture
def guarded(office: Office) -> Office:
    """Give an office in which BV01 is on duty and answers for three boxes."""
    furnish(office)
    shifts.start(office, POST, "BV01", sign("BV01"))
    return office


def counted(office: Office, *lines: str, receiver: str = "BV02") -> str:
    """Count blind and put the count in; return the code of the hand-over."""
    draft = reliefs.begin(office, POST, "", receiver)
    reliefs.scan(office, draft.code, lines)
    reliefs.count(office, draft.code, sign(receiver))
    return draft.code


def test_a_hand_over_with_equal_counts_passes_everything_on_and_signs_the_head(guarded: Office) -> None:
    """Guard, boxes and responsibility change in one second; the head over it lies in the second place."""
    code = counted(guarded, *BOXES)
    pass_time(guarded, minutes=3)
    done = reliefs.hand_over(guarded, code, sign("BV01", "BV02"), Closing(keys=("K-1",), situation="Yên tĩnh"))
    assert there(guarded) == ["BV02"]
    assert {box(guarded, each).custodian for each in BOXES} == {"BV02"}
    assert done.relief is not None
    assert done.head is not None
    assert done.head.size == done.relief.entry + 1
    assert duty.findings_of(guarded)[11] == []
    assert not [each for each in duty.findings_of(guarded)[5] if each.code == "post-uncovered"]
    report = ledgering.check(guarded, lambda *_: None)
    assert list(report.findings) == []


def test_differences_open_incidents_and_are_recorded_as_missing_and_doubtful(guarded: Office) -> None:
    """In one transaction: incidents, the hand-over, the missing box and the broken seal."""
    code = counted(guarded, "@K1/G2", "BOX1", "BOX2 broken", "NOSUCH")
    with pytest.raises(CustodyError, match="difference-without-incident"):
        reliefs.hand_over(guarded, code, sign("BV01", "BV02"))
    assert there(guarded) == ["BV01"]
    done = reliefs.hand_over(guarded, code, sign("BV01", "BV02"), OPEN_ALL)
    assert done.relief is not None
    told = dict(zip(done.relief.differences, done.relief.incidents, strict=True))
    assert set(told) == {
        ("BOX1", "wrong-place"),
        ("BOX2", "wrong-place"),
        ("BOX2", "seal-broken"),
        ("BOX3", "missing"),
        ("NOSUCH", "unknown"),
    }
    assert told["BOX2", "wrong-place"] == told["BOX2", "seal-broken"], "one package, one incident"
    assert incidents.look(guarded, told["BOX3", "missing"]).severity == "high"
    assert [box(guarded, each).state for each in BOXES] == ["sealed", "suspect", "missing"]
    assert [box(guarded, each).custodian for each in BOXES] == ["BV02", "BV02", "BV01"]


def test_an_incident_that_stands_already_answers_for_its_difference(guarded: Office) -> None:
    """Named by the package; no second one is opened."""
    number = incidents.report(guarded, "BOX3", "high", sign("BV01")).number
    code = counted(guarded, "BOX1", "BOX2")
    reliefs.hand_over(guarded, code, sign("BV01", "BV02"), Closing({"BOX3": number}))
    with guarded.database.reading() as session:
        assert [each.number for each in Projections(session).every(Incident)] == [number]


def test_the_count_goes_on_where_it_was_interrupted_and_says_nothing_of_what_is_expected(guarded: Office) -> None:
    """Another process finds the draft; before the count is in nothing is shown, not even how many there are."""
    draft = reliefs.begin(guarded, POST, "", "BV02")
    assert reliefs.scan(guarded, draft.code, ["BOX1"]) == 1
    with pytest.raises(CustodyError, match="relief-not-counted") as refused:
        reliefs.look(guarded, draft.code)
    assert set(refused.value.facts) == {"relief"}
    again = reliefs.begin(guarded, POST, "BV01", "BV02")
    assert again.code == draft.code
    assert reliefs.scan(guarded, again.code, ["BOX1", "BOX2"]) == 2, "a box scanned twice is one box"
    (now,) = shifts.show(guarded, POST)
    assert [each.code for each in now.reliefs] == [draft.code]


def test_two_phones_sign_one_after_the_other_within_ten_minutes(guarded: Office) -> None:
    """The first signature waits; after ten minutes it counts no more; a new count takes it back."""
    code = counted(guarded, *BOXES)
    assert reliefs.hand_over(guarded, code, sign("BV02")).waits_for == ("BV01",)
    pass_time(guarded, minutes=10, seconds=1)
    assert reliefs.hand_over(guarded, code, sign("BV01")).waits_for == ("BV02",)
    reliefs.count(guarded, code, sign("BV02"))
    assert reliefs.hand_over(guarded, code, sign("BV02")).waits_for == ("BV01",)
    pass_time(guarded, minutes=9, seconds=59)
    assert reliefs.hand_over(guarded, code, sign("BV01")).relief is not None
    assert there(guarded) == ["BV02"]


def test_the_second_signs_what_the_first_said_and_a_refused_attempt_uses_signatures_up(guarded: Office) -> None:
    """Another ending asks for both again; nobody closes alone on a signature that was given for something else."""
    code = counted(guarded, "BOX1", "BOX2")
    with pytest.raises(CustodyError, match="difference-without-incident"):
        reliefs.hand_over(guarded, code, sign("BV01", "BV02"))
    assert reliefs.hand_over(guarded, code, sign("BV02"), OPEN_ALL).waits_for == ("BV01",)
    said_otherwise = Closing(open_incidents=True, situation="khác")
    assert reliefs.hand_over(guarded, code, sign("BV01"), said_otherwise).waits_for == ("BV02",)
    assert there(guarded) == ["BV01"]
    done = reliefs.hand_over(guarded, code, sign("BV02"))
    assert (done.situation, there(guarded)) == ("khác", ["BV02"])


def test_a_refusal_leaves_the_giver_responsible_and_opens_an_incident(guarded: Office) -> None:
    """The reason in words is enclosed, the draft is void."""
    code = counted(guarded, *BOXES)
    relief = relief_ends.refuse(guarded, code, "Thiếu đèn, không nhìn thấy kệ 2", sign("BV02"))
    found = incidents.look(guarded, relief.incidents[0])
    assert (relief.state, found.about, found.severity) == ("refused", POST, "high")
    assert text_of(guarded, found.attachments[0]) == "Thiếu đèn, không nhìn thấy kệ 2"
    assert there(guarded) == ["BV01"]
    with pytest.raises(ReliefError, match="relief-over"):
        reliefs.hand_over(guarded, code, sign("BV01", "BV02"), OPEN_ALL)
    with pytest.raises(CustodyError, match="reason-absent"):
        relief_ends.refuse(guarded, counted(guarded), " ", sign("BV02"))


def test_a_hand_over_that_is_given_up_or_forgotten_changes_nothing(guarded: Office) -> None:
    """By hand, or by the tick after twelve hours; the second tick does nothing."""
    relief_ends.give_up(guarded, counted(guarded, *BOXES))
    draft = reliefs.begin(guarded, POST, "", "BV02")
    pass_time(guarded, hours=11)
    duty.catch_up(guarded)
    assert reliefs.going_on(guarded, POST).code == draft.code
    pass_time(guarded, hours=2)
    duty.catch_up(guarded)
    duty.catch_up(guarded)
    with pytest.raises(ReliefError, match="relief-not-begun"):
        reliefs.going_on(guarded, POST)
    assert there(guarded) == ["BV01"]


def test_a_head_that_a_dead_process_owes_is_signed_by_the_tick(guarded: Office) -> None:
    """Killed after the commit: the hand-over stands, and its head comes with the next minute, once."""

    def die(step: str) -> None:
        if step == "committed":
            raise KeyboardInterrupt

    code = counted(guarded, *BOXES)
    with pytest.raises(KeyboardInterrupt):
        reliefs.hand_over(guarded, code, sign("BV01", "BV02"), reach=die)
    assert there(guarded) == ["BV02"]
    duty.catch_up(guarded)
    duty.catch_up(guarded)
    with guarded.database.reading() as session:
        assert [size for size, _ in heads.all_notes(session)] == [reliefs.look(guarded, code).entry + 1]


def test_a_post_without_relief_is_recorded_and_a_leader_stands_for_who_left(guarded: Office) -> None:
    """The boxes stay with who left until another guard has counted and the leader signed."""
    _, entry = shifts.leave(guarded, POST, "BV01", sign("BV01"), "Con ốm, phải về ngay")
    assert getattr(entry, "relieved", None) is False
    pass_time(guarded, minutes=5)
    codes = {each.code: each for each in duty.due_of(guarded)}
    assert {"post-uncovered-now", "left-without-relief"} <= set(codes)
    assert codes["post-uncovered-now"].level == "urgent"
    assert codes["post-uncovered-now"].since == datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
    assert codes["post-uncovered-now"].facts["responsible"] == ["BV01"]
    shifts.start(guarded, POST, "BV02", sign("BV02"))
    draft = reliefs.begin(guarded, POST, "BV01", "BV02")
    reliefs.scan(guarded, draft.code, BOXES)
    reliefs.count(guarded, draft.code, sign("BV02"))
    reliefs.hand_over(guarded, draft.code, sign("BV02", "LD01"), Closing(stead="LD01"))
    assert box(guarded, "BOX1").custodian == "BV02"
    assert not {"post-uncovered-now", "left-without-relief"} & {each.code for each in duty.due_of(guarded)}
    (hole,) = [each for each in duty.findings_of(guarded)[5] if each.code == "post-uncovered"]
    assert (hole.facts["seconds"], hole.facts["responsible"]) == (300, ["BV01"])


def test_of_two_guards_one_may_leave_when_one_is_needed(guarded: Office) -> None:
    """Who holds no box and leaves enough guards behind is relieved."""
    shifts.start(guarded, POST, "BV02", sign("BV02"))
    _, entry = shifts.leave(guarded, POST, "BV02", sign("BV02"))
    assert getattr(entry, "relieved", None) is True
    with pytest.raises(CustodyError, match="giver-nobody"):
        reliefs.begin(guarded, POST, "", "BV01")
    with pytest.raises(ArchiveError, match="post-unknown"):
        shifts.start(guarded, "P9", "BV02", sign("BV02"))


def test_a_leader_replaces_a_guard_who_is_ill(guarded: Office) -> None:
    """Presence passes on without a hole; the reason is kept."""
    with pytest.raises(CustodyError, match="signers-too-few"):
        shifts.replace_guard(guarded, POST, "BV01", "BV03", "ốm", sign("BV03"))
    pass_time(guarded, hours=1)
    shifts.replace_guard(guarded, POST, "BV01", "BV03", "ốm", sign("BV03", "LD01"))
    assert there(guarded) == ["BV03"]
    assert not [each for each in duty.findings_of(guarded)[5] if each.code == "post-uncovered"]


def test_sheet_f11_says_what_was_counted_and_bears_the_head(guarded: Office, tmp_path: Path) -> None:
    """Names beside codes, each difference with its incident, the situation in words, the head's 16 digits."""
    code = counted(guarded, "BOX1", "BOX2 damaged")
    done = reliefs.hand_over(guarded, code, sign("BV01", "BV02"), Closing(open_incidents=True, situation="Mưa dột"))
    values = values_of(guarded, code)
    assert (values["expected"], values["counted"], values["difference"]) == (3, 2, 2)
    assert [(row["package"], row["finding"]) for row in values["rows"]] == [
        ("BOX2", "niêm phong hư hại"),
        ("BOX3", "không tìm thấy"),
    ]
    with (tmp_path / "F11.pdf").open("wb") as target:
        number = write_sheet(guarded, code, target)
    assert done.head is not None
    told = subprocess.run(["pdftotext", str(tmp_path / "F11.pdf"), "-"], capture_output=True, text=True, check=True)
    printed = "".join(told.stdout.split())
    assert printed.count(number) >= 2, "an original for each of the two"
    for wanted in ("Người BV01 (BV01)", "Mưa dột", "BOX3", done.head.short(), number):
        assert wanted.replace(" ", "") in printed


def test_a_missing_box_does_not_keep_a_guard_from_being_relieved(guarded: Office) -> None:
    """A leader signed for who left; the box nobody found stays theirs, with its own alarm, and nothing else is owed."""
    shifts.leave(guarded, POST, "BV01", sign("BV01"), "Về sớm")
    shifts.start(guarded, POST, "BV02", sign("BV02"))
    draft = reliefs.begin(guarded, POST, "BV01", "BV02")
    reliefs.scan(guarded, draft.code, BOXES[:2])
    reliefs.count(guarded, draft.code, sign("BV02"))
    reliefs.hand_over(guarded, draft.code, sign("BV02", "LD01"), Closing(stead="LD01", open_incidents=True))
    assert box(guarded, BOXES[2]).custodian == "BV01"
    told = {each.code for each in duty.due_of(guarded)}
    assert ("package-missing" in told, "left-without-relief" in told) == (True, False)
    shifts.start(guarded, POST, "BV01", sign("BV01"))
    _, entry = shifts.leave(guarded, POST, "BV01", sign("BV01"))
    assert getattr(entry, "relieved", None) is True


def test_where_nobody_is_on_duty_a_count_says_how_to_go_on(office: Office) -> None:
    """It is not asked who of nobody hands over."""
    furnish(office)
    with pytest.raises(CustodyError, match="giver-nobody"):
        reliefs.begin(office, POST, "", "BV02")


def test_why_nobody_answers_for_an_uncovered_post_is_said() -> None:
    """Instead of a dash: nobody was planned, and nobody had been there."""
    facts = {"post": POST, "needed": 1, "short": 1, "responsible": None}
    assert "nobody: none was planned" in explain("post-uncovered-now", facts, "en").what
    assert "không ai có lịch trực" in explain("post-uncovered-now", facts, "vi").what
