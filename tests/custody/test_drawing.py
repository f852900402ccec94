"""Lots and times of rounds: even, the same for everybody, inside their windows, on every day of every zone."""

from __future__ import annotations

import hmac
import itertools
import json
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custody.drawing import Urn
from custody.errors import CustodyError
from custody.round_plans import DAYS, Shape, check_shape, due_on, moment_at, points_of, read_zone

ROOTS = st.binary(min_size=32, max_size=32)
CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
ZONES = st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "+07:00"])
DATES = st.dates(date(2025, 1, 1), date(2027, 12, 31))
# Days on which clocks in Berlin, New York and Lord Howe (half an hour) go forward or back.
CHANGES = [
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2026, 4, 5),
    date(2026, 10, 4),
]


def shape(*times: str, targets: tuple[str, ...] = ("place K1",), minutes: int = 20, zone: str = "+07:00") -> Shape:
    """Return a plan with these times."""
    return Shape("DEM", targets, times, (), minutes, 15, zone)


@given(ROOTS, st.integers(1, 10**6), st.integers(0, 50))
def test_a_lot_is_what_its_description_says(root: bytes, limit: int, index: int) -> None:
    """A stranger draws the same number with HMAC-SHA-256 and JSON, and nothing of ours."""
    told = {"day": "2026-01-05", "draw": "time/1", "index": index, "plan": "DEM", "try": 0}
    body = json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
    drawn = int.from_bytes(hmac.new(root, body, sha256).digest()[:8], "big")
    # Below a million the stretch that is thrown away is less than one in 18 billion billions.
    assert Urn(root, "DEM", "2026-01-05").below(limit, "time/1", index) == drawn % limit


def test_numbers_are_even() -> None:
    """Over many days every number below n comes about equally often (chi-squared, 16 degrees of freedom)."""
    counted = Counter(Urn(bytes(32), "DEM", str(day)).below(17, "time/1") for day in range(17_000))
    assert sum((count - 1000) ** 2 / 1000 for count in counted.values()) < 45
    assert set(counted) == set(range(17))


def test_every_arrangement_of_moments_is_equally_likely() -> None:
    """Three moments in seven minutes, two apart: the ten arrangements there are come equally often."""
    days = 10_000
    counted = Counter(tuple(Urn(b"\x01" * 32, "DEM", str(day)).moments(3, 7, 2, "time/1")) for day in range(days))
    possible = [
        each for each in itertools.combinations(range(7), 3) if each[1] - each[0] >= 2 and each[2] - each[1] >= 2
    ]
    assert set(counted) == set(possible)
    expected = days / len(possible)
    assert sum((count - expected) ** 2 / expected for count in counted.values()) < 40


