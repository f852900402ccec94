"""Shifts as entries: plans that cannot be changed behind, presence without a hole, and hand-overs that add up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive.database import Database
from custody.cover import second_of
from custody.entries_shifts import HandedOver, ReliefCounted, ShiftLeft, ShiftPlanned, ShiftStarted
from custody.errors import CustodyError
from custody.moments import format_moment
from custody.projections import Projections
from custody.shifts import Planned
from tests.custody.guard_day import AN, BA, BOXES, CHI, POST, Post
from tests.custody.office_day import CHU, LAN, START


@pytest.fixture
def post(database: Database) -> Post:
    """Give a post at which AN is on duty and answers for three boxes."""
    day = Post(database)
    day.put_boxes(*BOXES)
    day.begin(AN)
    return day


def turns_left(post: Post) -> set[tuple[str, int]]:
    """Return the published turns that hold: guard and begin."""
    with post.database.reading() as session:
        return {(each.guard, each.start) for each in Projections(session).every(Planned) if not each.void}


def test_a_changed_plan_takes_the_place_of_what_has_not_begun(database: Database) -> None:
    """What began before the new plan stays; what comes is as published last."""
    post, morning = Post(database), START + timedelta(hours=1)
    noon, evening, end = (morning + timedelta(hours=hours) for hours in (4, 8, 12))
    post.plan(("AN", morning, noon), ("BA", noon, evening), ("AN", evening, end), start=morning, end=end)
    post.skip(hours=2)
    post.plan(("CHI", noon, evening), start=morning, end=end)
    assert turns_left(post) == {("AN", second_of(morning)), ("CHI", second_of(noon))}


def test_a_turn_that_has_begun_cannot_be_planned_or_planned_away(database: Database) -> None:
    """An absence cannot be hidden by changing the plan afterwards."""
    post, start = Post(database), START + timedelta(minutes=5)
    end = start + timedelta(hours=8)
    post.plan(("AN", start, end), start=start, end=end)
    post.skip(hours=1)
    with pytest.raises(CustodyError, match="plan-in-the-past"):
        post.plan(("BA", start, end), start=start, end=end)
    post.plan(start=start, end=end)
    assert turns_left(post) == {("AN", second_of(start))}


@pytest.mark.parametrize(
    ("turns", "code"),
    [
        ([("AN", 1, 1)], "turn-wrong"),
        ([("", 1, 2)], "turn-wrong"),
        ([("AN", 1, 2), ("AN", 1, 3)], "turn-doubled"),
        ([("AN", 30, 31)], "turn-wrong"),
    ],
)
def test_a_plan_that_says_nothing_sensible_is_refused(
    database: Database, turns: list[tuple[str, int, int]], code: str
) -> None:
    """Empty names, empty turns, doubles, and turns outside the span."""
    post = Post(database)
    told = [(guard, START + timedelta(hours=one), START + timedelta(hours=two)) for guard, one, two in turns]
    with pytest.raises(CustodyError, match=code):
        post.plan(*told, start=START + timedelta(hours=1), end=START + timedelta(hours=24))
    start, end = format_moment(START), format_moment(START + timedelta(hours=1))
    with pytest.raises(CustodyError, match="signers-not-entitled"):
        post.at_post(ShiftPlanned(start, end, ()), AN)


def test_presence_is_confirmed_by_the_guards_own_signature(post: Post) -> None:
    """Nobody signs another in, and nobody is at two posts."""
    with pytest.raises(CustodyError, match="signers-not-entitled"):
        post.at_post(ShiftStarted("BA"), CHI)
    with pytest.raises(CustodyError, match="signers-not-entitled"):
        post.at_post(ShiftStarted("LAN"), LAN)
    with pytest.raises(CustodyError, match="guard-on-duty"):
        post.write(ShiftStarted("AN"), AN, post="P2")
    with pytest.raises(CustodyError, match="post-absent"):
        post.write(ShiftStarted("BA"), BA)
    post.begin(BA)
    assert post.there() == ["AN", "BA"]


def test_a_leader_sends_another_guard_and_the_first_is_present_no_more(post: Post) -> None:
    """Both sign, with a reason; the boxes stay with who answered for them."""
    with pytest.raises(CustodyError, match="signers-too-few"):
        post.at_post(ShiftStarted("BA", "AN", "ill"), BA)
    with pytest.raises(CustodyError, match="reason-absent"):
        post.at_post(ShiftStarted("BA", "AN"), BA, CHU)
    post.at_post(ShiftStarted("BA", "AN", "ill"), BA, CHU)
    assert post.there() == ["BA"]
    assert post.presences()[0][2:] == (post.second, "replaced")
    assert post.box("BOX1").custodian == "AN"


def test_a_hand_over_passes_presence_and_boxes_on_in_the_same_second(post: Post) -> None:
    """Not one second lies between the two guards, and every counted box has the new custodian."""
    relief = post.count("r1", *BOXES)
    assert (relief.expected, relief.present, relief.differences) == (3, BOXES, ())
    assert post.box("BOX1").custodian == "AN", "until it is closed the giver answers for them"
    post.close(relief)
    assert post.there() == ["BA"]
    (first, second) = post.presences()
    assert first[2] == second[1] == post.second
    assert first[3] == "handed-over"
    assert {post.box(each).custodian for each in BOXES} == {"BA"}
    assert all(post.box(each).broken < 0 for each in BOXES)


def test_every_kind_of_difference_is_named(post: Post) -> None:
    """Missing, unknown, foreign, found again, at another place, with a broken seal; work in progress is none."""
    post.put_boxes("FAR", store="K2")
    post.put_boxes("LOST", state="missing")
    post.put_boxes("OPEN", state="opened", custodian="TUAN")
    seen = [("BOX1", "K1/G7", "broken"), ("GHOST", "", "intact"), ("FAR", "", "intact"), ("LOST", "", "intact")]
    relief = post.count("r1", *seen, "OPEN", ("BOX2", "K1/G1", "intact"))
    assert set(relief.differences) == {
        ("BOX1", "wrong-place"),
        ("BOX1", "seal-broken"),
        ("BOX3", "missing"),
        ("GHOST", "unknown"),
        ("FAR", "unexpected"),
        ("LOST", "found"),
    }
    assert relief.present == ("BOX1", "BOX2")


def test_a_difference_needs_an_open_incident_of_its_own(post: Post) -> None:
    """None, an unknown one, and fewer than there are differences are refused; the missing box stays with the giver."""
    relief = post.count("r1", "BOX1", "BOX2")
    with pytest.raises(CustodyError, match="difference-without-incident"):
        post.close(relief, "")
    with pytest.raises(CustodyError, match="incident-unknown"):
        post.close(relief, "SV-9")
    facts = ("r1", "AN", "BA", 3, 2)
    with pytest.raises(CustodyError, match="relief-not-as-counted"):
        post.at_post(HandedOver(*facts, ()), AN, BA)
    with pytest.raises(CustodyError, match="relief-not-as-counted"):
        post.at_post(HandedOver("r1", "AN", "BA", 3, 3, ()), AN, BA)
    post.close(relief, post.open_incident("SV-1", "BOX3"))
    assert (post.relief("r1").state, post.relief("r1").incidents) == ("closed", ("SV-1",))
    assert (post.box("BOX3").custodian, post.box("BOX2").custodian) == ("AN", "BA")


def test_both_must_sign_and_a_leader_may_stand_for_the_giver(post: Post) -> None:
    """One signature, a stranger's, or the same person twice is not enough."""
    relief = post.count("r1", *BOXES)
    for signers in ((BA,), (AN,), (CHI, BA)):
        with pytest.raises(CustodyError, match=r"signers-too-few|signers-not-entitled"):
            post.close(relief, signers=signers)
    with pytest.raises(CustodyError, match="signers-not-entitled"):
        post.close(relief, signers=(CHI, BA), stead="CHI")
    post.close(relief, signers=(CHU, BA), stead="CHU")
    assert post.there() == ["BA"]


