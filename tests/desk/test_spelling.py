"""A seal number has one spelling, however it is typed."""

from __future__ import annotations

import pytest

from custody.entries_package import PackageChecked, PackageVoided
from custody.entries_seals import RollIssued, SealSpoiled
from desk import custodial
from desk.office import Office
from desk.spelling import spelled
from tests.desk.guarded import BOXES, box, by_name, furnish, sign


def test_seal_numbers_and_the_letters_of_rolls_are_written_in_capitals() -> None:
    """What holds no seal number stays as it is."""
    assert spelled(PackageChecked("Box1", "intact", ("a0001", " A0002"))).read == ("A0001", "A0002")  # type: ignore[attr-defined]
    assert spelled(RollIssued("c1", "a", 1, 9, 4)) == RollIssued("c1", "A", 1, 9, 4)
    assert spelled(SealSpoiled("a0001", "torn")) == SealSpoiled("A0001", "torn")
    assert spelled(PackageVoided("Box1", "mistyped")) == PackageVoided("Box1", "mistyped")


def test_a_number_read_in_small_letters_is_that_of_the_seal(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check with the number typed small finds the seal intact."""
    monkeypatch.setattr(custodial, "authenticate", by_name)
    furnish(office)
    numbers = tuple(each.lower() for each in box(office, BOXES[0]).seals)
    assert numbers != box(office, BOXES[0]).seals
    custodial.act(office, lambda _: PackageChecked(BOXES[0], "intact", numbers), sign("BV01"))
    assert box(office, BOXES[0]).state == "sealed"
