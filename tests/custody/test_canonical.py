"""Canonical bytes: one form for one set of facts, and no other bytes are taken for it."""

from __future__ import annotations

import contextlib
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.canonical import LARGEST, decode, encode
from custody.errors import CustodyError

TEXT = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
LEAF = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXT
NAMES = st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=10)
VALUES = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=6)


def test_the_form_is_that_of_rfc_8785() -> None:
    """Members are sorted, nothing stands between them, letters stand for themselves and controls are escaped."""
    value = {"kind": "sealed", "by": ["NV02", "NV01"], "v": 1, "note": 'Hà Nội "đ"\n\u0007', "z": {}, "Z": None}
    assert (
        encode(value).decode()
        == '{"Z":null,"by":["NV02","NV01"],"kind":"sealed","note":"Hà Nội \\"đ\\"\\n\\u0007","v":1,"z":{}}'
    )


@given(OBJECTS)
def test_facts_come_back_from_their_bytes(value: dict[str, Any]) -> None:
    """Encoding and decoding are opposites, whatever the order the members were given in."""
    body = encode(value)
    assert decode(body) == value
    assert encode(dict(reversed(value.items()))) == body


@given(OBJECTS, st.sampled_from(["indent", "ascii", "order", "space"]))
def test_the_same_facts_in_other_bytes_are_refused(value: dict[str, Any], way: str) -> None:
    """Only one form has a hash."""
    other = {
        "indent": json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False),
        "ascii": json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True),
        "order": json.dumps(dict(sorted(value.items(), reverse=True)), separators=(",", ":"), ensure_ascii=False),
        "space": encode(value).decode() + " ",
    }[way].encode()
    if other == encode(value):
        assert decode(other) == value
    else:
        with pytest.raises(CustodyError):
            decode(other)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"a": 1.5}, "type-unknown"),
        ({"a": LARGEST + 1}, "number-too-large"),
        ({"a": unicodedata.normalize("NFD", "Hà")}, "not-nfc"),
        ({"đ": 1}, "name-not-ascii"),
        ({"a": b"bytes"}, "type-unknown"),
        ({"a": "\ud800"}, "half-a-character"),
    ],
)
def test_what_has_no_one_form_is_refused_with_its_reason(value: dict[str, Any], why: str) -> None:
    """Floats, large numbers, loose accents and bytes do not get into the log."""
    with pytest.raises(CustodyError) as refused:
        encode(value)
    assert refused.value.facts["why"] == why


@given(st.binary(max_size=60))
def test_any_bytes_are_decoded_to_their_own_facts_or_refused(body: bytes) -> None:
    """What is taken encodes to the very bytes it was taken from."""
    with contextlib.suppress(CustodyError):
        assert encode(decode(body)) == body


@pytest.mark.parametrize("body", [b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":1e3}', b'{"a":NaN}', b"[1]", b'{"a":"\xff"}'])
def test_json_that_could_mean_two_things_is_refused(body: bytes) -> None:
    """Doubled members, floats and broken text."""
    with pytest.raises(CustodyError):
        decode(body)