@given(ROOTS, st.integers(1, 12), st.integers(1, 1440), st.integers(0, 120))
def test_moments_lie_in_their_window_and_apart(root: bytes, count: int, length: int, apart: int) -> None:
    """As many as asked, rising, none at or behind the end, as far apart as they can be at most."""
    found = Urn(root, "DEM", "2026-01-05").moments(count, length, apart, "time/1")
    assert len(found) == count
    assert 0 <= found[0] <= found[-1] < length
    fits = min(apart, (length - 1) // (count - 1)) if count > 1 else 0
    assert all(after - before >= fits for before, after in itertools.pairwise(found))


@given(ROOTS, st.sets(st.text("ABCDEFG", min_size=1, max_size=4), max_size=40), st.integers(0, 50), st.randoms())
def test_a_choice_depends_on_nothing_but_the_seed(root: bytes, boxes: set[str], count: int, mixed: object) -> None:
    """Whoever asks, in whatever order the boxes lie; and one box more changes at most one of those chosen."""
    listed = sorted(boxes)
    mixed.shuffle(listed)  # type: ignore[attr-defined]
    urn = Urn(root, "DEM", "2026-01-05")
    chosen = urn.choose(count, listed, "box/1/1")
    assert chosen == urn.choose(count, sorted(boxes), "box/1/1")
    assert len(chosen) == min(count, len(boxes))
    assert set(chosen) <= boxes
    more = urn.choose(count, [*listed, "ZZZZZ"], "box/1/1")
    assert len(set(chosen) - set(more)) <= 1


def test_every_box_is_chosen_equally_often() -> None:
    """Two of ten over five thousand days: each about a thousand times."""
    boxes = [f"B{number}" for number in range(10)]
    counted = Counter(
        box for day in range(5000) for box in Urn(b"\x02" * 32, "KT", str(day)).choose(2, boxes, "box/1/1")
    )
    assert sum((counted[box] - 1000) ** 2 / 1000 for box in boxes) < 35


@given(ROOTS, DATES, ZONES, CLOCKS, CLOCKS, st.integers(1, 4), st.sampled_from(["random", "every"]))
@settings(max_examples=300)
def test_rounds_fall_due_inside_their_window_in_every_zone(
    root: bytes, day: date, zone: str, start: str, end: str, number: int, how: str
) -> None:
    """From the first moment on, before the last, by minutes that pass, also when the clock is put forward or back."""
    asked = shape(f"{how} {number if how == 'random' else 25 * number} {start}-{end}", minutes=10, zone=zone)
    found = due_on(asked, day, Urn(root, "DEM", day.isoformat()))
    tz = read_zone(zone)
    first = moment_at(day, time.fromisoformat(start), tz)
    last = moment_at(day if start < end else day + timedelta(days=1), time.fromisoformat(end), tz)
    assert found == sorted(found)
    assert all(first <= each < last for each in found)
    assert all((each - first).total_seconds() % 60 == 0 for each in found)
    assert found == due_on(asked, day, Urn(root, "DEM", day.isoformat()))
    length = (last - first).total_seconds() / 60
    if how == "every":
        assert len(found) == -(-length // (25 * number))
    else:
        assert len(found) == (number if length >= 1 else 0)
    assert all(each.astimezone(tz).utcoffset() == each.utcoffset() for each in found)


@pytest.mark.parametrize("day", CHANGES)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_a_time_the_clock_leaves_out_or_shows_twice_falls_due_once(day: date, zone: str) -> None:
    """Each quarter of an hour from midnight to six has exactly one moment, and none comes before an earlier one."""
    clocks = [f"at {hour:02}:{minute:02}" for hour in range(6) for minute in (0, 15, 30, 45)]
    found = [due_on(shape(each, zone=zone), day, None) for each in clocks]
    assert all(len(each) == 1 for each in found)
    tz = read_zone(zone)
    for text, (moment,) in zip(clocks, found, strict=True):
        shown = moment.astimezone(tz).strftime("at %H:%M")
        gap = datetime.combine(day, time.fromisoformat(text[3:]), tz).astimezone(UTC).astimezone(tz)
        assert shown == text or shown == gap.strftime("at %H:%M")


def test_weekdays_and_midnight() -> None:
    """A window over midnight belongs to the day it begins on; other weekdays have no rounds."""
    monday = date(2026, 1, 5)
    plan = Shape("DEM", ("place K1",), ("every 240 22:00-06:00",), ("mon",), 20, 15, "+07:00")
    assert [each.isoformat() for each in due_on(plan, monday, None)] == [
        "2026-01-05T22:00:00+07:00",
        "2026-01-06T02:00:00+07:00",
    ]
    assert [
        DAYS[(monday + timedelta(days=n)).weekday()] for n in range(7) if due_on(plan, monday + timedelta(n), None)
    ] == ["mon"]


def test_points_come_once_in_the_order_of_the_targets() -> None:
    """A box that is named and also in a place is one point."""
    plan = shape("at 22:00", targets=("place P1", "box B3", "boxes K1", "random 2 K2"))
    inside = {"K1": ["B2", "B3", "B1"], "K2": ["C1", "C2", "C3"]}
    found = points_of(plan, 1, Urn(bytes(32), "DEM", "2026-01-05"), lambda place: inside[place])
    assert found[:4] == ("P1", "B3", "B1", "B2")
    assert len(found) == 6
    assert set(found[4:]) < set(inside["K2"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"times": ("at 24:00",)}, "round-times-unusable"),
        ({"times": ("every 0 18:00-06:00",)}, "round-times-unusable"),
        ({"times": ()}, "round-times-unusable"),
        ({"times": ("random 40 22:00-23:00",)}, "round-plan-too-tight"),
        ({"times": ("every 1 00:00-00:00",)}, "round-plan-too-tight"),
        ({"targets": ()}, "round-target-unusable"),
        ({"targets": ("place",)}, "round-target-unusable"),
        ({"targets": ("random K1",)}, "round-target-unusable"),
        ({"targets": ("boxes 3 K1",)}, "round-target-unusable"),
        ({"days": ("monday",)}, "round-days-unusable"),
        ({"days": ("mon", "mon")}, "round-days-unusable"),
        ({"zone": "Asia/Atlantis"}, "zone-unknown"),
        ({"zone": "../../etc/passwd"}, "zone-unknown"),
        ({"minutes": 0}, "round-minutes-unusable"),
        ({"code": "đêm"}, "round-plan-code-unusable"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused(change: dict[str, object], code: str) -> None:
    """Each with its own word."""
    told: dict[str, object] = {
        "code": "DEM",
        "targets": ("place K1",),
        "times": ("at 22:00",),
        "days": (),
        "minutes": 20,
        "grace": 15,
        "zone": "+07:00",
    }
    check_shape(Shape(**told), 0)  # type: ignore[arg-type]
    with pytest.raises(CustodyError) as refused:
        check_shape(Shape(**{**told, **change}), 0)  # type: ignore[arg-type]
    assert refused.value.code == code
