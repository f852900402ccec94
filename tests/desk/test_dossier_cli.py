"""Every move of a single dossier from the command line, as clerks at a counter make it."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import places
from desk.cli.exits import Exit
from desk.office import open_office
from tests.archive.lists import HEADER, text
from tests.desk.test_custody_day import Day, count_blind, day, sealed_box

__all__ = ["day"]
FAR = ("--until", "2099-01-05")
ONE, TWO, THREE = "P01.001/UB", "P01.002/UB", "P01.003/UB"


def state(day: Day, code: str) -> tuple[str, str]:
    """Return a dossier's state and where it is."""
    shown = day.do("dossier", "show", code)
    return shown["state"], shown["where"]


def test_a_dossier_is_shelved_lent_and_comes_back_with_a_leaf_less(day: Day) -> None:
    """A difference is asked about, then recorded with the incident it opens, in one act."""
    day.do("dossier", "shelve", ONE, TWO, "--place", "K1-G01", by="NV01")
    lending = ("dossier", "lend", ONE, "--permission", "5/GP", *FAR)
    day.do(*lending, by="NV02 NV04", ends=Exit.USAGE)
    lent = day.do(*lending, "--leaves", 11, by="NV02 NV04")
    assert (lent["kind"], lent["about"], state(day, ONE)) == ("dossier-lent", ONE, ("on-loan", "NV04"))
    assert [each["code"] for each in day.do("dossier", "list", "--holder", "nv04")] == [ONE]
    back = ("dossier", "return", ONE, "--place", "K1-G02", "--leaves", 10)
    before = day.do("ledger", "check")["size"]
    assert "--differs" in day.do(*back, by="NV02 NV01", ends=Exit.FINDINGS)
    assert day.do("ledger", "check")["size"] == before
    done = day.do(*back, "--differs", by="NV02 NV01")
    assert [each["kind"] for each in done["entries"]] == ["incident-opened", "dossier-returned"]
    last = day.do("dossier", "show", ONE)["history"][-1]
    assert last["facts"]["counted"] == 10
    assert last["facts"]["incident"] == done["entries"][0]["about"]
    assert state(day, ONE) == ("on-shelf", "K1-G02")


def test_leaves_are_corrected_by_somebody_who_did_not_sign_what_was_wrong(day: Day) -> None:
    """The correction names the entry that registered the dossier, by itself."""
    registered = day.do("dossier", "show", ONE)["history"][0]
    amending = ("dossier", "amend", ONE, "--leaves", 12, "--reason", "đếm lại hai lần")
    day.do("dossier", "amend", ONE, "--leaves", 11, "--reason", "recount", by="NV01 NV04", ends=Exit.FINDINGS)
    day.do("dossier", "amend", ONE, "--leaves", 12, by="NV01 NV04", ends=Exit.FINDINGS)
    day.do(*amending, by="NV01", ends=Exit.FINDINGS)
    day.do(*amending, by="NV01 NV04")
    shown = day.do("dossier", "show", ONE)
    assert (shown["leaves"], shown["history"][-1]["facts"]["corrects"]) == (12, registered["entry"])
    (name,) = shown["history"][-1]["facts"]["attachments"]
    assert shown["history"][-1]["facts"]["reason"] == name, "a reason in words stands in the vault"
    office = open_office(day.home, {})
    with office.vault.open(name) as text:
        assert text.read().decode() == "đếm lại hai lần"
    office.close()
    assert day.do("ledger", "check")["sound"] is True


def test_a_dossier_goes_from_an_opened_box_to_a_station_and_back(day: Day) -> None:
    """Signed out by two until the evening, back into the box it came from, its leaves counted again."""
    box = sealed_box(day, 1, 3, "A0001")
    held = day.do("dossier", "show", ONE)["package"]
    assert (held["code"], held["state"], held["place"]) == (box, "sealed", "K1-G01")
    day.do("dossier", "station", ONE, "--station", "S1", *FAR, by="NV02 NV01", ends=Exit.FINDINGS)
    opening = ("--decision", "12/QĐ", "--reason", "digitize", "--number", "A0001", "--to", "NV02", *FAR)
    day.do("package", "open", box, *opening, by="NV03 NV02 NV04")
    day.do("dossier", "station", ONE, TWO, "--station", "S1", *FAR, by="NV02 NV01")
    assert state(day, TWO) == ("at-station", "S1")
    day.do("dossier", "back", ONE, TWO, by="NV02", ends=Exit.USAGE)
    assert "one at a time" in day.do("dossier", "back", ONE, TWO, "--leaves", 22, by="NV02", ends=Exit.FINDINGS)
    day.do("dossier", "back", ONE, TWO, "--leaves", 23, by="NV02")
    assert [each["code"] for each in day.do("dossier", "list", "--package", box)] == [ONE, TWO, THREE]
    count_blind(day, box, 3, 36, "NV02", "NV01")
    day.do("package", "reseal", box, "--number", "A0002", by="NV02 NV01")
    assert day.do("verify")["holds"] is True


def test_a_missing_dossier_is_found_and_paper_nobody_registered_is_written_down(day: Day, tmp_path: Path) -> None:
    """The finder alone raises the alarm with a photo; what is found later is put on a shelf."""
    photo = tmp_path / "giá trống.jpg"
    photo.write_bytes(b"\xff\xd8\xff a shelf with a gap")
    told = day.do("dossier", "missing", TWO, "--photo", photo, by="NV04")
    assert [each["kind"] for each in told["entries"]] == ["incident-opened", "dossier-missing"]
    day.do("dossier", "found", TWO, "--place", "K2", "--leaves", 12, by="NV04 NV02")
    day.do("dossier", "shelve", TWO, "--place", "K1-G07", by="NV01")
    new = ("--place", "K1-G09", "--leaves", 4, "--unregistered")
    day.do("dossier", "found", TWO, *new, by="NV04", ends=Exit.FINDINGS)
    day.do("dossier", "found", "P01.999/UB", *new, by="NV04")
    assert state(day, "P01.999/UB") == ("unregistered", "K1-G09")
    photo.write_bytes(b"")
    day.do("dossier", "missing", TWO, "--photo", photo, by="NV04", ends=Exit.FINDINGS)
    assert day.do("ledger", "check")["sound"] is True
    assert day.do("verify")["holds"] is True


