"""A time without enough guards is answered for by a leader, or shown to have been guarded by a sheet of paper."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from archive import posts
from custody.cover import Hole
from custody.entries_rounds import RoundPlanned
from custody.errors import CustodyError
from custody.incidents import Incident
from custody.invariants import ANSWERED, BREACHED, Verdict
from custody.projections import replay
from desk import answering, covering, custodial, incidents, keyed_paper, rounds, shifts, verdicts
from desk.answering import Answer
from desk.daybars import day_bars
from desk.keyed_paper import Written
from desk.office import Office
from tests.desk.guarded import POST, by_name, furnish, pass_time, sign


@pytest.fixture(autouse=True)
def _sign_without_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custodial, "authenticate", by_name)


@pytest.fixture
def short(office: Office) -> Office:
    """Give an office whose post was guarded for an hour, by nobody for an hour, and is guarded since."""
    furnish(office)
    shifts.start(office, POST, "BV01", sign("BV01"))
    pass_time(office, hours=1)
    shifts.leave(office, POST, "BV01", sign("BV01"), "Mất điện")
    pass_time(office, hours=1)
    shifts.start(office, POST, "BV02", sign("BV02"))
    return office


def hours(office: Office, first: float, last: float) -> tuple[str, str]:
    """Return the moments so many hours ago, as a person types them."""
    now = custodial.local_now(office)
    return tuple((now - timedelta(hours=each)).strftime("%Y-%m-%dT%H:%M:%S") for each in (first, last))  # type: ignore[return-value]


def answer(office: Office, span: tuple[str, str], outcome: str = "explained", by: str = "LD01") -> Incident:
    """Open an incident about a span and conclude it."""
    opened = incidents.report(office, POST.lower(), "medium", sign("BV02"), span=span)
    return incidents.conclude(office, opened.number, outcome, sign(by), text="Mất điện, ghi sổ tay")


def holes_of(office: Office) -> list[tuple[int, str]]:
    """Return the length of each hole of today, with what answers for it."""
    now = covering.now_of(office)
    with office.database.reading() as session:
        (cover,) = covering.covers(office, session, now - 86_400, now)
    return [(each.end - each.start, each.answered) for each in cover.holes]


def guarding(office: Office) -> Verdict:
    """Return how I5 is judged."""
    found, _ = custodial.verify(office, lambda *_: None)
    return found[4]


def sound(office: Office) -> None:
    """Assert that the projections are what the entries say."""
    with office.database.reading() as session:
        assert list(replay(session)) == []


def test_a_leaders_conclusion_answers_for_a_hole_which_stays_in_sight(short: Office) -> None:
    """I5 is breached before; after, the finding stands there as answered, with the incident's number."""
    assert guarding(short).outcome == BREACHED
    done = answer(short, hours(short, 2, 0))
    assert holes_of(short) == [(3600, done.number)]
    judged = guarding(short)
    assert (judged.outcome, [each.code for each in judged.findings]) == (ANSWERED, ["post-uncovered-answered"])
    assert judged.findings[0].answered == done.number
    sound(short)


def test_an_answer_is_for_its_own_span_alone(short: Office) -> None:
    """Half an hour answered leaves the other half red."""
    done = answer(short, hours(short, 1, 0.5))
    assert holes_of(short) == [(1800, done.number), (1800, "")]
    assert guarding(short).outcome == BREACHED


@pytest.mark.parametrize(("outcome", "by"), [("unresolved", "LD01"), ("explained", "LT01")])
def test_what_nobody_explained_and_what_no_leader_signed_answers_nothing(short: Office, outcome: str, by: str) -> None:
    """Unresolved leaves the hole red; an archivist cannot conclude it at all."""
    if by == "LD01":
        answer(short, hours(short, 1, 0), outcome)
    else:
        with pytest.raises(CustodyError, match="signer"):
            answer(short, hours(short, 1, 0), outcome, by)
    assert holes_of(short) == [(3600, "")]


def test_an_answer_without_words_is_refused(short: Office) -> None:
    """It stands for good, so it says what happened."""
    opened = incidents.report(short, POST, "low", sign("BV02"), span=hours(short, 1, 0))
    with pytest.raises(CustodyError, match="answer-unexplained"):
        incidents.conclude(short, opened.number, "explained", sign("LD01"))


def test_nobody_answers_beforehand_nor_for_a_guarded_time(short: Office) -> None:
    """A span to come, one with its ends turned round, and one that was guarded are refused."""
    for span in (hours(short, 1, -1), hours(short, 0, 1), (hours(short, 1, 0)[0], "")):
        with pytest.raises(CustodyError, match="answer-span-wrong"):
            incidents.report(short, POST, "low", sign("BV02"), span=span)
    with pytest.raises(CustodyError, match="answer-about-no-hole"):
        incidents.report(short, POST, "low", sign("BV02"), span=hours(short, 2, 1.5))


def test_a_kept_judgement_says_what_was_answered(short: Office) -> None:
    """The board reads it from there after a restart."""
    done = answer(short, hours(short, 1, 0))
    verdicts.judge(short)
    known = verdicts.last(short)
    assert known is not None
    assert [each.answered for each in known.verdicts[4].findings] == [done.number]
    assert known.verdicts[4].outcome == ANSWERED


