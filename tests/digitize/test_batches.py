"""Cover sheets cut a batch so that each page lies behind exactly the cover before it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digitize.batches import Range, Split, is_doubtful, split

A, B = "D/7K3M9QXZ2", "D/0A1B2C3D4"
PAGES = st.lists(st.sampled_from([None, None, None, A, B, "?X"]), max_size=40)


def covers_before(codes: list[str | None], page: int) -> tuple[str, int]:
    """Return code and number of the last cover before a page, by looking at every page."""
    for number in range(page - 1, 0, -1):
        if (code := codes[number - 1]) is not None:
            return code, number
    return "", 0


@given(PAGES, st.sets(st.integers(1, 40)))
def test_every_page_but_covers_and_their_backs_lies_in_one_range_behind_its_cover(
    codes: list[str | None], blank: set[int]
) -> None:
    """No page is lost, none is in two ranges, and each belongs to the cover last seen before it."""
    blank = {each for each in blank if each <= len(codes) and codes[each - 1] is None}
    cut = split(codes, blank)
    pages = [number for each in cut.ranges for number in range(each.first, each.last + 1)]
    assert len(pages) == len(set(pages))
    covers = {number for number, code in enumerate(codes, 1) if code is not None}
    assert set(pages) | covers | set(cut.backs) == set(range(1, len(codes) + 1))
    assert not set(pages) & covers
    assert set(cut.backs) <= blank
    for each in cut.ranges:
        for number in range(each.first, each.last + 1):
            assert (each.code, each.cover) == covers_before(codes, number)
    assert list(cut.ranges) == sorted(cut.ranges, key=lambda each: each.first)


@given(PAGES)
def test_every_cover_is_told_of_unless_its_twin_follows_at_once(codes: list[str | None]) -> None:
    """A cover with nothing behind it is an empty range, never nothing."""
    told = {each.cover for each in split(codes).ranges}
    for number, code in enumerate(codes, 1):
        twin = number < len(codes) and codes[number] == code
        assert (number in told) == (code is not None and not twin)


@given(st.lists(st.sampled_from([None, A, B]), min_size=1, max_size=20))
def test_a_batch_scanned_on_both_sides_gives_even_ranges_without_the_backs_of_covers(sheets: list[str | None]) -> None:
    """Where every back is blank and a cover is among the sheets, each range has two pages of each leaf."""
    codes = [side for sheet in sheets for side in (sheet, None)]
    cut = split(codes, set(range(2, len(codes) + 1, 2)))
    assert cut.two_sided == any(sheets)
    if cut.two_sided:
        assert all(each.count % 2 == 0 for each in cut.ranges)
        assert sum(each.count for each in cut.ranges) == 2 * sheets.count(None)


def test_one_written_back_of_a_cover_or_an_odd_page_leaves_the_sides_unknown() -> None:
    """The program claims to know both sides only when all of the batch says so."""
    assert split([A, None, None, None], {2}) == Split((Range(3, 4, A, 1),), True, (2,))
    assert split([A, None, None, None]) == Split((Range(2, 4, A, 1),))
    assert split([A, None, None], {2}) == Split((Range(2, 3, A, 1),))
    assert split([A, None, None, A, None, None], {2, 5}).two_sided is False


def test_a_code_in_doubt_is_marked_and_a_whole_batch_without_covers_is_one_range() -> None:
    """What has the form of a cover still ends the dossier before it."""
    assert is_doubtful("?HTTP://X/D/ABC")
    assert not is_doubtful(A)
    assert split([None, None]) == Split((Range(1, 2, "", 0),))
    assert split([]) == Split(())
    assert split([A, None, "?X", None]).ranges == (Range(2, 2, A, 1), Range(4, 4, "?X", 3))
