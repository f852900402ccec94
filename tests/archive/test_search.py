"""Finding pages: accents or none, phrases, codes, filters, unfinished words, and any text at all as a question."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from archive import scans, schema, search, search_ranking, search_sqlite
from archive.database import Database, open_database
from archive.pages import WordBox
from archive.search import Query, Results, matching_words
from archive.search_filter import Filter
from archive.search_query import clauses, understand
from tests.archive.shelves import CLOCK, shelve, write_page

TEXTS = [
    "Căn cứ Quyết định số 123/QĐ-UBND ngày 17 tháng 6 năm 2025 của Ủy ban nhân dân phường Hoà Bình",
    "quyet dinh khong dau, danh sach phuong",
    "Giấy khai sinh của ông Nguyễn Văn A, số căn cước 079203001234",
    "khai báo giấy tờ, ngày sinh",
    "Bà Thuý ở phường Hòa Bình",
    "Quyết định số 1123/QĐ-UBND về phương án",
]


@pytest.fixture
def shelf(database: Database) -> Database:
    """Give an archive of six pages."""
    shelve(database, TEXTS)
    return database


def ask(database: Database, text: str, **more: object) -> Results:
    """Search in a reading transaction."""
    with database.reading() as session:
        return search.search(session, Query(text, **more))  # type: ignore[arg-type]


def numbers(database: Database, text: str, **more: object) -> list[int]:
    """Return the page numbers that were found, in order."""
    return [hit.number for hit in ask(database, text, **more).hits]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("quyet dinh", {1, 2, 6}),
        ("QUYẾT ĐỊNH", {1, 2, 6}),
        (unicodedata.normalize("NFD", "quyết định"), {1, 2, 6}),
        ("hoà bình", {1, 5}),
        ("hòa bình", {1, 5}),
        ("thúy", {5}),
        ('"giấy khai sinh"', {3}),
        ('"giay khai sinh"', {3}),
        ("giấy khai sinh", {3, 4}),
        ("123/QĐ-UBND", {1}),
        ("123 / qđ - ubnd", {1}),
        ("QĐ-UBND", {1, 6}),
        ("079203001234", {3}),
        ("079 203 001 234", {3}),
        ("2030012", {3}),
        ("17/6/2025", {1}),
        ("ngày 17 tháng 6 năm 2025", {1}),
        ("quyết định -123/QĐ-UBND", {2, 6}),
        ("khong-co-tu-nay", set()),
        ("", set()),
        ("-quyết", set()),
        ('"', set()),
    ],
)
def test_a_question_finds_its_pages_however_it_is_typed(shelf: Database, asked: str, found: set[int]) -> None:
    """Case, composition, old and new tone marks, missing accents and spaces in codes all meet."""
    assert set(numbers(shelf, asked)) == found


def test_typed_accents_put_the_exact_pages_first(shelf: Database) -> None:
    """`quyết định` ranks pages with those accents above those without; without accents nothing is preferred."""
    hits = ask(shelf, "quyết định").hits
    assert [hit.number for hit in hits][-1] == 2
    assert [hit.exact for hit in hits] == [True, True, False]
    assert numbers(shelf, "phường")[-1] in {2, 6}


def test_words_side_by_side_come_before_words_apart(shelf: Database) -> None:
    """A page with the phrase is better than one with the words anywhere."""
    assert numbers(shelf, "giấy khai sinh") == [3, 4]


def test_a_snippet_shows_the_accents_of_the_page_and_marks_the_words(shelf: Database) -> None:
    """Segments, not markup: the original text with the matches told apart."""
    snippet = ask(shelf, "quyet dinh").hits[-1].snippet
    assert "".join(text for text, _ in snippet).startswith(("Căn cứ Quyết định", "Quyết định", "quyet dinh"))
    marked = {text for hit in ask(shelf, "123/qd-ubnd 17/6/2025").hits for text, matched in hit.snippet if matched}
    assert marked == {"123/QĐ-UBND", "ngày 17 tháng 6 năm 2025"}


def test_filters_bound_station_arrival_and_dossier(database: Database) -> None:
    """Arrival is half open, to the second; filters can stand together."""
    day = CLOCK.now()
    shelve(database, ["hồ sơ một"], station="may1", dossier="HS.01", at=day)
    shelve(database, ["hồ sơ hai"], station="may2", dossier="HS.02", at=day + timedelta(days=1))
    assert len(numbers(database, "hồ sơ")) == 2
    stations = {hit.station for hit in ask(database, "hồ sơ", station="may2").hits}
    assert stations == {"may2"}
    assert [hit.dossier for hit in ask(database, "hồ sơ", dossier="HS.01").hits] == ["HS.01"]
    later = ask(database, "hồ sơ", since=day + timedelta(seconds=1)).hits
    assert [hit.station for hit in later] == ["may2"]
    earlier = ask(database, "hồ sơ", until=day + timedelta(days=1)).hits
    assert [hit.station for hit in earlier] == ["may1"]
    assert numbers(database, "hồ sơ", since=day + timedelta(days=900)) == []


def test_an_unfinished_last_word_finds_while_it_is_typed(shelf: Database) -> None:
    """Only with `prefix`, and only the last word."""
    assert numbers(shelf, "nguyễn v", prefix=True) == [3]
    assert numbers(shelf, "nguy v") == []


def test_a_slip_brings_a_suggestion_and_names_the_word_without_hits(shelf: Database) -> None:
    """Did you mean: the likeliest word that does occur."""
    results = ask(shelf, "giấy khai sinnh")
    assert results.hits == ()
    assert results.missing == ("sinnh",)
    assert results.suggestion
    assert numbers(shelf, results.suggestion)


def test_too_many_hits_are_capped_and_the_newest_come_first(shelf: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the cap nothing is ranked, and the answer says so."""
    monkeypatch.setattr(search, "CAP", 1)
    results = ask(shelf, "quyet dinh")
    assert (results.total, results.capped, results.ranking) == (1, True, "newest")
    ids = [hit.page_id for hit in results.hits]
    assert all(first > second for first, second in pairwise(ids))


