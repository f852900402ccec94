"""What guard posts need: on which days, since when, and no more once they are given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archive import posts
from archive.database import Database
from archive.posts import HOLIDAY, TET, PostError, Watch, read_watch

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("18:00-06:00=2", ()),
        ("18:00-06:00=2@mon-fri", (0, 1, 2, 3, 4)),
        ("18:00-06:00=2 @ sat,sun", (5, 6)),
        ("18:00-06:00=2@fri-mon", (0, 4, 5, 6)),
        ("18:00-06:00=2@T2-T6", (0, 1, 2, 3, 4)),
        ("18:00-06:00=2@CN,lễ,tết", (6, HOLIDAY, TET)),
    ],
)
def test_a_watch_names_its_days_in_either_language(text: str, days: tuple[int, ...]) -> None:
    """And is written as it is read."""
    watch = read_watch(text)
    assert watch == Watch("18:00", "06:00", 2, days)
    assert read_watch(str(watch)) == watch


@pytest.mark.parametrize("text", ["18:00-06:00=2@", "18:00-06:00=2@noday", "18:00-06:00=2@mon-holiday", "6:00-18:00=1"])
def test_days_that_mean_nothing_are_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(PostError, match="watch-unusable"):
        read_watch(text)


def test_other_watches_hold_from_now_on_and_a_post_given_up_needs_nobody(database: Database) -> None:
    """The history keeps what was needed when."""
    with database.atomic() as session:
        posts.add(session, code="P1", name="Kho", place=None, watches=[read_watch("18:00-06:00=2")], now=NOW)
        posts.set_watches(session, "p1", [read_watch("18:00-06:00=3@tet")], NOW + timedelta(days=1))
        left = posts.retire(session, "P1", NOW + timedelta(days=2))
        with pytest.raises(PostError, match="post-unknown"):
            posts.find(session, "P2")
    assert left.active is False
    with database.reading() as session:
        told = [(each.since, [str(watch) for watch in each.watches]) for each in posts.needs(session)["P1"]]
    assert told == [
        (NOW, ["18:00-06:00=2"]),
        (NOW + timedelta(days=1), ["18:00-06:00=3@tet"]),
        (NOW + timedelta(days=2), ["00:00-00:00=0"]),
    ]
