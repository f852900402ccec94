"""Rounds as an office lives them: drawn, begun, scanned, ended, missed; nothing is foreseen, steered or lost."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.clock import HandClock
from archive.refs import check_character
from custody import ledger
from custody.entries import read_body
from custody.entries_rounds import PointScanned, RoundMissed, RoundStarted
from custody.errors import CustodyError
from custody.holdings import MISSING, SUSPECT
from custody.projections import Projections, replay
from custody.rounds import ENDED, Round
from desk import custodial, duty, round_duty, round_scans, rounds
from desk.custodial import Where
from desk.office import Office, open_office
from tests.desk.guarding import BOXES, GUARD, HANOI, LEADER, Post, build


@pytest.fixture
def post(office: Office, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Give a post with six sealed boxes, on the morning of Monday 5 January 2026."""
    return build(office, clock, monkeypatch)


def refused(code: str, act: object, *given: object, **more: object) -> dict[str, object]:
    """Return the facts with which an act is refused by this code."""
    with pytest.raises(CustodyError) as error:
        act(*given, **more)  # type: ignore[operator]
    assert error.value.code == code
    return dict(error.value.facts)


def sound(office: Office) -> None:
    """Assert that the projections are what the entries say."""
    with office.database.reading() as session:
        assert list(replay(session)) == []


def codes_due(post: Post) -> list[tuple[str, str]]:
    """Return code and round of everything about rounds that is wrong or late now."""
    return [(each.code, each.about) for each in round_duty.watches(post.office)]


def test_a_round_from_due_to_proven(post: Post) -> None:
    """Due at its time and not before; every point scanned; one entry at the start and one at the end."""
    post.plan("at 22:00")
    post.set("2026-01-05 21:59")
    assert rounds.due(post.office) == []
    refused("round-none-due", rounds.start, post.office, "", GUARD)
    post.set("2026-01-05 22:05")
    assert codes_due(post) == [("round-due", "DEM-20260105-01")]
    begun = rounds.start(post.office, "", GUARD)
    assert begun.points == (post.shelf, *BOXES)
    scans = round_scans.scan(post.office, [post.shelf, *BOXES[:4], "Kho 1/G2", *BOXES[4:]], GUARD)
    assert [each.mark for each in scans] == ["scanned"] * 5 + ["here-now"] + ["scanned"] * 2
    assert [each.mark for each in round_scans.scan(post.office, BOXES[:1], GUARD)] == ["again"]
    ended = rounds.end(post.office, "", GUARD)
    assert (ended.state, ended.scanned, ended.unscanned, ended.results) == (ENDED, 7, (), 8)
    assert post.kinds() == ["round-planned", "round-started", "round-ended"]
    assert codes_due(post) == []
    assert round_duty.judges(post.office) == {13: []}
    sound(post.office)


def test_what_is_wrong_is_marked_at_once(post: Post) -> None:
    """A box of another shelf, a box of no list, a sound code nobody knows, and a slip of the hand."""
    post.plan("at 22:00", targets=(f"place {post.shelf}", f"box {BOXES[0]}", f"box {BOXES[4]}"))
    post.set("2026-01-05 22:05")
    rounds.start(post.office, "DEM", GUARD)
    marks = [each.mark for each in round_scans.scan(post.office, [post.shelf, BOXES[4], BOXES[1]], GUARD)]
    assert marks == ["scanned", "moved", "unlisted"]
    strange = "ABCDEFGH" + check_character("ABCDEFGH")
    slip = BOXES[0][:-2] + "Q" + BOXES[0][-1]
    (unknown, unreadable) = round_scans.scan(post.office, [strange, slip], GUARD)
    assert (unknown.mark, unreadable.mark, unreadable.near) == ("unknown", "unreadable", (BOXES[0],))
    _, results = rounds.look(post.office, "DEM-20260105-01")
    assert [(each.point, each.listed, each.moved) for each in results][1:3] == [
        (BOXES[4], True, True),
        (BOXES[1], False, False),
    ]


@pytest.mark.parametrize(("finding", "state"), [("broken", SUSPECT), ("damaged", SUSPECT), ("missing", MISSING)])
def test_a_bad_finding_raises_the_alarm_before_the_round_ends(
    post: Post, tmp_path: Path, finding: str, state: str
) -> None:
    """The package is in doubt or missing at once, with an incident and the photo, though the round is not over."""
    post.plan("at 22:00")
    post.set("2026-01-05 22:05")
    rounds.start(post.office, "", GUARD)
    (tmp_path / "photo.jpg").write_bytes(b"a torn seal")
    refused("round-one-at-a-time", round_scans.scan, post.office, BOXES[:2], GUARD, finding=finding)
    (scan,) = round_scans.scan(post.office, BOXES[:1], GUARD, finding=finding, photos=[tmp_path / "photo.jpg"])
    assert custodial.look(post.office, BOXES[0])[0].state == state
    assert scan.incident == "SV-2026-0001"
    kinds = ["incident-opened", "package-missed" if state == MISSING else "package-suspected", "point-scanned"]
    assert post.kinds()[2:] == kinds
    _, (result,) = rounds.look(post.office, "DEM-20260105-01")
    assert (result.finding, result.incident) == (finding, "SV-2026-0001")
    assert post.office.vault.exists(result.photos[0])
    sound(post.office)