def test_common_words_are_left_out_of_ranking_where_weighing_them_is_long(
    shelf: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same pages are found, those with the rare word oftener first; without rare words the newest come first."""
    shelve(shelf, ["quyết định ngõ", "quyết định ngõ ngõ ngõ ngõ", "quyết định " * 3 + "ngõ" + " xa" * 90])
    monkeypatch.setattr(search_ranking, "LONGEST_WALK", 4)
    with shelf.reading() as session:
        asked = clauses(understand("quyet dinh ngo"), exact=False)
        chosen, whole = search_ranking.choose_clauses(session, asked, Filter())
    if shelf.is_sqlite:
        assert ([clause.options for clause in chosen], whole) == ([(("ngo",),)], False)
        assert numbers(shelf, "quyet dinh ngo") == [2, 1, 3]
        ids = [hit.page_id for hit in ask(shelf, "quyet").hits]
        assert ids == sorted(ids, reverse=True)
    assert set(numbers(shelf, "quyet dinh ngo", station="may1")) == {1, 2, 3}


def test_a_page_read_again_is_found_by_its_new_text_only(database: Database) -> None:
    """The old words are gone from the index with the old reading."""
    shelve(database, ["chữ cũ 99/QĐ-UBND"])
    with database.atomic() as session:
        scan = session.execute(scans.select(scans.Scan)).scalar_one()
        scan.state = scans.RECEIVED
        session.add(scan)
    claim = scans.claim(database, "w", CLOCK.now(), 600)
    assert claim
    write_page(database, claim, 1, "văn bản mới")
    assert numbers(database, "cũ") == []
    assert numbers(database, "99/QĐ-UBND") == []
    assert numbers(database, "văn bản mới") == [1]


@given(st.text(max_size=60) | st.text("\"-*():^~'\\ /.%_aàđ1", max_size=40))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_any_typed_text_is_a_safe_question(shelf: Database, text: str) -> None:
    """Nothing typed is ever read as syntax of SQL or of the index; every answer is an answer."""
    results = ask(shelf, text, prefix=True)
    assert results.total >= len(results.hits) or results.capped


def test_ten_thousand_letters_are_a_safe_question(shelf: Database) -> None:
    """Beyond its limits a question is cut, and the answer says how many words were left out."""
    assert ask(shelf, "giấy " * 3000).ignored > 1000


def test_the_words_to_box_are_found_with_the_same_rules() -> None:
    """Phrases whole, codes in any writing, accents as typed where they stand so."""
    texts = [
        "Căn",
        "cứ",
        "Quyết",
        "định",
        "số",
        "123/QĐ-UBND",
        "ngày",
        "17",
        "tháng",
        "6",
        "năm",
        "2025",
        "về",
        "quyet",
    ]
    boxes = [WordBox(text, 0, 0, 1, 1, 90.0, 0, 0) for text in texts]

    def boxed(asked: str) -> list[str]:
        return [texts[at] for at in matching_words(asked, boxes)]

    assert boxed("quyết định") == ["Quyết", "định"]
    assert boxed("quyet") == ["Quyết", "quyet"]
    assert boxed("123/qđ-ubnd") == ["123/QĐ-UBND"]
    assert boxed("17/6/2025") == ["ngày", "17", "tháng", "6", "năm", "2025"]
    assert boxed('"định số"') == ["định", "số"]
    assert boxed("không") == []


@pytest.mark.parametrize("run", [None, (1, 900)])
def test_filters_ask_the_index_once(tmp_path: Path, run: tuple[int, int] | None) -> None:
    """On the embedded engine bounds on arrival and a dossier's pages do not ask FTS5 for each page that may fit."""
    database = open_database(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    schema.upgrade(database)
    shelve(database, ["hồ sơ một"])
    pages = None if run is None else tuple(range(*run))
    bounds = Filter(since=CLOCK.now() - timedelta(days=1), until=CLOCK.now() + timedelta(days=1), pages=pages)
    asked = clauses(understand("hồ sơ"), exact=False)
    for order in ("", search_sqlite.RELEVANT, search_sqlite.NEWEST):
        question = search_sqlite.question(search_sqlite.match(asked, bounds), bounds, order, run)
        statement = text(f"EXPLAIN QUERY PLAN {question.text}").bindparams(**question.compile().params | {"most": 10})
        with database.reading() as session:
            plan = session.execute(statement).all()
        steps = [str(row[-1]) for row in plan if "VIRTUAL TABLE" in str(row[-1])]
        assert steps, plan
        # After the colon FTS5 names its constraints: M for the words, "=" where it is asked for one page number.
        assert all("=" not in step.split("INDEX", 1)[1] for step in steps), steps
    database.close()
