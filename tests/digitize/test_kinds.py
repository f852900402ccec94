"""A file is what its bytes say."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitize.kinds import tell_kind


@pytest.mark.parametrize("kind", ["jpeg", "png", "tiff", "bmp", "webp"])
def test_a_picture_is_known_by_its_first_bytes(kind: str) -> None:
    """What Pillow writes as a kind is told as that kind, without a name."""
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, kind.upper())
    assert tell_kind(out.getvalue()[:1024]) == kind


def test_a_pdf_may_begin_after_some_junk() -> None:
    """Scanners and mail gateways put bytes before the header; readers accept them, so do we."""
    assert tell_kind(b"\r\n\0junk" + b"%PDF-1.4\n") == "pdf"


@pytest.mark.parametrize("head", [b"", b"MZ\x90", b"PK\x03\x04", b"GIF89a", b"\0\0\0\x0cjP  ", b"%!PS-Adobe"])
def test_other_files_are_foreign(head: bytes) -> None:
    """Programs, archives and formats nobody scans to are none of ours."""
    assert tell_kind(head) is None


@given(st.binary(max_size=200))
def test_no_bytes_break_the_telling(head: bytes) -> None:
    """Whatever arrives gets a kind or none, never an exception."""
    assert tell_kind(head) in {"pdf", "jpeg", "png", "tiff", "bmp", "webp", "heic", None}