def test_a_round_cut_short_needs_a_reason_and_names_what_was_missed(post: Post) -> None:
    """Without one nothing is written; with one, every unscanned point is a result of its own."""
    post.plan("at 22:00", least=5)
    post.set("2026-01-05 22:05")
    rounds.start(post.office, "", GUARD)
    round_scans.scan(post.office, BOXES[:4], GUARD)
    facts = refused("round-ends-incomplete", rounds.end, post.office, "", GUARD)
    assert facts["count"] == 3
    assert len(rounds.look(post.office, "DEM-20260105-01")[1]) == 4
    ended = rounds.end(post.office, "", GUARD, "mất điện, kho tối")
    assert ended.unscanned == (post.shelf, *BOXES[4:])
    assert [each.finding for each in rounds.look(post.office, ended.code)[1]][4:] == ["unscanned"] * 3
    with post.office.vault.open(ended.reason) as kept:
        assert kept.read().decode() == "mất điện, kho tối"
    assert round_duty.judges(post.office) == {13: []}


@pytest.mark.parametrize(("minutes", "why"), [(2, "early"), (31, "late"), (10, "")])
def test_an_end_too_early_or_too_late_needs_a_reason(post: Post, minutes: int, why: str) -> None:
    """A whole store cannot be walked in two minutes by who only holds photographs of its labels."""
    post.plan("at 22:00", least=5)
    post.set("2026-01-05 22:00")
    rounds.start(post.office, "", GUARD)
    round_scans.scan(post.office, [post.shelf, *BOXES], GUARD)
    post.clock.sleep(60 * minutes)
    if why:
        refused(f"round-ends-{why}", rounds.end, post.office, "", GUARD)
        assert ("round-overdue", "DEM-20260105-01") in codes_due(post) or why == "early"
        assert len(round_duty.judges(post.office)[13]) == (why == "late")
    assert rounds.end(post.office, "", GUARD, why).state == ENDED


def test_a_station_that_slept_three_days_records_every_miss_in_order_once(post: Post) -> None:
    """Stamped when they were written, naming when they were due; a second tick adds nothing."""
    post.plan("every 360 18:00-06:00")
    post.set("2026-01-08 09:00")
    assert [each.code for each in round_duty.judges(post.office)[13]] == ["round-unaccounted"] * 6
    duty.catch_up(post.office)
    with post.office.database.reading() as session:
        read = [read_body(each.body) for each in ledger.read(session) if each.kind == "round-missed"]
    missed = [entry for entry, _ in read if isinstance(entry, RoundMissed)]
    assert [each.due[:16] for each in missed] == [
        f"2026-01-{day:02}T{hour}:00" for day, hour in [(5, 18), (6, "00"), (6, 18), (7, "00"), (7, 18), (8, "00")]
    ]
    assert {stamp.at.astimezone(UTC).isoformat() for _, stamp in read} == {"2026-01-08T02:00:00+00:00"}
    assert {stamp.by for _, stamp in read} == {("STATION",)}
    size = len(post.kinds())
    duty.catch_up(post.office)
    post.clock.sleep(60)
    duty.catch_up(post.office)
    assert len(post.kinds()) == size
    assert round_duty.judges(post.office) == {13: []}
    assert {code for code, _ in codes_due(post)} == {"round-missed"}
    post.clock.sleep(25 * 3600)
    assert "DEM-20260105-01" not in {about for _, about in codes_due(post)}
    sound(post.office)


def test_a_stopped_plan_owes_what_fell_due_before(post: Post) -> None:
    """Stopping a plan in an open window does not make the round go away; nothing is owed after."""
    post.plan("at 22:00")
    post.set("2026-01-05 22:05")
    refused("reason-absent", rounds.stop_plan, post.office, "DEM", "", LEADER)
    rounds.stop_plan(post.office, "DEM", "new-times", LEADER)
    refused("round-plan-stopped-already", rounds.stop_plan, post.office, "DEM", "again", LEADER)
    post.set("2026-01-07 08:00")
    duty.catch_up(post.office)
    assert [each.code for each in rounds.every(post.office, days=5)] == ["DEM-20260105-01"]
    refused("round-plan-code-used", post.plan, "at 23:00")


def test_late_delivery_by_a_phone_stands_beside_the_miss(post: Post) -> None:
    """The guard walked at night with a phone that had no network; the miss stays, the round counts too."""
    post.plan("at 22:00")
    post.set("2026-01-06 06:00")
    duty.catch_up(post.office)
    refused("round-window-over", rounds.start, post.office, "DEM-20260105-01", GUARD)
    walked = post.clock.now().astimezone(HANOI).replace(day=5, hour=22, minute=10)
    phone = Where("", "P1", "phone-1", 0, walked)
    begun = rounds.start(post.office, "DEM-20260105-01", GUARD, phone)
    assert begun.started == "2026-01-05T22:10:00+07:00"
    later = Where("", "P1", "phone-1", 1, walked + timedelta(minutes=12))
    round_scans.scan(post.office, [post.shelf, *BOXES], GUARD, where=later)
    ended = rounds.end(post.office, begun.code, GUARD, where=later)
    assert (ended.state, ended.ended, ended.missed_at >= 0) == (ENDED, "2026-01-05T22:22:00+07:00", True)
    assert round_duty.judges(post.office) == {13: []}
    sound(post.office)


