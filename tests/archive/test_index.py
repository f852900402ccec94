"""The index follows the pages: normalized alike for writing and asking, dropped whole, made again at will."""

from __future__ import annotations

import unicodedata

import pysqlite3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text
from sqlmodel import Session, select

from archive import codes, index, normalize, reindex, search
from archive.database import Database
from archive.index_tables import CodeRow, IndexState, PageCode, WordRow
from archive.pages import storable
from archive.search import Query
from archive.tables import Page
from tests.archive.shelves import shelve

PAIRS = [("hoà", "hòa"), ("thuý", "thúy"), ("khoẻ", "khỏe"), ("qúy", "quý"), ("tuỳ", "tùy"), ("Ðịnh", "định")]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_old_and_new_spellings_are_one_word(old: str, new: str) -> None:
    """Where the tone mark stands, and which D was typed, makes no difference."""
    assert normalize.normalize(old) == normalize.normalize(new)


@pytest.mark.parametrize("word", ["giữa", "quyết", "của", "nghiêng", "thuyền", "khuya", "gì", "già", "quả"])
def test_words_spelled_one_way_stay_as_they_are(word: str) -> None:
    """Normalizing moves only marks that may stand in two places."""
    assert normalize.normalize(word) == word


@given(st.text(max_size=80) | st.text("aàạăđĐÐ\u0301\u0323 .,-/1", max_size=40))
@settings(max_examples=400, deadline=None)
def test_normalizing_twice_changes_nothing_and_forms_of_unicode_meet(raw: str) -> None:
    """One reading for writing and asking, whatever way the letters were composed."""
    once = normalize.normalize(raw)
    assert normalize.normalize(once) == once
    assert normalize.fold(normalize.fold(raw)) == normalize.fold(raw)
    assert len(normalize.fold(raw).split()) == len(once.split())


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
@settings(max_examples=200, deadline=None)
def test_the_real_tokenizer_cuts_normalized_text_into_the_same_words(raw: str) -> None:
    """What FTS5 indexes are exactly the words of `normalize`, no more and no fewer."""
    database = pysqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(w, tokenize='unicode61 remove_diacritics 0')")
    database.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
    words = normalize.normalize(unicodedata.normalize("NFC", raw)).split()
    database.execute("INSERT INTO t VALUES (?)", (" ".join(words),))
    assert database.execute("SELECT count(*) FROM v").fetchone()[0] == len(words)


def _count(database: Database, asked: str) -> int:
    with database.reading() as session:
        return search.search(session, Query(asked)).total


def test_what_is_put_is_dropped_whole(database: Database) -> None:
    """After a drop no word and no code of the page is left."""
    shelve(database, ["quyết định 5/QĐ-UBND", "giấy khai sinh"])
    with database.atomic() as session:
        page = session.execute(select(Page).order_by("id")).scalars().first()
        assert page is not None
        assert page.id
        index.drop(session, page.id, page.text)
    assert (_count(database, "quyết"), _count(database, "5/QĐ-UBND"), _count(database, "giấy")) == (0, 0, 1)


_WRITTEN = st.lists(
    st.sampled_from(
        ["quyết", "định", "Đống", "Hoà", "12/QĐ-UBND", "12 / qđ-ubnd", "17/6/2025", "079203001234", ".", "và"]
    )
    | st.text(max_size=4),
    max_size=12,
).map(" ".join)


@given(texts=st.lists(_WRITTEN, max_size=6), again=st.lists(_WRITTEN, max_size=3))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_pages_at_once_make_the_same_index_as_one_by_one(
    database: Database, texts: list[str], again: list[str]
) -> None:
    """Words, codes, places and counts agree, also where pages that are in the index are put once more."""
    pages = [(number, storable(text)) for number, text in enumerate(texts, 1)]
    later = [(number, storable(text)) for number, text in enumerate(again, 1)]

    def write(one_by_one: bool) -> list[object]:
        with pytest.MonkeyPatch.context() as patch, database.atomic() as session:
            patch.setattr(index, "WORDS_AT_ONCE", 20)
            index.engine(session).clear(session)
            for rows in (PageCode, CodeRow, WordRow):
                session.execute(delete(rows))
            for given_pages in (pages, later):
                if one_by_one:
                    for page_id, text in given_pages:
                        index.put(session, page_id, text)
                else:
                    index.put_many(session, given_pages)
            return _contents(session)

    assert write(one_by_one=True) == write(one_by_one=False)