def test_what_changed_since_the_count_asks_for_another_count(post: Post) -> None:
    """A box that came in meanwhile would be handed over uncounted."""
    relief = post.count("r1", *BOXES)
    post.put_boxes("BOX4")
    with pytest.raises(CustodyError, match="relief-outdated"):
        post.close(relief)
    post.close(post.count("r1", *BOXES, "BOX4"))
    assert post.box("BOX4").custodian == "BA"


def test_a_closed_or_refused_hand_over_cannot_be_counted_or_closed_again(post: Post) -> None:
    """And one that is counted anew by another guard is void."""
    refused = post.open_incident("SV-1", POST)
    post.at_post(ReliefCounted("r1", "AN", "BA", (), (), "drunk", refused), BA)
    assert post.relief("r1").state == "refused"
    with pytest.raises(CustodyError, match="relief-ended"):
        post.count("r1", *BOXES)
    first = post.count("r2", *BOXES)
    second = post.count("r3", *BOXES, receiver=CHI)
    assert post.relief("r2").state == "void"
    with pytest.raises(CustodyError, match="relief-ended"):
        post.close(first)
    post.close(second, signers=(AN, CHI))
    with pytest.raises(CustodyError, match="relief-ended"):
        post.close(second, signers=(AN, CHI))
    with pytest.raises(CustodyError, match="guard-not-on-duty"):
        post.count("r4", *BOXES, receiver=BA)


def test_a_refusal_needs_a_reason_and_an_incident(post: Post) -> None:
    """The giver stays at the post and responsible."""
    with pytest.raises(CustodyError, match="incident-absent"):
        post.at_post(ReliefCounted("r1", "AN", "BA", (), (), "drunk"), BA)
    with pytest.raises(CustodyError, match="incident-unknown"):
        post.at_post(ReliefCounted("r1", "AN", "BA", (), (), "drunk", "SV-1"), BA)
    post.at_post(ReliefCounted("r1", "AN", "BA", (), (), "drunk", post.open_incident("SV-1", POST)), BA)
    assert post.there() == ["AN"]


def test_who_holds_boxes_cannot_leave_as_relieved(post: Post) -> None:
    """Without relief it is recorded as such; a leader may note it, and another guard takes over with the leader."""
    with pytest.raises(CustodyError, match="packages-not-handed-over"):
        post.at_post(ShiftLeft("AN", relieved=True), AN)
    with pytest.raises(CustodyError, match="signers-not-entitled"):
        post.at_post(ShiftLeft("AN", relieved=False), BA)
    post.at_post(ShiftLeft("AN", relieved=False), CHU)
    assert post.presences()[0][3] == "left"
    with pytest.raises(CustodyError, match="guard-not-on-duty"):
        post.at_post(ShiftLeft("AN", relieved=False), AN)
    post.begin(BA)
    post.close(post.count("r1", *BOXES), signers=(CHU, BA), stead="CHU")
    assert post.box("BOX1").custodian == "BA"
    assert len(post.presences()) == 2, "who was there already has no second presence"


def test_the_count_is_not_told_what_was_expected(post: Post) -> None:
    """Counting a box twice or with an unknown finding is refused without a word about the others."""
    for seen in (("BOX1", "BOX1"), (("BOX1", "", "odd"),)):
        with pytest.raises(CustodyError) as refused:
            post.count("r1", *seen)
        assert not {"BOX2", "BOX3", 3} & set(map(str, refused.value.facts.values()))
