"""Text of the time before Unicode, as Windows-1252 shows its bytes: TCVN3 (ABC fonts), VNI-Windows, misread UTF-8.

TCVN 5712:1993 gives each accented letter one byte; a capital with a tone is the same byte in a capital font, so its
case is taken from the letters beside it. VNI-Windows writes the base letter and then a byte for the marks.

    to_unicode("QuyÕt ®Þnh", "tcvn3")     -> "Quyết định"
    from_unicode("Quyết định", "vni")     -> "Quyeát ñònh"
"""

from __future__ import annotations

import re
import unicodedata
from string import ascii_letters

TCVN3, VNI, UTF8_AS_1252 = "tcvn3", "vni", "utf-8-as-windows-1252"
LEGACY = (TCVN3, VNI, UTF8_AS_1252)

_TCVN3 = dict(
    zip(
        "\u00b5\u00b6\u00b7\u00b8\u00b9\u00a8\u00bb\u00bc\u00bd\u00be\u00c6\u00a9\u00c7\u00c8\u00c9\u00ca\u00cb\u00ae"
        "\u00cc\u00ce\u00cf\u00d0\u00d1\u00aa\u00d2\u00d3\u00d4\u00d5\u00d6\u00d7\u00d8\u00dc\u00dd\u00de\u00df\u00e1"
        "\u00e2\u00e3\u00e4\u00ab\u00e5\u00e6\u00e7\u00e8\u00e9\u00ac\u00ea\u00eb\u00ec\u00ed\u00ee\u00ef\u00f1\u00f2"
        "\u00f3\u00f4\u00ad\u00f5\u00f6\u00f7\u00f8\u00f9\u00fa\u00fb\u00fc\u00fd\u00fe\u00a1\u00a2\u00a3\u00a4\u00a5"
        "\u00a6\u00a7",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_TONE_BYTES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_HAT_BYTES = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE_BYTES = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {"ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}


def _vni_table() -> dict[str, str]:
    table = dict(_VNI_SINGLE)
    for letter in "aeouy":
        table |= {letter + byte: letter + tone for byte, tone in _TONE_BYTES.items() if letter + byte != "yï"}
    table |= {"ô" + byte: "ơ" + tone for byte, tone in _TONE_BYTES.items()}
    table |= {"ö" + byte: "ư" + tone for byte, tone in _TONE_BYTES.items()}
    for letter in "aeo":
        table |= {letter + byte: letter + "\u0302" + tone for byte, tone in _HAT_BYTES.items()}
    table |= {"a" + byte: "a\u0306" + tone for byte, tone in _BREVE_BYTES.items()}
    lower = {key: unicodedata.normalize("NFC", value) for key, value in table.items()}
    # A capital may carry the byte of either case: both are typed.
    return (
        {key[0].upper() + key[1:]: value.upper() for key, value in lower.items()}
        | {key.upper(): value.upper() for key, value in lower.items()}
        | lower
    )


_VNI = _vni_table()
_VNI_SEQUENCE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_VNI_BACK = {value: key for key, value in _VNI.items()}
_TCVN3_BACK = {value: key for key, value in _TCVN3.items()}
_TCVN3_TRANSLATION = {ord(key): value for key, value in _TCVN3.items()}
_PLAIN = frozenset(ascii_letters + "ĂÂÊÔƠƯĐ")
_LETTERS = re.compile(r"[^\W\d_]+")


def to_unicode(text: str, encoding: str) -> str:
    """Return text that was shown as Windows-1252 as what it means; `encoding` is one of LEGACY.

    Broken UTF-8 that cannot be mended comes back as it is.
    """
    if encoding == TCVN3:
        return _restore_case(text.translate(_TCVN3_TRANSLATION))
    if encoding == VNI:
        return _VNI_SEQUENCE.sub(lambda found: _VNI[found.group()], text)
    try:
        return as_bytes(text).decode("utf-8")
    except ValueError:
        return text


def from_unicode(text: str, encoding: str) -> str:
    """Return how `text` looked in that encoding, as Windows-1252 shows it: what tests and old programs need."""
    text = unicodedata.normalize("NFC", text)
    if encoding == TCVN3:
        return "".join(_TCVN3_BACK.get(letter) or _TCVN3_BACK.get(letter.lower()) or letter for letter in text)
    if encoding == VNI:
        return "".join(_VNI_BACK.get(letter, letter) for letter in text)
    return from_bytes(text.encode("utf-8"))


def from_bytes(raw: bytes) -> str:
    """Return bytes as Windows-1252 shows them; the five it leaves open are taken as they are (as browsers do)."""
    return "".join(_shown(byte) for byte in raw)


def as_bytes(text: str) -> bytes:
    """Return the bytes that `from_bytes` showed so; ValueError where there are none."""
    return bytes(_byte(letter) for letter in text)


def _shown(byte: int) -> str:
    return bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)


def _byte(letter: str) -> int:
    return ord(letter) if ord(letter) in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else letter.encode("cp1252")[0]


def _restore_case(text: str) -> str:
    """Raise the letters that stood in a capital font: of words, or of a whole text, with only capitals beside them."""
    plain = [letter for letter in text if letter in _PLAIN]
    whole = len(plain) >= 3 and all(letter.isupper() for letter in plain)

    def word(found: re.Match[str]) -> str:
        own = [letter for letter in found.group() if letter in _PLAIN]
        is_capital = whole or (len(own) >= 2 and all(letter.isupper() for letter in own))
        return found.group().upper() if is_capital else found.group()

    return _LETTERS.sub(word, text)