def test_destruction_is_reviewed_decided_agreed_to_and_blocked_by_a_hold(day: Day) -> None:
    """Nothing goes for good without its review, decision, no hold, and a yes."""
    day.do("dossier", "shelve", ONE, TWO, "--place", "K1", by="NV01")
    day.do("dossier", "review", ONE, "--place", "K1", by="NV02 NV03")
    day.do("dossier", "hold", "set", ONE, "H1", "--reason", "lawsuit", by="NV03")
    ending = ("dossier", "destroy", ONE, "--decision", "9/QĐ", "--where", "Hội đồng")
    assert "--yes" in day.do(*ending, by="NV03 NV02", ends=Exit.USAGE)
    assert "H1" in day.do(*ending, "--yes", by="NV03 NV02", ends=Exit.FINDINGS)
    day.do("dossier", "hold", "lift", ONE, "H1", "--decision", "8/QĐ", by="NV03 NV02")
    day.do(*ending, "--yes", by="NV03 NV02")
    day.do("dossier", "transfer", TWO, "--to", "Lưu trữ lịch sử", "--decision", "4/QĐ", "--yes", by="NV02 NV03")
    assert (state(day, ONE), state(day, TWO)) == (("destroyed", "Hội đồng"), ("transferred", "Lưu trữ lịch sử"))
    assert day.do("verify")["holds"] is True


def test_dossiers_are_found_by_words_numbers_labels_and_nearly(day: Day) -> None:
    """Words without accents, the number alone, the label's code; a slip is met with what may have been meant."""
    assert len(day.do("dossier", "find", "dat dai", "--limit", 7)) == 7
    assert [each["code"] for each in day.do("dossier", "find", "hồ", "sơ", "003")] == [THREE]
    assert [each["code"] for each in day.do("dossier", "find", "003/ub")] == [THREE]
    assert day.do("dossier", "show", "003/UB")["code"] == THREE
    label = day.do("register", "show", THREE)["label"]
    assert day.do("dossier", "show", label.lower())["code"] == THREE
    assert THREE in day.do("dossier", "show", "P01.O03/UB", ends=Exit.NOT_FOUND)
    assert day.do("dossier", "list", "--state", "missing") == []
    assert len(day.do("dossier", "list", "--fonds", "p01", "--limit", 1000)) == 40


@pytest.mark.parametrize("place", ["K1/1/A/2", "K1 / 1 / A / 2"])
def test_a_place_is_one_of_the_tree_once_there_is_one(day: Day, place: str) -> None:
    """A shelf that does not exist is refused with the nearest names; the store follows from the place."""
    tree(day)
    refused = day.do("dossier", "shelve", ONE, "--place", "K1/1/A/9", by="NV01", ends=Exit.NOT_FOUND)
    assert "K1/1/A/1" in refused
    day.do("dossier", "shelve", ONE, "--place", place, by="NV01")
    assert state(day, ONE) == ("on-shelf", "K1/1/A/2")
    box = str(day.do("package", "new", "--place", "K1/1/B/1", "--store", "elsewhere", by="NV01")["about"])
    shown = day.do("package", "show", box)
    assert (shown["place"], shown["store"]) == ("K1/1/B/1", "K1")
    assert len(day.do("dossier", "list", "--place", "K1/1")) == 1


def tree(day: Day) -> None:
    """Write down a small tree of places."""
    office = open_office(day.home, {})
    with office.database.atomic() as session:
        places.add(session, None, "store", "K1", office.clock.now())
        ranges = [places.read_range(each) for each in ("shelf=01", "bay=A-B", "level=1-3")]
        places.generate(session, "K1", ranges, office.clock.now())
    office.close()


def test_a_list_imported_again_cannot_change_leaves_by_one_persons_hand(day: Day, tmp_path: Path) -> None:
    """Neither a new number, nor the old one after two people corrected it; what else a list says may change."""
    path, importing = tmp_path / "again.csv", ("register", "import", tmp_path / "again.csv", "--fonds", "P01", "--yes")

    def listed(leaves: int, title: str) -> None:
        path.write_text(text([HEADER, [1, "001/UB", title, "2001", "vĩnh viễn", leaves, ""]]), encoding="utf-8")

    listed(7, "Hồ sơ đất đai")
    said = day.do(*importing, by="NV01", ends=Exit.FINDINGS)
    assert "has 7 leaves; 11 are on record" in said
    assert day.do("dossier", "show", ONE)["leaves"] == 11
    day.do("dossier", "amend", ONE, "--leaves", 12, "--reason", "đếm lại", by="NV01 NV04")
    listed(11, "Hồ sơ đất đai, tên mới")
    day.do(*importing, by="NV01", ends=Exit.FINDINGS)
    assert day.do("dossier", "show", ONE)["leaves"] == 12
    listed(12, "Hồ sơ đất đai, tên mới")
    day.do(*importing, by="NV01")
    listed(13, "Hồ sơ đất đai, tên mới")
    day.do(*importing, by="NV01 NV04")
    assert day.do("dossier", "show", ONE)["leaves"] == 13
    assert day.do("verify")["holds"] is True