def test_random_rounds_come_from_a_seed_of_the_day_before(post: Post) -> None:
    """In force from the next day; the entry names the head; the evening's tick announces the next seed, once."""
    post.plan("random 2 22:00-05:00", targets=("random 3 Kho 1",))
    post.set("2026-01-05 23:00")
    assert rounds.due(post.office) == []
    post.set("2026-01-05 23:55")
    for _ in range(3):
        duty.catch_up(post.office)
        post.clock.sleep(60)
    heads = [each.kind for each in _entries(post.office)].count("log-checkpointed")
    assert heads == 2
    for minute in range(7 * 60):
        post.set("2026-01-06 22:00")
        post.clock.sleep(60 * minute)
        if found := rounds.due(post.office):
            break
    begun = rounds.start(post.office, "", GUARD)
    assert found[0].due == post.clock.now()
    assert len(begun.points) == 3
    assert set(begun.points) <= set(BOXES)
    started = next(each for each in _entries(post.office) if each.kind == "round-started")
    entry, _ = read_body(started.body)
    assert isinstance(entry, RoundStarted)
    with post.office.database.reading() as session:
        seeds = [read_body(each.body)[0] for each in ledger.read(session) if each.kind == "log-checkpointed"]
        assert entry.drawn == seeds[1].size  # type: ignore[attr-defined]
        assert ledger.root(session, entry.drawn).hex() == seeds[1].root  # type: ignore[attr-defined]


def test_results_edited_afterwards_are_found(post: Post) -> None:
    """One byte of a result, a result taken away, a round's row changed: named by verify or by the ledger's check."""
    post.plan("at 22:00")
    post.set("2026-01-05 22:00")
    rounds.start(post.office, "", GUARD)
    round_scans.scan(post.office, [post.shelf, *BOXES], GUARD)
    rounds.end(post.office, "", GUARD)
    edits = [
        "UPDATE round_result SET body = replace(CAST(body AS TEXT), 'intact', 'broken') WHERE number = 3",
        "DELETE FROM round_result WHERE number = 6",
    ]
    for edit in edits:
        with post.office.database.atomic() as session:
            session.execute(text(edit))
        assert [each.code for each in round_duty.judges(post.office)[13]] == ["round-results-differ"]
    with post.office.database.atomic() as session:
        session.execute(text("UPDATE custody_round SET scanned = 6"))
    with post.office.database.reading() as session:
        assert [each.code for each in replay(session)] == ["projection-differs"]


def test_a_round_goes_on_after_the_station_was_killed(post: Post) -> None:
    """What was scanned is there for a new process, which scans the rest and ends the round."""
    post.plan("at 22:00")
    post.set("2026-01-05 22:00")
    rounds.start(post.office, "", GUARD)
    round_scans.scan(post.office, [post.shelf, *BOXES[:3]], GUARD)
    again = open_office(post.office.settings.home, {}, post.clock)
    (owed,) = rounds.due(again)
    assert owed.walked is not None
    assert [each.mark for each in round_scans.scan(again, BOXES, GUARD)] == ["again"] * 3 + ["scanned"] + ["moved"] * 2
    assert rounds.end(again, owed.code, GUARD).unscanned == ()
    again.close()


def test_nobody_but_the_station_misses_a_round_and_nobody_begins_one_twice(post: Post) -> None:
    """Signatures and states are checked where the entry is written."""
    post.plan("at 22:00")
    post.set("2026-01-05 22:00")
    missed = RoundMissed("DEM-20260105-01", "DEM", "2026-01-05T22:00:00+07:00", "2026-01-05T22:20:00+07:00", -1)
    refused("signers-not-entitled", custodial.act, post.office, lambda _h: missed, GUARD)
    rounds.start(post.office, "", GUARD)
    refused("round-begun-already", rounds.start, post.office, "DEM-20260105-01", GUARD)
    refused("round-none-due", rounds.start, post.office, "DEM", GUARD)
    refused("round-unknown", rounds.start, post.office, "DEM-20260105-02", GUARD)
    refused("round-unknown", rounds.start, post.office, "DEM-20261399-01", GUARD)
    wrong = PointScanned("DEM-20260105-01", BOXES[0], "intact")
    refused("finding-unknown", custodial.act, post.office, lambda _h: wrong, GUARD)
    with post.office.database.reading() as session:
        assert [each.by for each in Projections(session).every(Round)] == [("BINH",)]


def _entries(office: Office) -> list[ledger.Stored]:
    with office.database.reading() as session:
        return list(ledger.read(session))
