"""Words, the text they make, and whether it is Vietnamese."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitize.layertext import judge_layer
from digitize.syllables import is_syllable, mend_syllable, weigh_text
from digitize.text import Word, compose_page, compose_text, join_words, mend_text

TRUE_TEXT = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2025 và các văn bản hướng dẫn thi hành, "
    "Ủy ban nhân dân phường quyết định phê duyệt danh sách hộ gia đình được hỗ trợ sửa chữa nhà ở"
)


def _words(text: str, drawn: bool = False) -> list[Word]:
    return [Word(t, (10 * n, 0, 8, 10), 90.0, n // 8, 0, drawn) for n, t in enumerate(text.split())]


def test_lines_are_parted_by_line_breaks_and_blocks_by_a_blank_line() -> None:
    """The text of a page shows its lines and blocks."""
    box = (0, 0, 1, 1)
    words = [
        Word("Số:", box, 90, 0, 0),
        Word("12", box, 90, 0, 0),
        Word("Hà", box, 90, 1, 0),
        Word("Nội", box, 90, 2, 1),
    ]
    assert compose_text(words) == "Số: 12\nHà\n\nNội"


@given(st.text(alphabet="aăâđeêioôơuưyáàảãạÐð ́̀", max_size=30))
def test_mended_text_is_nfc_and_has_no_icelandic_letter(text: str) -> None:
    """Search must meet one spelling only."""
    mended = mend_text(text)
    assert unicodedata.is_normalized("NFC", mended)
    assert "Ð" not in mended


def test_long_words_weigh_more_in_the_confidence_of_a_page() -> None:
    """A stray letter read badly does not make a page doubtful."""
    box = (0, 0, 1, 1)
    page = compose_page([Word("nghiêng", box, 100, 0, 0), Word("x", box, 20, 0, 0)])
    assert page.confidence == 90.0


def test_words_put_behind_others_get_lines_and_blocks_of_their_own() -> None:
    """The words of a signature's stamp do not run into the last line read."""
    joined = join_words(_words("một hai"), _words("ba", drawn=True))
    assert [w.block for w in joined] == [0, 0, 1]
    assert joined[2].line == 1


@pytest.mark.parametrize(
    "word", ["nghiêng", "QUYẾT", "khuya", "giếng", "thuở", "Đường", "hoà", "hòa", "uỷ", "ủy", "yêu", "quy"]
)
def test_vietnamese_syllables_are_known(word: str) -> None:
    """Old and new tone placement, upper and lower case, all count."""
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["QUYÉT", "straße", "Céäng", "hoäi", "xyz", "nghj"])
def test_what_cannot_be_spoken_is_no_syllable(word: str) -> None:
    """Misread letters and old encodings give sounds no syllable has."""
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("read", "meant"), [("QUYÉT", "QUYẾT"), ("Quyét", "Quyết"), ("đièu", "điều"), ("nguyèn", "nguyền")]
)
def test_a_word_that_cannot_be_is_mended_when_only_one_word_can_be_meant(read: str, meant: str) -> None:
    """A second mark lost on a letter comes back."""
    assert mend_syllable(read) == meant


@given(st.sampled_from(TRUE_TEXT.split()))
def test_right_words_are_never_mended(word: str) -> None:
    """Mending changes nothing that could be right."""
    assert mend_syllable(word) == word


def test_true_vietnamese_is_told_from_old_encodings_and_stripped_marks() -> None:
    """TCVN3 and VNI bytes taken for Unicode, and readings without marks, do not pass for Vietnamese."""
    assert weigh_text(TRUE_TEXT).accented > 0.6
    tcvn3 = "Céng hoµ x· héi chñ nghÜa ViÖt Nam §éc lËp - Tù do - H¹nh phóc QuyÕt ®Þnh vÒ viÖc"
    vni = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam Ñoäc laäp - Töï do - Haïnh phuùc Quyeát ñònh veà vieäc"
    for spoilt in (tcvn3, vni):
        assert weigh_text(spoilt).foreign > 0.3
    assert weigh_text("LIEN DoAN LAO DQNG CQNG HoA xA HQI CHU NGHiA VIET NAM").accented < 0.2


def test_a_layer_is_kept_only_when_it_reads_as_vietnamese() -> None:
    """A scanner's English reading of a Vietnamese page is read again; a good layer is not."""
    good = _words(TRUE_TEXT, drawn=True)
    poor = _words(
        "Thuc hien Nghi quyet 20-NQ/TW ngay cua Ban Chap hanh Trung irong Dang ve Tiep tuc xay dung",
        drawn=True,
    )
    assert judge_layer(good, hidden=True, embedded=True).verdict == "good"
    assert judge_layer(poor, hidden=True, embedded=True).verdict == "bad"
    assert judge_layer((), hidden=False, embedded=True).verdict == "none"


def test_the_stamp_of_a_digital_signature_is_kept_beside_the_scan() -> None:
    """Few visible words over a scan are no layer, but they are text."""
    stamp = _words("Cơ quan: Uỷ ban nhân dân tỉnh, Thời gian ký: 19.02.2025", drawn=True)
    assert judge_layer(stamp, hidden=False, embedded=True).verdict == "extra"
