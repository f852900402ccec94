"""Phrases, dossiers and unfinished words stay right, and bounded, where every word is common."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text

from archive import index, normalize, parts, reindex, scans, schema, search, suggestions
from archive.database import Database, open_database
from archive.highlight import find_spans, make_snippet
from archive.index_tables import IndexState, WordRow
from archive.index_words import EXACT, PAIR, pair_words
from archive.search import Query
from archive.search_filter import cover
from archive.search_query import understand
from archive.tables import Page, Scan
from tests.archive.shelves import CLOCK, register, shelve

# Few syllables, so that each stands on many pages and most phrases are nearly there somewhere.
SYLLABLES = ["Nguyễn", "Thị", "Hương", "Hường", "van", "văn", "2025", "UBND", "nghiêng", "Luxembourg", "079203001234"]
_LINES = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=12)


def fill(database: Database, texts: list[str], scan_of: dict[int, int] | None = None) -> None:
    """Put these texts in place of all pages, numbered from 1, without the way of a scan through reading."""
    with database.atomic() as session:
        for rows in (Page, Scan):
            session.execute(delete(rows))
        index.engine(session).clear(session)
        session.execute(text("DELETE FROM page_code"))
        held: dict[int, int] = {}
        for number, words in enumerate(texts, 1):
            place = (scan_of or {}).get(number, 0)
            if place not in held:
                name = f"{place}.pdf"
                scan = scans.receive(
                    session, sha256=f"{place:064x}", size=1, kind="pdf", name=name, station="m", now=CLOCK.now()
                )
                if scan_of:
                    register(session, [f"HS.{place}"])
                    parts.attach(session, scan, f"HS.{place}", None, "NV01", CLOCK.now())
                assert scan.id is not None
                held[place] = scan.id
            more = {"width": 1, "height": 1, "dpi": 200.0, "source": "ocr", "read_at": CLOCK.now()}
            session.add(Page(id=number, scan_id=held[place], number=number, text=words, **more))
        session.flush()
        index.put_many(session, list(enumerate(texts, 1)))


def ask(database: Database, asked: str, **more: object) -> dict[int, bool]:
    """Return the pages found, and whether each has the accents that were typed."""
    with database.reading() as session:
        return {hit.page_id: hit.exact for hit in search.search(session, Query(asked, limit=99, **more)).hits}  # type: ignore[arg-type]


@given(
    pages=st.lists(_LINES, min_size=1, max_size=8), asked=st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=5)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_phrase_is_found_where_its_words_stand_side_by_side_and_nowhere_else(
    database: Database, pages: list[list[str]], asked: list[str]
) -> None:
    """Pairs only say where to look: pages with all pairs of a phrase, but apart, are not found, nor called exact."""
    fill(database, [" ".join(page) for page in pages])

    def stands(wanted: str, page: str) -> bool:
        return f" {wanted} " in f" {page} "

    phrase = " ".join(asked)
    marked = normalize.has_marks(normalize.normalize(phrase))
    expected = {
        number: not marked or stands(normalize.normalize(phrase), normalize.normalize(" ".join(page)))
        for number, page in enumerate(pages, 1)
        if stands(normalize.fold(phrase), normalize.fold(" ".join(page)))
    }
    assert ask(database, f'"{phrase}"') == expected


def test_a_name_is_exact_only_where_its_accents_stand_together(database: Database) -> None:
    """A list with `Nguyễn Thị Hường` and `Trần Thị Hương` holds no `Nguyễn Thị Hương`."""
    fill(database, ["Nguyễn Thị Hường, Trần Thị Hương", "Trần Thị Hường và Nguyễn Thị Hương"])
    assert ask(database, '"Nguyễn Thị Hương"') == {2: True, 1: False}


@given(st.text(max_size=80) | st.text("aăâđ=_ .,-1\ue001\ue004", max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_text_holds_the_marks_of_the_index(raw: str) -> None:
    """Nobody can type a pair or an exact word: their marks end words."""
    words = normalize.normalize(raw)
    assert EXACT not in words
    assert PAIR not in words


def test_only_short_neighbours_make_a_pair() -> None:
    """Long numbers, misread lines and other languages make no pairs; repeated pairs stay repeated."""
    assert pair_words(["ha", "noi", "ha", "noi", "administration", "nguyen"]) == ["ha_noi", "noi_ha", "ha_noi"]


@given(st.lists(st.integers(1, 5000), max_size=60), st.integers(1, 8))
@settings(max_examples=300, deadline=None)
def test_a_few_runs_hold_all_numbers_of_a_dossier(numbers: list[int], most: int) -> None:
    """The runs do not touch, come last first, begin and end with a number that is wanted."""
    runs = cover(numbers, most)
    assert len(runs) <= most
    assert all(any(first <= number <= last for first, last in runs) for number in numbers)
    assert {end for run in runs for end in run} <= set(numbers)
    assert all(later[0] > sooner[1] for later, sooner in pairwise(runs))


def test_a_dossier_is_found_whole_however_its_scans_are_scattered(database: Database) -> None:
    """Its pages stand in more runs of numbers than the index is asked for; ranking and newest-first go across them."""
    fill(database, ["hồ sơ " * (1 + number % 3) for number in range(60)], {at: at % 3 for at in range(1, 61)})
    wanted = [number for number in range(1, 61) if number % 3 == 1]
    assert sorted(ask(database, "hồ sơ", dossier="HS.1")) == wanted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "CAP", 5)
        assert list(ask(database, "hồ sơ", dossier="HS.1")) == sorted(wanted, reverse=True)
    assert ask(database, "hồ sơ", dossier="HS.9") == {}


def test_a_page_of_pairs_without_end_is_indexed_all_the_same(database: Database) -> None:
    """A hostile page has more different pairs than an engine holds; it is found by its words and its first phrases."""
    chance = random.Random(1)
    syllables = [onset + rime for onset in "bcdghklmnpqrstvx" for rime in ("an", "ang", "anh", "oan", "uyen", "uong")]
    words = [f"{chance.choice(syllables)}{chance.choice('aeiou')}" for _ in range(90_000)]
    fill(database, [" ".join([*words, "cuối"])])
    assert ask(database, "cuối") == {1: True}
    assert list(ask(database, f'"{" ".join(words[:3])}"')) == [1]


def test_words_met_once_do_not_hide_those_met_again(database: Database) -> None:
    """Among thousands of misread words the frequent ones are suggested and finish what is typed."""
    with database.atomic() as session:
        for number in range(3000):
            word = "nguo" + "".join(chr(97 + int(digit)) for digit in f"{number:05}")
            session.add(WordRow(term=word, folded=word, backward=word[::-1], seen=0))
        session.add(WordRow(term="người", folded="nguoi", backward="iougn", seen=6400))
    with database.reading() as session:
        assert suggestions.finish(session, understand("ngu", prefix=True))["ngu"][0] == ("người", "nguoi")
        assert suggestions.suggest(session, understand("nguoii"), ["nguoii"]) == "người"


@given(st.lists(st.sampled_from([*SYLLABLES, ".", "(", "12/QĐ-UBND,", "\n"]), max_size=40).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_marks_stand_exactly_on_the_words_asked_for(page: str) -> None:
    """Each marked place reads as what was asked, each such place is marked, and the snippet repeats the page."""
    asked = understand("nguyen thi")
    spans = find_spans(asked, page)
    assert {normalize.fold(page[span.start : span.end]) for span in spans} <= {"nguyen", "thi"}
    assert len(spans) == sum(word in {"nguyen", "thi"} for word in normalize.fold(page).split())
    shown = "".join(part for part, _ in make_snippet(asked, page)).removeprefix("… ").removesuffix(" …")
    assert shown in re.sub(r"\s+", " ", page)


def test_an_archive_from_before_pairs_asks_for_its_index_to_be_made_again(database_url: str) -> None:
    """Its pages stand in no index of the new kind; `check` says so after the upgrade and a rebuild mends it."""
    opened = open_database(database_url)
    config = schema._config()
    with opened.engine.connect().execution_options(luutru_writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, str(ScriptDirectory.from_config(config).get_revision("0010").down_revision))
    with opened.atomic() as session:
        assert session.get(IndexState, "normalizer") is not None
    shelve_without_index(opened)
    schema.upgrade(opened)
    assert "index-other-version" in {finding.code for finding in reindex.check(opened)}
    assert reindex.rebuild(opened) == 1
    assert reindex.check(opened) == []
    assert list(ask(opened, '"nguyễn thị"')) == [1]
    opened.close()


def shelve_without_index(database: Database) -> None:
    """Store a page as an archive of an earlier release holds it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "put", lambda _session, _page_id, _text: None)
        shelve(database, ["bà Nguyễn Thị Hương"])
