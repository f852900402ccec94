"""The encodings of Vietnamese lists: each is found from its words, named, and converted without loss."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive.register_encodings import ListError, decode, find_legacy, mend
from archive.register_fonts import LEGACY, TCVN3, UTF8_AS_1252, VNI, as_bytes, from_bytes, from_unicode, to_unicode
from archive.register_syllables import is_syllable, score

TEXT = "Quyết định về việc cấp giấy khai sinh, hồ sơ đất đai phường Hà Đông năm 2015"
WORDS = tuple(
    word
    for line in (
        "quyết định về việc cấp giấy khai sinh hồ sơ đất đai phường tờ trình thuyết minh nghị quyết kế hoạch",
        "ủy ban nhân dân lưu trữ chứng thực hộ tịch khiếu nại tố cáo xây dựng trật tự đô thị thuế quỹ bảo trợ",
        "xã hội người có công nghĩa vụ quân sự giải phóng mặt bằng cưỡng chế biên bản họp tổ dân phố khuỷu",
        "nguyễn huỳnh đặng bùi đỗ hoàng vũ lý phạm ưỡn ngoằn ngoèo rượu hươu yểu điệu truyền thống khuya thuở",
        "quýt loại xoáy ngoẵng tuần tuổi luỹ kỵ mỹ ỷ",
    )
    for word in line.split()
)
sentences = st.lists(st.sampled_from(WORDS), min_size=8, max_size=40).map(" ".join)


@pytest.mark.parametrize("letter", "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ")
@pytest.mark.parametrize("encoding", [TCVN3, VNI])
def test_every_letter_goes_to_the_old_font_and_back(letter: str, encoding: str) -> None:
    """All 67 accented letters in TCVN3 and in VNI, small and (VNI) capital."""
    assert to_unicode(from_unicode(f"x{letter}x", encoding), encoding) == f"x{letter}x"
    assert from_unicode(letter, encoding) != letter or letter in "ìíý"
    if encoding == VNI:
        assert to_unicode(from_unicode(letter.upper(), VNI), VNI) == letter.upper()


def test_known_examples_of_the_old_fonts() -> None:
    """Strings as such documents really show them."""
    assert to_unicode("Céng hoµ x· héi chñ nghÜa ViÖt Nam", TCVN3) == "Cộng hoà xã hội chủ nghĩa Việt Nam"
    assert to_unicode("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", VNI) == "Cộng hòa xã hội chủ nghĩa Việt Nam"
    assert to_unicode("§éc lËp - Tù do - H¹nh phóc", TCVN3) == "Độc lập - Tự do - Hạnh phúc"
    assert to_unicode("Ñoäc laäp - Töï do - Haïnh phuùc", VNI) == "Độc lập - Tự do - Hạnh phúc"


def test_capitals_of_a_capital_font_come_back_as_capitals() -> None:
    """TCVN3 has no capitals with tones: their case is that of the letters beside them."""
    shown = from_unicode("MỤC LỤC HỒ SƠ PHƯỜNG HÀ ĐÔNG", TCVN3)
    assert to_unicode(shown, TCVN3) == "MỤC LỤC HỒ SƠ PHƯỜNG HÀ ĐÔNG"
    assert to_unicode(from_unicode("Hà Đông", TCVN3), TCVN3) == "Hà Đông"


@given(sentences, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]))
def test_unicode_files_are_read_with_and_without_a_mark(text: str, codec: str) -> None:
    """Both forms of Unicode, composed or not, give the composed text, and nothing takes it for an old font."""
    for form in ("NFC", "NFD"):
        decoded = decode(unicodedata.normalize(form, text).encode(codec))
        assert decoded.text == text
        assert decoded.encoding == ("utf-16" if "16" in codec else "utf-8")


@given(sentences, st.sampled_from([TCVN3, VNI, UTF8_AS_1252]))
def test_old_text_is_named_and_converted(text: str, encoding: str) -> None:
    """As bytes of a file, and as letters in a workbook that is Unicode by itself."""
    assume(score(text) >= 4)
    shown = from_unicode(text, encoding)
    assert find_legacy(shown) == encoding
    assert mend(shown, encoding) == text
    assert decode(shown.encode("utf-8")) == decode(shown.encode("utf-8-sig"))
    assert (decode(shown.encode("utf-8")).text, decode(shown.encode("utf-8")).encoding) == (text, encoding)
    if encoding != UTF8_AS_1252:
        decoded = decode(as_bytes(shown))
        assert (decoded.text, decoded.encoding) == (text, encoding)


@given(sentences)
def test_windows_1258_is_named_and_converted(text: str) -> None:
    """Windows-1258 writes a letter and its tone apart; they come back composed."""
    assume(score(text) >= 4)
    raw = b"".join(_as_1258(letter) for letter in text)
    decoded = decode(raw)
    assert (decoded.text, decoded.encoding) == (text, "windows-1258")


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_a_named_refusal(raw: bytes) -> None:
    """Nothing a file can hold makes the reading fail in another way."""
    code = None
    try:
        decode(raw)
    except ListError as error:
        code = error.code
    assert code in {None, "list-not-text", "list-broken-utf8"}


@given(st.binary(max_size=200))
def test_bytes_shown_as_letters_are_bytes_again(raw: bytes) -> None:
    """Windows-1252 with its five open places loses nothing."""
    assert as_bytes(from_bytes(raw)) == raw


@pytest.mark.parametrize("legacy", [None, *LEGACY])
def test_text_in_order_is_left_alone(legacy: str | None) -> None:
    """In a workbook that mixes fonts, the cells that are Unicode already are not touched."""
    assert mend(TEXT, legacy) == TEXT
    assert mend("12/QĐ-UBND", legacy) == "12/QĐ-UBND"


def test_utf_8_with_a_broken_byte_is_refused_with_its_line() -> None:
    """A file cut or damaged in the middle is not guessed at."""
    raw = f"{TEXT}\n{TEXT}\n{TEXT}\n".encode()
    broken = raw[:130] + b"\xff" + raw[130:]
    with pytest.raises(ListError, match="list-broken-utf8") as caught:
        decode(broken)
    assert caught.value.facts == {"line": raw[:130].count(b"\n") + 1}


@pytest.mark.parametrize("word", ["Quyết", "ĐỊNH", "nghiêng", "khuỷu", "giếng", "ươn", "quý"])
def test_syllables_are_told(word: str) -> None:
    """Real syllables, in small letters, capitals or with one capital."""
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["QuyÕt", "ñònh", "Vieät", "cấpt", "hàc", "Þnh", "ưươ", "kéñ"])
def test_what_no_syllable_is(word: str) -> None:
    """Letters of old fonts, and tones that a stop does not carry."""
    assert not is_syllable(word)


def _as_1258(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        apart = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", apart.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
