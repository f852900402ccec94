"""The order in which people read a document."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from digitize.layout import order_words
from digitize.text import Word, compose_text


def _line(text: str, x: int, y: int, line: int, block: int) -> list[Word]:
    words = []
    for part in text.split():
        words.append(Word(part, (x, y, 10 * len(part), 20), 92.0, line, block))
        x += 10 * len(part) + 8
    return words


LEFT = ["ỦY BAN NHÂN DÂN", "PHƯỜNG CẦU GIẤY", "Số: 12/QĐ-UBND"]
RIGHT = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Hà Nội, ngày 17 tháng 6 năm 2025",
]


def test_a_letterhead_is_read_row_by_row() -> None:
    """An engine that reads the left column first is put right."""
    words: list[Word] = []
    for n, text in enumerate(LEFT):
        words += _line(text, 100, 100 + 30 * n, n, 0)
    for n, text in enumerate(RIGHT):
        words += _line(text, 500, 102 + 30 * n, n + 3, 1)
    words += _line("QUYẾT ĐỊNH", 400, 260, 6, 2)
    told = compose_text(order_words(words, 1000, 1400)).replace("\n\n", "\n").splitlines()
    assert told == [f"{a} {b}" for a, b in zip(LEFT, RIGHT, strict=True)] + ["QUYẾT ĐỊNH"]


def test_a_foot_is_read_column_by_column_even_when_the_engine_joined_its_lines() -> None:
    """Recipients first, then the signer."""
    words = _line("Điều 1. Giao Văn phòng thực hiện Quyết định này.", 100, 700, 0, 0)
    words += _line("Nơi nhận:", 100, 800, 1, 1) + _line("TM. ỦY BAN NHÂN DÂN", 600, 800, 1, 1)
    words += _line("- Như Điều 3;", 100, 830, 2, 1) + _line("CHỦ TỊCH", 650, 832, 2, 1)
    words += _line("- Lưu: VT.", 100, 860, 3, 1)
    words += _line("Nguyễn Thị Hằng", 620, 1000, 4, 2)
    told = compose_text(order_words(words, 1000, 1400)).replace("\n\n", "\n").splitlines()
    assert told[1:4] == ["Nơi nhận:", "- Như Điều 3;", "- Lưu: VT."]
    assert told[4:] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Thị Hằng"]


def test_rims_of_stamps_are_left_out() -> None:
    """A line in which nothing is a word or number is no text."""
    words = _line("Quyết định này có hiệu lực", 100, 300, 0, 0)
    words += [Word("/—=", (400, 500, 30, 10), 21.0, 1, 1), Word("§", (440, 500, 10, 10), 30.0, 1, 1)]
    assert compose_text(order_words(words, 1000, 1400)) == "Quyết định này có hiệu lực"


def test_a_line_of_nothing_but_a_time_or_a_number_is_kept() -> None:
    """An electronic signature breaks its time zone, date and hour into lines of their own."""
    told = ["+07:00", "19.02.2025 07:55:13", "12/2025"]
    words = [word for n, text in enumerate(told) for word in _line(text, 400, 100 + 30 * n, n, 0)]
    assert compose_text(order_words(words, 1000, 1400)).split() == " ".join(told).split()


WORDS = st.sampled_from(["Nơi", "nhận:", "ngày", "Độc", "lập", "12", "phường"])
FOUND = st.tuples(WORDS, st.integers(0, 900), st.integers(0, 1300), st.integers(0, 9))


@given(st.lists(FOUND, max_size=30))
def test_ordering_loses_and_invents_no_real_word(found: list[tuple[str, int, int, int]]) -> None:
    """Every word that makes sense is there once after ordering, with its box, and numbers never fall."""
    words = [Word(t, (x, y, 40, 20), 90.0, line, 0) for t, x, y, line in sorted(found, key=lambda f: f[3])]
    ordered = order_words(words, 1000, 1400)
    assert sorted((w.text, w.box) for w in ordered) == sorted((w.text, w.box) for w in words)
    assert all(a.line <= b.line and a.block <= b.block for a, b in pairwise(ordered))