def _contents(session: Session) -> list[object]:
    """Everything the index holds, without the numbers codes were given."""
    asked = [
        "SELECT folded, kind FROM code ORDER BY folded",
        "SELECT code.folded, page_id FROM page_code JOIN code ON code.id = code_id ORDER BY 1, 2",
        "SELECT term, folded, backward, seen FROM word ORDER BY term",
    ]
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("CREATE VIRTUAL TABLE temp.index_words USING fts5vocab(main, page_index, instance)"))
        asked.append('SELECT term, doc, "offset" FROM temp.index_words ORDER BY 1, 2, 3')
    else:
        asked.append("SELECT page_id, folded::text, exact::text FROM page_index ORDER BY 1")
    found: list[object] = [[tuple(row) for row in session.execute(text(each))] for each in asked]
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TABLE temp.index_words"))
    return found


@given(
    st.lists(
        st.sampled_from(["ngày", "Ngày", "ngay", " ", ".", ": ", "tháng", "thang", "năm", "1", "12", "2025", "/", "-"])
        | st.sampled_from(["QĐ-UBND", "079203001234", "0912 345 678", "0", "a", "\n", "–", ","]),
        max_size=30,
    ).map("".join)
)
@settings(max_examples=300, deadline=None)
def test_codes_are_looked_for_only_where_they_can_begin(written: str) -> None:
    """Trying each pattern at runs of digits alone finds what searching the whole text finds."""
    whole = [
        (found.start(), found.end())
        for pattern in (codes._SHORT_DATE, codes._ISO_DATE, codes._SPOKEN_DATE)
        for found in pattern.finditer(written)
        if codes._date(int(found["year"]), int(found["month"]), int(found["day"]))
    ]
    whole += [found.span() for pattern in (codes._PERSON, codes._PHONE) for found in pattern.finditer(written)]
    whole += [found.span() for found in codes._NUMBER.finditer(written) if found["notation"].isupper()]
    assert sorted((code.start, code.end) for code in codes.find(written)) == sorted(whole)


@given(st.text(max_size=200) | st.text("a\u0301Đ đ\u00a0\u0085\u2028.", max_size=60))
@settings(max_examples=300, deadline=None)
def test_the_quick_reading_gives_the_words_of_normalize_and_fold(raw: str) -> None:
    """Cut at spaces first and remembered piece by piece, a text has the same words."""
    exact, folded = normalize.pair(raw)
    assert (" ".join(exact), " ".join(folded)) == (normalize.normalize(raw), normalize.fold(raw))


def test_a_lost_index_is_named_and_made_again(database: Database) -> None:
    """`check` says what is missing; a rebuild brings every page back."""
    shelve(database, [f"trang số {number}" for number in range(5)])
    assert reindex.check(database) == []
    with database.atomic() as session:
        index.engine(session).clear(session)
    assert {finding.code for finding in reindex.check(database)} == {"index-page-missing"}
    told: list[tuple[int, int]] = []
    assert reindex.rebuild(database, lambda done, total: told.append((done, total))) == 5
    assert told == [(5, 5)]
    assert reindex.check(database) == []
    assert _count(database, "trang") == 5


def test_an_interrupted_rebuild_goes_on_where_it_stopped(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages done before the interruption are not done again."""
    shelve(database, [f"trang số {number}" for number in range(5)])
    monkeypatch.setattr(reindex, "BATCH", 2)

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex.rebuild(database, stop)
    assert reindex.rebuild(database) == 3
    assert reindex.check(database) == []
    assert _count(database, "trang") == 5


def test_an_index_of_another_normalizer_asks_to_be_made_again(database: Database) -> None:
    """The version stands in the database."""
    with database.atomic() as session:
        row = session.get_one(IndexState, "normalizer")
        row.value = "0"
        session.add(row)
    assert [finding.code for finding in reindex.check(database)] == ["index-other-version"]


def test_writing_a_page_and_its_index_is_one_transaction(database: Database) -> None:
    """A transaction that fails leaves neither."""
    shelve(database, ["trang một"])

    def write_and_fail() -> None:
        with database.atomic() as session:
            session.execute(text("UPDATE page SET text = 'khác'"))
            index.put(session, 1, "khác")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert (_count(database, "một"), _count(database, "khác")) == (1, 0)