def test_a_hole_is_cut_where_answers_begin_and_end() -> None:
    """Pieces keep their order and size; the first answer counts where two overlap."""
    given = [Answer("A", 10, 30), Answer("B", 20, 50)]
    pieces = list(answering.cut([Hole(0, 60, 2, 1), Hole(60, 70, 2, 2)], given))
    told = [(each.start, each.end, each.answered) for each in pieces]
    assert told == [(0, 10, ""), (10, 30, "A"), (30, 50, "B"), (50, 60, ""), (60, 70, "")]


def sheet(office: Office, **more: object) -> Written:
    """Return a sheet of the hand-over that says BV01 was there all through the outage."""
    start, end = hours(office, 1, 0)
    facts = {"number": "S-17", "form": "F11", "people": ("BV01", "BV02"), "present": ("BV01",), **more}
    return Written(start=start, end=end, where=POST.lower(), **facts)  # type: ignore[arg-type]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Give the picture of a sheet."""
    made = tmp_path / "sheet.jpg"
    made.write_bytes(b"a picture")
    return made


def test_a_sheet_keyed_in_later_is_cover_from_paper(short: Office, photo: Path) -> None:
    """The hole is gone; I5 and the day's bar name the sheet, who signed it and who keyed it in."""
    keyed_paper.key_in(short, sheet(short), sign("BV01", "LD01"), photos=[photo])
    assert holes_of(short) == []
    judged = guarding(short)
    assert judged.outcome == ANSWERED
    (told,) = judged.findings
    assert (told.code, told.answered) == ("post-covered-by-paper", "F11 S-17")
    assert (told.facts["people"], told.facts["keyed_by"]) == (["BV01", "BV02"], ["BV01", "LD01"])
    (bar,) = day_bars(short).bars
    assert [each.sheet for each in bar.present if each.sheet] == ["F11 S-17"]
    sound(short)


def test_a_sheet_does_not_make_a_post_guarded_from_an_earlier_day(office: Office, photo: Path) -> None:
    """It fills holes; it never makes the time before the first guard one."""
    furnish(office)
    pass_time(office, hours=5)
    shifts.start(office, POST, "BV02", sign("BV02"))
    pass_time(office, hours=1)
    start, end = hours(office, 5, 4)
    early = Written("S-18", "F11", start, end, POST, ("BV01",), present=("BV01",))
    keyed_paper.key_in(office, early, sign("BV01", "LD01"), photos=[photo])
    assert holes_of(office) == []


@pytest.mark.parametrize(
    ("more", "signers", "code"),
    [
        ({}, ("BV01", "BV02"), "signer"),
        ({"form": "F13"}, ("BV01", "LD01"), "paper-attests-nothing"),
        ({"present": ("BV03",)}, ("BV01", "LD01"), "paper-present-unsigned"),
        ({"people": ("LD01", "BV01"), "present": ("LD01",)}, ("BV01", "LD01"), "paper-present-unknown"),
        ({"present": ("BV01", "BV01")}, ("BV01", "LD01"), "paper-presence-wrong"),
    ],
)
def test_a_sheet_that_cannot_attest_a_presence_is_refused(
    short: Office, photo: Path, more: dict[str, object], signers: tuple[str, ...], code: str
) -> None:
    """Without a leader, of another form, for who did not sign or is no guard, or twice for one."""
    with pytest.raises(CustodyError, match=code):
        keyed_paper.key_in(short, sheet(short, **more), sign(*signers), photos=[photo])
    assert holes_of(short) == [(3600, "")]


def test_nobody_was_at_two_posts_by_paper(short: Office, photo: Path) -> None:
    """BV02 is confirmed at the post: a sheet cannot put them at another one in that hour."""
    with short.database.atomic() as session:
        posts.add(session, code="P2", name="Cổng sau", place=None, watches=(), now=short.clock.now())
    pass_time(short, hours=1)
    start, end = hours(short, 1, 0)
    wrong = Written("S-19", "F11", start, end, "P2", ("BV02",), present=("BV02",))
    with pytest.raises(CustodyError, match="paper-guard-elsewhere"):
        keyed_paper.key_in(short, wrong, sign("BV02", "LD01"), photos=[photo])


def test_a_round_is_walked_by_who_is_on_duty_or_with_a_reason(short: Office) -> None:
    """A guard who is at home is refused; with a reason it is recorded why, and shown with the round."""
    at = (custodial.local_now(short) + timedelta(hours=1)).strftime("%H:%M")
    zone = custodial.local_now(short).strftime("%z")
    plan = RoundPlanned("DEM", "round", POST, ("box BOX1",), (f"at {at}",), (), 30, 20, 0, f"{zone[:3]}:{zone[3:]}")
    rounds.add_plan(short, plan, sign("LD01"))
    pass_time(short, hours=1)
    with pytest.raises(CustodyError, match="round-walker-off-duty"):
        rounds.start(short, "", sign("BV03"))
    begun = rounds.start(short, "", sign("BV03"), off_duty="BV02 bị đau chân")
    assert begun.off_duty
    sound(short)
