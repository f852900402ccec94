"""Places in a tree, generated in ranges, and the posts that guards cover."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive import places, posts
from archive.database import Database
from archive.places import PlaceError, PlaceKind, Range, read_range
from archive.posts import PostError, Watch, read_watch
from archive.refs import is_code, show_code

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
RANGES = [read_range("shelf=1-20"), read_range("bay=A-F"), read_range("level=1-5")]


def test_shelves_bays_and_levels_are_written_in_one_go(database: Database) -> None:
    """20 shelves × 6 bays × 5 levels are 740 places, each with its own code that checks and a path that reads."""
    with database.atomic() as session:
        places.add(session, None, "store", "Kho 1", NOW)
        made = places.generate(session, "Kho 1", RANGES, NOW)
    assert len(made) == 20 + 20 * 6 + 20 * 6 * 5
    assert len({each.code for each in made}) == len(made)
    assert all(is_code(each.code) for each in made)
    with database.reading() as session:
        level = places.find(session, "Kho 1/03/A/5")
        assert level.kind is PlaceKind.LEVEL
        assert places.find(session, show_code(level.code).lower()) == level
        assert places.find(session, level.parent or "").path == "Kho 1/03/A"
        assert len(places.inside(session, "Kho 1/03")) == 1 + 6 + 30


def test_writing_a_range_again_adds_only_what_is_new(database: Database) -> None:
    """A store that grows keeps the codes on the labels that hang already."""
    with database.atomic() as session:
        places.add(session, None, "store", "Kho 1", NOW)
        first = places.generate(session, "Kho 1", RANGES[:2], NOW)
        assert places.generate(session, "Kho 1", RANGES[:2], NOW) == []
        more = places.generate(session, "Kho 1", [read_range("shelf=01-21"), RANGES[1]], NOW)
    assert [each.path for each in more] == ["Kho 1/21", *(f"Kho 1/21/{bay}" for bay in "ABCDEF")]
    with database.reading() as session:
        known = {each.path: each.code for each in places.inside(session, None)}
    assert all(known[each.path] == each.code for each in first)


def test_places_are_listed_as_people_walk(database: Database) -> None:
    """A shelf is followed by what stands on it, whatever language the server sorts by."""
    with database.atomic() as session:
        places.add(session, None, "store", "Kho 1", NOW)
        places.add(session, None, "store", "Kho 1 phụ", NOW)
        places.generate(session, "Kho 1", [read_range("shelf=1-2"), read_range("bay=A-B")], NOW)
        paths = [each.path for each in places.inside(session, None)]
        assert [each.path for each in places.inside(session, "Kho 1")] == paths[:7]
    assert paths == ["Kho 1", *(f"Kho 1/{p}" for p in ("1", "1/A", "1/B", "2", "2/A", "2/B")), "Kho 1 phụ"]


def test_a_range_is_read_as_written() -> None:
    """Digits are filled to the width of the last, letters run through the alphabet, one value is a range too."""
    assert read_range("shelf=1-20") == Range(PlaceKind.SHELF, tuple(f"{n:02}" for n in range(1, 21)))
    assert read_range(" BAY = a – c ") == Range(PlaceKind.BAY, ("A", "B", "C"))
    assert read_range("room=3") == Range(PlaceKind.ROOM, ("3",))


@pytest.mark.parametrize("text", ["shelf", "shelf=20-1", "shelf=1-F", "bay=A-5", "shelf=1-999999", "bay=F-A", ""])
def test_a_range_that_means_nothing_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(PlaceError, match="range-unusable"):
        read_range(text)


def test_places_that_cannot_be_are_refused(database: Database) -> None:
    """A store on a shelf, a path twice, an unknown parent, a stroke in a name, a million levels: each has its code."""
    with database.atomic() as session:
        places.add(session, None, "store", "Kho 1", NOW)
        for code, parent, kind, name in (
            ("place-exists", None, "store", "Kho  1"),
            ("place-misplaced", "Kho 1", "store", "Kho 2"),
            ("place-unknown", "Kho 9", "room", "1"),
            ("place-name-unusable", "Kho 1", "room", "1/2"),
            ("place-name-unusable", "Kho 1", "room", " "),
            ("place-kind-unknown", "Kho 1", "drawer", "1"),
        ):
            with pytest.raises(PlaceError, match=code):
                places.add(session, parent, kind, name, NOW)
        with pytest.raises(PlaceError, match="too-many-places"):
            places.generate(session, "Kho 1", [read_range("shelf=1-99999"), read_range("bay=A-B")], NOW)
        with pytest.raises(PlaceError, match="place-misplaced"):
            places.generate(session, "Kho 1", [read_range("level=1-2"), read_range("bay=A-B")], NOW)


def test_a_post_has_its_watches_and_place(database: Database) -> None:
    """Two guards by night are written 18:00-06:00=2."""
    with database.atomic() as session:
        store = places.add(session, None, "store", "Kho 1", NOW)
        watch = read_watch("18:00-06:00=2")
        made = posts.add(session, code="g1", name="Cổng chính", place="Kho 1", watches=[watch], now=NOW)
        with pytest.raises(PostError, match="post-exists"):
            posts.add(session, code="G1", name="Cổng phụ", place=None, watches=[], now=NOW)
        with pytest.raises(PlaceError, match="place-unknown"):
            posts.add(session, code="G2", name="Cổng phụ", place="Kho 7", watches=[], now=NOW)
    assert (made.code, made.place, made.watches) == ("G1", store.code, (Watch("18:00", "06:00", 2),))
    with database.reading() as session:
        assert posts.every(session) == [made]


@pytest.mark.parametrize("text", ["18:00-06:00", "18-6=2", "24:00-06:00=2", "18:00-06:00=0", "đêm=2"])
def test_a_watch_that_means_nothing_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(PostError, match="watch-unusable"):
        read_watch(text)
