"""Every scan tells where a package was seen, and which codes nobody gave; the tick compares that with the record."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from archive.clock import HandClock
from archive.refs import check_character
from custody import entries_package as package
from desk import custodial, phoning, reliefs, resolving, rounds, shifts, stocktaking, watching_custody, watching_log
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import Office
from desk.phoning import Contact, Note
from desk.round_scans import scan
from tests.desk import guarded, guarding
from tests.desk.guarding import BOXES, GUARD
from tests.desk.test_phoning import told as facts_of

FORGED = "ZZZZZZZZ" + check_character("ZZZZZZZZ")


@pytest.fixture
def post(office: Office, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> guarding.Post:
    """Give a post with two shelves and six boxes, a guard on duty, and a plan of rounds past all of them."""
    made = guarding.build(office, clock, monkeypatch)
    made.set("2026-01-05 20:00")
    made.plan("at 22:00")
    made.set("2026-01-05 22:00")
    return made


def seen(office: Office) -> dict[str, object]:
    """Return where the watch says boxes are that should be elsewhere."""
    return {each.about: each.facts["place"] for each in watching_custody.watch_sightings(office)}


def refused(office: Office) -> dict[str, object]:
    """Return the codes that were shown and that nobody gave, each with where."""
    return {each.about: each.facts["place"] for each in watching_custody.watch_refusals(office)}


def test_a_round_tells_a_box_at_another_shelf_until_it_is_seen_at_its_own(post: guarding.Post) -> None:
    """A scan at the level of the store says nothing against a box that stands on a shelf of it."""
    rounds.start(post.office, "", GUARD)
    scan(post.office, [BOXES[0], "Kho 1", BOXES[1], "Kho 1/G1", BOXES[4]], GUARD)
    assert seen(post.office) == {BOXES[4]: "Kho 1/G1"}
    scan(post.office, ["Kho 1/G2", BOXES[4]], GUARD)
    assert seen(post.office) == {}


def test_a_forged_label_is_told_from_rounds_stocktakes_and_the_counter(post: guarding.Post) -> None:
    """Shown ten times within the hour it is one row; a slip of the fingers is none."""
    office = post.office
    rounds.start(office, "", GUARD)
    scan(office, ["Kho 1/G1", FORGED, FORGED], GUARD)
    assert refused(office) == {FORGED: "Kho 1/G1"}
    for _ in range(10):
        resolving.resolve(office, f"HTTPS://LUUTRU.EXAMPLE/B/{FORGED}")
    resolving.resolve(office, "ZZZZZZZZ" + ("A" if not FORGED.endswith("A") else "B"))
    assert refused(office) == {FORGED: "Kho 1/G1"}
    post.clock.sleep(timedelta(hours=25).total_seconds())
    assert refused(office) == {}
    taken = stocktaking.open_stocktake(office, ["Kho 1"], [("TUAN", "")])
    stocktaking.count(office, taken.code, "Kho 1/G2", {FORGED: "intact", BOXES[0]: "intact"}, GUARD)
    assert (refused(office), seen(office)) == ({FORGED: "Kho 1/G2"}, {BOXES[0]: "Kho 1/G2"})


def test_a_count_at_a_hand_over_tells_boxes_of_another_shelf_or_store(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was counted without a place stands where it should if the post guards that place."""
    monkeypatch.setattr(custodial, "authenticate", guarded.by_name)
    guarded.furnish(office)
    shifts.start(office, guarded.POST, "BV01", guarded.sign("BV01"))
    draft = reliefs.begin(office, guarded.POST, "", "BV02")
    reliefs.scan(office, draft.code, ["BOX1", "@K1/G2", "BOX2", FORGED])
    reliefs.count(office, draft.code, guarded.sign("BV02"))
    assert (seen(office), refused(office)) == ({"BOX2": "K1/G2"}, {FORGED: guarded.POST})


def test_a_phone_is_heard_with_each_batch(post: guarding.Post) -> None:
    """What it holds back is owed from then on; a note that overtakes another is no lost one."""
    office, at = post.office, custodial.local_now(post.office)
    note = Note(0, at, facts_of(package.PackageChecked(BOXES[0], "intact", ("A0001",))), (guarding.STAFF["BINH"],))
    phoning.accept(office, "phone", "P1", [note], Contact(office.clock.now() - timedelta(minutes=9), 3, 2))
    codes = [each.code for each in watching_log.watch_devices(office)]
    assert codes == ["device-clock-skew"]
    post.clock.sleep(timedelta(hours=10).total_seconds())
    assert {each.code for each in watching_log.watch_devices(office)} == {"device-clock-skew", "device-silent"}
    phoning.accept(office, "phone", "P1", [Note(2, at, b"{}", (guarding.STAFF["BINH"],))])
    assert {each.code for each in watching_log.watch_devices(office)} == {"device-clock-skew"}


def test_a_check_at_another_place_than_on_record_alarms(
    post: guarding.Post, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`package check --at` says so at once, and a check where the box belongs ends it."""
    pins = tmp_path / "pins"
    pins.write_text("BINH=4711\n", encoding="utf-8")
    home = {"LANG": "en_US.UTF-8", "LUUTRU_HOME": str(post.office.settings.home)}

    def check(place: str) -> Exit:
        words = ["package", "check", BOXES[4], "--number", "A0005", "--at", place, "--signer", "BINH"]
        return answer([*words, "--pins", str(pins)], home)

    assert check("Kho 1/G1") == Exit.FINDINGS
    assert "on record at Kho 1/G2" in capsys.readouterr().err
    assert seen(post.office) == {BOXES[4]: "Kho 1/G1"}
    assert check("Kho 9") == Exit.NOT_FOUND
    assert check("Kho 1/G2") == Exit.OK
    assert seen(post.office) == {}
